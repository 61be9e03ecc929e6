"""Money by the API: the whole way once, and its refusals."""

import pytest

from apps.money.models import Order, Payment, Refund
from tests.api.conftest import program
from tests.people import admin, auditor

from .conftest import fresh, order_of


@pytest.fixture
def desk(lumiere):
    return program(lumiere, admin(locale="en"))


def test_the_whole_way(desk):
    treasury = desk.send("treasuries").json()["id"]
    assert desk.send("treasuries").json()["id"] == treasury
    wish = {"buyer_name": "Inès", "key": "one", "lines": [{"text": "Yearbook", "unit_amount": 2500, "quantity": 2}]}
    made = [desk.send(f"treasuries/{treasury}/orders", wish).json() for _twice in range(2)]
    assert made[0] == made[1] and Order.objects.count() == 1
    order = f"orders/{made[0]['id']}"
    paid = desk.send(f"{order}/payments", {"method": "cash", "amount": 5000, "key": "two"})
    assert (paid.status_code, paid.json()["state"]) == (201, "succeeded")
    line = made[0]["lines"][0]["id"]
    given = desk.send(f"{order}/refund", {"seen": 0, "lines": [{"line_id": line, "quantity": 1}]})
    assert given.json()["refunds"][0]["amount"] == 2500
    late = desk.send(f"{order}/refund", {"seen": 0, "amount": 2500})
    assert (late.status_code, late.json()["code"]) == (409, "refunded-meanwhile")
    found = desk.get_(order).json()
    assert (found["status"], found["seen"], len(found["documents"])) == ("partially_refunded", 2500, 2)
    moved = desk.send(
        f"treasuries/{treasury}/moves", {"from_account": "cash", "to_account": "bank", "amount": 1000, "key": "k"}
    ).json()
    desk.send(f"treasuries/{treasury}/ledger/{moved['number']}/reversal", {"reason": "wrong"})
    assert desk.get_(f"treasuries/{treasury}/balances").json()["balance"] == 2500
    movements = desk.get_(f"treasuries/{treasury}/ledger").json()["results"]
    assert [one["kind"] for one in movements] == ["reversed", "moved", "refund", "payment"]
    assert movements[0]["previous_hash"] == movements[1]["hash"]
    assert desk.send(f"treasuries/{treasury}/check").json()["faults"] == []


def test_freezing_and_releasing(desk, treasury):
    address = f"treasuries/{treasury.pk}"
    assert desk.send(f"{address}/freezing", {"reason": "Audit"}).json()["frozen_because"] == "Audit"
    wish = {"buyer_name": "Inès", "lines": [{"text": "Yearbook", "unit_amount": 2500}]}
    assert desk.send(f"{address}/orders", wish).json()["code"] == "treasury-frozen"
    assert desk.send(f"{address}/release").json()["frozen_at"] is None


def test_an_order_is_cancelled(desk, treasury):
    order = order_of(treasury)
    assert desk.send(f"orders/{order.pk}/cancelling").json()["status"] == "expired"


def test_who_only_looks_is_refused(lumiere, treasury):
    looker = program(lumiere, auditor())
    order = order_of(treasury)
    assert looker.get_(f"orders/{order.pk}").status_code == 200
    assert looker.send(f"orders/{order.pk}/payments", {"method": "cash", "amount": 1}).status_code == 403
    assert looker.send(f"orders/{order.pk}/refund", {"seen": 0}).status_code == 403
    assert not Payment.objects.exists() and not Refund.objects.exists()
    assert fresh(order).status == "awaiting_payment"
