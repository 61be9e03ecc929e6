"""How many jobs work on one school's rows at once: a job holds a slot until it ends or is not heard of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from ..models import DrainSlot

TAKE = """
update integrations_drainslot set held_until = %(until)s
 where number = (select number from integrations_drainslot
                  where number between %(first)s and %(last)s and held_until < %(now)s
                  order by number limit 1 for update skip locked)
returning number
"""


def lease() -> timedelta:
    return timedelta(seconds=settings.INTEGRATION_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots `first`, `first` + 1... of one kind of job, `count` of them."""

    first: int
    count: int

    def take(self, now: datetime) -> int | None:
        """A slot, or None when so many jobs are at it already."""
        numbers = range(self.first, self.first + self.count)
        facts: dict[str, Any] = {"now": now, "until": now + lease(), "first": numbers[0], "last": numbers[-1]}
        with connection.cursor() as cursor:
            for _attempt in range(2):
                cursor.execute(TAKE, facts)
                if row := cursor.fetchone():
                    return int(row[0])
                if DrainSlot.objects.filter(number__in=numbers).count() >= self.count:
                    return None
                free = [DrainSlot(number=number, held_until=now - lease()) for number in numbers]
                DrainSlot.objects.bulk_create(free, ignore_conflicts=True)
        return None


def keep(slot: int, now: datetime) -> None:
    """It is still being worked on."""
    DrainSlot.objects.filter(pk=slot).update(held_until=now + lease())


def release(slot: int, now: datetime) -> None:
    DrainSlot.objects.filter(pk=slot).update(held_until=now - lease())
