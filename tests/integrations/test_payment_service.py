"""What the payment service tells: subscriptions and their payments, the same end in every order (INT-2, W3)."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from apps.integrations.contract import Event
from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.payments.models import Subscription, SubscriptionPayment
from apps.payments.services import events
from tests.integrations.senders import Sender, event, secret_for
from tests.people import admin
from tests.people import person as somebody

START = timezone.now() - timedelta(days=10)


@pytest.fixture
def payments(lumiere):
    somebody(external_id="P1")
    return Sender(host="lumiere.campanile.localhost", secret=secret_for("payment-service"), service="payment-service")


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def said(**fields):
    return {
        "subscription_id": "sub_1", "user_external_id": "P1", "plan": "Gym", "status": "active", "amount": 1500,
        "currency": "EUR", "period_start": at(0), "period_end": at(720), **fields,
    }  # fmt: skip


def paid(number, **fields):
    return {"subscription_id": "sub_1", "payment_id": f"pay_{number}", "amount": 1500, "currency": "EUR", **fields}


def facts():
    row = Subscription.objects.get()
    return (
        row.status, row.plan, row.amount, row.failures, row.paid_at, row.ends_at, row.cancelled_at,
        tuple(row.payments.order_by("external_id").values_list("external_id", "succeeded", "amount")),
    )  # fmt: skip


def test_a_subscription_lives(payments):
    payments.post(event("subscription.created", said(status="trialing"), occurred_at=at(0)))
    draining.drain()
    row = Subscription.objects.get()
    assert (row.status, row.user.external_id, row.amount, row.currency) == ("trialing", "P1", 1500, "EUR")
    payments.post(event("payment.succeeded", paid(1), occurred_at=at(1)))
    payments.post(event("payment.failed", paid(2), occurred_at=at(2)))
    draining.drain()
    row.refresh_from_db()
    assert (row.status, row.failures, row.paid_at) == ("past_due", 1, datetime.fromisoformat(at(1)))
    payments.post(event("payment.succeeded", paid(3, period_end=at(999)), occurred_at=at(3)))
    draining.drain()
    row.refresh_from_db()
    assert (row.status, row.failures, row.ends_at) == ("active", 0, datetime.fromisoformat(at(999)))
    payments.post(event("subscription.cancelled", {"subscription_id": "sub_1"}, occurred_at=at(4)))
    draining.drain()
    row.refresh_from_db()
    assert (row.status, row.cancelled_at) == ("cancelled", datetime.fromisoformat(at(4)))
    assert set(InboundEvent.objects.values_list("state", flat=True)) == {"processed"}


LIFE = [
    ("subscription.created", said(status="trialing")),
    ("payment.succeeded", paid(1)),
    ("payment.failed", paid(2)),
    ("subscription.updated", said(plan="Gym+", amount=2000)),
    ("payment.succeeded", paid(3, amount=2000, period_end=at(999))),
    ("subscription.cancelled", {"subscription_id": "sub_1"}),
]


def live(order, *, twice=False):
    """Apply the life in this order as the inbox does: what is too early is tried again after the others."""
    waiting = [
        Event(
            number, "payment-service", f"e{number}", LIFE[number][0],
            events.CONTENTS[LIFE[number][0]].model_validate(LIFE[number][1]),
            START + timedelta(hours=number), START, 1,
        )
        for number in order
    ]  # fmt: skip
    if twice:
        waiting = [one for one in waiting for _ in range(2)]
    while waiting:
        one = waiting.pop(0)
        try:
            events.apply([one], now=timezone.now())
        except events.NotHereYet:
            waiting.append(one)


def test_all_720_orders_of_a_life_end_alike(payments):
    live(range(6))
    end = facts()
    assert end[:4] == ("cancelled", "Gym+", 2000, 0)
    for number, order in enumerate(itertools.permutations(range(6))):
        SubscriptionPayment.objects.all().delete()
        Subscription.objects.all().delete()
        live(order, twice=number % 10 == 0)
        assert facts() == end, order


def test_nobody_takes_over_the_subscription_of_another(payments):
    somebody(external_id="P2")
    payments.post(event("subscription.created", said(), occurred_at=at(0)))
    payments.post(event("subscription.updated", said(user_external_id="P2"), occurred_at=at(1)))
    payments.post(event("subscription.updated", said(currency="USD"), occurred_at=at(2)))
    payments.post(event("payment.succeeded", paid(1, currency="USD"), occurred_at=at(3)))
    draining.drain()
    assert Subscription.objects.get().user.external_id == "P1"
    assert list(InboundEvent.objects.order_by("id").values_list("state", "outcome")) == [
        ("processed", "subscription-created"),
        ("dead", "belongs-to-somebody-else"),
        ("dead", "other-currency"),
        ("dead", "other-currency"),
    ]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"amount": -1}, "amount: Input should be greater than or equal to 0"),
        ({"amount": 15.5}, "amount: Input should be a valid integer"),
        ({"amount": "1500"}, "amount: Input should be a valid integer"),
        ({"amount": True}, "amount: Input should be a valid integer"),
        ({"amount": 10**13}, "amount: Input should be less than or equal to 1000000000000"),
        ({"currency": "eur"}, "currency: String should match pattern '^[A-Z]{3}$'"),
        ({"status": "paid"}, "status: Input should be"),
        ({"period_end": "2026-01-01T00:00:00"}, "period_end: Input should have timezone info"),
        ({"card": "4242"}, "card: Extra inputs are not permitted"),
    ],
)
def test_wrong_values_are_named(payments, wrong, problem):
    answer = payments.post(event("subscription.created", said(**wrong)))
    assert answer.status_code == 422
    assert answer.json()["errors"][0].startswith(problem)


def test_the_page(lumiere, payments, client):
    client.force_login(admin(locale="en"))
    page = client
    assert b"No subscriptions yet" in page.get("/subscriptions/").content
    payments.post(event("subscription.created", said(), occurred_at=at(0)))
    draining.drain()
    shown = page.get("/subscriptions/")
    assert shown.status_code == 200 and b"sub_1" in shown.content
    assert b"sub_1" in b"".join(page.get("/subscriptions/?csv=subscriptions").streaming_content)
    assert b"sub_1" not in page.get("/subscriptions/?status=expired").content
