"""Reading the audit trail: always for an actor, always by an index."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from auditlog.models import LogEntry
from django.db.models import QuerySet
from django.utils import timezone

from apps.core import keyset
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .models import AuditEvent
from .permissions import AUDIT_VIEW
from .text import folded

ORDER = ("-at", "-id")
PAGE = 50
BATCH = 2_000


def visible_events(*, actor: Actor, wanted: Mapping[str, Any] | None = None) -> QuerySet[AuditEvent]:
    """What the actor may see of the trail, narrowed to `wanted` (the cleaned values of the filter form)."""
    AUDIT_VIEW.require(actor)
    wanted = wanted or {}
    events = AuditEvent.objects.all()
    for word in folded(wanted.get("q") or "").split()[:8]:
        events = events.filter(search__contains=word)
    for name in ("act", "surface", "request_id"):
        if value := wanted.get(name):
            events = events.filter(**{name: value})
    if person := wanted.get("actor"):
        events = events.filter(actor_id=person)
    if target := wanted.get("target"):
        events = events.filter(target_id=str(target))
    if since := wanted.get("since"):
        events = events.filter(at__gte=_midnight(since))
    if until := wanted.get("until"):
        events = events.filter(at__lt=_midnight(until + timedelta(days=1)))
    return events


def event_page(
    *, actor: Actor, wanted: Mapping[str, Any] | None = None, after: str = "", before: str = "", size: int = PAGE
) -> keyset.Slice:
    return keyset.take(visible_events(actor=actor, wanted=wanted), order=ORDER, size=size, after=after, before=before)


def each_event(*, actor: Actor, wanted: Mapping[str, Any] | None = None) -> Iterator[AuditEvent]:
    """Every matching event, newest first, in batches: memory does not grow with the trail."""
    events, after = visible_events(actor=actor, wanted=wanted), ""
    while True:
        batch = keyset.take(events, order=ORDER, size=BATCH, after=after)
        yield from batch.rows
        if not batch.next:
            return
        after = batch.next


def event_by_id(*, actor: Actor, event_id: UUID) -> AuditEvent:
    event = visible_events(actor=actor).filter(pk=event_id).first()
    if event is None:
        raise NotVisible
    return event


def row_changes_of(*, actor: Actor, event: AuditEvent) -> list[LogEntry]:
    """What django-auditlog noted in the same request, in the order of writing."""
    AUDIT_VIEW.require(actor)
    if not event.request_id:
        return []
    entries = LogEntry.objects.filter(cid=event.request_id).select_related("content_type")
    return list(entries.order_by("timestamp", "id")[:100])


def same_request(*, actor: Actor, event: AuditEvent) -> list[AuditEvent]:
    """The other acts of the same request or job."""
    if not event.request_id:
        return []
    events = visible_events(actor=actor, wanted={"request_id": event.request_id})
    return list(events.exclude(pk=event.pk).order_by(*ORDER)[:50])


def _midnight(day: Any) -> datetime:
    """The beginning of a day where the school is."""
    return timezone.make_aware(datetime.combine(day, time.min))
