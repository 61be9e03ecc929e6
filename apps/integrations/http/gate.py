"""May this call go out now? One answer for all processes: a circuit breaker and a number of places, in Redis.

closed     calls go out; failures of the last window are counted, and enough of them open the breaker
open       nothing goes out until a pause is over
half open  one call goes out to try; it closes the breaker, or opens it again for longer

A place is held with a lease, so a worker that is killed gives it back. While Redis does not answer, each process
decides for itself by the same rules (gate_memory.py), and nobody waits for Redis more than once in ASK_AGAIN seconds.
"""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django.core.cache import caches
from redis.exceptions import RedisError

from apps.tenants import context

from .gate_memory import Memory
from .gate_rules import BreakerState, Entry, Outcome, Rule
from .gate_scripts import ENTER, LEAVE, LOOK

logger = logging.getLogger("campanile.outgoing")
Answer = TypeVar("Answer")

ASK_AGAIN: Final = 5.0  # seconds for which a Redis that did not answer is not asked again
MOST_SHOWN: Final = 500

__all__ = ["GATE", "BreakerState", "Entry", "Gate", "Outcome", "Rule", "breaker_states"]


@dataclass(slots=True)
class Gate:
    """The breakers and places of all providers. `scope` tells accounts of one provider apart; "" is for everybody."""

    memory: Memory = field(default_factory=Memory)
    _away_until: float = 0.0

    def enter(self, provider: str, scope: str, rule: Rule, *, lease: float) -> Entry:
        """Ask for a place for `lease` seconds at most. Whoever gets one must `leave`."""
        token = secrets.token_hex(8)

        def in_redis(redis: Any) -> Entry:
            said, wait = redis.eval(
                ENTER, 3, *_keys(provider, scope), token, rule.at_once, lease, f"{provider} {scope}"
            )
            return Entry(said.decode(), float(wait), token, is_shared=True)

        return self._ask(in_redis, lambda: self.memory.enter(provider, scope, rule, lease=lease, token=token))

    def leave(self, entry: Entry, provider: str, scope: str, rule: Rule, outcome: Outcome) -> None:
        """Give the place back and say how the call went."""
        if not entry.is_shared:
            self.memory.leave(entry, provider, scope, rule, outcome)
            return

        def in_redis(redis: Any) -> bytes:
            facts = (entry.token, outcome, rule.half_window, rule.minimum, rule.share, *rule.pauses)
            return bytes(redis.eval(LEAVE, 2, *_keys(provider, scope)[:2], *facts))

        if changed := self._ask(in_redis, lambda: b"").decode():
            logger.warning("circuit breaker", extra={"provider": provider, "scope": scope, "breaker": changed})

    def states(self) -> list[BreakerState]:
        """All breakers of the last day, by name."""

        def in_redis(redis: Any) -> list[BreakerState]:
            members = redis.zrevrange(_index(), 0, MOST_SHOWN - 1)
            named = [member.decode().partition(" ") for member in members]
            keys = [_keys(provider, scope)[0] for provider, _space, scope in named]
            rows = redis.eval(LOOK, len(keys), *keys) if keys else []
            return [
                BreakerState(provider, scope, row[0].decode(), int(row[1]), int(row[2]), float(row[3]))
                for (provider, _space, scope), row in zip(named, rows, strict=True)
            ]

        found = self._ask(in_redis, self.memory.states)
        return sorted(found, key=lambda one: (one.provider, one.scope))

    def forget(self) -> None:
        """Ask Redis again at once and forget what was counted here (tests)."""
        self._away_until = 0.0
        self.memory = Memory()

    def _ask(self, in_redis: Callable[[Any], Answer], otherwise: Callable[[], Answer]) -> Answer:
        if time.monotonic() < self._away_until:
            return otherwise()
        try:
            return in_redis(caches["platform"]._cache.get_client(write=True))  # type: ignore[attr-defined]
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + ASK_AGAIN
            logger.warning("breakers are each process's own", extra={"error": type(error).__name__})
            return otherwise()


def _keys(provider: str, scope: str) -> tuple[str, str, str]:
    cache = caches["platform"]
    return cache.make_key(f"breaker:{provider}:{scope}"), cache.make_key(f"places:{provider}"), _index()


def _index() -> str:
    return str(caches["platform"].make_key("breakers"))


GATE = Gate()


def breaker_states() -> list[BreakerState]:
    """What a school may know: breakers shared by all, and those of its own accounts. On the platform: all."""
    schema = context.current_schema()
    states = GATE.states()
    if schema == context.PUBLIC:
        return states
    return [one for one in states if one.scope == "" or one.scope.partition("/")[0] == schema]
