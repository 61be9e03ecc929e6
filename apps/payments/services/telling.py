"""What Stripe tells of payments and payouts: a notice only says where to look (PAY-3, decision 0054).

Whatever the order in which notices come, however often and whether at all: what counts is read at Stripe.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.utils import timezone

from apps.integrations.contract import Event, Outcome, done, hopeless, nothing
from apps.money import providers as registry
from apps.money.models import Payment
from apps.money.services.orders import note_checkout
from apps.money.services.settling import apply_facts

from ..models import ProviderAccount, ProviderPayment, ProviderToken
from ..providers import helloasso_payments
from ..providers.asking import mapped
from ..providers.stripe_calls import Calls
from . import payouts
from .finding import by_number, of_intent
from .tokens import calls_for

PAYMENT_KINDS: Final = (
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed", "payment_intent.succeeded", "payment_intent.payment_failed",
    "payment_intent.canceled", "payment_intent.processing", "charge.refunded", "charge.refund.updated",
    "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated", "refund.created", "refund.updated", "refund.failed",
)  # fmt: skip
PAYOUT_KINDS: Final = ("payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled")


def read_payment(event: Event) -> Any:
    """The payment that a notice is about, and all that Stripe knows of it now."""
    payment = _payment_of(event)
    if payment is None:
        return nothing("not-ours")
    provider = registry.get(payment.provider)
    if provider is None:
        return hopeless("not-at-provider")
    return payment.pk, provider.read(payment=payment, now=timezone.now())


def is_let_in(event: Event) -> bool:
    account = _account_of(event)
    return account is not None and ProviderToken.objects.filter(account=account).exists()


def read_helloasso(event: Event, kind: str) -> Any:
    """By the number of a payment or an order we ask, as the association, by which intent of ours it came."""
    account = _account_of(event)
    said = mapped((event.content.model_extra or {}).get("data"))
    number = said.get("id")
    if account is None or isinstance(number, bool) or not isinstance(number, int):
        return hopeless("not-at-provider")
    calls = calls_for(account)
    asks = helloasso_payments.intent_of_payment if kind == "payments" else helloasso_payments.intent_of_order
    rows = ProviderPayment.objects.filter(account=account, payment__provider_id=asks(calls, str(number)))
    row = rows.select_related("payment__order").first()
    provider = registry.get("helloasso")
    if row is None or provider is None:
        return nothing("not-ours")
    return row.payment_id, provider.read(payment=row.payment, now=timezone.now())


def apply_payments(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    return {event.id: _apply_payment(event, now) for event in events}


def _apply_payment(event: Event, now: datetime) -> Outcome:
    payment_id, facts = event.answer
    payment = apply_facts(payment_id, facts, now)
    return done("payment-settled", f"{payment.order} · {payment.get_state_display()}")


def read_payout(event: Event) -> Any:
    account = _account_of(event)
    id_ = str(_thing(event).get("id") or "")
    if account is None or not id_.startswith("po_"):
        return hopeless("not-at-provider")
    return (account, said) if (said := payouts.read(account, id_)) else hopeless("not-at-provider")


def apply_payouts(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    found = {}
    for event in events:
        account, said = event.answer
        payout = payouts.note(account, said, now=now)
        found[event.id] = done("payout-noted", f"{payout} · {payout.get_state_display()}")
    return found


def _payment_of(event: Event) -> Payment | None:
    """By our own number, which Stripe keeps for us; only a payment of this account and this mode."""
    account = _account_of(event)
    if account is None:
        return None
    thing = _thing(event)
    if thing.get("object") == "checkout.session":
        return _of_session(account, str(thing.get("id") or ""))
    intent = thing.get("id") if thing.get("object") == "payment_intent" else thing.get("payment_intent")
    return of_intent(account, intent) if isinstance(intent, str) and intent else None


def _of_session(account: ProviderAccount, session: str) -> Payment | None:
    rows = ProviderPayment.objects.filter(account=account, payment__provider_id=session)
    known = rows.select_related("payment__order").first()
    if known or not session:
        return known.payment if known else None
    said = Calls(account.is_live, account.external_id).get(f"/v1/checkout/sessions/{quote(session, safe='')}")
    found = by_number(account, str(mapped((said or {}).get("metadata")).get("payment") or ""))
    if found and found.provider_id is None:  # Stripe opened it, and we fell before we wrote that down
        return note_checkout(payment_id=found.pk, url="", provider_id=session, expires_at=None, now=timezone.now())
    return found if found and found.provider_id == session else None


def _account_of(event: Event) -> ProviderAccount | None:
    rows = ProviderAccount.objects.filter(provider=event.service, is_live=bool(event.is_live))
    return rows.filter(external_id=event.account).exclude(treasury=None).first()


def _thing(event: Event) -> dict[str, Any]:
    return mapped(mapped((event.content.model_extra or {}).get("data")).get("object"))
