"""How long a reading of Graph waits, and when it gives up."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import httpx

from .errors import GraphThrottled


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries per address; the longest single wait; all waits of one Graph object together (seconds)."""

    tries: int = 5
    longest: float = 120.0
    total: float = 600.0


@dataclass(slots=True)
class Waiting:
    """The waits of one Graph object. Clock, sleep and chance are handed in, so that tests need not wait."""

    patience: Patience
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    waited: float = 0.0
    throttled_seconds: float = 0.0
    _not_before: float = field(default=float("-inf"))

    def until_allowed(self) -> None:
        """Hold on as long as Microsoft asked, also across calls; raise when that is longer than we wait."""
        self._wait(self._not_before - self.clock(), throttled=True)

    def throttled(self, response: httpx.Response, attempt: int) -> None:
        """Microsoft asked for a pause: nothing is sent before it is over."""
        pause = retry_after(response) or self._backoff(attempt)
        self._not_before = max(self._not_before, self.clock() + pause)

    def after_fault(self, attempt: int) -> None:
        self._wait(self._backoff(attempt), throttled=False)

    def _backoff(self, attempt: int) -> float:
        """1, 2, 4, 8 … seconds, each spread over its upper half so that schools do not return in step."""
        return min(60.0, 2.0 ** (attempt - 1)) * (0.5 + self.chance() / 2)

    def _wait(self, seconds: float, *, throttled: bool) -> None:
        if seconds <= 0:
            return
        if seconds > self.patience.longest or self.waited + seconds > self.patience.total:
            raise GraphThrottled(seconds, "longer than this reading may wait")
        self.waited += seconds
        self.throttled_seconds += seconds if throttled else 0.0
        self.sleep(seconds)


def retry_after(response: httpx.Response) -> float | None:
    """The pause that was asked for, in seconds; None where the header is missing or says nothing."""
    value = response.headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value, response.headers.get("date", ""))
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _seconds_until(value: str, date: str) -> float | None:
    """A date is measured against the sender's own clock, which is the one it was written by."""
    try:
        moment = _aware(parsedate_to_datetime(value))
    except ValueError:
        return None
    try:
        sent = _aware(parsedate_to_datetime(date))
    except ValueError:
        sent = datetime.now(UTC)
    return max(0.0, (moment - sent).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
