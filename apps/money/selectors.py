"""What may be seen of money. Whose treasury an actor may see, the kind of its holder says (apps.money.holders)."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

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
    Payment,
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


def due_orders(now: Any) -> Iterable[UUID]:
    """Orders nobody paid in time."""
    rows = Order.objects.filter(status=Order.Status.AWAITING, closed="", expires_at__lte=now)
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:500])


def payments_of_orders(orders: Iterable[Order]) -> QuerySet[Payment]:
    return Payment.objects.filter(order__in=orders)


def with_running_balance(rows: QuerySet[LedgerTransaction], treasury: Treasury) -> QuerySet[LedgerTransaction]:
    """Each transaction with what it changed of the money that is there, and what was there after it."""
    money = LedgerEntry.objects.filter(account__kind__in=PLACES_OF_MONEY, account__treasury=treasury)
    own = money.filter(transaction=OuterRef("pk")).order_by().values("transaction").annotate(total=Sum("amount"))
    so_far = (
        money.filter(transaction__sequence__lte=OuterRef("sequence"))
        .order_by()
        .values("account__treasury")
        .annotate(total=Sum("amount"))
    )
    return rows.annotate(
        change=Coalesce(Subquery(own.values("total")), 0), balance=Coalesce(Subquery(so_far.values("total")), 0)
    )
