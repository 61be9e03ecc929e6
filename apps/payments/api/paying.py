"""Paying an order: where the buyer goes, and what the provider said since."""

from typing import Any
from uuid import UUID

from apps.core.api.doors import ApiView, api_public
from apps.core.api.operations import Call, operation
from apps.money.models import Order

from ..services import checkout
from .accounts import TAG, own_page
from .shapes import CheckoutInput, CheckoutOut, PaymentStateOut

OWN = "one's own order; the service shows it to its buyer and to the treasurer"


class CheckoutView(ApiView):
    tag = TAG

    @operation("start_checkout", "Pay an order by card", body=CheckoutInput, answer=CheckoutOut, status=201)
    def post(self, call: Call, order_id: UUID) -> Any:
        """Where the buyer pays what is left. Twice leads to the same page."""
        started = checkout.start(
            actor=call.require_signed_in(), order_id=order_id, return_url=own_page(call, "return_url"),
            cancel_url=own_page(call, "cancel_url"), account_id=call.body.get("account_id"), now=call.now,
        )  # fmt: skip
        return {"payment_id": started.payment.pk, "provider": started.payment.provider, "url": started.url}

    @operation("ask_about_checkout", "Ask whether it is paid", answer=PaymentStateOut)
    def get(self, call: Call, order_id: UUID) -> Any:
        """Asks the provider when nobody did in the last seconds."""
        order = checkout.came_back(actor=call.require_signed_in(), order_id=order_id, now=call.now)
        return {"order_id": order.pk, "status": order.status, "is_paid": order.status == Order.Status.PAID}


start = api_public(OWN)(CheckoutView)
