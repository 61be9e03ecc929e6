"""Runs that start by themselves: off, every few hours, or daily at a time of the school's own day (DIR-5).

The clock rings every minute and may ring twice, late, or from two machines. What decides is the slot: each
moment at which a run is due has a name, and the schedule's row remembers the last name it started a run for.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid
from apps.tenants.zones import zone_of_school

from ..models import DirectoryRun, DirectorySchedule
from ..permissions import DIRECTORY_MANAGE
from . import starting
from .acts import SCHEDULE_CHANGED
from .requests import RunRefused

logger = logging.getLogger("campanile.directory")

MOST_HOURS = 168
FIELDS = ("mode", "every_hours", "daily_at", "reading")
Mode = DirectorySchedule.Mode


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which a run is due, and the name under which it is started once."""

    name: str
    at: datetime


def schedule_of() -> DirectorySchedule:
    """The school's schedule; an unsaved one that is off while nobody has chosen."""
    found = DirectorySchedule.objects.first()
    return found or DirectorySchedule(since=datetime.now(UTC))


@transaction.atomic
def change_schedule(
    *, actor: Actor, now: datetime, mode: str, every_hours: int, daily_at: time, reading: str
) -> DirectorySchedule:
    """Decide when runs start. A time that has passed today begins tomorrow. The same again changes nothing.

    Raises Forbidden, Invalid (fields).
    """
    DIRECTORY_MANAGE.require(actor)
    _check(mode, every_hours, reading)
    given = {"mode": mode, "every_hours": every_hours, "daily_at": daily_at.replace(second=0, microsecond=0)}
    given["reading"] = reading
    schedule = _locked(now)
    changes = {name: [str(getattr(schedule, name)), str(value)] for name, value in given.items()
               if getattr(schedule, name) != value}  # fmt: skip
    if not changes:
        return schedule
    for name, value in given.items():
        setattr(schedule, name, value)
    if set(changes) != {"reading"}:
        schedule.since = now
    schedule.changed_by = actor.label[:200]
    schedule.save()
    record(actor=actor, act=SCHEDULE_CHANGED, target=schedule, changes=changes, at=now)
    return schedule


def last_slot(schedule: DirectorySchedule, now: datetime, zone: ZoneInfo) -> Slot | None:
    """The latest moment, not after now, at which a run was due; None when there was none since the last change."""
    if schedule.mode == Mode.HOURS:
        slot = _hourly(schedule, now)
    elif schedule.mode == Mode.DAILY:
        slot = _daily(schedule, now, zone)
    else:
        return None
    return slot if slot.at > schedule.since else None


def next_moment(schedule: DirectorySchedule, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next run will start by itself; None when none will."""
    if schedule.mode == Mode.HOURS:
        return _hourly(schedule, now).at + timedelta(hours=schedule.every_hours)
    if schedule.mode != Mode.DAILY:
        return None
    today = now.astimezone(zone).date()
    moments = (_moment(today + timedelta(days=days), schedule.daily_at, zone) for days in range(3))
    return next(moment for moment in moments if moment > now)


def start_due(*, now: datetime) -> DirectoryRun | None:
    """Start the run that is due, once per slot however often and by how many clocks this is called.

    A slot that passed while nothing rang is made up for, by one run. A run that cannot be started (no link, no
    mapping) uses its slot up: the lag is what the alert tells.
    """
    with transaction.atomic():
        schedule = DirectorySchedule.objects.select_for_update().exclude(mode=Mode.OFF).first()
        slot = last_slot(schedule, now, zone_of_school()) if schedule else None
        if schedule is None or slot is None or schedule.taken == slot.name:
            return None
        schedule.taken = slot.name
        schedule.save(update_fields=["taken"])
        try:
            with transaction.atomic():
                return starting.start(
                    actor=Actor.system("schedule"),
                    now=now,
                    trigger=DirectoryRun.Trigger.SCHEDULE,
                    delta=schedule.reading == DirectorySchedule.Reading.DELTA,
                )
        except RunRefused as refused:
            logger.info("a scheduled run was not started", extra={"reason": str(refused)})
            return None


def _hourly(schedule: DirectorySchedule, now: datetime) -> Slot:
    """Counted from the moment the schedule was set, so that schools do not all read at once."""
    step = timedelta(hours=schedule.every_hours)
    number = (now - schedule.since) // step
    return Slot(f"{schedule.since:%Y%m%dT%H%M%S}/{schedule.every_hours}h/{number}", schedule.since + number * step)


def _daily(schedule: DirectorySchedule, now: datetime, zone: ZoneInfo) -> Slot:
    today = now.astimezone(zone).date()
    at = _moment(today, schedule.daily_at, zone)
    if at > now:
        today -= timedelta(days=1)
        at = _moment(today, schedule.daily_at, zone)
    return Slot(today.isoformat(), at)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of the school show this time: the first of two, and after the gap for a time that is left out."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _check(mode: str, every_hours: int, reading: str) -> None:
    faults: dict[str, list[object]] = {}
    if mode not in Mode.values:
        faults["mode"] = [_("Choose when runs start.")]
    if not 1 <= every_hours <= MOST_HOURS:
        faults["every_hours"] = [_("Enter a number of hours from 1 to %(most)d.") % {"most": MOST_HOURS}]
    if reading not in DirectorySchedule.Reading.values:
        faults["reading"] = [_("Choose what is read.")]
    if faults:
        raise Invalid(fields=faults)


def _locked(now: datetime) -> DirectorySchedule:
    DirectorySchedule.objects.bulk_create([DirectorySchedule(since=now)], ignore_conflicts=True)
    return DirectorySchedule.objects.select_for_update().get()
