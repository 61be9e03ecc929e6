"""Clock of the payments at providers."""

from typing import Any

from django.utils import timezone

from apps.tenants.jobs import EFFECTS, RUNS, tenant_task

from .services import reconciling


@tenant_task(name="payments.reconcile", queue="integration", recorded=EFFECTS)
def reconcile(self: Any, **_later: object) -> dict[str, int]:
    """Ask for what no webhook told."""
    return reconciling.reconcile(now=timezone.now())


@tenant_task(name="payments.compare", queue="nightly", recorded=RUNS)
def compare(self: Any, **_later: object) -> dict[str, int]:
    """What the providers have, and what the ledger says."""
    return reconciling.compare(now=timezone.now())
