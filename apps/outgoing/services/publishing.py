"""Writing down that something happened, for those who want to know. In the transaction of what happened."""

import uuid
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from apps.audit.models import AuditEvent
from apps.tenants import context
from apps.tenants.jobs import ring_soon

from ..catalogue import BY_ACT, TEST, News
from ..models import Delivery, OutgoingEvent, WebhookEndpoint

PREFIX: Final = "evt_"


def is_wanted(kind: str) -> bool:
    """Whether any endpoint wants to know; most schools have none, so this is the whole price for them."""
    if context.current_schema() == context.PUBLIC:
        return False
    return WebhookEndpoint.objects.filter(Q(kinds=[]) | Q(kinds__contains=[kind])).exists()


def publish(kind: str, content: News, *, happened_at: datetime, person_id: UUID | None = None) -> OutgoingEvent | None:
    """Tell every endpoint that wants this kind; None when there is none.

    Call it inside the transaction of what happened: both are true, or neither. Sending happens later, in a job.
    """
    if kind != TEST and not is_wanted(kind):
        return None
    event = OutgoingEvent.objects.create(
        event_id=new_event_id(), kind=kind, happened_at=happened_at, person_id=person_id,
        data=content.model_dump(mode="json"),
    )  # fmt: skip
    ring()
    return event


def publish_act(*, event: AuditEvent, target: Any) -> None:
    """A receiver of `audit.hooks.recorded`: acts that others may want to know of become events.

    Whatever the act, what triggers of tables have written beside it is sent soon.
    """
    kind = BY_ACT.get(event.act)
    if kind is not None and kind.describe is not None and target is not None and is_wanted(kind.code):
        content = kind.describe(target, event)
        if content is not None:
            publish(kind.code, content, happened_at=event.at, person_id=getattr(content, "person_id", None))
    ring()


def ring() -> None:
    """Send what waits soon; a sweeper finds what nobody rang for."""
    if context.current_schema() != context.PUBLIC and Delivery.objects.filter(state=Delivery.State.WAITING).exists():
        ring_soon("outgoing.deliver")


def new_event_id() -> str:
    return PREFIX + uuid.uuid4().hex
