"""A treasury, orders in it, and a card provider whose answers the test decides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.core.actor import Actor
from apps.money import providers
from apps.money.models import LedgerTransaction, Order, Payment
from apps.money.providers import CheckoutStarted, PaymentFacts, RefundAsked
from apps.money.services import orders, treasuries
from apps.money.services.orders import Line

TREASURER = Actor.system("tests")
NOW = datetime(2027, 3, 15, 9, 30, tzinfo=UTC)
DAY = date(2027, 3, 15)  # by the clock of the school, as NOW


class Card:
    """A provider that says what it is told to say, and remembers what it was asked."""

    code, name, costs_fees = "card", "Card", True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = "done"
        self.fault: Exception | None = None

    def start_checkout(self, *, payment, return_url, cancel_url, now):
        return CheckoutStarted(f"https://card.example/{payment.pk}", f"cs_{payment.pk}", now + timedelta(minutes=30))

    def refund(self, *, refund, now):
        if self.fault:
            raise self.fault
        self.asked.append(str(refund.pk))
        return RefundAsked(f"re_{refund.pk}", self.answer)

    def read(self, *, payment, now):
        return PaymentFacts("started")


@pytest.fixture
def card():
    provider = Card()
    providers.register(provider)
    yield provider
    del providers.REGISTRY[provider.code]


@pytest.fixture
def treasury(lumiere):
    return treasuries.school_treasury(actor=TREASURER, now=NOW)


def order_of(treasury, *prices: int, quantity: int = 1, **fields) -> Order:
    lines = [Line(f"Thing {number}", price, quantity) for number, price in enumerate(prices or (3000,), start=1)]
    fields = {"buyer_name": "Camille Martin", **fields}
    return orders.create_order(actor=TREASURER, treasury_id=treasury.pk, lines=lines, now=NOW, **fields)


def pay(order, amount: int = 0, method: str = "cash", **fields) -> Payment:
    return orders.record_payment(
        actor=TREASURER, order_id=order.pk, method=method, amount=amount or order.total, now=NOW, **fields
    )


def treasury_with_an_order(text: str, buyer):
    """For tests of all pages: the school's treasury with something of everything in it."""
    treasury = treasuries.school_treasury(actor=TREASURER, now=NOW)
    order = order_of(treasury, buyer_id=buyer.pk, buyer_name=text)
    pay(order)
    wish = {"from_": "cash", "to": "bank", "amount": 1000, "key": "k", "note": text}
    treasuries.move(actor=TREASURER, treasury_id=treasury.pk, now=NOW, **wish)
    order_of(treasury, buyer_name=text)
    return treasury


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def booked(treasury) -> dict[str, list[tuple[str, int]]]:
    """What is booked, by its key, in no order: the ledger without the order in which things became known."""
    rows = LedgerTransaction.objects.filter(treasury=treasury).prefetch_related("entries__account")
    return {row.key: sorted((str(one.account), one.amount) for one in row.entries.all()) for row in rows}


__all__ = ["DAY", "NOW", "TREASURER", "Card", "booked", "fresh", "order_of", "pay", "replace"]
