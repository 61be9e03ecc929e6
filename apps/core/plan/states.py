"""Where a plan stands, and where it may go from there."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


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
#: The same as sorted words, for constraints and queries.
MOVING_VALUES: Final = sorted(state.value for state in MOVING)
#: Nothing more comes of it by itself.
ENDED: Final = frozenset({State.DONE, State.FAILED, State.CANCELLED, State.REFUSED})

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
