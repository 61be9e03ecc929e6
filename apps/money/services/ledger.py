"""The ledger: the one way to write it, and the check that it is what it was.

Every transaction is sealed: SHA-256 over its canonical content and the seal of the one before, per treasury. The lock
on the treasury orders the bookings; the database refuses gaps, changes and what does not balance (migration 0002).
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from ..models import LedgerAccount, LedgerEntry, LedgerTransaction, Order, Payment, Treasury

Kind = LedgerAccount.Kind


@dataclass(frozen=True, slots=True)
class Side:
    """`amount`: positive goes to the account, negative leaves it."""

    kind: str
    amount: int
    qualifier: str = ""


def pair(to: tuple[str, str], from_: tuple[str, str], amount: int) -> tuple[Side, Side]:
    """`amount` goes from one account to another; a negative one comes back."""
    return Side(to[0], amount, to[1]), Side(from_[0], -amount, from_[1])


@transaction.atomic
def book(
    *,
    treasury_id: UUID,
    kind: str,
    key: str,
    sides: Iterable[Side],
    day: date,
    now: datetime,
    note: str = "",
    order: Order | None = None,
    payment: Payment | None = None,
    reverses: LedgerTransaction | None = None,
) -> LedgerTransaction:
    """Add a transaction at the end. The same key again changes nothing and returns what is booked."""
    Treasury.objects.select_for_update(no_key=True).get(pk=treasury_id)
    known = LedgerTransaction.objects.filter(treasury_id=treasury_id, key=key).first()
    if known:
        return known
    wanted = [side for side in sides if side.amount]
    last = LedgerTransaction.objects.filter(treasury_id=treasury_id).order_by("-sequence").first()
    row = LedgerTransaction(
        treasury_id=treasury_id, sequence=last.sequence + 1 if last else 1, kind=kind, key=key, day=day, booked_at=now,
        note=note, order=order, payment=payment, reverses=reverses, previous_hash=last.hash if last else "",
    )  # fmt: skip
    row.hash = seal_of(row, [(side.kind, side.qualifier, side.amount) for side in wanted])
    row.save(force_insert=True)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(transaction=row, account=account(treasury_id, side.kind, side.qualifier), amount=side.amount)
        for side in wanted
    )
    return row


def account(treasury_id: UUID, kind: str, qualifier: str = "") -> LedgerAccount:
    return LedgerAccount.objects.get_or_create(treasury_id=treasury_id, kind=kind, qualifier=qualifier)[0]


def balances(treasury_id: UUID) -> dict[tuple[str, str], int]:
    """What each account holds, from its entries and nothing else."""
    rows = LedgerEntry.objects.filter(account__treasury_id=treasury_id)
    sums = rows.values_list("account__kind", "account__qualifier").annotate(total=Sum("amount")).order_by()
    return {(kind, qualifier): int(total) for kind, qualifier, total in sums}


def seal_of(row: LedgerTransaction, sides: Sequence[tuple[str, str, int]]) -> str:
    """The seal of a transaction with these entries after `row.previous_hash`."""
    content: list[Any] = [
        str(row.treasury_id), row.sequence, row.kind, row.key, row.day.isoformat(),
        row.booked_at.astimezone(UTC).isoformat(),
        row.note, str(row.order_id or ""), str(row.payment_id or ""), str(row.reverses_id or ""),
        sorted([kind, qualifier, amount] for kind, qualifier, amount in sides), row.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` of what is wrong at a number of the ledger."""

    code: str
    sequence: int = 0


def faults_of(treasury_id: UUID, since: Iterable[tuple[int, str]] = ()) -> tuple[list[Fault], int, str]:
    """What is wrong, and the head (number, seal). `since`: heads that earlier checks saw, which must still be there."""
    entries: dict[UUID, list[tuple[str, str, int]]] = defaultdict(list)
    sides = LedgerEntry.objects.filter(transaction__treasury_id=treasury_id)
    for row_id, kind, qualifier, amount in sides.values_list(
        "transaction_id", "account__kind", "account__qualifier", "amount"
    ).iterator(chunk_size=5000):
        entries[row_id].append((kind, qualifier, amount))
    found: list[Fault] = []
    number, previous, seen = 0, "", {0: ""}
    rows = LedgerTransaction.objects.filter(treasury_id=treasury_id).order_by("sequence")
    for row in rows.iterator(chunk_size=2000):
        if row.sequence != number + 1:
            found.append(Fault("gap", row.sequence))
        if row.previous_hash != previous or row.hash != seal_of(row, entries[row.pk]):
            found.append(Fault("seal", row.sequence))
        if sum(amount for _kind, _qualifier, amount in entries[row.pk]) != 0:
            found.append(Fault("balance", row.sequence))
        number, previous = row.sequence, row.hash
        seen[number] = row.hash
    found += [Fault("rewritten", sequence) for sequence, hash_ in since if seen.get(sequence) != hash_]
    return found, number, previous
