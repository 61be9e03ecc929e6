"""Endpoints that fail: told to people, and in the end switched off. By the clock, never by what sends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from apps.audit.services import record
from apps.core import alarms
from apps.core.actor import Actor

from .. import acts
from ..hooks import alarm_raised
from ..models import EndpointAlarm, WebhookEndpoint
from . import delivering

CLOCK: Final = Actor.system("webhooks watch")
Kind = EndpointAlarm.Kind
State = WebhookEndpoint.State
TOLD_AFTER: Final = timedelta(hours=1)  # without any success
OFF_AFTER: Final = timedelta(days=5)  # longer than the schedule of one event (three days)

Wanted = tuple[UUID, str]


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Switch off what failed for OFF_AFTER; bring the alarms in line; how many are open. Safe to repeat."""
    # skipped while a job marks it: the next round is five minutes away
    for endpoint in WebhookEndpoint.objects.select_for_update(skip_locked=True).filter(
        state=State.ENABLED, failing_since__lt=now - OFF_AFTER
    ):
        delivering.switch_off(endpoint, WebhookEndpoint.Because.FAILING, now)
    alarms.keep_up(
        EndpointAlarm.objects.select_for_update().filter(cleared_at=None),
        {one: one for one in _conditions(now)},
        key=lambda alarm: (alarm.endpoint_id, alarm.kind),
        open_=lambda wanted: _open(wanted, now),
        follow=lambda alarm, wanted: None,
        close=lambda alarm: _close(alarm, now),
    )
    return EndpointAlarm.objects.filter(cleared_at=None).count()


def _conditions(now: datetime) -> Iterable[Wanted]:
    for endpoint in WebhookEndpoint.objects.exclude(state=State.PAUSED):
        if endpoint.state == State.DISABLED:
            yield endpoint.pk, Kind.DISABLED
        elif endpoint.failing_since and endpoint.failing_since < now - TOLD_AFTER:
            yield endpoint.pk, Kind.FAILING


def _open(wanted: Wanted, now: datetime) -> None:
    endpoint_id, kind = wanted
    alarm = EndpointAlarm.objects.create(endpoint_id=endpoint_id, kind=kind, opened_at=now)
    alarm.told = sum(int(told or 0) for told in alarm_raised.send(alarm=alarm, now=now))
    alarm.save(update_fields=["told"])
    data = {"kind": alarm.kind, "told": alarm.told}
    record(actor=CLOCK, act=acts.ALARM_OPENED, target=alarm.endpoint, data=data, at=now)


def _close(alarm: EndpointAlarm, now: datetime) -> None:
    alarms.close_row(alarm, now)
    record(actor=CLOCK, act=acts.ALARM_CLEARED, target=alarm.endpoint, data={"kind": alarm.kind}, at=now)


def figures(**_news: object) -> dict[str, int]:
    """For the platform's list of schools: endpoints that need somebody. Runs inside the school."""
    return {"failing": EndpointAlarm.objects.filter(cleared_at=None).count()}
