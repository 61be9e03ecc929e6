"""Change notifications: what changed in an organisation is told to whoever subscribed to it.

As Graph does it: in batches per address, at least once, with the subscription's secret in each entry, tried again
when the answer is not 2xx, and with a `missed` lifecycle notification when it had to be given up.
"""

import asyncio
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

if TYPE_CHECKING:
    from sandbox.microsoft.directory import Change, Organisation
    from sandbox.state import State

Subscription = dict[str, Any]
TRIES = (0.5, 1.0, 2.0)  # seconds before the second, third, ... try
ANSWER_SECONDS = 3
KEPT = 500


class LocalNames(httpx.AsyncHTTPTransport):
    """`*.localhost` is this machine (RFC 6761), as in browsers; Python asks the DNS, which knows nothing of it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".localhost"):
            request.headers["host"] = request.url.netloc.decode("ascii")
            request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


def client(seconds: float) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=seconds, trust_env=False, transport=LocalNames())


def is_acceptable(address: str) -> bool:
    """Graph calls https addresses only; on this machine plain http is enough."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    local = host.endswith(".localhost") or host in ("localhost", "127.0.0.1")
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and local))


class Announcer:
    """Reads the journals of all organisations and tells the subscribers. `silent`: changes are not told at all."""

    def __init__(self) -> None:
        self.silent = False
        self.told: dict[str, int] = {}  # organisation -> how much of its journal
        self.sent: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def look(self, state: "State") -> None:
        """Tell what has changed since the last look. Needs a running loop."""
        for tid, organisation in state.organisations.items():
            since = self.told.get(tid, 0)
            self.told[tid] = len(organisation.journal)
            fresh = organisation.journal[since:]
            if fresh and not self.silent:
                self._tell(state, organisation, fresh)

    def lifecycle(self, state: "State", subscription: Subscription, event: str) -> None:
        entry = _entry(subscription, lifecycleEvent=event)
        address = subscription["lifecycleNotificationUrl"]
        if address:
            self._post(state, address, [entry], [])

    def send(self, state: "State", subscription: Subscription, **changes: Any) -> None:
        """One notification by hand, with whatever the test wants to be wrong in it."""
        entry = _of_group(subscription, subscription["resource"].rpartition("/")[2], "updated") | changes
        self._post(state, subscription["notificationUrl"], [entry], [])

    def _tell(self, state: "State", organisation: "Organisation", fresh: Iterable["Change"]) -> None:
        changed: dict[str, str] = {}
        for change in fresh:
            if change.kind in ("group", "member"):
                gone = change.kind == "group" and change.removed == "deleted"
                changed[change.id] = "deleted" if gone else "updated"
        batches: dict[str, list[tuple[Subscription, dict[str, Any]]]] = {}
        for subscription in state.living_subscriptions():
            if subscription["tenantId"] != organisation.tid:
                continue
            for group_id, kind in changed.items():
                wanted = subscription["resource"].strip("/").lower() in ("groups", f"groups/{group_id}")
                if wanted and kind in subscription["changeType"].split(","):
                    entry = _of_group(subscription, group_id, kind)
                    batches.setdefault(subscription["notificationUrl"], []).append((subscription, entry))
        for address, batch in batches.items():
            self._post(state, address, [entry for _, entry in batch], [one for one, _ in batch])

    def _post(self, state: "State", address: str, entries: list[dict[str, Any]], told: list[Subscription]) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(state, address, entries, told))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, state: "State", address: str, entries: list[dict[str, Any]], told: list[Subscription]
    ) -> None:
        for pause in (0.0, *TRIES):
            await asyncio.sleep(pause)
            status = await self._try(address, entries)
            if 200 <= status < 300:
                return
        for subscription in {one["id"]: one for one in told}.values():
            if subscription["id"] in state.subscriptions:
                self.lifecycle(state, subscription, "missed")

    async def _try(self, address: str, entries: list[dict[str, Any]]) -> int:
        status = 0
        try:
            async with client(ANSWER_SECONDS) as http:
                status = (await http.post(address, json={"value": entries})).status_code
        except httpx.HTTPError:
            pass
        self.sent.append({"address": address, "entries": entries, "status": status})
        del self.sent[:-KEPT]
        return status


def _entry(subscription: Subscription, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "subscriptionId": subscription["id"],
        "subscriptionExpirationDateTime": subscription["expirationDateTime"],
        "clientState": subscription["clientState"],
        "tenantId": subscription["tenantId"],
    } | more


def _of_group(subscription: Subscription, group_id: str, kind: str) -> dict[str, Any]:
    data = {"@odata.type": "#Microsoft.Graph.Group", "@odata.id": f"Groups/{group_id}", "id": group_id}
    return _entry(subscription, changeType=kind, resource=f"Groups/{group_id}", resourceData=data)


def is_over(subscription: Subscription, now: float) -> bool:
    when = datetime.fromisoformat(subscription["expirationDateTime"].replace("Z", "+00:00"))
    return when <= datetime.fromtimestamp(now, UTC)
