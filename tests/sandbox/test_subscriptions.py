"""A subscription exists only after its address has answered the handshake."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.live import wait_until
from tests.sandbox.client import Graph
from tests.sandbox_fixture import LUMIERE


class Hook(BaseHTTPRequestHandler):
    """`/good` shakes hands, `/bad` does not; notifications are kept, and refused as often as `refuse` says."""

    got: ClassVar[list[dict]] = []
    refuse: ClassVar[int] = 0

    def do_POST(self):
        query = parse_qs(urlsplit(self.path).query)
        if "validationToken" not in query:
            self.notified()
            return
        token = query["validationToken"][0]
        answer = (token if self.path.startswith("/good") else "something else").encode()
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        self.wfile.write(answer)

    def notified(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Hook.got.append({"path": self.path, "host": self.headers["host"], "value": json.loads(body)["value"]})
        Hook.refuse -= 1
        self.send_response(500 if Hook.refuse >= 0 else 202)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hook():
    Hook.got, Hook.refuse = [], 0
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def graph(fresh_sandbox):
    fresh_sandbox.add_organisation("École Test", tid=LUMIERE)
    with Graph(fresh_sandbox) as graph:
        yield graph


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def create(graph, address, **changes):
    body = {"changeType": "updated,deleted", "notificationUrl": address, "resource": "groups", "clientState": "secret",
            "expirationDateTime": in_days(10)}  # fmt: skip
    return graph.http.post(f"{graph.simulator.graph_url}/subscriptions", json=body | changes, headers=graph.headers)


def test_create_renew_and_delete(graph, hook):
    made = create(graph, f"{hook}/good", lifecycleNotificationUrl=f"{hook}/good/life")
    assert made.status_code == 201
    address = f"{graph.simulator.graph_url}/subscriptions/{made.json()['id']}"
    renewed = graph.http.patch(address, json={"expirationDateTime": in_days(20)}, headers=graph.headers)
    assert renewed.json()["expirationDateTime"] > made.json()["expirationDateTime"]
    assert len(graph.get("/subscriptions").json()["value"]) == 1
    assert graph.http.delete(address, headers=graph.headers).status_code == 204
    assert graph.get(address).status_code == 404


def test_refused_without_a_good_handshake_or_too_long(graph, hook):
    assert create(graph, f"{hook}/bad").status_code == 400
    assert create(graph, "http://127.0.0.1:1/nobody").status_code == 400
    assert create(graph, f"{hook}/good", expirationDateTime=in_days(40)).status_code == 400
    assert graph.get("/subscriptions").json()["value"] == []


def heard(count: int) -> list[dict]:
    """So many notifications, one by one."""
    return wait_until(lambda: len(found := [e for post in Hook.got for e in post["value"]]) >= count and found)


def test_a_change_of_the_group_is_announced_with_the_secret(graph, hook):
    sim = graph.simulator
    group, other = sim.add_group(LUMIERE, "Étudiants")["id"], sim.add_group(LUMIERE, "Autres")["id"]
    made = create(graph, f"{hook}/good", resource=f"groups/{group}").json()
    person = sim.add_people(LUMIERE, 1)[0]["id"]
    sim.change_members(LUMIERE, other, add=[person])
    sim.change_members(LUMIERE, group, add=[person])
    (entry,) = heard(1)
    assert entry["subscriptionId"] == made["id"] and entry["clientState"] == "secret"
    assert (entry["tenantId"], entry["changeType"], entry["resource"]) == (LUMIERE, "updated", f"Groups/{group}")
    assert entry["resourceData"]["id"] == group
    sim.delete_group(LUMIERE, group)
    assert heard(2)[1]["changeType"] == "deleted"


def test_names_under_localhost_are_this_machine(graph, hook):
    port = hook.rpartition(":")[2]
    assert create(graph, f"http://hooks.campanile.localhost:{port}/good", resource="groups").status_code == 201
    graph.simulator.add_group(LUMIERE, "Étudiants")
    heard(1)
    assert Hook.got[0]["host"] == f"hooks.campanile.localhost:{port}"


def test_only_https_or_this_machine(graph, hook):
    assert create(graph, "http://school.example/good").status_code == 400


def test_refused_it_comes_again_and_given_up_it_says_so(graph, hook):
    create(graph, f"{hook}/good", resource="groups", lifecycleNotificationUrl=f"{hook}/life?x=1")
    assert graph.get("/subscriptions").json()["value"] == [], "the second address does not shake hands"
    create(graph, f"{hook}/good", resource="groups", lifecycleNotificationUrl=f"{hook}/good/life")
    Hook.refuse = 4
    graph.simulator.add_group(LUMIERE, "Étudiants")
    entries = heard(5)
    assert len({entry["id"] for entry in entries[:4]}) == 1, "the same one again"
    assert entries[4]["lifecycleEvent"] == "missed" and "resourceData" not in entries[4]
    assert Hook.got[-1]["path"] == "/good/life"


def test_what_is_over_is_forgotten(graph, hook):
    made = create(graph, f"{hook}/good", expirationDateTime=in_days(1)).json()
    graph.simulator.clock(skew_seconds=2 * 86_400)
    graph.simulator.add_group(LUMIERE, "Étudiants")
    assert graph.simulator.subscriptions() == []
    graph.simulator.clock()
    assert graph.get(f"/subscriptions/{made['id']}").status_code == 404


def test_silence_lifecycle_and_loss_can_be_arranged(graph, hook):
    sim = graph.simulator
    made = create(graph, f"{hook}/good", resource="groups", lifecycleNotificationUrl=f"{hook}/good/life").json()
    sim.silent()
    sim.add_group(LUMIERE, "Unheard")
    sim.silent(False)
    sim.notify(made["id"], clientState="wrong")
    assert [entry["clientState"] for entry in heard(1)] == ["wrong"]
    sim.notify(made["id"], lifecycle="subscriptionRemoved")
    assert heard(2)[1]["lifecycleEvent"] == "subscriptionRemoved"
    assert sim.subscriptions() == []
