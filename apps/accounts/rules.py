"""What a school decides about signing in and staying signed in."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.tenants import hosts
from apps.tenants.context import selected
from apps.tenants.features import setting, value

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
    tenancy = selected()
    school = hosts.school_at(hosts.host_of(tenancy.slug)) if tenancy and not tenancy.is_platform else None
    if school is None:
        return timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return timedelta(minutes=value(IDLE_MINUTES.key, school))
