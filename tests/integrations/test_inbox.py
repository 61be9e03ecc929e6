"""Webhooks in: signed, checked, kept before "accepted" is said, applied once (INT-1, INT-2)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.integrations.senders import Sender, event, headers, person, secret_for

State = InboundEvent.State


def drain():
    return draining.drain()


def test_one_event_is_kept_and_then_applied(sender, people):
    sent = event("user.created", person(1))
    answer = sender.post(sent)
    assert (answer.status_code, answer.json()) == (202, {"id": sent["id"], "status": "accepted"})
    kept = InboundEvent.objects.get()
    assert (kept.state, kept.kind, kept.lane, kept.about) == (
        "waiting",
        "user.created",
        "person:P1",
        "person.1@lumiere.example",
    )
    assert not people(), "the door only keeps"

    assert drain() == 1
    made = people()["P1"]
    assert (made.status, made.has_usable_password(), made.email) == ("pending", False, "person.1@lumiere.example")
    kept.refresh_from_db()
    assert (kept.state, kept.outcome, kept.attempts) == ("processed", "person-created", 1)
    assert drain() == 0


def test_the_same_event_again_is_a_duplicate_and_changes_nothing(sender, people):
    sent = event("user.created", person(1))
    sender.post(sent)
    drain()
    again = sender.post({key: sent[key] for key in reversed(list(sent))})  # the same, in another order
    assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    assert drain() == 0
    assert InboundEvent.objects.count() == 1 and len(people()) == 1


def test_the_same_id_with_other_content_is_flagged_and_not_applied(sender, people):
    sent = event("user.created", person(1))
    sender.post(sent)
    drain()
    other = sender.post({**sent, "data": person(1, family_name="Somebody else")})
    assert (other.status_code, other.json()["status"]) == (409, "conflict")
    assert drain() == 0
    assert people()["P1"].family_name == "Numéro 1"
    kept = InboundEvent.objects.get()
    assert kept.conflicts == 1 and "Somebody else" in kept.conflict_body and "Somebody else" not in kept.body


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_batch_says_what_became_of_each_and_one_bad_item_harms_none(sender, people, wrapped):
    known = event("user.created", person(1))
    sender.post(known)
    batch = [
        event("user.created", person(2)),
        known,
        event("user.created", person(3, email=17)),
        event("user.invented", person(4)),
        "not an event",
        {**known, "data": person(9)},
        event("user.created", {**person(5), "is_superuser": True}),
        event("user.created", person(6), organization="curie"),
        event("user.created", person(7), organization="lumiere"),
    ]
    answer = sender.post({"events": batch} if wrapped else batch)
    said = answer.json()
    assert answer.status_code == 202
    assert [one["status"] for one in said["results"]] == [
        "accepted", "duplicate", "invalid", "invalid", "invalid", "conflict", "invalid", "invalid", "accepted",
    ]  # fmt: skip
    assert (said["accepted"], said["duplicate"], said["conflict"], said["invalid"]) == (2, 1, 1, 5)
    assert said["results"][2]["errors"] == ["email: Input should be a valid string"]
    assert said["results"][6]["errors"] == ["is_superuser: Extra inputs are not permitted"]
    assert said["results"][7]["errors"] == ["organization: unknown here"]
    drain()
    assert set(people()) == {"P1", "P2", "P7"}


def test_an_unknown_organisation_is_not_made(platform_sender, lumiere, curie):
    batch = [
        event("user.created", person(1), organization="lumiere"),
        event("user.created", person(2), organization="nowhere"),
        event("user.created", person(3)),
    ]
    answer = platform_sender.post(batch)
    assert [one["status"] for one in answer.json()["results"]] == ["accepted", "invalid", "invalid"]
    with activated(lumiere):
        assert [row.event_id for row in InboundEvent.objects.all()] == [batch[0]["id"]]
    with activated(curie):
        assert not InboundEvent.objects.exists()
    with platform():
        assert not School.objects.filter(slug="nowhere").exists()


@pytest.mark.parametrize("named", ["curie", "nowhere"])
def test_at_a_school_only_its_own_events_are_taken(sender, curie, named):
    """Also another school's, sent to the wrong host, and with the same words as of one that does not exist."""
    mine, foreign = event("user.created", person(1), organization="lumiere"), event("user.created", person(2))
    answer = sender.post([mine, {**foreign, "organization": named}]).json()["results"]
    assert [one["status"] for one in answer] == ["accepted", "invalid"]
    assert answer[1]["errors"] == ["organization: unknown here"]
    assert [row.event_id for row in InboundEvent.objects.all()] == [mine["id"]]


@pytest.fixture
def platform_sender(db):
    with platform():
        return Sender(host="campanile.localhost", secret=secret_for("user-service"))


# --- signatures ---------------------------------------------------------------------------------------------


def test_who_does_not_sign_is_refused_and_nothing_is_kept(sender, curie):
    body = json.dumps(event("user.created", person(1))).encode()
    good = headers(body, sender.secret)
    with activated(curie):
        foreign = secret_for("user-service")
    others = secret_for("payment-service")
    old = timezone.now() - timedelta(minutes=6)
    refused = {
        "no headers": {},
        "no signature": {**good, "webhook-signature": ""},
        "no id": {**good, "webhook-id": ""},
        "other id": {**good, "webhook-id": "msg_other"},
        "other time": {**good, "webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)},
        "time that is none": {**good, "webhook-timestamp": "soon"},
        "negative time": {**good, "webhook-timestamp": "-5"},
        "too old": headers(body, sender.secret, at=old),
        "too early": headers(body, sender.secret, at=timezone.now() + timedelta(minutes=6)),
        "wrong version": {**good, "webhook-signature": good["webhook-signature"].replace("v1,", "v2,")},
        "no version": {**good, "webhook-signature": good["webhook-signature"].replace("v1,", "")},
        "no base64": {**good, "webhook-signature": "v1,***"},
        "two commas": {**good, "webhook-signature": "v1,,"},
        "cut": {**good, "webhook-signature": good["webhook-signature"][:-4]},
        "empty": {**good, "webhook-signature": "v1,"},
        "another school's secret": headers(body, foreign),
        "another service's secret": headers(body, others),
        "an invented secret": headers(body, "whsec_" + "A" * 43 + "="),
    }
    for name, signed in refused.items():
        answer = sender.post(None, body=body, signed=signed)
        assert answer.status_code == 401, name
        assert answer["Content-Type"] == "application/problem+json"
    for place in range(0, len(body), 7):
        assert sender.post(None, body=body[:place] + b"~" + body[place + 1 :], signed=good).status_code == 401
    assert not InboundEvent.objects.exists()
    several = {**good, "webhook-signature": f"v1,AAAA {good['webhook-signature']} v1a,BBBB"}
    assert sender.post(None, body=body, signed=several).status_code == 202


def test_a_secret_of_one_school_is_worthless_at_another(sender, curie):
    there = Sender(host="curie.campanile.localhost", secret=sender.secret)
    with activated(curie):
        secret_for("user-service")
    body = json.dumps(event("user.created", person(1))).encode()
    assert there.post(None, body=body).status_code == 401
    assert there.post(None, body=body, signed=headers(body, sender.secret)).status_code == 401
    assert sender.post(None, body=body).status_code == 202


# --- retries ------------------------------------------------------------------------------------------------


def test_what_comes_too_early_is_tried_again_and_then_given_up(sender, people, settings):
    settings.CELERY_RETRY_BACKOFF_BASE, settings.CELERY_MAX_RETRIES = 10.0, 2
    sender.post(event("user.updated", {"external_id": "P1", "given_name": "Zoé"}))
    now = timezone.now()
    pauses = []
    for attempt in (1, 2, 3):
        draining.drain(lambda now=now: now)
        kept = InboundEvent.objects.get()
        assert (kept.attempts, kept.outcome) == (attempt, "person-unknown")
        if attempt < 3:
            assert kept.state == "waiting" and kept.due_at > now
            pauses.append((kept.due_at - now).total_seconds())
            assert draining.drain(lambda now=now: now) == 0, "not before its time"
            now = kept.due_at
    assert 5 <= pauses[0] <= 10 <= pauses[1] <= 20
    assert (kept.state, kept.due_at) == ("dead", None)


def test_what_was_only_early_is_applied_when_its_person_has_come(sender, people):
    sender.post(event("user.updated", {"external_id": "P1", "given_name": "Zoé"}))
    drain()
    later = timezone.now() + timedelta(minutes=1)
    # the person comes in the same lane, but what waits for its next attempt must not hold it up for ever
    sender.post(event("user.created", person(1), occurred_at=(timezone.now() - timedelta(minutes=5)).isoformat()))
    for _round in range(3):
        draining.drain(lambda now=later: now)
        later += timedelta(hours=1)
    assert people()["P1"].given_name == "Zoé"


def test_a_rule_of_the_school_gives_up_at_once_and_says_why(sender, people):
    sender.post(event("user.created", person(1, email="somebody@elsewhere.example")))
    drain()
    kept = InboundEvent.objects.get()
    assert (kept.state, kept.outcome, kept.attempts) == ("dead", "invalid", 1)
    assert "elsewhere.example" in kept.detail
    assert not people()


# --- order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "expected"), [("fr", "L’école n’a pas"), ("en", "The school has not")])
def test_what_is_kept_for_people_is_in_the_schools_language(sender, lumiere, language, expected):
    """Whatever the worker speaks: nobody in particular is reading yet."""
    sender.post(event("user.created", person(1, email="somebody@elsewhere.example")))
    lumiere.locale = language
    with activated(lumiere), translation.override("fr" if language == "en" else "en"):
        drain()
    assert InboundEvent.objects.get().detail.startswith(expected)


def test_older_news_never_overwrites_newer(sender, people):
    start = timezone.now() - timedelta(hours=1)
    at = [(start + timedelta(minutes=minute)).isoformat() for minute in range(4)]
    sender.post(event("user.created", person(1), occurred_at=at[0]))
    sender.post(event("user.updated", {"external_id": "P1", "given_name": "Third"}, occurred_at=at[3]))
    sender.post(event("user.updated", {"external_id": "P1", "given_name": "Second"}, occurred_at=at[2]))
    drain()
    assert people()["P1"].given_name == "Third"
    assert [row.outcome for row in InboundEvent.objects.order_by("id")] == [
        "person-created", "person-updated", "older-than-known",
    ]  # fmt: skip


def test_suspended_and_reactivated(sender, people):
    sender.post([event("user.created", person(1)), event("user.suspended", {"external_id": "P1"})])
    drain()
    assert people()["P1"].status == "suspended"
    sender.post(event("user.reactivated", {"external_id": "P1"}))
    drain()
    assert people()["P1"].status == User.Status.PENDING
