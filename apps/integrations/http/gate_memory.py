"""The gate of one process, for as long as Redis is away: the steps of gate_scripts.py in Python."""

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from .gate_rules import BUSY, GO, OPEN, PROBE_SHOWN_AS, BreakerState, Entry, Outcome, Rule

MOST_REMEMBERED: Final = 5_000


@dataclass(slots=True)
class _Breaker:
    ends: float = 0.0
    strikes: int = 0
    probe: str = ""
    probe_ends: float = 0.0
    bucket: int = 0
    calls: int = 0
    bad: int = 0
    calls_before: int = 0
    bad_before: int = 0


@dataclass(slots=True)
class Memory:
    """Breakers and places that this process knows of."""

    clock: Callable[[], float] = time.monotonic
    breakers: OrderedDict[tuple[str, str], _Breaker] = field(default_factory=OrderedDict)
    places: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, provider: str, scope: str, rule: Rule, *, lease: float, token: str) -> Entry:
        with self.lock:
            now, breaker = self.clock(), self._breaker(provider, scope)
            if breaker.ends > now:
                return Entry(OPEN, breaker.ends - now, token, is_shared=False)
            if breaker.probe_ends > now:
                return Entry(OPEN, PROBE_SHOWN_AS, token, is_shared=False)
            held = self.places[provider]
            for late in [one for one, until in held.items() if until <= now]:
                del held[late]
            if len(held) >= rule.at_once:
                return Entry(BUSY, 0.0, token, is_shared=False)
            held[token] = now + lease
            if breaker.ends:
                breaker.probe, breaker.probe_ends = token, now + lease
            return Entry(GO, 0.0, token, is_shared=False)

    def leave(self, entry: Entry, provider: str, scope: str, rule: Rule, outcome: Outcome) -> None:
        with self.lock:
            now, breaker = self.clock(), self._breaker(provider, scope)
            self.places[provider].pop(entry.token, None)
            if breaker.ends:
                if breaker.probe == entry.token:
                    self._tried(provider, scope, breaker, rule, outcome, now)
            elif outcome != "void":
                self._count(breaker, rule, outcome, now)

    def _tried(self, provider: str, scope: str, breaker: _Breaker, rule: Rule, outcome: Outcome, now: float) -> None:
        if outcome == "good":
            del self.breakers[provider, scope]
        elif outcome == "bad":
            _open(breaker, rule, now)
        else:
            breaker.probe, breaker.probe_ends = "", 0.0

    def _count(self, breaker: _Breaker, rule: Rule, outcome: Outcome, now: float) -> None:
        bucket = int(now / rule.half_window)
        if bucket != breaker.bucket:
            follows = bucket - breaker.bucket == 1
            breaker.calls_before, breaker.bad_before = (breaker.calls, breaker.bad) if follows else (0, 0)
            breaker.bucket, breaker.calls, breaker.bad = bucket, 0, 0
        breaker.calls += 1
        breaker.bad += outcome == "bad"
        calls, bad = breaker.calls + breaker.calls_before, breaker.bad + breaker.bad_before
        if outcome == "bad" and calls >= rule.minimum and bad * 100 >= calls * rule.share:
            _open(breaker, rule, now)

    def states(self) -> list[BreakerState]:
        with self.lock:
            now = self.clock()
            return [
                BreakerState(
                    provider,
                    scope,
                    "open" if one.ends > now else "half-open" if one.ends else "closed",
                    one.calls + one.calls_before,
                    one.bad + one.bad_before,
                    max(0.0, one.ends - now),
                )
                for (provider, scope), one in self.breakers.items()
            ]

    def _breaker(self, provider: str, scope: str) -> _Breaker:
        found = self.breakers.setdefault((provider, scope), _Breaker())
        self.breakers.move_to_end((provider, scope))
        while len(self.breakers) > MOST_REMEMBERED:
            self.breakers.popitem(last=False)
        return found


def _open(breaker: _Breaker, rule: Rule, now: float) -> None:
    breaker.strikes += 1
    breaker.probe, breaker.probe_ends = "", 0.0
    breaker.ends = now + rule.pauses[min(breaker.strikes, len(rule.pauses)) - 1]
