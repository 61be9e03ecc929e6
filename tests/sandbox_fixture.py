"""The simulator of the outside providers for tests: a real process, spoken to over real HTTP and SMTP.

    from tests.sandbox_fixture import sandbox, fresh_sandbox  # noqa: F401

`sandbox` lives as long as the test session; `fresh_sandbox` is the same process, emptied before the test.
What the simulator can do is described in sandbox/README.md.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.breakers import forget_breakers

ROOT = Path(__file__).resolve().parent.parent

LUMIERE = "11111111-1111-4111-8111-111111111111"
CURIE = "22222222-2222-4222-8222-222222222222"
AMPERE = "33333333-3333-4333-8333-333333333333"
CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000001"
CLIENT_SECRET = "sandbox-secret"


@dataclass(frozen=True)
class Answer:
    """Where the browser ends up after a page of Microsoft: address, parameters, and how they are sent."""

    method: str
    url: str
    params: dict[str, str] = field(default_factory=dict)


class SimulatorRefused(AssertionError):
    """The control API did not accept what the test asked for: the test is wrong."""


class Simulator:
    """One running simulator: its addresses, and everything a test may arrange in it."""

    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET

    def __init__(self, port: int, smtp_port: int, trap_port: int, dns_port: int):
        self.port = port
        self.smtp_port = smtp_port
        self.trap_port = trap_port
        self.dns_port = dns_port
        self.url = f"http://localhost:{port}"
        self.microsoft_url = f"{self.url}/microsoft"
        self.graph_url = f"{self.url}/graph/v1.0"
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False, verify=False)

    def close(self) -> None:
        self._http.close()

    def control(self, method: str, where: str, body: Any = None, /, **params: Any) -> Any:
        """One call of the control API; refuses loudly."""
        query = {name: value for name, value in params.items() if value is not None}
        response = self._http.request(method, f"/control{where}", json=body, params=query)
        if response.status_code >= 400:
            raise SimulatorRefused(f"{method} /control{where}: {response.status_code} {response.text[:400]}")
        return response.json()

    # -- everything -----------------------------------------------------------------------------------

    def reset(self, seed: str = "empty") -> None:
        """Forget everything: `empty` has no organisation, `demo` the three documented ones."""
        self.control("POST", "/reset", {"seed": seed})

    # -- organisations --------------------------------------------------------------------------------

    def add_organisation(self, name: str = "École Test", *, tid: str | None = None, **settings: Any) -> dict:
        """An organisation that has consented (consented=False: not yet); domain, page_size, ... as settings."""
        return self.control("POST", "/organisations", {"name": name, "tid": tid, **settings})

    def organisation(self, tid: str) -> dict:
        return self.control("GET", f"/organisations/{tid}")

    def change_organisation(self, tid: str, **settings: Any) -> dict:
        return self.control("PATCH", f"/organisations/{tid}", settings)

    def permissions(self, tid: str, permissions: list[str] | None, client_id: str = CLIENT_ID) -> None:
        """What the app may read in this organisation; None takes the consent away."""
        self.control("PUT", f"/organisations/{tid}/consents/{client_id}", {"permissions": permissions})

    # -- people and groups ----------------------------------------------------------------------------

    def add_people(
        self,
        tid: str,
        count: int = 0,
        *,
        people: list[dict] | None = None,
        group: str | None = None,
        **common: Any,
    ) -> list[dict]:
        """People by number (invented names) or one by one; `common` fields go to each; `group` takes them in."""
        body = {"count": count, "people": people or [], "group": group, "common": common}
        return self.control("POST", f"/organisations/{tid}/people", body)["people"]

    def people(self, tid: str, search: str | None = None, limit: int = 1000) -> list[dict]:
        return self.control("GET", f"/organisations/{tid}/people", search=search, limit=limit)["people"]

    def set_photo(self, tid: str, person_id: str, data: bytes | None) -> None:
        """What the directory holds as this person's photo; None takes it away."""
        address = f"/organisations/{tid}/people/{person_id}/photo"
        if data is None:
            self.control("DELETE", address)
        else:
            self.control("PUT", address, {"hex": data.hex()})

    def change_person(self, tid: str, person_id: str, **fields: Any) -> dict:
        return self.control("PATCH", f"/organisations/{tid}/people/{person_id}", fields)

    def delete_person(self, tid: str, person_id: str, *, forever: bool = False) -> None:
        self.control("DELETE", f"/organisations/{tid}/people/{person_id}", forever=str(forever).lower())

    def restore_person(self, tid: str, person_id: str) -> dict:
        return self.control("POST", f"/organisations/{tid}/people/{person_id}/restore")

    def groups(self, tid: str) -> list[dict]:
        return self.control("GET", f"/organisations/{tid}/groups")["groups"]

    def add_group(self, tid: str, name: str, members: list[str] | None = None, **fields: Any) -> dict:
        """A group; members are ids of people or of other groups."""
        return self.control(
            "POST", f"/organisations/{tid}/groups", {"displayName": name, "members": members or [], **fields}
        )

    def change_group(self, tid: str, group_id: str, **fields: Any) -> dict:
        return self.control("PATCH", f"/organisations/{tid}/groups/{group_id}", fields)

    def delete_group(self, tid: str, group_id: str) -> None:
        self.control("DELETE", f"/organisations/{tid}/groups/{group_id}")

    def change_members(
        self, tid: str, group_id: str, *, add: list[str] | None = None, remove: list[str] | None = None
    ) -> dict:
        return self.control(
            "POST",
            f"/organisations/{tid}/groups/{group_id}/members",
            {"add": add or [], "remove": remove or []},
        )

    # -- change notifications -------------------------------------------------------------------------

    def subscriptions(self, tid: str | None = None) -> list[dict]:
        found = self.control("GET", "/subscriptions")["subscriptions"]
        return [one for one in found if tid in (None, one["tenantId"])]

    def sent_notifications(self) -> list[dict]:
        """What was posted where, with the status of the answer."""
        return self.control("GET", "/subscriptions")["sent"]

    def silent(self, silent: bool = True) -> None:
        """Changes are not announced from now on, as if Microsoft had lost the notifications."""
        self.control("PUT", "/subscriptions", {"silent": silent})

    def notify(self, subscription_id: str, **changes: Any) -> None:
        """One notification now; `lifecycle="missed"` and the like for what Graph says about the subscription."""
        self.control("POST", f"/subscriptions/{subscription_id}", changes)

    def drop_subscription(self, subscription_id: str) -> None:
        self.control("DELETE", f"/subscriptions/{subscription_id}")

    # -- payment providers ----------------------------------------------------------------------------

    def account_at(self, provider: str, account: str, **facts: Any) -> dict:
        """An account at stripe, helloasso or bridge, with these facts changed."""
        return self.control("PUT", f"/payments/{provider}/accounts/{account}", facts)

    def deliveries(self, provider: str, account: str, kind: str = "", how: str = "good") -> list[dict]:
        """The requests (`headers`, `body`) with which the provider would tell it, in this order."""
        body = {"account": account, "kind": kind, "how": how}
        return self.control("POST", f"/payments/{provider}/deliveries", body)["deliveries"]

    def act(self, provider: str, name: str, id_: str, **facts: Any) -> dict:
        """Something happens at stripe or helloasso: sandbox/payments/*/acts.py."""
        return self.control("POST", f"/payments/{provider}/act", {"act": name, "id": id_, **facts})

    def told(self, provider: str) -> list[dict]:
        """What it tells of what happened (`kind`, `headers`, `body`), oldest first; in tests nothing goes out."""
        return self.control("GET", f"/payments/{provider}/told")["told"]

    def forget_told(self, provider: str) -> None:
        self.control("DELETE", f"/payments/{provider}/told")

    def pays(self, **settings: Any) -> None:
        """`telling` (provider: way), `slow_refunds`, `addresses`."""
        self.control("PUT", "/payments", settings)

    def away(self, *providers: str) -> None:
        """These payment providers answer 503 from now on; the others are well."""
        self.control("PUT", "/payments", {"away": list(providers)})

    # -- trouble --------------------------------------------------------------------------------------

    def fault(
        self,
        kind: str,
        *,
        tid: str = "*",
        operation: str = "*",
        page: int | None = None,
        times: int | None = 1,
        after: int = 0,
        match: str = "",
        **params: Any,
    ) -> dict:
        """Trouble at an operation (and page), `times` times (None: until cleared), after `after` good calls."""
        body = {
            "kind": kind,
            "tid": tid,
            "operation": operation,
            "page": page,
            "times": times,
            "after": after,
        }
        return self.control("POST", "/faults", {**body, "match": match, **params})

    def faults(self) -> list[dict]:
        return self.control("GET", "/faults")["faults"]

    def clear_faults(self) -> None:
        """The provider is well again, and the product's circuit breakers have noticed: tests do not wait for that."""
        self.control("DELETE", "/faults")
        forget_breakers()

    def wrong_token(self, how: str, *, tid: str = "*", times: int | None = 1, **params: Any) -> dict:
        """The next ID token is wrong in this way."""
        return self.control("POST", "/wrong-tokens", {"how": how, "tid": tid, "times": times, **params})

    def wrong_token_kinds(self) -> list[str]:
        return list(self.control("GET", "/wrong-tokens")["kinds"])

    def clear_wrong_tokens(self) -> None:
        self.control("DELETE", "/wrong-tokens")

    def clock(self, skew_seconds: int = 0) -> None:
        """The provider's clock, against the machine's: shifts the times in tokens."""
        self.control("PUT", "/clock", {"skew_seconds": skew_seconds})

    def rotate_keys(self, *, keep_old: bool = True) -> None:
        self.control("POST", "/keys/rotate", {"keep_old": keep_old})

    # -- DNS ------------------------------------------------------------------------------------------

    def publish(self, name: str, *values: str) -> None:
        """The TXT records of this name from now on; none takes them away."""
        self.control("PUT", "/dns", {"name": name, "values": list(values)})

    def dns_outage(self, kind: str | None) -> None:
        """servfail, refused or silent; None: it answers again."""
        self.control("PUT", "/dns/outage", {"kind": kind})

    def names_asked(self) -> list[str]:
        return self.control("GET", "/dns")["asked"]

    # -- receivers of webhooks ------------------------------------------------------------------------

    def receiver(self, name: str, **answers: Any) -> str:
        """The address of a receiver that answers like this: status, text, headers, seconds, cut, times, secret."""
        self.control("PUT", f"/receivers/{name}", answers)
        return f"{self.url}/receiver/{name}"

    def received(self, name: str) -> list[dict]:
        """What it was sent, oldest first: headers, said, body, verdict, status."""
        return self.control("GET", f"/receivers/{name}")["messages"]

    # -- Vault ----------------------------------------------------------------------------------------

    def vault(self, **arranged: Any) -> None:
        """path and data write a secret (mount "secret" unless named); sealed, forbidden, version_one."""
        self.control("PUT", "/vault", arranged)

    @property
    def vault_url(self) -> str:
        return f"{self.url}/vault"

    # -- what happened --------------------------------------------------------------------------------

    def requests(
        self,
        *,
        operation: str | None = None,
        tid: str | None = None,
        path: str | None = None,
        provider: str | None = None,
    ) -> list[dict]:
        """The calls that reached the providers, oldest first; `path` is a part of it."""
        found = self.control("GET", "/requests", operation=operation, tid=tid, path=path, provider=provider)
        return found["requests"]

    def clear_requests(self) -> None:
        self.control("DELETE", "/requests")

    def mail(self, to: str | None = None, *, wait: float = 0) -> list[dict]:
        """Messages that arrived, oldest first: id, sender, to, subject, text, html, links, headers.

        `wait` seconds at most until there is one.
        """
        deadline = time.monotonic() + wait
        while True:
            found = self.control("GET", "/mail", to=to)["messages"]
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(0.05)

    def clear_mail(self) -> None:
        self.control("DELETE", "/mail")

    # -- what a person does in the browser ------------------------------------------------------------

    def sign_in(self, authorize_url: str, person: str | None = None) -> Answer:
        """Choose this person (object id, UPN or mail) on Microsoft's page, or None to give up."""
        return self._answer(authorize_url, {"person": person} if person else {"cancel": "1"})

    def admin_consent(self, consent_url: str, admin: str | None = None, *, accept: bool = True) -> Answer:
        """This admin accepts (or refuses) the app on Microsoft's page."""
        return self._answer(consent_url, {"person": admin or "", "answer": "accept" if accept else "refuse"})

    def _answer(self, url: str, form: dict[str, str]) -> Answer:
        address = urlsplit(url)
        response = self._http.post(
            address.path,
            params=parse_qsl(address.query, keep_blank_values=True),
            data=form,
            headers={"accept": "application/json"},
        )
        if response.status_code >= 400:
            raise SimulatorRefused(f"Microsoft's page refused: {response.status_code} {response.text[:400]}")
        return Answer(**response.json())


def start(directory: Path, *arguments: str) -> tuple[subprocess.Popen, Simulator]:
    """Start a simulator on free ports; its log is in the directory."""
    ready = directory / "ready.json"
    ready.unlink(missing_ok=True)
    log = directory / "sandbox.log"
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--smtp-port", "0", "--dns-port", "0"]
    command += ["--ready-file", str(ready)]
    with log.open("ab") as output:
        process = subprocess.Popen([*command, *arguments], cwd=ROOT, stdout=output, stderr=output)
    deadline = time.monotonic() + 60
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise RuntimeError(f"the simulator did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.02)
    return process, Simulator(**json.loads(ready.read_text()))


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(directory: Path, *arguments: str) -> Iterator[Simulator]:
    process, simulator = start(directory, *arguments)
    try:
        yield simulator
    finally:
        simulator.close()
        stop(process)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A simulator for the whole session, with the demo organisations until a test resets it."""
    with running(tmp_path_factory.mktemp("sandbox"), "--seed", "demo") as simulator:
        yield simulator


@pytest.fixture
def fresh_sandbox(sandbox: Simulator) -> Simulator:
    """The session's simulator without organisations, faults, mail or history."""
    sandbox.reset()
    return sandbox
