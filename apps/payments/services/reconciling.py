"""Asking providers for what nobody told us (PAY-3), and comparing what they have with the ledger (PAY-4)."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.money.models import LedgerAccount, LedgerEntry, Order, Payment, Refund

from .. import acts
from ..models import AccountAlarm, ProviderAccount, ProviderPayment
from ..providers import stripe_payments
from ..providers.stripe_calls import Calls
from . import payouts
from .noting import note_account
from .reading import facts_of_account, settle_payment

logger = logging.getLogger("campanile.payments")

CLOCK: Final = Actor.system("payment reconciliation")
PATIENCE: Final = timedelta(minutes=3)  # a webhook is there long before
AGAIN: Final = timedelta(days=1)
FOLLOWED: Final = timedelta(days=130)  # how long a buyer's bank may take money back
PAYOUTS_AGAIN: Final = timedelta(hours=1)
PAYOUTS_BACK: Final = timedelta(days=14)
MOST: Final = 200  # payments in one run
Kind = AccountAlarm.Kind


def reconcile(*, now: datetime) -> dict[str, int]:
    """What was asked, what was new by it, and how often a provider gave no answer. Safe to repeat."""
    counts: Counter[str] = Counter()
    for row in ProviderPayment.objects.filter(_due(now)).select_related("payment__order", "account")[:MOST]:
        counts["payments"] += 1
        try:
            counts["corrected"] += _settle(row, now)
        except DomainError as fault:
            counts["unanswered"] += 1
            logger.warning("a payment could not be read", extra={"payment": str(row.pk), "code": fault.code})
    for account in _accounts():
        if account.reconciled_at is None or account.reconciled_at <= now - PAYOUTS_AGAIN:
            counts["unanswered"] += not _read_account(account, counts, now)
    return dict(counts)


def _due(now: datetime) -> Q:
    """Under way for some minutes; with a refund under way; and everything young enough to be taken back, daily."""
    unread = Q(read_at=None) | Q(read_at__lte=now - PATIENCE)
    open_ = Q(payment__state=Payment.State.STARTED, payment__started_at__lte=now - PATIENCE)
    going_back = Q(payment__refunds__state=Refund.State.ASKED, payment__refunds__asked_at__lte=now - PATIENCE)
    young = Q(payment__started_at__gte=now - FOLLOWED, read_at__lte=now - AGAIN)
    ids = ProviderPayment.objects.filter((unread & (open_ | going_back)) | young).values("pk")
    return Q(pk__in=ids)


def _settle(row: ProviderPayment, now: datetime) -> int:
    """Whether there was anything that nobody had told us."""
    payment = row.payment
    before = _seen(payment)
    if payment.state == Payment.State.STARTED and payment.order.status != Order.Status.AWAITING:
        _close_page(payment)
    settle_payment(payment, now=now)
    ProviderPayment.objects.filter(pk=row.pk).update(read_at=now)
    return int(before != _seen(Payment.objects.get(pk=payment.pk)))


def _seen(payment: Payment) -> tuple[object, ...]:
    refunds = payment.refunds.filter(state=Refund.State.DONE).count()
    disputes = tuple(payment.disputes.order_by("pk").values_list("state", flat=True))
    return payment.state, payment.captured, payment.fee, payment.application_fee, refunds, disputes


def _close_page(payment: Payment) -> None:
    """The order needs no money any more: nobody should be able to pay it a second time."""
    if payment.provider == "stripe" and payment.provider_id:
        calls = Calls(payment.is_live, payment.account_ref)
        stripe_payments.close_session(calls, payment.provider_id, key=f"close-{payment.pk}")


def _accounts() -> QuerySet[ProviderAccount]:
    """Those that take money, and those that did."""
    rows = ProviderAccount.objects.exclude(treasury=None)
    return rows.filter(Q(disconnected_at=None) | Q(payments__isnull=False)).distinct().select_related("treasury")


def _read_account(account: ProviderAccount, counts: Counter[str], now: datetime) -> bool:
    """How it does, and what it paid out since the last look. Whether the provider answered."""
    try:
        if account.is_connected:
            note_account(account.provider, account.external_id, account.is_live, facts_of_account(account, now=now))
        if account.provider == "stripe":
            since = (account.reconciled_at or account.connected_at or now) - PAYOUTS_BACK
            for said in payouts.read_since(account, since):
                payouts.note(account, said, now=now)
                counts["payouts"] += 1
    except DomainError as fault:
        logger.warning("an account could not be read", extra={"account": account.external_id, "code": fault.code})
        return False
    ProviderAccount.objects.filter(pk=account.pk).update(reconciled_at=now)
    return True


# --- compared -----------------------------------------------------------------------------------------------


def compare(*, now: datetime) -> dict[str, int]:
    """Is at each account what the ledger says? A difference is an alarm for somebody, until it is gone."""
    counts: Counter[str] = Counter()
    for account in _accounts().filter(provider="stripe"):
        try:
            _read_all(account, now)
            there = _balance_there(account)
        except DomainError:
            counts["unanswered"] += 1
            continue
        here = balance_here(account)
        counts["accounts"] += 1
        counts["differences"] += int(there != here)
        _note_balance(account, there, here, now)
    return dict(counts)


def _read_all(account: ProviderAccount, now: datetime) -> None:
    """What could have changed since it was read, so that only what is really different is one."""
    rows = account.payments.filter(Q(payment__started_at__gte=now - FOLLOWED) | Q(payment__state="started"))
    for row in rows.select_related("payment__order"):
        settle_payment(row.payment, now=now)
    since = (account.reconciled_at or account.connected_at or now) - PAYOUTS_BACK
    for said in payouts.read_since(account, since):
        payouts.note(account, said, now=now)


def _balance_there(account: ProviderAccount) -> int:
    said = Calls(account.is_live, account.external_id).get("/v1/balance") or {}
    currency = account.treasury.currency.lower() if account.treasury else ""
    parts: Iterable[dict[str, int | str]] = [*said.get("available", []), *said.get("pending", [])]
    return sum(int(part["amount"]) for part in parts if part.get("currency") == currency)


def balance_here(account: ProviderAccount) -> int:
    """What the ledger says is still at the provider, of the payments of this account."""
    entries = LedgerEntry.objects.filter(
        account__kind=LedgerAccount.Kind.PROVIDER, transaction__payment__provider=account.provider,
        transaction__payment__account_ref=account.external_id, transaction__payment__is_live=account.is_live,
    )  # fmt: skip
    return entries.aggregate(total=Sum("amount"))["total"] or 0


@transaction.atomic
def _note_balance(account: ProviderAccount, there: int, here: int, now: datetime) -> None:
    row = ProviderAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    row.balance_there, row.balance_here, row.reconciled_at = there, here, now
    row.save(update_fields=["balance_there", "balance_here", "reconciled_at"])
    standing = row.alarms.filter(kind=Kind.DIFFERENCE, cleared_at=None).first()
    if there != here and standing is None:
        AccountAlarm.objects.create(account=row, kind=Kind.DIFFERENCE, opened_at=now)
        data = {"kind": Kind.DIFFERENCE.value, "there": there, "here": here}
        record(actor=CLOCK, act=acts.ALARM_OPENED, target=row, data=data, at=now)
    elif there == here and standing is not None:
        standing.cleared_at = now
        standing.save(update_fields=["cleared_at"])
        record(actor=CLOCK, act=acts.ALARM_CLEARED, target=row, data={"kind": Kind.DIFFERENCE.value}, at=now)
