"""The state of an order follows from what was paid and what went back, and from nothing else."""

from collections.abc import Iterable

from ..models import Dispute, Order, Payment, Refund

Status = Order.Status


def captured_of(payments: Iterable[Payment]) -> int:
    return sum(payment.captured for payment in payments)


def given_back(refunds: Iterable[Refund], disputes: Iterable[Dispute]) -> int:
    """Refunded, or lost in a dispute: the buyer has it again."""
    refunded = sum(refund.amount for refund in refunds if refund.state == Refund.State.DONE)
    return refunded + sum(dispute.amount for dispute in disputes if dispute.state == Dispute.State.LOST)


def status_of(
    order: Order, payments: Iterable[Payment], refunds: Iterable[Refund], disputes: Iterable[Dispute]
) -> Order.Status:
    disputes = list(disputes)
    captured, back = captured_of(payments), given_back(refunds, disputes)
    if order.placed_at is None:
        return Status.DRAFT
    if captured and any(dispute.state == Dispute.State.OPEN for dispute in disputes):
        return Status.DISPUTED
    if captured and back >= captured:
        return Status.REFUNDED
    if captured >= order.total and not (order.total == 0 and order.closed):
        return Status.PARTLY_REFUNDED if back else Status.PAID
    if order.closed:
        return Status.FAILED if order.closed == Order.Closed.FAILED else Status.EXPIRED
    return Status.AWAITING
