"""How Stripe is called: one account, one mode, forms with brackets, a key for everything that does something."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from .asking import ProviderAway, ProviderRefuses, ProviderSaysNo, api_of, client, listed, mapped

VERSION: Final = "2026-10-28.endive"
PER_PAGE: Final = 100
MOST_PAGES: Final = 50
LATER: Final = frozenset({409, 429})


class Calls:
    """Calls about one connected account (none: the platform itself). Raises ProviderAway, ProviderRefuses."""

    def __init__(self, is_live: bool | None, account: str = "") -> None:
        api = api_of("stripe", is_live)
        self._url = api["url"]
        self._headers = {"authorization": f"Bearer {api['key']}", "stripe-version": VERSION}
        if account:
            self._headers["stripe-account"] = account

    def get(self, path: str, **params: Any) -> dict[str, Any] | None:
        """None: there is no such thing, or not for us (any more)."""
        response = self._ask("GET", path, params=flat(params))
        if response.status_code in (403, 404):
            return None
        return _said(response)

    def all(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, newest first. Raises ProviderSaysNo."""
        after: dict[str, str] = {}
        for _page in range(MOST_PAGES):
            said = _said(self._ask("GET", path, params=flat({**params, "limit": PER_PAGE, **after})))
            rows = [mapped(row) for row in listed(said.get("data"))]
            yield from rows
            if not said.get("has_more") or not rows:
                return
            after = {"starting_after": str(rows[-1].get("id"))}
        raise ProviderAway

    def post(self, path: str, params: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """`key`: of this wish; the same wish again is not done again. Raises ProviderSaysNo."""
        headers = {"idempotency-key": key}
        if path.startswith("/v2/"):
            return _said(self._ask("POST", path, headers=headers, json=params))
        return _said(self._ask("POST", path, headers=headers, data=flat(params)))

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            with client("stripe", self._url, self._headers) as web:
                return web.request(method, path, **options)
        except httpx.RequestError:
            raise ProviderAway from None


def _said(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == 401:
        raise ProviderRefuses
    if response.status_code in LATER or response.status_code >= 500:
        raise ProviderAway
    try:
        said = mapped(response.json())
    except ValueError:
        raise ProviderAway from None
    if response.status_code != 200:
        error = mapped(said.get("error"))
        raise ProviderSaysNo(str(error.get("message") or error.get("code") or response.status_code))
    return said


def flat(params: Mapping[str, Any], inside: str = "") -> dict[str, str]:
    """{"a": {"b": [1]}} as a[b][0]=1; what is None is left out."""
    found: dict[str, str] = {}
    for name, value in params.items():
        place = f"{inside}[{name}]" if inside else name
        if isinstance(value, Mapping):
            found |= flat(value, place)
        elif isinstance(value, list | tuple):
            found |= flat({str(number): one for number, one in enumerate(value)}, place)
        elif isinstance(value, bool):
            found[place] = "true" if value else "false"
        elif value is not None:
            found[place] = str(value)
    return found
