"""Alarms about services come from outside the handlers: absence, given up, late, contradicted (INT-3b)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.integrations.models import InboundAlarm, InboundEvent
from apps.integrations.services import draining, watching
from apps.notifications.models import CommunicationLog
from apps.tenants.context import platform
from tests.integrations.senders import event, person
from tests.people import admin, auditor

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def staff(lumiere):
    auditor()
    return [admin(email="chief@lumiere.example", locale="en"), admin(email="chef@lumiere.example", locale="fr")]


def history(now, *, a_day, weekend=0, days=14, service="user-service"):
    """So many events on each of the last days, none in the last 24 hours."""
    rows = []
    for back in range(1, days + 1):
        at = now - timedelta(days=back, hours=12)
        count = weekend if at.weekday() >= 5 else a_day
        rows += [
            InboundEvent(
                service=service, event_id=f"{back}-{n}", kind="user.created", body_hash="x", received_at=at,
                finished_at=at, state="processed",
            )
            for n in range(count)
        ]  # fmt: skip
    InboundEvent.objects.bulk_create(rows)


def kinds():
    return sorted(InboundAlarm.objects.filter(cleared_at=None).values_list("kind", flat=True))


def mail():
    return sorted(CommunicationLog.objects.mail().filter(template="integration_alarm").values_list("to", flat=True))


def test_silence_where_forty_are_usual_is_told_once_and_over_with_the_next_event(staff, sender):
    history(TUESDAY, a_day=40)
    for _again in range(3):
        watching.watch(now=TUESDAY)
    assert kinds() == ["silent"]
    assert InboundAlarm.objects.get().figures == {"usual": 40}
    assert mail() == ["chef@lumiere.example", "chief@lumiere.example"]
    texts = {one.to: one for one in CommunicationLog.objects.mail().filter(template="integration_alarm")}
    assert "40" in texts["chief@lumiere.example"].text and "24 hours" in texts["chief@lumiere.example"].subject
    assert "24 heures" in texts["chef@lumiere.example"].subject
    InboundEvent.objects.create(
        service="user-service", event_id="now", kind="user.created", body_hash="x", received_at=TUESDAY,
        state="processed",
    )  # fmt: skip
    watching.watch(now=TUESDAY + timedelta(minutes=5))
    assert kinds() == [] and InboundAlarm.objects.get().cleared_at


@pytest.mark.parametrize(
    ("now", "a_day", "weekend", "raised"),
    [
        (TUESDAY, 4, 4, []),  # too few to say anything
        (TUESDAY, 0, 30, []),  # a service of weekends, on a weekday
        (TUESDAY - timedelta(days=2), 40, 0, []),  # Sunday, and weekends are quiet
        (TUESDAY - timedelta(days=2), 0, 30, ["silent"]),
    ],
)
def test_what_is_usual_is_that_of_such_a_day(lumiere, now, a_day, weekend, raised):
    history(now, a_day=a_day, weekend=weekend)
    watching.watch(now=now)
    assert kinds() == raised


def test_a_service_that_never_sent_anything_is_not_missed(lumiere):
    watching.watch(now=TUESDAY)
    assert kinds() == []


def test_given_up_contradicted_and_late(staff, sender):
    now = timezone.now()
    first = event("user.created", person(1))
    sender.post([first, event("user.created", person(2, email="b@elsewhere.example"))])
    draining.drain()
    sender.post({**first, "data": person(3)})
    sender.post(event("user.created", person(4)))
    watching.watch(now=now + timedelta(minutes=1))
    assert kinds() == ["conflict", "dead"]
    watching.watch(now=now + timedelta(minutes=6))
    assert kinds() == ["conflict", "dead", "late"]
    assert len(mail()) == 6
    draining.drain()
    watching.watch(now=now + timedelta(minutes=7))
    assert kinds() == ["conflict", "dead"]


def test_an_alarm_stands_on_the_overview_and_on_the_dashboard(client, sender):
    client.force_login(admin())
    sender.post(event("user.created", person(2, email="b@elsewhere.example")))
    draining.drain()
    watching.watch(now=timezone.now())
    for path in ("/integrations/", "/"):
        page = client.get(path).content.decode()
        assert "/integrations/events/?service=user-service&amp;state=dead" in page, path


def test_alarms_of_the_platform_reach_superadmins(console, superadmin):
    with platform():
        InboundEvent.objects.create(
            service="user-service", event_id="p", kind="user.created", body_hash="x", received_at=timezone.now(),
            state="dead",
        )  # fmt: skip
        watching.watch(now=timezone.now())
        assert kinds() == ["dead"] and mail() == [superadmin.email]
        assert "state=dead" in console.get("/integrations/").content.decode()
