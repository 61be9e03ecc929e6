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
from apps.core.errors import Invalid
from apps.core.pictures import Size
from apps.files import services as files
from apps.files.models import StoredFile
from apps.files.purposes import declare
from apps.tenants import hosts
from apps.tenants.context import current, platform
from apps.tenants.models import School
from apps.tenants.services.details import faults_of

SCHOOL_CHANGED = act("school.settings_changed", _("School settings changed"))
LOGO_CHANGED = act("school.logo_changed", _("Logo changed"))
CHANGEABLE = ("name", "locale", "time_zone", "hue")


def own_school(school_id: UUID) -> School:
    """The school as its row says now; the host's cache may be a moment behind."""
    with platform():
        return School.objects.get(pk=school_id)


def lock_school(school_id: UUID) -> None:
    """Until the transaction ends nobody else changes its settings."""
    with platform():
        School.objects.select_for_update(no_key=True).filter(pk=school_id).first()


@transaction.atomic
def change_school(*, actor: Actor, school_id: UUID, now: datetime, **values: Any) -> School:
    """Change name, language, time zone or colour. What stays the same is not recorded. Raises Forbidden, Invalid."""
    SCHOOL_SETTINGS.require(actor)
    if faults := faults_of({name: str(values[name]) for name in ("name", "locale", "time_zone") if name in values}):
        raise Invalid(fields=faults)
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
def change_logo(*, actor: Actor, school_id: UUID, picture: File | None, now: datetime) -> School:
    """Put a picture in place of the logo, written anew, or take it away.

    Raises Forbidden, TooLarge, NotAPicture, TooManyPixels, StorageFull.
    """
    SCHOOL_SETTINGS.require(actor)
    file = None
    if picture is not None:
        data = files.read_upload(picture, LOGO)
        file = files.store_picture(purpose=LOGO, data=data, now=now)
    with platform():
        school = School.objects.select_for_update(no_key=True).get(pk=school_id)
        before = school.logo.name
        school.logo = file.path(LOGO_SIZE) if file else ""
        School.objects.filter(pk=school_id).update(logo=school.logo.name or "")
    record(actor=actor, act=LOGO_CHANGED, target_label=school.name, changes={"logo": [bool(before), bool(picture)]})
    if before:
        files.delete_file(_file_of_logo(before))
    _show_at_once(school)
    return school


def _file_of_logo(name: str) -> StoredFile | None:
    return next((file for file in StoredFile.objects.filter(purpose=LOGO.code) if file.path(LOGO_SIZE) == name), None)


def is_current_logo(file: StoredFile) -> bool:
    """Whether the school shows it; nothing in the school's schema points to its logo."""
    school_id = current().id
    with platform():
        return School.objects.filter(pk=school_id, logo=file.path(LOGO_SIZE)).exists()


LOGO_SIZE = "256"
LOGO = declare(
    "branding",
    _("Logo"),
    most_bytes=5_000_000,
    sizes={LOGO_SIZE: Size(256, "inside")},
    may_read=lambda actor, file: True,
    in_use=is_current_logo,
)


def _show_at_once(school: School) -> None:
    transaction.on_commit(lambda: hosts.forget(school))
