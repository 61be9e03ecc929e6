"""A worker's turn on a run, and what has to happen right after it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from apps.core.plan import State
from apps.tenants.jobs import enqueue

from ..models import GroupNotice
from . import alerts, runs


def work_on(*, run_id: UUID, clock: Callable[[], datetime]) -> State | None:
    """Carry the run on; then tell whom it concerns, and read what was announced meanwhile. Safe to repeat.

    Should the worker die in between, the clock does both a minute later.
    """
    state = runs.carry_out(run_id=run_id)
    if state is not None:
        alerts.watch(now=clock())
        if GroupNotice.objects.exists():
            enqueue("directory.noticed")
    return state
