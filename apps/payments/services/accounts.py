"""What providers tell about the state of the school's accounts there (PAY-1, PAY-8).

A notice only says that something may be new: the account is read at the provider, and that is what is kept. So late,
doubled, reordered and forged notices end alike. Whose an account is, other code asks `apps.tenants.services.bindings`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from apps.integrations.contract import Event, Kind, Outcome, Service, done, hopeless, nothing

from ..models import ProviderAccount
from ..providers import bridge, helloasso, stripe
from . import telling
from .noting import note_account


class Notice(BaseModel):
    """A provider sends more than we use; nothing of it is believed."""

    model_config = ConfigDict(extra="allow", frozen=True)


def apply(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    return {event.id: _note(event) for event in events}


def _note(event: Event) -> Outcome:
    row, became = note_account(event.service, event.account, bool(event.is_live), event.answer)
    if became == "older":
        return nothing("older-than-known", str(row))
    return nothing("known-already", _said(row)) if became == "same" else done("account-noted", _said(row))


def _said(row: ProviderAccount) -> str:
    return f"{row} · {row.get_state_display()}"


def _first_api(event: Event) -> Any:
    return stripe.read_account(event.account, is_live=event.is_live, second_api=False, now=timezone.now())


def _second_api(event: Event) -> Any:
    return stripe.read_account(event.account, is_live=event.is_live, second_api=True, now=timezone.now())


def _organisation(event: Event) -> Any:
    found = helloasso.read_organisation(event.account, is_live=event.is_live, now=timezone.now())
    return found or hopeless("not-at-provider")


def _of_payment(kind: str) -> Callable[[Event], Any]:
    """A payment of ours, if the association let us in; otherwise only whose it is, as HelloAsso says."""

    def read(event: Event) -> Any:
        if telling.is_let_in(event):
            return telling.read_helloasso(event, kind)
        said = (event.content.model_extra or {}).get("data")
        number = said.get("id") if isinstance(said, dict) else None
        if isinstance(number, bool) or not isinstance(number, int):
            return hopeless("not-at-provider")
        owner = helloasso.owner_of(kind, str(number), is_live=event.is_live)
        if owner is None:
            return hopeless("not-at-provider")
        return nothing("not-handled") if owner == event.account else hopeless("accounts-contradict")

    return read


def _of_bank(is_end: bool) -> Callable[[Event], Any]:
    """Nothing here keeps bank accounts yet; but what Bridge does not confirm is not passed over as harmless either."""

    def read(event: Event) -> Any:
        said = (event.content.model_extra or {}).get("content")
        number = said.get("item_id") if isinstance(said, dict) else None
        if isinstance(number, bool) or not isinstance(number, int):
            return hopeless("not-at-provider")
        found = bridge.read_item(event.account, str(number), is_live=event.is_live)
        if is_end:
            return nothing("not-handled") if found is None else hopeless("still-at-provider")
        return hopeless("not-at-provider") if found is None else nothing("not-handled")

    return read


def _user_of_bridge(event: Event) -> Any:
    is_known = bridge.is_known(event.account, is_live=event.is_live)
    return hopeless("still-at-provider") if is_known else nothing("not-handled")


def _lane(account: str) -> str:
    return f"account:{account}"


OF_FIRST_API = Kind(Notice, apply=apply, lane=_lane, part="", read=_first_api)
OF_SECOND_API = Kind(Notice, apply=apply, lane=_lane, part="", read=_second_api)
OF_PAYMENT = Kind(Notice, apply=telling.apply_payments, part="", read=telling.read_payment)
OF_PAYOUT = Kind(Notice, apply=telling.apply_payouts, part="", read=telling.read_payout)
STRIPE = Service(
    "stripe",
    "Stripe",
    {
        "account.updated": OF_FIRST_API,
        "account.application.deauthorized": OF_FIRST_API,
        "v2.core.account[requirements].updated": OF_SECOND_API,
        "v2.core.account[configuration.merchant].updated": OF_SECOND_API,
        "v2.core.account[configuration.merchant].capability_status_updated": OF_SECOND_API,
        "v2.core.account.updated": OF_SECOND_API,
        "v2.core.account.closed": OF_SECOND_API,
        **dict.fromkeys(telling.PAYMENT_KINDS, OF_PAYMENT),
        **dict.fromkeys(telling.PAYOUT_KINDS, OF_PAYOUT),
    },
    has_secrets=False,
    is_provider=True,
)
HELLOASSO = Service(
    "helloasso",
    "HelloAsso",
    {
        "Organization": Kind(Notice, apply=apply, lane=_lane, part="", read=_organisation),
        "Payment": Kind(Notice, apply=telling.apply_payments, part="", read=_of_payment("payments")),
        "Order": Kind(Notice, apply=telling.apply_payments, part="", read=_of_payment("orders")),
    },
    has_secrets=False,
    is_provider=True,
)
OF_BANK = Kind(Notice, apply=apply, part="", read=_of_bank(is_end=False))
BRIDGE = Service(
    "bridge",
    "Bridge",
    {
        "item.created": OF_BANK,
        "item.refreshed": OF_BANK,
        "item.account.created": OF_BANK,
        "item.account.updated": OF_BANK,
        "item.account.deleted": OF_BANK,  # the bank stays linked
        "item.deleted": Kind(Notice, apply=apply, part="", read=_of_bank(is_end=True)),
        "user.deleted": Kind(Notice, apply=apply, part="", read=_user_of_bridge),
    },
    has_secrets=False,
    is_provider=True,
)
