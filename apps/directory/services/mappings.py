"""Which Microsoft group leads to which campus."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.campuses.models import Campus, CampusRole
from apps.campuses.services.memberships import require_appointing
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.tenants.jobs import enqueue

from ..models import GroupMapping
from ..permissions import DIRECTORY_MANAGE
from .acts import MAPPING_CHANGED, MAPPING_CREATED, MAPPING_REMOVED


@transaction.atomic
def add_mapping(
    *,
    actor: Actor,
    group_id: str,
    group_name: str,
    campus_id: UUID,
    now: datetime,
    role: str = "",
    transitive: bool = True,
) -> GroupMapping:
    """Map a group to a campus. The same pair again changes the role instead of adding a second."""
    DIRECTORY_MANAGE.require(actor)
    campus = Campus.objects.filter(pk=campus_id, archived_at=None).first()
    if campus is None:
        raise Invalid(fields={"campus": [_("Choose a campus.")]})
    if not group_id or len(group_id) > 64:
        raise Invalid(fields={"group": [_("Choose a group.")]})
    role = _role(role or campus.default_role)
    if role == CampusRole.MANAGER:
        require_appointing(actor, campus.pk)
    known = GroupMapping.objects.select_for_update().filter(group_id=group_id, campus=campus).first()
    if known:
        return _change(actor, known, now, role=role, transitive=transitive, active=True)
    mapping = GroupMapping.objects.create(
        group_id=group_id, group_name=(group_name or group_id)[:256], campus=campus, role=role, transitive=transitive
    )
    record(actor=actor, act=MAPPING_CREATED, target=mapping, changes={"role": [None, role]}, at=now)
    enqueue("directory.subscribe")
    return mapping


@transaction.atomic
def change_mapping(
    *, actor: Actor, mapping_id: UUID, now: datetime, role: str, transitive: bool, active: bool
) -> GroupMapping:
    """Change what a mapping gives, or pause it: the people of a paused mapping's campus are not removed."""
    DIRECTORY_MANAGE.require(actor)
    mapping = GroupMapping.objects.select_for_update().filter(pk=mapping_id).first()
    if mapping is None:
        raise NotVisible()
    if role == CampusRole.MANAGER and active:
        require_appointing(actor, mapping.campus_id)
    return _change(actor, mapping, now, role=_role(role), transitive=transitive, active=active)


@transaction.atomic
def remove_mapping(*, actor: Actor, mapping_id: UUID, now: datetime) -> None:
    """The next run ends the memberships that only this group gave, and asks first when they are many."""
    DIRECTORY_MANAGE.require(actor)
    mapping = GroupMapping.objects.select_for_update().filter(pk=mapping_id).first()
    if mapping:
        record(actor=actor, act=MAPPING_REMOVED, target=mapping, at=now)
        mapping.delete()
        enqueue("directory.subscribe")


def pause_mappings_of(*, campus: Campus, actor: Actor, now: datetime) -> None:
    """News from campuses: an archived campus takes nobody in."""
    for mapping in GroupMapping.objects.select_for_update().filter(campus=campus, active=True):
        mapping.active = False
        mapping.save(update_fields=["active"])
        record(actor=actor, act=MAPPING_CHANGED, target=mapping, changes={"active": [True, False]}, at=now)


def _role(role: str) -> str:
    if role not in CampusRole.values:
        raise Invalid(fields={"role": [_("Choose a role from the list.")]})
    return role


def _change(actor: Actor, mapping: GroupMapping, now: datetime, **fields: object) -> GroupMapping:
    changes = {
        name: [getattr(mapping, name), value] for name, value in fields.items() if getattr(mapping, name) != value
    }
    if changes:
        for name, value in fields.items():
            setattr(mapping, name, value)
        mapping.save(update_fields=list(changes))
        record(actor=actor, act=MAPPING_CHANGED, target=mapping, changes=changes, at=now)
        if "active" in changes:
            enqueue("directory.subscribe")
    return mapping
