"""Doors for Celery: read the clock, call one service."""

from uuid import UUID

from django.utils import timezone

from apps.tenants.jobs import tenant_task

from .services import alerts, requests, runs, schedules


@tenant_task(name="directory.run", queue="bulk")
def run(self, *, run_id: str, **_later: object) -> str | None:
    """Work on one run; a second worker with the same message does nothing."""
    return runs.carry_out(run_id=UUID(run_id))


@tenant_task(name="directory.sweep", queue="integration")
def sweep(self, **_later: object) -> int:
    """Ring again for runs that were left behind."""
    return requests.sweep(now=timezone.now())


@tenant_task(name="directory.clock", queue="integration")
def clock(self, **_later: object) -> int:
    """Every minute: start the run that is due, then look whether somebody must be told something."""
    schedules.start_due(now=timezone.now())
    return alerts.watch(now=timezone.now())
