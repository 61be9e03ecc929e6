"""Orders of a treasury: list, one of them, a new one, money received by hand, refunds, receipts."""

from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.web import done, form_page, page

from .. import pdf, presenting, purposes, selectors, wording
from ..clock import school_day
from ..forms import OrderFilter, OrderForm, PaymentForm, RefundForm
from ..models import Order
from ..providers import name_of
from ..services import orders, refunding
from .common import frame

PER_PAGE = 50


@require_safe
def order_list(request: HttpRequest, treasury_id: UUID) -> HttpResponseBase:
    treasury = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    form = OrderFilter(request.GET)
    rows = selectors.visible_orders(actor=request.actor, treasury=treasury, **form.usable)
    if file := csv_of(request, "orders", rows.iterator(chunk_size=2000), presenting.ORDER_COLUMNS):
        return file
    context = {
        **frame(request, treasury, (_("Orders"), "")),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filter_form": form,
        "is_filtered": bool(form.usable),
    }
    return page(request, "money/orders.html", context, partial="list")


@require_http_methods(["GET", "POST"])
def order_create(request: HttpRequest, treasury_id: UUID) -> HttpResponse:
    treasury = selectors.get_treasury(actor=request.actor, treasury_id=treasury_id)
    form = OrderForm(request.POST or None, currency=treasury.currency)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            order = orders.create_order(
                actor=request.actor, treasury_id=treasury_id, lines=form.lines, buyer_name=values["buyer_name"],
                buyer_email=values["buyer_email"], key=values["key"], now=timezone.now(),
            )  # fmt: skip
            return done(request, to=_address(order), message=_("The order is made. Record the payment when it comes."))
        except Invalid as error:
            form.refuse(error)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            form.add_error(None, str(error))
    context = {**frame(request, treasury, (_("New order"), "")), "form": form}
    return (form_page if form.is_bound else page)(request, "money/order_form.html", context)


@require_safe
def order_detail(request: HttpRequest, order_id: UUID) -> HttpResponseBase:
    order = selectors.get_order(actor=request.actor, order_id=order_id)
    return page(request, "money/order.html", _shown(request, order))


@require_http_methods(["GET", "POST"])
def payment_record(request: HttpRequest, order_id: UUID) -> HttpResponse:
    order = selectors.get_order(actor=request.actor, order_id=order_id)
    due = order.total - sum(payment.captured for payment in order.payments.all())
    initial = {"amount": _in_currency(due, order.currency), "received_on": school_day(timezone.now())}
    form = PaymentForm(request.POST or None, currency=order.currency, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            orders.record_payment(
                actor=request.actor, order_id=order_id, method=values["method"], amount=form.minor("amount"),
                received_on=values["received_on"], reference=values["reference"], key=values["key"],
                now=timezone.now(),
            )  # fmt: skip
            return done(request, to=_address(order), message=_("The payment is recorded."))
        except Invalid as error:
            form.refuse(error)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            form.add_error(None, str(error))
    context = {**_shown(request, order, (_("Record a payment"), "")), "form": form, "due": due}
    return (form_page if form.is_bound else page)(request, "money/payment_form.html", context)


@require_POST
def order_cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    order = selectors.get_order(actor=request.actor, order_id=order_id)
    orders.cancel_order(actor=request.actor, order_id=order_id, now=timezone.now())
    return done(request, to=_address(order), message=_("The order is cancelled."))


@require_http_methods(["GET", "POST"])
def order_refund(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """First what would be booked, then doing it: the button that confirms carries what was seen."""
    order = selectors.get_order(actor=request.actor, order_id=order_id)
    left = refunding.lines_left(order)
    lines = [(line, left[line.pk]) for line in order.lines.all()]
    initial = {"seen": refunding.refunded_or_asked(order)}
    form = RefundForm(request.POST or None, lines=lines, currency=order.currency, initial=initial)
    context: dict[str, Any] = {
        **_shown(request, order, (_("Refund"), "")),
        "form": form,
        "refundable": refunding.refundable(order),
    }
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            if "confirmed" in request.POST:
                refunding.refund_order(
                    actor=request.actor, order_id=order_id, seen=values["seen"], method=values["method"],
                    reason=values["reason"], now=timezone.now(), **form.wish,
                )  # fmt: skip
                return done(request, to=_address(order), message=_("The refund is on its way or done: see below."))
            sides = refunding.preview(order=order, method=values["method"], **form.wish)
            context["entries"] = presenting.sides_in_words(sides)
            return page(request, "money/refund.html", context)
        except Invalid as error:
            form.refuse(error)
        except (Forbidden, NotVisible):
            raise
        except DomainError as error:
            form.add_error(None, str(error))
    return (form_page if form.is_bound else page)(request, "money/refund.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """One's own orders and receipts."""
    rows = selectors.own_orders(actor=request.actor)
    if file := csv_of(request, "my-payments", rows, presenting.OWN_COLUMNS):
        return file
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "money/mine.html", {"page_obj": shown})


@require_safe
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A receipt as PDF, for its buyer and who may see the treasury."""
    found = selectors.get_document(actor=request.actor, document_id=document_id)
    return pdf_answer(pdf.receipt(found), f"{found.label}.pdf")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _shown(request: HttpRequest, order: Order, *crumbs: tuple[Any, str]) -> dict[str, Any]:
    treasury = order.treasury
    orders_url = reverse("money:orders", args=[treasury.pk])
    here = (order.reference, _address(order) if crumbs else "")
    captured = sum(payment.captured for payment in order.payments.all())
    return {
        **frame(request, treasury, (_("Orders"), orders_url), here, *crumbs),
        "order": order,
        "purpose": purposes.label_of(order.purpose),
        "lines": order.lines.all(),
        "payments": [(one, name_of(one.provider)) for one in order.payments.all()],
        "refunds": [
            (one, name_of(one.method or one.payment.provider), wording.reason_text(one.reason))
            for one in order.refunds.select_related("payment")
        ],
        "documents": order.documents.order_by("issued_on", "number"),
        "captured": captured,
        "is_open": order.status == Order.Status.AWAITING and not order.closed,
        "may_refund": refunding.refundable(order) > 0,
        "movements": [
            (one, wording.kind_text(one.kind), presenting.entries_of(one))
            for one in order.transactions.prefetch_related("entries__account").order_by("sequence")
        ],
    }


def _in_currency(amount: int, currency: str) -> str:
    precision = get_currency_precision(currency)
    return f"{amount / 10**precision:.{precision}f}"


def _address(order: Order) -> str:
    return reverse("money:order", args=[order.pk])
