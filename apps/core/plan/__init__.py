"""The one component for everything a machine changes about people, money or licences (docs/plan.md).

    compute -> preview -> threshold or approval -> apply in chunks, with progress -> verify by reading back -> undo

An app brings a `Work`: durable rows that know how to compute their changes and how to apply the next few of them;
`advance` drives it. Everything that matters is a row, so a process may die at any point: the next one takes the
lease and goes on where the last committed chunk ended. An undo is a plan as well: its changes are the inverse of
another plan's, and it is always shown before it is applied.

    states      where a plan stands
    driving     Work, Threshold, advance
    rows        PlanRun and PlanChange: what an app's two tables look like (abstract models)
    lease       who works on a plan
    desk        what people ask for: cancel, approve, refuse, undo; and the sweeper
    facts       comparing what a plan saw, what it wants and what is there now
    row_work    a Work for up to some ten thousand rows: an app says how things are looked at and made so
"""

from .driving import Impact, Stopped, Threshold, Work, advance
from .states import ENDED, MOVING, MOVING_VALUES, TRANSITIONS, State, may_become

__all__ = [
    "ENDED",
    "MOVING",
    "MOVING_VALUES",
    "TRANSITIONS",
    "Impact",
    "State",
    "Stopped",
    "Threshold",
    "Work",
    "advance",
    "may_become",
]
