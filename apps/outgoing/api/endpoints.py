"""Endpoints, their secrets, tests, and the deliveries of each."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import envelope, page_of, page_of_list, page_type
from apps.core.api.versions import row

from .. import selectors
from ..catalogue import TYPES
from ..models import WebhookEndpoint
from ..permissions import WEBHOOKS_MANAGE, WEBHOOKS_OPERATE, WEBHOOKS_VIEW
from ..services import endpoints as services
from ..services import replaying, secrets
from .shapes import (
    DeliveryOut,
    DeliveryQuery,
    EndpointChange,
    EndpointInput,
    EndpointOut,
    EndpointSecretOut,
    EventTypeOut,
    HowMany,
    NewEndpoint,
    NewEndpointSecret,
    ReplayInput,
)

TAG = "Webhooks out"
BY_NAME = ("name", "id")
SHOWN = ("id", "name", "url", "kinds", "state", "because", "failing_since", "last_success_at", "created_at")
EXAMPLE = {"name": "Timetable", "url": "https://timetable.example.org/hooks", "events": ["membership.started"]}


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    return {("kinds" if name == "events" else name): value for name, value in body.items()}


class EndpointsView(ApiView):
    tag = TAG

    @operation("list_webhook_endpoints", "Endpoints", query=Paging, answer=page_type(EndpointOut))
    def get(self, call: Call) -> Any:
        """By name, whatever their state."""
        return page_of(selectors.visible_endpoints(actor=call.actor), call.query, BY_NAME)

    @operation(
        "create_webhook_endpoint", "Add an endpoint", body=EndpointInput, answer=NewEndpoint, status=201,
        example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """Enabled at once. The secret is in this answer only."""
        made = services.create_endpoint(actor=call.actor, now=call.now, **{"kinds": [], **_facts(call.body)})
        endpoint = made.row.endpoint
        call.created(reverse("outgoing_api:endpoint", args=[endpoint.pk]))
        return {**{name: getattr(endpoint, name) for name in SHOWN}, "secret": made.secret}


class EndpointView(ApiView):
    tag = TAG

    @operation("get_webhook_endpoint", "One endpoint", answer=EndpointOut, versioned=True)
    def get(self, call: Call, endpoint_id: UUID) -> Any:
        """Without its secrets."""
        return selectors.get_endpoint(actor=call.actor, endpoint_id=endpoint_id)

    @operation("update_webhook_endpoint", "Change an endpoint", body=EndpointChange, answer=EndpointOut, versioned=True)
    def patch(self, call: Call, endpoint_id: UUID) -> Any:
        """Only the fields that are sent change. What waits goes to the new address."""
        shown = partial(selectors.get_endpoint, actor=call.actor, endpoint_id=endpoint_id)
        shown()
        with call.unchanged(shown, row(WebhookEndpoint, endpoint_id)):
            known = shown()
            values = {name: getattr(known, name) for name in ("name", "url", "kinds")} | _facts(call.body)
            services.change_endpoint(actor=call.actor, endpoint_id=endpoint_id, now=call.now, **values)
        return shown()

    @operation("delete_webhook_endpoint", "Delete an endpoint", status=204, thing=EndpointOut, versioned=True)
    def delete(self, call: Call, endpoint_id: UUID) -> None:
        """With its secrets and its log; what still waits is never sent."""
        shown = partial(selectors.get_endpoint, actor=call.actor, endpoint_id=endpoint_id)
        shown()
        with call.unchanged(shown, row(WebhookEndpoint, endpoint_id)):
            services.delete_endpoint(actor=call.actor, endpoint_id=endpoint_id, now=call.now)


class PauseView(ApiView):
    tag = TAG

    @operation("pause_webhook_endpoint", "Send nothing for now", answer=EndpointOut)
    def post(self, call: Call, endpoint_id: UUID) -> Any:
        """What happens meanwhile waits. Twice changes nothing."""
        return services.pause_endpoint(actor=call.actor, endpoint_id=endpoint_id, now=call.now)


class EnablingView(ApiView):
    tag = TAG

    @operation("enable_webhook_endpoint", "Send again", answer=EndpointOut)
    def post(self, call: Call, endpoint_id: UUID) -> Any:
        """What waits is sent first. Twice changes nothing."""
        return services.enable_endpoint(actor=call.actor, endpoint_id=endpoint_id, now=call.now)


class TestView(ApiView):
    tag = TAG

    @operation("test_webhook_endpoint", "Send a test", answer=DeliveryOut, status=202)
    def post(self, call: Call, endpoint_id: UUID) -> Any:
        """A `webhook.test` to this endpoint alone; what became of it stands at the delivery."""
        return services.send_test(actor=call.actor, endpoint_id=endpoint_id, now=call.now)


class SecretsView(ApiView):
    tag = TAG

    @operation("list_webhook_secrets", "Secrets of an endpoint", query=Paging, answer=page_type(EndpointSecretOut))
    def get(self, call: Call, endpoint_id: UUID) -> Any:
        """Valid ones, and those that ended in the last 30 days."""
        endpoint = selectors.get_endpoint(actor=call.actor, endpoint_id=endpoint_id)
        found = selectors.secrets_of(actor=call.actor, endpoint=endpoint, now=call.now)
        return page_of_list(found, call.query, lambda one: (one.created_at.isoformat(), str(one.pk)))

    @operation("rotate_webhook_secret", "Replace the secret", answer=NewEndpointSecret, status=201)
    def post(self, call: Call, endpoint_id: UUID) -> Any:
        """For 24 hours we sign with both. The new one is in this answer only."""
        made = secrets.rotate(actor=call.actor, endpoint_id=endpoint_id, now=call.now)
        call.created(reverse("outgoing_api:secrets", args=[endpoint_id]))
        facts = {name: getattr(made.row, name) for name in ("id", "hint", "created_at", "ends_at")}
        return {**facts, "secret": made.secret}


class SecretView(ApiView):
    tag = TAG

    @operation("end_webhook_secret", "End a secret", status=204, refusals=(409,))
    def delete(self, call: Call, secret_id: UUID) -> None:
        """Nothing is signed with it any more; the last one stays. Twice changes nothing."""
        secrets.end(actor=call.actor, secret_id=secret_id, now=call.now)


class DeliveriesView(ApiView):
    tag = TAG

    @operation(
        "list_webhook_deliveries", "Deliveries of an endpoint", query=DeliveryQuery, answer=page_type(DeliveryOut)
    )
    def get(self, call: Call, endpoint_id: UUID) -> Any:
        """Newest first."""
        selectors.get_endpoint(actor=call.actor, endpoint_id=endpoint_id)
        rows = selectors.visible_deliveries(actor=call.actor, endpoint_id=endpoint_id, wanted=call.query)
        return page_of(rows, call.query, ("-id",))


class ReplayView(ApiView):
    tag = TAG

    @operation("replay_webhooks", "Send again what was given up", body=ReplayInput, answer=HowMany, status=202)
    def post(self, call: Call, endpoint_id: UUID) -> Any:
        """With the same ids: a receiver that keeps the ids it has seen does nothing twice."""
        since = call.body["since"]
        count = replaying.replay_many(actor=call.actor, endpoint_id=endpoint_id, since=since, now=call.now)
        return {"deliveries": count}


class DropView(ApiView):
    tag = TAG

    @operation("drop_waiting_webhooks", "Never send what waits", answer=HowMany)
    def post(self, call: Call, endpoint_id: UUID) -> Any:
        """It stays in the log and can be sent again."""
        return {"deliveries": replaying.drop_waiting(actor=call.actor, endpoint_id=endpoint_id, now=call.now)}


class DeliveryView(ApiView):
    tag = TAG

    @operation("get_webhook_delivery", "One delivery", answer=DeliveryOut)
    def get(self, call: Call, endpoint_id: UUID, webhook_id: str) -> Any:
        """What became of one event at one endpoint; `webhook_id` is the id of the event."""
        return selectors.get_delivery(actor=call.actor, endpoint_id=endpoint_id, event_id=webhook_id)


class AgainView(ApiView):
    tag = TAG

    @operation("replay_webhook_delivery", "Send one again", answer=DeliveryOut, status=202)
    def post(self, call: Call, endpoint_id: UUID, webhook_id: str) -> Any:
        """Now, with the same id, whatever became of it."""
        return replaying.replay(actor=call.actor, endpoint_id=endpoint_id, event_id=webhook_id, now=call.now)


class EventTypesView(ApiView):
    tag = TAG

    @operation("list_webhook_events", "What can be told", answer=page_type(EventTypeOut))
    def get(self, call: Call) -> Any:
        """By name."""
        return envelope([{"type": code, "title": str(TYPES[code].title)} for code in sorted(TYPES)])


endpoints = api_requires(WEBHOOKS_VIEW, post=WEBHOOKS_MANAGE)(EndpointsView)
endpoint = api_requires(WEBHOOKS_VIEW, patch=WEBHOOKS_MANAGE, delete=WEBHOOKS_MANAGE)(EndpointView)
pause = api_requires(WEBHOOKS_OPERATE)(PauseView)
enabling = api_requires(WEBHOOKS_OPERATE)(EnablingView)
test = api_requires(WEBHOOKS_OPERATE)(TestView)
secret_list = api_requires(WEBHOOKS_VIEW, post=WEBHOOKS_MANAGE)(SecretsView)
secret = api_requires(WEBHOOKS_MANAGE)(SecretView)
deliveries = api_requires(WEBHOOKS_VIEW)(DeliveriesView)
replay = api_requires(WEBHOOKS_OPERATE)(ReplayView)
drop = api_requires(WEBHOOKS_OPERATE)(DropView)
delivery = api_requires(WEBHOOKS_VIEW)(DeliveryView)
again = api_requires(WEBHOOKS_OPERATE)(AgainView)
event_types = api_requires(WEBHOOKS_VIEW)(EventTypesView)
