"""What is known of each service, in one statement: by indexes, whatever the number of events."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate

from ..models import InboundEvent

DAY: Final = timedelta(days=1)
DRAWN_DAYS: Final = 14
DRAWN_FOR: Final = 60  # seconds for which the chart may be old; the figures beside it are always those of now
LOOKED_AT: Final = 1000  # of the waiting events, the first so many say how late they are

FIGURES = """
with waiting as (
    select service, count(*) as waiting, count(*) filter (where attempts > 0) as retrying
      from integrations_inboundevent where state = 'waiting' group by service),
overdue as (
    select service, min(due_at) as since
      from (select id, service, lane, due_at from integrations_inboundevent
             where state = 'waiting' and due_at <= %(now)s order by id limit %(looked_at)s) event
     where lane = '' or not exists (
               select from integrations_inboundevent earlier
                where earlier.lane = event.lane and earlier.state = 'waiting' and earlier.lane <> ''
                  and earlier.id < event.id)
     group by service),
dead as (
    select service, count(*) as dead from integrations_inboundevent where state = 'dead' group by service),
held as (
    select service, count(*) as held from integrations_inboundevent where state = 'held' group by service),
conflicts as (
    select service, count(*) as conflicts from integrations_inboundevent
     where conflicts > 0 and (conflict_seen_at is null or conflict_seen_at < conflict_at) group by service),
day as (
    select service, count(*) as received,
           count(*) filter (where state in ('processed', 'ignored')) as good,
           count(*) filter (where state = 'dead') as bad
      from integrations_inboundevent where received_at > %(since)s group by service)
select named.service, last.event_id, last.received_at, good.finished_at,
       coalesce(waiting.waiting, 0), coalesce(waiting.retrying, 0), overdue.since,
       coalesce(dead.dead, 0), coalesce(held.held, 0), coalesce(conflicts.conflicts, 0),
       coalesce(day.received, 0), coalesce(day.good, 0), coalesce(day.bad, 0)
  from unnest(%(services)s::text[]) with ordinality as named (service, place)
  left join lateral (select event_id, received_at from integrations_inboundevent event
                      where event.service = named.service order by id desc limit 1) last on true
  left join lateral (select finished_at from integrations_inboundevent event
                      where event.service = named.service and state = 'processed' order by id desc limit 1) good on true
  left join waiting on waiting.service = named.service
  left join overdue on overdue.service = named.service
  left join dead on dead.service = named.service
  left join held on held.service = named.service
  left join conflicts on conflicts.service = named.service
  left join day on day.service = named.service
 order by named.place
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """One service at one moment. Of what was received in the last 24 hours, `bad` was given up and `good` was not."""

    service: str
    last_event_id: str = ""
    last_event_at: datetime | None = None
    last_success_at: datetime | None = None
    waiting: int = 0
    retrying: int = 0
    lag: int = 0  # seconds that the longest waiting event could have been tried before now
    dead: int = 0
    held: int = 0  # they fit no school
    conflicts: int = 0
    received: int = 0
    good: int = 0
    bad: int = 0

    @property
    def error_rate(self) -> float | None:
        """Of what was finished, how much was given up; None when nothing was."""
        finished = self.good + self.bad
        return self.bad / finished if finished else None


def figures_of(services: Sequence[str], now: datetime) -> list[Figures]:
    """The figures of these services of the active school, or of the platform, in their order."""
    facts: dict[str, Any] = {"services": list(services), "now": now, "since": now - DAY, "looked_at": LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, facts)
        return [_figures(row, now) for row in cursor.fetchall()]


def _figures(row: Sequence[Any], now: datetime) -> Figures:
    service, event_id, received_at, finished_at, waiting, retrying, overdue, *counts = row
    lag = max(0, int((now - overdue).total_seconds())) if overdue else 0
    return Figures(service, event_id or "", received_at, finished_at, waiting, retrying, lag, *counts)


@dataclass(slots=True)
class Days:
    """How many events of a service came on each day, by what became of them."""

    days: list[date]
    counts: dict[str, list[int]] = field(default_factory=dict)  # state -> one number a day

    @property
    def total(self) -> list[int]:
        return [sum(one) for one in zip(*self.counts.values(), strict=True)] if self.counts else [0] * len(self.days)


def days_of(services: Sequence[str], today: date, since: datetime) -> Mapping[str, Days]:
    """The last two weeks of each service, a minute old at most."""
    key = f"integrations:days:{today.isoformat()}"
    rows = cache.get(key)
    if rows is None:
        found = InboundEvent.objects.filter(received_at__gte=since).order_by()
        rows = list(found.values_list("service", TruncDate("received_at"), "state").annotate(count=Count("pk")))
        cache.set(key, rows, DRAWN_FOR)
    days = [today - timedelta(days=back) for back in range(DRAWN_DAYS - 1, -1, -1)]
    place = {day: number for number, day in enumerate(days)}
    drawn: dict[str, Days] = {service: Days(days) for service in services}
    for service, day, state, count in rows:
        if service in drawn and day in place:
            drawn[service].counts.setdefault(state, [0] * len(days))[place[day]] += count
    return drawn


def by_day_before(service: str, now: datetime, days: int) -> dict[int, int]:
    """How many events came in each of the spans of 24 hours before now: 0 is the last one."""
    counted: dict[int, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(
            "select floor(extract(epoch from %s - received_at) / 86400)::int as back, count(*)"
            "  from integrations_inboundevent where service = %s and received_at > %s group by back",
            [now, service, now - timedelta(days=days)],
        )
        for back, count in cursor.fetchall():
            counted[max(0, back)] += count
    return counted
