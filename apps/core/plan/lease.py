"""Who works on a plan. The plan's row is the lock: whoever wrote `worker` last, and only they, may write on."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from .driving import Stopped
from .rows import PlanRun
from .states import MOVING, MOVING_VALUES, State, may_become

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8

Clock = Callable[[], datetime]
Run = TypeVar("Run", bound=PlanRun)


class Lease(Generic[Run]):
    """A claimed plan. Every write checks that the plan is still ours and that nobody asked to stop."""

    def __init__(self, run: Run, token: str, clock: Clock) -> None:
        self.run = run
        self.clock = clock
        self._token = token

    def write(self, *, rest: timedelta = timedelta(), **fields: Any) -> None:
        """Write facts of the plan and renew the lease. Raises Stopped when it is lost or the plan is to be cancelled.

        Then nothing is written. Call it inside the transaction of the work it reports: that rolls back as well.
        """
        now = self.clock()
        mine = self._rows().filter(worker=self._token)
        going_on = mine if "state" in fields else mine.filter(cancel_requested=False)
        if not going_on.update(lease_until=now + LEASE + rest, **fields):
            raise Cancelled() if mine.exists() else Stopped("another worker has this plan")
        for name, value in fields.items():
            setattr(self.run, name, value)

    def enter(self, state: State, **fields: Any) -> None:
        """The next state. `finished_at` is set and the lease given back where nobody works on."""
        before = State(self.run.state)
        if not may_become(before, state):
            raise RuntimeError(f"a plan cannot go from {before} to {state}")
        if state not in MOVING:
            fields |= {"resume_at": fields.get("resume_at"), "cancel_requested": False}
            if state is not State.HELD:
                fields.setdefault("finished_at", self.clock())
        with transaction.atomic():
            self.write(state=state.value, **fields)
            if state not in MOVING:
                self._rows().update(worker="", lease_until=None)

    def _rows(self) -> Any:
        return type(self.run)._default_manager.filter(pk=self.run.pk)


class Cancelled(Stopped):
    """Somebody asked this plan to stop."""


def claim(model: type[Run], run_id: UUID, clock: Clock) -> Lease[Run] | None:
    """Take a moving plan whose lease is free, or None. Two workers cannot both get it."""
    now, token = clock(), uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = model._default_manager.select_for_update(skip_locked=True)
    with transaction.atomic():
        run = rows.filter(free, pk=run_id, state__in=MOVING_VALUES).first()
        if run is None:
            return None
        run.worker, run.lease_until, run.attempts = token, now + LEASE, run.attempts + 1
        run.started_at = run.started_at or now
        run.resume_at = None
        run.save(update_fields=["worker", "lease_until", "attempts", "started_at", "resume_at"])
    return Lease(run, token, clock)
