"""Attempts counted exactly, however many come at once, and locks that grow: in Redis, or here while it is away.

One attempt is one step (a script in Redis, a lock in memory), taken before anything expensive is looked at. While
Redis does not answer, each process counts for itself: limits hold per process, and nobody waits for Redis more than
once in ASK_AGAIN seconds. It comes back by itself; what was locked meanwhile stays locked.
"""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.cache import caches
from redis.exceptions import RedisError

logger = logging.getLogger("campanile.counters")
Answer = TypeVar("Answer")

ASK_AGAIN = 5.0  # seconds for which a Redis that did not answer is not asked again
MOST_LOCKS = 1_000  # locks that are listed; older ones hold, but are not shown
MOST_IN_MEMORY = 50_000  # subjects that one process remembers while Redis is away

# A record: count, strikes (how often it was locked), ends (until when), told (somebody was refused), label.
# Redis's own clock, so that every worker of every machine counts alike.
SPEND = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local allowed, remembered = tonumber(ARGV[1]), tonumber(ARGV[2])
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or 0)
if ends > now then
  return {tostring(ends - now), redis.call('HSETNX', KEYS[1], 'told', 1)}
end
if ends > 0 then redis.call('HDEL', KEYS[1], 'count', 'ends', 'told') end
local keep = remembered
if redis.call('HINCRBY', KEYS[1], 'count', 1) >= allowed then
  local strikes = redis.call('HINCRBY', KEYS[1], 'strikes', 1)
  local pause = tonumber(ARGV[4 + math.min(strikes, #ARGV - 4)])
  redis.call('HSET', KEYS[1], 'ends', string.format('%.3f', now + pause), 'label', ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  redis.call('ZADD', KEYS[2], now + pause, ARGV[4])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1001)
  redis.call('EXPIRE', KEYS[2], 172800)
  keep = keep + pause
end
redis.call('EXPIRE', KEYS[1], math.ceil(keep))
return {'0', 0}
"""
# A right attempt does not count; if it was the one that locked, the lock goes too.
GIVE_BACK = """
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or 0)
if count <= 0 then return end
redis.call('HINCRBY', KEYS[1], 'count', -1)
if count - 1 < tonumber(ARGV[1]) and redis.call('HDEL', KEYS[1], 'ends') == 1 then
  redis.call('HINCRBY', KEYS[1], 'strikes', -1)
  redis.call('HDEL', KEYS[1], 'told')
  redis.call('ZREM', KEYS[2], ARGV[2])
end
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """`allowed` attempts, then a pause; each further time a longer one. Seconds. Forgotten after `remembered`."""

    allowed: int
    pauses: tuple[int, ...]
    remembered: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait` is 0, or the whole seconds until the next attempt; `is_first`: nobody was refused in this pause yet."""

    wait: int = 0
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """A subject that is locked now: its member name, what it is called, and for how many more seconds."""

    member: str
    label: str
    seconds: int
    strikes: int


def _whole_seconds(wait: float) -> int:
    """Rounded up; a millionth above a whole second is an error of the arithmetic, not a second more."""
    return math.ceil(round(wait, 3))


@dataclass(slots=True)
class _Record:
    count: int = 0
    strikes: int = 0
    ends: float = 0.0
    told: bool = False
    label: str = ""
    forget_at: float = 0.0


@dataclass(slots=True)
class Memory:
    """The same counting inside one process."""

    records: OrderedDict[str, _Record] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, key: str, rule: Rule, label: str) -> Verdict:
        with self.lock:
            now = time.monotonic()
            record = self._record(key, now)
            if record.ends > now:
                first, record.told = not record.told, True
                return Verdict(_whole_seconds(record.ends - now), first)
            if record.ends:
                record.count, record.ends, record.told = 0, 0.0, False
            record.count += 1
            record.forget_at = now + rule.remembered
            if record.count >= rule.allowed:
                record.strikes += 1
                pause = rule.pauses[min(record.strikes, len(rule.pauses)) - 1]
                record.ends, record.label = now + pause, label
                record.forget_at += pause
            return Verdict()

    def _record(self, key: str, now: float) -> _Record:
        record = self.records.get(key)
        if record is None or record.forget_at <= now:
            record = self.records[key] = _Record()
        self.records.move_to_end(key)
        while len(self.records) > MOST_IN_MEMORY:
            self.records.popitem(last=False)
        return record

    def give_back(self, key: str, rule: Rule) -> None:
        with self.lock:
            record = self.records.get(key)
            if record is None or record.count <= 0:
                return
            record.count -= 1
            if record.ends and record.count < rule.allowed:
                record.strikes -= 1
                record.ends, record.told = 0.0, False

    def forget(self, key: str) -> bool:
        with self.lock:
            return self.records.pop(key, None) is not None

    def wait(self, key: str) -> Verdict:
        """Whether this is locked here, without counting."""
        with self.lock:
            record, now = self.records.get(key), time.monotonic()
            if record is None or record.ends <= now:
                return Verdict()
            first, record.told = not record.told, True
            return Verdict(_whole_seconds(record.ends - now), first)

    def locks(self, prefix: str) -> list[Lock]:
        with self.lock:
            now = time.monotonic()
            return [
                Lock(key.removeprefix(prefix), record.label, math.ceil(record.ends - now), record.strikes)
                for key, record in self.records.items()
                if record.ends > now and key.startswith(prefix)
            ]


@dataclass(slots=True)
class Counters:
    """All counters. Keys are made by the default cache, so they carry the school that is active."""

    memory: Memory = field(default_factory=Memory)
    _away_until: float = 0.0
    _is_away: bool = False

    @property
    def is_away(self) -> bool:
        """Whether this process counts for itself, because Redis did not answer the last time it was asked."""
        return self._is_away

    def spend(self, member: str, rule: Rule, *, label: str = "") -> Verdict:
        """Count one attempt of this subject, in one step. While it is locked nothing is counted."""
        key = _key(member)
        if (verdict := self.memory.wait(key)).wait:
            return verdict

        def in_redis(redis: Any) -> Verdict:
            arguments = (rule.allowed, rule.remembered, label[:254], member, *rule.pauses)
            wait, first = redis.eval(SPEND, 2, key, _key("locks"), *arguments)
            return Verdict(_whole_seconds(float(wait)), bool(first))

        return self._ask(in_redis, lambda: self.memory.spend(key, rule, label[:254]))

    def give_back(self, member: str, rule: Rule) -> None:
        """This attempt was right and does not count."""
        key = _key(member)
        self.memory.give_back(key, rule)
        self._ask(lambda redis: redis.eval(GIVE_BACK, 2, key, _key("locks"), rule.allowed, member), lambda: None)

    def forget(self, member: str) -> bool:
        """Forget attempts, strikes and lock of this subject; says whether there was anything."""
        key = _key(member)
        here = self.memory.forget(key)

        def in_redis(redis: Any) -> bool:
            with redis.pipeline() as steps:
                steps.delete(key)
                steps.zrem(_key("locks"), member)
                return bool(steps.execute()[0])

        return self._ask(in_redis, lambda: False) or here

    def locks(self) -> list[Lock]:
        """What is locked in the active school, the longest first."""
        nowhere: list[Lock] = []
        everywhere = self._ask(_locks_in_redis, lambda: nowhere)
        found = {lock.member: lock for lock in [*everywhere, *self.memory.locks(_key(""))]}
        return sorted(found.values(), key=lambda lock: -lock.seconds)

    def ask_at_once(self) -> None:
        """Forget that Redis was away, and what was counted here (tests)."""
        self._away_until, self._is_away = 0.0, False
        self.memory.records.clear()

    def _ask(self, in_redis: Callable[[Any], Answer], otherwise: Callable[[], Answer]) -> Answer:
        if time.monotonic() < self._away_until:
            return otherwise()
        try:
            answer = in_redis(caches["default"]._cache.get_client(write=True))  # type: ignore[attr-defined]
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + ASK_AGAIN
            self._is_away = True
            logger.warning("attempts are counted by each process", extra={"error": type(error).__name__})
            return otherwise()
        if self._is_away:
            logger.warning("attempts are counted in Redis again")
            self._is_away = False
        return answer


def _key(member: str) -> str:
    return str(caches["default"].make_key(f"limit:{member}"))


def _locks_in_redis(redis: Any) -> list[Lock]:
    seconds, micro = redis.time()
    now = seconds + micro / 1_000_000
    found = redis.zrangebyscore(_key("locks"), now, "+inf", withscores=True)[-MOST_LOCKS:]
    with redis.pipeline(transaction=False) as steps:
        for member, _ends in found:
            steps.hmget(_key(member.decode()), "label", "strikes")
        records = steps.execute()
    return [
        Lock(member.decode(), (label or b"").decode(), math.ceil(ends - now), int(strikes or 1))
        for (member, ends), (label, strikes) in zip(found, records, strict=True)
    ]


COUNTERS = Counters()
