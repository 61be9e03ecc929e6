"""What follows from a date: plain functions of days."""

from datetime import date
from typing import Final

from .models import Period

SEPTEMBER: Final = 9
FEBRUARY: Final = 2


def period_of(
    period: str, day: date, *, starts_on: date | None = None, ends_on: date | None = None
) -> tuple[date, date]:
    """The days [first, end) that a fee covers when it is bought for `day`."""
    if period == Period.FIXED:
        assert starts_on is not None and ends_on is not None
        return starts_on, ends_on
    if period == Period.TWELVE_MONTHS:
        return day, _a_year_after(day)
    year = day.year if day.month >= SEPTEMBER else day.year - 1
    begins, middle, ends = date(year, SEPTEMBER, 1), date(year + 1, FEBRUARY, 1), date(year + 1, SEPTEMBER, 1)
    if period == Period.SCHOOL_YEAR:
        return begins, ends
    return (begins, middle) if day < middle else (middle, ends)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)
