"""Days of money are days of the school."""

from datetime import date, datetime

from apps.tenants.zones import zone_of_school


def school_day(now: datetime) -> date:
    return now.astimezone(zone_of_school()).date()
