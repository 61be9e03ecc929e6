"""Giving money back: whole, a part, or by line. A provider is asked for its part after the commit, until it answers.

Two who refund the same order at once line up at its lock; the second is told that somebody was first (or, for the
whole, finds it done).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.tenants.jobs import enqueue

from .. import acts, providers
from ..errors import RefundedMeanwhile, TooMuch
from ..models import Dispute, Order, Payment, Refund, RefundLine
from ..permissions import MONEY_REFUND
from ..providers import BY_HAND
from . import ledger, settling, treasuries
from .ledger import Side
from .orders import visible_locked

AGAIN_AFTER: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a refund goes back by one payment."""

    payment: Payment
    amount: int


def refunded_or_asked(order: Order) -> int:
    """What went back or is about to, of the order."""
    asked = order.refunds.exclude(state=Refund.State.FAILED).aggregate(total=Sum("amount"))["total"] or 0
    return asked + _disputed(order.payments.all())


def refundable(order: Order) -> int:
    return sum(share.amount for share in _left(order))


def _left(order: Order) -> list[Share]:
    """What can still go back by each payment: never what its buyer's bank already took."""
    shares = []
    for payment in order.payments.filter(captured__gt=0).order_by("started_at", "pk"):
        asked = payment.refunds.exclude(state=Refund.State.FAILED).aggregate(total=Sum("amount"))["total"] or 0
        shares.append(Share(payment, max(payment.captured - asked - _disputed([payment]), 0)))
    return [share for share in shares if share.amount]


def _disputed(payments: Any) -> int:
    rows = Dispute.objects.filter(payment__in=list(payments)).exclude(state=Dispute.State.WON)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def shares_of(order: Order, amount: int) -> list[Share]:
    """By which payments an amount goes back. Raises TooMuch."""
    left, shares = amount, []
    for share in _left(order):
        part = min(share.amount, left)
        if part:
            shares.append(Share(share.payment, part))
            left -= part
    if left:
        raise TooMuch
    return shares


def lines_left(order: Order) -> dict[UUID, int]:
    """How many of each line were not refunded by line."""
    taken = RefundLine.objects.filter(line__order=order).exclude(refund__state=Refund.State.FAILED)
    counts = dict(taken.values_list("line_id").annotate(total=Sum("quantity")))
    return {line.pk: line.quantity - counts.get(line.pk, 0) for line in order.lines.all()}


def amount_of(order: Order, *, amount: int | None, quantities: Mapping[UUID, int] | None) -> int:
    """What a wish comes to: by line, a part, or all that is left. Raises Invalid, TooMuch."""
    if quantities:
        left, prices = lines_left(order), {line.pk: line.unit_amount for line in order.lines.all()}
        if any(line_id not in left or not 0 < count <= left[line_id] for line_id, count in quantities.items()):
            raise TooMuch
        wanted = sum(prices[line_id] * count for line_id, count in quantities.items())
    else:
        wanted = refundable(order) if amount is None else amount
    if wanted <= 0:
        raise Invalid(fields={"amount": [_("There is nothing to give back. Enter an amount above zero.")]})
    if wanted > refundable(order):
        raise TooMuch
    return wanted


def preview(
    *, order: Order, amount: int | None = None, quantities: Mapping[UUID, int] | None = None, method: str = ""
) -> list[Side]:
    """The entries that a wish would book. Raises as the act does."""
    wanted = amount_of(order, amount=amount, quantities=quantities)
    sides: list[Side] = []
    for share in shares_of(order, wanted):
        money = settling.money_account(share.payment, method if share.payment.provider in BY_HAND else "")
        sides += ledger.pair((ledger.Kind.REFUNDS.value, order.purpose), money, share.amount)
    return sides


@transaction.atomic
def refund_order(
    *, actor: Actor, order_id: UUID, seen: int, now: datetime, amount: int | None = None,
    quantities: Mapping[UUID, int] | None = None, method: str = "", reason: str = "",
) -> list[Refund]:  # fmt: skip
    """Give back `quantities` of lines, or `amount`, or all that is left.

    `seen`: what was refunded (or asked) already when the treasurer decided; anything else means that somebody was
    first. Asking for the whole of what is wholly refunded finds those refunds. Raises Forbidden, RefundedMeanwhile.
    """
    order = visible_locked(actor, order_id)
    MONEY_REFUND.require(actor, order.treasury)
    already = refunded_or_asked(order)
    if amount is None and not quantities and already and not refundable(order):
        return list(order.refunds.exclude(state=Refund.State.FAILED))
    treasuries.require_open(order.treasury)
    if already != seen:
        raise RefundedMeanwhile
    if method and method not in BY_HAND:
        raise Invalid(fields={"method": [_("Choose cash, a transfer or a cheque.")]})
    wanted = amount_of(order, amount=amount, quantities=quantities)
    made = _ask(order, shares_of(order, wanted), method=method, reason=reason, now=now, actor=actor)
    RefundLine.objects.bulk_create(
        RefundLine(refund=made[0], line_id=line_id, quantity=count) for line_id, count in (quantities or {}).items()
    )
    _carry_out_by_hand(made, now=now, actor=actor)
    settling.settle(order, now=now, actor=actor)
    return made


def give_all_back(order: Order, *, reason: str, now: datetime, actor: Actor) -> list[Refund]:
    """What was paid for something that is gone. The order is locked. Also of a frozen treasury: it is not its money."""
    shares = _left(order)
    made = _ask(order, shares, method="", reason=reason, now=now, actor=actor) if shares else []
    _carry_out_by_hand(made, now=now, actor=actor)
    return made


def _ask(order: Order, shares: list[Share], *, method: str, reason: str, now: datetime, actor: Actor) -> list[Refund]:
    made = [
        Refund.objects.create(
            order=order, payment=share.payment, amount=share.amount, reason=reason.strip()[:300], asked_at=now,
            method=(method or share.payment.provider) if share.payment.provider in BY_HAND else "",
        )
        for share in shares
    ]  # fmt: skip
    data = {"amount": sum(refund.amount for refund in made), "by": [share.payment.provider for share in shares]}
    record(actor=actor, act=acts.REFUND_ASKED, target=order, reason=reason, data=data, at=now)
    for refund in made:
        if refund.payment.provider not in BY_HAND:
            enqueue("money.carry_out", refund_id=str(refund.pk))
    return made


def _carry_out_by_hand(refunds: list[Refund], *, now: datetime, actor: Actor) -> None:
    """Who gives cash back by hand has done it by saying so."""
    for refund in refunds:
        if refund.payment.provider in BY_HAND:
            settling.note_refund(refund, Refund.State.DONE, now=now, actor=actor)


def carry_out(*, refund_id: UUID, now: datetime) -> str:
    """Ask the provider, outside of any transaction, and note its answer. Safe to repeat: its key is the refund's."""
    refund = Refund.objects.select_related("payment", "order").filter(pk=refund_id).first()
    provider = providers.get(refund.payment.provider) if refund else None
    if refund is None or provider is None or refund.state != Refund.State.ASKED or refund.asked_of_provider_at:
        return "nothing-to-do"
    try:
        answer = provider.refund(refund=refund, now=now)
    except DomainError as error:
        Refund.objects.filter(pk=refund_id).update(tries=refund.tries + 1, fault=str(error)[:300])
        return "again"
    return _note_answer(refund_id, answer, now=now)


@transaction.atomic
def _note_answer(refund_id: UUID, answer: providers.RefundAsked, *, now: datetime) -> str:
    order = settling.locked_order(Refund.objects.values_list("order_id", flat=True).get(pk=refund_id))
    refund = Refund.objects.select_related("payment", "order__treasury").get(pk=refund_id)
    refund.asked_of_provider_at = now
    refund.provider_id = refund.provider_id or answer.provider_id
    settling.note_refund(refund, answer.state, now=now, fault=answer.fault)
    settling.settle(order, now=now, actor=settling.PROVIDER)
    return answer.state


def waiting(now: datetime) -> list[UUID]:
    """Refunds that no provider has taken on yet, some minutes after they were asked."""
    rows = Refund.objects.filter(state=Refund.State.ASKED, asked_of_provider_at=None, asked_at__lte=now - AGAIN_AFTER)
    return list(rows.exclude(Q(payment__provider__in=BY_HAND)).values_list("pk", flat=True)[:200])
