"""A payment as Stripe has it now: the session that was opened, what was charged, what it cost, what went back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote

from apps.money.clock import school_day
from apps.money.providers import CheckoutStarted, DisputeFacts, PaymentFacts, PayoutFacts, RefundAsked, RefundFacts

from .asking import ProviderAway, ProviderSaysNo, listed, mapped
from .stripe_calls import Calls

EXPANDED: Final = ["payment_intent.latest_charge.balance_transaction"]
INTENT_STATES: Final = {"processing": "started", "requires_action": "started", "requires_capture": "started"}
REFUND_STATES: Final = {"succeeded": "done", "failed": "failed", "canceled": "failed"}  # else: pending
DISPUTE_STATES: Final = {"won": "won", "lost": "lost"}  # else: open


@dataclass(frozen=True, slots=True)
class Found:
    """`payment`: our own number, which Stripe keeps for us; `intent`: its number of what was tried."""

    facts: PaymentFacts
    payment: str
    intent: str


def open_session(calls: Calls, asked: Mapping[str, Any], *, key: str) -> CheckoutStarted:
    """Raises ProviderAway, ProviderRefuses, ProviderSaysNo."""
    said = calls.post("/v1/checkout/sessions", asked, key=key)
    url, id_ = said.get("url"), said.get("id")
    if not isinstance(id_, str):
        raise ProviderAway
    if not isinstance(url, str):  # asked again after it was paid or ran out: there is nothing to pay any more
        raise ProviderSaysNo("This payment page is closed.")
    return CheckoutStarted(url=url, provider_id=id_, expires_at=_moment(said.get("expires_at")))


def close_session(calls: Calls, id_: str, *, key: str) -> None:
    """Nobody can pay there any more. One that is paid or over already stays as it is."""
    try:
        calls.post(f"/v1/checkout/sessions/{quote(id_)}/expire", {}, key=key)
    except ProviderSaysNo:
        return


def read_session(calls: Calls, id_: str, *, payouts: tuple[PayoutFacts, ...], now: datetime) -> Found | None:
    """None: there is no such session at this account. `payouts`: what we know to have left for the bank."""
    session = calls.get(f"/v1/checkout/sessions/{quote(id_)}", expand=EXPANDED)
    if session is None:
        return None
    intent = mapped(session.get("payment_intent"))
    charge = mapped(intent.get("latest_charge"))
    number = str(intent.get("id") or "")
    paid = session.get("payment_status") == "paid" and charge.get("paid") is True
    refunds = _refunds(calls, number) if paid else ()
    line = mapped(charge.get("balance_transaction"))
    return Found(
        PaymentFacts(
            state=_state(session, intent, is_paid=paid),
            captured=_whole(charge.get("amount_captured")) if paid else 0,
            currency=str(session.get("currency") or "").upper(),
            fee=_fee(line, "stripe_fee") if paid and line else None,
            application_fee=_application_fee(calls, charge, line) if paid and line else None,
            refunds=refunds,
            disputes=_disputes(calls, number) if paid and charge.get("disputed") else (),
            payouts=payouts,
            captured_on=_day(charge.get("created")) if paid else None,
            read_at=now,
        ),
        payment=str(mapped(session.get("metadata")).get("payment") or ""),
        intent=number,
    )  # fmt: skip


def payment_of_intent(calls: Calls, intent: str) -> str:
    """Our own number of the payment that an intent belongs to; "" where it is none of ours."""
    said = calls.get(f"/v1/payment_intents/{quote(intent)}")
    return str(mapped((said or {}).get("metadata")).get("payment") or "")


def refund(calls: Calls, *, intent: str, amount: int, refund_id: str, with_fee: bool, key: str) -> RefundAsked:
    """Raises ProviderAway, ProviderRefuses. What Stripe will not give back is a refund that failed."""
    asked = {
        "payment_intent": intent, "amount": amount, "metadata": {"refund": refund_id},
        "refund_application_fee": True if with_fee else None,
    }  # fmt: skip
    try:
        said = calls.post("/v1/refunds", asked, key=key)
    except ProviderSaysNo as error:
        return RefundAsked(provider_id=f"refused:{refund_id}", state="failed", fault=error.said)
    if not isinstance(said.get("id"), str):
        raise ProviderAway
    state = REFUND_STATES.get(str(said.get("status")), "pending")
    return RefundAsked(provider_id=said["id"], state=state, fault=str(said.get("failure_reason") or ""))  # type: ignore[arg-type]


def _state(session: dict[str, Any], intent: dict[str, Any], *, is_paid: bool) -> Any:
    """A card that was declined leaves the page open: the payment is still under way."""
    if is_paid:
        return "succeeded"
    if session.get("status") == "expired":
        return "expired"
    if session.get("status") == "open":
        return "started"
    return INTENT_STATES.get(str(intent.get("status")), "failed")


def _fee(line: dict[str, Any], kind: str) -> int:
    details = [mapped(one) for one in listed(line.get("fee_details"))]
    return sum(_whole(one.get("amount")) for one in details if one.get("type") == kind)


def _application_fee(calls: Calls, charge: dict[str, Any], line: dict[str, Any]) -> int:
    """What the school keeps: its share, less what it gave back with refunds."""
    back = 0
    if charge.get("amount_refunded"):
        for one in calls.all("/v1/refunds", charge=charge["id"], expand=["data.balance_transaction"]):
            back -= _fee(mapped(one.get("balance_transaction")), "application_fee")
    return _fee(line, "application_fee") - back


def _refunds(calls: Calls, intent: str) -> tuple[RefundFacts, ...]:
    return tuple(
        RefundFacts(
            provider_id=str(one["id"]),
            amount=_whole(one.get("amount")),
            state=REFUND_STATES.get(str(one.get("status")), "pending"),  # type: ignore[arg-type]
            refund_id=str(mapped(one.get("metadata")).get("refund") or ""),
            done_on=_day(one.get("created")),
        )
        for one in calls.all("/v1/refunds", payment_intent=intent)
    )


def _disputes(calls: Calls, intent: str) -> tuple[DisputeFacts, ...]:
    """Not those in which no money has moved: questions of a bank, and what was prevented."""
    found = calls.all("/v1/disputes", payment_intent=intent)
    return tuple(_dispute(one) for one in found if listed(one.get("balance_transactions")))


def _dispute(one: dict[str, Any]) -> DisputeFacts:
    lines = [mapped(line) for line in listed(one.get("balance_transactions"))]
    return DisputeFacts(
        provider_id=str(one["id"]),
        amount=_whole(one.get("amount")),
        state=DISPUTE_STATES.get(str(one.get("status")), "open"),  # type: ignore[arg-type]
        fee=sum(_fee(line, "stripe_fee") for line in lines),
        answer_by=_moment(mapped(one.get("evidence_details")).get("due_by")),
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _moment(value: Any) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None


def _day(value: Any) -> date | None:
    moment = _moment(value)
    return school_day(moment) if moment else None
