"""An order is paid at Stripe: only Stripe's own word counts, however and whether it is told (PAY-2, PAY-3, PAY-8)."""

import itertools
import json
import random
import threading
from datetime import timedelta

import httpx
import pytest
from django.db import connections
from django.utils import timezone
from stripe import WebhookSignature

from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.money.errors import NotPayable
from apps.money.models import Order, Payment, Refund
from apps.money.services import orders, refunding
from apps.payments.models import AccountAlarm, Payout, ProviderAccount, ProviderPayment
from apps.payments.providers.asking import ProviderAway
from apps.payments.services import checkout, connecting, reconciling
from apps.payments.services.policy import NeedsApproval, change_policy
from apps.tenants.context import activated

from .conftest import TREASURER, balances, booked, fresh, open_shop

Status = Order.Status


def share(basis_points: int = 200, fixed: int = 10, **facts) -> None:
    facts = {"providers": ["stripe"], "approval_above": None, **facts}
    change_policy(actor=TREASURER, fee_basis_points=basis_points, fee_fixed=fixed, now=timezone.now(), **facts)


def test_an_order_is_paid_and_everything_it_cost_is_booked(shop):
    share()
    order = shop.order()
    started = shop.start(order)
    assert shop.start(order).url == started.url, "asked twice, there is one page"
    shop.act("pay", started.payment.provider_id)
    shop.deliver(shop.told())
    order = fresh(order)
    assert order.status == Status.PAID
    # 3000: Stripe takes 1.5 % + 25, the school 2 % + 10
    assert balances(shop.treasury) == {
        "provider:stripe": 3000 - 70 - 70, "income:other": -3000, "fees:stripe": 70, "application_fees:stripe": 70,
    }  # fmt: skip
    states = dict(InboundEvent.objects.values_list("kind", "outcome"))
    assert states["checkout.session.completed"] == states["payment_intent.succeeded"] == "payment-settled"


def test_coming_back_without_having_paid_moves_nothing(shop):
    order = shop.order()
    started = shop.start(order)
    back = checkout.came_back(actor=TREASURER, order_id=order.pk, now=timezone.now())
    assert back.status == Status.AWAITING and not balances(shop.treasury)
    shop.act("decline", started.payment.provider_id)
    shop.deliver(shop.told())
    assert fresh(started.payment).state == Payment.State.STARTED, "the page is still open: another card may be tried"
    assert fresh(order).status == Status.AWAITING and not balances(shop.treasury)
    shop.act("pay", started.payment.provider_id)
    later = timezone.now() + timedelta(seconds=5)
    assert checkout.came_back(actor=TREASURER, order_id=order.pk, now=later).status == Status.PAID


def test_a_direct_debit_is_waited_for(shop):
    order = shop.order()
    started = shop.start(order)
    shop.act("pay_by_debit", started.payment.provider_id)
    shop.deliver(shop.told())
    assert fresh(order).status == Status.AWAITING and not balances(shop.treasury)
    shop.act("debit_fails", started.payment.provider_id)
    shop.deliver(shop.told())
    assert fresh(started.payment).state == Payment.State.FAILED and not balances(shop.treasury)
    again = shop.start(order)
    assert again.payment.pk != started.payment.pk
    shop.act("pay_by_debit", again.payment.provider_id)
    shop.act("debit_succeeds", again.payment.provider_id)
    shop.deliver(shop.told())
    assert fresh(order).status == Status.PAID


def test_a_page_that_ran_out_is_followed_by_a_new_one(shop):
    order = shop.order()
    started = shop.start(order)
    shop.act("expire", started.payment.provider_id)
    shop.deliver(shop.told())
    assert fresh(started.payment).state == Payment.State.EXPIRED
    assert shop.start(order).payment.pk != started.payment.pk


def life(shop, outcome: str) -> tuple[Order, list[dict]]:
    """Six notices of one life: paid, refunded in part, disputed, ended, paid out; all of it is over at Stripe."""
    order = shop.order()
    payment = shop.start(order).payment
    shop.act("pay", payment.provider_id)
    charge = shop.charge_of(payment)
    shop.act("refund", charge, amount=1000, with_fee=True)
    dispute = shop.act("dispute", charge)
    shop.act(outcome, dispute["id"])
    if outcome == "win":
        shop.act("pay_out", shop.account.external_id)
    kinds = (
        "checkout.session.completed", "payment_intent.succeeded", "charge.refunded", "charge.dispute.created",
        "charge.dispute.closed", "payout.paid",
    )  # fmt: skip
    return order, shop.told(*kinds)


def test_whatever_the_order_of_its_notices_a_payment_ends_the_same(shop):
    """Twenty orders of six notices, some doubled, some lost: what they leave is brought by reconciliation."""
    chance, ends = random.Random(7), []
    for number, sequence in enumerate(chance.sample(list(itertools.permutations(range(6))), 20)):
        shop.simulator.forget_told("stripe")
        before = balances(shop.treasury)
        order, notices = life(shop, "win")
        chosen = [notices[at] for at in sequence]
        if number % 4 == 1:
            chosen = [one for notice in chosen for one in (notice, notice)]
        elif number % 4 == 2:
            chosen = chosen[: chance.randrange(1, 5)]
        elif number % 4 == 3:
            chosen = []
        shop.deliver(chosen)
        if number % 4 >= 2:
            ProviderAccount.objects.update(reconciled_at=None)  # the last look is longer ago than it is here
            shop.reconcile(timedelta(days=2))
        after = balances(shop.treasury)
        moved = {name: after.get(name, 0) - before.get(name, 0) for name in {*before, *after}}
        ends.append(({name: total for name, total in moved.items() if total}, fresh(order).status))
    assert ends[0][1] == Status.PARTLY_REFUNDED
    assert ends[0][0]["bank"] == 3000 - 1000 - 70 and "provider:stripe" not in ends[0][0]
    assert all(end == ends[0] for end in ends)
    assert not InboundEvent.objects.filter(state="dead").exists()


def test_a_lost_dispute_takes_the_money_and_its_fee(shop):
    order, notices = life(shop, "lose")
    shop.deliver(reversed(notices))
    totals = balances(shop.treasury)
    assert totals["losses:stripe"] == 3000 and totals["provider:stripe"] == -1000 - 70 - 2000
    assert reconciling.compare(now=timezone.now()) == {"accounts": 1, "differences": 0}


def test_what_no_webhook_told_is_asked_for(shop):
    share()
    order = shop.order()
    payment = shop.start(order).payment
    shop.act("pay", payment.provider_id)
    assert shop.reconcile(timedelta()) == {"payouts": 0} or fresh(order).status == Status.AWAITING, (
        "it may still be told"
    )
    found = shop.reconcile(timedelta(minutes=5))
    assert (found["payments"], found["corrected"]) == (1, 1)
    assert fresh(order).status == Status.PAID
    shop.act("refund", shop.charge_of(payment), amount=500)
    shop.act("pay_out", shop.account.external_id)
    found = shop.reconcile(timedelta(days=2))
    assert found["corrected"] == 1 and found["payouts"] == 1
    assert fresh(order).status == Status.PARTLY_REFUNDED
    assert balances(shop.treasury)["bank"] == 3000 - 140 - 500
    shop.act("fail_payout", Payout.objects.get().external_id)
    shop.reconcile(timedelta(days=4))
    assert "bank" not in balances(shop.treasury)
    assert "corrected" not in {name for name, count in shop.reconcile(timedelta(days=6)).items() if count}


def test_a_provider_that_is_away_is_asked_again(shop):
    order = shop.order()
    shop.simulator.away("stripe")
    with pytest.raises(ProviderAway):
        shop.start(order)
    shop.simulator.away()
    payment = shop.start(order).payment
    assert order.payments.count() == 1, "the same payment is asked for again"
    shop.act("pay", payment.provider_id)
    shop.simulator.away("stripe")
    assert shop.reconcile()["unanswered"]
    assert fresh(order).status == Status.AWAITING
    shop.simulator.away()
    shop.simulator.clear_faults()
    shop.reconcile()
    assert fresh(order).status == Status.PAID


def test_who_fell_between_asking_and_writing_down_finds_the_same_page(shop):
    order = shop.order()
    payment = shop.start(order).payment
    Payment.objects.filter(pk=payment.pk).update(provider_id=None, url="")
    shop.act("pay", payment.provider_id)
    shop.deliver(shop.told("checkout.session.completed"))
    assert fresh(order).status == Status.PAID


def test_what_was_sold_elsewhere_at_the_account_moves_nothing(shop):
    with httpx.Client(base_url=f"{shop.simulator.url}/stripe", trust_env=False) as web:
        headers = {"authorization": "Bearer sk_live_sandbox", "stripe-account": shop.account.external_id}
        form = {
            "mode": "payment", "line_items[0][price_data][unit_amount]": "900", "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "eur", "success_url": "http://x.localhost/",
            "metadata[payment]": "not-a-number-of-ours",
        }  # fmt: skip
        session = web.post("/v1/checkout/sessions", headers=headers, data=form).json()
    shop.act("pay", session["id"])
    shop.deliver(shop.told())
    assert not balances(shop.treasury) and not Payment.objects.exists()
    assert set(InboundEvent.objects.values_list("outcome", flat=True)) <= {"not-ours", "not-handled"}
    assert reconciling.compare(now=timezone.now())["differences"] == 1, "the provider has money that the ledger has not"
    assert AccountAlarm.objects.get(cleared_at=None).account_id == shop.account.pk


def test_events_of_the_test_mode_and_of_others_move_nothing(shop, curie):
    order = shop.order()
    payment = shop.start(order).payment
    shop.act("pay", payment.provider_id)
    (notice,) = shop.told("checkout.session.completed")
    for changes, secret in (
        ({"livemode": False}, "whsec_sandbox_test"),
        ({"account": "acct_1Somebody"}, "whsec_sandbox_live"),
        ({"account": None}, "whsec_sandbox_live"),
    ):
        said = json.loads(notice["body"]) | {"id": f"evt_{len(str(changes))}"} | changes
        body = json.dumps(said)
        signature = WebhookSignature.generate_signature_header(body, secret)
        assert shop.caller.post(body, {"stripe-signature": signature}).status_code == 200
    draining.drain()
    with activated(curie):
        draining.drain()
        assert not Order.objects.exists()
    assert fresh(order).status == Status.AWAITING and not balances(shop.treasury)


def test_a_refund_is_made_once_however_often_it_is_asked(shop):
    share()
    order = shop.order()
    payment = shop.start(order).payment
    shop.act("pay", payment.provider_id)
    shop.deliver(shop.told())
    (refund,) = refunding.refund_order(actor=TREASURER, order_id=order.pk, seen=0, amount=1000, now=timezone.now())
    assert {refunding.carry_out(refund_id=refund.pk, now=timezone.now()) for _ in range(2)} == {"done", "nothing-to-do"}
    Refund.objects.filter(pk=refund.pk).update(state="asked", asked_of_provider_at=None)  # fell before writing it down
    refunding.carry_out(refund_id=refund.pk, now=timezone.now())
    shop.deliver(shop.told())
    assert order.refunds.count() == 1 and fresh(refund).state == Refund.State.DONE
    assert balances(shop.treasury)["refunds:other"] == 1000
    assert balances(shop.treasury)["application_fees:stripe"] == 70 - 23, "the school gives back its part"
    assert reconciling.compare(now=timezone.now())["differences"] == 0


def test_two_jobs_that_carry_out_one_refund_refund_once_at_stripe(new_school, fresh_sandbox, settings):
    school = new_school()
    with activated(school):
        shop = open_shop(fresh_sandbox, settings)
        order = shop.order()
        payment = shop.start(order).payment
        shop.act("pay", payment.provider_id)
        shop.reconcile()
        (refund,) = refunding.refund_order(actor=TREASURER, order_id=order.pk, seen=0, amount=1000, now=timezone.now())
    start, answers = threading.Barrier(2), []

    def work() -> None:
        try:
            with activated(school):
                start.wait(10)
                answers.append(refunding.carry_out(refund_id=refund.pk, now=timezone.now()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 2 and "done" in answers
    assert shop.act("refund", shop.charge_of(payment))["amount"] == 2000, "one thousand went back, not two"


def test_stripe_may_refuse_a_refund(shop):
    order = shop.order()
    payment = shop.start(order).payment
    shop.act("pay", payment.provider_id)
    shop.deliver(shop.told())
    shop.act("refund", shop.charge_of(payment))
    (refund,) = refunding.refund_order(actor=TREASURER, order_id=order.pk, seen=0, amount=1000, now=timezone.now())
    assert refunding.carry_out(refund_id=refund.pk, now=timezone.now()) == "failed"
    assert "already been refunded" in fresh(refund).fault
    shop.reconcile(timedelta(days=2))
    assert fresh(order).status == Status.REFUNDED


def test_a_page_of_an_order_that_was_paid_otherwise_is_closed(shop):
    order = shop.order()
    payment = shop.start(order).payment
    orders.record_payment(actor=TREASURER, order_id=order.pk, method="cash", amount=3000, now=timezone.now())
    shop.reconcile()
    assert fresh(payment).state == Payment.State.EXPIRED
    with pytest.raises(NotPayable):
        shop.start(order)


def test_an_account_that_stripe_restricts_stops_selling(shop):
    order = shop.order()
    shop.simulator.account_at("stripe", shop.account.external_id, state="restricted")
    shop.deliver(shop.simulator.deliveries("stripe", shop.account.external_id, "account.updated"))
    with pytest.raises(checkout.AccountStopped, match="Stripe has stopped this account"):
        shop.start(order)
    shop.account.refresh_from_db()
    assert (shop.account.state, shop.account.may_sell) == ("restricted", False)


def test_only_the_buyer_and_the_treasurer_may_pay(shop):
    order = shop.order()
    with pytest.raises(NotVisible):
        checkout.start(
            actor=Actor.anonymous(),
            order_id=order.pk,
            return_url="http://x/",
            cancel_url="http://x/",
            now=timezone.now(),
        )


def test_the_share_of_the_school_and_the_limit_without_approval(shop):
    share(1000, 0, approval_above=5000)
    first = shop.order()
    payment = shop.start(first).payment
    assert ProviderPayment.objects.get(payment=payment).application_fee == 300
    shop.act("pay", payment.provider_id)
    shop.deliver(shop.told())
    second = shop.order()
    with pytest.raises(NeedsApproval):
        shop.start(second)
    assert not second.payments.exists()
    connecting.approve(actor=TREASURER, account_id=shop.account.pk, now=timezone.now())
    assert shop.start(second).url
    assert booked(shop.treasury)["application_fee"] == [("application_fees:stripe", 300), ("provider:stripe", -300)]
