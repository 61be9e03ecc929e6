"""What a person does with what stands under their bell."""

from datetime import datetime
from uuid import UUID

from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.core.permissions import require_oneself

from ..models import CommunicationLog


def open_notice(*, actor: Actor, notice_id: UUID, now: datetime) -> CommunicationLog:
    """One of one's own was read; where it leads stands in its link. Safe to repeat. Raises NotVisible."""
    require_oneself(actor)
    notice = CommunicationLog.objects.notices(actor.user_id).filter(pk=notice_id).first()
    if notice is None:
        raise NotVisible
    CommunicationLog.objects.filter(pk=notice.pk, unread=True).update(unread=False, read_at=now)
    return notice


def read_all(*, actor: Actor, now: datetime) -> int:
    """All of one's own are read; how many were not."""
    require_oneself(actor)
    unread = CommunicationLog.objects.notices(actor.user_id).filter(unread=True)
    return unread.update(unread=False, read_at=now)
