"""From rows to effects: claim, apply, mark. Any number of jobs may do this at once, and each may die at any point.

* A claim is committed before anything is tried: it counts the attempt, and after INTEGRATION_LEASE_SECONDS the event is
  free again. So an event that kills its worker is given up like any other after so many attempts.
* The effect and the mark are one transaction, which first looks whether the claim still holds.
* What has to be read at a provider is read between the two, outside of every transaction.
* What is new goes in batches. When one of a batch fails, nothing of it has happened, and each is tried by itself.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from pydantic import ValidationError

from apps.core import requestinfo
from apps.tenants import context
from apps.tenants.jobs import enqueue_later, ring_soon

from ..contract import Apply, Event, Kind, Outcome, TooEarly, hopeless
from ..models import InboundEvent
from ..reading import content_of
from . import slots
from .kinds import asked, kind_here
from .slots import Slots

logger = logging.getLogger("campanile.integrations")

State = InboundEvent.State
SMALLEST, LARGEST = 10, 500  # events that are claimed at once...
ROUND: Final = 0.2  # ...so many that they take about these seconds
SLICE: Final = 1.0  # seconds after which a job lets the jobs of other schools go first
SOON: Final = 120.0  # seconds up to which a retry rings for itself
Clock = Callable[[], datetime]

# The first waiting events of their lanes; then, for lanes with a backlog, those that directly follow in the same lane.
CLAIM = """
with heads as (
    select id, lane from integrations_inboundevent event
     where state = 'waiting' and due_at <= %(now)s
       and (lane = '' or not exists (
               select from integrations_inboundevent earlier
                where earlier.lane = event.lane and earlier.state = 'waiting' and earlier.lane <> ''
                  and earlier.id < event.id))
     order by id limit %(batch)s
       for update skip locked)
update integrations_inboundevent event
   set attempts = event.attempts + 1, due_at = %(lease)s
  from heads where heads.id = event.id
returning event.id, event.service, event.event_id, event.kind, event.lane, event.body, event.occurred_at,
          event.received_at, event.attempts, event.request_id, event.account, event.is_live
"""
FOLLOW = """
with followers as (
    select id from integrations_inboundevent event
     where state = 'waiting' and lane = any(%(lanes)s) and lane <> '' and attempts = 0 and due_at <= %(now)s
       and not exists (
               select from integrations_inboundevent between_them
                where between_them.lane = event.lane and between_them.state = 'waiting' and between_them.lane <> ''
                  and between_them.id < event.id and not between_them.id = any(%(heads)s)
                  and (between_them.attempts > 0 or between_them.due_at > %(now)s))
     order by id limit %(batch)s
       for update skip locked)
update integrations_inboundevent event
   set attempts = event.attempts + 1, due_at = %(lease)s
  from followers where followers.id = event.id
returning event.id, event.service, event.event_id, event.kind, event.lane, event.body, event.occurred_at,
          event.received_at, event.attempts, event.request_id, event.account, event.is_live
"""


def drain(clock: Clock = timezone.now, *, seconds: float = SLICE) -> int:
    """Work on the waiting events of the active school for about so long. Returns how many were finished.

    Rings again by itself while there is more, behind the jobs of other schools; does nothing when enough jobs are
    at it already.
    """
    slot = its_slots().take(clock())
    if slot is None:
        return 0
    with translation.override(_language()):
        return _drain(slot, clock, seconds)


def _language() -> str:
    """Of what is kept for people to read: the school's, whatever this worker speaks."""
    tenancy = context.selected()
    return (tenancy.language if tenancy else "") or settings.LANGUAGE_CODE


def _drain(slot: int, clock: Clock, seconds: float) -> int:
    finished, size, until = 0, SMALLEST, time.monotonic() + seconds
    try:
        while (began := time.monotonic()) < until:
            claimed = _claim(clock(), size)
            if not claimed:
                break
            finished += _work(claimed, clock)
            size = _next_size(size, time.monotonic() - began)
            slots.keep(slot, clock())
    finally:
        slots.release(slot, clock())
    if _anything_due(clock()):  # the time was up, or it came while we let go and its own bell found no slot
        _ring()
    return finished


def _next_size(size: int, seconds: float) -> int:
    """Grows and shrinks at most threefold at a time, so that a transaction of a slow handler stays short."""
    fitting = min(size * 3, max(size // 3, int(size * ROUND / max(seconds, 0.001))))
    return max(SMALLEST, min(LARGEST, fitting))


def sweep(now: datetime) -> bool:
    """Ring for events whose bell was lost, whose pause is over, or whose worker died."""
    due = _anything_due(now)
    if due:
        _ring()
    return due


def backoff(attempt: int) -> timedelta:
    """The pause after the attempt of this number (from 1): doubling, with up to half of it at random, bounded."""
    longest = float(settings.CELERY_RETRY_BACKOFF_MAX)
    whole = min(longest, float(settings.CELERY_RETRY_BACKOFF_BASE) * 2 ** min(attempt - 1, 40))
    return timedelta(seconds=whole * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing


def its_slots() -> Slots:
    return Slots(0, settings.INTEGRATION_JOBS_PER_SCHOOL)


# --- claims ------------------------------------------------------------------------------------------------


def _claim(now: datetime, size: int = SMALLEST) -> list[tuple[Any, ...]]:
    facts: dict[str, Any] = {"now": now, "lease": now + slots.lease(), "batch": size}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, facts)
        claimed = cursor.fetchall()
        lanes = sorted({row[4] for row in claimed if row[4]})
        if lanes and len(claimed) < size:
            heads = [row[0] for row in claimed]
            cursor.execute(FOLLOW, {**facts, "lanes": lanes, "heads": heads, "batch": size - len(claimed)})
            claimed += cursor.fetchall()
    return sorted(claimed)


def _anything_due(now: datetime) -> bool:
    return InboundEvent.objects.filter(state=State.WAITING, due_at__lte=now).exists()


def _ring() -> None:
    ring_soon("integrations.drain_platform" if context.current_schema() == context.PUBLIC else "integrations.drain")


# --- effects -----------------------------------------------------------------------------------------------


def _work(claimed: Sequence[tuple[Any, ...]], clock: Clock) -> int:
    """Apply what was claimed; how many events are finished now."""
    events, spoiled = _events(claimed)
    finished = _conclude(spoiled, clock())
    lanes = {row[0]: row[4] for row in claimed}
    tried_before = {lanes[event.id] for event in events if event.attempt > 1} - {""}
    fresh = [event for event in events if event.attempt == 1 and lanes[event.id] not in tried_before]
    if any(_kind(event).read for event in fresh):  # whose answers have to be waited for: one by one, in their order
        fresh = []
    if len(fresh) > 1:
        try:
            finished += _together(fresh, clock)
        except Exception:
            logger.warning("a batch of events failed and is tried one by one", extra={"count": len(fresh)})
        else:
            done = {event.id for event in fresh}
            events = [event for event in events if event.id not in done]
    return finished + _one_by_one(events, lanes, clock)


def _one_by_one(events: Sequence[Event], lanes: dict[int, str], clock: Clock) -> int:
    """Each in a transaction of its own; when one fails, those behind it in its lane wait until it had its turn.

    While a provider takes its time to answer, other schools have theirs: what is left is given back.
    """
    finished, blocked, until = 0, set(), time.monotonic() + SLICE
    for place, event in enumerate(events):
        if lanes[event.id] in blocked or (place and _kind(event).read and time.monotonic() > until):
            _give_back(event)
        elif _alone(event, clock):
            finished += 1
        elif lanes[event.id]:
            blocked.add(lanes[event.id])
    return finished


def _events(claimed: Sequence[tuple[Any, ...]]) -> tuple[list[Event], dict[Event, Outcome]]:
    """What can be handled, and what cannot with this release of ours."""
    good, spoiled = [], {}
    for number, service, event_id, name, _lane, body, occurred_at, received_at, attempt, *origin in claimed:
        kind = kind_here(service, name)
        facts = (number, service, event_id, name)
        times = (occurred_at, received_at, attempt, *origin)
        if attempt > settings.CELERY_MAX_RETRIES + 1:
            spoiled[Event(*facts, None, *times)] = hopeless("too-many-attempts")
        elif kind is None or not body:
            spoiled[Event(*facts, None, *times)] = hopeless("no-handler" if kind is None else "expunged")
        else:
            try:
                good.append(Event(*facts, content_of(body, kind), *times))
            except ValidationError as wrong:
                spoiled[Event(*facts, None, *times)] = hopeless("no-longer-valid", str(wrong.errors()[0]["msg"]))
    return good, spoiled


def _together(events: Sequence[Event], clock: Clock) -> int:
    with transaction.atomic():
        held = _still_ours(events)
        return _mark([(event, outcome) for event, outcome in _outcomes(held, clock())], clock())


def _alone(event: Event, clock: Clock) -> int:
    """1 when the event is finished, 0 when it is to be tried later."""
    try:
        with requestinfo.bound(request_id=event.request_id or requestinfo.current_request_id()):
            event, found = asked(event, _kind(event))
            with transaction.atomic():
                ours = _still_ours([event])
                said = [(one, found) for one in ours] if found else list(_outcomes(ours, clock()))
                return _mark(said, clock())
    except Exception as fault:
        return _failed(event, fault, clock())


def _outcomes(events: Sequence[Event], now: datetime) -> Iterator[tuple[Event, Outcome]]:
    for apply, group in groupby(events, key=_handler):
        run = list(group)
        found = apply(run, now=now)
        for event in run:
            yield event, found[event.id]


def _handler(event: Event) -> Apply:
    return _kind(event).apply


def _kind(event: Event) -> Kind:
    kind = kind_here(event.service, event.kind)
    assert kind is not None  # _events sorted those out
    return kind


def _still_ours(events: Sequence[Event]) -> list[Event]:
    """Those that nobody else claimed since, locked until the end of the transaction."""
    rows = InboundEvent.objects.filter(pk__in=[event.id for event in events], state=State.WAITING)
    now = dict(rows.select_for_update().order_by("pk").values_list("pk", "attempts"))
    return [event for event in events if now.get(event.id) == event.attempt]


MARK = """
update integrations_inboundevent event
   set state = said.state, outcome = said.code, detail = said.detail, finished_at = %(now)s, due_at = null
  from unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::text[], %(details)s::text[])
       as said (id, state, code, detail)
 where said.id = event.id
"""


def _mark(outcomes: Sequence[tuple[Event, Outcome]], now: datetime) -> int:
    if outcomes:
        with connection.cursor() as cursor:
            cursor.execute(
                MARK,
                {
                    "now": now,
                    "ids": [event.id for event, _said in outcomes],
                    "states": [said.state for _event, said in outcomes],
                    "codes": [said.code[:60] for _event, said in outcomes],
                    "details": [said.detail[:300] for _event, said in outcomes],
                },
            )
    return len(outcomes)


def _conclude(spoiled: dict[Event, Outcome], now: datetime) -> int:
    with transaction.atomic():
        ours = {event.id for event in _still_ours(list(spoiled))}
        return _mark([(event, said) for event, said in spoiled.items() if event.id in ours], now)


def _failed(event: Event, fault: Exception, now: datetime) -> int:
    """Later again, or given up. The text of a fault may repeat what was sent: only its kind is kept."""
    logger.warning(
        "an event failed",
        exc_info=not hasattr(fault, "code"),
        extra={"service": event.service, "event_id": event.event_id, "attempt": event.attempt},
    )
    facts = {"outcome": str(getattr(fault, "code", type(fault).__name__))[:60], "detail": _words(fault)}
    mine = InboundEvent.objects.filter(pk=event.id, state=State.WAITING, attempts=event.attempt)
    if event.attempt > settings.CELERY_MAX_RETRIES:
        mine.update(state=State.DEAD, finished_at=now, due_at=None, **facts)
        return 1
    pause = backoff(event.attempt)
    aside = {"lane": ""} if isinstance(fault, TooEarly) else {}
    mine.update(due_at=now + pause, **facts, **aside)
    if pause.total_seconds() <= SOON:
        name = "integrations.drain_platform" if context.current_schema() == context.PUBLIC else "integrations.drain"
        enqueue_later(name, seconds=pause.total_seconds())
    return 0


def _give_back(event: Event) -> None:
    """It was claimed behind one of its lane that failed: as if it had not been."""
    mine = InboundEvent.objects.filter(pk=event.id, state=State.WAITING, attempts=event.attempt)
    mine.update(attempts=event.attempt - 1, due_at=event.received_at)


def _words(fault: Exception) -> str:
    return str(fault)[:300] if hasattr(fault, "code") else ""
