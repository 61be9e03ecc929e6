"""What a school decides about signing in and staying signed in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.tenants import hosts
from apps.tenants.context import selected
from apps.tenants.features import Setting, setting, value
from apps.tenants.models import School

from .permissions import ROLES_GRANT, SCHOOL_LINK_MICROSOFT, SCHOOL_SETTINGS

PASSWORDS = setting(
    "sign_in.password",
    type=bool,
    default=True,
    label=_("People may sign in with a password"),
    permission=SCHOOL_LINK_MICROSOFT,
    on_page=False,  # services.linking makes sure that nobody locks themselves out
)
SECOND_FACTOR = setting(
    "sign_in.second_factor",
    type=bool,
    default=False,
    label=_("Administrators need a second step at sign-in"),
    permission=SCHOOL_LINK_MICROSOFT,
    on_page=False,  # on the page of signing in, with what it means
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

PROFILE_CHOICES = {
    "directory": _("The directory; the person only without a directory account"),
    "until": _("The person, until the directory says otherwise"),
    "person": _("The person; their own value stays"),
    "nobody": _("Only the directory and the administration"),
}


def _profile_rule(name: str, label: object) -> Setting:
    return setting(
        f"profile.{name}",
        type=str,
        default="directory",
        choices=PROFILE_CHOICES,
        label=label,
        help_text=_("Who decides what the profile shows."),
        permission=SCHOOL_SETTINGS,
    )


PROFILE_RULES = {
    "names": _profile_rule("names", _("Profile: name")),
    "photo": _profile_rule("photo", _("Profile: photo")),
    "department": _profile_rule("department", _("Profile: department")),
    "job_title": _profile_rule("job_title", _("Profile: job title")),
}
COLUMNS_OF_RULE = {
    "names": ("given_name", "family_name"),
    "department": ("department",),
    "job_title": ("job_title",),
}

MINOR_AGE = setting(
    "minors.age",
    type=int,
    default=15,
    minimum=13,
    maximum=18,
    label=_("Minors: age from which people consent for themselves"),
    help_text=_("In France 15 years. Younger people need the confirmation of a guardian."),
    permission=SCHOOL_SETTINGS,
)
GUARDIAN_NEEDED = setting(
    "minors.guardian",
    type=bool,
    default=True,
    label=_("Minors: ask for a guardian's e-mail"),
    help_text=_("Without it, what needs a consent stays off for minors."),
    permission=SCHOOL_SETTINGS,
)
OWN_BIRTH_DATE = setting(
    "minors.own_birth_date",
    type=bool,
    default=True,
    label=_("Minors: people may enter their birth date"),
    permission=SCHOOL_SETTINGS,
)
PHOTO_CONSENT = setting(
    "photos.consent",
    type=bool,
    default=False,
    label=_("Photos: show them only of people who agreed"),
    help_text=_("Photos of minors are only ever shown with a consent that a guardian confirmed."),
    permission=SCHOOL_SETTINGS,
)


def may_edit(rule: str, *, is_linked: bool) -> bool:
    """Whether a person may change this part of their profile; `is_linked`: the directory knows them."""
    chosen = value(PROFILE_RULES[rule].key)
    return chosen in ("until", "person") or (chosen == "directory" and not is_linked)


def kept_fields() -> list[str]:
    """The columns whose own value a directory run leaves alone."""
    rules = [rule for rule in COLUMNS_OF_RULE if value(PROFILE_RULES[rule].key) == "person"]
    return [column for rule in rules for column in COLUMNS_OF_RULE[rule]]


OWNERS_ACT_AS = setting(
    "roles.owners_act_as",
    type=bool,
    default=False,
    label=_("Owners may act in the name of a person, with a reason; the person is told by e-mail"),
    permission=ROLES_GRANT,
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
