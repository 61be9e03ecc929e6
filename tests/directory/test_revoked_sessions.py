"""Whose sessions were revoked at Microsoft is signed out here with the next run (IDN-4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Identity, Session
from apps.audit.models import AuditEvent
from apps.directory.services import revocations
from tests.conftest import client_for


def signed_in(user, way="microsoft", began: float = 10):
    """A session that began so many minutes ago."""
    now = timezone.now()
    row = Session.objects.create(user=user, signed_in_by=way, last_seen_at=now, expires_at=now + timedelta(hours=1))
    Session.objects.filter(pk=row.pk).update(created_at=now - timedelta(minutes=began))
    return row


@pytest.fixture
def read(world):
    """Seventeen people are known, so that one question is not enough; the first two are signed in."""
    world.ids = world.people(17)
    world.map(world.group("Paris", world.ids), world.paris)
    world.run()
    world.first, world.second = (Identity.objects.get(object_id=one).user for one in world.ids[:2])
    return world


def look(world) -> int:
    return revocations.end_revoked(now=timezone.now(), make_graph=world.graph)


def revoke(world, minutes_ago: float = 5, person=0):
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    world.change(world.ids[person], signInSessionsValidFromDateTime=moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_what_began_before_the_revocation_ends_and_nothing_else(read):
    before, after = signed_in(read.first), signed_in(read.first, began=1)
    by_password, other = signed_in(read.first, "password"), signed_in(read.second)
    assert look(read) == 0, "a control: nothing was revoked yet"
    revoke(read)
    assert look(read) == 1
    before.refresh_from_db()
    assert before.ended_because == Session.Ended.REVOKED
    left = set(Session.objects.filter(ended_at=None).values_list("pk", flat=True))
    assert left == {after.pk, by_password.pk, other.pk}
    event = AuditEvent.objects.get(act="sessions.revoked_at_microsoft")
    assert (event.target_id, event.actor_label) == (str(read.first.pk), "directory")
    assert look(read) == 0 and AuditEvent.objects.filter(act="sessions.revoked_at_microsoft").count() == 1


def test_only_who_is_signed_in_is_asked_about(read):
    read.sim.clear_requests()
    assert look(read) == 0
    assert not read.sim.requests(operation="users")
    for identity in Identity.objects.all():
        signed_in(identity.user)
    revoke(read, person=16)
    assert look(read) == 1
    asked = [one for one in read.sim.requests() if "signInSessionsValidFromDateTime" in str(one)]
    assert len(asked) == 2, "fifteen at once"


@pytest.mark.parametrize("fault", ["unavailable", "forbidden"])
def test_a_directory_that_does_not_answer_ends_nothing(read, fault):
    signed_in(read.first)
    revoke(read)
    read.sim.fault(fault, tid=read.tid, times=None)
    assert look(read) == 0
    read.sim.clear_faults()
    assert look(read) == 1


def test_the_person_is_told_why(read, lumiere):
    client = client_for(lumiere)
    client.cookies["__Host-language"] = "en"
    client.force_login(read.first)
    Session.objects.filter(user=read.first).update(
        signed_in_by="microsoft", created_at=timezone.now() - timedelta(hours=1)
    )
    revoke(read)
    assert look(read) == 1
    answer = client.get("/account/", follow=True)
    assert "revoked at Microsoft" in answer.content.decode()


def test_every_run_looks(read, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr("apps.tenants.jobs._send", lambda name, *more: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        read.run()
    assert "directory.revocations" in rung
