"""Alarm from outside the runs: they failed, none was good for too long, or one waits for a decision (DIR-5).

`standing` looks at the rows, so a run that never started raises the alarm as well as one that broke. The clock
calls `watch` every minute: it opens an alert once per cause and writes to those who may act; the end of the
condition closes it, and the next time is a new alert.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services.telling import tell_who_may
from apps.audit.services import record
from apps.core import alarms
from apps.core.actor import Actor
from apps.core.plan import State
from apps.core.ui import Text
from apps.tenants.features import value

from ..models import DirectoryAlert, DirectoryRun, DirectorySchedule, GroupMapping
from ..permissions import DIRECTORY_RUN
from ..rules import ALERT_HOURS
from ..selectors import linked_organisation, successor
from ..wording import hold_text, problem_text
from .acts import ALERT_CLEARED, ALERT_OPENED

CLOCK = Actor.system("directory watch")
Kind = DirectoryAlert.Kind
OVER = "over"  # only told, never an alert
NOT_JUDGED = ("preview", "undo")  # asked for by somebody who is looking
JUDGED = (State.DONE.value, State.PARTIAL.value, State.FAILED.value, State.HELD.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """What is the matter now. `cause` tells two faults of one kind apart."""

    kind: str
    cause: str = ""
    run_id: UUID | None = None
    affected: int = 0
    hold_reason: str = ""
    since: datetime | None = None
    hours: int = 0


def standing(*, now: datetime) -> list[Condition]:
    """Everything that is the matter with the directory runs of the active school, worst first."""
    runs = DirectoryRun.objects.exclude(kind__in=NOT_JUDGED)
    last = runs.filter(state__in=JUDGED).order_by("-created_at", "-id").first()
    held = runs.filter(state=State.HELD.value).order_by("-created_at", "-id").first()  # maybe older than a fault
    found = [_failed(last), _held(held), _late(last, now)]
    return [condition for condition in found if condition]


def raised_rows() -> ArraySubquery:
    """What the clock has raised and is not over, as a column that a page asks for along with its figures."""
    rows = DirectoryAlert.objects.filter(cleared_at=None).order_by("opened_at")
    run = {"run_id": "run_id", "state": "run__state", "affected": "run__affected", "hold_reason": "run__hold_reason"}
    return ArraySubquery(rows.values(row=JSONObject(kind="kind", cause="cause", **run)))


def raised(rows: Iterable[Mapping[str, Any]], last: DirectoryRun | None) -> list[Condition]:
    """`raised_rows`, and the newest run if it is held at this moment: that is known before the clock has seen it."""
    held = _held(last)
    found = [held] if held else []
    for row in rows:
        waits = row["kind"] == Kind.HELD
        if waits and (held or row["state"] != State.HELD.value):
            continue
        facts = {"affected": row["affected"], "hold_reason": row["hold_reason"]} if waits else {}
        run_id = UUID(row["run_id"]) if row["run_id"] else None
        found.append(Condition(str(row["kind"]), cause=row["cause"] or "", run_id=run_id, **facts))
    return found


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Open what is new, close what is over; how many alerts are open. Called twice it does nothing twice."""
    alarms.keep_up(
        DirectoryAlert.objects.select_for_update().filter(cleared_at=None),
        {condition.kind: condition for condition in standing(now=now)},
        key=lambda alert: alert.kind,
        goes_on=lambda alert, condition: alert.cause == condition.cause,
        open_=lambda condition: _open(condition, now),
        follow=_follow,
        close=lambda alert: _close(alert, now),
    )
    return DirectoryAlert.objects.filter(cleared_at=None).count()


def figures(**_news: object) -> dict[str, int]:
    """For the platform's list of schools; a run that waits for a decision is not a failure. Runs inside the school."""
    return {"failing": DirectoryAlert.objects.filter(cleared_at=None).exclude(kind=Kind.HELD).count()}


def title_of(condition: Condition) -> Text:
    """The alert in one line."""
    titles: dict[str, Text] = {
        Kind.FAILED: _("The last directory run failed"),
        Kind.HELD: _("A directory run waits for your decision"),
        Kind.LATE: _("The directory has not been read for too long"),
        OVER: _("No directory run waits for your decision any more"),
    }
    return titles[condition.kind]


def text_of(condition: Condition) -> Text:
    """What happened and what to do, in one or two sentences."""
    if condition.kind == Kind.HELD:
        facts = {"people": condition.affected, "reason": hold_text(condition.hold_reason)}
        return _("%(reason)s It would end the access of %(people)d people. Nothing has changed yet.") % facts
    if condition.kind == OVER:
        return _("A newer run has read the directory again and took the place of the one that waited.")
    if condition.kind == Kind.FAILED:
        return problem_text(condition.cause or "internal")
    if not condition.hours:
        return _("No directory run has ended well for longer than your rule allows. Start a run to see why.")
    if condition.since is None:
        return _("No run has ended well yet. Look at the schedule and start a run.")
    when = timezone.localtime(condition.since).strftime("%d/%m/%Y %H:%M")
    facts = {"hours": condition.hours, "when": when}
    return _("The last good run ended on %(when)s, more than %(hours)d hours ago. Start a run to see why.") % facts


def _failed(last: DirectoryRun | None) -> Condition | None:
    """Incomplete runs that go on by themselves have not failed yet."""
    if last is None:
        return None
    given_up = last.state == State.PARTIAL.value and last.resume_at is None
    if last.state != State.FAILED.value and not given_up:
        return None
    return Condition(Kind.FAILED, cause=last.error_code, run_id=last.pk)


def _held(last: DirectoryRun | None) -> Condition | None:
    if last is None or last.state != State.HELD.value:
        return None
    return Condition(Kind.HELD, run_id=last.pk, affected=last.affected, hold_reason=last.hold_reason)


def _late(last: DirectoryRun | None, now: datetime) -> Condition | None:
    """Absence of a good run, while runs are due by themselves. The hours are counted from the first expectation."""
    hours: int = value(ALERT_HOURS.key)
    if not hours or not linked_organisation():
        return None
    schedule = DirectorySchedule.objects.exclude(mode=DirectorySchedule.Mode.OFF).first()
    mapped = GroupMapping.objects.filter(active=True, campus__archived_at=None)
    first_mapped = mapped.aggregate(at=Min("created_at"))["at"]
    if schedule is None or first_mapped is None:
        return None
    good = DirectoryRun.objects.filter(state=State.DONE.value).exclude(kind__in=NOT_JUDGED)
    last_good = good.aggregate(at=Max("finished_at"))["at"]
    expected_since = last_good or max(schedule.since, first_mapped)
    if now - expected_since < timedelta(hours=hours):
        return None
    return Condition(Kind.LATE, since=last_good, hours=hours, run_id=last.pk if last else None)


def _open(condition: Condition, now: datetime) -> None:
    alert = DirectoryAlert.objects.create(
        kind=condition.kind, cause=condition.cause, run_id=condition.run_id, opened_at=now
    )
    alert.told = _tell(alert, condition)
    alert.save(update_fields=["told"])
    facts = {"kind": alert.kind, "cause": alert.cause, "told": alert.told}
    record(actor=CLOCK, act=ALERT_OPENED, target=alert, data=facts, at=now)


def _follow(alert: DirectoryAlert, condition: Condition) -> None:
    """The same trouble in a newer run: the alert leads there. Written to again only where more people are at stake."""
    if alert.run_id != condition.run_id:
        worse = alert.run is not None and condition.affected > alert.run.affected
        alert.run_id = condition.run_id
        if worse:
            alert.told = _tell(alert, condition)
        alert.save(update_fields=["run", "told"])


def _tell_that_nothing_waits(alert: DirectoryAlert) -> None:
    """Nobody decided, a newer run took the place of the held one: who was asked is told that there is no question."""
    if alert.run is None or alert.run.error_code != "superseded":
        return
    newer = successor(alert.run)
    _tell(alert, Condition(OVER, run_id=newer.pk if newer else alert.run_id))


def _close(alert: DirectoryAlert, now: datetime) -> None:
    alarms.close_row(alert, now)
    if alert.kind == Kind.HELD:
        _tell_that_nothing_waits(alert)
    record(actor=CLOCK, act=ALERT_CLEARED, target=alert, data={"kind": alert.kind, "cause": alert.cause}, at=now)


def _tell(alert: DirectoryAlert, condition: Condition) -> int:
    """One message per run and person who may start and approve runs."""
    return tell_who_may(
        DIRECTORY_RUN,
        template="directory_alert",
        cause=f"{alert.pk}:{condition.kind}:{condition.run_id}",
        path=f"/directory/runs/{condition.run_id}/" if condition.run_id else "/directory/",
        title=lambda: title_of(condition),
        text=lambda: text_of(condition),
    )
