"""Making orders, recording money received by hand, and ending what nobody pays."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import find_by_email
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from .. import acts, purposes
from ..clock import school_day
from ..errors import NotPayable, PaidMeanwhile
from ..models import Order, OrderLine, Payment, Treasury
from ..permissions import MONEY_MANAGE, MONEY_VIEW
from ..providers import BY_HAND
from . import ledger, settling, treasuries

Status = Order.Status
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nobody reads O for 0
MOST: Final = 10**10  # minor units of one order
OLDEST: Final = timedelta(days=366 * 2)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    unit_amount: int
    quantity: int = 1
    tax_text: str = ""


@transaction.atomic
def create_order(
    *, actor: Actor, treasury_id: UUID, lines: Sequence[Line], now: datetime, buyer_id: UUID | None = None,
    buyer_name: str = "", buyer_email: str = "", expires_at: datetime | None = None, key: str = "",
) -> Order:  # fmt: skip
    """A sale or gift by hand, to be paid. Somebody known by their address finds it among their payments.

    `key`: of this wish; sent twice, it makes one order. Raises Forbidden.
    """
    treasury = treasuries.locked(actor, treasury_id)
    MONEY_MANAGE.require(actor, treasury)
    known = find_by_email(buyer_email.strip()) if buyer_email.strip() and buyer_id is None else None
    return place_order(
        actor=actor, treasury=treasury, purpose=purposes.OTHER, lines=lines, now=now,
        buyer_id=known.pk if known else buyer_id, buyer_name=buyer_name, buyer_email=buyer_email,
        expires_at=expires_at, key=key,
    )  # fmt: skip


@transaction.atomic
def place_order(
    *, actor: Actor, treasury: Treasury, purpose: str, lines: Sequence[Line], now: datetime,
    purpose_id: UUID | None = None, buyer_id: UUID | None = None, buyer_name: str = "", buyer_email: str = "",
    expires_at: datetime | None = None, key: str = "",
) -> Order:  # fmt: skip
    """For apps that sell something: they say who may buy it. Free of charge, it is paid at once."""
    known = Order.objects.filter(key=key).first() if key else None
    if known:
        return known
    treasuries.require_open(treasury)
    buyer = User.objects.filter(pk=buyer_id).first() if buyer_id else None
    if buyer:
        buyer_name, buyer_email = buyer_name or buyer.name, buyer_email or buyer.email
    _check(lines, buyer_name, buyer_email, missing=buyer_id is not None and buyer is None)
    order = Order.objects.create(
        treasury=treasury, reference=_new_reference(), buyer=buyer, buyer_name=buyer_name.strip(),
        buyer_email=buyer_email.strip(), purpose=purpose, purpose_id=purpose_id, status=Status.AWAITING,
        currency=treasury.currency, total=sum(line.quantity * line.unit_amount for line in lines),
        expires_at=expires_at, created_at=now, placed_at=now, key=key or None,
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, position=position, text=line.text.strip(), quantity=line.quantity,
            unit_amount=line.unit_amount, tax_text=line.tax_text.strip(),
        )
        for position, line in enumerate(lines, start=1)
    )  # fmt: skip
    data = {"total": order.total, "currency": order.currency, "purpose": purpose}
    record(actor=actor, act=acts.ORDER_CREATED, target=order, data=data, at=now)
    return settling.settle(order, now=now, actor=actor)


@transaction.atomic
def record_payment(
    *, actor: Actor, order_id: UUID, method: str, amount: int, now: datetime, received_on: date | None = None,
    reference: str = "", key: str = "",
) -> Payment:  # fmt: skip
    """Cash, a transfer or a cheque was received. `key`: of this wish; sent twice, it is received once."""
    order = visible_locked(actor, order_id)
    MONEY_MANAGE.require(actor, order.treasury)
    known = Payment.objects.filter(key=key).first() if key else None
    if known:
        return known
    treasuries.require_open(order.treasury)
    day = received_on or school_day(now)
    left = order.total - sum(payment.captured for payment in order.payments.all())
    if order.status == Status.DRAFT or order.closed:
        raise NotPayable
    if left <= 0:
        raise PaidMeanwhile
    faults: dict[str, list[Any]] = {}
    if method not in BY_HAND:
        faults["method"] = [_("Choose cash, a transfer or a cheque.")]
    if not 0 < amount <= left:
        faults["amount"] = [_("Enter an amount above zero, and at most what is still to be paid.")]
    if not school_day(now) - OLDEST <= day <= school_day(now):
        faults["received_on"] = [_("Enter the day it was received: today or before.")]
    if faults:
        raise Invalid(fields=faults)
    payment = Payment.objects.create(
        order=order, provider=method, state=Payment.State.SUCCEEDED, amount=amount, captured=amount, received_on=day,
        reference=reference.strip()[:120], started_at=now, settled_at=now, key=key or None,
    )  # fmt: skip
    ledger.book(
        treasury_id=order.treasury_id, kind="payment", key=f"payment:{payment.pk}:captured:1",
        sides=ledger.pair(settling.money_account(payment), (ledger.Kind.INCOME, order.purpose), amount), day=day,
        now=now, order=order, payment=payment,
    )  # fmt: skip
    data = {"amount": amount, "by": method, "received_on": day}
    record(actor=actor, act=acts.PAYMENT_RECORDED, target=order, data=data, at=now)
    settling.settle(order, now=now, actor=actor)
    return payment


@transaction.atomic
def begin_payment(
    *, order_id: UUID, provider: str, now: datetime, account_ref: str = "", is_live: bool = True
) -> Payment:
    """A payment at a provider, for what is still to be paid: the same one as long as it is under way.

    The caller says who may pay, asks the provider afterwards, outside of the transaction, and notes what it says.
    """
    order = settling.locked_order(order_id)
    treasuries.require_open(order.treasury)
    if order.status != Status.AWAITING or (order.expires_at and order.expires_at <= now):
        raise NotPayable
    open_ = order.payments.filter(provider=provider, account_ref=account_ref, state=Payment.State.STARTED)
    known = open_.exclude(url_expires_at__lte=now).first()
    left = order.total - sum(payment.captured for payment in order.payments.all())
    if known and known.amount == left:
        return known
    return Payment.objects.create(
        order=order, provider=provider, account_ref=account_ref, is_live=is_live, amount=left, started_at=now
    )


@transaction.atomic
def note_checkout(
    *, payment_id: UUID, url: str, provider_id: str, expires_at: datetime | None, now: datetime
) -> Payment:
    """Where the buyer pays, as the provider answered. Safe to repeat."""
    _order, payment = settling.locked_payment(payment_id)
    payment.url, payment.provider_id, payment.url_expires_at = url, provider_id, expires_at
    payment.save(update_fields=["url", "provider_id", "url_expires_at"])
    return payment


@transaction.atomic
def cancel_order(*, actor: Actor, order_id: UUID, now: datetime) -> Order:
    """Nobody is going to pay it. Safe to repeat. Raises Forbidden, PaidMeanwhile."""
    order = visible_locked(actor, order_id)
    MONEY_MANAGE.require(actor, order.treasury)
    if order.closed:
        return order
    if order.paid_at or order.payments.filter(captured__gt=0).exists():
        raise PaidMeanwhile
    return _close(order, Order.Closed.CANCELLED, act=acts.ORDER_CANCELLED, actor=actor, now=now)


@transaction.atomic
def expire_order(*, actor: Actor, order_id: UUID, now: datetime) -> bool:
    """Time ran out: what was held is released. Whether it did anything; safe to repeat."""
    order = settling.locked_order(order_id)
    if order.closed or order.status != Status.AWAITING or order.expires_at is None or order.expires_at > now:
        return False
    if order.payments.filter(captured__gt=0).exists():  # paid in part: for the treasurer to decide
        return False
    failed = order.payments.filter(state=Payment.State.FAILED).exists()
    reason = Order.Closed.FAILED if failed else Order.Closed.EXPIRED
    _close(order, reason, act=acts.ORDER_EXPIRED, actor=actor, now=now)
    return True


def _close(order: Order, reason: str, *, act: str, actor: Actor, now: datetime) -> Order:
    order.closed = reason
    record(actor=actor, act=act, target=order, at=now)
    settling.settle(order, now=now, actor=actor)
    purposes.of(order).handler.expired(order=order, now=now)
    return order


def visible_locked(actor: Actor, order_id: UUID) -> Order:
    """The order, locked, for who may see its treasury. Raises NotVisible."""
    order = settling.locked_order(order_id)
    if not MONEY_VIEW.allows(actor, order.treasury):
        raise NotVisible
    return order


def _check(lines: Sequence[Line], name: str, email: str, *, missing: bool) -> None:
    faults: dict[str, list[Any]] = {}
    if missing:
        faults["buyer"] = [_("There is no such person.")]
    elif not name.strip() or len(name) > 200:
        faults["buyer_name"] = [_("Say who buys it.")]
    if email and ("@" not in email or len(email) > 254):
        faults["buyer_email"] = [_("Enter a valid e-mail address, or leave it empty.")]
    bad = any(
        not line.text.strip() or len(line.text) > 200 or len(line.tax_text) > 120 or line.quantity < 1
        or line.unit_amount < 0
        for line in lines
    )  # fmt: skip
    if not lines or bad:
        faults["lines"] = [_("Every line needs a text, a quantity and a price.")]
    elif sum(line.quantity * line.unit_amount for line in lines) > MOST:
        faults["lines"] = [_("That is more than an order can be.")]
    if faults:
        raise Invalid(fields=faults)


def _new_reference() -> str:
    return "".join(secrets.choice(LETTERS) for _number in range(8))
