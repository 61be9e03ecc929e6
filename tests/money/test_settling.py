"""The one state machine: whatever order a provider's news arrive in, everything ends the same."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.money.errors import OtherCurrency
from apps.money.models import Dispute, Document, Payment, Refund
from apps.money.providers import DisputeFacts, PaymentFacts, PayoutFacts, RefundFacts
from apps.money.services import ledger, orders
from apps.money.services.settling import apply_facts
from apps.money.services.verifying import verify

from .conftest import DAY, NOW, booked, fresh, order_of


def life(outcome: str) -> list[PaymentFacts]:
    """Six readings of one payment at its provider, as its life goes on."""
    base = {"state": "succeeded", "captured": 3000, "captured_on": DAY}
    refund = (RefundFacts("re_1", 1000, "done", done_on=DAY),)
    opened, ended = (DisputeFacts("dp_1", 500, state, fee=1500) for state in ("open", outcome))
    stages = [
        {"state": "started"},
        base,
        {**base, "fee": 75, "application_fee": 30},
        {**base, "fee": 75, "application_fee": 30, "refunds": refund},
        {**base, "fee": 75, "application_fee": 30, "refunds": refund, "disputes": (opened,)},
        {
            **base, "fee": 75, "application_fee": 30, "refunds": refund, "disputes": (ended,),
            "payouts": (PayoutFacts("po_1", 1200, paid_on=DAY),),
        },
    ]  # fmt: skip
    return [PaymentFacts(**stage, read_at=NOW + timedelta(minutes=n)) for n, stage in enumerate(stages)]


def outcome_of(treasury, readings) -> tuple:
    """The end, with numbers that differ from run to run taken out."""
    order = order_of(treasury, 3000)
    payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
    for facts in readings:
        apply_facts(payment.pk, facts, NOW + timedelta(hours=1))
    order, payment = fresh(order), fresh(payment)
    names = {str(payment.pk): "P"}
    names |= {str(row.pk): "R" for row in payment.refunds.all()} | {str(row.pk): "D" for row in payment.disputes.all()}
    books = booked(treasury)
    for number, name in names.items():
        books = {key.replace(number, name): sides for key, sides in books.items()}
    refunds = sorted(payment.refunds.values_list("provider_id", "amount", "state"))
    disputes = sorted(payment.disputes.values_list("provider_id", "amount", "fee", "state"))
    papers = sorted(Document.objects.filter(order=order).values_list("kind", "number"))
    money = (payment.state, payment.captured, payment.fee, payment.application_fee)
    return order.status, order.given_back, money, refunds, disputes, papers, books


def once(treasury, readings) -> tuple:
    """The same, and nothing of it stays."""
    with transaction.atomic():
        found = outcome_of(treasury, readings)
        assert not verify(treasury_id=treasury.pk, now=NOW).faults
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("outcome", ["lost", "won"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_repetition_ends_in_the_same_ledger(treasury, card, outcome, data):
    readings = life(outcome)
    shuffled = data.draw(st.permutations(readings + data.draw(st.lists(st.sampled_from(readings), max_size=4))))
    assert once(treasury, shuffled) == once(treasury, readings)


@pytest.mark.parametrize("outcome", ["lost", "won"])
def test_every_order_of_the_last_three_ends_in_the_same_ledger(treasury, card, outcome):
    readings = life(outcome)
    expected = once(treasury, readings)
    for tail in permutations(readings[3:]):
        assert once(treasury, [*tail, *readings[:3]]) == expected


def test_the_whole_life_as_an_accountant_reads_it(treasury, card):
    status, back, _money, _refunds, _disputes, papers, _books = outcome_of(treasury, life("lost"))
    assert (status, back) == ("partially_refunded", 1500)
    assert papers == [("credit_note", 1), ("receipt", 1)]
    assert ledger.balances(treasury.pk) == {
        ("income", "other"): -3000,
        ("fees", "card"): 75 + 1500,
        ("application_fees", "card"): 30,
        ("refunds", "other"): 1000,
        ("disputes", "card"): 0,
        ("losses", "card"): 500,
        ("bank", ""): 1200,
        ("provider", "card"): 3000 - 75 - 30 - 1000 - 500 - 1500 - 1200,
    }


def test_a_refund_that_fails_after_all_comes_back(treasury, card):
    order = order_of(treasury, 3000)
    payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
    for state in ("pending", "done", "failed", "done"):
        facts = PaymentFacts("succeeded", captured=3000, refunds=(RefundFacts("re_1", 3000, state),), read_at=NOW)
        apply_facts(payment.pk, facts, NOW)
    assert fresh(order).status == "paid"
    assert Refund.objects.get().state == Refund.State.FAILED
    assert ledger.balances(treasury.pk)["refunds", "other"] == 0
    assert ledger.balances(treasury.pk)["provider", "card"] == 3000


def test_a_payout_that_the_bank_sends_back_is_at_the_provider_again(treasury, card):
    order = order_of(treasury, 3000)
    payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
    for state in ("failed", "paid"):  # the later news first
        payout = PayoutFacts("po_1", 2900, state)
        apply_facts(payment.pk, PaymentFacts("succeeded", captured=3000, fee=100, payouts=(payout,)), NOW)
    found = ledger.balances(treasury.pk)
    assert (found["bank", ""], found["provider", "card"]) == (0, 2900)


def test_an_order_in_dispute_says_so_and_what_is_disputed_cannot_be_refunded_too(treasury, card):
    from apps.money.services import refunding

    order = order_of(treasury, 3000)
    payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
    facts = PaymentFacts("succeeded", captured=3000, disputes=(DisputeFacts("dp_1", 2000, "open"),))
    apply_facts(payment.pk, facts, NOW)
    assert fresh(order).status == "disputed"
    assert refunding.refundable(fresh(order)) == 1000
    assert Dispute.objects.get().state == Dispute.State.OPEN


def test_another_currency_is_refused_and_changes_nothing(treasury, card):
    order = order_of(treasury, 3000)
    payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
    with pytest.raises(OtherCurrency):
        apply_facts(payment.pk, PaymentFacts("succeeded", captured=3000, currency="CHF"), NOW)
    assert fresh(order).status == "awaiting_payment"
    assert fresh(payment).state == Payment.State.STARTED
