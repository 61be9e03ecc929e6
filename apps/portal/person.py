"""Everything that is known of one person, for those who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts import selectors as accounts
from apps.accounts.models import Grant, Identity, Session, User
from apps.accounts.permissions import (
    ACT_AS,
    LOCKOUTS_LIFT,
    PEOPLE_ERASE,
    PEOPLE_SUSPEND,
    ROLES_VIEW,
    SECOND_FACTOR_RESET,
    SESSIONS_END,
    VIEW_AS,
)
from apps.accounts.services import standing_in
from apps.accounts.services.lockouts import Lockout, lockouts
from apps.accounts.services.second_step import Factors, factors_of
from apps.accounts.services.standing_in import outranks
from apps.accounts.wording import name_of_held
from apps.audit.permissions import AUDIT_VIEW
from apps.audit.selectors import visible_events
from apps.campuses.models import CampusMembership, MembershipEvent
from apps.campuses.selectors import visible_memberships
from apps.core.actor import SCHOOL, Actor, Held
from apps.core.ui import Text, TimelineItem

from . import people
from .dashboard import timeline_of

HISTORY = 20


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role held now, where, and why."""

    name: Text
    place: str
    reason: Text


@dataclass(frozen=True, slots=True)
class PersonPage:
    user: User
    memberships: Sequence[CampusMembership]
    history: Sequence[MembershipEvent]
    roles: Sequence[RoleLine]
    sessions: Sequence[Session]
    identities: Sequence[Identity]
    events: Sequence[TimelineItem]
    lockouts: Sequence[Lockout]
    can_suspend: bool
    can_end_sessions: bool
    factors: Factors | None
    can_erase: bool
    is_self: bool
    can_view_as: bool
    can_act_as: bool


def person_page(*, actor: Actor, user_id: UUID, now: datetime) -> PersonPage:
    """One visible person. Raises NotVisible."""
    user = people.person_by_id(actor=actor, user_id=user_id)
    memberships = list(visible_memberships(actor=actor).filter(user=user).order_by("state", "campus__name"))
    can_end = SESSIONS_END.allows(actor, user)
    return PersonPage(
        user=user,
        memberships=memberships,
        history=_history(memberships),
        roles=_roles(actor, user),
        sessions=list(accounts.sessions_of(user.pk, now)) if can_end else [],
        identities=list(accounts.identities_of(user.pk)),
        events=_events(actor, user),
        lockouts=lockouts(actor=actor, now=now, email=user.email) if LOCKOUTS_LIFT.allows(actor) else [],
        can_suspend=PEOPLE_SUSPEND.allows(actor, user),
        can_end_sessions=can_end,
        factors=factors_of(user) if SECOND_FACTOR_RESET.allows(actor, user) else None,
        can_erase=PEOPLE_ERASE.allows(actor, user),
        is_self=actor.user_id == user.pk,
        **_ways_into_their_place(actor, user),
    )


def _history(memberships: Sequence[CampusMembership]) -> list[MembershipEvent]:
    ids = [membership.pk for membership in memberships]
    if not ids:
        return []
    events = MembershipEvent.objects.filter(membership__in=ids).select_related("membership__campus")
    return list(events.order_by("-id")[:HISTORY])


def _roles(actor: Actor, user: User) -> list[RoleLine]:
    """Only for those who may see who holds which role."""
    if not ROLES_VIEW.allows(actor):
        return []
    grants = {f"grant {grant.pk}": grant for grant in accounts.grants_of(user.pk)}
    names = accounts.places()
    return [_line(held, grants.get(held.because), names) for held in accounts.roles_of(user)]


def _line(held: Held, grant: Grant | None, names: dict) -> RoleLine:
    place = accounts.place_name(held.scope, names) if held.scope != SCHOOL else accounts.place_name(SCHOOL)
    name = name_of_held(held)
    if grant is None:
        return RoleLine(name, place, _("Follows from the membership of this campus"))
    return RoleLine(name, place, grant.note or (f"{grant.granted_by}, {grant.granted_at:%Y-%m-%d}"))


def _events(actor: Actor, user: User) -> list[TimelineItem]:
    """What was done to this person and what they did, for readers of the audit trail."""
    if not AUDIT_VIEW.allows(actor):
        return []
    about = visible_events(actor=actor, wanted={"target": user.pk})[:10]
    return timeline_of(about)


def _ways_into_their_place(actor: Actor, user: User) -> dict[str, bool]:
    """Whether this actor may look as this person does, or act in their name."""
    if user.pk == actor.user_id or not user.is_active or actor.acting_as in ("view", "person"):
        return {"can_view_as": False, "can_act_as": False}
    below = (VIEW_AS.allows(actor) or ACT_AS.allows(actor)) and outranks(actor, accounts.actor_for(user))
    return {
        "can_view_as": below and VIEW_AS.allows(actor),
        "can_act_as": below and standing_in.may_act_as(actor),
    }
