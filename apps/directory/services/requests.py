"""What people may ask of directory runs: start, preview, cancel, retry, approve, refuse. And the sweeper."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.core.plan import MOVING, State
from apps.tenants.jobs import enqueue

from ..models import DirectoryRun, GroupMapping
from ..permissions import DIRECTORY_RUN
from ..selectors import linked_organisation
from .acts import RUN_APPROVED, RUN_CANCELLED, RUN_REFUSED, RUN_REQUESTED, RUN_RETRIED
from .lease import MOST_ATTEMPTS
from .staging import forget_staged

RESUME_WITHIN = timedelta(hours=1)  # pages older than this are read anew
FORGOTTEN_AFTER = timedelta(seconds=90)  # a queued run whose bell nobody heard
ENDED = {State.DONE, State.FAILED, State.CANCELLED, State.REFUSED}


class RunRefused(DomainError):
    code = "run-refused"


def request_run(
    *, actor: Actor, now: datetime, preview: bool = False, trigger: str = DirectoryRun.Trigger.MANUAL
) -> DirectoryRun:
    """Queue a run. While one is moving, that one is returned; held and incomplete ones give way to the new."""
    DIRECTORY_RUN.require(actor)
    tenant_id = linked_organisation()
    if not tenant_id:
        raise RunRefused(_("Link your school's Microsoft organisation first."))
    if not GroupMapping.objects.filter(active=True, campus__archived_at=None).exists():
        raise RunRefused(_("Map at least one Microsoft group to a campus first."))
    run = DirectoryRun(
        kind=DirectoryRun.Kind.PREVIEW if preview else DirectoryRun.Kind.FULL,
        trigger=trigger,
        tenant_id=tenant_id,
        requested_by=actor.label[:200],
        request_id=actor.request_id[:64],
        created_at=now,
    )
    try:
        with transaction.atomic():
            _give_way(now)
            run.save(force_insert=True)
            record(actor=actor, act=RUN_REQUESTED, target=run, data={"kind": run.kind}, at=now)
            _ring(run)
    except IntegrityError:
        return _moving()
    return run


@transaction.atomic
def cancel_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Stop a run before its next chunk. What was applied stays and is listed. Safe to repeat."""
    DIRECTORY_RUN.require(actor)
    run = _locked(run_id)
    state = State(run.state)
    if state in ENDED or run.cancel_requested:
        return run
    at_work = state in MOVING and run.lease_until is not None and run.lease_until > now
    if at_work:
        run.cancel_requested = True
        run.save(update_fields=["cancel_requested"])
    else:
        _finish(run, State.CANCELLED, now)
    record(actor=actor, act=RUN_CANCELLED, target=run, at=now)
    return run


def retry_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Go on with an incomplete run where its last page was committed, or start a new one where that is not possible."""
    DIRECTORY_RUN.require(actor)
    with transaction.atomic():
        run = _locked(run_id)
        if run.is_moving:
            return run
        if State(run.state) is State.HELD:
            raise RunRefused(_("This run waits for a decision: approve or refuse it."))
        resumed = _resume(run, now)
        if resumed:
            record(actor=actor, act=RUN_RETRIED, target=run, at=now)
    return (
        run
        if resumed
        else request_run(actor=actor, now=now, preview=run.is_preview, trigger=DirectoryRun.Trigger.RETRY)
    )


@transaction.atomic
def approve_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Let a held run do what its list says. Safe to repeat."""
    DIRECTORY_RUN.require(actor)
    run = _locked(run_id)
    if State(run.state) is not State.HELD:
        return _decided(run, approved=True)
    run.state, run.decided_by, run.decided_at, run.attempts = State.APPLYING.value, actor.label[:200], now, 0
    try:
        with transaction.atomic():
            run.save(update_fields=["state", "decided_by", "decided_at", "attempts"])
    except IntegrityError:
        raise RunRefused(_("Another run is under way. Wait for it, then look at its list.")) from None
    record(actor=actor, act=RUN_APPROVED, target=run, data={"affected": run.affected}, at=now)
    _ring(run)
    return run


@transaction.atomic
def refuse_run(*, actor: Actor, run_id: UUID, now: datetime) -> DirectoryRun:
    """Throw a held plan away; nothing of it was done. Safe to repeat."""
    DIRECTORY_RUN.require(actor)
    run = _locked(run_id)
    if State(run.state) is not State.HELD:
        return _decided(run, approved=False)
    run.decided_by, run.decided_at = actor.label[:200], now
    _finish(run, State.REFUSED, now)
    record(actor=actor, act=RUN_REFUSED, target=run, data={"affected": run.affected}, at=now)
    return run


def sweep(*, now: datetime) -> int:
    """Ring again for runs whose worker died or whose bell was not heard, and go on with incomplete ones in time."""
    abandoned = Q(lease_until__lt=now) | Q(lease_until=None, created_at__lt=now - FORGOTTEN_AFTER)
    rung = 0
    for run in DirectoryRun.objects.filter(abandoned, state__in=[state.value for state in MOVING]):
        _ring(run)
        rung += 1
    due = DirectoryRun.objects.filter(state=State.PARTIAL.value, resume_at__lte=now)
    for run_id in due.values_list("pk", flat=True):
        with transaction.atomic():
            run = _locked(run_id)
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


def _give_way(now: datetime) -> None:
    waiting = DirectoryRun.objects.select_for_update().filter(state__in=[State.HELD.value, State.PARTIAL.value])
    for run in waiting:
        _finish(run, State.CANCELLED, now, error_code="superseded")


def _finish(run: DirectoryRun, state: State, now: datetime, error_code: str = "") -> None:
    run.state, run.finished_at, run.resume_at = state.value, now, None
    run.error_code = error_code or run.error_code
    run.worker, run.lease_until = "", None
    run.save()
    forget_staged(run.pk)


def _moving() -> DirectoryRun:
    run = DirectoryRun.objects.filter(state__in=[state.value for state in MOVING]).first()
    if run is None:
        raise RunRefused(_("Another run has just ended. Try again."))
    return run


def _decided(run: DirectoryRun, *, approved: bool) -> DirectoryRun:
    """The same decision again changes nothing; another one comes too late."""
    if run.decided_at is None or (State(run.state) is State.REFUSED) is approved:
        raise RunRefused(_("This run does not wait for a decision any more."))
    return run


def _locked(run_id: UUID) -> DirectoryRun:
    run = DirectoryRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotVisible()
    return run


def _ring(run: DirectoryRun) -> None:
    enqueue("directory.run", run_id=str(run.pk))
