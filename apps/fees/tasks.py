"""The clock of fees."""

from typing import Any

from django.utils import timezone

from apps.tenants.jobs import RUNS, tenant_task

from .services import reminding


@tenant_task(name="fees.remind", queue="nightly", recorded=RUNS)
def remind(self: Any, **_later: object) -> dict[str, int]:
    """Remind members of what ends, one step at a time, each once."""
    return reminding.remind_all(now=timezone.now())
