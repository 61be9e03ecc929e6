"""Runs start by themselves: once per slot, on the school's own clock, however often the clock of the jobs rings."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid
from apps.directory.models import DirectoryRun, DirectorySchedule
from apps.directory.services import schedules
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import acting, admin, auditor

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
URL = "/directory/schedule/"


def set_schedule(now=None, **fields):
    values = {"mode": "daily", "every_hours": 6, "daily_at": time(4, 0), "reading": "full", **fields}
    return schedules.change_schedule(actor=ADMIN, now=now or timezone.now(), **values)


def a_schedule(since, **fields):
    values = {"mode": "daily", "every_hours": 6, "daily_at": time(2, 30)}
    return DirectorySchedule(since=since, **{**values, **fields})


def every_minute(schedule, zone, start, end):
    """The names of all slots that a clock ringing every minute meets, in order, each once."""
    seen, now = [], start
    while now <= end:
        slot = schedules.last_slot(schedule, now, zone)
        if slot and (not seen or seen[-1][0] != slot.name):
            seen.append((slot.name, now))
        now += timedelta(minutes=1)
    return seen


@pytest.mark.parametrize("at", [time(0, 0), time(2, 0), time(2, 30), time(3, 0), time(23, 59)])
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=PARIS), datetime(2026, 10, 25, tzinfo=PARIS)])
def test_once_per_local_day_when_the_clocks_change(at, change):
    """In March 02:30 does not exist, in October it comes twice."""
    start, end = change - timedelta(days=1), change + timedelta(days=2)
    schedule = a_schedule(start.astimezone(UTC) - timedelta(days=2), daily_at=at)
    seen = every_minute(schedule, PARIS, start.astimezone(UTC), end.astimezone(UTC))
    names = [name for name, _ in seen]
    assert len(names) == len(set(names))
    assert {"2026-03-29" if change.month == 3 else "2026-10-25"} <= set(names)
    for name, rang in seen[1:]:
        assert rang.astimezone(PARIS).date().isoformat() == name, "on its own day"


def test_a_time_that_does_not_exist_comes_after_the_gap():
    schedule = a_schedule(datetime(2026, 3, 1, tzinfo=UTC))
    (slot, rang) = every_minute(
        schedule, PARIS, datetime(2026, 3, 29, 0, 50, tzinfo=UTC), datetime(2026, 3, 29, 4, 0, tzinfo=UTC)
    )[-1]
    assert slot == "2026-03-29" and rang.astimezone(PARIS).strftime("%H:%M") == "03:30"


def test_a_day_is_the_schools_day():
    schedule = a_schedule(datetime(2026, 5, 1, tzinfo=UTC), daily_at=time(1, 0))
    now = datetime(2026, 5, 10, 15, 0, tzinfo=UTC)  # 02:00 of the 11th in Nouméa, 17:00 of the 10th in Paris
    assert schedules.last_slot(schedule, now, NOUMEA).name == "2026-05-11"
    assert schedules.last_slot(schedule, now, PARIS).name == "2026-05-10"


@pytest.mark.parametrize("hours", [1, 5, 6, 24, 168])
def test_every_few_hours_whatever_the_clocks_do(hours):
    since = datetime(2026, 10, 20, 7, 13, tzinfo=UTC)
    schedule = a_schedule(since, mode="hours", every_hours=hours)
    seen = every_minute(schedule, PARIS, since, since + timedelta(days=8))
    moments = [rang for _, rang in seen]
    assert moments[0] == since + timedelta(hours=hours)
    assert {b - a for a, b in zip(moments, moments[1:], strict=False)} <= {timedelta(hours=hours)}


def test_nothing_starts_by_itself_until_somebody_chooses(world):
    world.standard()
    assert schedules.start_due(now=timezone.now() + timedelta(days=9)) is None
    assert not DirectoryRun.objects.exists()


def test_two_clocks_start_one_run(world):
    world.standard()
    now = datetime(2026, 5, 10, 1, 59, tzinfo=UTC)
    set_schedule(now)
    assert schedules.start_due(now=now) is None, "04:00 in Paris is 02:00 UTC"
    first = schedules.start_due(now=now + timedelta(minutes=1))
    assert (first.trigger, first.requested_by) == ("schedule", "schedule")
    world.carry_out(first)
    for minutes in (1, 2, 3, 600):
        assert schedules.start_due(now=now + timedelta(minutes=minutes)) is None
    assert DirectoryRun.objects.count() == 1
    assert schedules.start_due(now=now + timedelta(days=1, minutes=1)) is not None


def test_a_night_without_a_clock_is_made_up_for_once(world):
    world.standard()
    now = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
    set_schedule(now)
    morning = now + timedelta(days=3, hours=-3)
    assert schedules.start_due(now=morning) is not None
    assert schedules.start_due(now=morning + timedelta(minutes=1)) is None
    assert DirectoryRun.objects.count() == 1


def test_deltas_every_day_and_everything_once_a_week(world):
    """What the choice promises: a full run on the same day of each week, whatever the deltas in between said."""
    world.standard()
    start = datetime(2026, 5, 10, 1, 59, tzinfo=UTC)
    set_schedule(start, reading="delta")
    kinds = []
    for day in range(16):
        run = world.carry_out(schedules.start_due(now=start + timedelta(days=day, minutes=1, seconds=day % 3)))
        assert run.state == "done"
        kinds.append(run.kind)
    assert [day for day, kind in enumerate(kinds) if kind == "full"] == [0, 7, 14]
    assert set(kinds) == {"full", "delta"}


def test_a_full_run_that_failed_is_made_up_for_by_the_next(world):
    world.standard()
    start = datetime(2026, 5, 10, 1, 59, tzinfo=UTC)
    set_schedule(start, reading="delta")
    first = schedules.start_due(now=start + timedelta(minutes=1))
    DirectoryRun.objects.filter(pk=first.pk).update(state="failed")
    assert schedules.start_due(now=start + timedelta(days=1, minutes=1)).kind == "full"


def test_what_passed_before_the_choice_is_not_made_up_for(world):
    world.standard()
    set_schedule(datetime(2026, 5, 10, 12, 0, tzinfo=UTC))
    assert schedules.start_due(now=datetime(2026, 5, 10, 12, 1, tzinfo=UTC)) is None


def test_a_school_without_mappings_uses_the_slot_up(world):
    now = datetime(2026, 5, 10, 1, 59, tzinfo=UTC)
    set_schedule(now)
    assert schedules.start_due(now=now + timedelta(minutes=1)) is None
    world.standard()
    assert schedules.start_due(now=now + timedelta(minutes=2)) is None


def test_the_choice_is_recorded_once_and_needs_an_administrator(world):
    with pytest.raises(Forbidden):
        schedules.change_schedule(
            actor=acting(auditor()), now=timezone.now(), mode="daily", every_hours=6, daily_at=time(4), reading="full"
        )
    with pytest.raises(Invalid) as refused:
        set_schedule(mode="sometimes", every_hours=0, reading="half")
    assert set(refused.value.fields) == {"mode", "every_hours", "reading"}
    set_schedule()
    set_schedule()
    assert AuditEvent.objects.filter(act="directory.schedule_changed").count() == 1


def test_the_page_shows_the_next_run_and_keeps_what_was_typed(world):
    browser = client_for(world.school)
    browser.force_login(admin(locale="en"))
    assert "No run starts by itself" in browser.get(URL).content.decode()
    wrong = browser.post(URL, {"mode": "daily", "daily_at": "25:99", "reading": "full"})
    assert wrong.status_code == 422 and 'value="25:99"' in wrong.content.decode()
    empty = browser.post(URL, {"mode": "hours", "every_hours": "", "reading": "full"})
    assert empty.status_code == 422
    assert browser.post(URL, {"mode": "daily", "daily_at": "04:15", "reading": "delta"}).status_code == 302
    known = DirectorySchedule.objects.get()
    assert (known.mode, known.daily_at, known.every_hours, known.reading) == ("daily", time(4, 15), 6, "delta")
    assert "The next run starts on" in browser.get(URL).content.decode()
    assert "every day at 04:15" in browser.get("/directory/").content.decode()


def test_the_rules_are_the_schools_own(world):
    from apps.directory.rules import hold_threshold

    browser = client_for(world.school)
    browser.force_login(admin())
    given = {"hold_percent": "25", "hold_count": "", "alert_hours": "48", "notifications": ""}
    assert browser.post(reverse("directory:rules"), given).status_code == 302
    assert (hold_threshold().percent, hold_threshold().count) == (25, 5)
    refused = browser.post(reverse("directory:rules"), {"hold_percent": "900"})
    assert refused.status_code == 422 and 'value="900"' in refused.content.decode()
