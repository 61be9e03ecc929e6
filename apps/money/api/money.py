"""Treasuries, orders and what is done to them."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type

from .. import selectors
from ..permissions import MONEY_FREEZE, MONEY_MANAGE, MONEY_REFUND, MONEY_VIEW
from ..services import orders as order_services
from ..services import refunding, treasuries, verifying
from .shapes import (
    BalancesOut,
    LedgerCheckOut,
    MovementInput,
    MovementOut,
    OrderDetail,
    OrderInput,
    OrderOut,
    OrderQuery,
    PaymentInput,
    PaymentOut,
    PeriodQuery,
    ReasonInput,
    RefundInput,
    RefundsOut,
    TreasuryOut,
)

TAG = "Money"
ORDER_EXAMPLE = {"buyer_name": "Camille Martin", "lines": [{"text": "Yearbook", "unit_amount": 2500, "quantity": 1}]}


class TreasuriesView(ApiView):
    tag = TAG

    @operation("list_treasuries", "Treasuries", query=Paging, answer=page_type(TreasuryOut))
    def get(self, call: Call) -> Any:
        """Those whose money you may see, by name."""
        return page_of(selectors.visible_treasuries(actor=call.actor), call.query, ("name", "id"))

    @operation("open_school_treasury", "Open the school's treasury", answer=TreasuryOut)
    def post(self, call: Call) -> Any:
        """Twice changes nothing. Other holders' are opened by what they belong to."""
        return treasuries.school_treasury(actor=call.actor, now=call.now)


class TreasuryView(ApiView):
    tag = TAG

    @operation("get_treasury", "One treasury", answer=TreasuryOut)
    def get(self, call: Call, treasury_id: UUID) -> Any:
        """Whether it is frozen, and why."""
        return selectors.get_treasury(actor=call.actor, treasury_id=treasury_id)


class BalancesView(ApiView):
    tag = TAG

    @operation("get_balances", "Balances of a treasury", answer=BalancesOut)
    def get(self, call: Call, treasury_id: UUID) -> Any:
        """Of every account, as the ledger has them now."""
        row = selectors.get_treasury(actor=call.actor, treasury_id=treasury_id)
        found = selectors.balances_of(row)
        return {
            "accounts": [{"kind": one.kind, "qualifier": one.qualifier, "balance": sum_} for one, sum_ in found],
            "balance": sum(sum_ for one, sum_ in found if one.kind in selectors.PLACES_OF_MONEY),
        }


class FreezingView(ApiView):
    tag = TAG

    @operation("freeze_treasury", "Freeze a treasury", body=ReasonInput, answer=TreasuryOut)
    def post(self, call: Call, treasury_id: UUID) -> Any:
        """Nothing is sold, received by hand, moved or given back until it is released. Twice changes nothing."""
        reason = call.body["reason"]
        return treasuries.freeze(actor=call.actor, treasury_id=treasury_id, reason=reason, now=call.now)


class ReleaseView(ApiView):
    tag = TAG

    @operation("unfreeze_treasury", "Release a treasury", answer=TreasuryOut)
    def post(self, call: Call, treasury_id: UUID) -> Any:
        """Twice changes nothing."""
        return treasuries.unfreeze(actor=call.actor, treasury_id=treasury_id, now=call.now)


class MovesView(ApiView):
    tag = TAG

    @operation(
        "move_money", "Move money between accounts", body=MovementInput, answer=MovementOut, status=201, refusals=(409,)
    )
    def post(self, call: Call, treasury_id: UUID) -> Any:
        """Cash or cheques taken to the bank, and the like. Refused when there is not so much."""
        body = dict(call.body)
        wish = {"from_": body.pop("from_account"), "to": body.pop("to_account"), **body}
        made = treasuries.move(actor=call.actor, treasury_id=treasury_id, now=call.now, **wish)
        call.created(reverse("money_api:ledger", args=[treasury_id]))
        return made


class LedgerView(ApiView):
    tag = TAG

    @operation("list_movements", "The ledger", query=PeriodQuery, answer=page_type(MovementOut))
    def get(self, call: Call, treasury_id: UUID) -> Any:
        """Newest first. Each transaction is sealed with the hash of the one before it."""
        row = selectors.get_treasury(actor=call.actor, treasury_id=treasury_id)
        since, until = call.query["since"], call.query["until"]
        rows = selectors.movements(actor=call.actor, treasury=row, since=since, until=until)
        return page_of(rows.prefetch_related("entries__account"), call.query, ("-sequence",))


class ReversalView(ApiView):
    tag = TAG

    @operation("reverse_movement", "Correct a movement", body=ReasonInput, answer=MovementOut, refusals=(409,))
    def post(self, call: Call, treasury_id: UUID, sequence: int) -> Any:
        """By its opposite under a new number: nothing is changed. Twice gives the same correction."""
        reason = call.body["reason"]
        return treasuries.reverse(
            actor=call.actor, treasury_id=treasury_id, sequence=sequence, reason=reason, now=call.now
        )


class CheckView(ApiView):
    tag = TAG

    @operation("check_ledger", "Check the ledger now", answer=LedgerCheckOut)
    def post(self, call: Call, treasury_id: UUID) -> Any:
        """As every night: numbers, seals, balances, and the payments and refunds it books."""
        return verifying.check_now(actor=call.actor, treasury_id=treasury_id, now=call.now)


class OrdersView(ApiView):
    tag = TAG

    @operation("list_orders", "Orders of a treasury", query=OrderQuery, answer=page_type(OrderOut))
    def get(self, call: Call, treasury_id: UUID) -> Any:
        """Newest first."""
        row = selectors.get_treasury(actor=call.actor, treasury_id=treasury_id)
        wanted = {name: call.query[name] for name in ("q", "status", "purpose")}
        rows = selectors.visible_orders(actor=call.actor, treasury=row, **wanted)
        return page_of(rows, call.query, ("-created_at", "-id"))

    @operation(
        "create_order", "Make an order", body=OrderInput, answer=OrderDetail, status=201, refusals=(409,),
        example=ORDER_EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call, treasury_id: UUID) -> Any:
        """A sale or gift by hand. Free of charge, it is paid at once."""
        body = dict(call.body)
        lines = [order_services.Line(**line) for line in body.pop("lines")]
        made = order_services.create_order(actor=call.actor, treasury_id=treasury_id, lines=lines, now=call.now, **body)
        call.created(reverse("money_api:order", args=[made.pk]))
        return made


class OrderView(ApiView):
    tag = TAG

    @operation("get_order", "One order", answer=OrderDetail)
    def get(self, call: Call, order_id: UUID) -> Any:
        """With its lines, payments, refunds and receipts."""
        return selectors.get_order(actor=call.actor, order_id=order_id)


class PaymentsView(ApiView):
    tag = TAG

    @operation(
        "record_payment", "Record money received by hand", body=PaymentInput, answer=PaymentOut, status=201,
        refusals=(409,),
    )  # fmt: skip
    def post(self, call: Call, order_id: UUID) -> Any:
        """Cash, a transfer or a cheque: at most what is still to be paid."""
        selectors.get_order(actor=call.actor, order_id=order_id)
        made = order_services.record_payment(actor=call.actor, order_id=order_id, now=call.now, **call.body)
        call.created(reverse("money_api:order", args=[order_id]))
        return made


class CancellingView(ApiView):
    tag = TAG

    @operation("cancel_order", "Cancel an order", answer=OrderDetail, refusals=(409,))
    def post(self, call: Call, order_id: UUID) -> Any:
        """Of which nothing was paid. Twice changes nothing."""
        return order_services.cancel_order(actor=call.actor, order_id=order_id, now=call.now)


class RefundView(ApiView):
    tag = TAG

    @operation("refund_order", "Give money back", body=RefundInput, answer=RefundsOut, refusals=(409,))
    def post(self, call: Call, order_id: UUID) -> Any:
        """One refund for each payment that it takes. Of two at once, one is told that the other was first."""
        selectors.get_order(actor=call.actor, order_id=order_id)
        body = dict(call.body)
        quantities = {one["line_id"]: one["quantity"] for one in body.pop("lines")}
        made = refunding.refund_order(actor=call.actor, order_id=order_id, now=call.now, quantities=quantities, **body)
        return {"refunds": made}


treasury_list = api_requires(MONEY_VIEW, post=MONEY_MANAGE)(TreasuriesView)
treasury = api_requires(MONEY_VIEW)(TreasuryView)
balances = api_requires(MONEY_VIEW)(BalancesView)
freezing = api_requires(MONEY_FREEZE)(FreezingView)
release = api_requires(MONEY_FREEZE)(ReleaseView)
moves = api_requires(MONEY_MANAGE)(MovesView)
ledger = api_requires(MONEY_VIEW)(LedgerView)
reversal = api_requires(MONEY_MANAGE)(ReversalView)
check = api_requires(MONEY_MANAGE)(CheckView)
orders = api_requires(MONEY_VIEW, post=MONEY_MANAGE)(OrdersView)
order = api_requires(MONEY_VIEW)(OrderView)
payments = api_requires(MONEY_MANAGE)(PaymentsView)
cancelling = api_requires(MONEY_MANAGE)(CancellingView)
refund = api_requires(MONEY_REFUND)(RefundView)
