"""Inner pages of an association: who paid, fees, desk, charters, reminders, statistics, taking a list over."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.associations import treasury
from apps.associations.models import Association
from apps.associations.views.common import entered, frame
from apps.audit.tables import Columns, csv_of
from apps.core import charts
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.ui import Tab
from apps.core.web import done, form_page, page

from .. import cards, selectors
from ..forms import CharterForm, DeskForm, ImportForm, MembersFilter, TierForm
from ..permissions import MEMBERS_MANAGE, MONEY_MANAGE, WORKSPACE
from ..services import importing, joining
from ..services import tiers as setting

PER_PAGE = 50
FEE_COLUMNS: Columns = {
    "family_name": "user.family_name",
    "given_name": "user.given_name",
    "email": "user.email",
    "fee": "tier.name_fr",
    "price": "price",
    "state": "state",
    "how": "source",
    "from": "starts_on",
    "until": "last_day",
    "chosen_at": "made_at",
    "paid_at": "paid_at",
    "order": lambda row: row.order.reference if row.order else "",
}
TIER_COLUMNS: Columns = {
    "name": "name_fr",
    "name_en": "name_en",
    "price": "price",
    "period": "period",
    "on_sale_from": "sold_from",
    "on_sale_until": "sold_until",
    "places": "places",
    "archived_at": "archived_at",
}
REMINDER_COLUMNS: Columns = {
    "at": "at",
    "email": "fee.user.email",
    "fee": "fee.tier.name_fr",
    "end": "fee.last_day",
    "day": "step",
    "outcome": "outcome",
}
ACCEPTANCE_COLUMNS: Columns = {
    "at": "at",
    "email": "user.email",
    "charter": "version.charter.name",
    "version": "version.number",
    "how": "how",
}


def _entered(request: HttpRequest, association_id: UUID) -> Association:
    association = entered(request, association_id, "members")
    WORKSPACE.require_held(request.actor, association)
    return association


def _frame(request: HttpRequest, association: Association, current: str) -> dict[str, Any]:
    key = association.pk

    def tab(name: str, label: str) -> Tab:
        return Tab(name, label, url=reverse(f"fees:{name}", args=[key]))

    inner = [
        tab("members", _("Paid members")),
        tab("tiers", _("Membership fees")),
        tab("charters", _("Charters")),
        tab("reminders", _("Reminders")),
        tab("statistics", _("Statistics")),
    ]
    return {
        **frame(request, association, "fees"),
        "fee_tabs": inner,
        "current": current,
        "currency": selectors.currency_of(key),
        "can_sell": MONEY_MANAGE.allows(request.actor, treasury.scope_of(key)),
        "can_import": MEMBERS_MANAGE.allows(request.actor, association),
        "sees_money": selectors.may_see_money(request.actor, key),
    }


def _named(association: Association) -> list[tuple[Any, str]]:
    return [(tier.pk, selectors.name_of(tier)) for tier in selectors.tiers_of(association) if not tier.archived_at]


@require_safe
def members(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    now, association = timezone.now(), _entered(request, association_id)
    form = MembersFilter(request.GET, tiers=_named(association))
    form.is_valid()
    when = request.GET.get("when", "current")
    rows = selectors.fees_of(
        association, actor=request.actor, now=now, search=form.cleaned_data.get("q", ""),
        tier=form.cleaned_data.get("tier", ""), when=when,
    )  # fmt: skip
    if file := csv_of(request, "fees", rows, FEE_COLUMNS):
        return file
    counted = selectors.counted_by_state(association, now)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_frame(request, association, "members"),
        "page_obj": found,
        "rows": [(fee, cards.state_of(fee, now), selectors.name_of(fee.tier)) for fee in found],
        "filter_form": form,
        "when_tabs": [
            Tab("current", _("Today"), counted["current"]),
            Tab("held", _("To be paid"), counted["held"]),
            Tab("over", _("Over")),
            Tab("all", _("All")),
        ],
    }
    return page(request, "fees/members.html", context, partial="list")


@require_safe
def tiers(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = _entered(request, association_id)
    rows = selectors.tiers_of(association)
    if file := csv_of(request, "tiers", rows, TIER_COLUMNS):
        return file
    context = {
        **_frame(request, association, "tiers"),
        "rows": [(tier, selectors.name_of(tier), selectors.taken_now(tier, timezone.now())) for tier in rows],
    }
    return page(request, "fees/tiers.html", context)


@require_http_methods(["GET", "POST"])
def tier_new(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = _entered(request, association_id)
    MONEY_MANAGE.require_held(request.actor, treasury.scope_of(association_id))
    form = TierForm(request.POST or None, association=association, currency=selectors.currency_of(association_id))
    if request.method == "POST" and form.is_valid():
        try:
            setting.create_tier(actor=request.actor, association_id=association_id, now=timezone.now(), **form.values)
            return done(request, to=reverse("fees:tiers", args=[association_id]), message=_("The fee is on offer."))
        except Invalid as error:
            form.refuse(error)
    context = {**_frame(request, association, "tiers"), "form": form, "heading_text": _("New fee")}
    return (form_page if form.is_bound else page)(request, "fees/tier.html", context)


@require_http_methods(["GET", "POST"])
def tier_edit(request: HttpRequest, tier_id: UUID) -> HttpResponse:
    tier = selectors.get_tier(actor=request.actor, tier_id=tier_id, now=timezone.now())
    association = _entered(request, tier.association_id)
    MONEY_MANAGE.require_held(request.actor, treasury.scope_of(association.pk))
    currency = selectors.currency_of(association.pk)
    form = TierForm(
        request.POST or None, association=association, currency=currency, initial=TierForm.initial_of(tier, currency)
    )
    if request.method == "POST" and form.is_valid():
        try:
            setting.change_tier(actor=request.actor, tier_id=tier_id, now=timezone.now(), **form.values)
            return done(request, to=reverse("fees:tiers", args=[association.pk]), message=_("The fee is changed."))
        except Invalid as error:
            form.refuse(error)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            form.add_error(None, str(error))
    context = {
        **_frame(request, association, "tiers"),
        "form": form,
        "tier": tier,
        "heading_text": selectors.name_of(tier),
    }
    return (form_page if form.is_bound else page)(request, "fees/tier.html", context)


@require_POST
def tier_archive(request: HttpRequest, tier_id: UUID) -> HttpResponse:
    tier = selectors.get_tier(actor=request.actor, tier_id=tier_id, now=timezone.now())
    setting.archive_tier(actor=request.actor, tier_id=tier_id, now=timezone.now())
    return done(request, to=reverse("fees:tiers", args=[tier.association_id]), message=_("The fee is archived."))


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = _entered(request, association_id)
    MONEY_MANAGE.require_held(request.actor, treasury.scope_of(association_id))
    form = DeskForm(request.POST or None, tiers=_named(association))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            fee = joining.sell_at_desk(
                actor=request.actor, tier_id=UUID(values["tier_id"]), email=values["email"], method=values["method"],
                signed=values["signed"], key=values["key"], now=timezone.now(),
            )  # fmt: skip
            said = _("%(name)s is a member until %(day)s.") % {
                "name": fee.user.name,
                "day": date_format(fee.last_day),
            }
            return done(request, to=reverse("fees:members", args=[association_id]), message=said)
        except Invalid as error:
            form.refuse(error)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            form.add_error(None, str(error))
    context = {**_frame(request, association, "members"), "form": form}
    return (form_page if form.is_bound else page)(request, "fees/desk.html", context)


@require_http_methods(["GET", "POST"])
def charters(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = _entered(request, association_id)
    signed = selectors.acceptances_of(association, actor=request.actor)
    if file := csv_of(request, "charters", signed, ACCEPTANCE_COLUMNS):
        return file
    form = CharterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            setting.publish_charter(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            return done(
                request, to=reverse("fees:charters", args=[association_id]), message=_("The text is published.")
            )
        except Invalid as error:
            form.refuse(error)
    context = {
        **_frame(request, association, "charters"),
        "form": form,
        "charters": selectors.charters_of(association),
        "page_obj": Paginator(signed, PER_PAGE).get_page(request.GET.get("page")),
    }
    return (form_page if form.is_bound else page)(request, "fees/charters.html", context)


@require_safe
def reminders(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = _entered(request, association_id)
    rows = selectors.reminders_of(association, actor=request.actor)
    if file := csv_of(request, "reminders", rows, REMINDER_COLUMNS):
        return file
    context = {
        **_frame(request, association, "reminders"),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return page(request, "fees/reminders.html", context)


@require_safe
def statistics(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = _entered(request, association_id)
    found = selectors.statistics(association, actor=request.actor, now=timezone.now())
    months = [date_format(month, "M Y") for month, _count in found.by_month]
    context = {
        **_frame(request, association, "statistics"),
        "found": found,
        "chart": charts.line(
            _("Members who paid"), months, [charts.Series(_("Members"), [count for _month, count in found.by_month])]
        ),
        "by_campus": charts.bars(_("By campus"), found.by_campus) if found.by_campus else "",
        "by_promotion": charts.bars(_("By promotion"), found.by_promotion) if found.by_promotion else "",
        "by_tier": [(selectors.name_of(tier), count, paid) for tier, count, paid in found.by_tier],
        "money": sum(paid for _tier, _count, paid in found.by_tier),
    }
    return page(request, "fees/statistics.html", context)


@require_http_methods(["GET", "POST"])
def take_over(request: HttpRequest, association_id: UUID) -> HttpResponse:
    """First what the list would do, then doing it."""
    association = _entered(request, association_id)
    MEMBERS_MANAGE.require_held(request.actor, association)
    form, now = ImportForm(request.POST or None), timezone.now()
    context: dict[str, Any] = {**_frame(request, association, "members"), "form": form}
    if request.method == "POST" and form.is_valid():
        wish = {"actor": request.actor, "association_id": association_id, "text": form.cleaned_data["text"], "now": now}
        try:
            if "confirmed" in request.POST:
                count = importing.take_over(**wish)
                said = _("People taken over: %(n)d.") % {"n": count}
                return done(request, to=reverse("fees:members", args=[association_id]), message=said)
            rows = importing.preview(**wish)
            context |= {"rows": rows, "good": sum(not row.fault for row in rows)}
            return page(request, "fees/import.html", context)
        except Invalid as error:
            form.refuse(error)
    return (form_page if form.is_bound else page)(request, "fees/import.html", context)
