"""HelloAsso as the platform's own client: organisations, payments and orders as they are there."""

import threading
import time
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import httpx

from .asking import AccountFacts, ProviderAway, ProviderRefuses, answer_of, api_of, client, mapped

EARLY: Final = 60.0  # seconds before its end a token is not used any more
_tokens: dict[tuple[str, str], tuple[str, float]] = {}  # of this process: (address, client id) -> token, until when
_lock = threading.Lock()


def read_organisation(slug: str, *, is_live: bool | None, now: datetime) -> AccountFacts | None:
    """None: HelloAsso knows no such organisation. Raises ProviderAway, ProviderRefuses."""
    said = _read(f"/v5/organizations/{quote(slug, safe='')}", is_live)
    if said is None:
        return None
    if said.get("organizationSlug") != slug:
        raise ProviderAway
    state = {True: "active", False: "pending"}.get(said.get("isAuthenticated"))  # type: ignore[arg-type]
    if state is None:
        raise ProviderAway
    return AccountFacts(state, now, str(said.get("name") or "")[:200])


def owner_of(kind: str, number: str, *, is_live: bool | None) -> str | None:
    """The organisation of a payment or an order; None: HelloAsso knows no such thing."""
    said = _read(f"/v5/{kind}/{quote(number, safe='')}", is_live)
    if said is None:
        return None
    slug = said.get("organizationSlug") or mapped(said.get("order")).get("organizationSlug")
    return str(slug or "").lower()


def _read(path: str, is_live: bool | None) -> dict[str, Any] | None:
    """A token that HelloAsso does not know any more is replaced once."""
    api = api_of("helloasso", is_live)
    try:
        with client("helloasso", api["url"], {}) as web:
            for is_last in (False, True):
                bearer = {"authorization": f"Bearer {_token(web, api)}"}
                response = web.get(path, headers=bearer)
                if response.status_code != 401 or is_last:
                    break
                _forget(api)
            return answer_of(response)
    except httpx.RequestError:
        raise ProviderAway from None


def _token(web: httpx.Client, api: dict[str, str]) -> str:
    key = (api["url"], api["client_id"])
    with _lock:
        token, until = _tokens.get(key, ("", 0.0))
        if time.monotonic() < until:
            return token
        form = {
            "grant_type": "client_credentials",
            "client_id": api["client_id"],
            "client_secret": api["client_secret"],
        }
        response = web.post("/oauth2/token", data=form)
        if response.status_code in (400, 401, 403):
            raise ProviderRefuses
        said = answer_of(response) or {}
        given, lasts = said.get("access_token"), said.get("expires_in")
        if not isinstance(given, str) or not isinstance(lasts, int):
            raise ProviderAway
        _tokens[key] = (given, time.monotonic() + lasts - EARLY)
        return given


def _forget(api: dict[str, str]) -> None:
    with _lock:
        _tokens.pop((api["url"], api["client_id"]), None)
