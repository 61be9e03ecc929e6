"""Doors for Celery: read the clock, call one service."""

from uuid import UUID

from django.utils import timezone

from apps.accounts.rules import school_day
from apps.campuses.services import expiry
from apps.tenants.jobs import RUNS, tenant_task

from .services import plans


@tenant_task(name="roster.run", queue="bulk")
def run(self, *, run_id: str, **_later: object) -> str | None:
    """Work on one plan; a second worker with the same message does nothing."""
    return plans.work_on(run_id=UUID(run_id))


@tenant_task(name="roster.sweep", queue="integration")
def sweep(self, **_later: object) -> int:
    """Ring again for plans that were left behind; forget files that nobody went on with."""
    return plans.sweep(now=timezone.now())


@tenant_task(name="roster.end_memberships", queue="nightly", recorded=RUNS)
def end_memberships(self, **_later: object) -> int:
    """End memberships whose last day is over."""
    now = timezone.now()
    return expiry.end_expired(now=now, today=school_day(now))
