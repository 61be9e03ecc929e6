"""What the generated clients stand on: one request, one answer, one kind of error."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    """A thing and its version: send `etag` as `if_match` to change it."""

    value: T
    etag: str


class Problem(Exception):
    """A refusal (problem details): `code` is for programs, `title` for people, `errors` names fields."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(f"{status} {body.get('code', '')}: {body.get('title', '')}")
        self.status = status
        self.code: str = body.get("code", "")
        self.title: str = body.get("title", "")
        self.errors: dict[str, list[str]] = dict(body.get("errors", {}))
        self.request_id: str = body.get("request_id", headers.get("X-Request-ID", ""))
        self.retry_after = int(headers.get("Retry-After", "0"))


class Client:
    """One host and one bearer token. `http` may be a client of your own, with proxies or other time-outs."""

    def __init__(self, base_url: str, token: str = "", *, http: httpx.Client | None = None) -> None:
        self.token = token
        self._base = base_url.rstrip("/")
        self._http = http or httpx.Client(timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str],
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> tuple[Any, str]:
        """The answer and its version ("" without one). Raises Problem."""
        address = self._base + path.format(**{name: quote(str(value), safe="") for name, value in ids.items()})
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        response = self._http.request(method, address, params=given, json=body, headers=sent)
        if response.status_code >= 400:
            raise Problem(response.status_code, _body(response), response.headers)
        return (response.json() if response.content else None), response.headers.get("ETag", "")


def every(listing: Callable[..., Any], *ids: str, **query: Any) -> Iterator[Any]:
    """All entries of a list, page by page."""
    cursor: str | None = None
    while True:
        page = listing(*ids, **query, **({"cursor": cursor} if cursor else {}))
        yield from page["results"]
        cursor = page["next"]
        if not cursor:
            return


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
