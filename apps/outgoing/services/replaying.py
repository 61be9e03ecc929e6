"""Deliveries sent again, or dropped, by people."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible

from .. import acts
from ..models import Delivery, WebhookEndpoint
from ..permissions import WEBHOOKS_OPERATE, WEBHOOKS_VIEW
from . import endpoints, publishing

State = Delivery.State
MOST: Final = 20_000  # deliveries of one act on many


class TooManyAtOnce(DomainError):
    code = "too-many-deliveries"

    def __init__(self) -> None:
        super().__init__(_("More than %(most)d at once: choose a shorter period.") % {"most": MOST})


@transaction.atomic
def replay(*, actor: Actor, endpoint_id: UUID, event_id: str, now: datetime) -> Delivery:
    """Send it again now, with the same id, whatever became of it. One that waits for its next attempt does not wait.

    Safe to repeat: what is due already stays as it is. Raises Forbidden, NotVisible, NotEnabled.
    """
    WEBHOOKS_OPERATE.require(actor)
    endpoint = endpoints.locked(endpoint_id)  # before the delivery, as the job that sends does
    delivery = _locked(endpoint, event_id)
    if not endpoint.is_enabled:
        raise endpoints.NotEnabled
    if delivery.state == State.WAITING and (delivery.attempts == 0 or (delivery.due_at and delivery.due_at <= now)):
        return delivery
    before = delivery.state
    _put_back(delivery, now)
    delivery.save()
    if endpoint.held_until is not None:  # somebody wants to see it go
        endpoint.held_until = None
        endpoint.save(update_fields=["held_until"])
    record(
        actor=actor, act=acts.DELIVERY_REPLAYED, target=endpoint,
        data={"event": delivery.event.event_id, "type": delivery.event.kind, "was": before}, at=now,
    )  # fmt: skip
    publishing.ring()
    return delivery


def given_up(*, actor: Actor, endpoint_id: UUID, since: datetime) -> QuerySet[Delivery]:
    """What `replay_many` would send again: the preview. Raises Forbidden."""
    WEBHOOKS_VIEW.require(actor)
    return Delivery.objects.filter(
        endpoint_id=endpoint_id, state__in=[State.FAILED, State.DROPPED], event__happened_at__gte=since
    )


@transaction.atomic
def replay_many(*, actor: Actor, endpoint_id: UUID, since: datetime, now: datetime) -> int:
    """Send again all that was given up or dropped and happened since then, oldest first; how many.

    Safe to repeat: what waits already is left. Raises Forbidden, NotVisible, NotEnabled, TooManyAtOnce.
    """
    WEBHOOKS_OPERATE.require(actor)
    endpoint = endpoints.locked(endpoint_id)
    if not endpoint.is_enabled:
        raise endpoints.NotEnabled
    rows = given_up(actor=actor, endpoint_id=endpoint_id, since=since)
    if rows.count() > MOST:
        raise TooManyAtOnce
    count = rows.update(
        state=State.WAITING, due_at=now, attempts=0, finished_at=None, status=None, fault="", replays=F("replays") + 1
    )  # fmt: skip
    if count:
        data: dict[str, Any] = {"deliveries": count, "since": since}
        record(actor=actor, act=acts.DELIVERIES_REPLAYED, target=endpoint, data=data, at=now)
        publishing.ring()
    return count


@transaction.atomic
def drop_waiting(*, actor: Actor, endpoint_id: UUID, now: datetime) -> int:
    """Never send what waits for this endpoint; how many. They stay in the log and can be sent again one day.

    Raises Forbidden, NotVisible.
    """
    WEBHOOKS_OPERATE.require(actor)
    endpoint = endpoints.locked(endpoint_id)
    waiting = Delivery.objects.filter(endpoint=endpoint, state=State.WAITING)
    count = waiting.update(state=State.DROPPED, due_at=None, finished_at=now)
    if count:
        record(actor=actor, act=acts.DELIVERIES_DROPPED, target=endpoint, data={"deliveries": count}, at=now)
    return count


@transaction.atomic
def read_content(*, actor: Actor, endpoint_id: UUID, event_id: str, now: datetime) -> dict[str, Any]:
    """What it says, for people: it may speak of people, so looking is written down. Raises Forbidden, NotVisible."""
    WEBHOOKS_VIEW.require(actor)
    rows = Delivery.objects.select_related("event", "endpoint").filter(endpoint_id=endpoint_id)
    delivery = rows.filter(event__event_id=event_id).first()
    if delivery is None:
        raise NotVisible
    data = {"event": delivery.event.event_id}
    record(actor=actor, act=acts.DELIVERY_READ, target=delivery.endpoint, data=data, at=now)
    return dict(delivery.event.data)


def _put_back(delivery: Delivery, now: datetime) -> None:
    """Due now. What was over begins anew; what still waited only does not wait any longer."""
    if delivery.state != State.WAITING:
        delivery.state, delivery.attempts, delivery.finished_at = State.WAITING, 0, None
        delivery.replays += 1
    delivery.due_at, delivery.status, delivery.fault = now, None, ""


def _locked(endpoint: WebhookEndpoint, event_id: str) -> Delivery:
    rows = endpoint.deliveries.select_related("event").select_for_update(of=("self",))
    delivery = rows.filter(event__event_id=event_id).first()
    if delivery is None:
        raise NotVisible
    return delivery
