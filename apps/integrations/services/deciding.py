"""What people decide about one event: again, never, taken back, emptied (INT-3).

Every act locks the row first, so it and a worker never both have their way: a worker marks an event only while it is
still waiting under the claim the worker made.
"""

import json
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.tenants.jobs import ring_soon

from .. import acts
from ..models import InboundEvent
from ..permissions import managing, on_platform, viewing
from .routing import REASONS

State: Final = InboundEvent.State


class NotPossible(DomainError):
    """What was asked cannot be done with this event as it is; the sentence says why."""

    code = "event-refused"


@transaction.atomic
def replay_event(*, actor: Actor, event_id: int, now: datetime) -> InboundEvent:
    """Put an event back, to be applied as if it had just come. One that waits for its next attempt is tried at once.

    Its handler sees to it that what has happened does not happen twice. Safe to repeat: what waits already is left.
    Raises Forbidden, NotVisible, NotPossible.
    """
    managing().require(actor)
    event = locked(event_id)
    if not event.body:
        raise NotPossible(_("The content of this event was deleted: there is nothing to apply."))
    before = {"state": event.state, "outcome": event.outcome, "attempts": event.attempts}
    if event.state == State.WAITING:
        if event.attempts == 0 or event.due_at is None or event.due_at <= now:
            return event
        event.due_at = now
        event.save(update_fields=["due_at"])
    else:
        put_back(event, now)
    changes = {"state": [before["state"], event.state]}
    record(actor=actor, act=acts.EVENT_REPLAYED, target=event, changes=changes, data={"before": before}, at=now)
    ring()
    return event


@transaction.atomic
def discard_event(*, actor: Actor, event_id: int, now: datetime) -> InboundEvent:
    """Never apply it. Safe to repeat. Raises Forbidden, NotVisible, NotPossible."""
    managing().require(actor)
    event = locked(event_id)
    if event.state == State.DISCARDED:
        return event
    if not event.may_be_discarded:
        raise NotPossible(_("This event has had its effect already: there is nothing to discard."))
    before, event.state = event.state, State.DISCARDED
    event.save(update_fields=["state"])
    record(
        actor=actor, act=acts.EVENT_DISCARDED, target=event, changes={"state": [before, event.state]},
        data={"outcome": event.outcome}, at=now,
    )  # fmt: skip
    return event


@transaction.atomic
def restore_event(*, actor: Actor, event_id: int, now: datetime) -> InboundEvent:
    """Take back that it was discarded: it is again as it was. Safe to repeat. Raises Forbidden, NotVisible."""
    managing().require(actor)
    event = locked(event_id)
    if event.state != State.DISCARDED:
        return event
    take_back(event)
    event.save(update_fields=["state"])
    changes = {"state": [State.DISCARDED.value, event.state]}
    record(actor=actor, act=acts.EVENT_RESTORED, target=event, changes=changes, at=now)
    ring()
    return event


@transaction.atomic
def expunge_event(*, actor: Actor, event_id: int, now: datetime) -> InboundEvent:
    """Delete what it said, for good; its hash and its history stay. Safe to repeat.

    Raises Forbidden, NotVisible, NotPossible.
    """
    managing().require(actor)
    event = locked(event_id)
    if not (event.body or event.conflict_body):
        return event
    if not event.may_be_expunged:
        raise NotPossible(_("This event still waits to be applied. Discard it first."))
    event.body = event.conflict_body = ""
    event.expunged_at = now
    event.save(update_fields=["body", "conflict_body", "expunged_at"])
    record(actor=actor, act=acts.EVENT_EXPUNGED, target=event, data={"hash": event.body_hash}, at=now)
    return event


@transaction.atomic
def settle_conflict(*, actor: Actor, event_id: int, now: datetime) -> InboundEvent:
    """Somebody has looked at the contradiction; the alarm is over until the next. Raises Forbidden, NotVisible."""
    managing().require(actor)
    event = locked(event_id)
    if event.is_in_conflict:
        event.conflict_seen_at = now
        event.save(update_fields=["conflict_seen_at"])
        record(actor=actor, act=acts.EVENT_SETTLED, target=event, data={"contradictions": event.conflicts}, at=now)
    return event


@transaction.atomic
def read_content(*, actor: Actor, event_id: int, now: datetime) -> dict[str, Any]:
    """What it said, and what contradicted it, for people: looking is written down. Raises Forbidden, NotVisible."""
    viewing().require(actor)
    event = InboundEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotVisible
    record(actor=actor, act=acts.EVENT_READ, target=event, at=now)
    return {"body": pretty(event.body), "conflict_body": pretty(event.conflict_body)}


def put_back(event: InboundEvent, now: datetime) -> None:
    """Save it as waiting for its first attempt; what became of it before stays readable until then."""
    event.state, event.due_at, event.attempts, event.finished_at = State.WAITING, now, 0, None
    event.replays += 1
    event.save(update_fields=["state", "due_at", "attempts", "finished_at", "replays"])


def take_back(event: InboundEvent) -> None:
    """As it was before it was discarded: what had been given up carries the time of that, what fitted no school why."""
    if event.outcome in REASONS:
        event.state = State.HELD
    else:
        event.state = State.DEAD if event.finished_at else State.WAITING


def pretty(body: str) -> str:
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else ""


def locked(event_id: int) -> InboundEvent:
    event = InboundEvent.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NotVisible
    return event


def ring() -> None:
    ring_soon("integrations.drain_platform" if on_platform() else "integrations.drain")
