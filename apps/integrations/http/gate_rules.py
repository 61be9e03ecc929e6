"""The numbers and words of the gate."""

from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal["good", "bad", "void"]  # void: says nothing of the provider
GO: Final = "go"
OPEN: Final = "open"
BUSY: Final = "busy"
PROBE_SHOWN_AS: Final = 1.0  # seconds that others are told to wait while one call tries


@dataclass(frozen=True, slots=True)
class Rule:
    """How a provider is treated. Opens when `share` percent of at least `minimum` calls failed within two half
    windows. Pauses in seconds, the next after each try that failed: the last bounds how late a recovery is seen.
    """

    at_once: int = 32
    waits: float = 2.0  # seconds for a place
    minimum: int = 5
    share: int = 50
    half_window: int = 30
    pauses: tuple[int, ...] = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Entry:
    """The answer of the gate: `said` is GO, OPEN (come back after `wait` seconds) or BUSY."""

    said: str
    wait: float
    token: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class BreakerState:
    """One breaker as it is now: closed, open or half-open; calls and failures of the window; seconds until a try."""

    provider: str
    scope: str
    state: str
    calls: int
    failures: int
    retry_in: float

    @property
    def is_open(self) -> bool:
        return self.state != "closed"
