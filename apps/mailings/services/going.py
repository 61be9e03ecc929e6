"""From a draft to its way: at once or at a moment, by the school's approval where it asks for it, back, and stopped."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import Invalid
from apps.notifications.services import withhold

from .. import acts, selectors
from ..models import Announcement, Recipient, State
from ..permissions import MAILINGS_CONTROL, MAILINGS_SEND
from . import limits, sending, telling
from .common import WrongState, locked, note, of_board, reason_of, require_open, require_state

FURTHEST = timedelta(days=366)
ON_ITS_WAY = (State.APPROVAL, State.SCHEDULED)


class NobodyThere(WrongState):
    code = "announcement-without-recipients"


@transaction.atomic
def submit(*, actor: Actor, announcement_id: UUID, now: datetime, leaves_at: datetime | None = None) -> Announcement:
    """Let it leave: now, or at a moment. Where the school wants to see it first, it waits for the school.

    The limits hold for the day it leaves. Safe to repeat.
    Raises NotOpen, IsBlocked, LimitReached, NobodyThere, Invalid.
    """
    announcement = of_board(actor, announcement_id, now)
    if announcement.state in (*ON_ITS_WAY, State.SENDING, State.SENT):
        return announcement
    require_state(announcement, State.DRAFT)
    association = announcement.association
    require_open(association, now)
    limits.require_unblocked(association, now)
    at = _moment(leaves_at, now)
    limits.require_allowed(association, at, without=announcement.pk)
    if not selectors.audience_of(announcement, now).exists():
        raise NobodyThere(_("Nobody would get it. Choose other recipients."))
    why = limits.approval_reason(announcement, now)
    announcement.leaves_at, announcement.changed_at = at, now
    announcement.returned_because = ""
    announcement.state = State.APPROVAL if why else State.SCHEDULED
    announcement.save()
    if why:
        note(actor, acts.SUBMITTED, announcement, now, reason=why)
        telling.waits(announcement, actor)
    else:
        note(actor, acts.SCHEDULED, announcement, now, data={"leaves_at": at.isoformat()})
        _ring_if_due(announcement, now)
    return announcement


@transaction.atomic
def take_back(*, actor: Actor, announcement_id: UUID, now: datetime) -> Announcement:
    """What has not begun is a draft again, and uses nothing of the limits. Safe to repeat."""
    announcement = of_board(actor, announcement_id, now)
    if announcement.state == State.DRAFT:
        return announcement
    require_state(announcement, *ON_ITS_WAY)
    announcement.state, announcement.leaves_at, announcement.changed_at = State.DRAFT, None, now
    announcement.save()
    note(actor, acts.TAKEN_BACK, announcement, now)
    return announcement


@transaction.atomic
def approve(*, actor: Actor, announcement_id: UUID, now: datetime) -> Announcement:
    """The school lets it go: at its moment, or now when that is over. Safe to repeat."""
    announcement = _of_school(actor, announcement_id, now)
    if announcement.state in (State.SCHEDULED, State.SENDING, State.SENT):
        return announcement
    require_state(announcement, State.APPROVAL)
    assert announcement.leaves_at is not None
    if announcement.leaves_at < now:
        limits.require_allowed(announcement.association, now, without=announcement.pk)
        announcement.leaves_at = now
    announcement.state = State.SCHEDULED
    announcement.decided_by_id, announcement.decided_by = actor.user_id, actor.label[:200]
    announcement.save()
    note(actor, acts.APPROVED, announcement, now)
    telling.decided(announcement, "approved", actor, now)
    _ring_if_due(announcement, now)
    return announcement


@transaction.atomic
def give_back(*, actor: Actor, announcement_id: UUID, reason: str, now: datetime) -> Announcement:
    """The school does not let it go like this; the board reads why and may change it. Safe to repeat."""
    announcement = _of_school(actor, announcement_id, now)
    words = reason_of(reason)
    if announcement.state == State.DRAFT and announcement.returned_because:
        return announcement
    require_state(announcement, State.APPROVAL)
    announcement.state, announcement.leaves_at, announcement.changed_at = State.DRAFT, None, now
    announcement.returned_because = words
    announcement.decided_by_id, announcement.decided_by = actor.user_id, actor.label[:200]
    announcement.save()
    note(actor, acts.RETURNED, announcement, now, reason=words)
    telling.decided(announcement, "returned", actor, now, words)
    return announcement


@transaction.atomic
def stop(*, actor: Actor, announcement_id: UUID, now: datetime, reason: str = "") -> Announcement:
    """Nobody else gets it, and mail of it that has not left yet does not leave. Safe to repeat.

    By the board, or by the school with a reason that the board reads.
    """
    announcement = locked(actor, announcement_id, now)
    is_sender = MAILINGS_SEND.allows(actor, announcement)
    if not is_sender:
        MAILINGS_CONTROL.require(actor, announcement)
    if announcement.state == State.STOPPED:
        return announcement
    require_state(announcement, State.APPROVAL, State.SCHEDULED, State.SENDING, State.SENT)
    words = reason.strip()[:500] if is_sender else reason_of(reason)
    mails = Recipient.objects.filter(announcement=announcement, mail__state="queued").values_list("mail", flat=True)
    held = list(mails)
    if announcement.state == State.SENT and not held:
        raise WrongState(_("All of it has left already. Nothing can be stopped any more."))
    withhold(held, reason=Recipient.Reason.STOPPED.value, now=now)
    sending.mark_stopped(announcement, actor=actor, reason=words, now=now)
    if not is_sender:
        telling.decided(announcement, "stopped", actor, now, words)
    return announcement


def _of_school(actor: Actor, announcement_id: UUID, now: datetime) -> Announcement:
    announcement = locked(actor, announcement_id, now)
    MAILINGS_CONTROL.require(actor, announcement)
    return announcement


def _moment(leaves_at: datetime | None, now: datetime) -> datetime:
    if leaves_at is None:
        return now
    if leaves_at < now - timedelta(minutes=5):
        raise Invalid(fields={"leaves_at": [_("Choose a moment that is still to come.")]})
    if leaves_at > now + FURTHEST:
        raise Invalid(fields={"leaves_at": [_("Choose a moment within a year.")]})
    return max(leaves_at, now)


def _ring_if_due(announcement: Announcement, now: datetime) -> None:
    if announcement.is_due(now):
        sending.ring(announcement)
