"""The school keeps an association from sending for a time; what is leaving stops at once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.associations.models import Association
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from .. import acts, selectors
from ..models import Announcement, Block, State
from ..permissions import MAILINGS_CONTROL
from . import going, telling
from .common import locked_association, reason_of

LONGEST = timedelta(days=366)


@transaction.atomic
def block(*, actor: Actor, association_id: UUID, until: datetime, reason: str, now: datetime) -> Block:
    """Nothing leaves until then, or until it is lifted. A block that holds is changed to this one."""
    association = _locked(actor, association_id, now)
    words = reason_of(reason)
    if not now < until <= now + LONGEST:
        raise Invalid(fields={"until": [_("Choose a moment that is to come, within a year.")]})
    current = selectors.current_block(association, now)
    if current and (current.until, current.reason) == (until, words):
        return current
    Block.objects.filter(association=association, lifted_at=None).update(lifted_at=now)
    made = Block.objects.create(
        association=association, reason=words, from_at=now, until=until, blocked_by_id=actor.user_id,
        blocked_by=actor.label[:200],
    )  # fmt: skip
    record(actor=actor, act=acts.BLOCKED, target=association, reason=words, data={"until": until.isoformat()}, at=now)
    telling.blocked(association, actor, now, until, words)
    for one in Announcement.objects.filter(association=association, state=State.SENDING):
        going.stop(actor=actor, announcement_id=one.pk, reason=words, now=now)
    return made


@transaction.atomic
def unblock(*, actor: Actor, association_id: UUID, now: datetime) -> None:
    """It may send again. Safe to repeat."""
    association = _locked(actor, association_id, now)
    current = selectors.current_block(association, now)
    if current is None:
        return
    current.lifted_at = now
    current.save(update_fields=["lifted_at"])
    record(actor=actor, act=acts.UNBLOCKED, target=association, at=now)


def _locked(actor: Actor, association_id: UUID, now: datetime) -> Association:
    association = locked_association(actor, association_id, now)
    MAILINGS_CONTROL.require(actor, association)
    if association.is_request:
        raise NotVisible
    return association
