"""Accounts at Stripe: made, filled in, and how they do, by whichever of its two APIs an event came from."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from .asking import AccountFacts, ProviderAway, listed, mapped
from .stripe_calls import Calls

MOST_PROBLEMS: Final = 20
STATES: Final = {
    "active": "active",
    "pending": "pending",
    "restricted": "restricted",
    "rejected": "rejected",
    "unsupported": "rejected",
}
INCLUDED: Final = ["configuration.merchant", "requirements"]


def create_account(
    *, is_live: bool, name: str, email: str, country: str, currency: str, language: str, key: str
) -> str:
    """For direct charges: the holder is the seller, pays Stripe's fees, bears losses, and has a dashboard of its own.

    Its number. Raises ProviderAway, ProviderRefuses, ProviderSaysNo.
    """
    asked = {
        "contact_email": email,
        "display_name": name,
        "dashboard": "full",
        "identity": {"country": country, "entity_type": "non_profit"},
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {
            "currency": currency.lower(),
            "locales": ["fr-FR" if language == "fr" else "en-GB"],
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"},
        },
        "include": INCLUDED,
    }
    said = Calls(is_live).post("/v2/core/accounts", asked, key=key)
    if not isinstance(said.get("id"), str):
        raise ProviderAway
    return str(said["id"])


def onboarding_link(account: str, *, is_live: bool, return_url: str, refresh_url: str, key: str) -> str:
    """Where somebody fills the account in: good once, for minutes. It is never kept and never sent by mail."""
    case = {"type": "account_onboarding", "account_onboarding": {"return_url": return_url, "refresh_url": refresh_url}}
    said = Calls(is_live).post("/v2/core/account_links", {"account": account, "use_case": case}, key=key)
    if not isinstance(said.get("url"), str):
        raise ProviderAway
    return str(said["url"])


def read_account(account: str, *, is_live: bool | None, second_api: bool, now: datetime) -> AccountFacts:
    """The account now; one that we may not see any more has left us. Raises ProviderAway, ProviderRefuses."""
    calls = Calls(is_live)
    if second_api:
        said = calls.get(f"/v2/core/accounts/{quote(account)}", include=INCLUDED)
    else:
        said = calls.get(f"/v1/accounts/{quote(account)}")
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
