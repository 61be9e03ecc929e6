"""Opening treasuries, freezing them, moving money between their accounts."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor
from apps.core.errors import Invalid, NotVisible
from apps.tenants.context import current, platform
from apps.tenants.models import School

from .. import acts, holders
from ..clock import school_day
from ..errors import Frozen, NotReversible
from ..models import LedgerAccount, LedgerTransaction, Treasury
from ..permissions import MONEY_FREEZE, MONEY_MANAGE, MONEY_VIEW
from . import ledger

MOVED, REVERSED = "moved", "reversed"
MOVABLE: Final = (LedgerAccount.Kind.CASH, LedgerAccount.Kind.CHEQUES, LedgerAccount.Kind.BANK)


@transaction.atomic
def treasury_of(*, actor: Actor, holder_kind: str, holder_id: UUID | None, now: datetime) -> Treasury:
    """The treasury of a holder, opened when there is none. For apps that own a holder, and for the school."""
    kind = holders.REGISTRY[holder_kind]
    school_id = current().id
    with platform():
        currency = School.objects.values_list("currency", flat=True).get(pk=school_id)
    row, is_new = Treasury.objects.get_or_create(
        holder_kind=holder_kind, holder_id=holder_id,
        defaults={"name": kind.name_of(holder_id)[:150], "currency": currency},
    )  # fmt: skip
    if is_new:
        record(actor=actor, act=acts.TREASURY_OPENED, target=row, at=now)
    return row


def school_treasury(*, actor: Actor, now: datetime) -> Treasury:
    """The school's own, opened once. Raises Forbidden."""
    MONEY_MANAGE.require(actor, SCHOOL)
    return treasury_of(actor=actor, holder_kind=holders.SCHOOL_KIND, holder_id=None, now=now)


@transaction.atomic
def freeze(*, actor: Actor, treasury_id: UUID, reason: str, now: datetime) -> Treasury:
    """Nothing is sold, received by hand, moved or given back until it is released. Safe to repeat. Raises Forbidden."""
    row = locked(actor, treasury_id)
    MONEY_FREEZE.require(actor)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why, for those who work with this account.")]})
    if not row.is_frozen:
        row.frozen_at, row.frozen_because = now, reason.strip()[:500]
        row.save(update_fields=["frozen_at", "frozen_because"])
        record(actor=actor, act=acts.TREASURY_FROZEN, target=row, reason=row.frozen_because, at=now)
    return row


@transaction.atomic
def unfreeze(*, actor: Actor, treasury_id: UUID, now: datetime) -> Treasury:
    """Safe to repeat. Raises Forbidden."""
    row = locked(actor, treasury_id)
    MONEY_FREEZE.require(actor)
    if row.is_frozen:
        row.frozen_at, row.frozen_because = None, ""
        row.save(update_fields=["frozen_at", "frozen_because"])
        record(actor=actor, act=acts.TREASURY_UNFROZEN, target=row, at=now)
    return row


@transaction.atomic
def move(
    *, actor: Actor, treasury_id: UUID, from_: str, to: str, amount: int, now: datetime, key: str,
    day: date | None = None, note: str = "",
) -> LedgerTransaction:  # fmt: skip
    """Cash or cheques to the bank, and the like. `key`: of this wish; sent twice, it moves once."""
    row = locked(actor, treasury_id)
    MONEY_MANAGE.require(actor, row)
    known = LedgerTransaction.objects.filter(treasury=row, key=f"move:{key}").first()
    if known:
        return known
    require_open(row)
    faults: dict[str, list[object]] = {}
    if from_ not in MOVABLE or to not in MOVABLE or from_ == to:
        faults["to"] = [_("Choose two different accounts.")]
    elif amount <= 0:
        faults["amount"] = [_("Enter an amount above zero.")]
    elif amount > ledger.balances(row.pk).get((from_, ""), 0):
        faults["amount"] = [_("There is not so much on this account.")]
    if day and day > school_day(now):
        faults["day"] = [_("This day has not come yet.")]
    if faults:
        raise Invalid(fields=faults)
    booked = ledger.book(
        treasury_id=row.pk, kind=MOVED, key=f"move:{key}", sides=ledger.pair((to, ""), (from_, ""), amount),
        day=day or school_day(now), now=now, note=note.strip()[:300],
    )  # fmt: skip
    data = {"from": from_, "to": to, "amount": amount, "number": booked.sequence}
    record(actor=actor, act=acts.MONEY_MOVED, target=row, data=data, at=now)
    return booked


@transaction.atomic
def reverse(*, actor: Actor, treasury_id: UUID, sequence: int, reason: str, now: datetime) -> LedgerTransaction:
    """Correct a movement by its opposite: nothing is ever changed. Twice is once. Raises NotReversible, Invalid."""
    row = locked(actor, treasury_id)
    MONEY_MANAGE.require(actor, row)
    wrong = row.transactions.filter(sequence=sequence).first()
    if wrong is None:
        raise NotVisible
    known = LedgerTransaction.objects.filter(reverses=wrong).first()
    if known:
        return known
    require_open(row)
    if wrong.kind != MOVED:
        raise NotReversible
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say what was wrong.")]})
    sides = [
        ledger.Side(entry.account.kind, -entry.amount, entry.account.qualifier)
        for entry in wrong.entries.select_related("account")
    ]
    booked = ledger.book(
        treasury_id=row.pk, kind=REVERSED, key=f"reversal:{wrong.pk}", sides=sides, day=school_day(now), now=now,
        note=reason.strip()[:300], reverses=wrong,
    )  # fmt: skip
    data = {"number": wrong.sequence, "by": booked.sequence}
    record(actor=actor, act=acts.MOVE_REVERSED, target=row, reason=reason, data=data, at=now)
    return booked


def require_open(treasury: Treasury) -> None:
    if treasury.is_frozen:
        raise Frozen


def locked(actor: Actor, treasury_id: UUID) -> Treasury:
    """The visible treasury, locked. Raises NotVisible."""
    found = Treasury.objects.select_for_update(no_key=True).filter(pk=treasury_id).first()
    if found is None or not MONEY_VIEW.allows(actor, found):
        raise NotVisible
    return found
