"""How often a PIN may be guessed (security N9): 5 times a day of one person, 30 times a day at one device.

Counted in PostgreSQL, in one statement, before anything is hashed: as exact for two hundred guesses at once as for
one, on however many devices and from however many addresses, and whether or not Redis is there. A right PIN gives
its own attempt back and nothing else, so that a guesser gains nothing from the owner's own sign-ins.

A day begins with the first attempt. Within any 24 hours at most 9 wrong PINs of one person are looked at (four at the
end of a day, five after it): of the 9,600 and more four-digit PINs that are allowed, less than 0.1 %.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.ids import new_id

from ..models import GuessCount
from ..selectors import PER_DEVICE, PER_PERSON

DAY: Final = timedelta(hours=24)
Kind = GuessCount.Kind

COUNT = f"""
INSERT INTO {GuessCount._meta.db_table} AS old (id, kind, subject_id, tries, ends_at, told)
VALUES (%(id)s, %(kind)s, %(subject)s, 1, %(ends)s, false)
ON CONFLICT (kind, subject_id) DO UPDATE SET
  tries = CASE WHEN old.ends_at <= %(now)s THEN 1 ELSE old.tries + 1 END,
  ends_at = CASE WHEN old.ends_at <= %(now)s THEN %(ends)s ELSE old.ends_at END,
  told = old.told AND old.ends_at > %(now)s
WHERE old.ends_at <= %(now)s OR old.tries < %(most)s
RETURNING tries
"""  # noqa: S608 the name of our own table


class TooManyGuesses(DomainError):
    """`whose` says which count is used up; `is_first`: nobody was refused in this day yet."""

    code = "too-many-guesses"
    status = 429

    def __init__(self, whose: str, until: datetime, *, is_first: bool) -> None:
        moment = date_format(timezone.localtime(until), "DATETIME_FORMAT")
        text = (
            _("Too many wrong PINs for this profile. It is locked until %(moment)s; an administrator can unlock it.")
            if whose == Kind.PERSON
            else _("Too many wrong PINs at this device. It is locked until %(moment)s; an administrator can unlock it.")
        )
        super().__init__(text % {"moment": moment})
        self.whose, self.until, self.is_first = whose, until, is_first


def count(*, device_id: UUID, person_id: UUID, now: datetime) -> int:
    """Count one attempt; how many more are left for this person. Raises TooManyGuesses, and then counts nothing."""
    try:
        with transaction.atomic():  # always in this order, so that two never wait for each other
            _count_one(Kind.DEVICE, device_id, PER_DEVICE, now)
            return PER_PERSON - _count_one(Kind.PERSON, person_id, PER_PERSON, now)
    except _UsedUp as used_up:
        raise _refusal(used_up.kind, used_up.subject_id) from None


class _UsedUp(Exception):
    def __init__(self, kind: str, subject_id: UUID) -> None:
        self.kind, self.subject_id = kind, subject_id


def _count_one(kind: str, subject_id: UUID, most: int, now: datetime) -> int:
    values: dict[str, Any] = {
        "id": new_id(),
        "kind": kind,
        "subject": subject_id,
        "now": now,
        "ends": now + DAY,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        row = cursor.fetchone()
    if row is None:
        raise _UsedUp(kind, subject_id)
    return int(row[0])


def _refusal(kind: str, subject_id: UUID) -> TooManyGuesses:
    counted = GuessCount.objects.filter(kind=kind, subject_id=subject_id)
    is_first = bool(counted.filter(told=False).update(told=True))
    return TooManyGuesses(kind, counted.get().ends_at, is_first=is_first)


def give_back(*, device_id: UUID, person_id: UUID) -> None:
    """The attempt was right: it does not count. The wrong ones before it still do."""
    for kind, subject_id in ((Kind.DEVICE, device_id), (Kind.PERSON, person_id)):
        GuessCount.objects.filter(kind=kind, subject_id=subject_id, tries__gt=0).update(tries=F("tries") - 1)


def forget(kind: str, subject_id: UUID) -> bool:
    """Begin a new day at once (an administrator lifted the lock); says whether anything was counted."""
    return bool(GuessCount.objects.filter(kind=kind, subject_id=subject_id).delete()[0])
