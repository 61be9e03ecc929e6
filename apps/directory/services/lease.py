"""Who works on a run. The run's row is the lock: whoever wrote `worker` last, and only they, may write on."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.core.plan import MOVING, State, Stopped, may_become

from ..models import DirectoryRun

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8

Clock = Callable[[], datetime]


class Lease:
    """A claimed run. Every write checks that the run is still ours and that nobody asked to stop."""

    def __init__(self, run: DirectoryRun, token: str, clock: Clock) -> None:
        self.run = run
        self._token = token
        self._clock = clock

    def write(self, *, rest: timedelta = timedelta(), **fields: Any) -> None:
        """Write facts of the run and renew the lease. Raises Stopped when it is lost or the run is to be cancelled.

        Call it inside the transaction of the work it reports: a worker that lost its lease rolls back.
        """
        now = self._clock()
        mine = DirectoryRun.objects.filter(pk=self.run.pk, worker=self._token)
        if not mine.update(lease_until=now + LEASE + rest, **fields):
            raise Stopped("another worker has this run")
        for name, value in fields.items():
            setattr(self.run, name, value)
        if "state" not in fields and mine.filter(cancel_requested=True).exists():
            raise Cancelled()

    def enter(self, state: State, **fields: Any) -> None:
        """The next state. `finished_at` is set and the lease given back where nobody works on."""
        before = State(self.run.state)
        if not may_become(before, state):
            raise RuntimeError(f"a run cannot go from {before} to {state}")
        if state not in MOVING:
            fields |= {"resume_at": fields.get("resume_at"), "cancel_requested": False}
            if state is not State.HELD:
                fields.setdefault("finished_at", self._clock())
        with transaction.atomic():
            self.write(state=state.value, **fields)
            if state not in MOVING:
                DirectoryRun.objects.filter(pk=self.run.pk).update(worker="", lease_until=None)


class Cancelled(Stopped):
    """Somebody asked this run to stop."""


def claim(run_id: UUID, clock: Clock) -> Lease | None:
    """Take a moving run whose lease is free, or None. Two workers cannot both get it."""
    now, token = clock(), uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    moving = sorted(state.value for state in MOVING)
    with transaction.atomic():
        run = DirectoryRun.objects.select_for_update(skip_locked=True).filter(free, pk=run_id, state__in=moving).first()
        if run is None:
            return None
        run.worker, run.lease_until, run.attempts = token, now + LEASE, run.attempts + 1
        run.started_at = run.started_at or now
        run.resume_at = None
        run.save(update_fields=["worker", "lease_until", "attempts", "started_at", "resume_at"])
    return Lease(run, token, clock)
