"""The clock of a school."""

from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .context import current, platform
from .models import School


def zone_of_school() -> ZoneInfo:
    """The time zone of the active school. One that this machine does not know counts as UTC."""
    school_id: UUID | None = current().id
    with platform():
        name = School.objects.filter(pk=school_id).values_list("time_zone", flat=True).first() or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
