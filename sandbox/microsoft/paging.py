"""Pages of a long list: a first request, then opaque links that say nothing and must be followed as they are."""

import random
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from sandbox.microsoft.directory import Organisation
from sandbox.microsoft.errors import GraphError
from sandbox.state import State

DEFAULT_SIZE = 100
LARGEST = 999


@dataclass(frozen=True)
class Reading:
    """One read of a list, from its first page on; the list does not change under it."""

    operation: str
    tid: str
    path: str  # under graph_url; the pages after the first live there
    ids: tuple[str, ...]
    size: int
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cursor:
    reading: Reading
    number: int = 1

    @property
    def ids(self) -> tuple[str, ...]:
        start = (self.number - 1) * self.reading.size
        return self.reading.ids[start : start + self.reading.size]

    @property
    def last(self) -> bool:
        return self.number * self.reading.size >= len(self.reading.ids)

    def at(self, number: int) -> "Cursor":
        return replace(self, number=max(1, number))


def page_size(organisation: Organisation, top: str | None) -> int:
    if top is None:
        return min(DEFAULT_SIZE, organisation.page_size)
    if not top.isascii() or not top.isdigit() or not 1 <= int(top) <= LARGEST:
        raise GraphError(
            400,
            "Request_UnsupportedQuery",
            f"Invalid page size specified: '{top}'. Must be between 1 and {LARGEST} inclusive.",
        )
    return min(int(top), organisation.page_size)


def ordered(state: State, organisation: Organisation, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The list as it is, or in an order of its own for each read."""
    if not organisation.shuffle:
        return ids
    shuffled = list(ids)
    state.reads += 1
    random.Random(f"{organisation.tid}/{state.reads}").shuffle(shuffled)
    return tuple(shuffled)


def link(state: State, cursor: Cursor, word: str = "$skiptoken") -> str:
    ticket = state.links.issue("RFNwdAIAAQ", cursor)
    return f"{state.graph_url}{cursor.reading.path}?{word}={ticket}"


def followed(state: State, ticket: str, operation: str, tid: str) -> Cursor:
    """The page behind a link; a link of another list or organisation is refused."""
    cursor = state.links.get(ticket)
    if not isinstance(cursor, Cursor) or cursor.reading.operation != operation or cursor.reading.tid != tid:
        raise GraphError(
            400,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired and can no longer be included in your request.",
        )
    return cursor


def wrong_address(state: State, address: str, how: str) -> str:
    """A link that a careful client must not follow. `host` and `port` do reach this simulator, so that a leak shows."""
    parts = urlsplit(address)
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    other = "127.0.0.1" if parts.hostname != "127.0.0.1" else "localhost"
    wrong = {
        "host": f"{parts.scheme}://{other}:{parts.port}{rest}",
        "scheme": f"{'https' if parts.scheme == 'http' else 'http'}://{parts.netloc}{rest}",
        "port": f"{parts.scheme}://{parts.hostname}:{state.trap_port}{rest}",
        "userinfo": f"{parts.scheme}://{parts.netloc}@{other}:{parts.port}{rest}",
        "subdomain": f"{parts.scheme}://{parts.hostname}.evil.example:{parts.port}{rest}",
        "path": f"{parts.scheme}://{parts.netloc}/elsewhere{rest}",
        "relative": rest,
        "protocol_relative": f"//{other}:{parts.port}{rest}",
    }
    if how not in wrong:
        raise ValueError(f"next_link goes to one of {', '.join(wrong)}, not {how!r}")
    return wrong[how]
