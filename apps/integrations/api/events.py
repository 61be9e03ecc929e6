"""What services sent: read, replay, discard, empty; one event, or many as a decision. On both hosts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import URLPattern, path, reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_of_list, page_type
from apps.core.permissions import Permission

from .. import selectors
from ..services import deciding, plans, rehearsing, secrets
from .shapes import (
    EventContentOut,
    EventDecisionInput,
    EventDecisionLine,
    EventDecisionOut,
    EventPreviewOut,
    EventQuery,
    InboundEventOut,
    NewSecret,
    SecretInput,
    SecretOut,
)

TAG = "Integrations"
#: act -> operation, what it is called, what it does, the service
ACTS: dict[str, tuple[str, str, str, Callable[..., Any]]] = {
    "replay": (
        "replay_event", "Replay an event",
        "It is put back and applied in a moment; what has happened does not happen twice. Twice changes nothing.",
        deciding.replay_event,
    ),
    "discard": (
        "discard_event", "Discard an event", "It is never applied. Twice changes nothing.", deciding.discard_event
    ),
    "restoration": (
        "restore_event", "Take a discarded event back", "It is again as it was. Twice changes nothing.",
        deciding.restore_event,
    ),
    "expunging": (
        "expunge_event", "Delete the content of an event",
        "For good; its hash and its history stay. Twice changes nothing.", deciding.expunge_event,
    ),
    "contradiction": (
        "settle_event", "Note that a contradiction was looked at", "The alarm is over until the next.",
        deciding.settle_conflict,
    ),
}  # fmt: skip
#: act -> operation, what it is called, what it does, how the desk calls it
DECISIONS = {
    "confirmation": ("confirm_event_decision", "Confirm a decision", "It is carried out.", "approve"),
    "refusal": ("refuse_event_decision", "Throw a decision away", "Nothing was changed.", "refuse"),
    "cancellation": ("cancel_event_decision", "Stop a decision", "Before its next step.", "cancel"),
    "undo": (
        "undo_event_decision", "Take a decision back",
        "Only of discarding. Answers the decision that will do it, held until it is confirmed.", "request_undo",
    ),
}  # fmt: skip


class EventsView(ApiView):
    tag = TAG

    @operation("list_events", "Events", query=EventQuery, answer=page_type(InboundEventOut))
    def get(self, call: Call) -> Any:
        """What services sent, the latest first."""
        return page_of(selectors.visible_events(actor=call.actor, wanted=call.query), call.query, selectors.ORDER)


class EventView(ApiView):
    tag = TAG

    @operation("get_event", "One event", answer=InboundEventOut, versioned=True)
    def get(self, call: Call, reference: str) -> Any:
        """And what became of it."""
        return selectors.event_by_reference(actor=call.actor, reference=reference)


class ContentView(ApiView):
    tag = TAG

    @operation("get_event_content", "What an event said", answer=EventContentOut)
    def get(self, call: Call, reference: str) -> Any:
        """And what contradicted it. Looking is in the audit trail."""
        event = selectors.event_by_reference(actor=call.actor, reference=reference)
        return deciding.read_content(actor=call.actor, event_id=event.pk, now=call.now)


class PreviewView(ApiView):
    tag = TAG

    @operation("preview_event", "What a replay would do", answer=EventPreviewOut)
    def get(self, call: Call, reference: str) -> Any:
        """Found out by doing it in a transaction that is rolled back: nothing of it stays."""
        event = selectors.event_by_reference(actor=call.actor, reference=reference)
        return rehearsing.rehearse_event(actor=call.actor, event_id=event.pk, now=call.now)


def act(name: str) -> type[ApiView]:
    """The view of one act on one event."""
    code, summary, text, service = ACTS[name]

    def post(self: Any, call: Call, reference: str) -> Any:
        event = selectors.event_by_reference(actor=call.actor, reference=reference)
        return service(actor=call.actor, event_id=event.pk, now=call.now)

    post.__doc__ = text
    members = {"tag": TAG, "post": operation(code, summary, answer=InboundEventOut)(post)}
    return type(f"{name.title()}EventView", (ApiView,), members)


class DecisionsView(ApiView):
    tag = TAG

    @operation(
        "request_event_decision", "Decide about many events", body=EventDecisionInput, answer=EventDecisionOut,
        status=202, example={"act": "replay", "matching": {"service": "payment-service", "state": "dead"}},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """They are listed, and replays rehearsed; nothing happens before you confirm. One that waited makes room."""
        sent = call.body
        wanted = {"references": sent["events"]} if "events" in sent else dict(sent["matching"])
        plan = plans.request_plan(actor=call.actor, kind=sent["act"], wanted=wanted, now=call.now)
        call.created(reverse("integrations_api:decision", args=[plan.pk]))
        return plan


class DecisionView(ApiView):
    tag = TAG

    @operation("get_event_decision", "One decision", answer=EventDecisionOut, versioned=True)
    def get(self, call: Call, plan_id: UUID) -> Any:
        """With `If-None-Match` it is cheap to follow."""
        return selectors.plan_by_id(actor=call.actor, plan_id=plan_id)


class LinesView(ApiView):
    tag = TAG

    @operation("list_event_decision_events", "Events of a decision", query=Paging, answer=page_type(EventDecisionLine))
    def get(self, call: Call, plan_id: UUID) -> Any:
        """In the order in which they came."""
        return page_of(selectors.plan_by_id(actor=call.actor, plan_id=plan_id).changes.all(), call.query, ("id",))


def decision(name: str) -> type[ApiView]:
    """The view of one act on such a decision."""
    code, summary, text, of_desk = DECISIONS[name]

    def post(self: Any, call: Call, plan_id: UUID) -> Any:
        selectors.plan_by_id(actor=call.actor, plan_id=plan_id)
        return getattr(plans.desk(), of_desk)(actor=call.actor, run_id=plan_id, now=call.now)

    post.__doc__ = text
    members = {"tag": TAG, "post": operation(code, summary, answer=EventDecisionOut)(post)}
    return type(f"{name.title()}DecisionView", (ApiView,), members)


class SecretsView(ApiView):
    tag = TAG

    @operation("list_service_secrets", "Secrets of services", query=Paging, answer=page_type(SecretOut))
    def get(self, call: Call) -> Any:
        """Valid ones, and those that ended in the last 30 days, by service."""
        found = selectors.secrets_of(actor=call.actor, now=call.now)
        secrets_here = [row for rows in found.values() for row in rows]
        return page_of_list(secrets_here, call.query, lambda one: (one.service, str(one.pk)))

    @operation(
        "create_service_secret", "Make or replace a secret", body=SecretInput, answer=NewSecret, status=201,
        example={"service": "payment-service"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """The one before stays good for 24 hours; at most two are good. The new one is in this answer only."""
        made = secrets.create_secret(actor=call.actor, service=call.body["service"], now=call.now)
        call.created(reverse("integrations_api:secrets"))
        names = ("id", "service", "hint", "created_by", "created_at", "ends_at", "last_used_at")
        return {**{name: getattr(made.row, name) for name in names}, "secret": made.secret}


class SecretView(ApiView):
    tag = TAG

    @operation("end_service_secret", "End a secret", status=204)
    def delete(self, call: Call, secret_id: UUID) -> None:
        """What is signed with it is refused from now on. Twice changes nothing."""
        secrets.end_secret(actor=call.actor, secret_id=secret_id, now=call.now)


def addresses(see: Permission, manage: Permission, keep_secrets: Permission) -> list[URLPattern]:
    """Who may see, decide and keep secrets on this host."""
    sees, manages, keeps = api_requires(see), api_requires(manage), api_requires(keep_secrets)
    return [
        path("integrations/events", sees(EventsView), name="events"),
        path("integrations/events/<str:reference>", sees(EventView), name="event"),
        path("integrations/events/<str:reference>/content", sees(ContentView), name="event_content"),
        path("integrations/events/<str:reference>/preview", manages(PreviewView), name="event_preview"),
        *(
            path(f"integrations/events/<str:reference>/{name}", manages(act(name)), name=f"event_{name}")
            for name in ACTS
        ),
        path("integrations/decisions", manages(DecisionsView), name="decisions"),
        path("integrations/decisions/<uuid:plan_id>", sees(DecisionView), name="decision"),
        path("integrations/decisions/<uuid:plan_id>/events", sees(LinesView), name="decision_events"),
        *(
            path(f"integrations/decisions/<uuid:plan_id>/{name}", manages(decision(name)), name=f"decision_{name}")
            for name in DECISIONS
        ),
        path("integrations/secrets", keeps(SecretsView), name="secrets"),
        path("integrations/secrets/<uuid:secret_id>", keeps(SecretView), name="secret"),
    ]
