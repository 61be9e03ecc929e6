"""Clock work of documents."""

from typing import Any

from django.utils import timezone

from apps.tenants.jobs import RUNS, tenant_task

from .services import reminding


@tenant_task(name="documents.remind", queue="nightly", recorded=RUNS)
def remind(self: Any, **_later: object) -> int:
    """Tell boards what is due soon or overdue, once a step."""
    return reminding.remind(now=timezone.now())
