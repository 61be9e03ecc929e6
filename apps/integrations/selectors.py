"""Reading events: always for an actor, always by an index."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core import keyset
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .contract import SERVICES
from .models import EventPlan, InboundAlarm, InboundEvent, SchoolState, WebhookSecret
from .permissions import PLATFORM_INTEGRATIONS, keeping_secrets, viewing

ORDER = ("-id",)
PAGE = 50
BATCH = 2_000


def visible_events(*, actor: Actor, wanted: Mapping[str, Any] | None = None) -> QuerySet[InboundEvent]:
    """The events of the active school, or of the platform, without what they say. `wanted`: the cleaned filters."""
    viewing().require(actor)
    return matching(wanted or {}).defer("body", "conflict_body")


def matching(wanted: Mapping[str, Any]) -> QuerySet[InboundEvent]:
    """For services: the events that the filters (or `references`) name."""
    events = InboundEvent.objects.all()
    if "references" in wanted:
        return _referenced(wanted["references"])
    if words := str(wanted.get("q") or "").strip():
        by_id = Q(event_id=words, service__in=list(SERVICES)) | (Q(account=words) & ~Q(account=""))
        named = Q(about=words.lower()) if "@" in words else by_id
        events = events.filter(named)
    if wanted.get("state") == "conflict":
        unseen = Q(conflict_seen_at=None) | Q(conflict_seen_at__lt=F("conflict_at"))
        events = events.filter(unseen, conflicts__gt=0)
    elif state := wanted.get("state"):
        events = events.filter(state=state)
    for name in ("service", "kind"):
        if value := wanted.get(name):
            events = events.filter(**{name: value})
    if reason := wanted.get("reason"):
        events = events.filter(state=InboundEvent.State.HELD, outcome=reason)
    if since := wanted.get("since"):
        events = events.filter(received_at__gte=_midnight(since))
    if until := wanted.get("until"):
        events = events.filter(received_at__lt=_midnight(until, days=1))
    return events


def _referenced(references: Iterable[str]) -> QuerySet[InboundEvent]:
    named = {number_of(one): one for one in references}
    hashes = dict(InboundEvent.objects.filter(pk__in=named).values_list("pk", "body_hash"))
    fit = [pk for pk, body_hash in hashes.items() if named[pk] == f"{pk}-{body_hash[:12]}"]
    return InboundEvent.objects.filter(pk__in=fit)


def event_page(
    *, actor: Actor, wanted: Mapping[str, Any] | None = None, after: str = "", before: str = "", size: int = PAGE
) -> keyset.Slice:
    return keyset.take(visible_events(actor=actor, wanted=wanted), order=ORDER, size=size, after=after, before=before)


def each_event(*, actor: Actor, wanted: Mapping[str, Any] | None = None) -> Iterator[InboundEvent]:
    """Every matching event, newest first, in batches: memory does not grow with the list."""
    events, after = visible_events(actor=actor, wanted=wanted), ""
    while True:
        batch = keyset.take(events, order=ORDER, size=BATCH, after=after)
        yield from batch.rows
        if not batch.next:
            return
        after = batch.next


def event_by_reference(*, actor: Actor, reference: str) -> InboundEvent:
    """The event that an address names. Raises Forbidden, NotVisible."""
    viewing().require(actor)
    event = InboundEvent.objects.filter(pk=number_of(reference)).first()
    if event is None or event.reference != reference:
        raise NotVisible
    return event


def number_of(reference: str) -> int:
    """The row that a reference names. Raises NotVisible for what is none."""
    number, _dash, _hash = reference.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotVisible
    return int(number)


def story_of(*, actor: Actor, event: InboundEvent) -> list[AuditEvent]:
    """What people decided about it, newest first. Raises Forbidden."""
    viewing().require(actor)
    told = AuditEvent.objects.filter(target_id=str(event.pk), act__startswith="integration.event_")
    return list(told.order_by("-at")[:50])


def open_alarms(*, actor: Actor) -> list[InboundAlarm]:
    viewing().require(actor)
    return list(InboundAlarm.objects.filter(cleared_at=None).order_by("opened_at"))


def secrets_of(*, actor: Actor, now: datetime) -> dict[str, list[WebhookSecret]]:
    """The secrets of each service, the living ones first; what ended long ago is left out. Raises Forbidden."""
    keeping_secrets().require_held(actor)
    rows = WebhookSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now - timedelta(days=30)))
    found: dict[str, list[WebhookSecret]] = {name: [] for name, one in SERVICES.items() if one.has_secrets}
    for row in rows.order_by("-created_at"):
        found.setdefault(row.service, []).append(row)
    return found


def plan_by_id(*, actor: Actor, plan_id: UUID) -> EventPlan:
    viewing().require(actor)
    plan = EventPlan.objects.select_related("undoes").filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible
    return plan


def school_states(*, actor: Actor) -> QuerySet[SchoolState]:
    """How the services of all schools did when they were last looked at. On the platform. Raises Forbidden."""
    PLATFORM_INTEGRATIONS.require(actor)
    return SchoolState.objects.all()


def _midnight(day: date, days: int = 0) -> datetime:
    """The beginning of a day where the school is."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))
