"""An account at a payment provider is one school's (PAY-8): whoever asks, and at whatever moment."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Held, Role
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.tenants.context import activated, platform
from apps.tenants.models import ProviderBinding
from apps.tenants.services.bindings import AccountTaken, bind_account, release_account, school_of

COMMAND = Actor.system("tests", surface="command")
ADMIN = Actor("Treasurer", held=(Held(Role.ADMIN),))
MEMBER = Actor("Member", held=(Held(Role.MEMBER),))
STRIPE = {"provider": "stripe", "account": "acct_1A"}


def bind(school, actor=COMMAND, **facts):
    return bind_account(actor=actor, school_id=school.pk, now=timezone.now(), **{**STRIPE, **facts})


def release(school, actor=COMMAND, **facts):
    return release_account(actor=actor, school_id=school.pk, now=timezone.now(), **{**STRIPE, **facts})


def test_bound_twice_is_bound_once_and_never_to_another_school(lumiere, curie):
    bound = bind(lumiere, ADMIN, name="BDE")
    assert bind(lumiere, ADMIN).pk == bound.pk
    with activated(curie):
        with pytest.raises(AccountTaken) as refused:
            bind(curie, ADMIN)
        assert "Lumière" not in str(refused.value)
        assert bind(curie, ADMIN, is_live=False).school_id == curie.pk, "the test mode is another account"
        assert release(curie, ADMIN) is False, "of another school"
    assert school_of("stripe", "acct_1A", is_live=True) == lumiere
    acts = [(one.act, one.changes) for one in AuditEvent.objects.filter(act__startswith="integration.account")]
    assert acts == [("integration.account_bound", {"account": [None, "acct_1A"]})]

    assert release(lumiere, ADMIN) is True and release(lumiere, ADMIN) is False
    with activated(curie):
        assert bind(curie, ADMIN).school_id == curie.pk


def test_who_may(lumiere, curie):
    for act in (bind, release):
        with pytest.raises(Forbidden):
            act(lumiere, MEMBER)
        with pytest.raises(NotVisible):
            act(curie, ADMIN)
        with platform(), pytest.raises(Forbidden):
            act(lumiere, ADMIN)


@pytest.mark.parametrize(
    ("provider", "account"),
    [("stripe", ""), ("stripe", "acct_"), ("stripe", "cus_1"), ("stripe", "acct_1/../x"), ("helloasso", "a b"),
     ("bridge", "17"), ("microsoft", "11111111-1111-4111-8111-111111111111"), ("paypal", "x")],
)  # fmt: skip
def test_what_is_no_account_is_refused(lumiere, provider, account):
    with pytest.raises(Invalid):
        bind(lumiere, ADMIN, provider=provider, account=account)


def test_the_database_refuses_the_second_school(lumiere, curie):
    rows = [ProviderBinding(provider="stripe", external_id="acct_1A", school=school) for school in (lumiere, curie)]
    with platform(), transaction.atomic(), pytest.raises(IntegrityError):
        ProviderBinding.objects.bulk_create(rows)


def test_twenty_at_once_and_one_school_wins(new_school):
    schools, won, lost = [new_school("b"), new_school("b")], [], []
    begin = threading.Barrier(20)

    def one(number):
        school = schools[number % 2]
        try:
            begin.wait(timeout=20)
            with platform():
                won.append(bind(school).school_id)
        except AccountTaken:
            lost.append(school.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == len(lost) == 10 and len(set(won)) == 1 and set(lost) == {one.pk for one in schools} - set(won)
    with platform():
        assert ProviderBinding.objects.filter(provider="stripe").count() == 1
    with activated(next(one for one in schools if one.pk == won[0])):
        assert AuditEvent.objects.filter(act="integration.account_bound").count() == 1
