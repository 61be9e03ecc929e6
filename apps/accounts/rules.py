"""What a school decides about signing in and staying signed in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.tenants import hosts
from apps.tenants.context import selected
from apps.tenants.features import setting, value
from apps.tenants.models import School

from .permissions import SCHOOL_LINK_MICROSOFT, SCHOOL_SETTINGS

PASSWORDS = setting(
    "sign_in.password",
    type=bool,
    default=True,
    label=_("People may sign in with a password"),
    permission=SCHOOL_LINK_MICROSOFT,
    on_page=False,  # services.linking makes sure that nobody locks themselves out
)
IDLE_MINUTES = setting(
    "sessions.idle_minutes",
    type=int,
    default=settings.SESSION_IDLE_SECONDS // 60,
    minimum=5,
    maximum=settings.SESSION_COOKIE_AGE // 60,
    label=_("Sign out after this many minutes without use"),
    permission=SCHOOL_SETTINGS,
)


def idle_time() -> timedelta:
    """After how long without use a session ends: the school's rule; on the platform, the platform's.

    Asked at every request, so it is read with the school as the host's cache has it.
    """
    school = _this_school()
    if school is None:
        return timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return timedelta(minutes=value(IDLE_MINUTES.key, school))


def school_day(now: datetime) -> date:
    """The day it is at the active school: periods of roles begin and end at its midnight, not the server's.

    Without a school, or with a time zone that this machine does not know, the day in UTC.
    """
    school = _this_school()
    try:
        return now.astimezone(ZoneInfo(school.time_zone if school else "UTC")).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.astimezone(UTC).date()


def _this_school() -> School | None:
    """The active school as the cache of its host has it: asked at every request."""
    tenancy = selected()
    return hosts.school_at(hosts.host_of(tenancy.slug)) if tenancy and not tenancy.is_platform else None
