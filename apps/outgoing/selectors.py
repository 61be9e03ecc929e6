"""Reading endpoints and deliveries: always for an actor, always by an index."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from apps.core import keyset
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .models import Attempt, Delivery, EndpointAlarm, EndpointSecret, WebhookEndpoint
from .permissions import WEBHOOKS_VIEW

ORDER: Final = ("-id",)
PAGE: Final = 50
BATCH: Final = 2_000
State = Delivery.State


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one endpoint: what waits, since when, what was given up; deliveries of the last day, how many went well."""

    waiting: int = 0
    oldest: datetime | None = None
    given_up: int = 0
    of_day: int = 0
    well_of_day: int = 0


def visible_endpoints(*, actor: Actor) -> QuerySet[WebhookEndpoint]:
    WEBHOOKS_VIEW.require(actor)
    return WebhookEndpoint.objects.all()


def get_endpoint(*, actor: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises Forbidden, NotVisible."""
    endpoint = visible_endpoints(actor=actor).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotVisible
    return endpoint


def figures_of(endpoint_ids: list[UUID], now: datetime) -> dict[UUID, Figures]:
    """The figures of these endpoints, in one query."""
    day = Q(finished_at__gte=now - timedelta(days=1))
    rows = (
        Delivery.objects.filter(endpoint__in=endpoint_ids)
        .values("endpoint_id")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            oldest=Min("event__happened_at", filter=Q(state=State.WAITING)),
            given_up=Count("pk", filter=Q(state=State.FAILED)),
            of_day=Count("pk", filter=day),
            well_of_day=Count("pk", filter=day & Q(state=State.DELIVERED)),
        )
        .order_by()
    )
    names = ("waiting", "oldest", "given_up", "of_day", "well_of_day")
    return {row["endpoint_id"]: Figures(*(row[name] for name in names)) for row in rows.values("endpoint_id", *names)}


def secrets_of(*, actor: Actor, endpoint: WebhookEndpoint, now: datetime) -> list[EndpointSecret]:
    """The living ones, and those that ended in the last 30 days. Without what they say. Raises Forbidden."""
    WEBHOOKS_VIEW.require(actor)
    return list(endpoint.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now - timedelta(days=30))).defer("secret"))


def visible_deliveries(
    *, actor: Actor, endpoint_id: UUID | None = None, wanted: Mapping[str, Any] | None = None
) -> QuerySet[Delivery]:
    """What was, or is to be, told. `wanted`: state, kind, event (its id), since and until (days)."""
    WEBHOOKS_VIEW.require(actor)
    rows = Delivery.objects.select_related("event", "endpoint").defer("event__data")
    if endpoint_id is not None:
        rows = rows.filter(endpoint_id=endpoint_id)
    for name, column in (("state", "state"), ("kind", "event__kind"), ("event", "event__event_id")):
        if value := (wanted or {}).get(name):
            rows = rows.filter(**{column: value})
    if words := str((wanted or {}).get("q") or "").strip():
        rows = rows.filter(event__event_id=words)
    return rows


def delivery_page(
    *, actor: Actor, endpoint_id: UUID, wanted: Mapping[str, Any], after: str = "", before: str = ""
) -> keyset.Slice:
    rows = visible_deliveries(actor=actor, endpoint_id=endpoint_id, wanted=wanted)
    return keyset.take(rows, order=ORDER, size=PAGE, after=after, before=before)


def each_delivery(*, actor: Actor, endpoint_id: UUID, wanted: Mapping[str, Any]) -> Iterator[Delivery]:
    """Every matching delivery, newest first, in batches."""
    rows, after = visible_deliveries(actor=actor, endpoint_id=endpoint_id, wanted=wanted), ""
    while True:
        batch = keyset.take(rows, order=ORDER, size=BATCH, after=after)
        yield from batch.rows
        if not batch.next:
            return
        after = batch.next


def get_delivery(*, actor: Actor, endpoint_id: UUID, event_id: str) -> Delivery:
    """What was told of one event to one endpoint. Raises Forbidden, NotVisible."""
    rows = visible_deliveries(actor=actor, endpoint_id=endpoint_id)
    delivery = rows.filter(event__event_id=event_id).first()
    if delivery is None:
        raise NotVisible
    return delivery


def tries_of(*, actor: Actor, delivery: Delivery) -> list[Attempt]:
    """The last attempts, newest first. Raises Forbidden."""
    WEBHOOKS_VIEW.require(actor)
    return list(delivery.tries.order_by("-id")[:50])


def open_alarms(*, actor: Actor) -> list[EndpointAlarm]:
    WEBHOOKS_VIEW.require(actor)
    return list(EndpointAlarm.objects.select_related("endpoint").filter(cleared_at=None).order_by("opened_at"))
