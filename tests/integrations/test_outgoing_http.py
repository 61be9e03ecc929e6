"""The way out: bounded, never redirected, repeated only when that is safe, and silent about secrets."""

import json
import logging
import time

import httpx
import pytest

from apps.core.logs import JsonFormatter
from apps.core.requestinfo import bound
from apps.integrations import http
from apps.integrations.http import transport
from tests.integrations import faults
from tests.microsoft.scripted import Reply, Scripted, VirtualTime


@pytest.fixture
def server():
    with Scripted() as running:
        yield running


@pytest.fixture
def client(server):
    opened = []

    def make(**options):
        virtual = VirtualTime()
        made = http.client("test", server.url, read_seconds=0.3, sleep=virtual.sleep, **options)
        made.virtual_time = virtual
        opened.append(made)
        return made

    yield make
    for made in opened:
        made.close()


def in_turn(*replies):
    waiting = list(replies)
    return lambda call: waiting.pop(0) if len(waiting) > 1 else waiting[0]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("fault", [Reply(502), Reply(503), Reply(504), Reply(200, b"0123456789", cut_at=3)])
def test_an_idempotent_call_is_tried_again(method, fault, client, server):
    server.answer = in_turn(fault, Reply(200, b"good"))
    assert client().request(method, "/x").content == b"good"
    assert len(server.calls) == 2


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_any_other_call_is_made_once(method, client, server):
    server.answer = in_turn(Reply(503), Reply(200))
    assert client().request(method, "/x").status_code == 503
    assert len(server.calls) == 1


def test_it_stops_trying(client, server):
    server.answer = in_turn(Reply(503))
    made = client()
    assert made.get("/x").status_code == 503
    assert len(server.calls) == 3
    assert len(made.virtual_time.slept) == 2


@pytest.mark.parametrize("status", [200, 400, 401, 404, 409, 429, 500])
def test_an_answer_is_an_answer(status, client, server):
    server.answer = in_turn(Reply(status, {"a": 1}), Reply(200))
    assert client().get("/x").json() == {"a": 1}
    assert len(server.calls) == 1


def test_nobody_at_home_is_said(client, server):
    made = client()
    with pytest.raises(httpx.ConnectError):
        made.get("http://127.0.0.1:1/")
    assert len(made.virtual_time.slept) == 2


def test_a_redirect_is_not_followed(client, server):
    server.answer = in_turn(Reply(302, headers={"location": "/other"}))
    assert client().get("/x").status_code == 302
    assert server.paths() == ["/x"]


def test_an_answer_that_is_too_large_is_cut_off(client, server):
    server.answer = in_turn(Reply(200, b"x" * 5000))
    with pytest.raises(http.AnswerTooLarge):
        client(limits=http.Limits(size=1000)).get("/x")
    assert client(limits=http.Limits(size=5000)).get("/x").content == b"x" * 5000


def test_what_counts_is_the_size_after_decompression(client, server):
    import gzip

    bomb = Reply(200, gzip.compress(b"x" * 1_000_000), headers={"content-encoding": "gzip"})
    server.answer = in_turn(bomb)
    assert len(bomb.body) < 5000
    with pytest.raises(http.AnswerTooLarge):
        client(limits=http.Limits(size=100_000)).get("/x")
    assert len(client(limits=http.Limits(size=1_000_000)).get("/x").content) == 1_000_000


def test_an_answer_that_drips_is_given_up(client, server):
    """Each read is quick enough; all of them together are not."""
    ticks = iter(range(0, 100_000, 20))
    server.answer = in_turn(Reply(200, b"x" * 200_000))
    with pytest.raises(http.AnswerTooSlow):
        client(clock=lambda: next(ticks), limits=http.Limits(seconds=30, tries=1)).get("/x")


def test_the_environment_adds_nothing(client, server, monkeypatch, tmp_path):
    """A `.netrc` would add credentials, a proxy variable would show them to a proxy."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.answer = in_turn(Reply(200))
    assert client().get("/x").status_code == 200
    assert "authorization" not in server.calls[0].headers


class TestTheLog:
    @pytest.fixture
    def lines(self, caplog):
        caplog.set_level(logging.DEBUG)

        def read():
            return [json.loads(JsonFormatter().format(record)) for record in caplog.records]

        return read

    def test_says_who_what_and_how_long(self, client, server, lines):
        server.answer = in_turn(Reply(200))
        with bound(request_id="req-12345678"):
            client().get("/v1/things?cursor=canary-1&b=2")
        [line] = [line for line in lines() if line["event"] == "outgoing call"]
        assert line["provider"] == "test"
        assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/things", 200)
        assert line["query_names"] == ["b", "cursor"]
        assert line["request_id"] == "req-12345678"
        assert line["milliseconds"] >= 0

    def test_says_nothing_secret(self, client, server, caplog):
        caplog.set_level(logging.DEBUG)
        server.answer = in_turn(Reply(500, b"canary-answer", headers={"x-next": "canary-header"}))
        client().post(
            "/x?key=canary-query",
            headers={"authorization": "Bearer canary-bearer"},
            data={"client_secret": "canary-form"},
        )
        written = "\n".join(JsonFormatter().format(record) for record in caplog.records)
        assert "outgoing call" in written
        assert "canary" not in written

    def test_names_a_fault(self, client, lines):
        with pytest.raises(httpx.ConnectError):
            client(limits=http.Limits(tries=1)).get("http://127.0.0.1:1/")
        [line] = [line for line in lines() if line["event"] == "outgoing call"]
        assert (line["fault"], line["level"]) == ("ConnectError", "warning")


# --- what broken servers do -----------------------------------------------------------------------------------


HEADERS = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n" + b"x-slow: yes\r\n" * 30 + b"\r\ngood"
FAULTS = {
    "reset": (faults.reset, httpx.TransportError),
    "stall": (faults.stall, httpx.TimeoutException),
    "headers that drip": (faults.drip(HEADERS, every=0.05), http.AnswerTooSlow),
    "a body that drips": (faults.drip(faults.GOOD, every=0.1), http.AnswerTooSlow),
    "garbage": (faults.garbage, httpx.RemoteProtocolError),
    "endless": (faults.endless, http.AnswerTooLarge),
    "cut": (faults.cut, httpx.RemoteProtocolError),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_server_is_an_error_within_the_time_of_the_call(fault):
    behaviour, expected = FAULTS[fault]
    limits = http.Limits(seconds=0.8, size=1_000_000, tries=1)
    with faults.FaultServer(behaviour) as broken, http.client("broken", limits=limits, read_seconds=0.6) as web:
        started = time.monotonic()
        with pytest.raises(expected):
            web.get(broken.url)
        assert time.monotonic() - started < 1.5


def test_all_tries_and_pauses_share_the_time_of_the_call():
    limits = http.Limits(seconds=1.0, tries=5)
    with faults.FaultServer(faults.stall) as broken, http.client("broken", limits=limits, read_seconds=0.4) as web:
        started = time.monotonic()
        with pytest.raises(httpx.TimeoutException):
            web.get(broken.url)
        assert time.monotonic() - started < 1.6
        assert broken.connections == 2, "a third try would not have fitted"


def test_nobody_listening_is_an_error_at_once():
    with http.client("broken", limits=http.Limits(tries=1)) as web, pytest.raises(httpx.ConnectError):
        web.get(faults.nobody())


def test_slow_is_not_broken():
    with faults.FaultServer(faults.slow(0.3)) as slow, http.client("slow", read_seconds=2) as web:
        assert web.get(slow.url).content == b"good"


def test_a_name_that_is_not_found_in_time_does_not_hold_the_call(monkeypatch):
    monkeypatch.setattr(transport.socket, "getaddrinfo", lambda *_, **__: time.sleep(3) or [])
    limits = http.Limits(seconds=0.3, tries=1)
    with http.client("broken", limits=limits) as web:
        started = time.monotonic()
        with pytest.raises(httpx.TimeoutException):
            web.get("http://slow.example/")
        assert time.monotonic() - started < 1


# --- the pause that is asked for ------------------------------------------------------------------------------


def test_it_comes_back_when_it_was_asked_to(client, server):
    server.answer = in_turn(
        Reply(503, headers={"retry-after": "7"}), Reply(429, headers={"retry-after": "9"}), Reply(200)
    )
    made = client()
    assert made.get("/x").status_code == 200
    assert made.virtual_time.slept == [7, 9]


def test_a_pause_longer_than_the_call_is_an_answer(client, server):
    server.answer = in_turn(Reply(503, headers={"retry-after": "31"}), Reply(200))
    made = client()
    assert made.get("/x").status_code == 503
    assert made.virtual_time.slept == []


@pytest.mark.parametrize("said", ["soon", "-1", "9" * 30, "1e3", ""])
def test_a_pause_that_is_none_means_our_own(said, client, server):
    server.answer = in_turn(Reply(503, headers={"retry-after": said}), Reply(200))
    made = client()
    assert made.get("/x").status_code == 200
    assert 0 < made.virtual_time.slept[0] < 1


def test_our_request_id_goes_with_the_call(client, server):
    server.answer = in_turn(Reply(200))
    with bound(request_id="req-12345678"):
        client().get("/x")
    assert server.calls[0].headers["x-request-id"] == "req-12345678"


# --- faults on purpose ----------------------------------------------------------------------------------------


class TestSimulation:
    def test_the_first_calls_of_each_provider_fail(self, server, settings, db):
        settings.FORCE_SERVICE_FAILURES = 2
        server.answer = in_turn(Reply(200))
        for name in ("one", "other"):
            outcomes = []
            for _ in range(4):
                with http.client(name, server.url, limits=http.Limits(tries=1)) as web:
                    try:
                        outcomes.append(web.get("/x").status_code)
                    except httpx.ConnectError:
                        outcomes.append("failed")
            assert outcomes == ["failed", "failed", 200, 200]

    def test_some_calls_fail(self, server, settings, db):
        settings.ENABLE_RANDOM_FAILURES, settings.RANDOM_FAILURE_RATE = True, 1.0
        with http.client("one", server.url, limits=http.Limits(tries=1)) as web, pytest.raises(httpx.ConnectError):
            web.get("/x")
        settings.RANDOM_FAILURE_RATE = 0.0
        server.answer = in_turn(Reply(200))
        with http.client("one", server.url) as web:
            assert web.get("/x").status_code == 200

    def test_calls_take_longer(self, client, server, settings):
        settings.ADDED_LATENCY_MILLISECONDS = 700
        server.answer = in_turn(Reply(200))
        made = client()
        made.get("/x")
        assert made.virtual_time.slept == [0.7]
