"""Status pages: little for everybody, what to do for those who can do something."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.directory.models import DirectoryRun
from apps.ops import probes, services, status
from apps.ops.tasks import heartbeat
from apps.tenants import jobs
from apps.tenants.context import platform
from tests.conftest import client_for
from tests.people import acting, admin, auditor, code_of, owner, person, with_authenticator

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _ask_anew():
    probes.forget()
    yield
    probes.forget()


def part(parts, icon):
    return next(one for one in parts if one.icon == icon)


def test_everybody_sees_whether_it_works_and_nothing_else(platform_client):
    answer = platform_client.get("/status/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for inside in ("Redis", "PostgreSQL", "database", "queue", "lumiere", " ms"):
        assert inside not in text


def test_everybody_sees_when_it_does_not(platform_client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert platform_client.get("/status/").context["overall"] == "degraded"


def test_details_are_for_superadmins(platform_client, db):
    assert platform_client.get("/status/details/").status_code == 302
    with platform():
        boss = User.objects.create_user("boss@campanile.localhost", PASSWORD, status="active", is_superuser=True)
        code = code_of(with_authenticator(boss))
    platform_client.post("/sign-in/", {"email": boss.email, "password": PASSWORD})
    assert platform_client.get("/status/details/").status_code == 302, "the password alone opens nothing"
    platform_client.post("/sign-in/second-step/", {"code": code})
    answer = platform_client.get("/status/details/")
    assert answer.status_code == 200
    assert part(answer.context["parts"], "school").state == "ok"
    assert part(answer.context["parts"], "list-ordered").state == "ok"


def test_who_sees_the_status_of_a_school(client, lumiere):
    assert client.get("/status/").status_code == 302
    for someone, expected in ((owner(), 200), (admin(), 200), (auditor(), 403), (person(), 403)):
        browser = client_for(lumiere)
        browser.force_login(someone)
        assert browser.get("/status/").status_code == expected


def parts_now():
    return status.school_parts(actor=acting(admin()), now=timezone.now())


def test_every_fault_comes_with_what_to_do(lumiere, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.MEDIA_ROOT = "/proc/1"
    for one in parts_now():
        assert one.state == "ok" or one.advice, one
    assert part(parts_now(), "zap").state == "degraded"


def test_a_beat_shows_that_workers_and_clock_are_alive(lumiere):
    assert part(parts_now(), "heart-pulse").state == "degraded"
    heartbeat.apply(headers={})
    assert part(parts_now(), "heart-pulse").state == "ok"
    services.note_heartbeat(now=timezone.now() - timedelta(minutes=10))
    assert part(parts_now(), "heart-pulse").state == "degraded"


@pytest.fixture
def queue(monkeypatch):
    """`queue(seconds, ...)`: what is told of a queue that holds jobs sent so long ago."""
    monkeypatch.setattr(status, "QUEUES", ["nobody-takes"])
    now = timezone.now()

    def waiting(*ages):
        with probes._broker() as channel:
            channel.client.delete("nobody-takes")
            for age in sorted(ages, reverse=True):  # in the order of their coming
                sent = {"headers": {jobs.ASKED_AT: now.timestamp() - age}}
                channel.client.lpush("nobody-takes", json.dumps(sent))
        probes.forget()
        return status._queue_part(now)

    yield waiting
    with probes._broker() as channel:
        channel.client.delete("nobody-takes")


def test_a_job_that_waits_too_long_is_told_however_short_the_queue(queue):
    assert queue().state == "ok"
    soon = queue(300, 4)
    assert soon.state == "ok"
    assert soon.fact.startswith("nobody-takes: 2 · ") and "5 min" in soon.fact
    late = queue(900, 4)
    assert late.state == "degraded" and late.advice
    assert "15 min" in late.fact


def test_a_long_queue_is_told(queue):
    assert queue(*[1] * (status.LONG_QUEUE - 1)).state == "ok"
    assert queue(*[1] * status.LONG_QUEUE).state == "degraded"


@pytest.mark.parametrize(("state", "expected"), [("done", "ok"), ("held", "degraded"), ("failed", "degraded")])
def test_the_last_run_is_told_with_what_to_do(lumiere, state, expected):
    assert part(parts_now(), "refresh-cw").advice, "no run yet: how to start"
    DirectoryRun.objects.create(state=state, tenant_id="t", requested_by="x", created_at=timezone.now())
    told = part(parts_now(), "refresh-cw")
    assert told.state == expected
    assert bool(told.advice) is (expected != "ok")


def test_mail_that_waits_too_long_is_told(lumiere):
    from apps.notifications.models import CommunicationLog

    CommunicationLog.objects.update(state=CommunicationLog.State.SENT)  # the school's own invitation, however old
    CommunicationLog.objects.all().delete()  # invitations that wait since the database of the tests was made
    log = CommunicationLog.objects.create(template="x", cause="x:1", to="a@b.example", language="fr", subject="s")
    assert part(parts_now(), "mail").state == "ok"
    CommunicationLog.objects.filter(pk=log.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert part(parts_now(), "mail").state == "degraded"


def test_files_are_written_read_and_deleted(lumiere, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert part(parts_now(), "folder").state == "ok"
    assert list((tmp_path / "media").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(lumiere, settings):
    settings.MEDIA_ROOT = "/proc/1"
    assert part(parts_now(), "folder").state == "degraded"


def test_without_redis_the_sign_in_limits_are_degraded(lumiere, settings):
    assert part(parts_now(), "lock").state == "ok"
    probes.forget()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert part(parts_now(), "lock").state == "degraded"


def test_a_school_that_is_behind_is_told(db):
    from apps.tenants.models import FleetMigration

    with platform():
        assert status._fleet_part().state == "ok"
        last = FleetMigration.objects.order_by("-position").first().position
        FleetMigration.objects.create(position=last + 1, app="campuses", name="9999_later")
        assert status._fleet_part().state == "degraded"


def test_a_provider_that_is_left_alone_is_told(lumiere):
    from apps.integrations.http.gate import GATE, Rule

    rule = Rule(pauses=(100,))
    for _ in range(5):
        entry = GATE.enter("microsoft-graph", lumiere.schema_name, rule, lease=10)
        GATE.leave(entry, "microsoft-graph", lumiere.schema_name, rule, "bad")
    assert sorted(one.state for one in parts_now() if one.icon == "plug") == ["degraded", "ok"]


def test_the_last_calls_of_providers_are_told(lumiere):
    assert {one.state for one in parts_now() if one.icon == "plug"} == {"ok"}
    services.note_call(provider="microsoft-graph", well=False)
    assert sorted(one.state for one in parts_now() if one.icon == "plug") == ["degraded", "ok"]
    services.note_call(provider="microsoft-graph", well=True)
    assert {one.state for one in parts_now() if one.icon == "plug"} == {"ok"}
