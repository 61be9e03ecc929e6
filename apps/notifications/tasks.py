"""Delivery of mail: in each school, and for the platform's own."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.tenants.jobs import EFFECTS, platform_task, tenant_task

from .services import delivery, summaries


@tenant_task(name="notifications.deliver", queue="interactive")
def deliver(self: Any, *, log_id: str, **_later: object) -> str:
    return delivery.deliver(UUID(log_id), timezone.now())


@platform_task(name="notifications.deliver_platform", queue="interactive")
def deliver_platform(self: Any, *, log_id: str, **_later: object) -> str:
    return delivery.deliver(UUID(log_id), timezone.now())


@tenant_task(name="notifications.sweep", queue="interactive")
def sweep(self: Any, **_later: object) -> int:
    return delivery.sweep(timezone.now())


@platform_task(name="notifications.sweep_platform", queue="interactive")
def sweep_platform(self: Any, **_later: object) -> int:
    return delivery.sweep(timezone.now())


@tenant_task(name="notifications.summaries", queue="nightly", recorded=EFFECTS)
def write_summaries(self: Any, **_later: object) -> int:
    return summaries.send_due(timezone.now())


@platform_task(name="notifications.summaries_platform", queue="nightly", recorded=EFFECTS)
def write_summaries_of_platform(self: Any, **_later: object) -> int:
    return summaries.send_due(timezone.now())
