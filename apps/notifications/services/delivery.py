"""From a row to the mail server, with patience. Safe to run twice at once for the same row."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import timezone

from ..models import CommunicationLog
from .sending import ring

logger = logging.getLogger("campanile.mail")

CLAIM = timedelta(minutes=5)  # a worker that dies with a message gives it back after this
PAUSES = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)  # seconds after the first, second, ... failure
SWEEP = 500
State = CommunicationLog.State


def deliver(log_id: UUID, now: datetime) -> str:
    """Try to send one message now; returns its state. Nothing is done when it was sent or is being sent."""
    claimed = CommunicationLog.objects.filter(
        Q(next_attempt_at__lte=now) | Q(next_attempt_at=None), pk=log_id, state=State.QUEUED
    ).update(next_attempt_at=now + CLAIM, attempts=F("attempts") + 1)
    log = CommunicationLog.objects.filter(pk=log_id).first()
    if not claimed or log is None:
        return log.state if log else State.FAILED
    try:
        message_of(log).send()
    except (smtplib.SMTPException, OSError) as fault:
        _failed(log, fault, now)
    else:
        _finish(log, State.SENT, sent_at=timezone.now(), error="")
    return log.state


def message_of(log: CommunicationLog) -> EmailMultiAlternatives:
    """The message, with an id of its row: should it ever leave twice, mail servers can tell."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=log.subject,
        body=log.text,
        to=[log.to],
        headers={"Message-ID": f"<{log.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(log.html, "text/html")
    return message


def sweep(now: datetime) -> int:
    """Ring again for what waits: after a lost bell, a dead worker, or a pause. Returns how many."""
    waiting = CommunicationLog.objects.filter(state=State.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at")
    due = list(waiting.only("pk")[:SWEEP])
    for log in due:
        ring(log)
    return len(due)


def is_waiting(cause: str) -> bool:
    """Whether the message of this cause has still to leave."""
    return CommunicationLog.objects.filter(cause=cause, state=State.QUEUED).exists()


def _failed(log: CommunicationLog, fault: Exception, now: datetime) -> None:
    error = _wording(fault)
    logger.warning("mail not sent", extra={"log_id": str(log.pk), "attempt": log.attempts, "fault": error})
    if _is_final(fault) or log.attempts > len(PAUSES):
        _finish(log, State.FAILED, error=error)
        return
    log.next_attempt_at = now + timedelta(seconds=PAUSES[log.attempts - 1])
    log.error = error
    log.save(update_fields=["next_attempt_at", "error"])


def _finish(log: CommunicationLog, state: str, *, error: str, sent_at: datetime | None = None) -> None:
    """The text goes: it may hold the secret of a link, which must not stay readable."""
    log.state, log.error, log.sent_at = state, error, sent_at
    log.text = log.html = ""
    log.next_attempt_at = None
    log.save(update_fields=["state", "error", "sent_at", "text", "html", "next_attempt_at"])


def _is_final(fault: Exception) -> bool:
    """The mail server says that it will never accept this."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and 500 <= fault.smtp_code < 600


def _wording(fault: Exception) -> str:
    """The kind and code of a fault; a server's text may repeat the message."""
    code = getattr(fault, "smtp_code", "") or getattr(fault, "errno", "") or ""
    return f"{type(fault).__name__} {code}".strip()
