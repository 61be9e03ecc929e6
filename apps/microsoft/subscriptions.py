"""Asking Graph to announce changes: create, renew, end and list subscriptions.

Unlike readings these calls write, so nothing is repeated blindly: a fault is the caller's, who looks at the list
before asking again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

import httpx
from django.utils.translation import gettext_lazy as _

from .errors import GraphConfused, GraphError, GraphNotFound, GraphThrottled, error_code, error_of_status
from .graph import Graph, claims_challenge

CHANGES: Final = "updated,deleted"  # all that Graph tells about groups
MOST_PAGES: Final = 50


class GraphUnreachableHook(GraphError):
    """Microsoft called our address before it made the subscription, and did not get the right answer in time."""

    code = "graph-hook"
    retry = True
    sentence = _("Microsoft could not reach Campanile to confirm the announcements. It is tried again by itself.")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription as Graph has it."""

    graph_id: str
    resource: str
    address: str
    expires_at: datetime


class GraphSubscriptions:
    """The subscriptions of our registration in one organisation. Raises GraphError subclasses only."""

    def __init__(self, tenant_id: str, **options: Any) -> None:
        self.graph = Graph(tenant_id, **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.graph.close()

    def create(self, *, group_id: str, address: str, client_state: str, expires_at: datetime) -> Subscription:
        """Subscribe to one group. Graph calls `address` and waits for the echo before it answers."""
        body = {
            "changeType": CHANGES,
            "notificationUrl": address,
            "lifecycleNotificationUrl": address,
            "resource": f"groups/{group_id}",
            "expirationDateTime": stamp(expires_at),
            "clientState": client_state,
        }
        return _subscription(self._write("POST", self.graph.address("subscriptions"), body))

    def renew(self, graph_id: str, *, expires_at: datetime) -> datetime:
        """A later end, which also answers a demand to authorise again; the end that Graph granted."""
        body = {"expirationDateTime": stamp(expires_at)}
        return _subscription(self._write("PATCH", self.graph.address("subscriptions", graph_id), body)).expires_at

    def end(self, graph_id: str) -> None:
        """Nothing more is announced. One that is gone already counts as ended."""
        try:
            self._write("DELETE", self.graph.address("subscriptions", graph_id), None)
        except GraphNotFound:
            return

    def all(self) -> list[Subscription]:
        """Every subscription of our registration in this organisation."""
        found: list[Subscription] = []
        for page in self.graph.pages(self.graph.address("subscriptions")):
            found += [_subscription(item) for item in page.items]
            if page.number >= MOST_PAGES:
                raise GraphConfused("more subscriptions than we ever made")
        return found

    def _write(self, method: str, url: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """One call; a token that was refused is renewed once. The body of the answer, {} when there is none."""
        claims: str | None = None
        for last in (False, True):
            try:
                answer = self._send(method, url, body, claims)
            except httpx.RequestError as broken:
                raise error_of_status(503, None) from broken
            if answer.status_code == 401 and not last:
                claims = claims_challenge(answer)
                self.graph._tokens.forget(self.graph.app, self.graph.tenant_id)
                continue
            return _accepted(answer)
        raise AssertionError("unreachable: the second try returns or raises")

    def _send(self, method: str, url: str, body: Mapping[str, Any] | None, claims: str | None) -> httpx.Response:
        graph = self.graph
        bearer = graph._tokens.get(graph.app, graph.tenant_id, claims=claims)
        headers = {"authorization": f"Bearer {bearer}", "accept": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["content-type"] = "application/json"
        return graph._connection().request(
            method, graph._own(url), content=content, headers=headers, follow_redirects=False
        )


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _accepted(answer: httpx.Response) -> dict[str, Any]:
    try:
        body: object = json.loads(answer.content) if answer.content else {}
    except ValueError:
        body = None
    if answer.status_code in (200, 201, 204) and isinstance(body, dict):
        return body
    if answer.status_code in (429, 503) and "retry-after" in answer.headers:
        after = answer.headers["retry-after"]
        raise GraphThrottled(float(after) if after.isdigit() else 60.0, f"status {answer.status_code}")
    if answer.status_code == 400 and error_code(body) == "validationerror":
        raise GraphUnreachableHook("status 400 validationerror")
    raise error_of_status(answer.status_code, body)


def _subscription(item: Mapping[str, Any]) -> Subscription:
    names = ("id", "resource", "notificationUrl", "expirationDateTime")
    graph_id, resource, address, expires = (item.get(name) for name in names)
    if not isinstance(graph_id, str) or not 0 < len(graph_id) <= 64:
        raise GraphConfused("a subscription without its id")
    try:
        expires_at = datetime.fromisoformat(str(expires).replace("Z", "+00:00"))
    except ValueError:
        raise GraphConfused("a subscription without its end") from None
    if expires_at.tzinfo is None:
        expires_at = expires_at.replace(tzinfo=UTC)
    return Subscription(graph_id, str(resource or ""), str(address or ""), expires_at)
