"""Paying an order by card: what it costs, where it is paid, and the page on which one waits for the provider's word."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.web import page
from apps.money.models import Order

from ..services import checkout
from .accounts import leaving


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Twice leads to the same page of the provider."""
    order = checkout.order_for(actor=request.actor, order_id=order_id)
    if request.method == "POST":
        started = checkout.start(
            actor=request.actor, order_id=order_id, now=timezone.now(), account_id=_chosen(request),
            return_url=request.build_absolute_uri(reverse("payments:waiting", args=[order_id])),
            cancel_url=request.build_absolute_uri(reverse("payments:pay", args=[order_id])),
        )  # fmt: skip
        return leaving(request, started.url, str(started.provider_name))
    return page(request, "payments/pay.html", _context(order) | {"accounts": checkout.accounts_for(order)})


@require_safe
def waiting(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """That somebody is back says nothing: the provider is asked. The page asks again by itself until it knows."""
    order = checkout.came_back(actor=request.actor, order_id=order_id, now=timezone.now())
    return page(request, "payments/waiting.html", _context(order), partial="state")


def _context(order: Order) -> dict[str, object]:
    return {
        "order": order,
        "lines": list(order.lines.all()),
        "waits": order.status == Order.Status.AWAITING,
        "left": order.total - sum(payment.captured for payment in order.payments.all()),
    }


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("account", ""))
    except ValueError:
        return None
