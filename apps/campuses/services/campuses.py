"""Acts on campuses, their approved domains and their places."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.core.registry import Hook

from ..models import ApprovedDomain, Campus, CampusRole, Place
from ..permissions import CAMPUSES_MANAGE, PLACES_MANAGE
from ..selectors import visible_campuses
from .memberships import require_appointing

CAMPUS_CREATED = act("campus.created", gettext_lazy("Campus created"))
CAMPUS_CHANGED = act("campus.changed", gettext_lazy("Campus changed"))
CAMPUS_ARCHIVED = act("campus.archived", gettext_lazy("Campus archived"))
CAMPUS_RESTORED = act("campus.restored", gettext_lazy("Campus restored"))
DOMAIN_APPROVED = act("domain.approved", gettext_lazy("E-mail domain approved"))
DOMAIN_REMOVED = act("domain.removed", gettext_lazy("E-mail domain removed"))
PLACE_ADDED = act("place.added", gettext_lazy("Place added"))
PLACE_CHANGED = act("place.changed", gettext_lazy("Place changed"))
PLACE_REMOVED = act("place.removed", gettext_lazy("Place removed"))

#: Sent in the act's transaction with `campus`; receivers stop what feeds the campus.
campus_archived = Hook("campus_archived")

FIELDS = ("name", "code", "address", "time_zone", "default_role", "hue")
DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


class CampusInUse(DomainError):
    code = "campus-in-use"


@transaction.atomic
def create_campus(*, actor: Actor, now: datetime, name: str, code: str, **fields: Any) -> Campus:
    """A new campus. The code is unique without regard to case."""
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    campus = Campus(name=name.strip(), code=code.strip(), **_known(fields))
    _check(campus)
    if campus.default_role == CampusRole.MANAGER:
        require_appointing(actor, campus.pk)
    campus.save(force_insert=True)
    after = {name: [None, getattr(campus, name)] for name in FIELDS if getattr(campus, name) not in ("", None)}
    record(actor=actor, act=CAMPUS_CREATED, target=campus, changes=after, at=now)
    return campus


@transaction.atomic
def update_campus(*, actor: Actor, campus_id: UUID, now: datetime, **fields: Any) -> Campus:
    """Change the given fields. Sending the same values again changes and records nothing."""
    campus = _locked(actor, campus_id)
    CAMPUSES_MANAGE.require(actor, campus)
    before = {name: getattr(campus, name) for name in FIELDS}
    for name, value in _known(fields).items():
        setattr(campus, name, value.strip() if isinstance(value, str) else value)
    changes = {name: [before[name], getattr(campus, name)] for name in FIELDS if before[name] != getattr(campus, name)}
    if changes:
        _check(campus)
        if changes.get("default_role", [""])[-1] == CampusRole.MANAGER:
            require_appointing(actor, campus.pk)
        campus.save(update_fields=list(changes))
        record(actor=actor, act=CAMPUS_CHANGED, target=campus, changes=changes, at=now)
    return campus


@transaction.atomic
def archive_campus(*, actor: Actor, campus_id: UUID, now: datetime) -> Campus:
    """Close a campus: it keeps its history, gives no rights and takes nobody in. Safe to repeat."""
    campus = _locked(actor, campus_id)
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    if campus.is_archived:
        return campus
    campus.archived_at = now
    campus.save(update_fields=["archived_at"])
    campus_archived.send(campus=campus, actor=actor, now=now)
    record(actor=actor, act=CAMPUS_ARCHIVED, target=campus, at=now)
    return campus


@transaction.atomic
def restore_campus(*, actor: Actor, campus_id: UUID, now: datetime) -> Campus:
    """Open an archived campus again. Safe to repeat."""
    campus = _locked(actor, campus_id)
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    if campus.is_archived:
        campus.archived_at = None
        campus.save(update_fields=["archived_at"])
        record(actor=actor, act=CAMPUS_RESTORED, target=campus, at=now)
    return campus


@transaction.atomic
def approve_domain(*, actor: Actor, campus_id: UUID, domain: str, now: datetime) -> ApprovedDomain:
    """Let people with this e-mail domain join. Approving it again for the same campus changes nothing."""
    campus = _locked(actor, campus_id)
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    name = normal_domain(domain)
    known = ApprovedDomain.objects.select_related("campus").filter(domain=name).first()
    if known and known.campus_id != campus.pk:
        raise Invalid(
            fields={"domain": [_("This domain already belongs to %(campus)s.") % {"campus": known.campus.name}]}
        )
    if known:
        return known
    approved = ApprovedDomain.objects.create(campus=campus, domain=name)
    record(actor=actor, act=DOMAIN_APPROVED, target=campus, changes={"domain": [None, name]}, at=now)
    return approved


@transaction.atomic
def remove_domain(*, actor: Actor, campus_id: UUID, domain_id: UUID, now: datetime) -> None:
    """Stop accepting a domain. People who are here stay until a directory run says otherwise. Safe to repeat."""
    campus = _locked(actor, campus_id)
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    approved = ApprovedDomain.objects.filter(campus=campus, pk=domain_id).first()
    if approved:
        record(actor=actor, act=DOMAIN_REMOVED, target=campus, changes={"domain": [approved.domain, None]}, at=now)
        approved.delete()


@transaction.atomic
def add_place(*, actor: Actor, campus_id: UUID, name: str, now: datetime, capacity: int | None = None) -> Place:
    """A room of a campus. A name is used once per campus."""
    campus = _locked(actor, campus_id)
    PLACES_MANAGE.require(actor, campus)
    place = Place.objects.create(campus=campus, name=_place_name(campus, name), capacity=capacity)
    record(actor=actor, act=PLACE_ADDED, target=campus, changes={"place": [None, place.name]}, at=now)
    return place


@transaction.atomic
def change_place(
    *, actor: Actor, campus_id: UUID, place_id: UUID, name: str, now: datetime, capacity: int | None = None
) -> Place:
    """Another name or capacity; what refers to the place follows. The same again changes and records nothing."""
    campus = _locked(actor, campus_id)
    PLACES_MANAGE.require(actor, campus)
    place = Place.objects.filter(campus=campus, pk=place_id).first()
    if place is None:
        raise NotVisible()
    wanted = {"name": _place_name(campus, name, but=place), "capacity": capacity}
    changes = {key: [getattr(place, key), value] for key, value in wanted.items() if getattr(place, key) != value}
    if not changes:
        return place
    label = place.name
    place.name, place.capacity = str(wanted["name"]), capacity
    place.save(update_fields=["name", "capacity"])
    record(actor=actor, act=PLACE_CHANGED, target=campus, changes=changes, data={"place": label}, at=now)
    return place


def _place_name(campus: Campus, name: str, but: Place | None = None) -> str:
    """The name as it is kept. Raises Invalid when it is none, or another place of the campus has it."""
    name = name.strip()[:120]
    if not name:
        raise Invalid(fields={"name": [_("Enter a name for the place.")]})
    twin = Place.objects.filter(campus=campus, name__iexact=name).first()
    if twin is not None and twin != but:
        raise Invalid(fields={"name": [_("This campus already has a place with this name.")]})
    return name


@transaction.atomic
def remove_place(*, actor: Actor, campus_id: UUID, place_id: UUID, now: datetime) -> None:
    """Safe to repeat."""
    campus = _locked(actor, campus_id)
    PLACES_MANAGE.require(actor, campus)
    place = Place.objects.filter(campus=campus, pk=place_id).first()
    if place:
        record(actor=actor, act=PLACE_REMOVED, target=campus, changes={"place": [place.name, None]}, at=now)
        place.delete()


def normal_domain(text: str) -> str:
    """`@Lumiere.FR ` is `lumiere.fr`. Raises Invalid with what to type instead."""
    name = text.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not DOMAIN.fullmatch(name):
        raise Invalid(fields={"domain": [_("Type a domain such as students.school.fr, without spaces.")]})
    return name


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"a campus has no {', '.join(sorted(unknown))}")
    return fields


def _check(campus: Campus) -> None:
    """The model's own rules, as errors of the fields."""
    from django.core.exceptions import ValidationError

    twin = Campus.objects.filter(code__iexact=campus.code).exclude(pk=campus.pk)
    if campus.code and twin.exists():
        raise Invalid(fields={"code": [_("Another campus already has this code.")]})
    try:
        campus.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Invalid(fields={name: list(texts) for name, texts in error.message_dict.items()}) from None


def _locked(actor: Actor, campus_id: UUID) -> Campus:
    """The visible campus, locked until the act is committed."""
    for archived in (False, True):
        found = visible_campuses(actor=actor, archived=archived).select_for_update().filter(pk=campus_id).first()
        if found:
            return found
    raise NotVisible()
