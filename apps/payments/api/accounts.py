"""Accounts at providers, their payouts, and the school's rules."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.errors import Invalid

from .. import selectors
from ..permissions import PAYMENTS_CONNECT, PAYMENTS_GOVERN, PAYMENTS_VIEW
from ..services import connecting, policy
from .shapes import (
    ConnectInput,
    LinkInput,
    LinkOut,
    PaymentAccountOut,
    PaymentPolicyInput,
    PaymentPolicyOut,
    PayoutOut,
)

TAG = "Payments"


def own_page(call: Call, name: str) -> str:
    """An address of this school, so that nobody is led elsewhere by us. Raises Invalid."""
    address = urlsplit(call.body[name])
    if address.scheme not in ("http", "https") or address.netloc != call.request.get_host():
        raise Invalid(fields={name: [_("Give the address of a page of this school.")]})
    return str(call.body[name])


class AccountsView(ApiView):
    tag = TAG

    @operation("list_payment_accounts", "Payment accounts", query=Paging, answer=page_type(PaymentAccountOut))
    def get(self, call: Call) -> Any:
        """All of the school, whatever their state."""
        return page_of(selectors.visible_accounts(actor=call.actor), call.query, ("provider", "external_id", "id"))

    @operation(
        "connect_payment_account", "Connect an account", body=ConnectInput, answer=PaymentAccountOut, status=201,
        refusals=(404,),
        example={"treasury_id": "0192f0c2-1b1e-7c11-8d0a-5b1f0c2d3e4f", "provider": "stripe"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """An account at Stripe for a treasury, to be filled in there. HelloAsso is connected on the page."""
        if call.body["provider"] != "stripe":
            raise Invalid(fields={"provider": [_("This provider is connected on its own page, by a person.")]})
        account = connecting.connect_stripe(actor=call.actor, treasury_id=call.body["treasury_id"], now=call.now)
        call.created(reverse("payments_api:account", args=[account.pk]))
        return account


class AccountView(ApiView):
    tag = TAG

    @operation("get_payment_account", "One payment account", answer=PaymentAccountOut)
    def get(self, call: Call, account_id: UUID) -> Any:
        """As it was last read at the provider."""
        return connecting.get_account(actor=call.actor, account_id=account_id)


class LinkView(ApiView):
    tag = TAG

    @operation("create_onboarding_link", "Fill an account in", body=LinkInput, answer=LinkOut, status=201)
    def post(self, call: Call, account_id: UUID) -> Any:
        """The provider's own page, where the holder says who they are."""
        return {
            "url": connecting.onboarding_link(
                actor=call.actor, account_id=account_id, return_url=own_page(call, "return_url"),
                refresh_url=own_page(call, "refresh_url"), now=call.now,
            )
        }  # fmt: skip


class ReadingView(ApiView):
    tag = TAG

    @operation("read_payment_account_again", "Ask the provider how it does", answer=PaymentAccountOut)
    def post(self, call: Call, account_id: UUID) -> Any:
        """Now, at the provider."""
        return connecting.read_again(actor=call.actor, account_id=account_id, now=call.now)


class DefaultView(ApiView):
    tag = TAG

    @operation("make_payment_account_default", "Make it the default", answer=PaymentAccountOut)
    def post(self, call: Call, account_id: UUID) -> Any:
        """Money of its treasury goes here first. Twice changes nothing."""
        return connecting.make_default(actor=call.actor, account_id=account_id, now=call.now)


class ApprovalView(ApiView):
    tag = TAG

    @operation("approve_payment_account", "Approve an account", answer=PaymentAccountOut)
    def post(self, call: Call, account_id: UUID) -> Any:
        """It may take more than the rules allow without. Twice changes nothing."""
        return connecting.approve(actor=call.actor, account_id=account_id, now=call.now)


class DisconnectionView(ApiView):
    tag = TAG

    @operation("disconnect_payment_account", "Disconnect an account", answer=PaymentAccountOut)
    def post(self, call: Call, account_id: UUID) -> Any:
        """It takes nothing new; what was paid there is still followed. Twice changes nothing."""
        return connecting.disconnect(actor=call.actor, account_id=account_id, now=call.now)


class PayoutsView(ApiView):
    tag = TAG

    @operation("list_payouts", "Payouts of an account", query=Paging, answer=page_type(PayoutOut))
    def get(self, call: Call, account_id: UUID) -> Any:
        """What the provider sent to the bank, newest first."""
        account = connecting.get_account(actor=call.actor, account_id=account_id)
        return page_of(selectors.payouts_of(account), call.query, ("-id",))


class PolicyView(ApiView):
    tag = TAG

    @operation("get_payment_policy", "Rules for payments", answer=PaymentPolicyOut, versioned=True)
    def get(self, call: Call) -> Any:
        """What the school allows, and what it takes."""
        return policy.read_policy(actor=call.actor)

    @operation(
        "update_payment_policy", "Change the rules", body=PaymentPolicyInput, answer=PaymentPolicyOut,
        versioned=True,
        example={"providers": ["stripe"], "fee_basis_points": 100, "fee_fixed": 0, "approval_above": None},
    )  # fmt: skip
    def put(self, call: Call) -> Any:
        """For everything that is sold from now on."""
        shown = partial(policy.read_policy, actor=call.actor)
        with call.unchanged(shown, policy.hold_policy):
            policy.change_policy(actor=call.actor, now=call.now, **call.body)
        return shown()


accounts = api_requires(PAYMENTS_VIEW, post=PAYMENTS_CONNECT)(AccountsView)
account = api_requires(PAYMENTS_VIEW)(AccountView)
link = api_requires(PAYMENTS_CONNECT)(LinkView)
reading = api_requires(PAYMENTS_CONNECT)(ReadingView)
default = api_requires(PAYMENTS_CONNECT)(DefaultView)
approval = api_requires(PAYMENTS_GOVERN)(ApprovalView)
disconnection = api_requires(PAYMENTS_CONNECT)(DisconnectionView)
payouts = api_requires(PAYMENTS_VIEW)(PayoutsView)
rules = api_requires(PAYMENTS_VIEW, put=PAYMENTS_GOVERN)(PolicyView)
