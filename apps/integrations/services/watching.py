"""Alarms about services, raised by the clock and never by the handlers they are about (INT-3b).

So a service that sends nothing at all, workers that are not there, and handlers that never end raise one as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.audit.services import record
from apps.core import alarms
from apps.core.actor import Actor
from apps.tenants import context

from .. import acts
from ..hooks import alarm_raised
from ..models import InboundAlarm, SchoolState
from ..permissions import on_platform
from . import health
from .figures import Figures, by_day_before

CLOCK: Final = Actor.system("integrations watch")
Kind = InboundAlarm.Kind
REMEMBERED: Final = 14  # days that say what is usual
FEW: Final = 5  # events a day, below which a day without any is no news
WEEKEND: Final = (5, 6)


@dataclass(frozen=True, slots=True)
class Condition:
    """What is the matter with a service now."""

    service: str
    kind: str
    figures: dict[str, Any] = field(default_factory=dict)


def watch(*, now: datetime) -> int:
    """Open what is new, close what is over, tell the platform; how many alarms are open."""
    found = [one.figures for one in health.look(now)]
    open_now = keep_up(found, now)
    tell_platform(now)
    return open_now


@transaction.atomic
def keep_up(found: list[Figures], now: datetime) -> int:
    """Bring the alarms in line with these figures. Called twice it does nothing twice."""
    alarms.keep_up(
        InboundAlarm.objects.select_for_update().filter(cleared_at=None),
        {(condition.service, condition.kind): condition for one in found for condition in conditions(one, now)},
        key=lambda alarm: (alarm.service, alarm.kind),
        open_=lambda condition: _open(condition, now),
        follow=_follow,
        close=lambda alarm: _close(alarm, now),
    )
    return InboundAlarm.objects.filter(cleared_at=None).count()


def conditions(one: Figures, now: datetime) -> Iterator[Condition]:
    """What is the matter with one service."""
    if one.dead:
        yield Condition(one.service, Kind.DEAD, {"count": one.dead})
    if one.lag > settings.INTEGRATION_LAG_SECONDS:
        yield Condition(one.service, Kind.LATE, {"lag": one.lag})
    if one.held:
        yield Condition(one.service, Kind.HELD, {"count": one.held})
    if one.conflicts:
        yield Condition(one.service, Kind.CONFLICT, {"count": one.conflicts})
    if not one.received and one.last_event_at and one.last_event_at > now - timedelta(days=REMEMBERED + 1):
        usual = usual_on_such_a_day(one.service, now)
        if usual >= FEW:
            yield Condition(one.service, Kind.SILENT, {"usual": usual})


def usual_on_such_a_day(service: str, now: datetime) -> int:
    """The median of the last two weeks' spans of 24 hours, of working days or of weekends as the last one was."""
    counted = by_day_before(service, now, REMEMBERED + 1)
    alike = [back for back in range(1, REMEMBERED + 1) if _is_weekend(now, back) == _is_weekend(now, 0)]
    return int(median(counted.get(back, 0) for back in alike))


def _is_weekend(now: datetime, back: int) -> bool:
    """Of the span of 24 hours that ended so many days ago: what most of it was."""
    middle = now - timedelta(days=back, hours=12)
    return timezone.localtime(middle).weekday() in WEEKEND


def _open(condition: Condition, now: datetime) -> None:
    alarm = InboundAlarm.objects.create(
        service=condition.service, kind=condition.kind, figures=condition.figures, opened_at=now
    )
    alarm.told = sum(int(told or 0) for told in alarm_raised.send(alarm=alarm, now=now))
    alarm.save(update_fields=["told"])
    facts = {"service": alarm.service, "kind": alarm.kind, "told": alarm.told, **condition.figures}
    record(actor=CLOCK, act=acts.ALARM_OPENED, target=alarm, data=facts, at=now)


def _follow(alarm: InboundAlarm, condition: Condition) -> None:
    """The same trouble with other figures: nobody is written to again."""
    if alarm.figures != condition.figures:
        alarm.figures = condition.figures
        alarm.save(update_fields=["figures"])


def _close(alarm: InboundAlarm, now: datetime) -> None:
    alarms.close_row(alarm, now)
    data = {"service": alarm.service, "kind": alarm.kind}
    record(actor=CLOCK, act=acts.ALARM_CLEARED, target=alarm, data=data, at=now)


def tell_platform(now: datetime) -> None:
    """Leave the state of the active school where the platform's page finds it. Nothing personal is in it."""
    school_id = None if on_platform() else context.current().id
    if school_id is None:
        return
    found = health.look(now)
    services = [
        {
            "service": one.service, "state": one.state, "code": one.code, "dead": one.figures.dead,
            "waiting": one.figures.waiting, "lag": one.figures.lag,
        }
        for one in found
    ]  # fmt: skip
    facts = {
        "state": health.worst(found),
        "services": services,
        "dead": sum(one.figures.dead for one in found),
        "waiting": sum(one.figures.waiting for one in found),
        "lag": max((one.figures.lag for one in found), default=0),
        "looked_at": now,
    }
    with context.platform():
        SchoolState.objects.update_or_create(school_id=school_id, defaults=facts)


def figures(**_news: object) -> dict[str, int]:
    """For the platform's list of schools: events given up count as what does not work. Runs inside the school."""
    return {"failing": InboundAlarm.objects.filter(cleared_at=None, kind__in=[Kind.DEAD, Kind.LATE]).count()}
