"""Once more by hand: what was given up, and what was held back for an address that works again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible

from .. import acts
from ..models import CommunicationLog
from ..permissions import to_manage
from ..states import State, move
from .sending import BY_PREFERENCE, ring
from .suppression import masked


class CannotSendAgain(DomainError):
    code = "cannot-send-again"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This message cannot be sent again: it left, or it held a personal link that was forgotten. "
                "Start what caused it once more."
            )
        )


def can_send_again(log: CommunicationLog) -> bool:
    """It never left, its text is still there, and it was not the person's own wish."""
    given_up = log.state in (State.FAILED, State.SUPPRESSED) and log.error != BY_PREFERENCE
    return given_up and bool(log.html)


@transaction.atomic
def send_again(*, actor: Actor, log_id: UUID, now: datetime) -> CommunicationLog:
    """A message that was given up starts anew, with all its attempts. Raises Forbidden, NotVisible, CannotSendAgain."""
    to_manage().require(actor)
    log = CommunicationLog.objects.mail().select_for_update().filter(pk=log_id).first()
    if log is None:
        raise NotVisible
    if not can_send_again(log):
        raise CannotSendAgain
    before = log.state
    row = CommunicationLog.objects.filter(pk=log.pk)
    move(row, State.QUEUED, now, attempts=0, next_attempt_at=now, kept_until=None, error="")
    log.refresh_from_db()
    record(
        actor=actor,
        act=acts.MESSAGE_SENT_AGAIN,
        target=log,
        target_label=f"{log.template} → {masked(log.to)}",
        changes={"state": [before, log.state]},
        at=now,
    )
    ring(log)
    return log
