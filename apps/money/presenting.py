"""Money as pages and files show it: words and figures, no rules."""

from dataclasses import dataclass
from typing import Any

from apps.audit.tables import Columns

from . import wording
from .models import LedgerTransaction
from .selectors import Line
from .services.ledger import Side

ORDER_COLUMNS: Columns = {
    "reference": "reference",
    "buyer": "buyer_name",
    "email": "buyer_email",
    "purpose": "purpose",
    "status": "status",
    "total": "total",
    "refunded": "given_back",
    "currency": "currency",
    "created_at": "created_at",
    "paid_at": "paid_at",
}
TREASURY_COLUMNS: Columns = {
    "name": "treasury.name",
    "holder": "treasury.holder_kind",
    "currency": "treasury.currency",
    "collected": "figures.collected",
    "refunded": "figures.refunded",
    "fees": "figures.fees",
    "paid_out": "figures.paid_out",
    "balance": "figures.balance",
    "frozen_at": "treasury.frozen_at",
}
LEDGER_COLUMNS: Columns = {
    "number": "row.sequence",
    "day": "row.day",
    "kind": "row.kind",
    "order": lambda line: line.row.order.reference if line.row.order else "",
    "note": "row.note",
    "entries": lambda line: "; ".join(f"{one.account} {one.amount}" for one in line.row.entries.all()),
    "change": "change",
    "balance": "balance",
    "seal": "row.hash",
}
STATEMENT_COLUMNS: Columns = {"account": lambda row: row[0], "amount": lambda row: row[1]}
OWN_COLUMNS: Columns = {
    "reference": "reference",
    "account": "treasury.name",
    "status": "status",
    "total": "total",
    "refunded": "given_back",
    "currency": "currency",
    "ordered_at": "created_at",
}


@dataclass(frozen=True, slots=True)
class TreasuryRow:
    treasury: Any
    figures: Any


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A line of the journal in words."""

    line: Line
    currency: str

    @property
    def title(self) -> str:
        return wording.kind_text(self.line.row.kind)

    @property
    def entries(self) -> list[tuple[str, int]]:
        return entries_of(self.line.row)

    @property
    def may_be_reversed(self) -> bool:
        return self.line.row.kind == "moved" and not hasattr(self.line.row, "reversed_by")


def entries_of(row: LedgerTransaction) -> list[tuple[str, int]]:
    return [(wording.account_text(one.account.kind, one.account.qualifier), one.amount) for one in row.entries.all()]


def sides_in_words(sides: list[Side]) -> list[tuple[str, int]]:
    return [(wording.account_text(side.kind, side.qualifier), side.amount) for side in sides]
