"""The demonstration is made through the services, can be repeated, and refuses to exist where others can reach it."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import Invitation, User
from apps.audit.models import AuditEvent
from apps.campuses.models import CampusMembership
from apps.devices.models import DeskPin, Device
from apps.devices.services import pins
from apps.directory.models import DirectoryRun
from apps.directory.services import alerts
from apps.notifications.models import CommunicationLog
from apps.ops import demo
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.conftest import drop_school


@pytest.fixture
def simulator(sandbox, settings):
    """The simulator as the demonstration has it."""
    sandbox.reset("demo")
    settings.MICROSOFT_LOGIN_URL = sandbox.microsoft_url
    settings.MICROSOFT_GRAPH_URL = sandbox.graph_url
    return sandbox


@pytest.fixture
def one_school(simulator, monkeypatch, django_db_setup, django_db_blocker):
    """The first school of the demonstration under another address: the tests have a `lumiere` of their own."""
    spec = replace(demo.LUMIERE, slug=f"demo{uuid.uuid4().hex[:6]}", waits=demo.CURIE.waits)
    monkeypatch.setattr(demo, "SCHOOLS", (spec,))
    with django_db_blocker.unblock():
        yield spec
        with platform():
            school = School.objects.filter(slug=spec.slug).first()
        if school:
            drop_school(school)


def figures() -> tuple:
    return (
        User.objects.count(),
        CampusMembership.objects.count(),
        DirectoryRun.objects.count(),
        Invitation.objects.count(),
        AuditEvent.objects.count(),
        CommunicationLog.objects.count(),
    )


def test_refuses_outside_of_this_machine(db, settings):
    settings.PLATFORM_DOMAIN = "campanile.school"
    with pytest.raises(CommandError, match="localhost"):
        call_command("demo_data")
    with pytest.raises(CommandError, match="localhost"):
        call_command("demo_data", json=True)


def test_prints_who_may_sign_in(db, capsys):
    with platform():
        call_command("demo_data", json=True)
    people = json.loads(capsys.readouterr().out)["signins"]
    assert {"superadmin", "owner of lumiere", "owner of curie", "student"} <= {row["who"] for row in people}
    assert all(set(row) - {"then"} == {"who", "where", "email", "password"} for row in people)
    tablet = next(row for row in people if row["who"] == "shared tablet")
    assert "PIN 4071" in tablet["password"] and tablet["where"].endswith("/desk/") and "/devices/" in tablet["then"]
    assert "/authenticator" in people[0]["then"], "where the superadmin finds the second step"
    assert django_settings.PLATFORM_DOMAIN in people[0]["where"]


def test_makes_a_school_that_lives_and_repeating_changes_nothing(one_school):
    demo.make(print)
    with platform():
        school = School.objects.get(slug=one_school.slug)
    with activated(school):
        made = figures()
        assert school.status == "active"
        assert CampusMembership.objects.filter(state="active").count() > 300
        runs = list(DirectoryRun.objects.order_by("created_at"))
        assert [run.state for run in runs] == ["done", "done", "done", "held"]
        assert runs[0].created_at < runs[-1].created_at - timedelta(days=20), "the runs tell of a month"
        (alert,) = alerts.standing(now=timezone.now())
        assert (alert.kind, alert.run_id) == ("held", runs[-1].pk) and alert.affected > 100, "an alert to look at"
        for _role, _given, _family, email in one_school.people:
            assert User.objects.get(email=email).check_password(demo.PASSWORD)
        assert User.objects.get(email=one_school.student).identities.exists()
        assert [(tablet.state, tablet.scope_kind) for tablet in Device.objects.all()] == [("waiting", "campus")]
        student = User.objects.get(email=one_school.student)
        assert pins.is_right(student.desk_pin, student.pk, demo.PINS[0]) and DeskPin.objects.count() == len(demo.PINS)
        assert AuditEvent.objects.filter(act="session.started", data__demonstration=True).count() > 200
        states = set(CommunicationLog.objects.values_list("state", flat=True))
        assert states >= {"queued", "delivered", "bounced", "failed", "suppressed"}, "messages in every state"
        unread = CommunicationLog.objects.filter(unread=True)
        for email in (one_school.owner[2], one_school.student):
            assert unread.filter(user_id=User.objects.get(email=email).pk).exists(), "something under the bell"
    demo.make(print)
    with activated(school):
        assert figures() == made
