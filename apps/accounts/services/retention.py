"""Every night: what is older than its period goes (L5). One table of periods, one run for a school, one list for both
the dry run and the real one.

Chunk by chunk, each in its own transaction with the run's own figures, so that a killed run is taken up by the next
worker and nothing is counted twice. Children go before their parents, people last: they are erased, as if asked.
"""

import logging
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.core.records import REGISTRY, Record
from apps.tenants import features
from apps.tenants.services.features import store

from .. import acts
from ..models import ErasureCase, RetentionRun, User
from ..permissions import RETENTION_MANAGE
from . import erasure
from .own_data import subject_of

logger = logging.getLogger("campanile.retention")

CHUNK = 500
LEASE = timedelta(minutes=5)
PEOPLE = "accounts.User"
RUNNING = RetentionRun.State.RUNNING


# --- periods ---------------------------------------------------------------------------------------------


def key_of(entry: Record) -> str:
    """The setting that holds the school's own number of days; "" where the period is fixed."""
    period = entry.period
    if period is None or not period.maximum:
        return ""
    return period.setting or f"retention.{entry.model_label.lower().replace('.', '_')}"


def declare_settings() -> None:
    """Each adjustable period is a setting of the school. Safe to repeat: apps may declare tables at any time."""
    for entry in REGISTRY.values():
        key = key_of(entry)
        if key and key not in features.REGISTRY and entry.period is not None:
            features.setting(
                key,
                type=int,
                default=entry.period.days,
                minimum=entry.period.minimum,
                maximum=entry.period.maximum,
                label=entry.purpose,
                permission=RETENTION_MANAGE,
                on_page=False,  # it has a page of its own
            )


def days_of(entry: Record) -> int:
    """How many days these rows are kept in the active school; of rows that go with others, as those."""
    period = entry.period
    if period is None:
        return 0
    if period.parent:
        parent = entry.model._meta.get_field(period.parent).related_model
        return days_of(REGISTRY[parent._meta.label])  # type: ignore[union-attr]
    declare_settings()
    key = key_of(entry)
    return int(features.value(key)) if key else period.days


@transaction.atomic
def change_periods(*, actor: Actor, school_id: UUID, values: Mapping[str, int | None]) -> None:
    """The school's own periods by key; None goes back to the default. Raises Forbidden, Invalid."""
    RETENTION_MANAGE.require(actor)
    declare_settings()
    known = {key_of(entry) for entry in REGISTRY.values()} - {""}
    changes = store(school_id=school_id, values={key: value for key, value in values.items() if key in known})
    if changes:
        record(actor=actor, act=acts.PERIODS_CHANGED, changes=changes)


# --- what is due -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """Rows of one table that are older than their period."""

    entry: Record
    days: int
    keys: frozenset[Any]


def in_order() -> list[Record]:
    """Children before parents, people last."""
    with_period = [entry for entry in REGISTRY.values() if entry.period is not None]
    return sorted(with_period, key=lambda entry: (entry.model_label == PEOPLE, not entry.period.parent))  # type: ignore[union-attr]


def dry_run(*, now: datetime) -> dict[str, set[Any]]:
    """The keys of every row that a run at this moment would delete, by table. Deletes nothing."""
    due: dict[str, set[Any]] = {}
    for entry in in_order():
        keys = set(entry.expired(now, days_of(entry)).values_list("pk", flat=True))
        if keys:
            due.setdefault(entry.model_label, set()).update(keys)
    for user in User.objects.filter(pk__in=due.get(PEOPLE, ())):
        for label, keys in erasure.doomed_rows(subject_of(user)).items():
            due.setdefault(label, set()).update(keys)
    files = _files_of(due)
    if files:
        due.setdefault("files.StoredFile", set()).update(files)
    return due


def _files_of(due: Mapping[str, set[Any]]) -> set[Any]:
    """Files that go because the row that points to them goes."""
    from apps.files.services import pointing_fields

    found: set[Any] = set()
    for model, column in pointing_fields():
        keys = due.get(model._meta.label)
        if keys:
            rows = model._base_manager.filter(pk__in=keys).exclude(**{column.attname: None})
            found |= set(rows.values_list(column.attname, flat=True))
    return found


# --- the run ---------------------------------------------------------------------------------------------


def run(*, now: datetime, chunk: int = CHUNK) -> RetentionRun | None:
    """Delete what is due; None when another worker is at it. Safe to kill and to repeat."""
    current = _claim(now)
    if current is None:
        return None
    faults = 0
    for entry in in_order():
        try:
            for gone in _remove(entry, now, chunk):
                _note(current, entry, gone)
        except DomainError as refused:  # the last owner, for one: a human being has to look
            faults += 1
            logger.warning("retention was refused", extra={"table": entry.model_label, "why": refused.code})
            _write(current, error=f"{entry.model_label} {refused.code}"[:100])
    state = RetentionRun.State.PARTIAL if faults or still_due(now) else RetentionRun.State.DONE
    with transaction.atomic():
        _write(current, state=state, finished_at=timezone.now(), lease_until=None)
        if current.total:
            record(
                actor=Actor.system("retention"), act=acts.RETENTION_RUN, target=current, data=current.removed, at=now
            )
    return current


def still_due(now: datetime) -> int:
    """The read-back: rows that are older than their period now."""
    return sum(entry.expired(now, days_of(entry)).count() for entry in in_order())


def _claim(now: datetime) -> RetentionRun | None:
    """A new run, or the one that a dead worker left; None while a living one is at it."""
    worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
    lease = timezone.now() + LEASE
    left = RetentionRun.objects.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()), state=RUNNING)
    if left.update(worker=worker, lease_until=lease):
        return RetentionRun.objects.get(state=RUNNING)
    try:
        with transaction.atomic():
            return RetentionRun.objects.create(
                started_at=now, worker=worker, lease_until=lease, expected=still_due(now)
            )
    except IntegrityError:
        return None


def _remove(entry: Record, now: datetime, chunk: int) -> Iterator[int]:
    """Chunk by chunk; yields how many rows went."""
    days = days_of(entry)
    if entry.purge is not None:
        yield from entry.purge(now, days)
        return
    while keys := list(entry.expired(now, days).order_by("pk").values_list("pk", flat=True)[:chunk]):
        rows = entry.rows().filter(pk__in=keys)
        if entry.model_label == PEOPLE:
            for key in keys:
                erasure.erase_for(user_id=key, origin=ErasureCase.Origin.RETENTION, reason="", now=now)
                yield 1
        elif entry.remove is not None:
            yield entry.remove(rows)
        else:
            with transaction.atomic():
                rows.delete()
            yield len(keys)


def _note(current: RetentionRun, entry: Record, gone: int) -> None:
    if gone:
        removed = {**current.removed, entry.model_label: current.removed.get(entry.model_label, 0) + gone}
        _write(current, removed=removed, lease_until=timezone.now() + LEASE)


def _write(current: RetentionRun, **changes: Any) -> None:
    RetentionRun.objects.filter(pk=current.pk).update(**changes)
    for name, value in changes.items():
        setattr(current, name, value)
