"""Erasing a person: what would go, stay or lose its name; decided by a human being; applied; read back (IDN-12, L3).

The work is a plan (apps.core.plan). A person's own request is always held for a decision. Each step is one table and
one part the person plays in it, in a transaction of its own that also moves the cursor, so a killed worker's
successor goes on with the next. The account itself is the last step; a tombstone keeps directories and files from
bringing the person back, and lies beside the files too, so that an older backup can be put right (L7).
"""

import json
import logging
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from auditlog.context import disable_auditlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core import plan
from apps.core.actor import SCHOOL, Actor, Role
from apps.core.errors import DomainError, NotVisible
from apps.core.permissions import require_fresh
from apps.core.plan import Impact, State, Stopped, Threshold
from apps.core.records import BLANK, DELETE, KEEP, REGISTRY, Party, Record, Subject
from apps.notifications.services import is_waiting, send
from apps.tenants.context import current
from apps.tenants.hosts import school_url
from apps.tenants.jobs import enqueue

from .. import acts
from ..models import ErasureCase, Grant, Tombstone, User
from ..permissions import PEOPLE_ERASE
from ..selectors import own_id
from ..tombstones import hashes_of
from . import lifecycle, roles
from .own_data import subject_of

logger = logging.getLogger("campanile.rights")

LEASE = timedelta(minutes=5)
MAIL_FIRST = timedelta(minutes=30)
MOST_ATTEMPTS = 6
JOURNAL = "erasures"
OPEN = ("queued", "reading", "planned", "held", "applying", "verifying", "partial")
NEVER_HELD = Threshold(percent=100, count=1)
Origin = ErasureCase.Origin


class AlreadyAsked(DomainError):
    code = "erasure-under-way"

    def __init__(self) -> None:
        super().__init__(_("An erasure of this person is already under way."))


class NotWaiting(DomainError):
    code = "erasure-not-waiting"

    def __init__(self) -> None:
        super().__init__(_("This request is no longer waiting for a decision."))


class OwnRequest(DomainError):
    code = "own-erasure"

    def __init__(self) -> None:
        super().__init__(_("Somebody else decides about your own request. Ask another administrator."))


class NoReason(DomainError):
    code = "reason-needed"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("Say why: the reason is kept in the audit trail."))


# --- the plan --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One step: this table, this part of the person, what happens to how many rows."""

    table: str
    party: int
    act: str
    rows: int

    @property
    def record(self) -> Record:
        return REGISTRY[self.table]

    @property
    def role(self) -> Party:
        return self.record.parties[self.party]


def lines_for(subject: Subject) -> list[Line]:
    """Every step, in the order in which it is taken: the account last."""
    found = []
    for record_ in _in_order():
        for index, party in enumerate(record_.parties):
            rows = record_.rows_of(subject, party).count()
            if rows:
                found.append(Line(record_.model_label, index, _act(record_, party), rows))
    return found


def _in_order() -> list[Record]:
    """Append-only tables first, while the names are known; the account last."""
    records = [one for one in REGISTRY.values() if one.parties and one.model_label != "accounts.User"]
    return sorted(records, key=lambda one: (one.late, one.erase_rows is None)) + [REGISTRY["accounts.User"]]


def _act(record_: Record, party: Party) -> str:
    return BLANK if record_.erase_rows is not None else party.erase


def doomed_rows(subject: Subject) -> dict[str, set[Any]]:
    """The keys of the rows that erasure would delete, by table: what a dry run of retention lists."""
    found: dict[str, set[Any]] = {}
    for record_ in _in_order():
        if record_.doomed is not None and (keys := record_.doomed(subject)):
            found[record_.model_label] = keys
        for party in record_.parties:
            if _act(record_, party) == DELETE:
                keys = set(record_.rows_of(subject, party).values_list("pk", flat=True))
                if keys:
                    found.setdefault(record_.model_label, set()).update(keys)
    return found


# --- asking and deciding ---------------------------------------------------------------------------------


@transaction.atomic
def request_erasure(*, actor: Actor, reason: str, now: datetime) -> ErasureCase:
    """A person asks to be erased. The same again gives the request that waits. Raises LastOwner, StepUpRequired."""
    require_fresh(actor)
    user = _locked(own_id(actor))
    waiting = ErasureCase.objects.filter(user_id=user.pk, state__in=OPEN).first()
    if waiting is not None:
        return waiting
    roles.keep_one_owner(without=[user.pk])
    case = _open(actor, user, Origin.PERSON, reason, now)
    record(actor=actor, act=acts.ERASURE_REQUESTED, target=user, reason=reason, at=now)
    plan.advance(ErasureWork(case, now), threshold=NEVER_HELD)
    return case


@transaction.atomic
def withdraw_request(*, actor: Actor, case_id: UUID, now: datetime) -> None:
    """The person changes their mind while the request waits. Raises NotVisible, NotWaiting."""
    case = ErasureCase.objects.select_for_update().filter(pk=case_id, user_id=own_id(actor)).first()
    if case is None:
        raise NotVisible
    _answer(case, State.CANCELLED, actor, "", now)
    record(actor=actor, act=acts.ERASURE_WITHDRAWN, target=case, at=now)


@transaction.atomic
def erase_directly(*, actor: Actor, user_id: UUID, reason: str, now: datetime) -> ErasureCase:
    """An administrator erases somebody without a request.

    Raises Forbidden, NotVisible, NoReason, OwnRequest, NotYours, LastOwner, AlreadyAsked.
    """
    user = _locked(user_id)
    _may_erase(actor, user)
    if not reason.strip():
        raise NoReason
    if ErasureCase.objects.filter(user_id=user.pk, state__in=OPEN).exists():
        raise AlreadyAsked
    case = _open(actor, user, Origin.ADMIN, reason, now)
    record(actor=actor, act=acts.ERASURE_DECIDED, target=user, reason=reason, at=now)
    plan.advance(ErasureWork(case, now), threshold=NEVER_HELD)
    _answer(case, State.APPLYING, actor, "", now)
    _no_owner_any_more(user)
    ring(case)
    return case


@transaction.atomic
def decide(*, actor: Actor, case_id: UUID, approve: bool, note: str, now: datetime) -> ErasureCase:
    """Answer a person's request. A refusal needs a note, which the person reads.

    Raises Forbidden, NotVisible, NotWaiting, OwnRequest, NotYours, LastOwner, NoReason.
    """
    PEOPLE_ERASE.require(actor)
    case = ErasureCase.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    if case.state != State.HELD:
        raise NotWaiting
    user = _locked(case.user_id)
    _may_erase(actor, user)
    if not approve and not note.strip():
        raise NoReason
    act = acts.ERASURE_DECIDED if approve else acts.ERASURE_REFUSED
    record(actor=actor, act=act, target=user, reason=note, at=now)
    _answer(case, State.APPLYING if approve else State.REFUSED, actor, note, now)
    _tell(case, user)
    if approve:
        _no_owner_any_more(user)
        ring(case)
    return case


def _no_owner_any_more(user: User) -> None:
    """From the decision on the last owner is counted without them: the work itself may come much later."""
    Grant.objects.filter(user=user, role=Role.OWNER.value).delete()


def _may_erase(actor: Actor, user: User) -> None:
    PEOPLE_ERASE.require(actor, user)
    if actor.user_id == user.pk:
        raise OwnRequest
    lifecycle.outrank(actor, [user])
    roles.keep_one_owner(without=[user.pk])


def _locked(user_id: UUID | None) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first() if user_id else None
    if user is None:
        raise NotVisible
    return user


def _open(actor: Actor, user: User, origin: str, reason: str, now: datetime) -> ErasureCase:
    subject = subject_of(user)
    facts = asdict(subject) | {"user_id": str(user.pk), "external_id": user.external_id or ""}
    try:
        with transaction.atomic():
            return ErasureCase.objects.create(
                user_id=user.pk,
                label=user.name,
                origin=origin,
                reason=reason.strip()[:2000],
                subject=facts,
                requested_by_id=actor.user_id,
                requested_by=actor.label[:320],
                requested_at=now,
            )
    except IntegrityError:
        raise AlreadyAsked from None


def _answer(case: ErasureCase, state: State, actor: Actor, note: str, now: datetime) -> None:
    if case.state not in (State.HELD, State.PLANNED):
        raise NotWaiting
    case.state, case.note = state.value, note.strip()[:2000]
    case.decided_by_id, case.decided_by, case.decided_at = actor.user_id, actor.label[:320], now
    if state is not State.APPLYING:
        case.finished_at, case.subject = now, {}
    case.save()


def _tell(case: ErasureCase, user: User) -> None:
    """The answer by mail: after an erasure there is no page to read it on."""
    send(
        template="erasure_refused" if case.state == State.REFUSED else "erasure_accepted",
        to=user.email,
        context={
            "name": user.given_name,
            "school_name": current().name,
            "note": case.note,
            "url": school_url(current(), reverse("accounts:my_data", urlconf="config.urls.school")),
        },
        cause=_cause(case),
        language=user.locale,
        user_id=user.pk,
        link=reverse("accounts:my_data", urlconf="config.urls.school"),
    )


def _cause(case: ErasureCase) -> str:
    return f"erasure-decided:{case.pk}"


def ring(case: ErasureCase) -> None:
    enqueue("accounts.erase", case_id=str(case.pk))


# --- carrying out ----------------------------------------------------------------------------------------


def carry_out(*, case_id: UUID, now: datetime) -> State | None:
    """Work on a decided case to its end; None when it is not ours, or over. Safe to call any number of times.

    The answer to the person goes first, as it is among what is erased; a mail server that is away is not waited for
    longer than MAIL_FIRST. The sweeper rings again.
    """
    told = ErasureCase.objects.filter(pk=case_id, step=0, decided_at__gt=now - MAIL_FIRST).first()
    if told is not None and is_waiting(_cause(told)):
        return None
    case = _claim(case_id, now)
    if case is None:
        return None
    work = ErasureWork(case, now)
    try:
        if case.state == State.PARTIAL:
            work.enter(State.APPLYING)
        return plan.advance(work, threshold=NEVER_HELD)
    except Stopped:
        return None
    except Exception:
        logger.exception("an erasure failed", extra={"case_id": str(case_id)})
        if case.attempts >= MOST_ATTEMPTS:
            ErasureCase.objects.filter(pk=case.pk, worker=case.worker).update(state=State.FAILED, error="internal")
        raise


def _claim(case_id: UUID, now: datetime) -> ErasureCase | None:
    worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    taken = ErasureCase.objects.filter(
        free, pk=case_id, state__in=(State.APPLYING, State.VERIFYING, State.PARTIAL), attempts__lt=MOST_ATTEMPTS
    ).update(worker=worker, lease_until=now + LEASE, attempts=F("attempts") + 1)
    return ErasureCase.objects.get(pk=case_id) if taken else None


def sweep(now: datetime) -> int:
    """Ring again for cases that a lost bell or a dead worker left behind."""
    left = ErasureCase.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), attempts__lt=MOST_ATTEMPTS)
    due = list(left.filter(state__in=(State.APPLYING, State.VERIFYING, State.PARTIAL))[:100])
    for case in due:
        ring(case)
    return len(due)


class ErasureWork:
    """An erasure's side of apps.core.plan.Work."""

    def __init__(self, case: ErasureCase, now: datetime) -> None:
        self.case = case
        self._now = now

    @property
    def state(self) -> State:
        return State(self.case.state)

    @property
    def only_preview(self) -> bool:
        return False

    @property
    def subject(self) -> Subject:
        facts = self.case.subject
        keys = tuple((tenant, object_id) for tenant, object_id in facts.get("keys", []))
        return Subject(UUID(facts["user_id"]), facts.get("email", ""), facts.get("name", ""), keys)

    @property
    def lines(self) -> list[Line]:
        return [Line(**line) for line in self.case.lines]

    def enter(self, state: State) -> None:
        """Write the next state, unless another worker took the case over."""
        if state is State.DONE:
            return self._end(state)
        changes: dict[str, Any] = {"state": state.value}
        if state is State.PARTIAL:
            changes |= {"step": 0, "lease_until": self._now + timedelta(minutes=2)}  # once more, from the beginning
        self._write(**changes)

    def _write(self, **changes: Any) -> None:
        if not ErasureCase.objects.filter(pk=self.case.pk, worker=self.case.worker).update(**changes):
            raise Stopped
        for name, value in changes.items():
            setattr(self.case, name, value)

    def compute(self) -> None:
        self._write(lines=[asdict(line) for line in lines_for(self.subject)])

    def impact(self) -> Impact:
        """Nobody is erased by a machine's decision: every case stops here, and a service lets it go on."""
        return Impact(total=1, affected=1, suspicious="asked")

    @transaction.atomic
    def apply_chunk(self) -> bool:
        # what is to be done is looked up anew: between the request and the decision rows came and went
        steps = _steps()
        if self.case.step >= len(steps):
            return False
        record_, party = steps[self.case.step]
        if record_.model_label == "accounts.User":
            self._entomb()
        with disable_auditlog():  # the row changes would tell everything that just went
            _erase(record_, party, self.subject, but=self.case.pk)
        self._write(step=self.case.step + 1, lease_until=timezone.now() + LEASE)
        return True

    def verify(self) -> int:
        remains = sum(remains_of(self.subject, but=self.case.pk).values())
        self._write(remains=remains)
        if remains:
            logger.error("an erasure left something", extra={"case_id": str(self.case.pk), "rows": remains})
        return remains

    def _entomb(self) -> None:
        """In the transaction that deletes the account: fingerprints here, and beside the files for a restore."""
        hashes = hashes_of(self.subject, self.case.subject.get("external_id", ""))
        Tombstone.objects.get_or_create(
            user_id=self.subject.user_id, defaults={"hashes": hashes, "erased_at": self._now}
        )
        transaction.on_commit(lambda: write_journal(self.subject.user_id, hashes, self._now))

    @transaction.atomic
    def _end(self, state: State) -> None:
        """The case keeps what was done and when, not to whom."""
        case = self.case
        self._write(
            state=state.value, finished_at=timezone.now(), lease_until=None, subject={}, label="", reason="", note="",
            user_id=None, requested_by="" if case.origin == Origin.PERSON else case.requested_by,
            requested_by_id=None if case.origin == Origin.PERSON else case.requested_by_id,
        )  # fmt: skip
        record(
            actor=Actor.system("erasure"), act=acts.ERASED, target=case, target_label=str(case.pk),
            data={"lines": case.lines}, at=self._now,
        )  # fmt: skip


def _steps() -> list[tuple[Record, Party | None]]:
    """Every table and part, whether or not there are rows: a fixed order, so that the cursor means the same."""
    found: list[tuple[Record, Party | None]] = []
    for record_ in _in_order():
        if record_.erase_rows is not None:
            found.append((record_, None))
        else:
            found += [(record_, party) for party in record_.parties]
    return found


def _erase(record_: Record, party: Party | None, subject: Subject, *, but: UUID) -> None:
    """One step. `but`: the case itself, which needs to know until the end."""
    if record_.erase_rows is not None:
        record_.erase_rows(subject)
        return
    assert party is not None
    rows = record_.rows_of(subject, party).exclude(pk=but)
    if party.erase == DELETE:
        rows.order_by().delete()
    elif party.erase == BLANK:
        blank(rows, party)


def blank(rows: QuerySet[Any], party: Party) -> None:
    """The columns of the party, and the link to them, lose what they say."""
    names = set(party.columns)
    if isinstance(party.link, str) and "__" not in party.link and party.link != "pk":
        names.add(party.link)
    rows.order_by().update(**{name: _nothing(rows.model._meta.get_field(name)) for name in names})


def _nothing(column: Any) -> Any:
    """The emptiest value a column takes."""
    if column.null:
        return None
    if isinstance(column, models.JSONField):
        return [] if column.default is list else {}
    if hasattr(column, "base_field"):
        return []
    return ""


def remains_of(subject: Subject, *, but: UUID) -> dict[str, int]:
    """Rows that still speak of the person, by table; what the law keeps, and the case itself, are not counted."""
    found = {}
    for record_ in _in_order():
        if record_.remains_of is not None:
            count = record_.remains_of(subject)
        else:
            erased = [party for party in record_.parties if party.erase != KEEP]
            count = sum(record_.rows_of(subject, party).exclude(pk=but).count() for party in erased)
        if count:
            found[record_.model_label] = count
    return found


# --- by the clock, and after a restore -------------------------------------------------------------------


def erase_for(*, user_id: UUID, origin: str, reason: str, now: datetime) -> State | None:
    """Erase at once, for a machine: the period of retention has ended, or a restore brought the person back."""
    actor = Actor.system("retention" if origin == Origin.RETENTION else "restore")
    with transaction.atomic():
        user = _locked(user_id)
        roles.keep_one_owner(without=[user.pk])
        case = ErasureCase.objects.filter(user_id=user.pk, state__in=OPEN).first()
        if case is None:
            case = _open(actor, user, origin, reason, now)
            plan.advance(ErasureWork(case, now), threshold=NEVER_HELD)
        if case.state == State.HELD:
            _answer(case, State.APPLYING, actor, "", now)
        record(actor=actor, act=acts.ERASURE_DECIDED, target=user, reason=reason, at=now)
    return carry_out(case_id=case.pk, now=now)


def write_journal(user_id: UUID, hashes: list[str], now: datetime) -> None:
    """Beside the school's files, which are backed up apart from the database. Nothing in it names anybody."""
    path = f"{JOURNAL}/{user_id.hex}.json"
    if not default_storage.exists(path):
        facts = {"user_id": str(user_id), "hashes": hashes, "erased_at": now.isoformat()}
        default_storage.save(path, ContentFile(json.dumps(facts).encode()))


def journal() -> Iterator[dict[str, Any]]:
    try:
        _folders, names = default_storage.listdir(JOURNAL)
    except FileNotFoundError:
        return
    for name in sorted(names):
        with default_storage.open(f"{JOURNAL}/{name}") as kept:
            yield json.loads(kept.read())


def reapply(*, now: datetime) -> int:
    """After a restore: erase again whoever was erased; returns how many. Repeating it finds nobody."""
    count = 0
    for facts in journal():
        user_id = UUID(facts["user_id"])
        Tombstone.objects.get_or_create(
            user_id=user_id,
            defaults={"hashes": facts["hashes"], "erased_at": datetime.fromisoformat(facts["erased_at"])},
        )
    for user_id in Tombstone.objects.filter(user_id__in=User.objects.values("pk")).values_list("user_id", flat=True):
        erase_for(user_id=user_id, origin=Origin.RESTORE, reason="", now=now)
        count += 1
    return count


@transaction.atomic
def lift_tombstone(*, actor: Actor, tombstone_id: UUID, now: datetime) -> None:
    """Let a person be brought in again who was erased and came back to the school. Raises Forbidden, NotVisible."""
    PEOPLE_ERASE.require(actor, SCHOOL)
    tombstone = Tombstone.objects.select_for_update().filter(pk=tombstone_id).first()
    if tombstone is None:
        raise NotVisible
    path = f"{JOURNAL}/{tombstone.user_id.hex}.json"
    tombstone.delete()
    record(actor=actor, act=acts.TOMBSTONE_LIFTED, target_label=str(tombstone_id), at=now)
    transaction.on_commit(lambda: default_storage.delete(path))
