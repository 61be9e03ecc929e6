"""The changes of a run, to take away: the list an administrator judges before approving a held run."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from apps.audit.services import record
from apps.core.actor import Actor
from apps.directory.models import DirectoryRun
from apps.directory.permissions import DIRECTORY_VIEW
from apps.directory.selectors import campus_names, changes_of

from .acts import CHANGES_EXPORTED

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
