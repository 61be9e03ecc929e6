"""Stripe: how an account does, by whichever of its two APIs the event came from."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import httpx

from .asking import AccountFacts, ProviderAway, answer_of, api_of, client, listed, mapped

VERSION: Final = "2026-10-28.endive"
MOST_PROBLEMS: Final = 20
STATES: Final = {
    "active": "active",
    "pending": "pending",
    "restricted": "restricted",
    "rejected": "rejected",
    "unsupported": "rejected",
}
INCLUDED: Final = {"include[0]": "configuration.merchant", "include[1]": "requirements"}


def read_account(account: str, *, is_live: bool | None, second_api: bool, now: datetime) -> AccountFacts:
    """The account now; one that we may not see any more has left us. Raises ProviderAway, ProviderRefuses."""
    api = api_of("stripe", is_live)
    headers = {"authorization": f"Bearer {api['key']}", "stripe-version": VERSION}
    path, query = (
        (f"/v2/core/accounts/{quote(account)}", INCLUDED) if second_api else (f"/v1/accounts/{quote(account)}", {})
    )
    try:
        with client("stripe", api["url"], headers) as web:
            said = answer_of(web.get(path, params=query))
    except httpx.RequestError:
        raise ProviderAway from None
    if said is None:
        return AccountFacts("disconnected", now)
    if said.get("id") != account:
        raise ProviderAway
    return _second(said, now) if second_api else _first(said, now)


def _first(said: dict[str, Any], now: datetime) -> AccountFacts:
    needs = mapped(said.get("requirements"))
    reason = str(needs.get("disabled_reason") or "")
    problems = [str(one) for one in (*listed(needs.get("past_due")), *listed(needs.get("currently_due")))]
    if said.get("charges_enabled") is True:
        state = "active"
    elif reason.startswith("rejected"):
        state = "rejected"
    else:
        state = "restricted" if said.get("details_submitted") is True else "pending"
    profile = mapped(said.get("business_profile"))
    return AccountFacts(state, now, str(profile.get("name") or "")[:200], _few([reason, *problems]))


def _second(said: dict[str, Any], now: datetime) -> AccountFacts:
    """Parts that were not included are null: that is no answer, and never "not ready"."""
    merchant = mapped(mapped(said.get("configuration")).get("merchant"))
    payments = mapped(mapped(merchant.get("capabilities")).get("card_payments"))
    state = STATES.get(str(payments.get("status")))
    if state is None:
        raise ProviderAway
    entries = [mapped(one) for one in listed(mapped(said.get("requirements")).get("entries"))]
    codes = [str(mapped(one).get("code") or "") for one in listed(payments.get("status_details"))]
    return AccountFacts(
        state, now, str(said.get("display_name") or "")[:200],
        _few([*codes, *(str(one.get("description") or "") for one in entries)]),
    )  # fmt: skip


def _few(problems: list[str]) -> list[str]:
    return [one[:200] for one in dict.fromkeys(problems) if one][:MOST_PROBLEMS]
