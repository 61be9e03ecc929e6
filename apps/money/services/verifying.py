"""Every night each ledger is checked against itself and the rows that it books; a difference is an alarm for people."""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.alarms import close_row, keep_up

from .. import acts
from ..hooks import alarm_raised
from ..models import Dispute, LedgerAccount, LedgerSeal, MoneyAlarm, Order, Payment, Refund, Treasury
from ..permissions import MONEY_MANAGE
from . import ledger, states, treasuries
from .ledger import Fault

CLOCK = Actor.system("money check")
STUCK_AFTER: Final = timedelta(hours=1)
MOST_SHOWN: Final = 50
Kind = LedgerAccount.Kind


@transaction.atomic
def verify(*, treasury_id: UUID, now: datetime) -> LedgerSeal:
    """Check one ledger and write down what was found. Bookings wait meanwhile, so it is a picture of one moment."""
    treasury = Treasury.objects.select_for_update(no_key=True).get(pk=treasury_id)
    heads = treasury.seals.exclude(sequence=0).values_list("sequence", "hash").distinct()
    found, number, seal = ledger.faults_of(treasury_id, heads)
    found += _differences(treasury)
    faults = [{"code": fault.code, "number": fault.sequence} for fault in found[:MOST_SHOWN]]
    return LedgerSeal.objects.create(treasury=treasury, checked_at=now, sequence=number, hash=seal, faults=faults)


def check_now(*, actor: Actor, treasury_id: UUID, now: datetime) -> LedgerSeal:
    """The same, because somebody wants to know. Raises Forbidden, NotVisible."""
    with transaction.atomic():
        MONEY_MANAGE.require(actor, treasuries.locked(actor, treasury_id))
    seal = verify(treasury_id=treasury_id, now=now)
    watch(now=now)
    return seal


def verify_all(*, now: datetime) -> dict[str, int]:
    """Every ledger of the school, then the alarms. How many were checked, and how many are off."""
    ids = list(Treasury.objects.order_by("pk").values_list("pk", flat=True))
    seals = [verify(treasury_id=treasury_id, now=now) for treasury_id in ids]
    watch(now=now)
    return {"checked": len(seals), "off": sum(bool(seal.faults) for seal in seals)}


def _differences(treasury: Treasury) -> list[Fault]:
    """Where the ledger and the rows it books disagree, and orders whose state is not what follows."""
    sums: dict[str, int] = {}
    for (kind, _qualifier), total in ledger.balances(treasury.pk).items():
        sums[kind] = sums.get(kind, 0) + total
    payments = Payment.objects.filter(order__treasury=treasury)
    refunds = Refund.objects.filter(order__treasury=treasury, state=Refund.State.DONE)
    disputes = Dispute.objects.filter(payment__order__treasury=treasury)
    of_disputes = _sum(disputes, "fee")
    wanted = {
        Kind.INCOME: -_sum(payments, "captured"),
        Kind.FEES: _sum(payments, "fee") + of_disputes,
        Kind.APPLICATION_FEES: _sum(payments, "application_fee"),
        Kind.REFUNDS: _sum(refunds, "amount"),
        Kind.DISPUTES: _sum(disputes.filter(state=Dispute.State.OPEN), "amount"),
        Kind.LOSSES: _sum(disputes.filter(state=Dispute.State.LOST), "amount"),
    }
    found = [Fault(f"differs:{kind}") for kind, total in wanted.items() if sums.get(kind, 0) != total]
    return found + _wrong_orders(treasury)


def _wrong_orders(treasury: Treasury) -> list[Fault]:
    orders = treasury.orders.prefetch_related("payments__disputes", "refunds")
    return [
        Fault(f"order:{order.reference}")
        for order in orders.iterator(chunk_size=1000)
        if order.status != follows(order)
    ]


def follows(order: Order) -> Order.Status:
    """The status that follows from an order's payments, refunds and disputes."""
    payments = list(order.payments.all())
    disputes = [dispute for payment in payments for dispute in payment.disputes.all()]
    return states.status_of(order, payments, order.refunds.all(), disputes)


def _sum(rows: Any, column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Open and close alarms: ledgers that are off, refunds that no provider takes. How many are open."""
    wanted: dict[Hashable, tuple[str, Treasury, str]] = {}
    for treasury in Treasury.objects.all():
        seal = treasury.seals.order_by("-checked_at", "-id").first()
        if seal is not None and seal.faults:
            wanted[(treasury.pk, MoneyAlarm.Kind.LEDGER.value, "")] = (MoneyAlarm.Kind.LEDGER, treasury, "")
    stuck = Refund.objects.select_related("order__treasury").filter(
        state=Refund.State.ASKED, asked_of_provider_at=None, asked_at__lte=now - STUCK_AFTER
    )
    for refund in stuck:
        treasury, about = refund.order.treasury, refund.order.reference
        wanted[(treasury.pk, MoneyAlarm.Kind.REFUND.value, about)] = (MoneyAlarm.Kind.REFUND, treasury, about)
    standing = MoneyAlarm.objects.select_for_update(of=("self",)).filter(cleared_at=None).select_related("treasury")

    def open_(found: tuple[str, Treasury, str]) -> None:
        kind, treasury, about = found
        alarm = MoneyAlarm.objects.create(kind=kind, treasury=treasury, about=about, opened_at=now)
        alarm.told = sum(alarm_raised.send(alarm=alarm, now=now))
        alarm.save(update_fields=["told"])
        data = {"kind": kind, "about": about}
        record(actor=CLOCK, act=acts.ALARM_OPENED, target=treasury, data=data, at=now)

    def close(alarm: MoneyAlarm) -> None:
        close_row(alarm, now)
        record(actor=CLOCK, act=acts.ALARM_CLEARED, target=alarm.treasury, data={"kind": alarm.kind}, at=now)

    keep_up(
        standing, wanted, key=lambda row: (row.treasury_id, row.kind, row.about), open_=open_,
        follow=lambda row, found: None, close=close,
    )  # fmt: skip
    return len(wanted)
