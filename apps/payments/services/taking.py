"""Stripe and HelloAsso as `apps.money` knows them: start, give back, read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from apps.core.ui import Text
from apps.money.models import Payment, Refund
from apps.money.providers import CheckoutStarted, PaymentFacts, PayoutFacts, RefundAsked

from ..models import Payout, PayoutPart, ProviderPayment
from ..providers import helloasso_payments, stripe_payments
from ..providers.asking import ProviderAway, ProviderSaysNo
from ..providers.stripe_calls import Calls
from .tokens import access, calls_for, calls_with

AFTER_THE_PAGE: Final = timedelta(hours=1)  # a payment may still be on its way when the page is closed

PAYOUT_FACTS = {Payout.State.PAID: "paid", Payout.State.FAILED: "failed"}


def row_of(payment: Payment) -> ProviderPayment:
    return ProviderPayment.objects.select_related("account").get(payment_id=payment.pk)


def payouts_of(payment: Payment) -> tuple[PayoutFacts, ...]:
    """The parts of this payment that we have seen leave for the bank."""
    parts = PayoutPart.objects.filter(payment=payment, payout__state__in=list(PAYOUT_FACTS)).select_related("payout")
    return tuple(
        PayoutFacts(
            provider_id=part.payout.external_id,
            amount=part.amount,
            state=PAYOUT_FACTS[part.payout.state],  # type: ignore[index, arg-type]
            paid_on=part.payout.arrives_on,
        )
        for part in parts.order_by("payout__arrives_on", "payout__external_id")
        if part.amount
    )


class StripeProvider:
    code = "stripe"
    name: Text = "Stripe"
    costs_fees = True

    def start_checkout(self, *, payment: Payment, return_url: str, cancel_url: str, now: datetime) -> CheckoutStarted:
        row = row_of(payment)
        return stripe_payments.open_session(_calls(payment), _session(payment, row), key=f"checkout-{payment.pk}")

    def refund(self, *, refund: Refund, now: datetime) -> RefundAsked:
        payment = refund.payment
        row = row_of(payment)
        if not row.reference:
            self.read(payment=payment, now=now)
            row.refresh_from_db()
        if not row.reference:
            raise ProviderAway
        return stripe_payments.refund(
            _calls(payment), intent=row.reference, amount=refund.amount, refund_id=str(refund.pk),
            with_fee=bool(row.application_fee), key=f"refund-{refund.pk}",
        )  # fmt: skip

    def read(self, *, payment: Payment, now: datetime) -> PaymentFacts:
        """A session that is not there is one that nobody can pay any more."""
        if not payment.provider_id:
            return PaymentFacts("started", read_at=now, currency=payment.order.currency)
        found = stripe_payments.read_session(_calls(payment), payment.provider_id, payouts=payouts_of(payment), now=now)
        if found is None:
            return PaymentFacts("expired", read_at=now, currency=payment.order.currency)
        if found.payment != str(payment.pk):
            raise ProviderAway
        ProviderPayment.objects.filter(payment_id=payment.pk).update(reference=found.intent, read_at=now)
        return found.facts


def _calls(payment: Payment) -> Calls:
    return Calls(payment.is_live, payment.account_ref)


def _session(payment: Payment, row: ProviderPayment) -> Mapping[str, Any]:
    """The same for the same payment, whenever it is asked: Stripe refuses another wish under the same key."""
    order, facts = payment.order, {"payment": str(payment.pk), "order": payment.order.reference}
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency.lower(),
                    "unit_amount": payment.amount,
                    "product_data": {"name": f"{order.treasury.name} · {order.reference}"[:250]},
                },
            }
        ],
        "payment_intent_data": {
            "application_fee_amount": row.application_fee or None, "metadata": facts, "description": order.reference,
        },
        "client_reference_id": str(order.pk),
        "metadata": facts,
        "expires_at": row.asked["expires_at"],
        "success_url": row.asked["return_url"],
        "cancel_url": row.asked["cancel_url"],
    }  # fmt: skip


class HelloAssoProvider:
    """It takes no fees, knows no keys, and pays out on the 10th of the next month."""

    code = "helloasso"
    name: Text = "HelloAsso"
    costs_fees = False

    def start_checkout(self, *, payment: Payment, return_url: str, cancel_url: str, now: datetime) -> CheckoutStarted:
        row, order = row_of(payment), payment.order
        asked = {
            "totalAmount": payment.amount,
            "initialAmount": payment.amount,
            "itemName": f"{order.treasury.name} · {order.reference}"[:250],
            "backUrl": row.asked["cancel_url"],
            "errorUrl": row.asked["return_url"],
            "returnUrl": row.asked["return_url"],
            "containsDonation": False,
            "metadata": {"payment": str(payment.pk), "order": order.reference},
        }
        return helloasso_payments.open_intent(calls_for(row.account), payment.account_ref, asked, now=now)

    def refund(self, *, refund: Refund, now: datetime) -> RefundAsked:
        """One at a time per payment, and never before looking whether it was done already: HelloAsso knows no keys."""
        token = access(row_of(refund.payment).account)
        with transaction.atomic():
            row = (
                ProviderPayment.objects.select_for_update(of=("self",))
                .select_related("account")
                .get(payment_id=refund.payment_id)
            )
            calls = calls_with(row.account, token)
            if done := self._done(calls, row, refund, now):
                return done
            try:
                helloasso_payments.ask_refund(calls, row.reference, refund.amount, comment=str(refund.pk))
            except ProviderSaysNo as error:
                return RefundAsked(provider_id=f"refused:{refund.pk}", state="failed", fault=error.said)
            if done := self._done(calls, row, refund, now):
                return done
            raise ProviderAway

    def _done(self, calls: Any, row: ProviderPayment, refund: Refund, now: datetime) -> RefundAsked | None:
        """A refund of this amount that HelloAsso has and we do not know by its number: it is this one."""
        found = self._read(calls, refund.payment, now)
        row.reference = found.number
        known = set(refund.payment.refunds.exclude(provider_id=None).values_list("provider_id", flat=True))
        for one in found.facts.refunds:
            if one.provider_id not in known and one.amount == refund.amount and one.state != "failed":
                return RefundAsked(provider_id=one.provider_id, state=one.state)
        return None

    def read(self, *, payment: Payment, now: datetime) -> PaymentFacts:
        if not payment.provider_id:
            return PaymentFacts("started", read_at=now, currency=payment.order.currency)
        row = row_of(payment)
        found = self._read(calls_for(row.account), payment, now)
        ProviderPayment.objects.filter(payment_id=payment.pk).update(reference=found.number, read_at=now)
        return found.facts

    def _read(self, calls: Any, payment: Payment, now: datetime) -> helloasso_payments.Found:
        over = payment.url_expires_at is not None and now > payment.url_expires_at + AFTER_THE_PAGE
        found = helloasso_payments.read_intent(
            calls, payment.account_ref, payment.provider_id or "", is_over=over, now=now
        )
        if found is None or found.payment != str(payment.pk):
            raise ProviderAway
        return found
