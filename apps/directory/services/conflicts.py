"""Conflicts that only a human being can decide: which account an address belongs to (DIR-4)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import merging
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from ..models import ConflictDecision
from ..permissions import DIRECTORY_MANAGE
from ..selectors import Conflict, linked_organisation, open_conflicts
from .acts import CONFLICT_DECIDED, CONFLICT_REOPENED

Choice = ConflictDecision.Choice

#: What can be decided about a conflict of each kind.
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "local-account": (Choice.SAME, Choice.ADDRESS, Choice.LEAVE),
    "other-identity": (Choice.SAME, Choice.ADDRESS, Choice.LEAVE),
    "address-taken": (Choice.ADDRESS, Choice.LEAVE),
    "shared-address": (Choice.KEEPS, Choice.LEAVE),
}


@transaction.atomic
def decide_conflict(*, actor: Actor, object_id: str, choice: str, now: datetime, email: str = "") -> ConflictDecision:
    """Decide about the open conflict of a Microsoft account; the next run follows. Safe to repeat.

    same      both are one person: the Microsoft account belongs to the account here
    address   they are two: the person here gets the address `email` instead
    keeps     of several Microsoft accounts with one address this one has it
    leave     nothing is done, and nobody is asked again

    The first two change who can sign in as somebody, so they ask for a fresh proof of identity.

    Raises Forbidden, StepUpRequired, NotYours, NotVisible, Invalid.
    """
    DIRECTORY_MANAGE.require(actor)
    conflict = next((one for one in open_conflicts(actor=actor) if one.object_id == object_id), None)
    if conflict is None:
        known = ConflictDecision.objects.filter(object_id=object_id, choice=choice).order_by("-decided_at").first()
        if known is None:
            raise NotVisible
        return known
    if choice not in CHOICES[conflict.reason]:
        raise Invalid(fields={"choice": [_("Choose what to do.")]})
    if choice in (Choice.SAME, Choice.ADDRESS):
        _settle(actor, conflict, choice, email, now)
    if choice == Choice.KEEPS:  # there can be one
        ConflictDecision.objects.filter(email=conflict.email, choice=Choice.KEEPS).delete()
    decision, _new = ConflictDecision.objects.update_or_create(
        object_id=object_id, email=conflict.email,
        defaults={
            "choice": choice, "name": conflict.name, "reason": conflict.reason, "decided_at": now,
            "decided_by": actor.label[:200],
        },
    )  # fmt: skip
    record(
        actor=actor, act=CONFLICT_DECIDED, target=decision, target_label=f"{conflict.name} · {conflict.email}",
        data={"conflict": conflict.reason, "choice": choice, "object_id": object_id}, at=now,
    )  # fmt: skip
    return decision


@transaction.atomic
def reopen_conflict(*, actor: Actor, decision_id: UUID, now: datetime) -> None:
    """Take a decision back that only stands in our books (keeps, leave); the next run asks again. Safe to repeat."""
    DIRECTORY_MANAGE.require(actor)
    decision = ConflictDecision.objects.select_for_update().filter(pk=decision_id).first()
    if decision is None:
        return
    record(
        actor=actor, act=CONFLICT_REOPENED, target=decision, target_label=f"{decision.name} · {decision.email}", at=now
    )
    decision.delete()


def _settle(actor: Actor, conflict: Conflict, choice: str, email: str, now: datetime) -> None:
    holder = User.objects.filter(email__iexact=conflict.email).first()
    if holder is None:  # the address has become free meanwhile
        return
    if choice == Choice.ADDRESS:
        merging.give_another_address(actor=actor, user_id=holder.pk, email=email, now=now)
        return
    merging.join_identity(
        actor=actor, user_id=holder.pk, tenant_id=linked_organisation(), object_id=conflict.object_id,
        upn=conflict.upn, now=now,
    )  # fmt: skip
