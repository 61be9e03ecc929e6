"""What payment accounts look like to programs. Never a token or a key of a provider."""

from rest_framework import serializers

from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Text, Whole

from ..models import Payout, ProviderAccount

MINOR = "In minor units."


class PaymentAccountOut(Output):
    """An account at a provider, as it was last read there."""

    id = serializers.UUIDField()
    provider = serializers.CharField()
    account = serializers.CharField(source="external_id", help_text="The provider's own name of it.")
    is_live = serializers.BooleanField()
    name = serializers.CharField()
    state = serializers.ChoiceField(ProviderAccount.State.values)
    problems = serializers.ListField(child=serializers.CharField(), help_text="What the provider asks for.")
    treasury_id = serializers.UUIDField(allow_null=True)
    is_default = serializers.BooleanField()
    may_sell = serializers.BooleanField()
    connected_at = Moment(allow_null=True)
    disconnected_at = Moment(allow_null=True)
    approved_at = Moment(allow_null=True)
    read_at = Moment()
    balance_there = serializers.IntegerField(allow_null=True, help_text=f"{MINOR} At the last comparison.")
    balance_here = serializers.IntegerField(allow_null=True, help_text=f"{MINOR} In the ledger, at that time.")


class ConnectInput(Input):
    treasury_id = Id()
    provider = Choice(["stripe", "helloasso"])


class LinkInput(Input):
    return_url = Text(max_length=500, help_text="A page of this school.")
    refresh_url = Text(max_length=500, help_text="A page of this school that makes a new link.")


class LinkOut(Output):
    """Good once, for minutes. For the person who asked only: never send it by mail."""

    url = serializers.CharField()


class PayoutOut(Output):
    """Money that a provider sent to the bank."""

    id = serializers.UUIDField()
    number = serializers.CharField(source="external_id")
    state = serializers.ChoiceField(Payout.State.values)
    amount = serializers.IntegerField(help_text=MINOR)
    other = serializers.IntegerField(help_text=f"{MINOR} Of it, what belongs to nothing sold here.")
    currency = serializers.CharField()
    arrives_on = serializers.DateField(allow_null=True)


class PaymentPolicyOut(Output):
    """What the school allows, and what it takes."""

    providers = serializers.ListField(child=serializers.CharField())
    fee_basis_points = serializers.IntegerField(help_text="Hundredths of a percent.")
    fee_fixed = serializers.IntegerField(help_text=MINOR)
    approval_above = serializers.IntegerField(allow_null=True, help_text=f"{MINOR} null: no approval is needed.")


class PaymentPolicyInput(Input):
    providers = serializers.ListField(child=Choice(["stripe", "helloasso"]), max_length=5)
    fee_basis_points = Whole(min_value=0, max_value=3000)
    fee_fixed = Whole(min_value=0, max_value=10_000)
    approval_above = Whole(min_value=0, max_value=10**12, allow_null=True)


class CheckoutInput(Input):
    return_url = Text(max_length=500, help_text="A page of this school. That the buyer is back there proves nothing.")
    cancel_url = Text(max_length=500, help_text="A page of this school.")
    account_id = Id(required=False, help_text="Which account takes it; otherwise the default one.")


class CheckoutOut(Output):
    """Where the buyer pays. The order is paid when the provider says so: read the order again, or listen."""

    payment_id = serializers.UUIDField()
    provider = serializers.CharField()
    url = serializers.CharField()


class PaymentStateOut(Output):
    order_id = serializers.UUIDField()
    status = serializers.CharField()
    is_paid = Flag()
