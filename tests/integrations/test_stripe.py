"""Stripe tells what happened at the accounts of schools: proven, routed by the account alone, read again (PAY-8)."""

import json
import threading
import time
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from stripe import WebhookSignature

from apps.integrations.models import InboundAlarm, InboundEvent
from apps.integrations.services import deciding, forgetting, health, rehearsing, watching
from apps.payments.models import ProviderAccount
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.integrations.providers import ACCOUNT, COMMAND, OTHER, Caller, answers_at, bind, drain, kept_by

LIVE, TEST = "whsec_sandbox_live", "whsec_sandbox_test"


@pytest.fixture
def stripe(db, fresh_sandbox, lumiere, settings) -> Caller:
    answers_at(settings, fresh_sandbox)
    fresh_sandbox.account_at("stripe", ACCOUNT, state="active", name="BDE Lumière")
    return Caller(fresh_sandbox)


def replay(event: InboundEvent) -> None:
    with platform():
        deciding.replay_event(actor=COMMAND, event_id=event.pk, now=timezone.now())
    drain()


def accounts_of(school) -> list[tuple]:
    with activated(school):
        return list(ProviderAccount.objects.values_list("external_id", "state", "name"))


@pytest.mark.parametrize("kind", ["account.updated", "v2.core.account[requirements].updated"])
def test_an_account_that_changed_is_read_again_in_its_school(stripe, lumiere, curie, kind):
    bind(lumiere)
    (answer,) = stripe.tell(kind=kind)
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    (kept,) = kept_by(lumiere)
    assert (kept.state, kept.kind, kept.account, kept.is_live) == ("waiting", kind, ACCOUNT, True)
    assert drain(lumiere) == 1
    assert accounts_of(lumiere) == [(ACCOUNT, "active", "BDE Lumière")]
    assert not kept_by() and not kept_by(curie) and not accounts_of(curie)

    # the notice said nothing of that: what counts is what Stripe answers now
    stripe.simulator.account_at("stripe", ACCOUNT, state="restricted")
    stripe.tell(kind=kind)
    drain(lumiere)
    assert accounts_of(lumiere) == [(ACCOUNT, "restricted", "BDE Lumière")]


def test_what_nothing_handles_yet_is_kept_and_is_no_failure(stripe, lumiere):
    bind(lumiere)
    stripe.tell(kind="invoice.paid")
    drain(lumiere)
    (kept,) = kept_by(lumiere)
    assert (kept.state, kept.outcome, kept.about) == ("ignored", "not-handled", "ada@example.test")
    with activated(lumiere):
        found = {one.service: one.state for one in health.look(timezone.now())}
    assert found["stripe"] == "healthy"


def test_doubled_reordered_and_contradicting_deliveries(stripe, lumiere):
    bind(lumiere)
    first, again = stripe.tell(how="twice")  # whose `pending_webhooks` differs, as Stripe's do
    assert (first.json()["status"], again.json()["status"]) == ("accepted", "duplicate")
    one, other = stripe.tell(how="other_body")
    assert (one.json()["status"], other.status_code, other.json()["status"]) == ("accepted", 200, "conflict")
    stripe.tell(how="reordered")
    drain(lumiere)
    assert accounts_of(lumiere) == [(ACCOUNT, "active", "BDE Lumière")]
    assert [(row.state, row.conflicts) for row in kept_by(lumiere)] == [
        ("processed", 0), ("ignored", 1), ("ignored", 0), ("ignored", 0),
    ]  # fmt: skip


def test_who_does_not_sign_now_with_a_live_secret_is_refused(stripe, lumiere, settings):
    bind(lumiere)
    (sent,) = stripe.simulator.deliveries("stripe", ACCOUNT)
    body, now = sent["body"], int(time.time())
    good = WebhookSignature.generate_signature_header(body, LIVE, now)
    refused = {
        "none": "",
        "old": WebhookSignature.generate_signature_header(body, LIVE, now - 301),
        "early": WebhookSignature.generate_signature_header(body, LIVE, now + 400),
        "another secret": WebhookSignature.generate_signature_header(body, "whsec_other", now),
        "other body": WebhookSignature.generate_signature_header(body + " ", LIVE, now),
        "no time": good.partition(",")[2],
        "time that is none": "t=soon," + good.partition(",")[2],
        "other scheme": good.replace("v1=", "v0="),
        "cut": good[:-1],
        "not ascii": good + ",v1=é".encode().decode("latin-1"),
        "long": good + ",v1=" + "a" * 5000,
    }
    for name, header in refused.items():
        answer = stripe.post(body, {"stripe-signature": header})
        assert answer.status_code == 401, (name, answer.content)
    assert stripe.tell(how="late")[0].status_code == stripe.tell(how="wrong_signature")[0].status_code == 401
    assert not kept_by(lumiere) and not kept_by()

    # while one secret replaces the other, both are good; afterwards the old one is not
    settings.PROVIDER_SECRETS = {"stripe": {"live": ["whsec_sandbox_next", LIVE], "test": []}}
    assert stripe.post(body, {"stripe-signature": good}).json()["status"] == "accepted"
    settings.PROVIDER_SECRETS = {"stripe": {"live": ["whsec_sandbox_next"], "test": []}}
    assert stripe.post(body, {"stripe-signature": good}).status_code == 401
    settings.PROVIDER_SECRETS = {}
    assert stripe.post(body, {"stripe-signature": good}).status_code == 401


def test_only_the_platforms_host_listens(stripe, lumiere):
    (sent,) = stripe.simulator.deliveries("stripe", ACCOUNT)
    answer = stripe.post(sent["body"], sent["headers"], host="lumiere.campanile.localhost")
    assert answer.status_code == 404


# --- quarantine --------------------------------------------------------------------------------------------


def test_what_fits_no_school_waits_for_its_account_and_then_arrives_once(stripe, lumiere, curie):
    (answer,) = stripe.tell()
    assert (answer.status_code, answer.json()["status"]) == (200, "quarantined")
    (held,) = kept_by()
    assert (held.state, held.outcome, held.account) == ("held", "account-unknown", ACCOUNT)
    assert drain() == 0 and not accounts_of(lumiere) and not accounts_of(curie), "it moves nothing"
    now = timezone.now()
    with platform():
        watching.watch(now=now)
        assert InboundAlarm.objects.get(cleared_at=None).kind == "held"
        found = {one.service: (one.state, one.code) for one in health.look(now)}
        assert found["stripe"] == ("degraded", "held")
        said = rehearsing.rehearse_event(actor=COMMAND, event_id=held.pk, now=now)
        assert (said.state, said.code) == ("held", "account-unknown")

    replay(held)  # nothing is bound yet
    assert [(one.state, one.replays) for one in kept_by()] == [("held", 1)]
    bind(lumiere)
    with platform():
        said = rehearsing.rehearse_event(actor=COMMAND, event_id=held.pk, now=now)
    assert (said.code, said.detail) == ("routed", "École Lumière") and not kept_by(lumiere)
    replay(held)
    (gone,) = kept_by()
    assert (gone.state, gone.outcome, gone.body) == ("processed", "routed", ""), "the content goes with it"
    assert drain(lumiere) == 1 and accounts_of(lumiere) == [(ACCOUNT, "active", "BDE Lumière")]
    with platform():
        watching.watch(now=timezone.now())
        assert not InboundAlarm.objects.filter(cleared_at=None).exists()

    # Stripe sends it once more: the school knows it
    body = kept_by(lumiere)[0].body
    header = WebhookSignature.generate_signature_header(body, LIVE)
    assert stripe.post(body, {"stripe-signature": header}).json()["status"] == "duplicate"
    assert drain(lumiere) == 0


def test_what_came_to_the_school_meanwhile_does_not_come_twice(stripe, lumiere):
    (sent,) = stripe.simulator.deliveries("stripe", ACCOUNT)
    assert stripe.post(sent["body"], sent["headers"]).json()["status"] == "quarantined"
    assert stripe.post(sent["body"], sent["headers"]).json()["status"] == "duplicate"
    bind(lumiere)
    assert stripe.post(sent["body"], sent["headers"]).json()["status"] == "accepted"
    replay(kept_by()[0])
    assert kept_by()[0].outcome == "routed-already" and len(kept_by(lumiere)) == 1


def test_each_reason_is_told(stripe, lumiere, curie, settings):
    bind(lumiere)
    bind(curie, OTHER)
    settings.PROVIDER_TEST_EVENTS = False
    stripe.tell(how="no_account")
    stripe.tell(how="unknown_account")
    stripe.tell(how="test")
    sent = json.loads(stripe.simulator.deliveries("stripe", ACCOUNT)[0]["body"])
    sent["data"]["object"]["id"] = OTHER  # from one school's account, about the other's
    body = json.dumps(sent)
    stripe.post(body, {"stripe-signature": WebhookSignature.generate_signature_header(body, LIVE)})
    body = json.dumps(sent | {"id": "evt_live", "data": {"object": {}}})  # live, by the secret of the test mode
    stripe.post(body, {"stripe-signature": WebhookSignature.generate_signature_header(body, TEST)})
    with platform():
        School.objects.filter(pk=curie.pk).update(status="suspended", status_before="active")
    stripe.tell(OTHER)
    assert [one.outcome for one in kept_by()] == [
        "account-missing", "account-unknown", "test-event", "accounts-contradict", "mode-contradicts", "school-closed",
    ]  # fmt: skip
    assert all(one.state == "held" for one in kept_by())
    assert not kept_by(lumiere) and not kept_by(curie)

    # no replay makes a contradiction good; a school that opens again gets what waited
    with platform():
        School.objects.filter(pk=curie.pk).update(status="active", status_before="")
    for held in kept_by():
        replay(held)
    assert [one.state for one in kept_by()] == ["held"] * 5 + ["processed"]
    assert len(kept_by(curie)) == 1 and not kept_by(lumiere)


def test_the_test_mode_has_accounts_of_its_own(stripe, lumiere, curie):
    bind(lumiere)
    bind(curie, is_live=False)
    stripe.tell(how="test")
    stripe.tell()
    assert [one.is_live for one in kept_by(lumiere)] == [True]
    assert [one.is_live for one in kept_by(curie)] == [False]
    (ping,) = stripe.tell(kind="v2.core.event_destination.ping")
    assert ping.status_code == 200 and [(one.state, one.outcome) for one in kept_by()] == [("ignored", "ping")]


def test_discarded_in_quarantine_and_taken_back(stripe, lumiere):
    stripe.tell()
    held, now = kept_by()[0], timezone.now()
    with platform():
        for _twice in range(2):
            deciding.discard_event(actor=COMMAND, event_id=held.pk, now=now)
        assert kept_by()[0].state == "discarded"
        deciding.restore_event(actor=COMMAND, event_id=held.pk, now=now)
    assert kept_by()[0].state == "held"
    with platform():
        forgetting.forget(now=now + timedelta(days=300))
        assert kept_by()[0].body, "somebody may still decide"
        forgetting.forget(now=now + timedelta(days=366))
    assert (kept_by()[0].state, kept_by()[0].body) == ("discarded", "")


def test_delivered_and_replayed_twenty_times_at_once_arrives_once(no_worker, new_school, fresh_sandbox, settings):
    """Committed, in threads: deliveries of one event from before and after the binding race with its replays."""
    answers_at(settings, fresh_sandbox)
    school, account = new_school("once"), f"acct_{uuid.uuid4().hex}"
    fresh_sandbox.account_at("stripe", account, state="active")
    (sent,) = fresh_sandbox.deliveries("stripe", account)
    begin, statuses = threading.Barrier(20), []

    def one(number: int) -> None:
        try:
            begin.wait(timeout=20)
            if number % 2:
                statuses.append(Caller(fresh_sandbox).post(sent["body"], sent["headers"]).status_code)
            else:
                with suppress(deciding.NotPossible):  # it went already
                    replay(held)
        finally:
            connections.close_all()

    try:
        assert Caller(fresh_sandbox).post(sent["body"], sent["headers"]).json()["status"] == "quarantined"
        (held,) = [event for event in kept_by() if event.account == account]
        bind(school, account)
        threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [200] * 10
        assert drain(school) == 1 and len(kept_by(school)) == len(accounts_of(school)) == 1
        assert [event.state for event in kept_by() if event.account == account][0] in ("processed", "ignored")
    finally:
        with platform():
            InboundEvent.objects.filter(account=account).delete()


# --- reading again -----------------------------------------------------------------------------------------


def test_a_provider_that_is_away_is_asked_later_and_one_that_left_is_disconnected(stripe, lumiere):
    bind(lumiere)
    stripe.simulator.away("stripe")
    stripe.tell()
    drain(lumiere)
    (kept,) = kept_by(lumiere)
    assert (kept.state, kept.outcome, kept.attempts) == ("waiting", "provider-away", 1) and not accounts_of(lumiere)
    stripe.simulator.away()
    with activated(lumiere):
        deciding.replay_event(actor=COMMAND, event_id=kept.pk, now=timezone.now())
    drain(lumiere)
    assert accounts_of(lumiere) == [(ACCOUNT, "active", "BDE Lumière")]
    stripe.simulator.account_at("stripe", ACCOUNT, gone=True)
    stripe.tell(kind="account.application.deauthorized")
    drain(lumiere)
    assert accounts_of(lumiere) == [(ACCOUNT, "disconnected", "BDE Lumière")]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"17", b"[" * 50_000, b'{"livemode": true}', b'{"id": "a b", "livemode": true, "type": "x"}',
     b'{"id": "evt", "livemode": "yes", "type": "x"}', b'{"id": "evt", "livemode": true, "type": ["x"]}',
     b'{"id": "a\\u0000", "livemode": true, "type": "x"}', b'{"id": "\\ud800", "livemode": true, "type": "x"}',
     b'{"id": "evt", "livemode": true, "type": "x", "a": NaN}', b'{"id": "evt", "livemode": true, "type": "%s"}'
     % (b"x" * 101), b"\xff\xfe"],
)  # fmt: skip
def test_hostile_bodies_are_refused_even_when_signed(stripe, body):
    text = body.decode("latin-1")
    header = WebhookSignature.generate_signature_header(body.decode("utf-8", "replace"), LIVE)
    answer = stripe.post(body, {"stripe-signature": header})
    assert answer.status_code in (400, 401), (text[:40], answer.content)
    assert not kept_by()


@pytest.mark.parametrize(
    "changed",
    [{"account": 17}, {"account": {"a": 1}}, {"account": "x" * 500}, {"data": "none"}, {"data": {"object": []}},
     {"created": "soon"}, {"created": 10**18}, {"created": None}, {"type": "account.updated", "account": "../../v1"},
     {"object": "v2.core.event", "context": ["a"], "related_object": 5}],
    ids=str,
)  # fmt: skip
def test_strange_shapes_are_kept_aside_and_never_a_fault_of_ours(stripe, changed):
    sent = {"id": "evt_1", "object": "event", "livemode": True, "type": "x", "created": 1, "data": {}, **changed}
    body = json.dumps(sent)
    answer = stripe.post(body, {"stripe-signature": WebhookSignature.generate_signature_header(body, LIVE)})
    assert (answer.status_code, answer.json()["status"]) == (200, "quarantined"), answer.content
