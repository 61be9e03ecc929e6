"""All treasuries that one may see, and each of them: figures, freezing, moving money."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core import charts
from apps.core.actor import SCHOOL
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page

from .. import presenting, selectors, wording
from ..clock import school_day
from ..forms import MoveForm, ReasonForm
from ..models import Treasury
from ..permissions import MONEY_MANAGE
from ..services import treasuries
from .common import frame

MONTHS = 12


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    found = list(selectors.visible_treasuries(actor=request.actor))
    figures = selectors.figures_of(found)
    rows = [presenting.TreasuryRow(one, figures[one.pk]) for one in found]
    if file := csv_of(request, "treasuries", rows, presenting.TREASURY_COLUMNS):
        return file
    has_school = any(one.holder_kind == "school" for one in found)
    context = {
        "rows": rows,
        "alarms": alarms_of(request),
        "may_open": not has_school and MONEY_MANAGE.allows(request.actor, SCHOOL),
    }
    return page(request, "money/home.html", context)


@require_POST
def open_school(request: HttpRequest) -> HttpResponse:
    row = treasuries.school_treasury(actor=request.actor, now=timezone.now())
    return done(request, to=reverse("money:treasury", args=[row.pk]), message=_("The account is open."))


@require_safe
def treasury(request: HttpRequest, treasury_id: UUID) -> HttpResponseBase:
    row = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    figures = selectors.figures_of([row])[row.pk]
    accounts = [
        (wording.account_text(one.kind, one.qualifier), balance)
        for one, balance in selectors.balances_of(row)
        if one.kind in selectors.PLACES_OF_MONEY
    ]
    context = {
        **frame(request, row),
        "figures": figures,
        "accounts": accounts,
        "seal": selectors.last_seal(row),
        "alarms": [one for one in alarms_of(request) if one["treasury_id"] == row.pk],
        "chart": _chart(row),
        "orders": selectors.visible_orders(actor=request.actor, treasury=row)[:6],
    }
    return page(request, "money/treasury.html", context)


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, treasury_id: UUID) -> HttpResponse:
    row = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        treasuries.freeze(
            actor=request.actor, treasury_id=treasury_id, reason=form.cleaned_data["reason"], now=timezone.now()
        )
        return done(request, to=_address(row), message=_("The account is frozen."))
    context = {**frame(request, row, (_("Freeze"), "")), "form": form}
    return (form_page if form.is_bound else page)(request, "money/freeze.html", context)


@require_POST
def unfreeze(request: HttpRequest, treasury_id: UUID) -> HttpResponse:
    row = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    treasuries.unfreeze(actor=request.actor, treasury_id=treasury_id, now=timezone.now())
    return done(request, to=_address(row), message=_("The account is released."))


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, treasury_id: UUID) -> HttpResponse:
    row = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    initial = {"day": school_day(timezone.now()), "from_": "cash", "to": "bank"}
    form = MoveForm(request.POST or None, currency=row.currency, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            treasuries.move(
                actor=request.actor, treasury_id=treasury_id, from_=values["from_"], to=values["to"],
                amount=form.minor("amount"), day=values["day"], note=values["note"], key=values["key"],
                now=timezone.now(),
            )  # fmt: skip
            return done(request, to=_address(row), message=_("The money is moved."))
        except Invalid as error:
            form.refuse(error)
    context: dict[str, Any] = {**frame(request, row, (_("Move money"), "")), "form": form}
    context["accounts"] = [
        (wording.account_text(one.kind), balance)
        for one, balance in selectors.balances_of(row)
        if one.kind in treasuries.MOVABLE
    ]
    return (form_page if form.is_bound else page)(request, "money/move.html", context)


def alarms_of(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"treasury_id": one.treasury_id, "title": wording.alarm_title(one), "text": wording.alarm_text(one)}
        for one in selectors.open_alarms(actor=request.actor)
    ]


def _chart(row: Treasury) -> Any:
    """Twelve months, the running one last."""
    today = school_day(timezone.now())
    months = [_month(today, back) for back in range(MONTHS - 1, -1, -1)]
    found = selectors.by_month(row, months[0])
    series = [found.get(month, (0, 0)) for month in months]
    if not any(collected or refunded for collected, refunded in series):
        return ""
    labels = [month.strftime("%m/%y") for month in months]
    return charts.columns(
        _("Collected and refunded by month (%(currency)s)") % {"currency": row.currency},
        labels,
        [
            charts.Series(_("Collected"), [collected / 100 for collected, _refunded in series]),
            charts.Series(_("Refunded"), [refunded / 100 for _collected, refunded in series], quiet=True),
        ],
    )


def _month(today: date, back: int) -> date:
    number = today.year * 12 + today.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _address(row: Treasury) -> str:
    return reverse("money:treasury", args=[row.pk])
