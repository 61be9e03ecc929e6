"""Orders and money received by hand: who may, once, and what follows."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Held, Role, Scope
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.money import holders, purposes, selectors
from apps.money.errors import Frozen, NotPayable, PaidMeanwhile
from apps.money.models import Document, Order, Payment, Treasury
from apps.money.purposes import Purpose
from apps.money.services import ledger, orders, treasuries
from apps.money.services.orders import Line

from .conftest import NOW, TREASURER, fresh, order_of, pay


class Seats:
    """A purpose that holds something and writes down what it was told."""

    def __init__(self, there: bool = True) -> None:
        self.there, self.told = there, []

    def paid(self, *, order, now):
        self.told.append("paid")
        return self.there

    def refunded(self, *, order, amount, now):
        self.told.append(f"refunded {amount}")

    def expired(self, *, order, now):
        self.told.append("expired")


@pytest.fixture
def seats():
    handler = Seats()
    purposes.register(Purpose("seats", "Seats", handler))
    yield handler
    del purposes.REGISTRY["seats"]


def seat(treasury, **fields) -> Order:
    fields = {"buyer_name": "Camille Martin", **fields}
    return orders.place_order(
        actor=TREASURER, treasury=treasury, purpose="seats", lines=[Line("Seat", 2000)], now=NOW, **fields
    )


def test_an_order_is_paid_by_hand_in_two_parts(treasury):
    order = order_of(treasury, 1000, 2000)
    assert (order.total, order.status, len(order.reference)) == (3000, "awaiting_payment", 8)
    pay(order, 1000, "cash")
    assert fresh(order).status == "awaiting_payment"
    pay(order, 2000, "cheque")
    assert (fresh(order).status, fresh(order).paid_at) == ("paid", NOW)
    assert ledger.balances(treasury.pk) == {("cash", ""): 1000, ("cheques", ""): 2000, ("income", "other"): -3000}
    assert Document.objects.get().content["methods"] == ["cash", "cheque"]
    trail = AuditEvent.objects.filter(target_id=str(order.pk)).order_by("at", "id")
    assert list(trail.values_list("act", flat=True)) == [
        "money.order_created", "money.payment_recorded", "money.payment_recorded", "money.order_paid",
    ]  # fmt: skip


def test_the_same_wish_sent_twice_is_one(treasury):
    first, second = (order_of(treasury, 3000, key="k") for _twice in range(2))
    assert first == second
    assert pay(first, 1000, key="p") == pay(first, 1000, key="p")
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("method", ["barter", "card", ""])
def test_only_what_hands_can_receive(treasury, method):
    with pytest.raises(Invalid) as refused:
        pay(order_of(treasury), 3000, method)
    assert "method" in refused.value.fields


@pytest.mark.parametrize("amount", [3001, -1])
def test_no_more_than_is_due_is_received(treasury, amount):
    with pytest.raises(Invalid) as refused:
        pay(order_of(treasury), amount)
    assert "amount" in refused.value.fields
    assert not ledger.balances(treasury.pk)


def test_nothing_is_received_in_the_future_or_after_all_is_paid(treasury):
    order = order_of(treasury)
    with pytest.raises(Invalid):
        pay(order, received_on=(NOW + timedelta(days=1)).date())
    pay(order)
    with pytest.raises(PaidMeanwhile):
        pay(order, 100)


def test_the_day_is_the_day_of_the_school(treasury):
    """At half past eleven in the evening of London it is tomorrow in Paris."""
    order = order_of(treasury)
    late = NOW.replace(hour=23, minute=30)
    orders.record_payment(actor=TREASURER, order_id=order.pk, method="cash", amount=3000, now=late)
    assert treasury.transactions.get().day == (NOW + timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("lines", "field"),
    [([], "lines"), ([Line(" ", 100)], "lines"), ([Line("A", 100, 0)], "lines"), ([Line("A", 10**9, 11)], "lines")],
)
def test_what_makes_no_order(treasury, lines, field):
    with pytest.raises(Invalid) as refused:
        orders.create_order(actor=TREASURER, treasury_id=treasury.pk, lines=lines, now=NOW, buyer_name="C")
    assert field in refused.value.fields
    assert not Order.objects.exists()


def test_a_free_order_is_paid_at_once_without_a_receipt(treasury):
    order = order_of(treasury, 0)
    assert order.status == "paid"
    assert not Document.objects.exists()


def test_the_purpose_is_told_once_each(treasury, seats):
    order = seat(treasury)
    pay(order)
    pay_again = order_of(treasury, 10)
    pay(pay_again)
    assert seats.told == ["paid"]


def test_what_nobody_pays_in_time_is_released_once(treasury, seats):
    order = seat(treasury, expires_at=NOW + timedelta(minutes=15))
    assert not orders.expire_order(actor=TREASURER, order_id=order.pk, now=NOW)
    later = NOW + timedelta(minutes=15)
    assert selectors.due_orders(later) == [order.pk]
    assert orders.expire_order(actor=TREASURER, order_id=order.pk, now=later)
    assert not orders.expire_order(actor=TREASURER, order_id=order.pk, now=later)
    assert (fresh(order).status, seats.told) == ("expired", ["expired"])
    with pytest.raises(NotPayable):
        pay(order)


def test_an_order_is_cancelled_once_and_never_when_money_came(treasury, seats):
    order, other = seat(treasury), seat(treasury)
    for _twice in range(2):
        orders.cancel_order(actor=TREASURER, order_id=order.pk, now=NOW)
    assert seats.told == ["expired"]
    pay(other, 500)
    with pytest.raises(PaidMeanwhile):
        orders.cancel_order(actor=TREASURER, order_id=other.pk, now=NOW)


def test_a_handler_that_refuses_undoes_the_payment(treasury, seats, monkeypatch):
    def full(**_news):
        raise Invalid("full")

    monkeypatch.setattr(seats, "paid", full)
    order = seat(treasury)
    with pytest.raises(Invalid):
        pay(order)
    assert not Payment.objects.exists()
    assert not ledger.balances(treasury.pk)


def test_a_frozen_treasury_takes_nothing_and_says_why(treasury):
    order = order_of(treasury)
    treasuries.freeze(actor=TREASURER, treasury_id=treasury.pk, reason="Audit", now=NOW)
    for act in (lambda: order_of(treasury), lambda: pay(order)):
        with pytest.raises(Frozen):
            act()
    treasuries.unfreeze(actor=TREASURER, treasury_id=treasury.pk, now=NOW)
    pay(order)
    assert fresh(order).status == "paid"


def test_only_the_school_freezes(treasury):
    club = Scope("association", uuid4())
    treasurer = Actor("T", user_id=uuid4(), held=(Held(Role.CUSTOM, club, permissions=frozenset({"money.manage"})),))
    with pytest.raises((Forbidden, NotVisible)):
        treasuries.freeze(actor=treasurer, treasury_id=treasury.pk, reason="x", now=NOW)


@pytest.fixture
def clubs(treasury):
    """Two treasuries of another kind of holder, each with a treasurer of its own."""
    kind = holders.HolderKind(
        "association", "Association", name_of=lambda id_: f"Club {id_}",
        scopes_of=lambda id_: (Scope("association", id_),),
    )  # fmt: skip
    holders.register(kind)
    ids = [uuid4(), uuid4()]
    rows = [treasuries.treasury_of(actor=TREASURER, holder_kind="association", holder_id=one, now=NOW) for one in ids]
    codes = frozenset({"money.view", "money.manage", "money.refund"})
    people = [
        Actor("T", user_id=uuid4(), held=(Held(Role.CUSTOM, Scope("association", one), permissions=codes),))
        for one in ids
    ]
    yield list(zip(rows, people, strict=True))
    del holders.REGISTRY["association"]


def test_a_treasurer_sees_and_sells_for_their_own_club_only(treasury, clubs):
    (mine, me), (theirs, _other) = clubs
    assert list(selectors.visible_treasuries(actor=me)) == [mine]
    made = orders.create_order(
        actor=me, treasury_id=mine.pk, lines=[Line("Fee", 500)], now=NOW, buyer_name="Camille Martin"
    )
    assert selectors.get_order(actor=me, order_id=made.pk) == made
    for hidden in (theirs, treasury):
        foreign = order_of(hidden)
        with pytest.raises(NotVisible):
            orders.create_order(actor=me, treasury_id=hidden.pk, lines=[Line("Fee", 500)], now=NOW, buyer_name="C")
        with pytest.raises(NotVisible):
            selectors.get_order(actor=me, order_id=foreign.pk)
        with pytest.raises(NotVisible):
            orders.record_payment(actor=me, order_id=foreign.pk, method="cash", amount=1, now=NOW)


def test_who_only_looks_changes_nothing(treasury):
    auditor = Actor("A", user_id=uuid4(), held=(Held(Role.AUDITOR),))
    order = order_of(treasury)
    for act in (orders.cancel_order, replace_pay):
        with pytest.raises(Forbidden):
            act(actor=auditor, order_id=order.pk, now=NOW)
    assert fresh(order).status == "awaiting_payment"
    assert replace(auditor, held=()).is_anonymous is False


def replace_pay(**fields):
    return orders.record_payment(method="cash", amount=3000, **fields)


def test_one_treasury_for_each_holder(treasury):
    assert treasuries.school_treasury(actor=TREASURER, now=NOW) == treasury
    assert Treasury.objects.count() == 1
