"""An announcement leaves: person by person, each in a transaction of their own, so that a kill repeats nothing.

The row of a recipient is the claim. It is written with the list of recipients, in the transaction that begins to send;
one transaction takes the row, writes the message of this person (apps.notifications sends one cause once) and marks it.
The announcement is locked meanwhile, so a stop that was answered stops: nobody is handed anything after it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actor import Actor
from apps.notifications.models import Preference
from apps.notifications.services.preferences import wanted
from apps.notifications.services.suppression import is_suppressed
from apps.tenants.jobs import enqueue

from .. import acts, selectors
from ..messages import ANNOUNCEMENT
from ..models import Announcement, Recipient, State
from . import limits, telling
from .common import is_open, note
from .unsubscribing import is_unsubscribed

logger = logging.getLogger("campanile.mailings")

SENDER: Final = Actor.system("announcements")
DEAD: Final = timedelta(minutes=2)  # a worker that has not been heard of for so long is gone
TOUCH: Final = timedelta(seconds=15)
Reason = Recipient.Reason


def ring(announcement: Announcement) -> None:
    enqueue("mailings.send", announcement_id=str(announcement.pk))


def sweep(now: datetime) -> int:
    """Ring for what is due, and for what a dead worker left; how many. Safe to run at any time."""
    due = Announcement.objects.filter(state=State.SCHEDULED, leaves_at__lte=now)
    left = Announcement.objects.filter(state=State.SENDING, worked_at__lt=now - DEAD)
    found = [*due, *left]
    for announcement in found:
        ring(announcement)
    return len(found)


def work_on(*, announcement_id: UUID, clock: Callable[[], datetime] = timezone.now) -> int:
    """Send what is left of one announcement; how many people were done. Two workers share the rows."""
    if not _begin(announcement_id, clock()):
        return 0
    count = 0
    while _hand_next(announcement_id, clock()):
        count += 1
    _finish(announcement_id, clock())
    return count


@transaction.atomic
def _begin(announcement_id: UUID, now: datetime) -> bool:
    """Take the recipients of this moment. Whether there is something to do."""
    announcement = _locked(announcement_id)
    if announcement is None:
        return False
    if announcement.state == State.SENDING:
        Announcement.objects.filter(pk=announcement.pk).update(worked_at=now)
        return True
    if not announcement.is_due(now) or _is_kept_back(announcement, now):
        return False
    announcement.state, announcement.started_at, announcement.worked_at = State.SENDING, now, now
    announcement.save(update_fields=["state", "started_at", "worked_at"])
    people = selectors.audience_of(announcement, now).order_by("pk").values_list("pk", flat=True)
    rows = [Recipient(announcement=announcement, user_id=key) for key in people]
    Recipient.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    note(SENDER, acts.BEGUN, announcement, now, data={"recipients": len(rows)})
    return True


def _is_kept_back(announcement: Announcement, now: datetime) -> bool:
    """The school does not let it go: then it is stopped, and says why."""
    block = selectors.current_block(announcement.association, now)
    if block is None and is_open(announcement.association, now):
        return False
    why = block.reason if block else _("The association is not active or is frozen.")
    mark_stopped(announcement, actor=SENDER, reason=why, now=now)
    return True


def mark_stopped(announcement: Announcement, *, actor: Actor, reason: str, now: datetime) -> None:
    """For who holds the lock: nobody else is handed anything. Who waited is skipped."""
    announcement.state, announcement.finished_at = State.STOPPED, now
    announcement.stopped_by_id, announcement.stopped_by = actor.user_id, actor.label[:200]
    announcement.stopped_because = reason[:500]
    announcement.save()
    waiting = Recipient.objects.filter(announcement=announcement, state=Recipient.State.WAITING)
    skipped = waiting.update(state=Recipient.State.SKIPPED, reason=Reason.STOPPED, at=now)
    note(actor, acts.STOPPED, announcement, now, reason=reason, data={"skipped": skipped})


@transaction.atomic
def _hand_next(announcement_id: UUID, now: datetime) -> bool:
    """One person is done. False: nobody waits, or it was stopped."""
    announcement = _locked(announcement_id)
    if announcement is None or announcement.state != State.SENDING or _is_frozen_now(announcement, now):
        return False
    waiting = Recipient.objects.filter(announcement=announcement, state=Recipient.State.WAITING).order_by("id")
    recipient = waiting.select_for_update(skip_locked=True).first()
    if recipient is None:
        return False
    if announcement.worked_at is None or announcement.worked_at < now - TOUCH:
        Announcement.objects.filter(pk=announcement.pk).update(worked_at=now)
    try:
        with transaction.atomic():
            _hand(announcement, recipient, now)
    except DatabaseError:
        raise  # nothing of it happened; the sweeper comes back
    except Exception:  # one person's message must not keep all others waiting
        logger.exception("announcement not handed over", extra={"recipient": recipient.pk})
        _mark(recipient, Recipient.State.FAILED, now, Reason.FAULT)
    return True


def _is_frozen_now(announcement: Announcement, now: datetime) -> bool:
    if not announcement.association.is_frozen:
        return False
    why = _("The association was frozen by the school.")
    mark_stopped(announcement, actor=SENDER, reason=why, now=now)
    return True


def _hand(announcement: Announcement, recipient: Recipient, now: datetime) -> None:
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=recipient.user_id)
    if refusal := _refusal(announcement, user, now):
        _mark(recipient, Recipient.State.SKIPPED, now, refusal)
        return
    mail_refusal = _mail_refusal(announcement, user) if announcement.by_mail else ""
    if announcement.by_mail and not mail_refusal:
        recipient.mail = telling.announce_by_mail(announcement, user)
    notice_refusal = ""
    if announcement.in_app:
        recipient.notice = telling.announce_in_app(announcement, user)
        notice_refusal = "" if recipient.notice else Reason.PREFERENCE
    reason = mail_refusal or notice_refusal
    reached = recipient.mail or recipient.notice
    _mark(recipient, Recipient.State.HANDED if reached else Recipient.State.SKIPPED, now, reason)


def _refusal(announcement: Announcement, user: User, now: datetime) -> str:
    """Why this person gets nothing at all."""
    if user.status != User.Status.ACTIVE:
        return Reason.LEFT
    if not selectors.audience_of(announcement, now).filter(pk=user.pk).exists():
        return Reason.NOT_AUDIENCE
    return Reason.LIMIT if limits.had_enough(user.pk, now) else ""


def _mail_refusal(announcement: Announcement, user: User) -> str:
    """Why they get no mail."""
    if is_unsubscribed(announcement.association_id, user.pk):
        return Reason.UNSUBSCRIBED
    if wanted(user.pk, ANNOUNCEMENT.category)[Preference.Medium.EMAIL] == Preference.Timing.OFF:
        return Reason.PREFERENCE
    return Reason.ADDRESS if is_suppressed(user.email) else ""


def _mark(recipient: Recipient, state: str, now: datetime, reason: str) -> None:
    recipient.state, recipient.reason, recipient.at = state, reason, now
    recipient.save()


@transaction.atomic
def _finish(announcement_id: UUID, now: datetime) -> None:
    announcement = _locked(announcement_id)
    if announcement is None or announcement.state != State.SENDING:
        return
    rows = Recipient.objects.filter(announcement=announcement)
    if rows.filter(state=Recipient.State.WAITING).exists():
        return  # another worker is at the last of them
    announcement.state, announcement.finished_at = State.SENT, now
    announcement.save(update_fields=["state", "finished_at"])
    counts = {state: rows.filter(state=state).count() for state in ("handed", "skipped", "failed")}
    note(SENDER, acts.SENT, announcement, now, data=counts)


def _locked(announcement_id: UUID) -> Announcement | None:
    rows = Announcement.objects.select_related("association__seat", "office").select_for_update(of=("self",))
    return rows.filter(pk=announcement_id).first()
