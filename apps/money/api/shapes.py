"""What money looks like to programs. Amounts are whole numbers in minor units."""

from rest_framework import serializers

from apps.core.api.fields import Choice, Id, Input, Moment, Output, Paging, Text, Whole

from ..models import Document, Order, Payment, Refund
from ..providers import BY_HAND
from ..services.treasuries import MOVABLE

MOST = 10**10
KEY = "A name of this wish, of your choice: sent again, it does nothing twice and gives the same answer."
MINOR = "In minor units."


class TreasuryOut(Output):
    """The money of one holder."""

    id = serializers.UUIDField()
    holder_kind = serializers.CharField(help_text="school, association, …")
    holder_id = serializers.UUIDField(allow_null=True, help_text="None: the school itself.")
    name = serializers.CharField()
    currency = serializers.CharField()
    frozen_at = Moment(allow_null=True)
    frozen_because = serializers.CharField()


class AccountBalance(Output):
    kind = serializers.CharField(help_text="provider, bank, cash, cheques, income, fees, refunds, …")
    qualifier = serializers.CharField(help_text="Which provider, or which purpose; or empty.")
    balance = serializers.IntegerField(help_text="In minor units; positive: goes to the account.")


class BalancesOut(Output):
    """What each account holds, from its entries."""

    accounts = AccountBalance(many=True)
    balance = serializers.IntegerField(help_text="Of the accounts where money is, together.")


class LineOut(Output):
    id = serializers.UUIDField()
    text = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_amount = serializers.IntegerField(help_text=MINOR)
    tax_text = serializers.CharField()


class PaymentOut(Output):
    """Money received, or an attempt."""

    id = serializers.UUIDField()
    method = serializers.CharField(source="provider", help_text="cash, transfer, cheque, or a provider.")
    state = serializers.ChoiceField(Payment.State.values)
    amount = serializers.IntegerField(help_text=MINOR)
    captured = serializers.IntegerField(help_text=MINOR)
    fee = serializers.IntegerField(allow_null=True, help_text="In minor units; null: not known yet.")
    received_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField()


class RefundOut(Output):
    """Money of one payment that goes back."""

    id = serializers.UUIDField()
    payment_id = serializers.UUIDField()
    amount = serializers.IntegerField(help_text=MINOR)
    state = serializers.ChoiceField(Refund.State.values)
    reason = serializers.CharField()
    asked_at = Moment()
    done_at = Moment(allow_null=True)


class DocumentOut(Output):
    """A receipt or credit note; its PDF is on the pages."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Document.Kind.values)
    number = serializers.CharField(source="label")
    issued_on = serializers.DateField()


class OrderOut(Output):
    id = serializers.UUIDField()
    treasury_id = serializers.UUIDField()
    reference = serializers.CharField()
    buyer_id = serializers.UUIDField(allow_null=True)
    buyer_name = serializers.CharField()
    buyer_email = serializers.CharField()
    purpose = serializers.CharField()
    purpose_id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(Order.Status.values)
    total = serializers.IntegerField(help_text=MINOR)
    refunded = serializers.IntegerField(source="given_back", help_text=MINOR)
    currency = serializers.CharField()
    created_at = Moment()
    paid_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True)


class OrderDetail(OrderOut):
    """With everything that belongs to it."""

    lines = LineOut(many=True, source="lines.all")
    payments = PaymentOut(many=True, source="payments.all")
    refunds = RefundOut(many=True, source="refunds.all")
    documents = DocumentOut(many=True, source="documents.all")
    seen = serializers.SerializerMethodField(help_text="What was refunded or asked: send it with a refund.")

    def get_seen(self, order: Order) -> int:
        from ..services.refunding import refunded_or_asked

        return refunded_or_asked(order)


class OrderQuery(Paging):
    q = Text(max_length=100, required=False, default="", help_text="The reference, or words of the buyer.")
    status = serializers.ChoiceField(Order.Status.values, required=False, default="")
    purpose = Text(max_length=40, required=False, default="")


class LineInput(Input):
    text = Text(max_length=200)
    unit_amount = Whole(min_value=0, max_value=MOST, help_text=MINOR)
    quantity = Whole(min_value=1, max_value=10_000, required=False, default=1)
    tax_text = Text(max_length=120, required=False, default="", allow_blank=True)


class OrderInput(Input):
    lines = LineInput(many=True, min_length=1, max_length=100)
    buyer_name = Text(max_length=200)
    buyer_email = Text(max_length=254, required=False, default="", allow_blank=True)
    key = Text(max_length=80, required=False, default="", help_text=KEY)


class PaymentInput(Input):
    method = Choice(list(BY_HAND))
    amount = Whole(min_value=1, max_value=MOST, help_text=MINOR)
    received_on = serializers.DateField(required=False, allow_null=True, default=None)
    reference = Text(max_length=120, required=False, default="", allow_blank=True)
    key = Text(max_length=80, required=False, default="", help_text=KEY)


class LineWish(Input):
    line_id = Id()
    quantity = Whole(min_value=1, max_value=10_000)


class RefundInput(Input):
    """By line, an amount, or neither: all that is left."""

    seen = Whole(min_value=0, max_value=MOST, help_text="`seen` of the order: if somebody was first, 409.")
    amount = Whole(min_value=1, max_value=MOST, required=False, allow_null=True, default=None, help_text=MINOR)
    lines = LineWish(many=True, required=False, default=list, max_length=100)
    method = Choice(["", *BY_HAND], required=False, default="", help_text="Of what was received by hand.")
    reason = Text(max_length=300, required=False, default="", allow_blank=True)


class RefundsOut(Output):
    refunds = RefundOut(many=True)


class ReasonInput(Input):
    reason = Text(max_length=300)


class MoveInput(Input):
    from_account = Choice([kind.value for kind in MOVABLE])
    to_account = Choice([kind.value for kind in MOVABLE])
    amount = Whole(min_value=1, max_value=MOST, help_text=MINOR)
    day = serializers.DateField(required=False, allow_null=True, default=None)
    note = Text(max_length=300, required=False, default="", allow_blank=True)
    key = Text(max_length=80, help_text=KEY)


class EntryOut(Output):
    kind = serializers.CharField(source="account.kind")
    qualifier = serializers.CharField(source="account.qualifier")
    amount = serializers.IntegerField(help_text=MINOR)


class MovementOut(Output):
    """A transaction of the ledger."""

    number = serializers.IntegerField(source="sequence")
    kind = serializers.CharField()
    day = serializers.DateField()
    booked_at = Moment()
    note = serializers.CharField()
    order_id = serializers.UUIDField(allow_null=True)
    entries = EntryOut(many=True, source="entries.all")
    previous_hash = serializers.CharField()
    hash = serializers.CharField()


class PeriodQuery(Paging):
    since = serializers.DateField(required=False, allow_null=True, default=None)
    until = serializers.DateField(required=False, allow_null=True, default=None)


class FaultOut(Output):
    code = serializers.CharField(help_text="gap, seal, balance, rewritten, differs:…, order:…")
    number = serializers.IntegerField(help_text="Of the ledger; 0: of no one number.")


class LedgerCheckOut(Output):
    """What a check of the ledger found."""

    checked_at = Moment()
    number = serializers.IntegerField(source="sequence", help_text="The last number there was.")
    hash = serializers.CharField()
    faults = FaultOut(many=True)
