"""Plans about people: what people ask of them, and what the worker does."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.services import record
from apps.campuses.models import CampusMembership, CampusRole
from apps.campuses.services.memberships import require_appointing
from apps.core.actor import Actor
from apps.core.errors import NotVisible
from apps.core.permissions import Permission
from apps.core.plan import State, Threshold
from apps.core.plan.desk import Desk, PlanRefused
from apps.core.plan.lease import Clock
from apps.core.plan.row_work import Draft, RowWork, carry_out
from apps.core.plan.rows import PlanChange
from apps.directory.rules import hold_threshold
from apps.tenants.jobs import enqueue

from ..models import (
    ImportFile,
    ProvisionedGroup,
    ProvisionedMember,
    ProvisionedPerson,
    RosterChange,
    RosterPlan,
)
from ..permissions import ROSTER_IMPORT, ROSTER_PROVISION, ROSTER_ROLLOVER
from . import importing, rollover
from .acts import CHANGE_SET_ASIDE, OF_WORDS, PLAN_ENDED
from .placing import place_drafts
from .subjects import Accounts, People, Places, actor_of, managers_of
from .tables import BadFile

Kind = RosterPlan.Kind
CONFIRM: Final = "confirm"  # nobody objects, but somebody has to see it
CLOSED: Final = (User.Status.DEPARTED.value, User.Status.SUSPENDED.value)
KEPT: Final = timedelta(days=1)  # how long a file waits for somebody to go on


def ring(run: RosterPlan) -> None:
    enqueue("roster.run", run_id=str(run.pk))


def tell(*, actor: Actor, word: str, run: RosterPlan, now: datetime, **data: Any) -> None:
    record(actor=actor, act=OF_WORDS[word], target=run, data={"kind": run.kind, **data}, at=now)


def _of_undo(run: RosterPlan) -> dict[str, Any]:
    return {"kind": run.kind, "label": run.label}


def _forget(run: RosterPlan) -> None:
    """Take back what a plan that was thrown away had set: its school year, its mapping, what it was to decide."""
    if run.applied or run.is_undo:
        return
    if run.period:
        run.period = ""
        RosterPlan.objects.filter(pk=run.pk).update(period="")
    if run.options.get("held"):
        decided(run, done=False)
    if before := run.options.get("before"):
        ProvisionedGroup.objects.filter(pk=run.options["group"]).update(
            campus=before["campus"] or None, role=before["role"], promotion=before["promotion"] or None
        )


def decided(run: RosterPlan, *, done: bool) -> None:
    """An administrator has decided about withdrawals that were held: what was done is the provider's to take back."""
    people = ProvisionedPerson.objects.filter(user__in=run.changes.values("user_id")).exclude(pending="")
    if done:
        kept = run.changes.filter(overtaken=True, subject="account").values("user_id")
        gone = people.exclude(user__in=kept)
        gone.filter(pending=ProvisionedPerson.Pending.SUSPEND).update(suspended=True)
        removed = gone.filter(pending=ProvisionedPerson.Pending.REMOVE)
        ProvisionedMember.objects.filter(user__in=removed.values("user_id")).delete()
        removed.update(removed=True)
    people.update(pending="")


def may_approve(actor: Actor, run: RosterPlan) -> None:
    """Whoever lets people run a campus, or ends that, by a list, a group or an undo, could do it by hand: also by
    closing the account of who runs one.

    Raises Forbidden, NotYours.
    """
    lines = RosterChange.objects.filter(run=run)
    managers = CampusMembership.objects.filter(user=OuterRef("user_id"), role=CampusRole.MANAGER)
    named = Q(after__role=CampusRole.MANAGER.value)
    theirs = Q(Exists(managers.filter(campus=OuterRef("campus_id"))), after__has_any_keys=["state", "role"])
    places = lines.filter(named | theirs, subject="place").exclude(campus_id=None)
    closing = lines.filter(subject="account", after__status__in=CLOSED).values("user_id")
    left = managers_of(closing)
    for campus_id in {*places.values_list("campus_id", flat=True), *left.values_list("campus_id", flat=True)}:
        require_appointing(actor, campus_id)


def _desk(permission: Permission) -> Desk[RosterPlan]:
    return Desk(
        RosterPlan,
        permission=permission,
        ring=ring,
        tell=tell,
        forget=_forget,
        of_undo=_of_undo,
        may_approve=may_approve,
    )


PERMISSIONS: Final[Mapping[str, Permission]] = {
    Kind.FILE: ROSTER_IMPORT,
    Kind.ROLLOVER: ROSTER_ROLLOVER,
    Kind.SCIM: ROSTER_PROVISION,
}
DESKS: Final[Mapping[str, Desk[RosterPlan]]] = {kind: _desk(permission) for kind, permission in PERMISSIONS.items()}


def desk_of(run: RosterPlan) -> Desk[RosterPlan]:
    return DESKS[run.kind]


def request_plan(*, actor: Actor, kind: str, label: str, now: datetime, **fields: Any) -> RosterPlan:
    """Queue a plan of its kind: of one kind one is at work at a time. Raises Forbidden, IntegrityError."""
    PERMISSIONS[kind].require(actor)
    with transaction.atomic():
        run = RosterPlan(
            kind=kind,
            lane=kind,
            label=label[:200],
            requested_by=actor.label[:200],
            request_id=actor.request_id[:64],
            created_at=now,
            **fields,
        )
        run.save(force_insert=True)
        tell(actor=actor, word="requested", run=run, now=now, label=run.label)
        ring(run)
    return run


@transaction.atomic
def set_aside(*, actor: Actor, run_id: UUID, change_id: int, aside: bool, now: datetime) -> RosterChange:
    """Leave one line out of a plan that waits, or take it in again. Safe to repeat. Raises NotVisible, PlanRefused."""
    run = RosterPlan.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotVisible()
    PERMISSIONS[run.kind].require(actor)
    change = RosterChange.objects.filter(run=run, pk=change_id).first()
    if change is None:
        raise NotVisible()
    if State(run.state) is not State.HELD:
        raise PlanRefused(_("This plan does not wait for a decision any more."))
    if aside == bool(change.set_aside) or not (change.subject or change.set_aside):
        return change
    change.subject, change.set_aside = ("", change.subject) if aside else (change.set_aside, "")
    change.save(update_fields=["subject", "set_aside"])
    left = RosterChange.objects.filter(run=run).exclude(subject="")
    run.to_apply, run.affected = left.count(), left.filter(affects=True).count()
    run.save(update_fields=["to_apply", "affected"])
    record(actor=actor, act=CHANGE_SET_ASIDE, target=run, target_label=change.name, data={"left_out": aside}, at=now)
    return change


class RosterWork(RowWork):
    """The plans' side of `apps.core.plan`: what each kind finds, and how accounts and places are written."""

    subjects = {"person": People(), "place": Places(), "account": Accounts()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading: importing.Reading | None = None
        self.threshold: Threshold = hold_threshold()

    def compute(self) -> None:
        if self.run.kind == Kind.FILE and not self.run.is_undo:
            self._reading = importing.read(self.run.file, self.run.options, self._progress)
        super().compute()

    def _progress(self, count: int) -> None:
        self.lease.write(rows_read=count)

    def find(self) -> Iterable[Draft]:
        found: Mapping[str, Callable[[], Iterable[Draft]]] = {
            Kind.FILE: self._find_in_file,
            Kind.ROLLOVER: lambda: rollover.drafts(self.run),
            Kind.SCIM: self._find_in_group,
        }
        return found[self.run.kind]()

    def _find_in_file(self) -> Iterable[Draft]:
        assert self._reading is not None
        planner = importing.Planner(self._reading, self.run.options, self.run)
        yield from planner.drafts()
        importing.store_failed(self.run, self._reading.failed)
        self.lease.write(rows=dict(planner.rows))

    def _find_in_group(self) -> Iterable[Draft]:
        people = ProvisionedMember.objects.filter(group=self.run.options.get("group"))
        return place_drafts(list(people.order_by("user_id").values_list("user_id", flat=True)))

    def total(self) -> int:
        return {
            Kind.FILE: importing.population,
            Kind.SCIM: ProvisionedPerson.objects.filter(removed=False).count,
            Kind.ROLLOVER: lambda: 0,
        }[self.run.kind]()

    def suspicious(self) -> str:
        """All of these are seen before they are done; too many people losing a campus is said first."""
        if self.run.kind != Kind.ROLLOVER and self.threshold.holds(self.run.population, self.run.affected):
            return "threshold"
        return CONFIRM if self.run.to_apply else ""

    def ended(self, state: State) -> None:
        if state is State.HELD:
            return
        if state is State.DONE and self.run.file_id:
            ImportFile.objects.filter(pk=self.run.file_id).update(content=b"", sample=[])
        if state in (State.DONE, State.PARTIAL, State.CANCELLED) and self.run.options.get("held"):
            decided(self.run, done=True)
        if state is State.DONE and self.run.is_undo and self.run.undoes.period:
            RosterPlan.objects.filter(pk=self.run.undoes_id).update(period="")
        if state in (State.CANCELLED, State.FAILED) and not self.run.applied and self.run.period:
            RosterPlan.objects.filter(pk=self.run.pk).update(period="")
        record(
            actor=actor_of(self.run), act=PLAN_ENDED, target=self.run, changes={"state": [None, state.value]},
            data={"kind": self.run.kind, "counts": self.run.counts, "applied": self.run.applied, "rows": self.run.rows},
            at=self.lease.clock(),
        )  # fmt: skip

    def _row(self, draft: Draft) -> PlanChange:
        row = super()._row(draft)
        assert isinstance(row, RosterChange)
        user_id, _colon, campus_id = draft.key.partition(":")
        row.user_id = UUID(user_id) if user_id else None
        row.campus_id = UUID(campus_id) if campus_id and campus_id != "None" else None
        row.row = getattr(draft, "row", None)
        return row


def work_on(*, run_id: UUID, clock: Clock = timezone.now, chunk: int = 500) -> State | None:
    """What the task does. Safe to call any number of times, at once, and after a crash at any point."""
    try:
        return carry_out(RosterWork, RosterPlan, run_id=run_id, clock=clock, chunk=chunk)
    except BadFile as error:
        RosterPlan.objects.filter(pk=run_id).update(error_code=error.code, error_detail=str(error)[:300])
        return State.FAILED


def sweep(*, now: datetime) -> int:
    """Ring again for plans that were left behind, and forget files nobody went on with."""
    old = ImportFile.objects.filter(created_at__lt=now - KEPT).exclude(content=b"")
    waiting = RosterPlan.objects.filter(state__in=["queued", "reading", "planned"]).values("file")
    old.exclude(pk__in=waiting.exclude(file=None)).update(content=b"", sample=[])
    return DESKS[Kind.FILE].ring_again(now=now)
