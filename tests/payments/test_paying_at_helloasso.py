"""HelloAsso: an association lets us in on its page, tokens are good once, and what counts is read there (PAY-3)."""

import threading
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.core.actor import Role
from apps.money.models import Order, Payment
from apps.money.services import refunding, treasuries
from apps.payments.models import AccountAlarm, ProviderAccount, ProviderToken
from apps.payments.providers.helloasso_calls import NotLetIn
from apps.payments.services import connecting, tokens
from apps.tenants.context import activated
from apps.tenants.services.bindings import AccountTaken
from tests.integrations.providers import Caller, answers_at, bind
from tests.people import with_role

from .conftest import TREASURER, Shop, balances, fresh

SLUG, BACK = "bde-lumiere", "http://lumiere.campanile.localhost/payment-accounts/helloasso/"


@pytest.fixture
def boss(lumiere):
    return actor_for(with_role(Role.OWNER), surface="web")


def let_in(boss, treasury, slug: str = SLUG, **changes) -> ProviderAccount:
    now = timezone.now()
    url = connecting.begin_helloasso(actor=boss, treasury_id=treasury.pk, redirect_uri=BACK, now=now)
    with httpx.Client(trust_env=False) as web:
        back = web.post(url, data={"organisation": slug}).headers["location"]
    said = dict(parse_qsl(urlsplit(back).query))
    facts = {"actor": boss, "redirect_uri": BACK, "now": now, "state": said["state"], "code": said.get("code", "")}
    return connecting.finish_helloasso(**{**facts, **changes})


@pytest.fixture
def shop(lumiere, boss, fresh_sandbox, settings) -> Shop:
    return open_shop(boss, fresh_sandbox, settings)


def open_shop(boss, fresh_sandbox, settings) -> Shop:
    """In the school that is selected."""
    answers_at(settings, fresh_sandbox)
    fresh_sandbox.account_at("helloasso", SLUG, name="BDE Lumière")
    treasury = treasuries.school_treasury(actor=TREASURER, now=timezone.now())
    return Shop(fresh_sandbox, treasury, let_in(boss, treasury), Caller(fresh_sandbox, "helloasso"))


def test_an_association_lets_us_in_and_only_who_began_may_end_it(shop, boss, lumiere):
    assert (shop.account.state, shop.account.name, shop.account.treasury) == ("active", "BDE Lumière", shop.treasury)
    kept = ProviderToken.objects.get()
    assert kept.refresh_token and kept.access_until > timezone.now()
    other = actor_for(with_role(Role.OWNER), surface="web")
    for changes in ({"actor": other}, {"state": "invented"}, {"now": timezone.now() + timedelta(hours=1)}):
        with pytest.raises(connecting.FlowOver):
            let_in(boss, shop.treasury, **changes)
    with pytest.raises(NotLetIn):
        let_in(boss, shop.treasury, code="invented")


def test_a_connection_of_one_school_is_worthless_in_another(shop, boss, curie):
    now = timezone.now()
    url = connecting.begin_helloasso(actor=boss, treasury_id=shop.treasury.pk, redirect_uri=BACK, now=now)
    with httpx.Client(trust_env=False) as web:
        said = dict(parse_qsl(urlsplit(web.post(url, data={"organisation": SLUG}).headers["location"]).query))
    with activated(curie), pytest.raises(connecting.FlowOver):
        connecting.finish_helloasso(actor=boss, redirect_uri=BACK, now=now, state=said["state"], code=said["code"])


def test_an_account_of_another_school_is_refused(shop, boss, curie):
    shop.simulator.account_at("helloasso", "bde-curie")
    bind(curie, "bde-curie", "helloasso")
    with pytest.raises(AccountTaken):
        let_in(boss, shop.treasury, "bde-curie")
    assert not ProviderAccount.objects.filter(external_id="bde-curie").exists()


def test_paid_refunded_and_sent_to_the_bank(shop):
    order = shop.order()
    started = shop.start(order)
    assert started.url.startswith(f"{shop.simulator.url}/helloasso/checkout/")
    shop.act("pay", started.payment.provider_id, tip=300)
    shop.deliver(shop.told("Payment"))
    assert fresh(order).status == Order.Status.PAID
    assert balances(shop.treasury) == {"provider:helloasso": 3000, "income:other": -3000}, "the tip is HelloAsso's"
    (refund,) = refunding.refund_order(actor=TREASURER, order_id=order.pk, seen=0, amount=1000, now=timezone.now())
    for _twice in range(2):
        refunding.carry_out(refund_id=refund.pk, now=timezone.now())
        type(refund).objects.filter(pk=refund.pk).update(state="asked", asked_of_provider_at=None, provider_id=None)
    refunding.carry_out(refund_id=refund.pk, now=timezone.now())
    assert fresh(order).status == Order.Status.PARTLY_REFUNDED
    shop.act("cash_out", SLUG)
    shop.deliver(shop.told())
    assert balances(shop.treasury) == {"bank": 2000, "income:other": -3000, "refunds:other": 1000}


def test_what_no_notification_told_is_asked_for(shop):
    order = shop.order()
    payment = shop.start(order).payment
    shop.reconcile(timedelta(minutes=10))
    assert fresh(order).status == Order.Status.AWAITING
    shop.act("pay", payment.provider_id)
    shop.reconcile(timedelta(minutes=20))
    assert fresh(order).status == Order.Status.PAID


def test_a_page_that_nobody_paid_is_over(shop):
    payment = shop.start(shop.order()).payment
    shop.reconcile(timedelta(hours=3))
    assert fresh(payment).state == Payment.State.EXPIRED


def test_a_refresh_token_that_is_good_once_is_never_lost(shop):
    for _time in range(3):
        ProviderToken.objects.update(access_until=timezone.now())
        tokens.access(shop.account)
    assert shop.start(shop.order()).url
    kept = ProviderToken.objects.get()
    assert tokens.access(shop.account, refused=kept.access_token) != kept.access_token


def test_two_that_refresh_at_once_refresh_once(new_school, fresh_sandbox, settings):
    school = new_school()
    with activated(school):
        shop = open_shop(actor_for(with_role(Role.OWNER), surface="web"), fresh_sandbox, settings)
        ProviderToken.objects.update(access_until=timezone.now())
    start, found = threading.Barrier(4), []

    def work() -> None:
        try:
            with activated(school):
                start.wait(20)
                found.append(tokens.access(shop.account))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 4 and len(set(found)) == 1
    with activated(school):
        assert tokens.access(shop.account) == found[0]


def test_who_is_not_let_in_any_more_is_told(shop, boss):
    kept = ProviderToken.objects.get()
    kept.access_until, kept.refresh_token = timezone.now(), "used-already"
    kept.save()
    with pytest.raises(NotLetIn):
        shop.start(shop.order())
    assert AccountAlarm.objects.get(cleared_at=None).kind == "access"
    let_in(boss, shop.treasury)
    assert not AccountAlarm.objects.filter(cleared_at=None).exists()
    assert shop.start(shop.order()).url
