"""What ran by the clock is written down in the platform's schema: a cache may be lost, and a worker may die (INT-4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from .. import context
from ..models import JobRun

Outcome: Final = JobRun.Outcome
LONGEST: Final = timedelta(hours=6)  # nothing that works by the clock takes so long
KEPT_FOR: Final = timedelta(days=90)
CHUNK: Final = 5000


def begin(*, job: str, job_id: str = "", request_id: str = "", now: datetime | None = None) -> UUID:
    """A run of the active school, or of the platform, begins. One that still seems to run died, and is said to have."""
    now, school_id = now or timezone.now(), _school_id()
    with context.platform():
        running = _runs_of(school_id).filter(job=job, outcome=Outcome.RUNNING)
        running.update(outcome=Outcome.DIED, ended_at=now)
        run = JobRun.objects.create(
            job=job, school_id=school_id, started_at=now, job_id=job_id[:64], request_id=request_id[:64]
        )
    return run.pk


def end(run_id: UUID, *, outcome: str, result: Any = None, error: str = "", only_effects: bool = False) -> None:
    """It ended. `only_effects`: a run in which there was nothing to do leaves no row."""
    counts = counts_of(result)
    with context.platform():
        row = JobRun.objects.filter(pk=run_id)
        if only_effects and outcome == Outcome.DONE and not counts:
            row.delete()
        else:
            row.update(outcome=outcome, ended_at=timezone.now(), counts=counts, error=error[:120])


def counts_of(result: Any) -> dict[str, int]:
    """What a task answered, as numbers that say what it did; what is nothing is left out."""
    if isinstance(result, Mapping):
        return {str(name): int(value) for name, value in result.items() if isinstance(value, int) and value}
    return {"count": int(result)} if isinstance(result, int) and result else {}


def sweep(now: datetime) -> dict[str, int]:
    """Say of runs that nobody works on that they died, and forget old ones. Safe to repeat."""
    with context.platform():
        lost = JobRun.objects.filter(outcome=Outcome.RUNNING, started_at__lt=now - LONGEST)
        died, gone = lost.update(outcome=Outcome.DIED, ended_at=now), 0
        old = JobRun.objects.filter(started_at__lt=now - KEPT_FOR)
        while keys := list(old.values_list("pk", flat=True)[:CHUNK]):
            gone += JobRun.objects.filter(pk__in=keys).delete()[0]
    return {"died": died, "forgotten": gone}


def latest() -> list[JobRun]:
    """The last run of each job of the active school, or of the platform itself."""
    school_id = _school_id()
    with context.platform():
        return list(_runs_of(school_id).order_by("job", "-started_at").distinct("job"))


def latest_of_schools(*, since: datetime) -> list[JobRun]:
    """The last run of each job in each school, of those that began after `since`."""
    with context.platform():
        runs = JobRun.objects.filter(started_at__gte=since, school__isnull=False).select_related("school")
        return list(runs.order_by("school_id", "job", "-started_at").distinct("school_id", "job"))


def _school_id() -> UUID | None:
    tenancy = context.selected()
    return tenancy.id if tenancy else None


def _runs_of(school_id: UUID | None) -> QuerySet[JobRun]:
    rows = JobRun.objects.all()
    return rows.filter(school__isnull=True) if school_id is None else rows.filter(school_id=school_id)
