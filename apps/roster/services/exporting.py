"""What is taken away from plans about people. Taking personal data away is recorded."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.audit.services import record
from apps.core.actor import Actor

from ..models import FailedRow, RosterChange, RosterPlan
from ..permissions import ROSTER_VIEW
from ..selectors import changes_of, failed_rows
from .acts import CHANGES_EXPORTED, FAILED_EXPORTED

COLUMNS = ("row", "name", "e-mail", "change", "campus", "reason", "before and after", "note")


def export_changes(*, actor: Actor, plan: RosterPlan, wanted: Mapping[str, Any]) -> Iterator[RosterChange]:
    """The changes that match the filters, in the order of their application. Raises Forbidden."""
    ROSTER_VIEW.require(actor)
    record(actor=actor, act=CHANGES_EXPORTED, target=plan, data={"filters": dict(wanted)})
    return changes_of(plan=plan, **wanted).iterator(chunk_size=2_000)


def export_failed(*, actor: Actor, plan: RosterPlan) -> tuple[list[str], Iterator[FailedRow]]:
    """The headings of the file, and its rows that were not usable. Raises Forbidden."""
    ROSTER_VIEW.require(actor)
    record(actor=actor, act=FAILED_EXPORTED, target=plan)
    return list(plan.file.header) if plan.file else [], failed_rows(plan=plan).iterator(chunk_size=2_000)
