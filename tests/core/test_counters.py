"""Attempts are counted exactly in Redis, and by each process while Redis is stopped or frozen."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from apps.core import counters
from apps.core.counters import Counters, Rule
from apps.tenants.context import activated, platform
from tests.redis_process import RedisProcess

FIVE = Rule(5, (300, 900), 3600)
AT_ONCE = 200


@pytest.fixture(scope="module")
def own_redis():
    process = RedisProcess()
    process.start()
    yield process
    process.remove()


@pytest.fixture
def redis(own_redis, settings, monkeypatch):
    """The caches of this process use a Redis of their own; whatever a test did to it is undone."""
    settings.CACHES = {name: {**cache, "LOCATION": own_redis.url} for name, cache in settings.CACHES.items()}
    yield own_redis
    own_redis.stop()
    own_redis.start()


@pytest.fixture
def selected():
    with platform():
        yield


@pytest.fixture(params=["redis", "memory"])
def counting(request, selected, monkeypatch):
    """Both ways of counting keep the same promises."""
    made = Counters()
    if request.param == "memory":
        made._away_until = time.monotonic() + 3600
    return made


def passed(spend, times: int = AT_ONCE) -> int:
    """How many of so many attempts at the very same moment may go on."""
    barrier = threading.Barrier(times)

    def one(_number: int) -> bool:
        with platform():
            barrier.wait()
            return spend()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


def test_of_two_hundred_at_once_exactly_five_pass(counting):
    assert passed(lambda: counting.spend("a", FIVE).wait == 0) == 5


def test_control_counting_in_two_steps_lets_more_through(selected):
    """As a counter that is read, then written: without it the test above might never fail."""
    cache = caches["default"]

    def two_steps() -> bool:
        count = cache.get("naive", 0)
        time.sleep(0)
        cache.set("naive", count + 1)
        return count < 5

    assert passed(two_steps) > 5


def test_exactly_one_of_two_hundred_refusals_is_the_first(counting):
    for _ in range(5):
        counting.spend("b", FIVE)
    assert passed(lambda: counting.spend("b", FIVE).is_first) == 1


def test_pauses_grow_and_stay_at_the_last(counting, monkeypatch):
    rule = Rule(1, (100, 200), 3600)
    waits = []
    for _ in range(3):
        assert counting.spend("c", rule).wait == 0
        waits.append(counting.spend("c", rule).wait)
        end_pause(counting, "c")
    assert waits == [100, 200, 200]


def end_pause(counting, member) -> None:
    """As if the time had passed."""
    key = counters._key(member)
    redis = caches["default"]._cache.get_client(write=True)
    if redis.exists(key):
        redis.hset(key, "ends", "1")
    if record := counting.memory.records.get(key):
        record.ends = 0.001


def test_a_right_attempt_gives_back_even_the_lock_it_caused(counting):
    for _ in range(5):
        counting.spend("d", FIVE)
    assert counting.locks()
    counting.give_back("d", FIVE)
    assert counting.locks() == []
    assert counting.spend("d", FIVE).wait == 0
    assert counting.spend("d", FIVE).wait == 300, "the pause is that of a first time"


def test_giving_back_more_than_was_taken_makes_no_credit(counting):
    for _ in range(3):
        counting.give_back("e", FIVE)
    assert [counting.spend("e", FIVE).wait for _ in range(6)] == [0] * 5 + [300]


def test_forgetting_opens(counting):
    for _ in range(5):
        counting.spend("f", FIVE)
    assert counting.forget("f") and not counting.forget("f")
    assert counting.spend("f", FIVE).wait == 0


def test_locks_are_listed_in_their_school_only(counting, lumiere, curie):
    with activated(lumiere):
        for _ in range(5):
            counting.spend("g", FIVE, label="camille@lumiere.example")
        [lock] = counting.locks()
        assert (lock.member, lock.label, lock.strikes) == ("g", "camille@lumiere.example", 1)
        assert 295 <= lock.seconds <= 300
    with activated(curie):
        assert counting.locks() == []
        assert counting.spend("g", FIVE).wait == 0


# --- Redis away ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_without_redis_limits_hold_in_the_process_and_it_comes_back_by_itself(redis, selected, how, monkeypatch):
    counting = Counters()
    assert counting.spend("h", FIVE).wait == 0 and not counting.is_away
    getattr(redis, how)()
    begun = time.monotonic()
    assert [counting.spend("h", FIVE).wait for _ in range(6)] == [0] * 5 + [300]
    assert counting.is_away
    assert time.monotonic() - begun < counters.ASK_AGAIN, "one wait for Redis, not one each"
    redis.start() if how == "stop" else redis.thaw()
    counting._away_until = 0.0  # as when ASK_AGAIN seconds have passed
    assert counting.spend("i", FIVE).wait == 0
    assert not counting.is_away
    assert counting.spend("h", FIVE).wait > 290, "what was locked meanwhile stays locked"
    assert counting.spend("h", FIVE).is_first is False
    assert counting.forget("h")
    assert counting.spend("h", FIVE).wait == 0


def test_two_hundred_at_once_on_a_frozen_redis(redis, selected):
    counting = Counters()
    counting.spend("j", FIVE)
    redis.freeze()
    assert passed(lambda: counting.spend("k", FIVE).wait == 0) == 5


def test_the_memory_is_bounded(selected, monkeypatch):
    monkeypatch.setattr(counters, "MOST_IN_MEMORY", 10)
    counting = Counters()
    counting._away_until = time.monotonic() + 3600
    for number in range(50):
        counting.spend(f"m{number}", FIVE)
    assert len(counting.memory.records) == 10
