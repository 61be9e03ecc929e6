"""Giving and taking back roles. Nobody gives what they do not hold; the last owner stays (IDN-9)."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor, Role, Scope
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.permissions import REGISTRY

from .. import acts, selectors
from ..models import CustomRole, Grant, PlaceKind, User
from ..permissions import ROLES_GRANT
from ..rules import school_day

GRANTABLE = frozenset({Role.OWNER, Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER, Role.MEMBER})  # by name
WHOLE_SCHOOL_ONLY = frozenset({Role.OWNER, Role.ADMIN, Role.AUDITOR})


class LastOwner(DomainError):
    code = "last-owner"

    def __init__(self) -> None:
        super().__init__(
            _("A school always keeps one owner who can sign in. Make somebody else an owner first, then try again.")
        )


class NotYours(Forbidden):
    code = "not-yours-to-give"

    def __init__(self) -> None:
        super().__init__(
            "roles.grant",
            _("You can only grant or revoke roles whose permissions you have yourself. Ask an owner of the school."),
        )


def may_give(actor: Actor, role: Role, scope: Scope = SCHOOL, permissions: Iterable[str] = ()) -> bool:
    """Whether the actor holds, at this place, every right of the role (`permissions`: of a role of the school's own).

    Being a member is nobody's privilege and is not counted; owner is more than the sum of its rights.
    """
    if Role.SYSTEM in actor.roles:
        return True
    if role is Role.OWNER:
        return actor.holds(Role.OWNER)
    here = [held for held in actor.held if held.scope in (SCHOOL, scope)]
    rights = [p for p in REGISTRY.values() if role in p.roles and Role.MEMBER not in p.roles]
    rights += [REGISTRY[code] for code in permissions if code in REGISTRY]
    return bool(here) and all(any(held.gives(right) for held in here) for right in rights)


def may_give_again(actor: Actor, grant: Grant) -> bool:
    """Whether the actor could have given this, so may take it back. A role this release does not know gives nothing."""
    if not selectors.known(grant.role):
        return True
    return may_give(actor, Role(grant.role), grant.scope, grant.permissions)


def choices(actor: Actor) -> list[Role]:
    """The roles this actor could give somewhere, highest first."""
    everywhere = {SCHOOL, *(held.scope for held in actor.held)}
    return [role for role in Role if role in GRANTABLE and any(may_give(actor, role, scope) for scope in everywhere)]


def custom_choices(actor: Actor) -> list[CustomRole]:
    """The roles of the school's own that this actor could give somewhere, by name."""
    everywhere = {SCHOOL, *(held.scope for held in actor.held)}
    living = CustomRole.objects.filter(archived_at=None).order_by("name")
    return [role for role in living if any(may_give(actor, Role.CUSTOM, scope, role.gives) for scope in everywhere)]


def check_place(role: Role, scope: Scope, custom: CustomRole | None = None) -> None:
    """Raise Invalid when a role makes no sense at this place."""
    if custom is not None:
        if role is not Role.CUSTOM or custom.archived_at:
            raise Invalid(fields={"role": [_("Choose a role from the list.")]})
        if custom.scope_kind != scope.kind:
            kind = PlaceKind(custom.scope_kind).label
            raise Invalid(fields={"scope": [_("This role can only be given at: %(kind)s.") % {"kind": kind}]})
    elif role not in GRANTABLE:
        raise Invalid(fields={"role": [_("Choose a role from the list.")]})
    if role in WHOLE_SCHOOL_ONLY and scope != SCHOOL:
        raise Invalid(fields={"scope": [_("This role always applies to the whole school.")]})
    if role is Role.CAMPUS_MANAGER and scope == SCHOOL:
        raise Invalid(fields={"scope": [_("Choose the campus that this person manages.")]})
    if custom is None and scope.kind == "association":
        raise Invalid(fields={"scope": [_("At an association people hold offices. Appoint the person there instead.")]})
    if scope != SCHOOL and scope not in selectors.places():
        raise Invalid(fields={"scope": [_("This place does not exist any more. Choose another one.")]})


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    user_id: UUID,
    role: Role,
    scope: Scope = SCHOOL,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
    custom_role_id: UUID | None = None,
) -> Grant:
    """Give a role: a built-in one, or `Role.CUSTOM` with the id of one of the school's own.

    Giving it again changes its period and note. Raises Forbidden, NotYours, Invalid, NotVisible.
    """
    ROLES_GRANT.require(actor, scope)
    custom = locked_custom_role(custom_role_id)
    check_place(role, scope, custom)
    # nobody makes a role of their own last longer
    if user_id == actor.user_id or not may_give(actor, role, scope, custom.gives if custom else ()):
        raise NotYours
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid(fields={"ends_on": [_("The end must not be before the beginning.")]})
    if ends_on and ends_on < school_day(now):
        raise Invalid(fields={"ends_on": [_("The end must not lie in the past.")]})
    if role is Role.OWNER and (starts_on or ends_on):
        raise Invalid(fields={"ends_on": [_("The owner role cannot expire: a school must always have an owner.")]})
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible
    if user.status not in (User.Status.ACTIVE, User.Status.PENDING):
        raise DomainError(_("This account is not active. Reinstate the person first, then grant the role."))
    return write_grant(
        actor=actor,
        user=user,
        role=role,
        scope=scope,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        custom_role=custom,
    )


def locked_custom_role(role_id: UUID | None) -> CustomRole | None:
    """Locked, so that it does not gain a permission between the check and the grant. Raises Invalid."""
    if role_id is None:
        return None
    role = CustomRole.objects.select_for_update().filter(pk=role_id).first()
    if role is None:
        raise Invalid(fields={"role": [_("Choose a role from the list.")]})
    return role


def write_grant(
    *,
    actor: Actor,
    user: User,
    role: Role,
    scope: Scope,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
    granted_by_id: UUID | None = None,
    granted_by: str = "",
    custom_role: CustomRole | None = None,
) -> Grant:
    """The row and its audit event; the caller has decided that it may be."""
    key = {"role": role.value, "custom_role": custom_role, "scope_kind": scope.kind, "scope_id": scope.id}
    before = Grant.objects.filter(user=user, **key).first()
    period = {"starts_on": starts_on, "ends_on": ends_on, "note": note}
    if before and all(getattr(before, name) == value for name, value in period.items()):
        return before
    grant, _created = Grant.objects.update_or_create(
        user=user,
        **key,
        defaults=period,
        create_defaults={
            **period,
            "granted_by_id": granted_by_id or actor.user_id,
            "granted_by": (granted_by or actor.label)[:200],
        },
    )
    changes = {name: [getattr(before, name, None), value] for name, value in period.items() if value}
    record(
        actor=actor,
        act=acts.ROLE_GRANTED,
        target=user,
        changes={"role": [None if before is None else _name(grant), _name(grant)], **changes},
        data={"grant": grant.pk, "place": selectors.place_name(scope), **_codes(grant)},
    )
    return grant


@transaction.atomic
def revoke_role(*, actor: Actor, grant_id: UUID, reason: str = "", now: datetime) -> None:
    """Take a role back. A role that is already gone changes nothing. Raises Forbidden, NotYours, LastOwner."""
    ROLES_GRANT.require(actor)
    grant = Grant.objects.select_related("user", "custom_role").filter(pk=grant_id).first()
    if grant is None:
        return
    ROLES_GRANT.require(actor, grant.scope)
    if not may_give_again(actor, grant):
        raise NotYours
    if grant.role == Role.OWNER.value:
        keep_one_owner(without=[grant.user_id])
        _still_owner(actor)
    deleted, _rows = Grant.objects.filter(pk=grant_id).delete()
    if deleted:  # two who take it back at once: one did
        place = selectors.place_name(grant.scope)
        changes = {"role": [_name(grant), None]}
        record(
            actor=actor, act=acts.ROLE_REVOKED, target=grant.user, changes=changes, reason=reason,
            data={"place": place, **_codes(grant)},
        )  # fmt: skip


def _codes(grant: Grant) -> dict[str, object]:
    """What programs read: names are for people, in the language of whoever acted."""
    own = grant.custom_role
    return {
        "role": own.name if own else grant.role, "scope_kind": grant.scope_kind, "scope_id": grant.scope_id,
        "ends_on": grant.ends_on,
    }  # fmt: skip


def _still_owner(actor: Actor) -> None:
    """Raise NotYours when the actor was an owner when the request began and is none any more."""
    if Role.SYSTEM not in actor.roles and not Grant.objects.filter(role=Role.OWNER.value, user=actor.user_id).exists():
        raise NotYours


def _name(grant: Grant) -> str:
    """A role as the audit trail names it: the code of a built-in one, the name of the school's own."""
    return grant.custom_role.name if grant.custom_role else grant.role


def keep_one_owner(*, without: Iterable[UUID]) -> None:
    """Raise LastOwner when nobody but these people owns the school and can sign in.

    Locks all owners' grants, so that two owners who remove each other at once do not both succeed.
    """
    owners = list(Grant.objects.select_for_update().filter(role=Role.OWNER.value).order_by("pk"))
    leaving = set(without)
    if not leaving & {grant.user_id for grant in owners}:
        return
    staying = [grant.user_id for grant in owners if grant.user_id not in leaving]
    if not User.objects.filter(pk__in=staying, status=User.Status.ACTIVE).exists():
        raise LastOwner
