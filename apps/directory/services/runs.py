"""A directory run as a plan: what the worker does, from claiming a run to its end."""

import logging
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.services import record
from apps.core import plan
from apps.core.plan import Impact, State, Stopped
from apps.core.plan.lease import MOST_ATTEMPTS, Cancelled, Clock, Lease, claim
from apps.core.plan.rows import UNDO_HELD
from apps.microsoft.errors import GraphError
from apps.microsoft.graph import Graph
from apps.tenants.jobs import enqueue

from ..models import DirectoryRun
from ..rules import hold_threshold
from ..selectors import linked_organisation
from . import applying, deltas, planning, reading, requests, undoing
from .acts import RUN_ENDED
from .staging import forget_staged

logger = logging.getLogger("campanile.directory")

BACK_OFF = (60, 120, 300, 600)  # seconds until an incomplete run goes on by itself


def carry_out(
    *,
    run_id: UUID,
    clock: Clock = timezone.now,
    make_graph: reading.GraphFactory = Graph,
    sleep: reading.Sleep = time.sleep,
    chunk: int = applying.CHUNK,
) -> State | None:
    """Work on a run until it ends, is held or is interrupted; its state then. None: not ours, or over.

    Safe to call any number of times, at once, and after a crash at any point.
    """
    lease = claim(DirectoryRun, run_id, clock)
    if lease is None:
        return None
    work = RunWork(lease, clock, make_graph, sleep, chunk)
    try:
        if lease.run.attempts > MOST_ATTEMPTS:
            return work.end(State.FAILED, error_code="gave-up")
        return work.advance()
    except Cancelled:
        return work.end(State.CANCELLED)
    except Stopped:
        return None
    except GraphError as error:
        return work.interrupted(error)
    except Exception:
        logger.exception("a directory run failed", extra={"run_id": str(run_id)})
        work.end(State.FAILED, error_code="internal")
        raise


class RunWork:
    """The run's side of apps.core.plan.Work."""

    def __init__(
        self,
        lease: Lease[DirectoryRun],
        clock: Clock,
        make_graph: reading.GraphFactory,
        sleep: reading.Sleep,
        chunk: int,
    ) -> None:
        self._lease = lease
        self._clock = clock
        self._make_graph = make_graph
        self._sleep = sleep
        self._chunk = chunk

    @property
    def run(self) -> DirectoryRun:
        return self._lease.run

    @property
    def state(self) -> State:
        return State(self.run.state)

    @property
    def only_preview(self) -> bool:
        return self.run.is_preview

    def advance(self) -> State:
        return plan.advance(self, threshold=hold_threshold())

    @transaction.atomic
    def enter(self, state: State) -> None:
        if self.state is State.PLANNED and state in (State.HELD, State.APPLYING):
            requests.takes_over(self.run, self._clock())
        if state is State.DONE:
            self.end(state)
        elif state is State.PARTIAL:
            self.end(state, error_code="not-confirmed")
        elif state is State.HELD:
            self._lease.enter(state, hold_reason=self.impact().suspicious or "threshold")
        elif state is not self.state:
            self._lease.enter(state, error_code="", error_detail="")

    def compute(self) -> None:
        if self.run.is_undo:
            undoing.plan(self._lease)
            return
        if linked_organisation() != self.run.tenant_id:
            raise NotLinked()
        reading.read_everything(self._lease, self._make_graph, self._sleep)
        try:
            planning.plan(self._lease)
        except deltas.NotAsCounted as off:
            for group in off.readings:
                reading.start_over(self._lease, group, "count")
            reading.read_everything(self._lease, self._make_graph, self._sleep)
            planning.plan(self._lease)

    def impact(self) -> Impact:
        if self.run.is_undo:
            return Impact(self.run.population, 0, suspicious=UNDO_HELD if self.run.to_apply else "")
        empty = self.run.affected and self.run.readings.filter(people=0).exists()
        again = self.run.to_apply and _last_was_taken_back(self.run)
        asked = planning.carried(self.run)  # somebody has begun to decide: the question stays a question
        suspicious = "empty-group" if empty else "after-undo" if again else "threshold" if asked else ""
        return Impact(self.run.population, self.run.affected, suspicious=suspicious)

    def apply_chunk(self) -> bool:
        if self.run.members_before is None:  # now, and not when the list was made: a decision may have taken days
            self._lease.write(members_before=applying.members_now())
        return applying.apply_next(self._lease, self._clock, self._chunk)

    def verify(self) -> int:
        wrong = applying.unconfirmed(self.run)
        if wrong:
            logger.error("changes of a directory run are not confirmed", extra={"changes": wrong})
        return wrong

    @transaction.atomic
    def end(self, state: State, **facts: Any) -> State:
        """The run's last state, with its line in the audit trail."""
        run = self.run
        if state is State.DONE and not run.is_preview:
            facts["members_after"] = applying.members_now()
        if state in (State.CANCELLED, State.FAILED):
            forget_staged(run.pk)
        if state is State.DONE and not run.is_preview:
            enqueue("directory.photos")
            enqueue("directory.revocations")
        self._lease.enter(state, **facts)
        record(
            actor=applying.actor_of(run),
            act=RUN_ENDED,
            target=run,
            changes={"state": [None, state.value]},
            reason=run.error_detail,
            data={"counts": run.counts, "applied": run.applied, "pages": run.pages, "people": run.people_read},
            at=self._clock(),
        )
        return state

    def interrupted(self, error: GraphError) -> State | None:
        """The directory was not read to its end. Nothing was taken from it; a passing fault is tried again later."""
        facts: dict[str, Any] = {"error_code": error.code, "error_detail": error.cause[:300]}
        logger.warning("a directory run was interrupted", extra={"error": error.code, "cause": error.cause})
        try:
            if not error.retry:
                return self.end(State.FAILED, **facts)
            pause = max(float(getattr(error, "after", 0)), self._pause())
            return self.end(State.PARTIAL, **facts, resume_at=self._clock() + timedelta(seconds=pause))
        except Cancelled:
            return self.end(State.CANCELLED)
        except Stopped:
            return None

    def _pause(self) -> float:
        return BACK_OFF[min(self.run.attempts, len(BACK_OFF)) - 1]


def _last_was_taken_back(run: DirectoryRun) -> bool:
    """Whether the last run that changed something was an undo: then somebody looks before all is done again."""
    applied = DirectoryRun.objects.exclude(pk=run.pk).exclude(finished_at=None).filter(applied__gt=0)
    last = applied.order_by("-finished_at").first()
    return last is not None and last.is_undo


class NotLinked(GraphError):
    code = "not-linked"
