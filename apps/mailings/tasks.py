"""Doors for Celery: read the clock, call one service."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.tenants.jobs import EFFECTS, tenant_task

from .services import sending


@tenant_task(name="mailings.send", queue="bulk", recorded=EFFECTS)
def send(self: Any, *, announcement_id: str, **_later: object) -> int:
    """What is left of one announcement; a second worker with the same message does nothing twice."""
    return sending.work_on(announcement_id=UUID(announcement_id))


@tenant_task(name="mailings.sweep", queue="integration")
def sweep(self: Any, **_later: object) -> int:
    return sending.sweep(timezone.now())
