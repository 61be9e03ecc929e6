"""What people may ask of plans: cancel, approve, refuse, take back. And the sweeper that rings again.

An app makes one Desk for its plans and gives it its permission, its bell and its audit trail; its services are then
one line each. Starting a plan is the app's own act: only it knows what is needed for one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..actor import Actor
from ..errors import DomainError, NotVisible
from ..permissions import Permission
from .rows import PlanRun
from .states import ENDED, MOVING, MOVING_VALUES, State

FORGOTTEN_AFTER = timedelta(seconds=90)  # a queued plan whose bell nobody heard

Run = TypeVar("Run", bound=PlanRun)


class PlanRefused(DomainError):
    """What was asked cannot be done with this plan; the sentence says why and what to do."""

    code = "plan-refused"


class Tell(Protocol):
    """Write the audit trail: `word` is requested, cancelled, approved, refused or undo_requested."""

    def __call__(self, *, actor: Actor, word: str, run: Any, now: datetime, **data: Any) -> None: ...


def nothing(run: Any) -> None:
    """The default of hooks."""


def anybody(actor: Actor, run: Any) -> None:
    """The default of `may_approve`: the permission alone decides."""


class Desk(Generic[Run]):
    """The acts on one kind of plan. Each asks for the permission, locks the row, tells the trail, may be repeated."""

    def __init__(
        self,
        model: type[Run],
        *,
        permission: Permission,
        ring: Callable[[Run], None],
        tell: Tell,
        forget: Callable[[Run], None] = nothing,
        may_approve: Callable[[Actor, Run], None] = anybody,
        fixed: Callable[[Run], str] = lambda run: "",
        of_undo: Callable[[Run], dict[str, Any]] = lambda run: {},
        refusal: type[PlanRefused] = PlanRefused,
    ) -> None:
        """`ring(run)` enqueues the app's task. `forget(run)` deletes what a thrown-away plan had staged.

        `may_approve(actor, run)` raises when what this plan would do is not this actor's to decide.
        `fixed(run)` is the sentence why this plan cannot be taken back, or "". `of_undo(run)` gives the values that
        the app's own columns have in the plan that takes `run` back.
        """
        self.model = model
        self.permission = permission
        self.refusal = refusal
        self._ring = ring
        self._tell = tell
        self._forget = forget
        self._may_approve = may_approve
        self._fixed = fixed
        self._of_undo = of_undo

    @transaction.atomic
    def cancel(self, *, actor: Actor, run_id: UUID, now: datetime) -> Run:
        """Stop before the next chunk. What was applied stays and is listed. Safe to repeat."""
        self.permission.require(actor)
        run = self.locked(run_id)
        state = State(run.state)
        if state in ENDED or run.cancel_requested:
            return run
        if state in MOVING and run.lease_until is not None and run.lease_until > now:
            run.cancel_requested = True
            run.save(update_fields=["cancel_requested"])
        else:
            self.finish(run, State.CANCELLED, now)
        self._tell(actor=actor, word="cancelled", run=run, now=now)
        return run

    @transaction.atomic
    def approve(self, *, actor: Actor, run_id: UUID, now: datetime) -> Run:
        """Let a held plan do what its list says. Safe to repeat. Raises also what the app's `may_approve` raises."""
        self.permission.require(actor)
        run = self.locked(run_id)
        if State(run.state) is not State.HELD:
            return self._decided(run, approved=True)
        self._may_approve(actor, run)
        run.state, run.decided_by, run.decided_at, run.attempts = State.APPLYING.value, actor.label[:200], now, 0
        try:
            with transaction.atomic():
                run.save(update_fields=["state", "decided_by", "decided_at", "attempts"])
        except IntegrityError:
            raise self.refusal(_("Another run is under way. Wait for it, then look at its list.")) from None
        self._tell(actor=actor, word="approved", run=run, now=now, affected=run.affected)
        self._ring(run)
        return run

    @transaction.atomic
    def refuse(self, *, actor: Actor, run_id: UUID, now: datetime) -> Run:
        """Throw a held plan away; nothing of it was done. Safe to repeat."""
        self.permission.require(actor)
        run = self.locked(run_id)
        if State(run.state) is not State.HELD:
            return self._decided(run, approved=False)
        run.decided_by, run.decided_at = actor.label[:200], now
        self.finish(run, State.REFUSED, now)
        self._tell(actor=actor, word="refused", run=run, now=now, affected=run.affected)
        return run

    def request_undo(self, *, actor: Actor, run_id: UUID, now: datetime) -> Run:
        """Queue the plan that takes this one back; it is computed, shown and held until approved.

        While there is one that is not thrown away, that one is returned: asking twice changes nothing. A plan that
        waits for a decision waits on. Raises
        PlanRefused when there is nothing to take back, when it cannot be, or while another plan is under way.
        """
        self.permission.require(actor)
        try:
            with transaction.atomic():
                run = self.locked(run_id)
                known = run.undo
                if known is not None:
                    return known
                if reason := self.why_not_undo(run):
                    raise self.refusal(reason)
                self.give_way(run.lane, now, [State.PARTIAL])
                undo = self.model(
                    undoes=run,
                    lane=run.lane,
                    requested_by=actor.label[:200],
                    request_id=actor.request_id[:64],
                    created_at=now,
                    **self._of_undo(run),
                )
                undo.save(force_insert=True)
                self._tell(actor=actor, word="undo_requested", run=run, now=now, undo=str(undo.pk))
                self._ring(undo)
        except IntegrityError:
            raise self.refusal(_("Another run is under way. Wait for it, then try again.")) from None
        return undo

    def why_not_undo(self, run: Run) -> str:
        """Why this plan cannot be taken back, as a sentence; "" when it can."""
        if run.is_undo:
            return _("This run took another one back. Start a new run instead.")
        if State(run.state) not in ENDED | {State.PARTIAL}:
            return _("This run has not ended. Wait for it, or cancel it.")
        if run.is_preview or not run.applied:
            return _("This run changed nothing: there is nothing to take back.")
        return self._fixed(run)

    def ring_again(self, *, now: datetime) -> int:
        """For the sweeper: ring for plans whose worker died or whose bell was not heard; how many."""
        abandoned = Q(lease_until__lt=now) | Q(lease_until=None, created_at__lt=now - FORGOTTEN_AFTER)
        found = list(self.model._default_manager.filter(abandoned, state__in=MOVING_VALUES))
        for run in found:
            self._ring(run)
        return len(found)

    def give_way(self, lane: str, now: datetime, states: Iterable[State]) -> None:
        """Plans of the lane that wait for a decision or for another try make room for a new one."""
        waiting = self.model._default_manager.select_for_update().filter(
            lane=lane, state__in=[state.value for state in states]
        )
        for run in waiting:
            self.finish(run, State.CANCELLED, now, error_code="superseded")

    def finish(self, run: Run, state: State, now: datetime, error_code: str = "") -> None:
        """Write the end of a plan on which nobody works."""
        run.state, run.finished_at, run.resume_at = state.value, now, None
        run.error_code = error_code or run.error_code
        run.worker, run.lease_until = "", None
        run.save()
        self._forget(run)

    def locked(self, run_id: UUID) -> Run:
        run = self.model._default_manager.select_for_update(of=("self",)).filter(pk=run_id).first()
        if run is None:
            raise NotVisible()
        return run

    def moving(self, lanes: Iterable[str]) -> Run | None:
        """The plan of these lanes that is under way."""
        return self.model._default_manager.filter(lane__in=list(lanes), state__in=MOVING_VALUES).first()

    def _decided(self, run: Run, *, approved: bool) -> Run:
        """The same decision again changes nothing; another one comes too late."""
        if run.decided_at is None or (State(run.state) is State.REFUSED) is approved:
            raise self.refusal(_("This run does not wait for a decision any more."))
        return run
