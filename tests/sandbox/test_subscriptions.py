"""A subscription exists only after its address has answered the handshake."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.client import Graph
from tests.sandbox_fixture import LUMIERE


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        token = parse_qs(urlsplit(self.path).query)["validationToken"][0]
        answer = (token if self.path.startswith("/good") else "something else").encode()
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hook():
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
