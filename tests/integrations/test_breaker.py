"""The gate before each provider: open after enough failures, tried by one call at a time, shared by all processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.core.cache import caches

from apps.integrations import http
from apps.integrations.http import gate
from apps.integrations.http.gate import Gate, Rule
from apps.microsoft.errors import GraphError, GraphUnavailable
from apps.tenants.context import activated, platform
from tests.integrations import faults
from tests.live import wait_until
from tests.redis_process import RedisProcess

RULE = Rule(at_once=3, waits=0.0, minimum=5, share=50, half_window=3600, pauses=(100, 200))


@pytest.fixture(params=["redis", "memory"])
def guarding(request):
    """Both ways of deciding keep the same promises."""
    made = Gate()
    if request.param == "memory":
        made._away_until = time.monotonic() + 3600
    return made


def call(guarding, outcome, *, scope="", rule=RULE):
    """What the gate said, and how the call that it let through went."""
    entry = guarding.enter("p", scope, rule, lease=30)
    if entry.said == "go":
        guarding.leave(entry, "p", scope, rule, outcome)
    return entry.said


def end_pause(guarding, scope=""):
    """As if the pause had passed."""
    redis = caches["platform"]._cache.get_client(write=True)
    if redis.exists(key := gate._keys("p", scope)[0]):
        redis.hset(key, "ends", "1")
    if breaker := guarding.memory.breakers.get(("p", scope)):
        breaker.ends = 0.001


def opened(guarding, scope=""):
    for _ in range(5):
        call(guarding, "bad", scope=scope)
    return guarding


def test_enough_failures_open_it_and_no_call_passes(guarding):
    assert [call(guarding, "bad") for _ in range(7)] == ["go"] * 5 + ["open"] * 2
    [state] = guarding.states()
    assert (state.provider, state.state, state.calls, state.failures) == ("p", "open", 5, 5)
    assert 99 < state.retry_in <= 100


def test_few_failures_and_a_small_share_do_not(guarding):
    for _ in range(4):
        call(guarding, "bad")
    for _ in range(8):
        call(guarding, "good")
    assert [call(guarding, "bad") for _ in range(4)] == ["go"] * 4, "8 of 16, but only from the last one on"
    assert call(guarding, "good") == "open"


def test_what_says_nothing_of_the_provider_is_not_counted(guarding):
    assert {call(guarding, "void") for _ in range(20)} == {"go"}
    assert [one.calls for one in guarding.states()] in ([0], [])


def test_one_call_tries_and_closes_it(guarding):
    end_pause(opened(guarding))
    assert guarding.states()[0].state == "half-open"
    probe = guarding.enter("p", "", RULE, lease=30)
    assert probe.said == "go"
    assert [guarding.enter("p", "", RULE, lease=30).said for _ in range(3)] == ["open"] * 3
    guarding.leave(probe, "p", "", RULE, "good")
    assert call(guarding, "bad") == "go"
    assert [one.state for one in guarding.states()] == ["closed"]


def test_of_fifty_at_once_one_tries(guarding):
    end_pause(opened(guarding))
    barrier = threading.Barrier(50)

    def one(_number):
        barrier.wait()
        return guarding.enter("p", "", RULE, lease=30).said

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(one, range(50))).count("go") == 1


def test_a_try_that_fails_opens_it_for_longer(guarding):
    end_pause(opened(guarding))
    assert call(guarding, "bad") == "go"
    assert 199 < guarding.states()[0].retry_in <= 200
    end_pause(guarding)
    assert call(guarding, "bad") == "go"
    assert 199 < guarding.states()[0].retry_in <= 200, "the last pause is the longest"


def test_a_try_that_said_nothing_or_died_is_made_by_another(guarding):
    end_pause(opened(guarding))
    assert call(guarding, "void") == "go"
    assert guarding.enter("p", "", RULE, lease=0.05).said == "go"  # never heard of again
    assert guarding.enter("p", "", RULE, lease=30).said == "open"
    time.sleep(0.06)
    assert guarding.enter("p", "", RULE, lease=30).said == "go"


def test_a_call_that_began_before_it_opened_changes_nothing(guarding):
    early = guarding.enter("p", "", RULE, lease=30)
    opened(guarding)
    guarding.leave(early, "p", "", RULE, "good")
    assert call(guarding, "good") == "open"


def test_failures_of_long_ago_are_forgotten(guarding):
    rule = Rule(minimum=5, half_window=1, pauses=(100,))
    for _ in range(4):
        call(guarding, "bad", rule=rule)
    time.sleep(2.1)
    assert [call(guarding, "bad", rule=rule) for _ in range(4)] == ["go"] * 4
    assert call(guarding, "good", rule=rule) == "go"


def test_one_account_says_nothing_of_another(guarding):
    opened(guarding, "s_one")
    assert call(guarding, "bad", scope="s_one") == "open"
    assert call(guarding, "good", scope="s_other") == "go"


def test_places_are_counted_and_come_back_after_their_lease(guarding):
    held = [guarding.enter("p", "", RULE, lease=30) for _ in range(2)]
    assert guarding.enter("p", "s_other", RULE, lease=0.05).said == "go", "all accounts share the places"
    assert guarding.enter("p", "", RULE, lease=30).said == "busy"
    time.sleep(0.06)
    assert guarding.enter("p", "", RULE, lease=30).said == "go"
    assert guarding.enter("p", "", RULE, lease=30).said == "busy"
    guarding.leave(held[0], "p", "", RULE, "good")
    assert guarding.enter("p", "", RULE, lease=30).said == "go"


# --- in the client ------------------------------------------------------------------------------------------


def web(name="p", **options):
    rule = options.pop("rule", Rule(minimum=5, pauses=(100,)))
    return http.client(name, limits=options.pop("limits", http.Limits(tries=1)), rule=rule, **options)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_faults_of_the_server_open_it_and_then_nothing_is_sent(status):
    reply = b"HTTP/1.1 %d Oh\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status
    with faults.FaultServer(faults.answer(reply)) as server, web() as client:
        for _ in range(5):
            client.get(server.url)
        with pytest.raises(http.CircuitOpen) as refused:
            client.get(server.url)
        assert 0 < refused.value.retry_after <= 100
        assert server.connections == 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 501])
def test_what_we_did_wrong_never_opens_it(status):
    reply = b"HTTP/1.1 %d Oh\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status
    with faults.FaultServer(faults.answer(reply)) as server, web() as client:
        assert {client.get(server.url).status_code for _ in range(12)} == {status}


def test_our_own_limits_never_open_it(settings):
    settings.OUTGOING_ALLOWED_TARGETS = []
    with faults.FaultServer(faults.endless) as server:
        with web(limits=http.Limits(tries=1, size=1000)) as client:
            for _ in range(7):
                with pytest.raises(http.AnswerTooLarge):
                    client.get(server.url)
        with web(public_only=True) as client:
            for _ in range(7):
                with pytest.raises(http.AddressRefused):
                    client.get(server.url)


def test_it_heals_by_itself():
    with faults.FaultServer(faults.reset) as server, web(rule=Rule(minimum=5, pauses=(1,))) as client:
        for _ in range(5):
            with pytest.raises(httpx.TransportError):
                client.get(server.url)
        server.behaviour = faults.answer()
        with pytest.raises(http.CircuitOpen):
            client.get(server.url)
        time.sleep(1.05)
        assert client.get(server.url).content == b"good"
        assert client.get(server.url).content == b"good"


def test_too_many_at_once_wait_a_moment_and_are_told():
    rule = Rule(at_once=2, waits=0.3)
    with faults.FaultServer(faults.slow(1.0)) as server, ThreadPoolExecutor(3) as pool:

        def get(_number):
            with web(rule=rule) as client:
                try:
                    return client.get(server.url).status_code
                except http.TooBusy:
                    return "busy"

        assert sorted(map(str, pool.map(get, range(3)))) == ["200", "200", "busy"]
        assert server.connections == 2


KILLED = """
import django; django.setup()
from apps.integrations import http
print("calling", flush=True)
http.client("p", limits=http.Limits(seconds=1.0, tries=1), rule=http.Rule(at_once=1)).get({url!r})
"""


def test_a_killed_process_gives_its_place_back_and_all_processes_count_together():
    with faults.FaultServer(faults.stall) as server:
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED.format(url=server.url)], env=os.environ | {"PYTHONPATH": "."}
        )
        try:
            wait_until(lambda: server.connections == 1, message="the other process did not call")
            os.kill(child.pid, signal.SIGKILL)
        finally:
            child.wait()
        server.behaviour = faults.answer()
        with web(rule=Rule(at_once=1, waits=0.1)) as client, pytest.raises(http.TooBusy):
            client.get(server.url)
        with web(rule=Rule(at_once=1, waits=20), limits=http.Limits(seconds=20, tries=1)) as client:
            assert client.get(server.url).content == b"good"


def test_who_sees_which_breaker(lumiere, curie):
    with faults.FaultServer(faults.reset) as server:
        for school in (lumiere, curie):
            with activated(school), web("own", of_school=True) as client:
                for _ in range(5):
                    with pytest.raises(httpx.TransportError):
                        client.get(server.url)
        with web("shared") as client, pytest.raises(httpx.TransportError):
            client.get(server.url)
    with activated(lumiere):
        seen = [(one.provider, one.scope, one.state) for one in http.breaker_states()]
        assert seen == [("own", lumiere.schema_name, "open"), ("shared", "", "closed")]
    with platform():
        assert [one.provider for one in http.breaker_states()] == ["own", "own", "shared"]


def test_a_reading_of_the_directory_says_at_once_that_microsoft_is_not_there(lumiere, settings):
    from apps.microsoft.graph import Graph

    class Tokens:
        def get(self, *_, **__):
            return "token"

    with faults.FaultServer(faults.reset) as server:
        settings.MICROSOFT_GRAPH_URL = f"{server.url}/v1.0"
        for _ in range(2):
            with pytest.raises(GraphError):
                Graph("11111111-2222-4333-8444-555555555555", tokens=Tokens(), sleep=lambda _: None).organization()
        before, begun = server.connections, time.monotonic()
        with pytest.raises(GraphUnavailable):
            Graph("11111111-2222-4333-8444-555555555555", tokens=Tokens()).organization()
        assert server.connections == before == 10
        assert time.monotonic() - begun < 0.5


# --- Redis away ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_redis():
    process = RedisProcess()
    process.start()
    yield process
    process.remove()


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_without_redis_each_process_decides_and_nobody_waits(own_redis, settings, how):
    settings.CACHES = {name: {**cache, "LOCATION": own_redis.url} for name, cache in settings.CACHES.items()}
    guarding = Gate()
    assert call(guarding, "bad") == "go"
    getattr(own_redis, how)()
    begun = time.monotonic()
    assert [call(guarding, "bad") for _ in range(6)] == ["go"] * 5 + ["open"]
    assert time.monotonic() - begun < 2, "one wait for Redis, not one each"
    own_redis.start() if how == "stop" else own_redis.thaw()
    guarding._away_until = 0.0
    assert call(guarding, "good") == "go"
    own_redis.stop()
    own_redis.start()


def test_a_redis_that_lost_its_data_starts_closed():
    guarding = opened(Gate())
    caches["platform"]._cache.get_client(write=True).delete(*gate._keys("p", ""))
    assert call(guarding, "good") == "go"
