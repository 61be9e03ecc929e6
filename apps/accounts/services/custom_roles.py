"""Roles of the school's own: made, changed and archived by people who hold everything in them (IDN-9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor, Role
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.permissions import REGISTRY, Permission, usable_at

from .. import acts, rights, selectors
from ..models import CustomRole, Grant, PlaceKind, User
from ..permissions import ROLES_DEFINE, ROLES_VIEW
from ..rules import school_day
from . import roles

ONE_BY_ONE = 50  # holders of an archived role that the audit trail names one by one


class NotYourRole(Forbidden):
    code = "own-role"

    def __init__(self) -> None:
        super().__init__(
            "roles.define",
            _("You hold this role yourself, so you cannot add permissions to it. Ask another administrator."),
        )


class Archived(DomainError):
    code = "role-archived"

    def __init__(self) -> None:
        super().__init__(_("This role is archived. Create a new one instead."))


@dataclass(frozen=True, slots=True)
class Loss:
    """What one person loses when a role ends: the permissions nothing else gives them at the same place."""

    user: User
    place: str
    state: str
    permissions: tuple[Permission, ...]


def get_custom_role(actor: Actor, role_id: UUID, *, lock: bool = False) -> CustomRole:
    """One role of the school's own, archived or not. Raises NotVisible."""
    found = CustomRole.objects.select_for_update() if lock else CustomRole.objects.all()
    role = found.filter(pk=role_id).first() if ROLES_VIEW.allows(actor) or ROLES_DEFINE.allows(actor) else None
    if role is None:
        raise NotVisible
    return role


@transaction.atomic
def create_custom_role(
    *, actor: Actor, name: str, description: str = "", permissions: Iterable[str], scope_kind: str, now: datetime
) -> CustomRole:
    """Make a role. Raises Forbidden, Invalid, NotYours (a permission in it that the actor lacks)."""
    ROLES_DEFINE.require(actor, SCHOOL)
    codes = _checked(name, permissions, scope_kind)
    _require_all(actor, codes)
    role = CustomRole(
        name=name.strip(),
        description=description.strip(),
        permissions=sorted(codes),
        scope_kind=scope_kind,
        created_by=actor.label[:200],
    )
    _save(role)
    changes = {"name": [None, role.name], "permissions": [[], role.permissions], "scope_kind": [None, scope_kind]}
    record(actor=actor, act=acts.ROLE_DEFINED, target=role, changes=changes)
    return role


@transaction.atomic
def change_custom_role(
    *, actor: Actor, role_id: UUID, name: str, description: str = "", permissions: Iterable[str], now: datetime
) -> CustomRole:
    """Change a role; everybody who holds it has the new permissions with their next request.

    The kind of place stays. Nobody changes a role that gives, or gave, what they lack, and nobody adds to a role
    that they hold themselves. Without a difference nothing is written. Raises Forbidden, NotYours, NotYourRole,
    Archived, Invalid, NotVisible.
    """
    ROLES_DEFINE.require(actor, SCHOOL)
    role = get_custom_role(actor, role_id, lock=True)
    if role.archived_at:
        raise Archived
    codes = _checked(name, permissions, role.scope_kind)
    _require_all(actor, codes | role.gives)
    if codes - role.gives and actor.user_id and role.grants.filter(user_id=actor.user_id).exists():
        raise NotYourRole
    after = {"name": name.strip(), "description": description.strip(), "permissions": sorted(codes)}
    changes = {field: [getattr(role, field), value] for field, value in after.items() if getattr(role, field) != value}
    if not changes:
        return role
    for field, value in after.items():
        setattr(role, field, value)
    _save(role)
    people = Grant.objects.filter(custom_role=role).values("user").distinct().count()
    record(actor=actor, act=acts.ROLE_CHANGED, target=role, changes=changes, data={"people": people})
    return role


def losses(*, actor: Actor, role_id: UUID, now: datetime) -> list[Loss]:
    """Who would lose what if this role ended now: one entry for each grant of it. Raises NotVisible."""
    role = get_custom_role(actor, role_id)
    day = school_day(now)
    names = selectors.places()
    grants = list(Grant.objects.filter(custom_role=role).select_related("user", "custom_role").order_by("user__search"))
    others = rights.sources(user_ids={grant.user_id for grant in grants})
    found = []
    for grant in grants:
        rest = [
            held
            for held in rights.held_on((s for s in others if s.user_id == grant.user_id), day)
            if held.because != f"grant {grant.pk}" and held.scope in (SCHOOL, grant.scope)
        ]
        lost = [REGISTRY[code] for code in sorted(role.gives) if not any(h.gives(REGISTRY[code]) for h in rest)]
        place = selectors.place_name(grant.scope, names)
        found.append(Loss(grant.user, place, grant.state(day), tuple(lost)))
    return found


@transaction.atomic
def archive_custom_role(*, actor: Actor, role_id: UUID, reason: str = "", now: datetime) -> int:
    """End a role: its grants are taken back, each on record. Returns how many; archiving twice changes nothing.

    Raises Forbidden, NotYours (it gives what the actor lacks), NotVisible.
    """
    ROLES_DEFINE.require(actor, SCHOOL)
    role = get_custom_role(actor, role_id, lock=True)
    if role.archived_at:
        return 0
    _require_all(actor, role.gives)
    grants = list(Grant.objects.filter(custom_role=role).select_related("user"))
    for grant in grants[:ONE_BY_ONE] if len(grants) <= ONE_BY_ONE else []:
        place = selectors.place_name(grant.scope)
        record(
            actor=actor,
            act=acts.ROLE_REVOKED,
            target=grant.user,
            changes={"role": [role.name, None]},
            reason=reason,
            data={"place": place, "because": "role archived"},
        )
    Grant.objects.filter(custom_role=role).delete()
    role.archived_at = now
    role.save(update_fields=["archived_at", "changed_at"])
    data = {"people": len(grants), "permissions": role.permissions}
    record(actor=actor, act=acts.ROLE_ARCHIVED, target=role, reason=reason, data=data)
    return len(grants)


def offered(actor: Actor, kind: str) -> list[tuple[Permission, bool]]:
    """Every permission that makes sense at a kind of place, and whether this actor could put it into a role."""
    codes = usable_at(REGISTRY, kind)
    return [(REGISTRY[code], holds_for_school(actor, REGISTRY[code])) for code in sorted(codes)]


def _checked(name: str, permissions: Iterable[str], scope_kind: str) -> frozenset[str]:
    codes = frozenset(permissions)
    if not name.strip():
        raise Invalid(fields={"name": [_("Give the role a name.")]})
    if scope_kind not in PlaceKind.values:
        raise Invalid(fields={"scope_kind": [_("Choose where this role can be given.")]})
    if not codes:
        raise Invalid(fields={"permissions": [_("Choose at least one permission.")]})
    if codes != usable_at(codes, scope_kind):
        raise Invalid(fields={"permissions": [_("Some of these permissions cannot be given at such a place.")]})
    return codes


def _require_all(actor: Actor, codes: Iterable[str]) -> None:
    if not all(holds_for_school(actor, REGISTRY[code]) for code in codes):
        raise roles.NotYours


def holds_for_school(actor: Actor, permission: Permission) -> bool:
    """For the whole school: a role can be given anywhere."""
    return Role.SYSTEM in actor.roles or any(h.scope == SCHOOL and h.gives(permission) for h in actor.held)


def _save(role: CustomRole) -> None:
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as taken:
        raise Invalid(fields={"name": [_("There is already a role with this name.")]}) from taken
