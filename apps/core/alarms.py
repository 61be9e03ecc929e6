"""Alarms that are raised from outside of what they watch: a row from the moment it begins until it is over.

An app says what is the matter now; `keep_up` opens what is new, follows what goes on and closes what is over. Called
twice it does nothing twice, so the clock may call it as often as it likes.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from .ids import new_id

Row = TypeVar("Row", bound=models.Model)
Found = TypeVar("Found")


class Alarm(models.Model):
    """What rows of alarms have in common. The app adds what an alarm is about, and that one is open at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)  # people who were written to

    class Meta:
        abstract = True
        ordering = ["-opened_at"]


def keep_up(
    standing: Iterable[Row],
    wanted: Mapping[Hashable, Found],
    *,
    key: Callable[[Row], Hashable],
    goes_on: Callable[[Row, Found], bool] = lambda row, found: True,
    open_: Callable[[Found], Any],
    follow: Callable[[Row, Found], Any],
    close: Callable[[Row], Any],
) -> None:
    """Bring the open alarms in line with what is the matter now. `standing`: the open rows, locked.

    `goes_on(row, found)`: what is the matter is still what the row was opened for; otherwise it is a new alarm.
    """
    left = dict(wanted)
    for row in standing:
        found = left.get(key(row))
        if found is None or not goes_on(row, found):
            close(row)
        else:
            follow(row, found)
            del left[key(row)]
    for found in left.values():
        open_(found)


def close_row(row: Any, now: datetime) -> None:
    row.cleared_at = now
    row.save(update_fields=["cleared_at"])
