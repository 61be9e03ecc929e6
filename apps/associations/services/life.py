"""An association after its approval: its page, freezing, sleep and end (ASC-10)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import Forbidden, Invalid
from apps.core.registry import Hook
from apps.core.ui import Step

from .. import acts
from ..models import Association, Mandate, Membership, MembershipState, Status
from ..permissions import ASSOCIATIONS_DECIDE, EDIT
from ..selectors import today_at
from . import telling
from .common import IsFrozen, WrongState, locked, note
from .requests import FIELDS, fill

LIVING = (Status.APPROVED, Status.DORMANT)
#: Decided by the school: where an association is, and who oversees it.
OF_THE_SCHOOL = ("seat_id",)
#: (association, now) -> list[Step]: what other apps ask for before an association ends (money, events).
dissolution_checks = Hook("dissolution_checks")


class NotReady(WrongState):
    code = "association-not-ready"


@transaction.atomic
def edit_association(*, actor: Actor, association_id: UUID, now: datetime, **fields: Any) -> Association:
    """Change the given fields. Legal details that change are read by the school at the next renewal."""
    association = _living(actor, association_id, now)
    EDIT.require(actor, association)
    before = {name: getattr(association, name) for name in FIELDS}
    fill(association, fields)
    changes = {n: [before[n], getattr(association, n)] for n in FIELDS if before[n] != getattr(association, n)}
    if set(changes) & set(OF_THE_SCHOOL) and not ASSOCIATIONS_DECIDE.allows(actor, association):
        raise Forbidden(ASSOCIATIONS_DECIDE.code, _("The school decides where an association has its seat."))
    if changes:
        association.save(update_fields=list(changes))
        note(actor, acts.CHANGED, association, now, changes=changes)
    return association


@transaction.atomic
def freeze(*, actor: Actor, association_id: UUID, reason: str, now: datetime) -> Association:
    """The board may look and do nothing else, until the school lifts it. Safe to repeat."""
    association = _living(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.is_frozen:
        return association
    association.frozen_at, association.frozen_reason = now, _reason(reason)
    association.save(update_fields=["frozen_at", "frozen_reason"])
    note(actor, acts.FROZEN, association, now, reason=reason)
    telling.frozen(association, now)
    return association


@transaction.atomic
def unfreeze(*, actor: Actor, association_id: UUID, now: datetime, reason: str = "") -> Association:
    """The board acts again. Safe to repeat."""
    association = _living(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.is_frozen:
        association.frozen_at, association.frozen_reason = None, ""
        association.save(update_fields=["frozen_at", "frozen_reason"])
        note(actor, acts.UNFROZEN, association, now, reason=reason)
    return association


@transaction.atomic
def make_dormant(*, actor: Actor, association_id: UUID, reason: str, now: datetime) -> Association:
    """It rests: not listed, takes nobody in, its board may only look. Safe to repeat."""
    association = _living(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.status != Status.DORMANT:
        words = _reason(reason)
        association.status = Status.DORMANT
        association.save(update_fields=["status"])
        note(actor, acts.DORMANT, association, now, reason=words)
    return association


@transaction.atomic
def wake(*, actor: Actor, association_id: UUID, now: datetime) -> Association:
    """Active again. Safe to repeat."""
    association = _living(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.status == Status.DORMANT:
        association.status = Status.APPROVED
        association.save(update_fields=["status"])
        note(actor, acts.WOKEN, association, now)
    return association


def checklist(association: Association, now: datetime) -> list[Step]:
    """What has to be done before an association can end."""
    mandates = Mandate.objects.filter(office__association=association, ends_on__gt=today_at(association, now))
    pending = Membership.objects.filter(association=association, state=MembershipState.PENDING)
    steps = [
        Step(_("Members were told"), association.farewell_at is not None),
        Step(_("No request to join is open"), not pending.exists()),
        Step(_("No mandate runs any more"), not mandates.exists()),
        Step(_("It is not frozen: nothing is being examined"), not association.is_frozen),
    ]
    return steps + [step for found in dissolution_checks.send(association=association, now=now) for step in found]


@transaction.atomic
def send_farewell(*, actor: Actor, association_id: UUID, now: datetime) -> int:
    """Tell every member that it ends; each is told once. How many members there are."""
    association = _living(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    told = telling.farewell(association)
    if association.farewell_at is None:
        association.farewell_at = now
        association.save(update_fields=["farewell_at"])
        note(actor, acts.FAREWELL, association, now, data={"members": told})
    return told


@transaction.atomic
def dissolve(*, actor: Actor, association_id: UUID, reason: str, now: datetime) -> Association:
    """The end: memberships end, the history stays. Raises NotReady with what is missing. Safe to repeat."""
    association = locked(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.status == Status.DISSOLVED:
        return association
    _require_living(association)
    words = _reason(reason)
    if missing := [str(step.title) for step in checklist(association, now) if not step.done]:
        raise NotReady(_("Not done yet: %(steps)s.") % {"steps": "; ".join(missing)})
    rows = Membership.objects.filter(association=association, state=MembershipState.MEMBER)
    ended = rows.update(state=MembershipState.LEFT, ended_at=now)
    association.status, association.dissolved_at = Status.DISSOLVED, now
    association.save(update_fields=["status", "dissolved_at"])
    note(actor, acts.DISSOLVED, association, now, reason=words, data={"members": ended})
    return association


def _living(actor: Actor, association_id: UUID, now: datetime) -> Association:
    association = locked(actor, association_id, now)
    _require_living(association)
    return association


def _require_living(association: Association) -> None:
    if association.status not in LIVING:
        raise WrongState(_("This is only possible with an approved association."))


def _reason(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid(fields={"reason": [_("Say why: the board reads it.")]})
    return words[:500]


__all__ = [
    "IsFrozen", "NotReady", "checklist", "dissolution_checks", "dissolve", "edit_association", "freeze",
    "make_dormant", "send_farewell", "unfreeze", "wake",
]  # fmt: skip
