"""What people may ask of directory runs: start, preview, cancel, retry, approve, refuse. And the sweeper."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.plan import MOVING_VALUES, State
from apps.core.plan.desk import Desk, PlanRefused
from apps.core.plan.lease import MOST_ATTEMPTS
from apps.tenants.jobs import enqueue

from ..models import DirectoryRun, GroupMapping
from ..permissions import DIRECTORY_RUN
from ..selectors import linked_organisation
from .acts import (
    RUN_APPROVED,
    RUN_CANCELLED,
    RUN_REFUSED,
    RUN_REQUESTED,
    RUN_RETRIED,
    RUN_UNDO_REQUESTED,
)
from .staging import forget_staged

RESUME_WITHIN = timedelta(hours=1)  # pages older than this are read anew


LANE = "directory"
PREVIEW_LANE = "preview"


class RunRefused(PlanRefused):
    code = "run-refused"


def request_run(
    *,
    actor: Actor,
    now: datetime,
    preview: bool = False,
    delta: bool = False,
    trigger: str = DirectoryRun.Trigger.MANUAL,
) -> DirectoryRun:
    """Queue a run. While one is moving, that one is returned; an incomplete one gives way to the new.

    A held run waits on: it gives way when the new one knows what it would do, and not before (`takes_over`).

    A preview changes nothing: it has a lane of its own and takes no run's place, only that of a draft's preview.
    `delta`: Microsoft is only asked for what changed; groups for which that is not possible are read completely.
    """
    DIRECTORY_RUN.require(actor)
    tenant_id = linked_organisation()
    if not tenant_id:
        raise RunRefused(_("Link your school's Microsoft organisation first."))
    if not GroupMapping.objects.filter(active=True, campus__archived_at=None).exists():
        raise RunRefused(_("Map at least one Microsoft group to a campus first."))
    kind = DirectoryRun.Kind.PREVIEW if preview else DirectoryRun.Kind.DELTA if delta else DirectoryRun.Kind.FULL
    lane = PREVIEW_LANE if preview else LANE
    run = DirectoryRun(
        kind=kind,
        lane=lane,
        trigger=trigger,
        tenant_id=tenant_id,
        requested_by=actor.label[:200],
        request_id=actor.request_id[:64],
        created_at=now,
    )
    try:
        with transaction.atomic():
            if preview:
                end_previews(DirectoryRun.objects.exclude(draft=None), now)
            DESK.give_way(lane, now, [State.PARTIAL])
            run.save(force_insert=True)
            record(actor=actor, act=RUN_REQUESTED, target=run, data={"kind": run.kind}, at=now)
            _ring(run)
    except IntegrityError:
        return _moving(lane)
    return run


def takes_over(run: DirectoryRun, now: datetime) -> None:
    """A run that has its own list ends the one that waited for a decision. Call it as the run goes on from planning."""
    DESK.give_way(run.lane, now, [State.HELD])


def end_previews(previews: QuerySet[DirectoryRun], now: datetime) -> None:
    """Of these previews, those that move give way to a newer one."""
    for run in previews.select_for_update().filter(lane=PREVIEW_LANE, state__in=MOVING_VALUES):
        DESK.finish(run, State.CANCELLED, now, error_code="superseded")


def cancel_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Stop a run before its next chunk. What was applied stays and is listed. Safe to repeat."""
    return DESK.cancel(actor=actor, run_id=run_id, now=now)


def retry_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Go on with an incomplete run where its last page was committed, or start a new one where that is not possible."""
    DIRECTORY_RUN.require(actor)
    with transaction.atomic():
        run = DESK.locked(run_id)
        if run.is_moving:
            return run
        if State(run.state) is State.HELD:
            raise RunRefused(_("This run waits for a decision: approve or refuse it."))
        if run.undoes_id:
            return request_undo(actor=actor, run_id=run.undoes_id, now=now)
        resumed = _resume(run, now)
        if resumed:
            record(actor=actor, act=RUN_RETRIED, target=run, at=now)
    return (
        run
        if resumed
        else request_run(
            actor=actor,
            now=now,
            preview=run.is_preview,
            delta=run.kind == DirectoryRun.Kind.DELTA,
            trigger=DirectoryRun.Trigger.RETRY,
        )  # fmt: skip
    )


def approve_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Let a held run do what its list says. Safe to repeat."""
    return DESK.approve(actor=actor, run_id=run_id, now=now)


def refuse_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Throw a held plan away; nothing of it was done. Safe to repeat."""
    return DESK.refuse(actor=actor, run_id=run_id, now=now)


def request_undo(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Queue the run that takes another one back: computed, shown, held until approved. Safe to repeat.

    Raises RunRefused where nothing was applied, where the details are no longer kept, or while a run is under way.
    """
    return DESK.request_undo(actor=actor, run_id=run_id, now=now)


def sweep(*, now: datetime) -> int:
    """Ring again for runs whose worker died or whose bell was not heard, and go on with incomplete ones in time."""
    rung = DESK.ring_again(now=now)
    due = DirectoryRun.objects.filter(state=State.PARTIAL.value, resume_at__lte=now)
    for run_id in due.values_list("pk", flat=True):
        with transaction.atomic():
            run = DESK.locked(run_id)
            rung += State(run.state) is State.PARTIAL and _resume(run, now)
    return rung


def _resume(run: DirectoryRun, now: datetime) -> bool:
    """Put an incomplete reading back into the queue, with its pages. False where a new run is needed."""
    fresh = run.started_at is not None and now - run.started_at < RESUME_WITHIN
    if State(run.state) is not State.PARTIAL or run.error_code == "not-confirmed":
        return False
    if not fresh or run.attempts >= MOST_ATTEMPTS or linked_organisation() != run.tenant_id:
        run.resume_at = None
        run.save(update_fields=["resume_at"])
        return False
    run.state, run.resume_at, run.finished_at, run.cancel_requested = State.READING.value, None, None, False
    try:
        with transaction.atomic():
            run.save(update_fields=["state", "resume_at", "finished_at", "cancel_requested"])
    except IntegrityError:  # another run has begun
        return False
    _ring(run)
    return True


def _moving(lane: str) -> DirectoryRun:
    run = DESK.moving([lane])
    if run is None:
        raise RunRefused(_("Another run has just ended. Try again."))
    return run


def _ring(run: DirectoryRun) -> None:
    enqueue("directory.run", run_id=str(run.pk))


def _tell(*, actor: Actor, word: str, run: DirectoryRun, now: datetime, **data: Any) -> None:
    record(actor=actor, act=ACTS[word], target=run, data=data, at=now)


def _fixed(run: DirectoryRun) -> str:
    """Why a run cannot be taken back."""
    if not run.changes.exists():
        return _("The details of this run are no longer kept, so it cannot be taken back.")
    return ""


def _of_undo(run: DirectoryRun) -> dict[str, Any]:
    return {"kind": DirectoryRun.Kind.UNDO, "tenant_id": run.tenant_id}


ACTS = {
    "cancelled": RUN_CANCELLED,
    "approved": RUN_APPROVED,
    "refused": RUN_REFUSED,
    "undo_requested": RUN_UNDO_REQUESTED,
}

DESK: Desk[DirectoryRun] = Desk(
    DirectoryRun,
    permission=DIRECTORY_RUN,
    ring=_ring,
    tell=_tell,
    forget=lambda run: forget_staged(run.pk),
    fixed=_fixed,
    of_undo=_of_undo,
    refusal=RunRefused,
)
