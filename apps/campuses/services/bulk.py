"""One decision about many memberships. Each goes through the service of a single one, and may be refused alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid

from ..models import CampusMembership, Pin
from ..permissions import MEMBERSHIPS_MANAGE
from .memberships import end_membership, pin_membership, restore_membership, suspend_membership

MOST = 1_000


@dataclass(slots=True)
class Outcome:
    """How many were decided, and who was not, with the sentence why."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def _pin(pin: str) -> Callable[..., CampusMembership]:
    def decide(*, actor: Actor, membership_id: UUID, now: datetime) -> CampusMembership:
        return pin_membership(actor=actor, membership_id=membership_id, pin=pin, now=now)

    return decide


ACTS: Final[dict[str, Callable[..., CampusMembership]]] = {
    "suspend": suspend_membership,
    "restore": restore_membership,
    "end": end_membership,
    "keep": _pin(Pin.KEEP),
    "never": _pin(Pin.NEVER),
    "unpin": _pin(Pin.NONE),
}


def decide_many(*, actor: Actor, membership_ids: Iterable[UUID], act: str, now: datetime) -> Outcome:
    """Suspend, restore, end or pin these memberships, each on its own. Safe to repeat.

    Raises Forbidden, Invalid (an unknown act, nobody chosen, more than MOST at once).
    """
    MEMBERSHIPS_MANAGE.require(actor)
    decide = ACTS.get(act)
    ids = list(dict.fromkeys(membership_ids))
    if decide is None:
        raise Invalid(_("Choose what to do with the selected people."))
    if not ids:
        raise Invalid(_("Select at least one person."))
    if len(ids) > MOST:
        raise Invalid(_("At most %(most)d people can be changed at once. Narrow the list down.") % {"most": MOST})
    outcome = Outcome()
    for membership_id in ids:
        try:
            with transaction.atomic():
                decide(actor=actor, membership_id=membership_id, now=now)
            outcome.done += 1
        except DomainError as refused:
            outcome.refused.append((_name(membership_id), str(refused)))
    return outcome


def _name(membership_id: UUID) -> str:
    found = CampusMembership.objects.select_related("user").filter(pk=membership_id).first()
    return found.user.name if found else "?"
