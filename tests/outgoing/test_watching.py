"""Who fails is told to people from outside, and is switched off after days; nothing is lost by it (INT-9, INT-3b)."""

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.notifications.models import CommunicationLog
from apps.outgoing.catalogue import Nothing
from apps.outgoing.models import Delivery, EndpointAlarm, WebhookEndpoint
from apps.outgoing.services import endpoints, publishing, watching
from tests.people import acting, admin


@pytest.fixture
def boss(lumiere):
    return admin(email="chef@lumiere.example", locale="fr")


def open_kinds() -> list[str]:
    return sorted(EndpointAlarm.objects.filter(cleared_at=None).values_list("kind", flat=True))


def mails() -> list[str]:
    return list(
        CommunicationLog.objects.mail()
        .filter(template="integration_alarm")
        .order_by("pk")
        .values_list("subject", flat=True)
    )


def happen() -> None:
    publishing.publish("campus.created", Nothing(), happened_at=timezone.now())


def test_an_hour_of_failures_is_told_once_and_over_with_a_success(boss, world):
    world.endpoint(status=500)
    happen()
    world.deliver()
    watching.watch(now=world.now)
    assert open_kinds() == [], "a minute is no news"
    for _again in range(3):
        world.later(minutes=45)
        watching.watch(now=world.now)
    assert open_kinds() == ["failing"]
    assert len(mails()) == 1 and "timetable" in mails()[0]
    world.answer("timetable")
    while not world.later(hours=3):
        pass
    watching.watch(now=world.now)
    assert open_kinds() == []
    acts = AuditEvent.objects.filter(act__startswith="webhook.alarm").values_list("act", flat=True)
    assert sorted(acts) == ["webhook.alarm_cleared", "webhook.alarm_opened"]


def test_five_days_of_failures_switch_it_off_and_what_happens_waits(boss, world):
    made = world.endpoint(status=500)
    happen()
    while timezone.now() + world.passed < timezone.now() + watching.OFF_AFTER:
        world.later(hours=12)
        watching.watch(now=world.now)
        happen()
    world.later(hours=12)
    watching.watch(now=world.now)
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.state, endpoint.because) == ("disabled", "failing")
    assert open_kinds() == ["disabled"]
    assert len(mails()) == 2
    happen()
    heard = len(world.heard())
    world.later(days=1)
    assert len(world.heard()) == heard
    waiting = Delivery.objects.filter(state="waiting").count()
    assert waiting > 5
    world.answer("timetable")
    endpoints.enable_endpoint(actor=acting(boss), endpoint_id=made.row.endpoint_id, now=world.now)
    world.later(days=2)
    while world.deliver():
        pass
    assert Delivery.objects.filter(state="delivered").count() == waiting
    watching.watch(now=world.now)
    assert open_kinds() == []


def test_410_is_told_from_outside(boss, world):
    world.endpoint(status=410)
    happen()
    world.deliver()
    assert open_kinds() == []
    watching.watch(now=world.now)
    watching.watch(now=world.now)
    assert open_kinds() == ["disabled"]
    assert len(mails()) == 1


def test_a_success_in_between_begins_the_days_anew(boss, world):
    world.endpoint(status=500)
    happen()
    for _ in range(6):
        world.later(hours=12)
    world.answer("timetable")
    while not world.later(hours=12):
        pass
    world.answer("timetable", status=500)
    happen()
    world.later(hours=12)
    world.later(days=3)
    watching.watch(now=world.now)
    assert WebhookEndpoint.objects.get().is_enabled
