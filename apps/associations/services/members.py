"""Who belongs to an association: joining, asking, leaving, and what the board decides (ASC-5)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.selectors import find_by_email
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible

from .. import acts, terms
from ..models import Association, Joining, Mandate, Membership, MembershipSource, MembershipState
from ..permissions import ASSOCIATIONS_VIEW, MEMBERS_MANAGE
from ..selectors import today_at
from . import telling
from .common import IsFrozen, OnlyYourself, WrongState, locked, note

State = MembershipState


class JoiningClosed(DomainError):
    code = "joining-closed"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This association adds its members itself. Write to its board."))


class HoldsOffice(DomainError):
    code = "holds-office"

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Whoever holds an office stays a member. Let the mandate be ended first, then try again.")
        )


@transaction.atomic
def join(*, actor: Actor, association_id: UUID, now: datetime, words: str = "") -> Membership:
    """Become a member, or ask the board, as the association has it. Safe to repeat."""
    ASSOCIATIONS_VIEW.require(actor)
    if actor.user_id is None or actor.acting_for:
        raise OnlyYourself
    association = _open(actor, association_id, now)
    known = _known(association, actor.user_id)
    if known and known.state in (State.MEMBER, State.PENDING):
        return known
    if association.joining == Joining.CLOSED:
        raise JoiningClosed
    free = association.joining == Joining.FREE
    membership = known or Membership(association=association, user_id=actor.user_id)
    membership.state = State.MEMBER if free else State.PENDING
    membership.source = MembershipSource.JOINED if free else MembershipSource.ASKED
    membership.words, membership.asked_at = words.strip()[:500], now
    membership.joined_at, membership.ended_at = now if free else None, None
    membership.decided_by, membership.decided_by_id = "", None
    membership.save()
    _note(actor, acts.JOINED if free else acts.ASKED_TO_JOIN, membership, now)
    if not free:
        telling.join_asked(membership, now)
    return membership


@transaction.atomic
def leave(*, actor: Actor, association_id: UUID, now: datetime) -> Membership:
    """Leave, or take a request back. Safe to repeat. Raises HoldsOffice."""
    association = locked(actor, association_id, now)
    membership = _known(association, actor.user_id) if actor.user_id and not actor.acting_for else None
    if membership is None:
        raise NotVisible
    if membership.state in (State.MEMBER, State.PENDING):
        _end(membership, State.LEFT, actor, now)
        _note(actor, acts.LEFT, membership, now)
    return membership


@transaction.atomic
def admit(*, actor: Actor, membership_id: UUID, now: datetime) -> Membership:
    """The board says yes. Safe to repeat."""
    membership = _locked(actor, membership_id, now)
    if membership.state == State.MEMBER:
        return membership
    _require_pending(membership)
    membership.state, membership.joined_at = State.MEMBER, now
    _decided(membership, actor, now)
    _note(actor, acts.ADMITTED, membership, now)
    telling.join_decided(membership, now)
    return membership


@transaction.atomic
def refuse(*, actor: Actor, membership_id: UUID, now: datetime) -> Membership:
    """The board says no; the person may ask again. Safe to repeat."""
    membership = _locked(actor, membership_id, now)
    if membership.state == State.REFUSED:
        return membership
    _require_pending(membership)
    membership.state, membership.ended_at = State.REFUSED, now
    _decided(membership, actor, now)
    _note(actor, acts.NOT_ADMITTED, membership, now)
    telling.join_decided(membership, now)
    return membership


@transaction.atomic
def add_member(*, actor: Actor, association_id: UUID, email: str, now: datetime) -> Membership:
    """The board adds somebody of the school. Safe to repeat. Raises Invalid."""
    association = _open(actor, association_id, now)
    MEMBERS_MANAGE.require(actor, association)
    user = find_by_email(email)
    if user is None or user.status != User.Status.ACTIVE:
        raise Invalid(fields={"email": [_("Nobody active in this school has this address.")]})
    known = _known(association, user.pk)
    if known and known.state == State.MEMBER:
        return known
    membership = known or Membership(association=association, user=user, asked_at=now)
    membership.state, membership.source = State.MEMBER, MembershipSource.ADDED
    membership.joined_at, membership.ended_at = now, None
    _decided(membership, actor, now)
    _note(actor, acts.MEMBER_ADDED, membership, now)
    telling.join_decided(membership, now)
    return membership


@transaction.atomic
def remove(*, actor: Actor, membership_id: UUID, now: datetime, reason: str = "") -> Membership:
    """The board ends a membership. Safe to repeat. Raises HoldsOffice."""
    membership = _locked(actor, membership_id, now)
    if membership.state == State.MEMBER:
        _end(membership, State.LEFT, actor, now)
        _note(actor, acts.MEMBER_REMOVED, membership, now, reason=reason)
    return membership


def _end(membership: Membership, state: str, actor: Actor, now: datetime) -> None:
    today = today_at(membership.association, now)
    offices = Mandate.objects.filter(office__association=membership.association, user_id=membership.user_id)
    if offices.filter(ends_on__gt=today).exists():
        raise HoldsOffice
    membership.state, membership.ended_at = state, now
    _decided(membership, actor, now)


def _decided(membership: Membership, actor: Actor, now: datetime) -> None:
    membership.decided_by_id, membership.decided_by = actor.user_id, actor.label[:200]
    membership.save()


def _require_pending(membership: Membership) -> None:
    if membership.state != State.PENDING:
        raise WrongState(_("This request was decided or taken back already."))


def _open(actor: Actor, association_id: UUID, now: datetime) -> Association:
    """An association that takes people in. Raises NotVisible, IsFrozen, WrongState."""
    association = locked(actor, association_id, now)
    if association.is_frozen:
        raise IsFrozen
    if not terms.is_open(association.status, association.opens_on, today_at(association, now)):
        raise WrongState(_("This association takes nobody in: it is not active."))
    return association


def _known(association: Association, user_id: UUID) -> Membership | None:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "association__seat")
    return rows.filter(association=association, user_id=user_id).first()


def _locked(actor: Actor, membership_id: UUID, now: datetime) -> Membership:
    """Raises NotVisible, Forbidden, IsFrozen."""
    key = Membership.objects.filter(pk=membership_id).values_list("association_id", flat=True).first()
    if key is None:
        raise NotVisible
    association = locked(actor, key, now)
    MEMBERS_MANAGE.require(actor, association)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "association__seat")
    return rows.get(pk=membership_id)


def _note(actor: Actor, act: str, membership: Membership, now: datetime, reason: str = "") -> None:
    label = f"{membership.user.name} · {membership.association.name}"
    note(actor, act, membership, now, label=label, reason=reason)
