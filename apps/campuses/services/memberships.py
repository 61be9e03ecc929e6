"""Acts on memberships by people. Directory runs write the same rows and events, set-wise, in their own app."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.services import roles
from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor, Role, Scope
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible

from ..models import (
    Campus,
    CampusMembership,
    CampusRole,
    Cause,
    MembershipEvent,
    MembershipSource,
    MembershipState,
    Pin,
)
from ..permissions import CAMPUSES_MANAGE, MEMBERSHIPS_MANAGE

MEMBER_ADDED = act("membership.added", gettext_lazy("Added to a campus"))
ROLE_CHANGED = act("membership.role_changed", gettext_lazy("Campus role changed"))
MEMBER_SUSPENDED = act("membership.suspended", gettext_lazy("Campus membership suspended"))
MEMBER_RESTORED = act("membership.restored", gettext_lazy("Campus membership restored"))
MEMBER_ENDED = act("membership.ended", gettext_lazy("Campus membership ended"))
MEMBER_LEFT = act("membership.left", gettext_lazy("Left a campus"))
MEMBER_PINNED = act("membership.pinned", gettext_lazy("Exception for a campus membership set"))

S = MembershipState
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    S.DETECTED: frozenset({S.ACTIVE, S.ENDED}),
    S.ACTIVE: frozenset({S.SUSPENDED, S.STALE, S.ENDED}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.ENDED}),
    S.STALE: frozenset({S.ACTIVE, S.ENDED}),
    S.ENDED: frozenset({S.ACTIVE}),
}


class WrongState(DomainError):
    code = "membership-wrong-state"


class PinnedAway(DomainError):
    code = "membership-pinned-never"


@transaction.atomic
def add_member(
    *,
    actor: Actor,
    user_id: UUID,
    campus_id: UUID,
    now: datetime,
    role: str = "",
    source: str = MembershipSource.MANUAL,
    cause: str = Cause.ADMIN,
) -> CampusMembership:
    """Make a person active at a campus; who already is with this role stays as they are."""
    campus = _campus(campus_id)
    role = role or campus.default_role
    known = CampusMembership.objects.filter(user_id=user_id, campus=campus).exclude(state=S.ENDED)
    _may_give(actor, campus, role, held=known.values_list("role", flat=True).first() or "")
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotVisible()
    return _join(actor, user, campus, role, source, cause, now)


@transaction.atomic
def place_invited(*, actor: Actor, user: User, role: Role, scope: Scope, now: datetime) -> bool:
    """News from accounts: an invitation to a campus was accepted. True: the membership stands for the grant."""
    given = {Role.MEMBER: CampusRole.MEMBER, Role.CAMPUS_MANAGER: CampusRole.MANAGER}.get(role)
    campus = (
        Campus.objects.filter(pk=scope.id, archived_at=None).first() if scope.kind == "campus" and scope.id else None
    )
    if given is None or campus is None:
        return False
    _join(actor, user, campus, given, MembershipSource.INVITATION, Cause.INVITED, now)
    return True


def _join(
    actor: Actor, user: User, campus: Campus, role: str, source: str, cause: str, now: datetime
) -> CampusMembership:
    known = CampusMembership.objects.select_for_update().filter(user=user, campus=campus).first()
    before = known.role if known else None
    if known is None:
        membership = CampusMembership(
            user=user, campus=campus, role=role, state=S.ACTIVE, source=source, cause=cause,
            first_seen_at=now, last_seen_at=now,
        )  # fmt: skip
        membership.save(force_insert=True)
        _tell(membership, "", "", actor, now)
    elif known.is_active and known.role == role:
        return known
    else:
        membership = known
        _move(membership, S.ACTIVE, actor, now, role=role, source=source, cause=cause)
    label = f"{user.name} · {campus.name}"
    record(
        actor=actor, act=MEMBER_ADDED, target=membership, target_label=label, changes={"role": [before, role]}, at=now
    )
    return membership


def add_member_by_address(
    *, actor: Actor, email: str, campus_id: UUID, now: datetime, role: str = ""
) -> CampusMembership:
    """`add_member` for somebody named by their address. Raises Invalid when nobody here has it."""
    MEMBERSHIPS_MANAGE.require(actor, _campus(campus_id))
    user_id = User.objects.filter(email__iexact=email.strip()).values_list("pk", flat=True).first()
    if user_id is None:
        raise Invalid(fields={"email": [_("Nobody in this school has this address. Invite the person first.")]})
    return add_member(actor=actor, user_id=user_id, campus_id=campus_id, now=now, role=role)


@transaction.atomic
def change_role(*, actor: Actor, membership_id: UUID, role: str, now: datetime) -> CampusMembership:
    """Give another role. From then on an administrator answers for it: directory runs leave it alone."""
    membership = _locked(membership_id)
    _may_give(actor, membership.campus, role, held=membership.role)
    if membership.role == role:
        return membership
    before = membership.role
    _move(membership, membership.state, actor, now, role=role, source=MembershipSource.MANUAL, cause=Cause.ADMIN)
    _record(actor, ROLE_CHANGED, membership, now, role=[before, role])
    return membership


@transaction.atomic
def suspend_membership(*, actor: Actor, membership_id: UUID, now: datetime, reason: str = "") -> CampusMembership:
    """Take the rights away until restored. Safe to repeat."""
    return _decide(actor, membership_id, S.SUSPENDED, MEMBER_SUSPENDED, now, reason)


@transaction.atomic
def restore_membership(*, actor: Actor, membership_id: UUID, now: datetime, reason: str = "") -> CampusMembership:
    """Make a suspended or ended membership active again. Safe to repeat."""
    return _decide(actor, membership_id, S.ACTIVE, MEMBER_RESTORED, now, reason)


@transaction.atomic
def end_membership(*, actor: Actor, membership_id: UUID, now: datetime, reason: str = "") -> CampusMembership:
    """End a membership; directory runs do not bring it back. Safe to repeat."""
    return _decide(actor, membership_id, S.ENDED, MEMBER_ENDED, now, reason)


@transaction.atomic
def leave_campus(*, actor: Actor, membership_id: UUID, now: datetime) -> CampusMembership:
    """A person leaves by choice; directory runs do not add them again. Safe to repeat."""
    membership = _locked(membership_id)
    if actor.user_id is None or membership.user_id != actor.user_id:
        raise Forbidden("memberships.leave")
    if membership.state != S.ENDED:
        _move(membership, S.ENDED, actor, now, cause=Cause.LEFT)
        _record(actor, MEMBER_LEFT, membership, now)
    return membership


@transaction.atomic
def pin_membership(*, actor: Actor, membership_id: UUID, pin: str, now: datetime, reason: str = "") -> CampusMembership:
    """Set a manual exception: always keep, never activate, or none. "Never" also ends an active membership."""
    membership = _locked(membership_id)
    _may_decide(actor, membership)
    if pin not in Pin.values:
        raise Invalid(fields={"pin": [_("Choose an exception from the list.")]})
    if membership.pinned == pin:
        return membership
    if pin == Pin.KEEP and not membership.is_active:
        raise WrongState(_("Only an active membership can be kept. Restore it first."))
    before, membership.pinned = membership.pinned, pin
    if pin == Pin.NEVER and membership.state != S.ENDED:
        _move(membership, S.ENDED, actor, now, cause=Cause.ADMIN)
    membership.save(update_fields=["pinned"])
    _record(actor, MEMBER_PINNED, membership, now, reason, pinned=[before, pin])
    return membership


def _decide(actor: Actor, membership_id: UUID, state: str, code: str, now: datetime, reason: str) -> CampusMembership:
    membership = _locked(membership_id)
    _may_decide(actor, membership)
    if membership.state == state:
        return membership
    before = membership.state
    _move(membership, state, actor, now, cause=Cause.ADMIN)
    _record(actor, code, membership, now, reason, state=[before, state])
    return membership


def _move(
    membership: CampusMembership, state: str, actor: Actor, now: datetime, *,
    role: str = "", source: str = "", cause: str = "",
) -> None:  # fmt: skip
    """One checked change of state or role, with its line of history."""
    if membership.state != state and state not in TRANSITIONS[membership.state]:
        raise WrongState(
            _("A membership that is “%(state)s” cannot become “%(wanted)s”.")
            % {"state": membership.get_state_display(), "wanted": S(state).label}
        )
    if state == S.ACTIVE and membership.pinned == Pin.NEVER:
        raise PinnedAway(_("This person is never to be active here. Remove the exception first."))
    from_state, from_role = membership.state, membership.role
    membership.state, membership.role = state, role or membership.role
    membership.source, membership.cause = source or membership.source, cause or membership.cause
    membership.last_run_id = None  # the last word was not a run's
    if state == S.ACTIVE and (from_state == S.ENDED or membership.role != from_role):
        membership.ends_on = None  # a decision made now outweighs a last day set earlier
    if from_state == S.ACTIVE:
        membership.last_seen_at = now
    membership.save()
    _tell(membership, from_state, from_role, actor, now)


def _tell(membership: CampusMembership, from_state: str, from_role: str, actor: Actor, now: datetime) -> None:
    MembershipEvent.objects.create(
        membership=membership, from_state=from_state, to_state=membership.state, from_role=from_role,
        to_role=membership.role, source=membership.source, cause=membership.cause, actor=actor.label[:200], at=now,
    )  # fmt: skip


def _record(
    actor: Actor, code: str, membership: CampusMembership, now: datetime, reason: str = "", **changes: list[object]
) -> None:
    label = f"{membership.user.name} · {membership.campus.name}"
    record(actor=actor, act=code, target=membership, target_label=label, changes=changes, reason=reason, at=now)


def _may_decide(actor: Actor, membership: CampusMembership) -> None:
    MEMBERSHIPS_MANAGE.require(actor, membership)
    if membership.role == CampusRole.MANAGER:
        require_appointing(actor, membership.campus_id)  # a manager cannot remove the other managers


def _may_give(actor: Actor, campus: Campus, role: str, *, held: str = "") -> None:
    """Whether the actor may give this role to somebody who holds another one there."""
    MEMBERSHIPS_MANAGE.require(actor, campus)
    if role not in CampusRole.values:
        raise Invalid(fields={"role": [_("Choose a role from the list.")]})
    if CampusRole.MANAGER in (role, held):
        require_appointing(actor, campus.pk)


def require_appointing(actor: Actor, campus_id: UUID | None) -> None:
    """Managers are appointed, and removed, by the school: by somebody who holds all that they hold, by whatever door
    (by hand, list, group or mapping). Raises Forbidden, NotYours.
    """
    CAMPUSES_MANAGE.require(actor, SCHOOL)
    if not roles.may_give(actor, Role.CAMPUS_MANAGER, Scope("campus", campus_id)):
        raise roles.NotYours


def _campus(campus_id: UUID) -> Campus:
    campus = Campus.objects.filter(pk=campus_id, archived_at=None).first()
    if campus is None:
        raise NotVisible()
    return campus


def _locked(membership_id: UUID) -> CampusMembership:
    rows = CampusMembership.objects.select_related("user", "campus").select_for_update(of=("self",))
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise NotVisible()
    return membership
