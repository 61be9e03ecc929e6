"""A message becomes a row in the transaction of what caused it; a job delivers it after the commit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.tenants.jobs import enqueue, enqueue_platform

from .. import kinds
from ..kinds import Kind
from ..models import Channel, CommunicationLog, Preference
from . import preferences
from .rendering import Letter, on_platform, write

BY_PREFERENCE = "preference"
LONGEST_CAUSE = 200
State, Medium, Timing = CommunicationLog.State, Preference.Medium, Preference.Timing


@transaction.atomic
def send(
    *,
    template: str,
    to: str,
    context: Mapping[str, Any],
    cause: str,
    language: str = "",
    user_id: UUID | None = None,
    link: str = "",
) -> CommunicationLog:
    """Send `templates/emails/<template>.{subject.txt,txt,html}` once per cause; the same cause again sends nothing.

    `template` is a declared kind (apps.notifications.kinds): it says whether the message also stands under the bell of
    `user_id`, where it leads to `link` (a path, never with a secret), and whether the person may have switched it off.
    Without a language: the school's. Returns the mail, which may be suppressed or wait for the daily summary.
    """
    kind, cause = kinds.known(template), cause[:LONGEST_CAUSE]
    known = CommunicationLog.objects.mail().filter(cause=cause).first()
    if known is not None:
        return known
    wanted = preferences.wanted(user_id, kind.category)
    letter = write(template, context, language)
    facts = {"template": template, "user_id": user_id, "language": letter.language, "subject": letter.subject}
    facts["link"] = link if link.startswith("/") and not link.startswith("//") else ""
    if kind.in_app and user_id is not None and wanted[Medium.IN_APP] != Timing.OFF:
        _put_under_the_bell(cause, facts)
    log, created = CommunicationLog.objects.mail().get_or_create(
        cause=cause, defaults={**facts, "to": to, **_going(kind, letter, wanted[Medium.EMAIL])}
    )
    if created and log.next_attempt_at is not None:
        ring(log)
    return log


def _put_under_the_bell(cause: str, facts: Mapping[str, Any]) -> None:
    now = timezone.now()
    values = {**facts, "channel": Channel.IN_APP, "state": State.DELIVERED, "unread": True}
    CommunicationLog.objects.bulk_create(
        [CommunicationLog(cause=cause, sent_at=now, delivered_at=now, **values)], ignore_conflicts=True
    )


def _going(kind: Kind, letter: Letter, timing: str) -> dict[str, Any]:
    """How the mail starts: on its way, waiting for the summary, or not at all."""
    now = timezone.now()
    if timing == Timing.OFF:
        return {"state": State.SUPPRESSED, "error": BY_PREFERENCE, "suppressed_at": now}
    if timing == Timing.DAILY:
        return {"daily": True}
    return {"text": letter.text, "html": letter.html, "next_attempt_at": now}


def ring(log: CommunicationLog) -> None:
    """Tell a worker that there is mail; the row is what counts, a sweeper rings again."""
    if on_platform():
        enqueue_platform("notifications.deliver_platform", log_id=str(log.pk))
    else:
        enqueue("notifications.deliver", log_id=str(log.pk))
