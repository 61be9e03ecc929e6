"""What the platform may change of a school besides its status: name, plan, language, time zone, currency."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.tenants import acts, context, hosts
from apps.tenants.models import School
from apps.tenants.permissions import CHANGE_SCHOOL

CHANGEABLE = ("name", "plan", "locale", "time_zone", "currency")


@transaction.atomic
def change_school(*, actor: Actor, school_id: UUID, values: Mapping[str, Any]) -> School:
    """Write the given fields of CHANGEABLE; audited on the platform and in the school when something differs.

    Raises Forbidden, NotVisible, Invalid.
    """
    CHANGE_SCHOOL.require(actor)
    wanted = {name: str(values[name]).strip() for name in CHANGEABLE if name in values}
    if faults := faults_of(wanted):
        raise Invalid(fields=faults)
    with context.platform():
        school = School.objects.select_for_update(no_key=True).filter(pk=school_id).first()
        if school is None:
            raise NotVisible(_("School not found."))
        changes = {
            name: [getattr(school, name), value] for name, value in wanted.items() if getattr(school, name) != value
        }
        if not changes:
            return school
        for name, (_before, after) in changes.items():
            setattr(school, name, after)
        school.save(update_fields=[*changes])
        record(actor=actor, act=acts.SCHOOL_CHANGED, target=school, changes=changes)
    if school.ready:
        with context.activated(school):
            record(actor=actor, act=acts.SCHOOL_CHANGED, target=school, changes=changes)
    transaction.on_commit(lambda: hosts.forget(school))
    return school


def faults_of(values: Mapping[str, str]) -> dict[str, list[object]]:
    """What is wrong with these values of CHANGEABLE, by field."""
    faults: dict[str, list[object]] = {}
    if not _is_line(values.get("name", "--"), 2, 120):
        faults["name"] = [_("Enter the school's name, 2 to 120 characters.")]
    if not _is_line(values.get("plan", "-"), 1, 30):
        faults["plan"] = [_("Enter the plan's name, at most 30 characters.")]
    if values.get("locale", School.Locale.FR) not in School.Locale.values:
        faults["locale"] = [_("Choose one of the languages of the platform.")]
    if not _is_time_zone(values.get("time_zone", "UTC")):
        faults["time_zone"] = [_("Enter a time zone such as Europe/Paris.")]
    currency = values.get("currency", "EUR")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        faults["currency"] = [_("Enter a currency as three capital letters, such as EUR.")]
    return faults


def _is_line(text: str, shortest: int, longest: int) -> bool:
    """One line of visible characters: no line break that could forge a mail header, no NUL that no database takes."""
    return shortest <= len(text) <= longest and text.isprintable()


def _is_time_zone(name: str) -> bool:
    """Whether it can be loaded: listing all zones would read six hundred files."""
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return False
    return True
