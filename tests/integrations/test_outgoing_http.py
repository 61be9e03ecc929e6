"""The way out: bounded, never redirected, repeated only when that is safe, and silent about secrets."""

import json
import logging

import httpx
import pytest

from apps.core.logs import JsonFormatter
from apps.core.requestinfo import bound
from apps.integrations import http
from tests.microsoft.scripted import Reply, Scripted, VirtualTime


@pytest.fixture
def server():
    with Scripted() as running:
        yield running


@pytest.fixture
def client(server):
    opened = []

    def make(**options):
        time = VirtualTime()
        made = http.client("test", server.url, read_seconds=0.3, sleep=time.sleep, **options)
        made.virtual_time = time
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
