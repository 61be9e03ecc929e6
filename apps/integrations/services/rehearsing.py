"""What a replay would do, found out by doing it: the handler runs in a transaction that is rolled back (INT-3b).

Nothing of it stays, and nothing leaves: bells and messages ring after a commit that never comes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from pydantic import ValidationError

from apps.core.actor import Actor
from apps.core.errors import NotVisible

from ..contract import Event, Kind, Outcome, hopeless
from ..models import InboundEvent
from ..permissions import managing
from ..reading import content_of
from .kinds import asked, kind_here

PATIENCE: Final = "2s"  # for a lock that somebody else holds: a rehearsal never holds up the real thing
AGAIN: Final = "retry"  # the state of what would be tried later


def rehearse_event(*, actor: Actor, event_id: int, now: datetime) -> Outcome:
    """What would become of one event now. Raises Forbidden, NotVisible."""
    managing().require(actor)
    event = InboundEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotVisible
    return rehearse([event], now)[event.pk]


def rehearse(events: Iterable[InboundEvent], now: datetime) -> dict[int, Outcome]:
    """What would become of these, one after the other in this order, each seeing what those before it did."""
    found: dict[int, Outcome] = {}
    ready = [_prepared(event) for event in events]  # what has to be read at a provider is read before it begins
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = '{PATIENCE}'")
        for number, prepared in ready:
            found[number] = prepared if isinstance(prepared, Outcome) else _outcome(*prepared, now)
        transaction.set_rollback(True)
    return found


def _prepared(event: InboundEvent) -> tuple[int, Outcome | tuple[Event, Kind]]:
    """The event as its handler gets it; or what becomes of it without one."""
    kind = kind_here(event.service, event.kind)
    if kind is None or not event.body:
        return event.pk, hopeless("no-handler" if kind is None else "expunged")
    try:
        content = content_of(event.body, kind)
    except ValidationError as wrong:
        return event.pk, hopeless("no-longer-valid", str(wrong.errors()[0]["msg"]))
    given = Event(
        event.pk, event.service, event.event_id, event.kind, content, event.occurred_at or event.received_at,
        event.received_at, 1, event.request_id, event.account, event.is_live,
    )  # fmt: skip
    try:
        given, found = asked(given, kind)
    except Exception as fault:
        return event.pk, _later(fault)
    return event.pk, found or (given, kind)


def _outcome(given: Event, kind: Kind, now: datetime) -> Outcome:
    try:
        with transaction.atomic():
            return kind.apply([given], now=now)[given.id]
    except Exception as fault:
        return _later(fault)


def _later(fault: Exception) -> Outcome:
    code = str(getattr(fault, "code", type(fault).__name__))
    return Outcome(AGAIN, code, str(fault)[:300] if hasattr(fault, "code") else "")
