"""Clock work of the storage."""

from django.utils import timezone

from apps.tenants.jobs import RUNS, tenant_task

from . import services


@tenant_task(name="files.sweep", queue="nightly", recorded=RUNS)
def sweep(self, **_later: object) -> int:
    """Delete files that expired or that nothing points to; returns how many."""
    return sum(services.sweep(now=timezone.now()).values())
