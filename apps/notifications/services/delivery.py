"""From a row to the outside, with patience. Safe to run twice at once for the same row.

A row is claimed by one UPDATE, handed over outside of any transaction, and moved on by another. A worker that dies in
between gives the row back after CLAIM. Should a mail server have taken the message just before, its id lets it tell.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from ..channels import NotSent, Way
from ..channels.choosing import route, ways
from ..channels.smtp import Smtp
from ..kinds import REGISTRY
from ..models import CommunicationLog, MailRoute, MessageQuerySet
from ..states import State, move
from .rendering import on_platform
from .sending import ring
from .suppression import BY_ADDRESS, Bounce, is_suppressed, suppress

logger = logging.getLogger("campanile.mail")

CLAIM = timedelta(minutes=5)  # a worker that dies with a message gives it back after this
PAUSES = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)  # seconds after the first, second, ... failure
KEPT_UNSENT = timedelta(days=14)  # for how long a message without a personal link can be sent again
SWEEP = 500


def deliver(log_id: UUID, now: datetime) -> str:
    """Try to send one message now; returns its state. Nothing is done when it was sent or is being sent."""
    log = _claimed(log_id, now)
    if log is None:
        return CommunicationLog.objects.filter(pk=log_id).values_list("state", flat=True).first() or State.FAILED
    if is_suppressed(log.to):
        _end(log, State.SUPPRESSED, now, error=BY_ADDRESS)
    else:
        _try(log, now)
    log.refresh_from_db(fields=["state"])
    return log.state


def _claimed(log_id: UUID, now: datetime) -> CommunicationLog | None:
    due = Q(next_attempt_at__lte=now) | Q(next_attempt_at=None)
    rows = CommunicationLog.objects.mail().filter(due, pk=log_id, state=State.QUEUED, daily=False)
    if not rows.update(next_attempt_at=now + CLAIM, attempts=F("attempts") + 1):
        return None
    return CommunicationLog.objects.get(pk=log_id)


def _try(log: CommunicationLog, now: datetime) -> None:
    try:
        way = _handed_over(log, now)
    except NotSent as fault:
        _failed(log, fault, now)
    else:
        _end(log, State.SENT, timezone.now(), error="", channel=way.code)


def _handed_over(log: CommunicationLog, now: datetime) -> Way:
    """The way that took it. One that is closed itself, whatever the message, is passed by. Raises NotSent."""
    chosen = MailRoute() if on_platform() else route()
    closed: NotSent | None = None
    for way in [Smtp()] if on_platform() else ways(chosen):
        try:
            way.send(log)
        except NotSent as fault:
            if not fault.elsewhere:
                raise
            closed = fault
            logger.warning("a way of the mail is closed", extra={"way": way.code, "fault": fault.code})
            MailRoute.objects.update(fault=fault.code, fault_at=now)
            continue
        if chosen.fault and closed is None:
            MailRoute.objects.update(fault="", fault_at=None)
        return way
    raise closed or NotSent("no way")


def sweep(now: datetime) -> int:
    """Ring again for what waits: after a lost bell, a dead worker, or a pause. Returns how many.

    And forget the texts of what was given up long ago.
    """
    waiting = CommunicationLog.objects.filter(state=State.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at")
    due = list(waiting.only("pk")[:SWEEP])
    for log in due:
        ring(log)
    CommunicationLog.objects.filter(kept_until__lt=now).update(text="", html="", kept_until=None)
    return len(due)


def is_waiting(cause: str) -> bool:
    """Whether the message of this cause has still to leave."""
    return CommunicationLog.objects.mail().filter(cause=cause, state=State.QUEUED).exists()


def _failed(log: CommunicationLog, fault: NotSent, now: datetime) -> None:
    facts = {"log_id": str(log.pk), "attempt": log.attempts, "fault": fault.code}
    logger.warning("mail not sent", extra=facts)
    if fault.bounced:
        _end(log, State.BOUNCED, now, error=fault.code)
        suppress([Bounce(log.to, fault.code, log.pk, now)])
    elif fault.final or log.attempts > len(PAUSES):
        _end(log, State.FAILED, now, error=fault.code)
    else:
        pause = max(float(PAUSES[log.attempts - 1]), fault.after)
        _row(log).filter(state=State.QUEUED).update(next_attempt_at=now + timedelta(seconds=pause), error=fault.code)


def _end(log: CommunicationLog, state: State, at: datetime, **values: str) -> None:
    """The text goes: it may hold the secret of a link. What never left and holds none is kept for another try.

    A report may have been quicker than we were: then its state stays, and only our moment is added.
    """
    kind = REGISTRY.get(log.template)
    keep = state in (State.FAILED, State.SUPPRESSED) and kind is not None and not kind.secret
    texts: dict[str, Any] = {"kept_until": at + KEPT_UNSENT} if keep else {"text": "", "html": ""}
    if not move(_row(log), state, at, next_attempt_at=None, **values, **texts) and state == State.SENT:
        _row(log).filter(sent_at=None).update(sent_at=at, channel=values["channel"])


def _row(log: CommunicationLog) -> MessageQuerySet:
    return CommunicationLog.objects.filter(pk=log.pk)
