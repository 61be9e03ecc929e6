"""How HelloAsso is called for one association: its partner page, its tokens, and its calls."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

from .asking import ProviderAway, ProviderRefuses, ProviderSaysNo, api_of, client, listed, mapped


class NotLetIn(DomainError):
    """The association has to let us in (again)."""

    code = "provider-access-over"

    def __init__(self) -> None:
        super().__init__(_("HelloAsso does not let us in for this association. Connect the account again."))


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str
    refresh: str
    seconds: int
    slug: str = ""


def authorize_url(*, is_live: bool, redirect_uri: str, state: str, verifier: str) -> str:
    """The page of HelloAsso on which somebody of the association lets us act for it."""
    api = api_of("helloasso", is_live)
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "client_id": api["client_id"], "redirect_uri": redirect_uri, "state": state, "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
    }  # fmt: skip
    return f"{api['authorize_url']}?{urlencode(query)}"


def tokens_for_code(*, is_live: bool, code: str, redirect_uri: str, verifier: str) -> Tokens:
    """Raises NotLetIn, ProviderAway, ProviderRefuses."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    found = _tokens(is_live, form)
    if not found.slug:
        raise ProviderAway
    return found


def refreshed(*, is_live: bool, refresh: str) -> Tokens:
    """The next pair; the token that was given is good for nothing afterwards. Raises NotLetIn, ProviderAway."""
    return _tokens(is_live, {"grant_type": "refresh_token", "refresh_token": refresh})


def _tokens(is_live: bool, form: Mapping[str, str]) -> Tokens:
    api = api_of("helloasso", is_live)
    whole = {**form, "client_id": api["client_id"], "client_secret": api["client_secret"]}
    try:
        with client("helloasso", api["url"], {}) as web:
            response = web.post("/oauth2/token", data=whole)
    except httpx.RequestError:
        raise ProviderAway from None
    if response.status_code == 400:
        raise NotLetIn
    if response.status_code in (401, 403):
        raise ProviderRefuses
    said = _json(response)
    access, refresh, seconds = said.get("access_token"), said.get("refresh_token"), said.get("expires_in")
    if not isinstance(access, str) or not isinstance(refresh, str) or not isinstance(seconds, int):
        raise ProviderAway
    return Tokens(access, refresh, seconds, str(said.get("organization_slug") or "").lower())


class Calls:
    """Calls for one association. `token(again)`: its access token, a new one when the last was not taken."""

    def __init__(self, is_live: bool, token: Callable[[bool], str]) -> None:
        self._url = api_of("helloasso", is_live)["url"]
        self._token = token

    def get(self, path: str) -> dict[str, Any] | None:
        """None: there is no such thing for this association."""
        response = self._ask("GET", path)
        return None if response.status_code in (403, 404) else _said(response)

    def post(self, path: str, **options: Any) -> dict[str, Any]:
        """HelloAsso knows no keys: who repeats this has looked first. Raises ProviderSaysNo."""
        return _said(self._ask("POST", path, **options))

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            with client("helloasso", self._url, {}) as web:
                for again in (False, True):
                    bearer = {"authorization": f"Bearer {self._token(again)}"}
                    response = web.request(method, path, headers=bearer, **options)
                    if response.status_code != 401:
                        return response
        except httpx.RequestError:
            raise ProviderAway from None
        raise NotLetIn


def _said(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == 429 or response.status_code >= 500:
        raise ProviderAway
    said = _json(response, only_good=False)
    if response.status_code != 200:
        first = mapped(next(iter(listed(said.get("errors"))), {}))
        raise ProviderSaysNo(str(first.get("message") or said.get("message") or response.status_code))
    return said


def _json(response: httpx.Response, *, only_good: bool = True) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        raise ProviderAway from None
    if not isinstance(said, dict) or (only_good and response.status_code != 200):
        raise ProviderAway
    return said
