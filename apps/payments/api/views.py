"""Subscriptions, and the school's accounts at payment providers, as they were last read there."""

from typing import Any

from rest_framework import serializers

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Moment, Output, Paging, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type

from .. import selectors
from ..models import ProviderAccount, Subscription
from ..permissions import PAYMENTS_VIEW

TAG = "Payments"


class PaymentAccountOut(Output):
    """An account of the school at a payment provider."""

    id = serializers.UUIDField()
    provider = serializers.CharField()
    account = serializers.CharField(source="external_id")
    is_live = serializers.BooleanField(help_text="false: the provider's test mode.")
    name = serializers.CharField()
    state = serializers.ChoiceField(ProviderAccount.State.values)
    problems = serializers.ListField(child=serializers.CharField(), help_text="What the provider still asks for.")
    read_at = Moment()


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


class AccountsView(ApiView):
    tag = TAG

    @operation("list_payment_accounts", "Accounts at providers", query=Paging, answer=page_type(PaymentAccountOut))
    def get(self, call: Call) -> Any:
        """By provider."""
        order = ("provider", "external_id", "is_live", "id")
        return page_of(selectors.visible_accounts(actor=call.actor), call.query, order)


class SubscriptionsView(ApiView):
    tag = TAG

    @operation("list_subscriptions", "Subscriptions", query=SubscriptionQuery, answer=page_type(SubscriptionOut))
    def get(self, call: Call) -> Any:
        """As the payment service tells them, the newest first."""
        found = selectors.visible_subscriptions(actor=call.actor, q=call.query["q"], status=call.query["status"])
        return page_of(found, call.query, ("-created_at", "-id"))


accounts = api_requires(PAYMENTS_VIEW)(AccountsView)
subscriptions = api_requires(PAYMENTS_VIEW)(SubscriptionsView)
