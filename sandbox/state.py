"""Everything the simulator knows, in memory; kept in a snapshot when a state directory is given."""

import asyncio
import json
import os
import secrets
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sandbox.log import RequestLog
from sandbox.mail import Mailbox
from sandbox.microsoft.announcing import Announcer, is_over
from sandbox.microsoft.directory import DIRECTORY_PERMISSIONS, Missing, Organisation
from sandbox.microsoft.faults import Faults
from sandbox.microsoft.keys import Keys
from sandbox.microsoft.sessions import SignedIn
from sandbox.nameserver import Names
from sandbox.payments.world import World
from sandbox.receiver import Receiver
from sandbox.vault.server import Vault

CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000001"
MAIL_CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000002"
CLIENT_SECRET = "sandbox-secret"


@dataclass
class Client:
    """An app registration. Without redirect addresses, every reserved or local host name is accepted."""

    client_id: str = CLIENT_ID
    secret: str = CLIENT_SECRET
    name: str = "Campanile"
    redirect_uris: list[str] = field(default_factory=list)
    permissions: list[str] = field(default_factory=lambda: list(DIRECTORY_PERMISSIONS))
    logout_url: str = ""


def known_clients() -> dict[str, Client]:
    """The two registrations that the product's local settings name."""
    mail = Client(MAIL_CLIENT_ID, name="Campanile (mail)", permissions=["Mail.Send"])
    return {CLIENT_ID: Client(), MAIL_CLIENT_ID: mail}


class Tickets:
    """Opaque, unguessable strings that stand for something here; the oldest are forgotten."""

    def __init__(self, keep: int = 20_000):
        self._keep = keep
        self._held: OrderedDict[str, Any] = OrderedDict()

    def issue(self, prefix: str, thing: Any) -> str:
        ticket = prefix + secrets.token_urlsafe(24)
        self._held[ticket] = thing
        if len(self._held) > self._keep:
            self._held.popitem(last=False)
        return ticket

    def get(self, ticket: str) -> Any:
        return self._held.get(ticket)

    def clear(self) -> None:
        self._held.clear()


class State:
    def __init__(self, public_url: str, directory: Path | None = None, product_url: str = "", tells: str = "held"):
        self.public_url = public_url
        self.product_url = product_url
        self.tells = tells
        self.trap_port = 0
        self.directory = directory
        self.keys = Keys(directory)
        self.mailbox = Mailbox()
        self.log = RequestLog()
        self._save_task: asyncio.Task | None = None
        self.empty()

    def empty(self) -> None:
        self.organisations: dict[str, Organisation] = {}
        self.clients = known_clients()
        self.faults = Faults()
        self.wrong_tokens: list[dict[str, Any]] = []
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self.announcer = Announcer()
        self.clock_skew = 0
        self.reads = 0
        self.names = Names()
        self.receivers: dict[str, Receiver] = {}
        self.vault = Vault()
        self.payments = World(self.product_url, self.public_url, self.tells)
        self.token_lifetime = 3599
        self.codes = Tickets()
        self.access_tokens = Tickets()
        self.refresh_tokens = Tickets()
        self.links = Tickets()
        self.sessions: dict[str, SignedIn] = {}
        self.log.clear()
        self.mailbox.clear()

    # -- addresses and time ---------------------------------------------------------------------------

    @property
    def microsoft_url(self) -> str:
        return f"{self.public_url}/microsoft"

    @property
    def graph_url(self) -> str:
        return f"{self.public_url}/graph/v1.0"

    def now(self) -> float:
        """The provider's clock."""
        return time.time() + self.clock_skew

    def organisation(self, tid: str) -> Organisation:
        try:
            return self.organisations[tid]
        except KeyError:
            raise Missing(f"no organisation {tid}") from None

    def living_subscriptions(self) -> list[dict[str, Any]]:
        """Those whose end has not come; the others are forgotten, without a word, as Graph does."""
        over = [id_ for id_, subscription in self.subscriptions.items() if is_over(subscription, self.now())]
        for id_ in over:
            del self.subscriptions[id_]
        return list(self.subscriptions.values())

    # -- keeping --------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Tell subscribers what changed, and save soon; several changes in a row are one save."""
        self.announcer.look(self)
        if self.directory and (self._save_task is None or self._save_task.done()):
            self._save_task = asyncio.get_running_loop().create_task(self._save_soon())

    async def _save_soon(self) -> None:
        await asyncio.sleep(0.5)
        self.save()

    def save(self) -> None:
        if not self.directory:
            return
        target = self.directory / "state.json"
        fresh = target.with_suffix(".new")
        data = {
            "organisations": [organisation.snapshot() for organisation in self.organisations.values()],
            "clients": [asdict(client) for client in self.clients.values()],
            "subscriptions": list(self.subscriptions.values()),
            "clock_skew": self.clock_skew,
            "names": self.names.records,
            "mail": self.mailbox.snapshot(),
            "payments": self.payments.snapshot(),
        }
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(data, ensure_ascii=False))
        os.replace(fresh, target)

    def load(self) -> bool:
        """Take up what was saved; False when there is nothing (or nothing readable)."""
        source = self.directory / "state.json" if self.directory else None
        if source is None or not source.exists():
            return False
        try:
            data = json.loads(source.read_text())
            organisations = [Organisation.restored(item) for item in data["organisations"]]
            clients = [Client(**item) for item in data["clients"]]
        except (ValueError, KeyError, TypeError) as error:
            print(f"The saved state {source} cannot be read ({error!r}); starting afresh.", flush=True)
            return False
        self.organisations = {organisation.tid: organisation for organisation in organisations}
        self.clients = known_clients() | {client.client_id: client for client in clients}
        self.clock_skew = data.get("clock_skew", 0)
        self.subscriptions = {item["id"]: item for item in data.get("subscriptions", [])}
        self.names.records = dict(data.get("names", {}))
        self.mailbox.restore(data.get("mail", []))
        self.payments.restore(data.get("payments", {}))
        return True
