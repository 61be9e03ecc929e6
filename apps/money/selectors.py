"""What may be seen of money. Whose treasury an actor may see, the kind of its holder says (apps.money.holders)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from apps.core.actor import SCHOOL, Actor
from apps.core.errors import NotVisible

from . import holders
from .models import (
    Document,
    LedgerAccount,
    LedgerEntry,
    LedgerSeal,
    LedgerTransaction,
    MoneyAlarm,
    Order,
    Treasury,
)
from .permissions import MONEY_VIEW

PLACES_OF_MONEY = (
    LedgerAccount.Kind.PROVIDER,
    LedgerAccount.Kind.BANK,
    LedgerAccount.Kind.CASH,
    LedgerAccount.Kind.CHEQUES,
    LedgerAccount.Kind.DISPUTES,
)


def visible_treasuries(*, actor: Actor) -> QuerySet[Treasury]:
    """Those whose money this actor may see. Raises Forbidden when there can be none."""
    MONEY_VIEW.require_held(actor)
    rows = Treasury.objects.order_by("name", "pk")
    if sees_all(actor):
        return rows
    return rows.filter(pk__in=[row.pk for row in rows if MONEY_VIEW.allows(actor, row)])


def sees_all(actor: Actor) -> bool:
    return any(held.scope == SCHOOL and held.gives(MONEY_VIEW) for held in actor.held)


def get_treasury(*, actor: Actor, treasury_id: UUID) -> Treasury:
    """Raises NotVisible."""
    found = Treasury.objects.filter(pk=treasury_id).first()
    if found is None or not MONEY_VIEW.allows(actor, found):
        raise NotVisible
    return found


def school_treasury() -> Treasury | None:
    return Treasury.objects.filter(holder_kind=holders.SCHOOL_KIND, holder_id=None).first()


def visible_orders(
    *, actor: Actor, treasury: Treasury, q: str = "", status: str = "", purpose: str = ""
) -> QuerySet[Order]:
    """Newest first. `q`: the reference, or words of the buyer. Raises Forbidden."""
    MONEY_VIEW.require_held(actor, treasury)
    rows = treasury.orders.select_related("treasury", "buyer").order_by("-created_at", "-id")
    if status:
        rows = rows.filter(status=status)
    if purpose:
        rows = rows.filter(purpose=purpose)
    for word in q.split():
        rows = rows.filter(Q(reference__iexact=word) | Q(buyer_name__icontains=word) | Q(buyer_email__icontains=word))
    return rows


def get_order(*, actor: Actor, order_id: UUID) -> Order:
    """For who may see the treasury. Raises NotVisible."""
    found = Order.objects.select_related("treasury", "buyer").filter(pk=order_id).first()
    if found is None or not MONEY_VIEW.allows(actor, found.treasury):
        raise NotVisible
    return found


def own_orders(*, actor: Actor) -> QuerySet[Order]:
    """What this person ordered."""
    return (
        Order.objects.filter(buyer_id=actor.user_id, placed_at__isnull=False)
        .exclude(buyer_id=None)
        .order_by("-created_at", "-id")
        .select_related("treasury")
        .prefetch_related("documents", "lines")
    )


def get_document(*, actor: Actor, document_id: UUID) -> Document:
    """For the buyer and who may see the treasury. Raises NotVisible."""
    found = Document.objects.select_related("treasury", "order").filter(pk=document_id).first()
    if found is None:
        raise NotVisible
    is_own = actor.user_id is not None and found.order.buyer_id == actor.user_id
    if not is_own and not MONEY_VIEW.allows(actor, found.treasury):
        raise NotVisible
    return found


def balances_of(treasury: Treasury) -> list[tuple[LedgerAccount, int]]:
    """Every account with what its entries sum to."""
    rows = treasury.accounts.annotate(balance=Coalesce(Sum("entries__amount"), 0)).order_by("kind", "qualifier")
    return [(row, int(row.balance)) for row in rows]


def movements(
    *, actor: Actor, treasury: Treasury, since: date | None = None, until: date | None = None
) -> QuerySet[LedgerTransaction]:
    """The journal, newest first; both days included. Raises Forbidden."""
    MONEY_VIEW.require_held(actor, treasury)
    rows = treasury.transactions.order_by("-sequence").select_related("order", "reverses")
    if since:
        rows = rows.filter(day__gte=since)
    if until:
        rows = rows.filter(day__lte=until)
    return rows


def last_seal(treasury: Treasury) -> LedgerSeal | None:
    return treasury.seals.order_by("-checked_at", "-id").first()


def open_alarms(*, actor: Actor) -> QuerySet[MoneyAlarm]:
    visible = visible_treasuries(actor=actor).values("pk")
    return MoneyAlarm.objects.filter(cleared_at=None, treasury__in=visible).select_related("treasury")


def due_orders(now: datetime) -> list[UUID]:
    """Orders nobody paid in time."""
    rows = Order.objects.filter(status=Order.Status.AWAITING, closed="", expires_at__lte=now)
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:500])


@dataclass(frozen=True, slots=True)
class Line:
    """A transaction of the journal: what it changed of the money that is there, and what was there after it."""

    row: LedgerTransaction
    change: int
    balance: int


def journal(rows: Iterable[LedgerTransaction], treasury: Treasury) -> list[Line]:
    """These transactions, newest first, with their running balance. Their entries are fetched at once."""
    shown = list(rows)
    if not shown:
        return []
    entries = LedgerEntry.objects.filter(account__treasury=treasury, account__kind__in=PLACES_OF_MONEY)
    changes = dict(
        entries.filter(transaction__in=shown).order_by().values_list("transaction_id").annotate(total=Sum("amount"))
    )
    balance = _total(entries.filter(transaction__sequence__lte=shown[0].sequence))
    lines, above = [], shown[0].sequence
    for row in shown:
        if row.sequence < above - 1:  # something between is not shown
            balance = _total(entries.filter(transaction__sequence__lte=row.sequence))
        above = row.sequence
        lines.append(Line(row, changes.get(row.pk, 0), balance))
        balance -= changes.get(row.pk, 0)
    return lines


def whole_journal(rows: QuerySet[LedgerTransaction], treasury: Treasury, step: int = 500) -> Iterator[Line]:
    """The same for a file, some at a time."""
    chunk: list[LedgerTransaction] = []
    for row in rows.iterator(chunk_size=step):
        chunk.append(row)
        if len(chunk) == step:
            yield from journal(chunk, treasury)
            chunk = []
    yield from journal(chunk, treasury)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a treasury has taken in and given out, from its ledger."""

    collected: int = 0
    refunded: int = 0
    fees: int = 0
    paid_out: int = 0
    balance: int = 0


def figures_of(treasuries: Iterable[Treasury]) -> Mapping[UUID, Figures]:
    """For many at once, in two queries."""
    kinds = LedgerAccount.Kind
    ids = [treasury.pk for treasury in treasuries]
    entries = LedgerEntry.objects.filter(account__treasury__in=ids).order_by()
    sums: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for treasury_id, kind, total in entries.values_list("account__treasury_id", "account__kind").annotate(
        total=Sum("amount")
    ):
        sums[treasury_id][kind] = int(total)
    out = entries.filter(account__kind=kinds.BANK, transaction__kind__in=("payout", "payout_failed"))
    paid_out = dict(out.values_list("account__treasury_id").annotate(total=Sum("amount")))
    return {
        one: Figures(
            collected=-sums[one][kinds.INCOME],
            refunded=sums[one][kinds.REFUNDS] + sums[one][kinds.LOSSES],
            fees=sums[one][kinds.FEES] + sums[one][kinds.APPLICATION_FEES],
            paid_out=paid_out.get(one, 0),
            balance=sum(sums[one][kind] for kind in PLACES_OF_MONEY),
        )
        for one in ids
    }


def by_month(treasury: Treasury, since: date) -> dict[date, tuple[int, int]]:
    """Collected and refunded of each month since a day."""
    kinds = (LedgerAccount.Kind.INCOME, LedgerAccount.Kind.REFUNDS)
    rows = (
        LedgerEntry.objects.filter(account__treasury=treasury, account__kind__in=kinds, transaction__day__gte=since)
        .annotate(month=TruncMonth("transaction__day"))
        .order_by()
        .values_list("month", "account__kind")
        .annotate(total=Sum("amount"))
    )
    found: dict[date, tuple[int, int]] = {}
    for month, kind, total in rows:
        collected, refunded = found.get(month, (0, 0))
        is_income = kind == LedgerAccount.Kind.INCOME
        found[month] = (collected - int(total), refunded) if is_income else (collected, refunded + int(total))
    return found


@dataclass(frozen=True, slots=True)
class Statement:
    """What a period changed: the opening balance and the changes make the closing balance, by construction."""

    opening: int
    changes: list[tuple[str, str, int]]  # kind and qualifier of the account, and what it changed of the money
    closing: int


def statement(*, actor: Actor, treasury: Treasury, since: date, until: date) -> Statement:
    """Both days included. Raises Forbidden."""
    MONEY_VIEW.require_held(actor, treasury)
    entries = LedgerEntry.objects.filter(account__treasury=treasury).order_by()
    there = entries.filter(account__kind__in=PLACES_OF_MONEY)
    during = entries.exclude(account__kind__in=PLACES_OF_MONEY).filter(
        transaction__day__gte=since, transaction__day__lte=until
    )
    sums = during.values_list("account__kind", "account__qualifier").annotate(total=Sum("amount"))
    changes = sorted((kind, qualifier, -int(total)) for kind, qualifier, total in sums if total)
    return Statement(
        opening=_total(there.filter(transaction__day__lt=since)),
        changes=sorted(changes, key=lambda change: change[2] < 0),
        closing=_total(there.filter(transaction__day__lte=until)),
    )


def _total(entries: QuerySet[LedgerEntry]) -> int:
    return int(entries.aggregate(total=Sum("amount"))["total"] or 0)


def get_movement(*, actor: Actor, treasury: Treasury, sequence: int) -> LedgerTransaction:
    """Raises Forbidden, NotVisible."""
    found = movements(actor=actor, treasury=treasury).prefetch_related("entries__account").filter(sequence=sequence)
    row = found.first()
    if row is None:
        raise NotVisible
    return row
