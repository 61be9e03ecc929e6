"""The audit trail for programs: filtered, page by page, newest first."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Id, Moment, Output, Paging, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type

from .. import selectors
from ..forms import SURFACES, of_this_age
from ..permissions import AUDIT_VIEW

TAG = "Audit trail"


class EventOut(Output):
    """Who did what to what, when, and under which request."""

    id = serializers.UUIDField()
    at = Moment()
    act = serializers.CharField()
    title = serializers.CharField(help_text="What the act is called, in the caller's language.")
    actor_id = serializers.UUIDField(allow_null=True)
    actor_label = serializers.CharField()
    actor_email = serializers.CharField()
    acting_for = serializers.CharField(help_text="Who stood behind the actor.")
    surface = serializers.CharField()
    address = serializers.CharField()
    request_id = serializers.CharField()
    target_type = serializers.CharField()
    target_id = serializers.CharField()
    target_label = serializers.CharField()
    scope_kind = serializers.CharField()
    scope_id = serializers.UUIDField(allow_null=True)
    changes = serializers.DictField(help_text="Column to [before, after].")
    reason = serializers.CharField()
    data: Any = serializers.DictField()


class EventQuery(Paging):
    q = Text(max_length=100, required=False, default="", help_text="Words of names, addresses and reasons.")
    act = Text(max_length=80, required=False)
    surface = Choice([code for code, _label in SURFACES], required=False)
    since = serializers.DateField(required=False, validators=[of_this_age], help_text="A day of the school.")
    until = serializers.DateField(required=False, validators=[of_this_age], help_text="A day of the school.")
    actor = Id(required=False)
    target = Text(max_length=64, required=False)
    request_id = Text(max_length=64, required=False)


class EventsView(ApiView):
    tag = TAG

    @operation("list_audit_events", "Audit events", query=EventQuery, answer=page_type(EventOut))
    def get(self, call: Call) -> Any:
        """Newest first. Events are added, never changed."""
        found = selectors.visible_events(actor=call.actor, wanted=call.query)
        return page_of(found, call.query, selectors.ORDER)


class EventView(ApiView):
    tag = TAG

    @operation("get_audit_event", "One audit event", answer=EventOut, versioned=True)
    def get(self, call: Call, event_id: UUID) -> Any:
        """It never changes."""
        return selectors.event_by_id(actor=call.actor, event_id=event_id)


events = api_requires(AUDIT_VIEW)(EventsView)
event = api_requires(AUDIT_VIEW)(EventView)
