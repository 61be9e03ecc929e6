"""The one way from a plan to its end, whatever it is about."""

from dataclasses import dataclass
from typing import Protocol

from .states import State


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
    def only_preview(self) -> bool:
        """Nothing is to be applied: the plan ends when it is computed."""

    def enter(self, state: State) -> None:
        """Record the next state. Raises Stopped when the work is cancelled or no longer ours."""

    def compute(self) -> None:
        """Store all changes. Nothing that is not completely known may be among them.

        Of a plan that takes another back: the inverse of what the other applied, last first, compared with how
        things are now; what people changed since is stored as a conflict, which nothing applies.
        """

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
