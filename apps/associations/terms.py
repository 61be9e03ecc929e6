"""What follows from a date: plain functions of days, so that no job has to end anything (ASC-3)."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.core.permissions import usable_at

from .models import Status
from .permissions import KEPT_WHEN_LIMITED

ACTIVE: Final = "active"
NOTHING: Final[frozenset[str]] = frozenset()


def day_at(now: datetime, zone: str) -> date:
    """The day it is in a time zone; in UTC where this machine does not know the zone."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.astimezone(UTC).date()


def lasts(starts_on: date, ends_on: date, day: date) -> bool:
    """Whether a mandate holds on a day: from the first on, until before the last."""
    return starts_on <= day < ends_on


def is_open(status: str, opens_on: date | None, day: date) -> bool:
    """Approved, and its first board has begun."""
    return status == Status.APPROVED and opens_on is not None and opens_on <= day


def shown_status(status: str, opens_on: date | None, day: date) -> str:
    """The stored status, or `active` once the first board has begun."""
    return ACTIVE if is_open(status, opens_on, day) else status


def rights(
    codes: Collection[str], *, starts_on: date, ends_on: date, day: date, status: str, frozen: bool, late: bool
) -> frozenset[str]:
    """What a mandate gives on a day. `late`: a renewal was not made by its deadline."""
    if status not in (Status.APPROVED, Status.DORMANT) or not lasts(starts_on, ends_on, day):
        return NOTHING
    usable = usable_at(codes, "association")
    limited = frozen or late or status == Status.DORMANT
    return usable & KEPT_WHEN_LIMITED if limited else usable
