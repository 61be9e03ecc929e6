"""Subscriptions, as the payment service tells them."""

from typing import Any

from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Moment, Output, Paging, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type

from .. import selectors
from ..models import Subscription
from ..permissions import PAYMENTS_VIEW

TAG = "Payments"


class SubscriptionOut(Output):
    """What a person has subscribed to."""

    id = serializers.UUIDField()
    number = serializers.CharField(source="external_id")
    user_id = serializers.UUIDField(allow_null=True)
    plan = serializers.CharField()
    status = serializers.ChoiceField(Subscription.Status.values)
    amount = serializers.IntegerField(help_text="In the smallest unit of the currency, for each period.")
    currency = serializers.CharField()
    starts_at = Moment(allow_null=True)
    ends_at = Moment(allow_null=True)
    paid_at = Moment(allow_null=True)
    failures = serializers.IntegerField(help_text="Failed payments since the last that succeeded.")
    cancelled_at = Moment(allow_null=True)
    created_at = Moment()


class SubscriptionQuery(Paging):
    q = Text(max_length=100, required=False, default="", help_text="Words of the plan, the number or the person.")
    status = Choice(Subscription.Status.values, required=False, default="")


class SubscriptionsView(ApiView):
    tag = TAG

    @operation("list_subscriptions", "Subscriptions", query=SubscriptionQuery, answer=page_type(SubscriptionOut))
    def get(self, call: Call) -> Any:
        """As the payment service tells them, the newest first."""
        found = selectors.visible_subscriptions(actor=call.actor, q=call.query["q"], status=call.query["status"])
        return page_of(found, call.query, ("-created_at", "-id"))


subscriptions = api_requires(PAYMENTS_VIEW)(SubscriptionsView)
