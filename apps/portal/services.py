"""What is changed on the portal's own pages: how a school presents itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.ids import new_id
from apps.tenants import hosts
from apps.tenants.context import platform
from apps.tenants.models import School

SCHOOL_CHANGED = act("school.settings_changed", _("School settings changed"))
LOGO_CHANGED = act("school.logo_changed", _("Logo changed"))
CHANGEABLE = ("name", "locale", "time_zone", "hue")


@transaction.atomic
def change_school(*, actor: Actor, school_id: UUID, now: datetime, **values: Any) -> School:
    """Change name, language, time zone or colour. What stays the same is not recorded. Raises Forbidden."""
    SCHOOL_SETTINGS.require(actor)
    with platform():
        school = School.objects.select_for_update(no_key=True).get(pk=school_id)
        wanted = {name: values[name] for name in CHANGEABLE if name in values}
        changes = {name: [getattr(school, name), new] for name, new in wanted.items() if getattr(school, name) != new}
        for name, (_before, after) in changes.items():
            setattr(school, name, after)
        if changes:
            school.save(update_fields=[*changes])
    if changes:
        record(actor=actor, act=SCHOOL_CHANGED, target_label=school.name, changes=changes)
        _show_at_once(school)
    return school


@transaction.atomic
def change_logo(*, actor: Actor, school_id: UUID, picture: File | None, kind: str = "", now: datetime) -> School:
    """Put a picture (already checked) in place of the logo, or take it away. Raises Forbidden."""
    SCHOOL_SETTINGS.require(actor)
    with platform():
        school = School.objects.select_for_update(no_key=True).get(pk=school_id)
    before, storage = school.logo.name, school.logo.storage
    school.logo = (
        storage.save(f"branding/{new_id().hex}.{kind}", picture) if picture else ""
    )  # below the school's folder
    with platform():
        School.objects.filter(pk=school_id).update(logo=school.logo.name or "")
    record(actor=actor, act=LOGO_CHANGED, target_label=school.name, changes={"logo": [bool(before), bool(picture)]})
    if before:
        transaction.on_commit(lambda: storage.delete(before))
    _show_at_once(school)
    return school


def _show_at_once(school: School) -> None:
    transaction.on_commit(lambda: hosts.forget(school))
