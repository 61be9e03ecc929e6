"""What the services share: the row under a lock, refusals, the audit line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Forbidden, NotVisible

from ..models import Association, RequestEvent
from ..selectors import visible_associations


class WrongState(DomainError):
    code = "association-wrong-state"


class IsFrozen(DomainError):
    code = "association-frozen"

    def __init__(self) -> None:
        super().__init__(_("This association is frozen by the school. Ask the school what has to be done first."))


class OnlyYourself(Forbidden):
    """What a person must say by themselves."""

    code = "only-oneself"

    def __init__(self) -> None:
        super().__init__("associations.view", _("Only the person themselves can do this."))


def locked(actor: Actor, association_id: UUID, now: datetime) -> Association:
    """The association, locked. Raises NotVisible for one that the actor may not see."""
    visible = visible_associations(actor=actor, now=now).filter(pk=association_id).exists()
    row = Association.objects.select_related("seat").select_for_update(of=("self",)).filter(pk=association_id).first()
    if row is None or not visible:
        raise NotVisible
    return row


def tell(association: Association, step: str, actor: Actor, now: datetime, text: str = "") -> RequestEvent:
    """A line in the conversation about a request."""
    return RequestEvent.objects.create(
        association=association, step=step, text=text, actor_id=actor.user_id, actor=actor.label[:200], at=now
    )


def note(actor: Actor, act: str, target: Any, now: datetime, **facts: Any) -> None:
    """The line of the audit trail. `label`: what it is about, for things whose name says little."""
    record(actor=actor, act=act, target=target, target_label=facts.pop("label", ""), at=now, **facts)
