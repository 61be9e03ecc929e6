"""What endpoints and deliveries look like to programs."""

from rest_framework import serializers

from apps.core.api.fields import Input, Moment, Output, Paging, Text

from ..models import Delivery, WebhookEndpoint

KINDS = "Names of events; none: all there are, also those of later releases."


class EndpointOut(Output):
    """To whom webhooks are sent."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField(), source="kinds", help_text=KINDS)
    state = serializers.ChoiceField(WebhookEndpoint.State.values)
    because = serializers.CharField(help_text="Why it was switched off by itself: gone, failing, or empty.")
    failing_since = Moment(allow_null=True)
    last_success_at = Moment(allow_null=True)
    created_at = Moment()


class EndpointInput(Input):
    name = Text(max_length=100)
    url = Text(max_length=2000, help_text="https, a name that leads to the internet, port 443 or 8443.")
    events = serializers.ListField(child=Text(max_length=60), max_length=200, required=False, help_text=KINDS)


class EndpointChange(Input):
    name = Text(max_length=100, required=False)
    url = Text(max_length=2000, required=False)
    events = serializers.ListField(child=Text(max_length=60), max_length=200, required=False, help_text=KINDS)


class NewEndpoint(EndpointOut):
    """With its first secret, which is in this answer only."""

    secret = serializers.CharField()


class EndpointSecretOut(Output):
    """A secret, without what it says."""

    id = serializers.UUIDField()
    hint = serializers.CharField(help_text="How the secret begins, after whsec_.")
    created_at = Moment()
    ends_at = Moment(allow_null=True, help_text="We sign with it until then.")


class NewEndpointSecret(EndpointSecretOut):
    """The only answer that has it."""

    secret = serializers.CharField()


class DeliveryQuery(Paging):
    state = serializers.ChoiceField(Delivery.State.values, required=False, default="")
    kind = Text(max_length=60, required=False, default="", help_text="The event, as in `type`.")
    event = Text(max_length=60, required=False, default="", help_text="The id of one event.")


class DeliveryOut(Output):
    """One event for one endpoint, and what became of it."""

    endpoint_id = serializers.UUIDField()
    event_id = serializers.CharField(source="event.event_id")
    type = serializers.CharField(source="event.kind")
    happened_at = Moment(source="event.happened_at")
    state = serializers.ChoiceField(Delivery.State.values)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True, help_text="Of the last answer.")
    fault = serializers.CharField(help_text="Why there was no answer that counts; or empty.")
    next_attempt_at = Moment(source="due_at", allow_null=True)
    finished_at = Moment(allow_null=True)


class EventTypeOut(Output):
    """What can be told; the contents stand under `webhooks` in the description of this API."""

    type = serializers.CharField()
    title = serializers.CharField()


class ReplayInput(Input):
    since = serializers.DateTimeField(help_text="What happened since then, and was given up or dropped.")


class HowMany(Output):
    deliveries = serializers.IntegerField()
