"""In somebody else's place: seeing the site as they do, or acting in their name (IDN-9, TEN-6).

The place is kept in the session of the person behind, never longer than STAY, and worked out anew at every request:
it ends when they lose the right, when the other person comes to hold more than they do, or leaves. Whoever looks
changes nothing. Whoever acts is named beside the person in the audit trail, and the person is told by e-mail.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor, Held, Role, Scope
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.permissions import REGISTRY
from apps.notifications.services import send
from apps.tenants import features
from apps.tenants.context import current

from .. import acts, selectors
from ..models import CustomRole, User
from ..permissions import ACT_AS, VIEW_AS
from ..rules import OWNERS_ACT_AS
from ..wording import ROLE_NAMES
from . import roles

PLACE: Final = "_in_place_of"
STAY: Final = timedelta(minutes=30)


class NotBelowYou(Forbidden):
    code = "not-below-you"

    def __init__(self) -> None:
        super().__init__(
            "people.view_as",
            _("This is only possible for people who hold less than you do. Choose somebody else."),
        )


class NotAllowedHere(Forbidden):
    code = "acting-not-allowed"

    def __init__(self) -> None:
        super().__init__(
            "people.act_as",
            _("Your school does not allow acting in somebody's name. An administrator can allow it in the settings."),
        )


class AlreadyElsewhere(DomainError):
    code = "already-in-a-place"

    def __init__(self) -> None:
        super().__init__(_("You are in somebody else's place already. Stop first."))


@dataclass(frozen=True, slots=True)
class Place:
    """Whose place somebody is in, as the banner tells it."""

    label: str
    until: datetime
    behind: Actor


def outranks(actor: Actor, other: Actor) -> bool:
    """Whether the actor holds everything the other holds, wherever they hold it, and not the other way round."""
    return _covers(actor, other) and not _covers(other, actor)


def _covers(actor: Actor, other: Actor) -> bool:
    if Role.SUPERADMIN in other.roles or Role.SYSTEM in other.roles:
        return False
    if Role.OWNER in other.roles and Role.OWNER not in actor.roles:
        return False
    rights = [p for p in REGISTRY.values() if p.is_for_schools and Role.MEMBER not in p.roles]
    return all(_reaches(actor, other, right) for right in rights)


def _reaches(actor: Actor, other: Actor, right: Any) -> bool:
    mine = {held.scope for held in actor.held if held.gives(right)}
    theirs = {held.scope for held in other.held if held.gives(right)}
    return SCHOOL in mine or theirs <= mine


def may_act_as(actor: Actor) -> bool:
    """Whether this actor could act in somebody's name at all: support that was let in to act, or an owner by rule."""
    if not ACT_AS.allows(actor):
        return False
    return actor.acting_as == "support" or bool(features.value(OWNERS_ACT_AS.key))


# --- beginning and ending --------------------------------------------------------------------------------


@transaction.atomic
def view_as_person(request: HttpRequest, *, user_id: UUID, now: datetime) -> User:
    """See the site as this person until `STAY` is over. Raises Forbidden, NotBelowYou, AlreadyElsewhere, NotVisible."""
    actor = request.actor
    VIEW_AS.require(actor)
    _require_no_place(actor)
    user = selectors.get_person(actor, user_id)
    if user.pk == actor.user_id or not user.is_active or not outranks(actor, selectors.actor_for(user)):
        raise NotBelowYou
    _take(request, {"mode": "view", "user": str(user.pk)}, now)
    record(actor=actor, act=acts.VIEWING_STARTED, target=user)
    return user


@transaction.atomic
def view_as_role(
    request: HttpRequest, *, role: Role, scope: Scope = SCHOOL, custom_role_id: UUID | None = None, now: datetime
) -> str:
    """See the site as somebody with this role only; returns its name. Raises like `view_as_person`, and Invalid."""
    actor = request.actor
    VIEW_AS.require(actor)
    _require_no_place(actor)
    custom = CustomRole.objects.filter(pk=custom_role_id).first() if custom_role_id else None
    roles.check_place(role, scope, custom)
    facts = {"mode": "view", "role": role.value, "scope": [scope.kind, str(scope.id or "")]}
    if custom is not None:
        facts["custom"] = str(custom.pk)
    shown = _of_role(facts)
    if shown is None or not outranks(actor, shown):
        raise NotBelowYou
    _take(request, facts, now)
    place = selectors.place_name(scope)
    record(actor=actor, act=acts.VIEWING_STARTED, target_label=shown.label, data={"role": role.value, "place": place})
    return shown.label


@transaction.atomic
def act_as_person(request: HttpRequest, *, user_id: UUID, reason: str, now: datetime) -> User:
    """Act in this person's name until `STAY` is over; they are told by e-mail.

    For an owner where the school's rule allows it, and for support that was let in to act. Never for somebody who
    holds more. Raises Forbidden, StepUpRequired, NotAllowedHere, NotBelowYou, AlreadyElsewhere, Invalid, NotVisible.
    """
    actor = request.actor
    if not ACT_AS.allows(actor):
        ACT_AS.require(actor)
    _require_no_place(actor)
    if actor.acting_as != "support":
        ACT_AS.require(actor)
        if not features.value(OWNERS_ACT_AS.key):
            raise NotAllowedHere
    reason = reason.strip()
    if len(reason) < 5:
        raise Invalid(fields={"reason": [_("Say why, so that the person and the school understand it later.")]})
    user = selectors.get_person(actor, user_id)
    if user.pk == actor.user_id or not user.is_active or not outranks(actor, selectors.actor_for(user)):
        raise NotBelowYou
    _take(request, {"mode": "person", "user": str(user.pk), "reason": reason[:500]}, now)
    record(actor=actor, act=acts.ACTING_STARTED, target=user, reason=reason)
    send(
        template="acted_for",
        to=user.email,
        context={
            "name": user.given_name,
            "behind": actor.acting_for or actor.label,
            "support": actor.acting_as == "support",
            "reason": reason[:500],
            "school_name": current().name,
            "at": now,
        },
        cause=f"acted-for:{request.request_id}:{user.pk}",
        language=user.locale,
        user_id=user.pk,
    )
    return user


@transaction.atomic
def stop(request: HttpRequest, *, now: datetime) -> None:
    """Be oneself again. Stopping twice changes nothing."""
    facts = request.session.pop(PLACE, None)
    place: Place | None = getattr(request, "place", None)
    if facts is not None and place is not None:
        record(actor=place.behind, act=acts.ACTING_ENDED, target_label=place.label, data={"mode": facts["mode"]})


def _require_no_place(actor: Actor) -> None:
    if actor.acting_as in ("view", "person"):
        raise AlreadyElsewhere


def _take(request: HttpRequest, facts: dict[str, Any], now: datetime) -> None:
    request.session[PLACE] = {**facts, "until": (now + STAY).isoformat()}


# --- at every request ------------------------------------------------------------------------------------


def seat(request: HttpRequest, *, now: datetime) -> None:
    """Put the other's actor into the request, or end a stay that is over or no longer allowed."""
    facts = request.session.get(PLACE)
    if not facts:
        return
    behind, until = request.actor, parse_datetime(facts["until"])
    other = _other(behind, facts) if until and now < until and not behind.is_anonymous else None
    if other is None or until is None:
        del request.session[PLACE]
        request.place_ended = True
        if not behind.is_anonymous:
            record(actor=behind, act=acts.ACTING_ENDED, reason="time is over, or it is no longer allowed")
        return
    request.place = Place(other.label, until, behind)
    request.actor = other


def _other(behind: Actor, facts: dict[str, Any]) -> Actor | None:
    """The actor of the place, or None when the person behind may not be there (any more)."""
    looking = facts["mode"] == "view"
    if not (VIEW_AS if looking else ACT_AS).allows(behind):
        return None
    if not looking and not may_act_as(behind):
        return None
    other = _of_person(behind, facts["user"]) if "user" in facts else _of_role(facts)
    if other is None or not outranks(behind, other):
        return None
    return replace(
        other,
        surface=behind.surface,
        request_id=behind.request_id,
        address=behind.address,
        session_id=behind.session_id,
        proven_at=None,
        acting_for=behind.acting_for or behind.label,
        acting_for_id=behind.acting_for_id or behind.user_id,
        acting_as="view" if looking else "person",
        support_grant_id=behind.support_grant_id,
        read_only=looking or behind.read_only,
    )


def _of_person(behind: Actor, user_id: str) -> Actor | None:
    try:
        user = selectors.get_person(behind, UUID(user_id))
    except NotVisible:
        return None
    return selectors.actor_for(user) if user.is_active else None


def _of_role(facts: dict[str, Any]) -> Actor | None:
    kind, place_id = facts["scope"]
    scope = Scope(kind, UUID(place_id)) if place_id else SCHOOL
    if "custom" in facts:
        custom = CustomRole.objects.filter(pk=facts["custom"], archived_at=None).first()
        if custom is None:
            return None
        held = Held(Role.CUSTOM, scope, "seen as", custom.gives, custom.name)
        return Actor(label=custom.name, held=(held,))
    role = Role(facts["role"])
    return Actor(label=str(ROLE_NAMES[role]), held=(Held(role, scope, "seen as"),))
