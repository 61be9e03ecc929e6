"""Trouble on demand: what goes wrong, where, at which page, how many times.

A fault is matched by organisation, operation, page number and a part of the path. Faults are asked in the order in
which they were set; all delays and changes of the body that match apply together, and the first answer that
replaces the page ends the matter.
"""

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

DELAYS = {
    "delay": "wait `seconds` (default 0.2), then answer",
    "hang": "wait `seconds` (default 60), then answer",
}
CHANGES = {
    "missing_value": "the page has no `value`",
    "null_value": "`value` is null",
    "empty_page": "an additional page without people, with a nextLink to the real one",
    "no_next_link": "the page claims to be the last one",
    "loop": "nextLink points to the page `to_page` (default 1)",
    "next_link": "nextLink points elsewhere: `to` is host, scheme, port, userinfo, path or subdomain",
    "duplicates": "`count` (default 5) people of the page before (or of this page) come again",
    "shuffled": "the page in another order",
    "missing_items": "the last `count` (default 1) people of the page are left out",
    "null_members": "everything but the id is null, as with too narrow a permission",
    "wrong_count": "the count is off by `by` (default -1)",
    "replayed_change": "delta: changes that were told before are told again",
}
ANSWERS = {
    "too_many_requests": "429, with `retry_after` seconds (default 1; null: without the header)",
    "server_error": "500",
    "bad_gateway": "502",
    "unavailable": "503, with `retry_after` (default: without)",
    "gateway_timeout": "504",
    "status": "any `status` with `code` and `message`",
    "forbidden": "403 Authorization_RequestDenied",
    "not_found": "404 Request_ResourceNotFound",
    "gone": "410 with a Location that starts again",
    "sync_state_not_found": "400 syncStateNotFound",
    "page_token_expired": "400 Directory_ExpiredPageToken",
    "token_expired": "401; this access token is dead from now on, a new one works",
    "claims_challenge": "401 with a claims challenge (continuous access evaluation)",
    "html": "200 with an HTML page instead of JSON",
    "empty_body": "200 with no body at all",
    "redirect": "302 to `location`",
    "aadsts": "identity: the error of the AADSTS `code` (for example 65001)",
}
BREAKS = {
    "truncated": "valid HTTP, but the JSON stops in the middle",
    "cut": "the connection ends in the middle of the announced body",
    "reset": "the connection is reset in the middle of the body",
}
OPERATIONS = [
    "discovery", "keys", "authorize", "adminconsent", "token", "token.code", "token.app", "token.refresh",
    "organization", "me", "users", "user", "users_count", "users_delta", "groups", "group", "groups_count",
    "groups_delta", "members", "transitive_members", "members_count", "nested_groups", "batch", "subscriptions",
    "send_mail",
]  # fmt: skip
KINDS = DELAYS | CHANGES | ANSWERS | BREAKS


FIELD_TYPES: dict[str, Any] = {
    "tid": str,
    "operation": str,
    "page": int | None,
    "times": int | None,
    "after": int,
    "match": str,
}


class UnknownFault(Exception):
    pass


@dataclass
class Fault:
    id: int
    kind: str
    tid: str = "*"
    operation: str = "*"
    page: int | None = None
    times: int | None = 1
    after: int = 0
    match: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    used: int = 0

    def concerns(self, tid: str, operation: str, page: int, path: str) -> bool:
        return (
            self.tid in ("*", tid)
            and (self.operation in ("*", operation) or operation.startswith(f"{self.operation}."))
            and self.page in (None, page)
            and self.match in path
        )

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    def take(self) -> bool:
        """Is it this call's turn? Counts the call."""
        self.seen += 1
        if self.seen <= self.after or self.spent:
            return False
        self.used += 1
        return True

    def number(self, name: str, default: float) -> float:
        value = self.params.get(name)
        return float(value) if isinstance(value, int | float) else default


@dataclass
class Trouble:
    """What one request has to suffer."""

    seconds: float = 0
    changes: list[Fault] = field(default_factory=list)
    answer: Fault | None = None

    def __bool__(self) -> bool:
        return bool(self.seconds or self.changes or self.answer)

    @property
    def names(self) -> list[str]:
        return [fault.kind for fault in [*self.changes, *([self.answer] if self.answer else [])]] + (
            [f"waited {self.seconds:g} s"] if self.seconds else []
        )


class Faults:
    def __init__(self) -> None:
        self.queue: list[Fault] = []
        self._ids = count(1)

    def add(self, kind: str, **fields: Any) -> Fault:
        if kind not in KINDS:
            raise UnknownFault(f"no fault is called {kind!r}; there are: {', '.join(KINDS)}")
        known = {name: fields.pop(name) for name in FIELD_TYPES if name in fields}
        for name, value in known.items():
            if not isinstance(value, FIELD_TYPES[name]) or isinstance(value, bool):
                raise UnknownFault(f"{name} of a fault cannot be {value!r}")
        fault = Fault(next(self._ids), kind, **known, params=fields)
        self.queue.append(fault)
        return fault

    def remove(self, id_: int) -> bool:
        before = len(self.queue)
        self.queue = [fault for fault in self.queue if fault.id != id_]
        return len(self.queue) < before

    def clear(self) -> None:
        self.queue = []

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) | {"spent": fault.spent, "says": KINDS[fault.kind]} for fault in self.queue]

    def take(self, tid: str, operation: str, page: int, path: str) -> Trouble:
        trouble = Trouble()
        for fault in self.queue:
            if not fault.concerns(tid, operation, page, path) or not fault.take():
                continue
            if fault.kind in DELAYS:
                trouble.seconds += fault.number("seconds", 60 if fault.kind == "hang" else 0.2)
            elif fault.kind in CHANGES:
                trouble.changes.append(fault)
            else:
                trouble.answer = fault
                break
        return trouble


# -- changes of a page ------------------------------------------------------------------------------------


@dataclass
class Page:
    """A page on its way out, and what a fault needs to spoil it."""

    body: dict[str, Any]
    number: int
    here: str  # an address that gives this page again
    link_to: Callable[[int], str]  # the address of another page of the same read
    before: Callable[[], list[dict[str, Any]]]  # the items of the page before
    elsewhere: Callable[[str, str], str]  # an address made wrong


def _missing_value(page: Page, fault: Fault) -> None:
    page.body.pop("value", None)


def _null_value(page: Page, fault: Fault) -> None:
    page.body["value"] = None


def _empty_page(page: Page, fault: Fault) -> None:
    page.body["value"] = []
    page.body.pop("@odata.deltaLink", None)
    page.body["@odata.nextLink"] = page.here


def _no_next_link(page: Page, fault: Fault) -> None:
    page.body.pop("@odata.nextLink", None)


def _loop(page: Page, fault: Fault) -> None:
    page.body["@odata.nextLink"] = page.link_to(int(fault.number("to_page", 1)))


def _next_link(page: Page, fault: Fault) -> None:
    link = page.body.get("@odata.nextLink") or page.here
    page.body["@odata.nextLink"] = page.elsewhere(link, fault.params.get("to", "host"))


def _duplicates(page: Page, fault: Fault) -> None:
    number = int(fault.number("count", 5))
    again = page.before()[-number:] or page.body["value"][:number]
    page.body["value"] = again + page.body["value"]


def _shuffled(page: Page, fault: Fault) -> None:
    random.Random(f"{page.number}/{fault.used}").shuffle(page.body["value"])


def _missing_items(page: Page, fault: Fault) -> None:
    page.body["value"] = page.body["value"][: -int(fault.number("count", 1))]


def _null_members(page: Page, fault: Fault) -> None:
    for item in page.body["value"]:
        for name in item:
            if name not in ("id", "@odata.type"):
                item[name] = None


def _wrong_count(page: Page, fault: Fault) -> None:
    if "@odata.count" in page.body:
        page.body["@odata.count"] += int(fault.number("by", -1))


def _nothing(page: Page, fault: Fault) -> None:
    """Handled where the page is made."""


SPOIL: dict[str, Callable[[Page, Fault], None]] = {
    "missing_value": _missing_value,
    "null_value": _null_value,
    "empty_page": _empty_page,
    "no_next_link": _no_next_link,
    "loop": _loop,
    "next_link": _next_link,
    "duplicates": _duplicates,
    "shuffled": _shuffled,
    "missing_items": _missing_items,
    "null_members": _null_members,
    "wrong_count": _wrong_count,
    "replayed_change": _nothing,
}


def spoil(page: Page, faults: list[Fault]) -> None:
    for fault in faults:
        if page.body.get("value") is not None or fault.kind in ("loop", "next_link", "no_next_link"):
            SPOIL[fault.kind](page, fault)
