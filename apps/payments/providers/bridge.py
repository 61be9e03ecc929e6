"""Bridge (bank accounts, API v3): what a linked bank is there, asked as the user that a notice names."""

from typing import Any, Final
from urllib.parse import quote

import httpx

from .asking import ProviderAway, answer_of, api_of, client

VERSION: Final = "2025-01-15"
TOKENS: Final = "/v3/aggregation/authorization/token"
ITEMS: Final = "/v3/aggregation/items"


def read_item(user: str, number: str, *, is_live: bool | None) -> dict[str, Any] | None:
    """None: Bridge knows no such user, or no such bank of this user. Raises ProviderAway, ProviderRefuses.

    The token is the user's, so the bank of somebody else is not found, whatever the notice says.
    """
    try:
        with _client(is_live) as web:
            token = _token(web, user)
            if token is None:
                return None
            bearer = {"authorization": f"Bearer {token}"}
            said = answer_of(web.get(f"{ITEMS}/{quote(number, safe='')}", headers=bearer))
    except httpx.RequestError:
        raise ProviderAway from None
    if said is not None and str(said.get("id")) != number:
        raise ProviderAway
    return said


def is_known(user: str, *, is_live: bool | None) -> bool:
    """Whether Bridge has this user. Raises ProviderAway, ProviderRefuses."""
    try:
        with _client(is_live) as web:
            return _token(web, user) is not None
    except httpx.RequestError:
        raise ProviderAway from None


def _client(is_live: bool | None) -> Any:
    api = api_of("bridge", is_live)
    headers = {"bridge-version": VERSION, "client-id": api["client_id"], "client-secret": api["client_secret"]}
    return client("bridge", api["url"], headers)


def _token(web: httpx.Client, user: str) -> str | None:
    response = web.post(TOKENS, json={"user_uuid": user})
    if response.status_code == 201:  # of their documents some say 200, some 201
        response.status_code = 200
    said = answer_of(response)
    if said is None:
        return None
    if not isinstance(token := said.get("access_token"), str):
        raise ProviderAway
    return token
