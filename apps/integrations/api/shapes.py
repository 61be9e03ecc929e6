"""Events, decisions about many of them, and secrets, as programs see and send them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text
from apps.core.plan.states import State
from apps.tenants.services.bindings import SHAPES

from ..contract import SERVICES
from ..models import EventPlan, InboundEvent

STATES = [state.value for state in State]
EVENT_STATES = [*InboundEvent.State.values, "conflict"]
REFERENCE = r"^[0-9]{1,18}-[0-9a-f]{12}$"
MOST_PICKED = 1000


class InboundEventOut(Output):
    """An event that a service sent, without what it says."""

    id = serializers.CharField(source="reference")
    service = serializers.CharField()
    event_id = serializers.CharField(help_text="The sender's own.")
    kind = serializers.CharField()
    about = serializers.CharField(help_text="An e-mail address, or empty.")
    account = serializers.CharField(help_text="At the provider that sent it, or empty.")
    is_live = serializers.BooleanField(allow_null=True, help_text="false: the provider's test mode.")
    state = serializers.ChoiceField(InboundEvent.State.values)
    outcome = serializers.CharField(help_text="A code: what became of it, or why nothing.")
    detail = serializers.CharField()
    attempts = serializers.IntegerField()
    replays = serializers.IntegerField()
    occurred_at = Moment(allow_null=True)
    received_at = Moment()
    next_attempt_at = Moment(source="due_at", allow_null=True)
    finished_at = Moment(allow_null=True)
    conflicts = serializers.IntegerField(help_text="How often it was sent again with other content.")
    is_in_conflict = serializers.BooleanField(help_text="And nobody has looked at that yet.")
    expunged_at = Moment(allow_null=True)


def _of_this_age(day: date) -> None:
    if not 1970 <= day.year <= 2200:
        raise serializers.ValidationError(_("Choose a day between 1970 and 2200."))


class EventFilters(Input):
    q = Text(max_length=254, required=False, help_text="An event id, an account or an e-mail address.")
    service = Text(max_length=30, required=False)
    state: Any = Choice(EVENT_STATES, required=False, help_text="`conflict`: sent again with other content.")
    kind = Text(max_length=100, required=False)
    reason = Text(max_length=60, required=False, help_text="Why it is in quarantine.")
    since = serializers.DateField(required=False, validators=[_of_this_age])
    until = serializers.DateField(required=False, validators=[_of_this_age])


class EventQuery(EventFilters, Paging):
    """Which events, and which part of their list."""


class EventContentOut(Output):
    """What an event said, as text; empty when it was deleted."""

    body = serializers.CharField()
    conflict_body = serializers.CharField(help_text="What contradicted it last.")


class EventPreviewOut(Output):
    """What a replay would do now. `retry`: it would be tried again later."""

    state = serializers.CharField()
    outcome = serializers.CharField(source="code")
    detail = serializers.CharField()


class EventDecisionInput(Input):
    act = Choice(EventPlan.Kind.values)
    events: Any = serializers.ListField(
        child=serializers.RegexField(REFERENCE, max_length=40), min_length=1, max_length=MOST_PICKED, required=False,
        help_text="Their ids.",
    )  # fmt: skip
    matching: Any = EventFilters(required=False, help_text="Instead of `events`: all that these filters let through.")

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if ("events" in sent) is ("matching" in sent):
            raise serializers.ValidationError({"events": _("Send either events or matching.")})
        return sent


class EventOutcome(Output):
    state = serializers.CharField()
    outcome = serializers.CharField()
    events = serializers.IntegerField()


class EventDecisionOut(Output):
    """One act on many events: listed and rehearsed, then done when it is confirmed."""

    id = serializers.UUIDField()
    act = serializers.ChoiceField(EventPlan.Kind.values, source="kind")
    state = serializers.ChoiceField(STATES)
    undoes_id = serializers.UUIDField(allow_null=True)
    requested_by = serializers.CharField()
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    to_apply = serializers.IntegerField()
    applied = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    rehearsed = serializers.IntegerField(help_text="Of a replay: how many were tried beforehand.")
    outcomes: Any = serializers.SerializerMethodField(help_text="What these would do.")
    hold_reason = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = Moment(allow_null=True)
    error_code = serializers.CharField()

    def get_outcomes(self, plan: EventPlan) -> list[dict[str, Any]]:
        return [{"state": state, "outcome": code, "events": count} for state, code, count in plan.outcomes]


class EventDecisionLine(Output):
    """One event of a decision."""

    event = serializers.CharField(source="key")
    name = serializers.CharField()
    about = serializers.CharField(source="email")
    would_state = serializers.CharField(help_text="What a replay was rehearsed to do; empty: not rehearsed.")
    would_outcome = serializers.CharField(source="would_code")
    would_detail = serializers.CharField()
    overtaken = serializers.BooleanField(help_text="The event had changed meanwhile: nothing was done.")


class SecretOut(Output):
    """A secret with which a service signs, without what it says."""

    id = serializers.UUIDField()
    service = serializers.CharField()
    hint = serializers.CharField(help_text="How the secret begins, after whsec_.")
    created_by = serializers.CharField()
    created_at = Moment()
    ends_at = Moment(allow_null=True, help_text="It is good until then.")
    last_used_at = Moment(allow_null=True)


class SecretInput(Input):
    service = Text(max_length=30)

    def validate_service(self, sent: str) -> str:
        if sent not in SERVICES or not SERVICES[sent].has_secrets:
            raise serializers.ValidationError(_("There is no such service with secrets of its own."))
        return sent


class NewSecret(SecretOut):
    """The only answer that has it."""

    secret = serializers.CharField()


class BindingOut(Output):
    """An account at a payment provider, and the school it belongs to."""

    id = serializers.UUIDField()
    provider = serializers.CharField()
    account = serializers.CharField(source="external_id")
    is_live = serializers.BooleanField()
    name = serializers.CharField()
    org_id = serializers.UUIDField(source="school_id")
    bound_at = Moment()


class BindingInput(Input):
    provider = Choice([str(one) for one in SHAPES])
    account = Text(max_length=120)
    org_id = Id()
    is_live = Flag(required=False, default=True)
    name = Text(max_length=200, required=False, default="", allow_blank=True)


class BindingQuery(Paging):
    q = Text(max_length=120, required=False, default="", help_text="Part of the account, its name or the school's.")
