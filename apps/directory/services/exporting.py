"""The changes of a run, to take away: the list an administrator judges before approving a held run."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.audit.services import record
from apps.core.actor import Actor
from apps.directory.models import DirectoryRun
from apps.directory.permissions import DIRECTORY_VIEW
from apps.directory.selectors import campus_names, changes_of, runs_matching

from .acts import CHANGES_EXPORTED, RUNS_EXPORTED

RUN_COLUMNS = (
    "requested", "started", "finished", "seconds", "what", "started by", "requested by", "state", "people read",
    "pages", "pauses", "added", "changed", "deactivated", "skipped", "conflicts", "people after",
    "problem", "decided by",
)  # fmt: skip
COLUMNS = ("name", "e-mail", "object id", "change", "campus", "reason", "before", "after")

INTERNAL = ("seen", "run", "did")  # kept to take a change back exactly


def export_changes(*, actor: Actor, run: DirectoryRun, wanted: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The changes that match the filters as rows, in the order of their application. Taking them away is recorded.

    Raises Forbidden.
    """
    DIRECTORY_VIEW.require(actor)
    record(actor=actor, act=CHANGES_EXPORTED, target=run, data={"filters": dict(wanted)})
    names = campus_names()
    return (_row(change, names) for change in changes_of(run=run, **wanted).iterator(chunk_size=2000))


def export_runs(*, actor: Actor, wanted: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The runs that match as rows, newest first. Taking them away is recorded. Raises Forbidden."""
    DIRECTORY_VIEW.require(actor)
    filters = {name: str(value) for name, value in wanted.items()}
    record(actor=actor, act=RUNS_EXPORTED, target_label="directory runs", data={"filters": filters})
    return (_run_row(run) for run in runs_matching(actor=actor, wanted=wanted).iterator(chunk_size=500))


def _run_row(run: DirectoryRun) -> tuple[Any, ...]:
    counts = run.counts
    return (
        _moment(run.created_at), _moment(run.started_at), _moment(run.finished_at),
        "" if run.seconds is None else round(run.seconds, 1), run.kind, run.trigger, run.requested_by, run.state,
        run.people_read, run.pages, run.throttles, counts.get("added", 0), run.changed_count,
        counts.get("deactivated", 0), counts.get("skipped", 0), counts.get("conflict", 0), run.members_after,
        run.error_code, run.decided_by,
    )  # fmt: skip


def _moment(when: datetime | None) -> str:
    return timezone.localtime(when).isoformat(timespec="seconds") if when else ""


def _row(change: Any, names: Mapping[UUID, str]) -> tuple[Any, ...]:
    return (
        change.name,
        change.email,
        change.object_id,
        change.kind,
        names.get(change.campus_id, ""),
        change.reason,
        _facts(change.before),
        _facts(change.after),
    )


def _facts(values: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{name}={value}" for name, value in sorted(values.items()) if value not in (None, "") and name not in INTERNAL
    )
