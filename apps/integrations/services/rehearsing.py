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

from ..contract import Event, Outcome, hopeless, kind_of
from ..models import InboundEvent
from ..permissions import managing
from ..reading import content_of

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
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = '{PATIENCE}'")
        for event in events:
            found[event.pk] = _outcome(event, now)
        transaction.set_rollback(True)
    return found


def _outcome(event: InboundEvent, now: datetime) -> Outcome:
    kind = kind_of(event.service, event.kind)
    if kind is None or not event.body:
        return hopeless("no-handler" if kind is None else "expunged")
    try:
        content = content_of(event.body, kind)
    except ValidationError as wrong:
        return hopeless("no-longer-valid", str(wrong.errors()[0]["msg"]))
    given = Event(
        event.pk, event.service, event.event_id, event.kind, content, event.occurred_at or event.received_at,
        event.received_at, 1, event.request_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            return kind.apply([given], now=now)[event.pk]
    except Exception as fault:
        code = str(getattr(fault, "code", type(fault).__name__))
        return Outcome(AGAIN, code, str(fault)[:300] if hasattr(fault, "code") else "")
