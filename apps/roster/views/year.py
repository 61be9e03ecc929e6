"""Doors for people: promotions, and the turn of the school year."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.rules import school_day
from apps.audit.tables import Columns, csv_of
from apps.campuses.permissions import CAMPUSES_MANAGE
from apps.campuses.services import promotions
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, requires

from .. import presenting, selectors
from ..forms import PromotionChangeForm, PromotionForm, RolloverForm
from ..permissions import ROSTER_ROLLOVER, ROSTER_VIEW
from ..services import rollover

GRACE = timedelta(days=90)
PLANS_SHOWN = 10
PROMOTION_COLUMNS: Columns = {
    "promotion": "name",
    "turn": "turn",
    "then": lambda promotion: promotion.then.name if promotion.then else "",
    "students": "people",
}


@require_GET
@requires(ROSTER_VIEW)
def overview(request: HttpRequest) -> HttpResponseBase:
    plans = selectors.visible_plans(actor=request.actor, kind="rollover")
    promoted = selectors.promotions(actor=request.actor)
    if file := csv_of(request, "promotions", promoted, PROMOTION_COLUMNS) or csv_of(
        request, "turns", plans, presenting.PLAN_COLUMNS
    ):
        return file
    return page(request, "roster/year.html", _context(request))


@require_POST
@requires(ROSTER_ROLLOVER)
def turn(request: HttpRequest) -> HttpResponse:
    today = school_day(timezone.now())
    form = RolloverForm(request.POST, years=rollover.years_to_turn_to(today))
    if form.is_valid():
        try:
            plan = rollover.request_rollover(actor=request.actor, now=timezone.now(), today=today, **form.cleaned_data)
            return done(request, to=reverse("roster:plan", args=[plan.pk]))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "roster/year.html", _context(request, turn_form=form))


@require_POST
@requires(CAMPUSES_MANAGE)
def promotion_create(request: HttpRequest) -> HttpResponse:
    form = PromotionForm(request.POST)
    if form.is_valid():
        try:
            promotions.create_promotion(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return done(request, to="roster:year", message=_("The promotion was added."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "roster/year.html", _context(request, promotion_form=form))


@require_http_methods(["GET", "POST"])
@requires(CAMPUSES_MANAGE)
def promotion_edit(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    promotion = selectors.get_promotion(actor=request.actor, promotion_id=promotion_id)
    form = PromotionChangeForm(request.POST or None, promotion=promotion)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            promotions.change_promotion(
                actor=request.actor, promotion_id=promotion_id, name=found["name"], turn=found["turn"],
                then_id=found["then"].pk if found["then"] else None, now=timezone.now(),
            )  # fmt: skip
            return done(request, to="roster:year", message=_("The promotion was changed."))
        except Invalid as error:
            form.refuse(error)
    crumbs = [(_("School year"), reverse("roster:year")), (promotion.name, "")]
    show = form_page if form.is_bound else page
    return show(request, "roster/promotion.html", {"form": form, "promotion": promotion, "crumbs": crumbs})


@require_POST
@requires(CAMPUSES_MANAGE)
def promotion_move(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    up = request.POST.get("to") != "down"
    promotions.move_promotion(actor=request.actor, promotion_id=promotion_id, up=up, now=timezone.now())
    return done(request, to="roster:year")


@require_POST
@requires(CAMPUSES_MANAGE)
def promotion_remove(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    promotions.remove_promotion(actor=request.actor, promotion_id=promotion_id, now=timezone.now())
    return done(request, to="roster:year", message=_("The promotion was removed."))


def _context(request: HttpRequest, **forms: Any) -> dict[str, Any]:
    today = school_day(timezone.now())
    plans = list(selectors.visible_plans(actor=request.actor, kind="rollover")[:PLANS_SHOWN])
    waiting = next((plan for plan in plans if plan.is_moving or plan.state == "held"), None)
    years = rollover.years_to_turn_to(today)
    turned = {plan.period for plan in plans if plan.period}
    initial = {"year": next((year for year in years if year not in turned), years[-1]), "until": today + GRACE}
    return {
        "promotions": list(selectors.promotions(actor=request.actor)),
        "plans": plans,
        "titles": [(plan, presenting.title_of(plan)) for plan in plans],
        "job": presenting.job_of(waiting) if waiting else None,
        "can_turn": ROSTER_ROLLOVER.allows(request.actor),
        "can_manage": CAMPUSES_MANAGE.allows(request.actor),
        "turn_form": RolloverForm(years=years, initial=initial),
        "promotion_form": PromotionForm(),
        "all_turned": set(years) <= turned,
        **forms,
    }
