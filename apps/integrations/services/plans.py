"""Many events at once, as a plan: listed and rehearsed, confirmed, then done in chunks (docs/plan.md)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.plan import State
from apps.core.plan.desk import Desk, PlanRefused
from apps.core.plan.facts import Facts
from apps.core.plan.lease import Clock
from apps.core.plan.row_work import Draft, RowWork, Wanted, carry_out
from apps.core.plan.rows import PlanChange, PlanRun
from apps.tenants.jobs import enqueue, enqueue_platform

from .. import acts
from ..models import EventChange, EventPlan, InboundEvent
from ..permissions import managing, on_platform
from ..selectors import matching, number_of
from . import deciding
from .rehearsing import rehearse

Kind = EventPlan.Kind
CONFIRM: Final = "confirm"  # somebody has to see the list first
MOST: Final = 20_000  # events of one plan; the next plan takes the rest
REHEARSED: Final = 500  # events of a replay whose effect is found out beforehand, in the order of arrival
LONG: Final = ("body", "conflict_body")  # columns that lists do not need
STEP: Final = 100  # of them at a time
#: Which events an act makes sense for.
FIT: Final[Mapping[str, Q]] = {
    Kind.REPLAY: ~Q(state=InboundEvent.State.WAITING) & ~Q(body=""),
    Kind.DISCARD: Q(state__in=[InboundEvent.State.DEAD, InboundEvent.State.WAITING, InboundEvent.State.HELD]),
    Kind.EXPUNGE: ~Q(state=InboundEvent.State.WAITING) & (~Q(body="") | ~Q(conflict_body="")),
}
OF_WORDS: Final = {
    "requested": acts.EVENTS_REQUESTED,
    "cancelled": acts.EVENTS_CANCELLED,
    "approved": acts.EVENTS_APPROVED,
    "refused": acts.EVENTS_REFUSED,
    "undo_requested": acts.EVENTS_UNDO,
}


def ring(run: EventPlan) -> None:
    if on_platform():
        enqueue_platform("integrations.decide_platform", run_id=str(run.pk))
    else:
        enqueue("integrations.decide", run_id=str(run.pk))


def tell(*, actor: Actor, word: str, run: EventPlan, now: datetime, **data: Any) -> None:
    record(actor=actor, act=OF_WORDS[word], target=run, data={"kind": run.kind, **data}, at=now)


def why_fixed(run: EventPlan) -> str:
    """Why such a plan cannot be taken back; "" for those that can."""
    return {
        Kind.REPLAY: _("What an event has done cannot be taken back here: change what it changed."),
        Kind.EXPUNGE: _("What was deleted is gone."),
    }.get(Kind(run.kind), "")


def desk() -> Desk[EventPlan]:
    """Who may decide about plans of the active school, or of the platform."""
    return Desk(
        EventPlan,
        permission=managing(),
        ring=ring,
        tell=tell,
        fixed=why_fixed,
        of_undo=lambda run: {"kind": run.kind},
    )


def request_plan(*, actor: Actor, kind: str, wanted: Mapping[str, Any], now: datetime) -> EventPlan:
    """Prepare one of these acts on all events that `wanted` names (cleaned filters, or `ids`); nothing happens yet.

    A plan that waited for a decision makes room. Raises Forbidden, PlanRefused.
    """
    place = desk()
    place.permission.require(actor)
    try:
        with transaction.atomic():
            place.give_way("main", now, [State.HELD, State.PARTIAL])
            run = EventPlan(
                kind=Kind(kind),
                wanted=_as_json(wanted),
                requested_by=actor.label[:200],
                request_id=actor.request_id[:64],
                created_at=now,
            )
            run.save(force_insert=True)
            tell(actor=actor, word="requested", run=run, now=now)
            ring(run)
    except IntegrityError:
        raise PlanRefused(_("Another decision about many events is under way. Wait for it, then try again.")) from None
    return run


def _as_json(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in wanted.items()}


# --- how events are changed ------------------------------------------------------------------------------


class Events:
    """What the three acts have in common: which events, locked when they are changed."""

    irreversible = ""
    whole = True

    def rows(self, keys: Iterable[str]) -> QuerySet[InboundEvent]:
        return InboundEvent.objects.filter(pk__in=[number_of(key) for key in keys])

    def locked(self, wanted: Sequence[Wanted]) -> dict[str, InboundEvent]:
        rows = self.rows(one.key for one in wanted).select_for_update().order_by("pk")
        return {row.reference: row for row in rows}


class Replays(Events):
    irreversible = "replayed"

    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        return {event.reference: {"replays": event.replays} for event in self.rows(keys).defer(*LONG)}

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        left: dict[str, str] = {}
        for key, event in self.locked(wanted).items():
            if event.may_be_replayed:
                deciding.put_back(event, now)
            else:
                left[key] = "waiting" if event.body else "expunged"
        deciding.ring()
        return left


class Discards(Events):
    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        return {event.reference: {"state": event.state} for event in self.rows(keys).defer(*LONG)}

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        rows, left = self.locked(wanted), dict[str, str]()
        for one in wanted:
            event, state = rows[one.key], (one.after or {})["state"]
            if event.state != (one.before or {})["state"]:  # a worker was quicker
                left[one.key] = "changed-since"
                continue
            event.state = state
            event.save(update_fields=["state"])
        deciding.ring()
        return left


class Contents(Events):
    irreversible = "deleted"

    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        return {event.reference: {"content": bool(event.body or event.conflict_body)} for event in self.rows(keys)}

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        left: dict[str, str] = {}
        for key, event in self.locked(wanted).items():
            if not event.may_be_expunged:
                left[key] = "waiting"
                continue
            event.body, event.conflict_body, event.expunged_at = "", "", now
            event.save(update_fields=["body", "conflict_body", "expunged_at"])
        return left


class EventWork(RowWork):
    """What such a plan finds, and what a replay would do."""

    subjects = {Kind.REPLAY.value: Replays(), Kind.DISCARD.value: Discards(), Kind.EXPUNGE.value: Contents()}

    def find(self) -> Iterable[Draft]:
        kind = self.run.kind
        found = matching(self.run.wanted).filter(FIT[kind]).order_by("pk")
        keys = list(found.values_list("pk", flat=True)[:MOST])
        would: dict[int, tuple[str, str, str]] = {}
        if kind == Kind.REPLAY:
            would = self._rehearse(keys[:REHEARSED])
        for place in range(0, len(keys), STEP):
            rows = InboundEvent.objects.filter(pk__in=keys[place : place + STEP]).defer(*LONG)
            for event in rows.order_by("pk"):
                yield _draft(kind, event, would.get(event.pk))

    def _rehearse(self, keys: Sequence[int]) -> dict[int, tuple[str, str, str]]:
        would: dict[int, tuple[str, str, str]] = {}
        for place in range(0, len(keys), STEP):
            rows = InboundEvent.objects.filter(pk__in=keys[place : place + STEP]).order_by("pk")
            found = rehearse(rows, self.lease.clock())
            would.update({key: (said.state, said.code, said.detail) for key, said in found.items()})
            self.lease.write(rehearsed=len(would))
        counted = Counter((state, code) for state, code, _detail in would.values())
        self.lease.write(outcomes=[[*what, count] for what, count in counted.most_common()])
        return would

    def _row(self, draft: Draft) -> PlanChange:
        row = super()._row(draft)
        assert isinstance(row, EventChange)
        if isinstance(draft, EventDraft):
            row.would_state, row.would_code, row.would_detail = (word[:300] for word in draft.would)
        return row

    def suspicious(self) -> str:
        return CONFIRM if self.run.to_apply else ""

    def ended(self, state: State) -> None:
        if state is State.HELD:
            return
        record(
            actor=Actor.system(self.run.requested_by or "events", request_id=self.run.request_id),
            act=acts.EVENTS_ENDED, target=self.run, changes={"state": [None, state.value]},
            data={"kind": self.run.kind, "counts": self.run.counts, "applied": self.run.applied},
            at=self.lease.clock(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventDraft(Draft):
    """A line with what a replay would do: state, code and detail of its outcome."""

    would: tuple[str, str, str] = ("", "", "")


def _draft(kind: str, event: InboundEvent, would: tuple[str, str, str] | None) -> Draft:
    changes: Mapping[str, tuple[Facts, Facts]] = {
        Kind.REPLAY.value: ({"replays": event.replays}, {"replays": event.replays + 1}),
        Kind.DISCARD.value: ({"state": event.state}, {"state": InboundEvent.State.DISCARDED.value}),
        Kind.EXPUNGE.value: ({"content": True}, {"content": False}),
    }
    before, after = changes[kind]
    return EventDraft(
        "updated", kind, key=event.reference, before=before, after=after, name=f"{event.kind} {event.event_id}"[:200],
        email=event.about, would=would or ("", "", ""),
    )  # fmt: skip


def work_on(*, run_id: UUID, clock: Clock = timezone.now, chunk: int = 500) -> State | None:
    """What the task does. Safe to call any number of times, at once, and after a crash at any point."""
    return carry_out(EventWork, EventPlan, run_id=run_id, clock=clock, chunk=chunk)


def sweep(*, now: datetime) -> int:
    """Ring again for plans that were left behind."""
    return desk().ring_again(now=now)
