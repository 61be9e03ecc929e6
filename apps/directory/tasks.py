"""Doors for Celery: read the clock, call one service."""

from uuid import UUID

from django.utils import timezone

from apps.tenants.jobs import RUNS, tenant_task

from .services import alerts, photos, requests, retention, revocations, schedules, subscriptions, working


@tenant_task(name="directory.run", queue="bulk")
def run(self, *, run_id: str, **_later: object) -> str | None:
    """Work on one run; a second worker with the same message does nothing."""
    return working.work_on(run_id=UUID(run_id), clock=timezone.now)


@tenant_task(name="directory.sweep", queue="integration")
def sweep(self, **_later: object) -> int:
    """Ring again for runs that were left behind."""
    return requests.sweep(now=timezone.now())


@tenant_task(name="directory.clock", queue="integration")
def clock(self, **_later: object) -> int:
    """Every minute: start what is due or was announced, then look whether somebody must be told something."""
    schedules.start_due(now=timezone.now())
    subscriptions.act(now=timezone.now())
    return alerts.watch(now=timezone.now())


@tenant_task(name="directory.noticed", queue="integration")
def noticed(self, **_later: object) -> str | None:
    """Microsoft announced something: do what it asks for."""
    run = subscriptions.act(now=timezone.now())
    return str(run.pk) if run else None


@tenant_task(name="directory.subscribe", queue="integration")
def subscribe(self, **_later: object) -> dict[str, int]:
    """Bring the subscriptions at Microsoft in line with the mappings."""
    return subscriptions.maintain(now=timezone.now())


@tenant_task(name="directory.photos", queue="bulk")
def photos_refresh(self, **_later: object) -> dict[str, int]:
    """Take the photos that changed in the directory; twice at once does the same work twice, never wrongly."""
    return photos.refresh(now=timezone.now())


@tenant_task(name="directory.revocations", queue="integration")
def revocations_end(self, **_later: object) -> int:
    """End the sessions that were revoked at Microsoft; twice ends nothing more."""
    return revocations.end_revoked(now=timezone.now())


@tenant_task(name="directory.purge", queue="nightly", recorded=RUNS)
def purge(self, **_later: object) -> int:
    """Delete the changes of runs that are older than the school keeps them."""
    return retention.purge_changes(now=timezone.now())
