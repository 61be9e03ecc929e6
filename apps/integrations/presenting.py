"""Services and events as pages show them: words and figures, no rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.audit.models import AuditEvent
from apps.audit.tables import Columns
from apps.core import charts
from apps.core.components.formats import day_and_month, number
from apps.core.plan import MOVING, State
from apps.core.ui import JobView, Text, TimelineItem
from apps.tenants.models import School

from .models import EventChange, EventPlan, InboundAlarm, InboundEvent, SchoolState, WebhookSecret
from .services.figures import Days
from .services.health import ORDER, Health
from .wording import (
    OUTCOME_STATES,
    PLAN_TITLES,
    advice_text,
    alarm_text,
    alarm_title,
    outcome_text,
    plan_message,
    reason_text,
    service_label,
    would_text,
)

TONES = {
    "processed": "good",
    "ignored": "neutral",
    "waiting": "info",
    "dead": "bad",
    "discarded": "neutral",
    "retry": "warn",
    "held": "warn",
}
SCHOOLS_SHOWN: Final = 200  # of the list; the file has all
STALE: Final = timedelta(hours=1)  # after which a school's state says nothing any more
EVENT_COLUMNS: Columns = {
    "service": "service",
    "event_id": "event_id",
    "kind": "kind",
    "account": "account",
    "live": "is_live",
    "state": "state",
    "outcome": "outcome",
    "detail": "detail",
    "attempts": "attempts",
    "replays": "replays",
    "contradictions": "conflicts",
    "occurred_at": "occurred_at",
    "received_at": "received_at",
    "finished_at": "finished_at",
    "request_id": "request_id",
}
CHANGE_COLUMNS: Columns = {
    "event": "name",
    "about": "email",
    "would": lambda change: would_text(change.would_state, change.would_code, change.would_detail),
    "left_out": lambda change: reason_text(change.reason) if change.overtaken else "",
}


# --- services --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """One service on the overview."""

    health: Health
    chart: SafeString | None


def cards(found: Sequence[Health], days: Mapping[str, Days]) -> list[Card]:
    return [Card(one, _chart(days[one.service])) for one in found]


def _chart(days: Days) -> SafeString | None:
    """What came in the last two weeks, by what became of it; nothing where nothing came."""
    if not days.counts:
        return None
    shown = [
        state for state in ("processed", "ignored", "dead", "held", "waiting", "discarded") if state in days.counts
    ]
    series = [charts.Series(InboundEvent.State(state).label, days.counts[state]) for state in shown]
    return charts.columns(_("Events of the last two weeks"), [day_and_month(day) for day in days.days], series)


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm on the overview and the dashboard."""

    alarm: InboundAlarm

    @property
    def title(self) -> str:
        return alarm_title(self.alarm)

    @property
    def text(self) -> str:
        return alarm_text(self.alarm)

    @property
    def url(self) -> str:
        """Where one can do something about it."""
        state = {"dead": "dead", "late": "waiting", "conflict": "conflict", "held": "held"}.get(self.alarm.kind, "")
        query = f"?service={self.alarm.service}" + (f"&state={state}" if state else "")
        return reverse("integrations:events") + query


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """How the services of one school did when it was last looked at."""

    school: School
    row: SchoolState | None
    now: datetime

    @property
    def state(self) -> str:
        return self.row.state if self.row else "unused"

    @property
    def dead(self) -> int:
        return self.row.dead if self.row else 0

    @property
    def waiting(self) -> int:
        return self.row.waiting if self.row else 0

    @property
    def lag(self) -> int:
        return self.row.lag if self.row else 0

    @property
    def looked_at(self) -> datetime | None:
        return self.row.looked_at if self.row else None

    @property
    def is_stale(self) -> bool:
        return self.row is not None and self.now - self.row.looked_at > STALE

    @property
    def trouble(self) -> list[tuple[Text, str]]:
        """Services that are not well: name, and what to do."""
        services = self.row.services if self.row else []
        bad = [one for one in services if one["state"] in ("error", "degraded")]
        return [(service_label(one["service"]), advice_text(one["code"], one)) for one in bad]


def school_lines(schools: Sequence[School], rows: Mapping[UUID, SchoolState], now: datetime) -> list[SchoolLine]:
    """The worst first, then by what was given up, then by name."""
    lines = [SchoolLine(school, rows.get(school.pk), now) for school in schools]
    return sorted(lines, key=lambda line: (-ORDER.index(line.state), -line.dead, line.school.name))


# --- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event in a list."""

    event: InboundEvent

    @property
    def service(self) -> Text:
        return service_label(self.event.service)

    @property
    def tone(self) -> str:
        return TONES[self.event.state]

    @property
    def outcome(self) -> str:
        return outcome_text(self.event.outcome, self.event.detail)


def story(events: Iterable[AuditEvent]) -> list[TimelineItem]:
    return [
        TimelineItem(one.at, one.title, icon="history", actor=one.actor_label, changes=one.changes or None)
        for one in events
    ]


# --- secrets ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The secrets of one service."""

    name: str
    label: Text
    rows: list[tuple[WebhookSecret, bool]]  # and whether it is good now
    may_add: bool

    @property
    def live(self) -> int:
        return sum(good for _row, good in self.rows)


def key_rings(found: Mapping[str, list[WebhookSecret]], now: datetime, most: int) -> list[KeyRing]:
    rings = []
    for name, rows in found.items():
        good = [(row, row.is_live(now)) for row in rows]
        rings.append(KeyRing(name, service_label(name), good, sum(live for _row, live in good) < most))
    return rings


# --- decisions about many --------------------------------------------------------------------------------


def title_of(plan: EventPlan) -> str:
    title = str(PLAN_TITLES[plan.kind])
    return _("Undo: %(label)s") % {"label": title} if plan.is_undo else title


def job_of(plan: EventPlan) -> JobView:
    """The plan as a progress card."""
    state = State(plan.state)
    computing = state in (State.QUEUED, State.READING, State.PLANNED)
    return JobView(
        id=plan.pk,
        state="queued" if state is State.QUEUED else "running" if state in MOVING else state.value,
        label=title_of(plan),
        done=plan.rehearsed if computing else plan.applied,
        total=None if computing or state in (State.HELD, State.REFUSED) else plan.to_apply or None,
        message=plan_message(plan),
        counts=[(_("Events"), number(plan.to_apply))] if plan.to_apply else [],
        poll_url=reverse("integrations:plan_progress", args=[plan.pk]),
        url=reverse("integrations:plan", args=[plan.pk]),
        cancel_url=reverse("integrations:plan_cancel", args=[plan.pk]),
    )


def outcomes_of(plan: EventPlan) -> list[dict[str, Any]]:
    """What the rehearsal of a replay found, by outcome."""
    return [
        {"count": count, "label": OUTCOME_STATES[state], "tone": TONES[state], "code": code, "state": state}
        for state, code, count in plan.outcomes
    ]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One event of a decision."""

    change: EventChange

    @property
    def url(self) -> str:
        return reverse("integrations:event", args=[self.change.key]) if self.change.key else ""

    @property
    def would(self) -> str:
        change = self.change
        return would_text(change.would_state, change.would_code, change.would_detail) if change.would_state else ""

    @property
    def tone(self) -> str:
        return TONES.get(self.change.would_state, "neutral")

    @property
    def reason(self) -> Text:
        told = self.change.overtaken or self.change.kind == EventChange.Kind.CONFLICT
        return reason_text(self.change.reason) if told else ""
