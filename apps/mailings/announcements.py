"""What is told to others about announcements (apps.outgoing)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.associations.announcements import AssociationNamed
from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from . import acts
from .models import Announcement


class AnnouncementNews(News):
    """An announcement that was sent: figures, and nobody's name."""

    id: UUID = Field(examples=["0192f0c1-c0cc-7e10-b1f2-0c2d3e4f5a6b"])
    association: AssociationNamed
    title: str = Field(examples=["Projection de jeudi"])
    audience: str = Field(examples=["members"], description="members, board, office or pending")
    channels: str = Field(examples=["both"], description="both, mail or in-app")
    started_at: datetime | None = Field(examples=["2026-11-30T09:00:00Z"])
    handed: int = Field(examples=[42], description="People it was handed over to.")
    skipped: int = Field(examples=[3])
    failed: int = Field(examples=[0])


def _sent(target: Announcement, event: AuditEvent) -> AnnouncementNews:
    named, counts = target.association, event.data or {}
    return AnnouncementNews(
        id=target.pk, association=AssociationNamed(id=named.pk, slug=named.slug, name=named.name), title=target.title,
        audience=target.audience, channels=target.channels, started_at=target.started_at,
        handed=counts.get("handed", 0), skipped=counts.get("skipped", 0), failed=counts.get("failed", 0),
    )  # fmt: skip


event_type(
    "announcement.sent", _("Announcement of an association sent"), AnnouncementNews, act=acts.SENT, describe=_sent
)
