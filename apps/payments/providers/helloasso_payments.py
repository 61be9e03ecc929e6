"""A payment as HelloAsso has it now: the intent that was opened, its order once it is paid, what went back and out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from apps.money.clock import school_day
from apps.money.providers import CheckoutStarted, DisputeFacts, PaymentFacts, PayoutFacts, RefundFacts

from .asking import ProviderAway, listed, mapped
from .helloasso_calls import Calls

OPEN_FOR: Final = timedelta(minutes=15)
RECEIVED: Final = frozenset({"Authorized", "AuthorizedPreprod", "Registered", "Refunding", "Refunded", "Contested"})
FAILED: Final = frozenset({"Refused", "Error", "Canceled", "Abandoned", "Deleted"})
REFUND_STATES: Final = {"PROCESSED": "done", "CANCELED": "failed", "ERROR": "failed"}  # else: pending


@dataclass(frozen=True, slots=True)
class Found:
    """`payment`: our own number, which HelloAsso keeps for us; `number`: its number of the payment."""

    facts: PaymentFacts
    payment: str
    number: str


def open_intent(calls: Calls, slug: str, asked: Mapping[str, Any], *, now: datetime) -> CheckoutStarted:
    said = calls.post(f"/v5/organizations/{quote(slug, safe='')}/checkout-intents", json=asked)
    id_, url = said.get("id"), said.get("redirectUrl")
    if not isinstance(id_, int) or not isinstance(url, str):
        raise ProviderAway
    return CheckoutStarted(url=url, provider_id=str(id_), expires_at=now + OPEN_FOR)


def read_intent(calls: Calls, slug: str, id_: str, *, is_over: bool, now: datetime) -> Found | None:
    """None: there is no such intent. `is_over`: its page is closed by now, so what is not paid will not be."""
    intent = calls.get(f"/v5/organizations/{quote(slug, safe='')}/checkout-intents/{quote(id_, safe='')}")
    if intent is None:
        return None
    own = str(mapped(intent.get("metadata")).get("payment") or "")
    payments = [mapped(one) for one in listed(mapped(intent.get("order")).get("payments"))]
    if not payments:
        return Found(PaymentFacts("expired" if is_over else "started", read_at=now), own, "")
    return Found(_facts(payments[0], now), own, str(payments[0].get("id")))


def _facts(payment: dict[str, Any], now: datetime) -> PaymentFacts:
    """The tip that the payer leaves to HelloAsso is none of the association's money, and is not in it."""
    state = str(payment.get("state"))
    if state not in RECEIVED:
        return PaymentFacts("failed" if state in FAILED else "started", read_at=now)
    amount = int(payment["amount"])
    refunds = tuple(_refund(mapped(one)) for one in listed(payment.get("refundOperations")))
    back = sum(one.amount for one in refunds if one.state == "done")
    disputes = (DisputeFacts(f"contested-{payment['id']}", amount - back, "open"),) if state == "Contested" else ()
    return PaymentFacts(
        "succeeded", captured=amount, fee=0, application_fee=0, refunds=refunds, disputes=disputes,
        payouts=_payouts(payment, amount - back), captured_on=_day(payment.get("date")), read_at=now,
    )  # fmt: skip


def _refund(one: dict[str, Any]) -> RefundFacts:
    state: Any = REFUND_STATES.get(str(one.get("status")).upper(), "pending")
    return RefundFacts(
        provider_id=str(one["id"]), amount=int(one["amount"]), state=state,
        done_on=_day(mapped(one.get("meta")).get("createdAt")),
    )  # fmt: skip


def _payouts(payment: dict[str, Any], amount: int) -> tuple[PayoutFacts, ...]:
    day = _day(payment.get("cashOutDate"))
    if payment.get("cashOutState") != "CashedOut" or day is None or amount <= 0:
        return ()
    return (PayoutFacts(f"cash-out-{day:%Y-%m-%d}", amount, "paid", day),)


def ask_refund(calls: Calls, number: str, amount: int, *, comment: str) -> None:
    """Raises ProviderSaysNo."""
    query = urlencode({"amount": amount, "comment": comment, "sendRefundMail": "true"})
    calls.post(f"/v5/payments/{quote(number, safe='')}/refund?{query}")


def intent_of_payment(calls: Calls, number: str) -> str:
    """The intent by which a payment came; "" where it came by none, or is not this association's."""
    payment = calls.get(f"/v5/payments/{quote(number, safe='')}")
    order = str(mapped((payment or {}).get("order")).get("id") or "")
    return intent_of_order(calls, order) if order else ""


def intent_of_order(calls: Calls, number: str) -> str:
    order = calls.get(f"/v5/orders/{quote(number, safe='')}")
    return str((order or {}).get("checkoutIntentId") or "")


def _day(value: Any) -> date | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return school_day(found if found.tzinfo else found.replace(tzinfo=UTC))
