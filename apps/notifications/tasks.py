"""Delivery of mail: in each school, and for the platform's own."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.tenants.jobs import platform_task, tenant_task

from .services import delivery


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
