"""The one component for everything a machine changes about people, money or licences.

    compute -> preview -> threshold or approval -> apply in chunks, with progress -> verify by reading back

An app brings a `Work`: durable rows that know how to compute their changes and how to apply the next few of
them. `advance` drives it. Everything that matters is a row, so a process may die at any point: the next one
takes the lease and goes on where the last committed chunk ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol


class State(StrEnum):
    """Where a plan stands."""

    QUEUED = "queued"
    READING = "reading"
    PLANNED = "planned"
    HELD = "held"
    APPLYING = "applying"
    VERIFYING = "verifying"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


#: A worker is, or will be, at work.
MOVING: Final = frozenset({State.QUEUED, State.READING, State.PLANNED, State.APPLYING, State.VERIFYING})

_END: Final = frozenset({State.FAILED, State.CANCELLED})
TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.QUEUED: frozenset({State.READING}) | _END,
    State.READING: frozenset({State.PLANNED, State.PARTIAL}) | _END,
    State.PLANNED: frozenset({State.HELD, State.APPLYING, State.DONE}) | _END,
    State.HELD: frozenset({State.APPLYING, State.REFUSED, State.CANCELLED}),
    State.APPLYING: frozenset({State.VERIFYING, State.PARTIAL}) | _END,
    State.VERIFYING: frozenset({State.DONE, State.PARTIAL}) | _END,
    State.PARTIAL: frozenset({State.READING, State.APPLYING, State.CANCELLED}),
    State.FAILED: frozenset({State.READING}),
    State.DONE: frozenset(),
    State.CANCELLED: frozenset(),
    State.REFUSED: frozenset(),
}


def may_become(before: State, after: State) -> bool:
    """Whether a plan in one state may go to the other; staying is always allowed."""
    return before == after or after in TRANSITIONS[before]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a plan as people see it: what happens to whom, from what to what, and why."""

    what: str
    who: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many may be affected without asking: more than `count` and more than `percent` of all is too many."""

    percent: float
    count: int

    def allowed(self, total: int) -> int:
        return max(self.count, int(total * self.percent / 100))

    def holds(self, total: int, affected: int) -> bool:
        return affected > self.allowed(total)


@dataclass(frozen=True, slots=True)
class Impact:
    """What a computed plan would do to those who are there now. `suspicious`: ask whatever the numbers say."""

    total: int = 0
    affected: int = 0
    suspicious: str = ""


class Stopped(Exception):
    """The work must end here: somebody cancelled it, or another worker has taken it over."""


class Work(Protocol):
    """A durable plan. Each method commits what it did before it returns, and may be called again after a crash."""

    @property
    def state(self) -> State: ...

    @property
    def only_preview(self) -> bool: ...

    def enter(self, state: State) -> None:
        """Record the next state. Raises Stopped when the work is cancelled or no longer ours."""

    def compute(self) -> None:
        """Store all changes. Nothing that is not completely known may be among them."""

    def impact(self) -> Impact: ...

    def apply_chunk(self) -> bool:
        """Apply the next few changes in one transaction; False when none was left. Raises Stopped like `enter`."""

    def verify(self) -> int:
        """Read back; how many applied changes are not as planned."""


def advance(work: Work, *, threshold: Threshold) -> State:
    """Drive the work from wherever it stands to its end, or to the question for a human being."""
    if work.state in (State.QUEUED, State.READING):
        work.enter(State.READING)
        work.compute()
        work.enter(State.PLANNED)
    if work.state is State.PLANNED:
        work.enter(_after_planning(work, threshold))
    if work.state is State.APPLYING:
        while work.apply_chunk():
            pass
        work.enter(State.VERIFYING)
    if work.state is State.VERIFYING:
        work.enter(State.PARTIAL if work.verify() else State.DONE)
    return work.state


def _after_planning(work: Work, threshold: Threshold) -> State:
    if work.only_preview:
        return State.DONE
    impact = work.impact()
    held = impact.suspicious or threshold.holds(impact.total, impact.affected)
    return State.HELD if held else State.APPLYING
