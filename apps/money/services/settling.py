"""The one state machine: whatever a provider says now, order, payment, refunds and ledger end in the same state.

Facts only ever add up: what was captured is the most that was ever said, refunds and disputes are joined by their
number and move forward only, and fees are those of the newest reading. So late, doubled and reordered news end alike.
The ledger is then brought in line with the rows: what is not booked yet is booked, under a key that books it once.
"""

import logging
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .. import acts, purposes
from ..clock import school_day
from ..errors import OtherCurrency
from ..models import Dispute, LedgerAccount, LedgerEntry, LedgerTransaction, Order, Payment, Refund
from ..providers import BY_HAND, CASH, CHEQUE, TRANSFER, DisputeFacts, PaymentFacts, PayoutFacts, RefundFacts
from . import documents, ledger, states
from .ledger import Side, pair

logger = logging.getLogger("campanile.money")

Kind = LedgerAccount.Kind
HAND_ACCOUNTS: Final = {CASH: Kind.CASH, TRANSFER: Kind.BANK, CHEQUE: Kind.CHEQUES}
PAYMENT_RANK: Final = {"started": 0, "failed": 1, "expired": 2, "succeeded": 3}
REFUND_RANK: Final = {"pending": 0, "asked": 0, "done": 1, "failed": 2}
DISPUTE_RANK: Final = {"open": 0, "lost": 1, "won": 2}
PROVIDER = Actor.system("payment provider", surface="webhook")


@transaction.atomic
def apply_facts(payment_id: UUID, facts: PaymentFacts, now: datetime) -> Payment:
    """Bring everything in line with what the provider says. Safe to repeat. Raises NotVisible, OtherCurrency."""
    order, payment = locked_payment(payment_id)
    if facts.currency.upper() != order.currency:
        raise OtherCurrency
    _join_payment(payment, facts, now)
    for refund in facts.refunds:
        _join_refund(order, payment, refund, now)
    for dispute in facts.disputes:
        _join_dispute(payment, dispute, now, is_newest=payment.facts_at == (facts.read_at or now))
    _book_payment(order, payment, facts.captured_on or school_day(now), now)
    for payout in facts.payouts:
        _book_payout(order, payment, payout, now)
    settle(order, now=now, actor=PROVIDER)
    return payment


def locked_payment(payment_id: UUID) -> tuple[Order, Payment]:
    """The payment and its order, locked: the order first, always."""
    order_id = Payment.objects.filter(pk=payment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotVisible
    order = locked_order(order_id)
    return order, Payment.objects.select_for_update(no_key=True).get(pk=payment_id)


def locked_order(order_id: UUID) -> Order:
    found = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("treasury")
    order = found.filter(pk=order_id).first()
    if order is None:
        raise NotVisible
    return order


def settle(order: Order, *, now: datetime, actor: Actor) -> Order:
    """Status, purpose, receipts and the trail, from the rows as they are. The order is locked."""
    payments, refunds = list(order.payments.all()), list(order.refunds.all())
    disputes = list(Dispute.objects.filter(payment__order=order))
    order.status = states.status_of(order, payments, refunds, disputes)
    back = states.given_back(refunds, disputes)
    paid_now = order.paid_at is None and order.placed_at is not None and _is_paid(order, payments)
    if paid_now:
        order.paid_at = now
    told, order.given_back = order.given_back, back
    order.save(update_fields=["status", "paid_at", "given_back", "closed"])
    if paid_now:
        _paid(order, now=now, actor=actor)
    for refund in refunds:
        if refund.state == Refund.State.DONE:
            documents.issue_credit_note(refund=refund, order=order, now=now)
    if back > told:
        record(actor=actor, act=acts.ORDER_GIVEN_BACK, target=order, data={"amount": back - told}, at=now)
        purposes.of(order).handler.refunded(order=order, amount=back - told, now=now)
    return order


def _is_paid(order: Order, payments: list[Payment]) -> bool:
    return states.captured_of(payments) >= order.total and not (order.total == 0 and order.closed)


def _paid(order: Order, *, now: datetime, actor: Actor) -> None:
    documents.issue_receipt(order=order, now=now)
    record(actor=actor, act=acts.ORDER_PAID, target=order, data={"amount": order.total}, at=now)
    if not purposes.of(order).handler.paid(order=order, now=now):
        from .refunding import give_all_back

        give_all_back(order, reason="paid-too-late", now=now, actor=actor)


def _join_payment(payment: Payment, facts: PaymentFacts, now: datetime) -> None:
    if PAYMENT_RANK[facts.state] > PAYMENT_RANK[payment.state]:
        payment.state = facts.state
    if facts.state == Payment.State.SUCCEEDED:
        payment.captured = max(payment.captured, facts.captured)
        payment.settled_at = payment.settled_at or now
    read_at = facts.read_at or now
    is_newest = payment.facts_at is None or read_at >= payment.facts_at
    if facts.fee is not None and (is_newest or payment.fee is None):
        payment.fee = facts.fee
    if facts.application_fee is not None and (is_newest or payment.application_fee is None):
        payment.application_fee = facts.application_fee
    if is_newest:
        payment.facts_at = read_at
    payment.save()


def _join_refund(order: Order, payment: Payment, facts: RefundFacts, now: datetime) -> None:
    refund = payment.refunds.filter(provider_id=facts.provider_id).first()
    if refund is None and facts.refund_id:
        refund = payment.refunds.filter(pk=facts.refund_id, provider_id=None).first()
    if refund is None:  # made at the provider, by hand
        refund = Refund(order=order, payment=payment, amount=facts.amount, asked_at=now, asked_of_provider_at=now)
    refund.provider_id = facts.provider_id
    note_refund(refund, facts.state, now=now, done_on=facts.done_on)


def note_refund(
    refund: Refund, state: str, *, now: datetime, done_on: date | None = None, fault: str = "", actor: Actor = PROVIDER
) -> None:
    """What became of a refund; forward only. Books it when it is done, and back when it failed after all."""
    wanted = "asked" if state == "pending" else state
    if REFUND_RANK[wanted] > REFUND_RANK[refund.state]:
        was, refund.state = refund.state, wanted
        refund.done_at = now if wanted == Refund.State.DONE else refund.done_at
        if wanted == Refund.State.FAILED:
            refund.fault = fault[:300]
            record(actor=actor, act=acts.REFUND_FAILED, target=refund.order, data={"was": was}, at=now)
    refund.save()
    order, day = refund.order, done_on or school_day(now)
    money = money_account(refund.payment, refund.method)
    if refund.state == Refund.State.DONE:
        sides = pair((Kind.REFUNDS, order.purpose), money, refund.amount)
        _book(order, refund.payment, "refund", f"refund:{refund.pk}", sides, day, now)
    booked = LedgerTransaction.objects.filter(treasury_id=order.treasury_id, key=f"refund:{refund.pk}").first()
    if refund.state == Refund.State.FAILED and booked:
        sides = pair(money, (Kind.REFUNDS, order.purpose), refund.amount)
        _book(order, refund.payment, "refund_failed", f"refund:{refund.pk}:failed", sides, day, now, reverses=booked)


def _join_dispute(payment: Payment, facts: DisputeFacts, now: datetime, *, is_newest: bool) -> None:
    row = payment.disputes.filter(provider_id=facts.provider_id).first()
    if row is None:
        row = Dispute(payment=payment, provider_id=facts.provider_id, amount=facts.amount, fee=facts.fee, opened_at=now)
        record(actor=PROVIDER, act=acts.DISPUTE_OPENED, target=payment.order, data={"amount": facts.amount}, at=now)
    if DISPUTE_RANK[facts.state] > DISPUTE_RANK[row.state]:
        row.state = facts.state
    if is_newest:
        row.fee, row.answer_by = facts.fee, facts.answer_by
    row.save()


def _book_payment(order: Order, payment: Payment, day: date, now: datetime) -> None:
    """What the rows of a payment say and the ledger does not say yet."""
    money, key = money_account(payment), f"payment:{payment.pk}"
    income = (Kind.INCOME, order.purpose)
    _book_difference(order, payment, "payment", f"{key}:captured", money, income, payment.captured, day, now)
    fees = (Kind.FEES, payment.provider)
    _book_difference(order, payment, "fee", f"{key}:fee", fees, money, payment.fee or 0, day, now)
    school = (Kind.APPLICATION_FEES, payment.provider)
    _book_difference(
        order,
        payment,
        "application_fee",
        f"{key}:application-fee",
        school,
        money,
        payment.application_fee or 0,
        day,
        now,
    )
    held = (Kind.DISPUTES, payment.provider)
    for dispute in payment.disputes.all():
        mark = f"dispute:{dispute.pk}"
        _book(order, payment, "dispute", mark, pair(held, money, dispute.amount), day, now)
        _book_difference(order, payment, "dispute_fee", f"{mark}:fee", fees, money, dispute.fee, day, now)
        if dispute.state == Dispute.State.OPEN:
            continue
        # a loss that is won after all: the loss comes back
        lost_key, lost = f"{mark}:lost", (Kind.LOSSES, payment.provider)
        if dispute.state == Dispute.State.LOST:
            _book(order, payment, "dispute_lost", lost_key, pair(lost, held, dispute.amount), day, now)
        else:
            was_lost = LedgerTransaction.objects.filter(treasury_id=order.treasury_id, key=lost_key).exists()
            sides = pair(money, lost if was_lost else held, dispute.amount)
            _book(order, payment, "dispute_won", f"{mark}:won", sides, day, now)


def _book_payout(order: Order, payment: Payment, facts: PayoutFacts, now: datetime) -> None:
    """A payout that failed left and came back, in whichever order it is told."""
    money, bank, day = money_account(payment), (Kind.BANK.value, ""), facts.paid_on or school_day(now)
    key = f"payout:{payment.pk}:{facts.provider_id}"
    note = facts.provider_id
    left = _book(order, payment, "payout", key, pair(bank, money, facts.amount), day, now, note=note)
    if facts.state == "failed":
        sides = pair(money, bank, facts.amount)
        _book(order, payment, "payout_failed", f"{key}:failed", sides, day, now, note=note, reverses=left)


def money_account(payment: Payment, method: str = "") -> tuple[str, str]:
    """Where the money of a payment is; for a refund by hand, where it is taken from."""
    if payment.provider in BY_HAND:
        return HAND_ACCOUNTS[method or payment.provider].value, ""
    return Kind.PROVIDER.value, payment.provider


def _book_difference(
    order: Order, payment: Payment, kind: str, key: str, to: tuple[str, str], from_: tuple[str, str], total: int,
    day: date, now: datetime,
) -> None:  # fmt: skip
    """Book what is missing of `total`, or too much of it."""
    booked = LedgerTransaction.objects.filter(treasury_id=order.treasury_id, key__startswith=f"{key}:")
    sides = LedgerEntry.objects.filter(transaction__in=booked, account__kind=to[0], account__qualifier=to[1])
    missing = total - (sides.aggregate(total=Sum("amount"))["total"] or 0)
    if missing:
        _book(order, payment, kind, f"{key}:{booked.count() + 1}", pair(to, from_, missing), day, now)


def _book(
    order: Order, payment: Payment, kind: str, key: str, sides: tuple[Side, Side], day: date, now: datetime, *,
    note: str = "", reverses: LedgerTransaction | None = None,
) -> LedgerTransaction:  # fmt: skip
    return ledger.book(
        treasury_id=order.treasury_id, kind=kind, key=key, sides=sides, day=day, now=now, note=note, order=order,
        payment=payment, reverses=reverses,
    )  # fmt: skip
