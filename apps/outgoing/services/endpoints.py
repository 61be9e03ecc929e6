"""To whom webhooks are sent: made, changed, paused, enabled, tested, deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.integrations import http

from .. import acts
from ..catalogue import TEST, TYPES, Nothing
from ..models import Delivery, OutgoingEvent, WebhookEndpoint
from ..permissions import WEBHOOKS_MANAGE, WEBHOOKS_OPERATE
from ..wording import address_text
from . import publishing, secrets
from .secrets import Made

MOST: Final = 20
LONGEST_NAME: Final = 100
State = WebhookEndpoint.State


class TooMany(DomainError):
    code = "too-many-endpoints"

    def __init__(self) -> None:
        text = gettext_lazy("A school has at most %(most)d endpoints. Delete one that is no longer used.")
        super().__init__(text % {"most": MOST})


@transaction.atomic
def create_endpoint(*, actor: Actor, name: str, url: str, kinds: Sequence[str], now: datetime) -> Made:
    """A new endpoint, enabled, with its first secret. No kinds: all that there are, also later ones.

    Raises Forbidden, StepUpRequired, Invalid (name, url, kinds), TooMany.
    """
    WEBHOOKS_MANAGE.require(actor)
    facts = checked(name=name, url=url, kinds=kinds)
    if WebhookEndpoint.objects.count() >= MOST:
        raise TooMany
    endpoint = WebhookEndpoint(created_by=actor.label[:200], **facts)
    endpoint.save(force_insert=True)
    made = secrets.make(endpoint, actor)
    data = {"host": endpoint.host, "events": facts["kinds"]}
    record(actor=actor, act=acts.ENDPOINT_CREATED, target=endpoint, data=data, at=now)
    return made


@transaction.atomic
def change_endpoint(
    *, actor: Actor, endpoint_id: UUID, name: str, url: str, kinds: Sequence[str], now: datetime
) -> WebhookEndpoint:
    """Another name, address or choice of events. What waits goes to the new address.

    Raises Forbidden, StepUpRequired, NotVisible, Invalid (name, url, kinds).
    """
    WEBHOOKS_MANAGE.require(actor)
    endpoint = locked(endpoint_id)
    facts = checked(name=name, url=url, kinds=kinds)
    before = {name: getattr(endpoint, name) for name in facts}
    if before == facts:
        return endpoint
    for field, value in facts.items():
        setattr(endpoint, field, value)
    if before["url"] != facts["url"]:  # what was said of the old address says nothing of the new one
        endpoint.failing_since, endpoint.held_until, endpoint.faults_in_row = None, None, 0
    endpoint.save()
    changes: dict[str, Any] = {
        field: [before[field], facts[field]] for field in ("name", "kinds") if before[field] != facts[field]
    }
    if before["url"] != facts["url"]:
        changes["host"] = [WebhookEndpoint(url=before["url"]).host, endpoint.host]
    record(actor=actor, act=acts.ENDPOINT_CHANGED, target=endpoint, changes=changes, at=now)
    publishing.ring()
    return endpoint


@transaction.atomic
def pause_endpoint(*, actor: Actor, endpoint_id: UUID, now: datetime) -> WebhookEndpoint:
    """Send nothing until it is enabled; what happens meanwhile waits. Safe to repeat. Raises Forbidden, NotVisible."""
    WEBHOOKS_OPERATE.require(actor)
    endpoint = locked(endpoint_id)
    if endpoint.state == State.ENABLED:
        endpoint.state = State.PAUSED
        endpoint.save(update_fields=["state"])
        record(actor=actor, act=acts.ENDPOINT_PAUSED, target=endpoint, at=now)
    return endpoint


@transaction.atomic
def enable_endpoint(*, actor: Actor, endpoint_id: UUID, now: datetime) -> WebhookEndpoint:
    """What waited is sent first; its failures are counted anew. Safe to repeat. Raises Forbidden, NotVisible."""
    WEBHOOKS_OPERATE.require(actor)
    endpoint = locked(endpoint_id)
    if endpoint.is_enabled:
        return endpoint
    before = {"state": endpoint.state, "because": endpoint.because}
    endpoint.state, endpoint.because = State.ENABLED, WebhookEndpoint.Because.NONE
    endpoint.failing_since, endpoint.held_until, endpoint.faults_in_row = None, None, 0
    endpoint.save()
    record(
        actor=actor, act=acts.ENDPOINT_ENABLED, target=endpoint, changes={"state": [before["state"], endpoint.state]},
        data={"because": before["because"]}, at=now,
    )  # fmt: skip
    publishing.ring()
    return endpoint


@transaction.atomic
def delete_endpoint(*, actor: Actor, endpoint_id: UUID, now: datetime) -> None:
    """With its secrets, its log and what still waits for it. Once gone, NotVisible. Raises Forbidden."""
    WEBHOOKS_MANAGE.require_held(actor)  # ending what leaves the house must not wait for a proof
    endpoint = locked(endpoint_id)
    waiting = endpoint.deliveries.filter(state=Delivery.State.WAITING).count()
    data = {"host": endpoint.host, "waiting": waiting}
    record(actor=actor, act=acts.ENDPOINT_DELETED, target=endpoint, data=data, at=now)
    Delivery.objects.filter(endpoint=endpoint).delete()
    endpoint.delete()
    OutgoingEvent.objects.filter(deliveries=None).delete()


@transaction.atomic
def send_test(*, actor: Actor, endpoint_id: UUID, now: datetime) -> Delivery:
    """A `webhook.test` to this endpoint alone, whatever it listens to. Raises Forbidden, NotVisible, NotEnabled."""
    WEBHOOKS_OPERATE.require(actor)
    endpoint = locked(endpoint_id)
    if not endpoint.is_enabled:
        raise NotEnabled
    event = publishing.publish(TEST, Nothing(), happened_at=now)
    assert event is not None  # a test is published whoever listens
    delivery = Delivery.objects.create(event=event, endpoint=endpoint, due_at=now)
    if endpoint.held_until is not None:  # somebody waits for this one
        endpoint.held_until = None
        endpoint.save(update_fields=["held_until"])
    record(actor=actor, act=acts.ENDPOINT_TESTED, target=endpoint, data={"event": event.event_id}, at=now)
    publishing.ring()
    return delivery


class NotEnabled(DomainError):
    code = "endpoint-not-enabled"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Nothing is sent to this endpoint at the moment. Enable it first."))


def checked(*, name: str, url: str, kinds: Sequence[str]) -> dict[str, Any]:
    """The fields as they are kept. Raises Invalid with every fault."""
    faults: dict[str, list[Any]] = {}
    name, url = name.strip(), url.strip()
    if not name or len(name) > LONGEST_NAME:
        faults["name"] = [_("Give it a name of at most %(most)d characters.") % {"most": LONGEST_NAME}]
    try:
        http.require_target(url)
    except http.AddressRefused as refused:
        faults["url"] = [address_text(refused.reason)]
    wanted = sorted(set(kinds))
    if unknown := [kind for kind in wanted if kind not in TYPES]:
        faults["kinds"] = [_("There is no event called “%(name)s”.") % {"name": unknown[0][:60]}]
    if faults:
        raise Invalid(fields=faults)
    return {"name": name, "url": url, "kinds": wanted}


def locked(endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotVisible
    return endpoint
