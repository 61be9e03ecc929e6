"""Each fault shows on the wire as what it says, where it was asked for, as often as it was asked for."""

import json
import time

import httpx
import pytest

from tests.sandbox.client import Graph
from tests.sandbox_fixture import LUMIERE, SimulatorRefused

PATH = "/groups/g-campus/transitiveMembers/microsoft.graph.user"


@pytest.fixture
def school(fresh_sandbox):
    fresh_sandbox.add_organisation("École Test", tid=LUMIERE, domain="ecole.example", page_size=10)
    fresh_sandbox.add_group(LUMIERE, "Campus Paris", id="g-campus")
    fresh_sandbox.add_people(LUMIERE, 25, group="g-campus")
    return fresh_sandbox


@pytest.fixture
def graph(school):
    with Graph(school) as graph:
        yield graph


@pytest.fixture
def second(graph):
    """Asks for the second page."""
    link = graph.get(PATH).json()["@odata.nextLink"]
    return lambda: graph.get(link)


STATUS = {
    "too_many_requests": 429,
    "server_error": 500,
    "bad_gateway": 502,
    "unavailable": 503,
    "gateway_timeout": 504,
    "forbidden": 403,
    "not_found": 404,
    "gone": 410,
    "sync_state_not_found": 400,
    "page_token_expired": 400,
    "claims_challenge": 401,
    "redirect": 302,
}


@pytest.mark.parametrize("kind", STATUS)
def test_status(school, graph, second, kind):
    school.fault(kind, operation="transitive_members", page=2)
    assert graph.get(PATH).status_code == 200  # another page
    assert second().status_code == STATUS[kind]
    assert second().status_code == 200  # once only


def test_throttling_with_and_without_the_header(school, second):
    school.fault("too_many_requests", retry_after=12)
    school.fault("too_many_requests", retry_after=None)
    with_header, without = second(), second()
    assert with_header.headers["retry-after"] == "12"
    assert with_header.headers["x-ms-throttle-scope"].endswith(LUMIERE)
    assert without.status_code == 429
    assert "retry-after" not in without.headers


def test_how_often_and_after_how_many(school, graph):
    school.fault("server_error", operation="transitive_members", times=2, after=1)
    assert [graph.get(PATH).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert school.faults()[0]["spent"]


def test_until_cleared_and_only_for_one_organisation(school, graph):
    school.fault("server_error", times=None, tid="22222222-2222-4222-8222-222222222222")
    assert graph.get(PATH).status_code == 200
    school.fault("server_error", times=None, tid=LUMIERE)
    assert [graph.get(PATH).status_code for _ in range(3)] == [500, 500, 500]
    school.clear_faults()
    assert graph.get(PATH).status_code == 200


@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_the_connection_breaks_in_the_body(school, second, kind):
    school.fault(kind, page=2)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        second()
    assert second().status_code == 200
    assert [call["complete"] for call in school.requests(operation="transitive_members")] == [True, False, True]


def test_broken_json(school, second):
    school.fault("truncated")
    with pytest.raises(json.JSONDecodeError):
        second().json()


def test_a_page_of_html_or_nothing_with_status_200(school, second):
    school.fault("html")
    school.fault("empty_body")
    html, nothing = second(), second()
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (nothing.status_code, nothing.content) == (200, b"")


def test_an_expired_token_stays_dead_and_a_new_one_works(school, graph, second):
    school.fault("token_expired", after=1)
    assert [second().status_code for _ in range(3)] == [200, 401, 401]
    with Graph(school) as renewed:
        assert renewed.get(PATH).status_code == 200


def test_waiting(school, second):
    school.fault("hang", seconds=0.4)
    started = time.monotonic()
    assert second().status_code == 200
    assert time.monotonic() - started >= 0.4


def test_delay_and_error_together(school, second):
    school.fault("delay", seconds=0.05)
    school.fault("server_error")
    assert second().status_code == 500
    assert school.requests(operation="transitive_members")[-1]["faults"] == ["server_error", "waited 0.05 s"]


def test_bodies_that_lie(school, graph, second):
    good = second().json()
    school.fault("missing_value")
    assert "value" not in second().json()
    school.fault("null_value")
    assert second().json()["value"] is None
    school.fault("no_next_link")
    assert "@odata.nextLink" not in second().json()
    school.fault("missing_items", count=3)
    assert len(second().json()["value"]) == 7
    school.fault("shuffled")
    shuffled = second().json()["value"]
    assert shuffled != good["value"]
    assert sorted(p["id"] for p in shuffled) == sorted(p["id"] for p in good["value"])
    school.fault("null_members")
    assert all(p["id"] and p["mail"] is None for p in second().json()["value"])
    school.fault("wrong_count", operation="members_count", by=-4)
    assert [graph.get(f"{PATH}/$count").text for _ in range(2)] == ["21", "25"]


def test_duplicates_over_pages(school, graph):
    school.fault("duplicates", page=2, count=4)
    pages = graph.pages(PATH)
    assert len(pages[1]["value"]) == 14
    assert pages[1]["value"][:4] == pages[0]["value"][-4:]
    assert len({p["id"] for page in pages for p in page["value"]}) == 25


def test_an_empty_page_is_not_the_end(school, graph):
    school.fault("empty_page", page=2)
    assert [len(page["value"]) for page in graph.pages(PATH)] == [10, 0, 10, 5]


def test_a_loop(school, graph):
    school.fault("loop", page=2, to_page=1)
    first = graph.get(PATH).json()
    back = graph.get(graph.get(first["@odata.nextLink"]).json()["@odata.nextLink"]).json()
    assert back["value"] == first["value"]


@pytest.mark.parametrize(
    "to", ["host", "scheme", "port", "userinfo", "subdomain", "path", "relative", "protocol_relative"]
)
def test_links_that_lead_away(school, graph, to):
    school.fault("next_link", to=to)
    link = graph.get(PATH).json()["@odata.nextLink"]
    assert not link.startswith(f"{school.graph_url}/groups")


def test_a_careless_client_that_follows_is_seen_with_its_bearer(school, graph):
    for to in ("host", "port", "path"):
        school.fault("next_link", to=to)
        graph.get(graph.get(PATH).json()["@odata.nextLink"])
    followed = [
        call
        for call in school.requests()
        if call["host"] != f"localhost:{school.port}" or call["provider"] == "elsewhere"
    ]
    assert [(call["host"], call["bearer"]) for call in followed] == [
        (f"127.0.0.1:{school.port}", True), (f"localhost:{school.trap_port}", True), (f"localhost:{school.port}", True),
    ]  # fmt: skip


def test_a_fault_that_does_not_exist_is_refused(school):
    with pytest.raises(SimulatorRefused, match="no fault is called"):
        school.fault("earthquake")
    with pytest.raises(SimulatorRefused, match="next_link goes to"):
        school.fault("next_link", to="moon")
