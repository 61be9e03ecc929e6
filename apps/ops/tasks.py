"""The beat that shows that clock, queue and workers are alive."""

from django.utils import timezone

from apps.tenants.jobs import RUNS, platform_task

from . import retention, services


@platform_task(name="ops.heartbeat", queue="interactive")
def heartbeat(self, **_later: object) -> None:
    services.note_heartbeat(now=timezone.now())


@platform_task(name="ops.audit_retention", queue="nightly", recorded=RUNS)
def audit_retention(self, **_later: object) -> int:
    """Delete what is too old in the platform's own audit trail; returns how many rows. Schools: accounts.retention."""
    return retention.apply_to_platform(now=timezone.now()).total
