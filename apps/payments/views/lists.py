"""Subscriptions, as the payment service tells them, and the accounts at providers."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.actor import SCHOOL
from apps.core.web import page, requires

from .. import selectors
from ..forms import SubscriptionFilter
from ..permissions import PAYMENTS_CONNECT, PAYMENTS_VIEW

PER_PAGE = 50
COLUMNS: Columns = {
    "number": "external_id",
    "person": lambda row: row.user.name if row.user else "",
    "email": lambda row: row.user.email if row.user else "",
    "subscribed_to": "plan",
    "status": "status",
    "amount": "amount",
    "currency": "currency",
    "period_from": "starts_at",
    "period_until": "ends_at",
    "last_paid": "paid_at",
    "failed_payments": "failures",
}


ACCOUNT_COLUMNS: Columns = {
    "provider": "provider",
    "account": "external_id",
    "live": "is_live",
    "name": "name",
    "state": "state",
    "treasury": lambda row: row.treasury.name if row.treasury else "",
    "default": "is_default",
    "problems": "problems",
    "read_at": "read_at",
}


@requires(PAYMENTS_VIEW)
@require_safe
def account_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.visible_accounts(actor=request.actor)
    if file := csv_of(request, "payment-accounts", rows, ACCOUNT_COLUMNS):
        return file
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "alarms": selectors.open_alarms(actor=request.actor),
        "can_connect": PAYMENTS_CONNECT.allows(request.actor, SCHOOL),
    }
    return page(request, "payments/accounts.html", context)


@requires(PAYMENTS_VIEW)
@require_safe
def subscription_list(request: HttpRequest) -> HttpResponseBase:
    filter_form = SubscriptionFilter(request.GET)
    rows = selectors.visible_subscriptions(actor=request.actor, **filter_form.usable)
    if file := csv_of(request, "subscriptions", rows.iterator(chunk_size=2000), COLUMNS):
        return file
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": shown, "filter_form": filter_form, "is_filtered": bool(filter_form.usable)}
    return page(request, "payments/subscriptions.html", context, partial="list")
