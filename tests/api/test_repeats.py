"""Idempotency-Key: sent twice is done once, whoever dies in between and however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.models import Invitation, KeptAnswer, User
from apps.accounts.services import forgetting, repeats
from apps.audit.models import AuditEvent
from apps.core.actor import Role
from apps.core.api import operations
from apps.tenants.context import activated
from tests.api.conftest import machine, program
from tests.people import admin, person, with_role

NEW = {"email": "nadia@lumiere.example", "given_name": "Nadia"}


def invitations():
    """How many were sent, beside the school's first owner's."""
    return Invitation.objects.filter(email=NEW["email"]).count()


KEY = {"idempotency_key": "order 7/2026"}


def test_the_first_answer_is_given_again(desk):
    first = desk.send("users", NEW, **KEY)
    again = desk.send("users", NEW, **KEY)
    assert first.status_code == again.status_code == 201 and first.content == again.content
    assert again["Location"] == first["Location"] and again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert (
        invitations() == 1 and AuditEvent.objects.filter(act="invitation.sent", target_label=NEW["email"]).count() == 1
    )


def test_without_a_key_it_is_done_twice(desk):
    """The control."""
    assert [desk.send("users", NEW).status_code for _ in range(2)] == [201, 201]
    assert invitations() == 2


def test_another_request_with_the_key_is_refused(desk):
    desk.send("users", NEW, **KEY)
    for path, body in (("users", {**NEW, "given_name": "Lea"}), ("invitations", NEW)):
        answer = desk.send(path, body, **KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert User.objects.filter(email=NEW["email"]).get().given_name == "Nadia"


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_key_is_short_and_visible(desk, key):
    assert desk.send("users", NEW, idempotency_key=key).status_code == 422
    assert not invitations()


def test_keys_belong_to_one_caller(lumiere, desk):
    one = desk.send("users", NEW, **KEY)
    two = program(lumiere, admin()).send("users", NEW, **KEY)
    three = machine(lumiere, "people.invite").send("users", NEW, **KEY)
    four = machine(lumiere, "people.invite").send("users", NEW, **KEY)
    assert [one.status_code, two.status_code, three.status_code, four.status_code] == [201] * 4
    assert invitations() == 4 and KeptAnswer.objects.count() == 4


def test_a_refusal_leaves_the_key_free(desk):
    assert desk.send("users", {**NEW, "email": "no"}, **KEY).status_code == 422
    assert not KeptAnswer.objects.exists()
    assert desk.send("users", NEW, **KEY).status_code == 201


def test_a_key_of_a_visitor_means_nothing(visitor):
    body = {"email": "x@lumiere.example"}
    answers = [visitor.send("password-reset", body, **KEY) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202] and not KeptAnswer.objects.exists()
    assert not any("Idempotent-Replayed" in one for one in answers)


def test_what_is_kept_is_sealed_and_goes_away(desk):
    desk.send("users", NEW, **KEY)
    row = KeptAnswer.objects.values().get()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM accounts_keptanswer")
        stored = cursor.fetchone()[0]
    assert "nadia" not in stored and stored.startswith("s1.") and row["status"] == 201
    later = timezone.now() + repeats.KEPT_FOR + timedelta(seconds=1)
    forgetting.forget_expired(later)
    assert not KeptAnswer.objects.exists()


def test_after_a_day_a_key_is_new(desk):
    desk.send("users", NEW, **KEY)
    KeptAnswer.objects.update(created_at=timezone.now() - repeats.KEPT_FOR)
    again = desk.send("users", NEW, **KEY)
    assert again.status_code == 201 and "Idempotent-Replayed" not in again
    assert invitations() == 2


@pytest.mark.parametrize("part", [(repeats, "keep"), (operations, "answered")], ids=["keeping", "answering"])
def test_a_fault_of_ours_does_nothing_and_keeps_nothing(desk, monkeypatch, part):
    """The effect and the kept answer are one transaction: both or none."""
    desk.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(*part, lambda *given: 1 / 0)
        answer = desk.generic(
            "POST", "/api/v1/users", b'{"email": "nadia@lumiere.example"}', "application/json",
            headers={"authorization": f"Bearer {desk.token}", "idempotency-key": "k"},
        )  # fmt: skip
    assert answer.status_code == 500
    assert not User.objects.filter(email=NEW["email"]).exists() and not KeptAnswer.objects.exists()
    assert desk.send("users", NEW, **KEY).status_code == 201


def test_whoever_only_looks_is_refused_as_everywhere(lumiere):
    """Their requests write nothing, so not even a key."""
    from tests.conftest import client_for

    client = client_for(lumiere)
    client.force_login(admin())
    other = with_role(Role.AUDITOR)
    client.post(f"/roles/people/{other.pk}/view-as/")
    answer = client.post("/api/v1/users", NEW, "application/json", headers={"idempotency-key": "k"})
    assert answer.status_code == 403 and not KeptAnswer.objects.exists()


def test_many_at_once_do_it_once(new_school):
    """Eight requests with one key, in eight connections: one effect, one answer for all."""
    school = new_school()
    with activated(school):
        boss = admin()
        desk = program(school, boss)

    def send(_):
        try:
            one = program(school)
            one.token = desk.token
            return one.send("users", NEW, **KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert sum("Idempotent-Replayed" not in one for one in answers) == 1
    with activated(school):
        assert Invitation.objects.filter(email=NEW["email"]).count() == 1


def test_many_at_once_without_a_key_do_it_often(new_school):
    """The control of the race."""
    school = new_school()
    with activated(school):
        token = program(school, admin()).token

    def send(_):
        try:
            one = program(school)
            one.token = token
            return one.send("users", NEW).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    with activated(school):
        assert Invitation.objects.filter(email=NEW["email"]).count() > 1


def test_a_key_of_another_school_is_another_key(lumiere, curie):
    here = machine(lumiere, "people.invite")
    here.send("users", NEW, **KEY)
    with activated(curie):
        there = machine(curie, "people.invite")
    assert "Idempotent-Replayed" not in there.send("users", NEW, **KEY)
    with activated(curie):
        assert invitations() == 1


def test_a_person_who_leaves_takes_their_answers_along(lumiere, desk):
    user = person()
    KeptAnswer.objects.create(caller="x", user=user, key="k", fingerprint="f", created_at=timezone.now())
    user.delete()
    assert not KeptAnswer.objects.exists()
