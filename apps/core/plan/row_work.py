"""A Work for up to some ten thousand rows, with preview, chunks, read-back and undo from two functions an app writes.

An app says, for each kind of thing (`Subject`), how many of them are looked at and how they are made as wanted. A
plan is then a list of drafts; applying makes `after` true where `before` still holds, verifying looks again, and
undoing is the same with the two sides exchanged, last change first.

For hundreds of thousands of rows an app brings its own Work made of set statements, as the directory does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from .driving import Impact, Stopped, Threshold, advance
from .facts import Facts, holds, invert
from .lease import MOST_ATTEMPTS, Cancelled, Clock, Lease, claim
from .rows import UNDO_HELD, PlanChange, PlanRun
from .states import MOVING, State

CHUNK = 500
CHANGED_SINCE = "changed-since"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is to be made as `after` says; until now it is as `before` says. None: not there."""

    key: str
    before: Facts | None
    after: Facts | None
    reason: str = ""


class Subject(Protocol):
    """One kind of thing that plans change. `irreversible`: why its changes cannot be taken back, or "".

    `whole`: its facts belong together; when somebody changed one since, an undo leaves all of them.
    """

    irreversible: str
    whole: bool

    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        """How these things are now, in few queries; things that are not there are left out."""

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        """Make them so: create (`before` None), change, or remove (`after` None), with history, news and ended
        sessions as the app's services do. Called in a transaction, after the rows were seen to be as `before` says.

        Answers key -> reason for those that stayed as they are, because something else stands in the way.
        """


@dataclass(frozen=True, slots=True)
class Draft:
    """A line of a plan before it is stored. `subject` "" is only told: skipped, or a conflict.

    One line for each thing: a plan changes nothing twice.
    """

    kind: str
    subject: str = ""
    key: str = ""
    before: Facts | None = None
    after: Facts | None = None
    reason: str = ""
    name: str = ""
    email: str = ""
    affects: bool = False


class RowWork:
    """Bring `subjects`, and override `find`; `impact`, `total` and `ended` where the app has something to say."""

    subjects: Mapping[str, Subject] = {}
    threshold = Threshold(percent=100, count=0)

    def __init__(self, lease: Lease[Any], *, chunk: int = CHUNK) -> None:
        self.lease = lease
        self.chunk = chunk

    # what an app says

    def find(self) -> Iterable[Draft]:
        """The changes of a plan that takes nothing back, in the order in which they are applied."""
        raise NotImplementedError

    def total(self) -> int:
        """Of how many the affected are a part, for the threshold."""
        return 0

    def suspicious(self) -> str:
        """A word for `hold_reason` when somebody must look whatever the numbers say."""
        return ""

    def ended(self, state: State) -> None:
        """The plan has reached a state in which nobody works on it; called in that transaction, for the audit trail."""

    # Work

    @property
    def run(self) -> Any:
        return self.lease.run

    @property
    def state(self) -> State:
        return State(self.run.state)

    @property
    def only_preview(self) -> bool:
        return bool(self.run.is_preview)

    def enter(self, state: State) -> None:
        if state is self.state:
            return
        if state is State.HELD:
            self.end(state, hold_reason=self.impact().suspicious or "threshold")
        elif state is State.PARTIAL:
            self.end(state, error_code="not-confirmed")
        elif state in MOVING:
            self.lease.enter(state, error_code="", error_detail="")
        else:
            self.end(state)

    @transaction.atomic
    def compute(self) -> None:
        self.run.changes.all().delete()
        counts: Counter[str] = Counter()
        affected = to_apply = 0
        for batch in _batches(self._drafts(), self.chunk):
            self.run.changes.model.objects.bulk_create(self._row(draft) for draft in batch)
            counts.update(draft.kind for draft in batch)
            affected += sum(draft.affects for draft in batch)
            to_apply += sum(bool(draft.subject) for draft in batch)
        self.lease.write(
            counts=dict(counts), affected=affected, population=self.total(), to_apply=to_apply, applied=0, cursor=0
        )

    def impact(self) -> Impact:
        if self.run.is_undo:
            return Impact(suspicious=UNDO_HELD if self.run.to_apply else "")
        return Impact(self.run.population, self.run.affected, self.suspicious())

    @transaction.atomic
    def apply_chunk(self) -> bool:
        changes = self._next()
        if not changes:
            return False
        subject = self.subjects[changes[0].subject]
        now = subject.look([change.key for change in changes])
        as_seen = [change for change in changes if holds(change.before, now.get(change.key))]
        wanted = [Wanted(change.key, change.before, change.after, change.reason) for change in as_seen]
        in_the_way = subject.make(wanted, self.run, self.lease.clock()) if wanted else {}
        left = {change.pk: change for change in changes}
        for change in as_seen:
            if change.key not in in_the_way:
                del left[change.pk]
        for change in left.values():
            change.overtaken, change.reason = True, in_the_way.get(change.key, CHANGED_SINCE)[:24]
        self.run.changes.model.objects.bulk_update(left.values(), ["overtaken", "reason"])
        self.lease.write(cursor=changes[-1].pk, applied=self.run.applied + len(changes))
        return True

    def verify(self) -> int:
        wrong = 0
        rows = self.run.changes.exclude(subject="").filter(overtaken=False, pk__lte=self.run.cursor).order_by("pk")
        for batch in _batches(rows.iterator(chunk_size=self.chunk), self.chunk):
            for code in {change.subject for change in batch}:
                mine = [change for change in batch if change.subject == code]
                now = self.subjects[code].look([change.key for change in mine])
                wrong += sum(not holds(change.after, now.get(change.key)) for change in mine)
        return wrong

    @transaction.atomic
    def end(self, state: State, **facts: Any) -> State:
        """A state in which nobody works on the plan."""
        self.lease.enter(state, **facts)
        self.ended(state)
        return state

    # how

    def _drafts(self) -> Iterable[Draft]:
        return self._inverse() if self.run.is_undo else self.find()

    def _row(self, draft: Draft) -> PlanChange:
        row: PlanChange = self.run.changes.model(
            run=self.run, kind=draft.kind, subject=draft.subject, key=draft.key, reason=draft.reason[:24],
            name=draft.name[:201], email=draft.email[:254], affects=draft.affects,
            before=None if draft.before is None else dict(draft.before),
            after=None if draft.after is None else dict(draft.after),
        )  # fmt: skip
        return row

    def _next(self) -> list[PlanChange]:
        """The next changes of one subject, locked against nobody: the plan's lease is the lock."""
        waiting = self.run.changes.exclude(subject="").filter(pk__gt=self.run.cursor).order_by("pk")
        found = list(waiting[: self.chunk])
        return list(takewhile(lambda change: change.subject == found[0].subject, found))

    def _inverse(self) -> Iterator[Draft]:
        """What the other plan applied, last first, compared with how things are now."""
        other = self.run.undoes
        rows = other.changes.exclude(subject="").filter(overtaken=False, pk__lte=other.cursor).order_by("-pk")
        for batch in _batches(rows.iterator(chunk_size=self.chunk), self.chunk):
            now: dict[str, Mapping[str, Facts]] = {
                code: self.subjects[code].look([change.key for change in batch if change.subject == code])
                for code in {change.subject for change in batch}
            }
            for change in batch:
                yield from self._taken_back(change, now[change.subject].get(change.key))

    def _taken_back(self, change: PlanChange, now: Facts | None) -> Iterator[Draft]:
        subject = self.subjects[change.subject]
        about: dict[str, Any] = {"key": change.key, "name": change.name, "email": change.email}
        if subject.irreversible:
            yield Draft("conflict", reason="irreversible", before=change.before, after=change.after, **about)
            return
        inverse = invert(change.before, change.after, now, whole=subject.whole)
        if inverse.take_back:
            before, after = inverse.before, inverse.after
            kind = "added" if before is None else "removed" if after is None else "updated"
            yield Draft(
                kind, change.subject, before=before, after=after, reason=UNDO_HELD, affects=after is None, **about
            )
        if inverse.changed_since:
            wanted = {name: (change.before or {}).get(name) for name in inverse.changed_since}
            yield Draft("conflict", reason=CHANGED_SINCE, before=inverse.changed_since, after=wanted, **about)


def carry_out(
    work_of: type[RowWork], model: type[PlanRun], *, run_id: UUID, clock: Clock, chunk: int = CHUNK
) -> State | None:
    """What the app's task does: work on the plan until it ends or is held. None: not ours, or over.

    Safe to call any number of times, at once, and after a crash at any point.
    """
    lease = claim(model, run_id, clock)
    if lease is None:
        return None
    work = work_of(lease, chunk=chunk)
    try:
        if lease.run.attempts > MOST_ATTEMPTS:
            return work.end(State.FAILED, error_code="gave-up")
        return advance(work, threshold=work.threshold)
    except Cancelled:
        return work.end(State.CANCELLED)
    except Stopped:
        return None
    except Exception:
        work.end(State.FAILED, error_code="internal")
        raise


def _batches(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch
