"""Money that goes back: whole, in part, by line, by two at once, and by providers that do not answer."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from apps.core.errors import DomainError, Invalid
from apps.money import purposes
from apps.money.errors import RefundedMeanwhile, TooMuch
from apps.money.models import Document, MoneyAlarm, Order, Refund
from apps.money.providers import PaymentFacts, RefundFacts
from apps.money.purposes import Purpose
from apps.money.services import ledger, orders, refunding, treasuries, verifying
from apps.money.services.settling import apply_facts
from apps.tenants.context import activated

from .conftest import NOW, TREASURER, fresh, order_of, pay
from .test_orders import Seats


def refund(order, **wish):
    wish = {"seen": 0, "now": NOW, **wish}
    return refunding.refund_order(actor=TREASURER, order_id=order.pk, **wish)


def by_card(treasury, total: int = 3000) -> Order:
    order = order_of(treasury, total)
    payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
    apply_facts(payment.pk, PaymentFacts("succeeded", captured=total), NOW)
    return fresh(order)


def test_the_whole_goes_back_by_hand_at_once(treasury):
    order = order_of(treasury)
    pay(order, 1000, "cash")
    pay(order, 2000, "transfer")
    made = refund(order, reason="Cancelled")
    assert [(one.payment.provider, one.amount, one.state) for one in made] == [
        ("cash", 1000, "done"), ("transfer", 2000, "done"),
    ]  # fmt: skip
    assert fresh(order).status == "refunded"
    found = ledger.balances(treasury.pk)
    assert (found["cash", ""], found["bank", ""], found["refunds", "other"]) == (0, 0, 3000)
    assert Document.objects.filter(kind="credit_note").count() == 2


def test_asking_for_the_whole_again_finds_what_was_done(treasury):
    order = order_of(treasury)
    pay(order)
    assert refund(order) == refund(order)
    assert Refund.objects.count() == 1


def test_a_part_then_another_part_then_no_more(treasury):
    order = order_of(treasury)
    pay(order)
    refund(order, amount=1000)
    assert fresh(order).status == "partially_refunded"
    refund(order, amount=2000, seen=1000)
    assert fresh(order).status == "refunded"
    with pytest.raises(DomainError):
        refund(order, amount=1, seen=3000)


def test_by_line_and_never_more_of_it_than_was_sold(treasury):
    order = order_of(treasury, 500, 100, quantity=3)
    pay(order)
    first, _second = order.lines.all()
    made = refund(order, quantities={first.pk: 2})
    assert made[0].amount == 1000
    assert refunding.lines_left(order)[first.pk] == 1
    with pytest.raises(TooMuch):
        refund(order, quantities={first.pk: 2}, seen=1000)
    assert Document.objects.get(kind="credit_note").content["lines"] == [
        {"text": "Thing 1", "quantity": 2, "amount": 1000}
    ]


def test_somebody_who_looked_before_another_refund_is_told(treasury):
    order = order_of(treasury)
    pay(order)
    refund(order, amount=1000)
    with pytest.raises(RefundedMeanwhile):
        refund(order, amount=1000)
    assert fresh(order).given_back == 1000


def test_unpaid_gives_nothing_back(treasury):
    with pytest.raises(Invalid):
        refund(order_of(treasury))


def test_a_provider_is_asked_once_and_its_word_counts(treasury, card):
    card.answer = "pending"
    order = by_card(treasury)
    (made,) = refund(order)
    assert (fresh(order).status, made.state) == ("paid", "asked")
    assert refunding.refundable(order) == 0
    assert refunding.carry_out(refund_id=made.pk, now=NOW) == "pending"
    assert refunding.carry_out(refund_id=made.pk, now=NOW) == "nothing-to-do"
    assert card.asked == [str(made.pk)]
    facts = PaymentFacts("succeeded", captured=3000, refunds=(RefundFacts(f"re_{made.pk}", 3000, "done"),))
    apply_facts(made.payment_id, facts, NOW)
    assert (fresh(order).status, Refund.objects.count()) == ("refunded", 1)


def test_news_of_a_refund_that_arrive_before_its_answer_are_the_same_refund(treasury, card):
    order = by_card(treasury)
    (made,) = refund(order)
    facts = RefundFacts("re_x", 3000, "done", refund_id=str(made.pk))
    apply_facts(made.payment_id, PaymentFacts("succeeded", captured=3000, refunds=(facts,)), NOW)
    assert (Refund.objects.count(), fresh(order).status) == (1, "refunded")


def test_a_provider_that_does_not_answer_is_asked_again_and_then_people_are_told(treasury, card):
    order = by_card(treasury)
    card.fault = DomainError("away")
    (made,) = refund(order)
    assert refunding.carry_out(refund_id=made.pk, now=NOW) == "again"
    assert refunding.waiting(NOW + timedelta(minutes=5)) == [made.pk]
    verifying.watch(now=NOW + timedelta(hours=2))
    assert MoneyAlarm.objects.get(cleared_at=None).about == order.reference
    card.fault = None
    assert refunding.carry_out(refund_id=made.pk, now=NOW) == "done"
    verifying.watch(now=NOW + timedelta(hours=2))
    assert not MoneyAlarm.objects.filter(cleared_at=None).exists()
    assert fresh(order).status == "refunded"


def test_what_a_provider_refuses_can_be_asked_again(treasury, card):
    order = by_card(treasury)
    card.answer = "failed"
    (made,) = refund(order)
    refunding.carry_out(refund_id=made.pk, now=NOW)
    assert (fresh(made).state, refunding.refundable(order)) == ("failed", 3000)


def test_money_that_comes_too_late_goes_back_by_itself(treasury, card):
    handler = Seats(there=False)
    purposes.register(Purpose("seats", "Seats", handler))
    try:
        order = orders.place_order(
            actor=TREASURER, treasury=treasury, purpose="seats", lines=[orders.Line("Seat", 2000)], now=NOW,
            buyer_name="C", expires_at=NOW + timedelta(minutes=1),
        )  # fmt: skip
        payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
        orders.expire_order(actor=TREASURER, order_id=order.pk, now=NOW + timedelta(minutes=2))
        for _twice in range(2):
            apply_facts(payment.pk, PaymentFacts("succeeded", captured=2000), NOW)
        asked = Refund.objects.get()
        refunding.carry_out(refund_id=asked.pk, now=NOW)
        assert handler.told == ["expired", "paid", "refunded 2000"]
        assert fresh(order).status == "refunded"
    finally:
        del purposes.REGISTRY["seats"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wish", [{}, {"amount": 1000}, "line"])
def test_two_treasurers_at_once_refund_once(new_school, wish):
    school = new_school()
    with activated(school):
        treasury = treasuries.school_treasury(actor=TREASURER, now=NOW)
        order = order_of(treasury, 1000, quantity=3)
        pay(order)
        chosen = {"quantities": {order.lines.get().pk: 1}} if wish == "line" else wish
    together, refused = threading.Barrier(2), []

    def decide() -> None:
        try:
            with activated(school):
                together.wait(10)
                refund(order, **chosen)
        except RefundedMeanwhile:
            refused.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide) for _treasurer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with activated(school):
        assert Refund.objects.count() == 1
        assert fresh(order).given_back == (3000 if not wish else 1000)
        assert len(refused) == (0 if not wish else 1)  # who asked for the whole finds it done
        assert not verifying.verify(treasury_id=treasury.pk, now=NOW).faults
