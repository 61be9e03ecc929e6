"""Clock and bells of the integrations, in each school and for the platform's own events."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.tenants.jobs import RUNS, platform_task, tenant_task

from .services import draining, forgetting, plans, watching


@tenant_task(name="integrations.drain", queue="integration")
def drain(self: Any, **_later: object) -> int:
    return draining.drain()


@platform_task(name="integrations.drain_platform", queue="integration")
def drain_platform(self: Any, **_later: object) -> int:
    return draining.drain()


@tenant_task(name="integrations.sweep", queue="integration")
def sweep(self: Any, **_later: object) -> bool:
    plans.sweep(now=timezone.now())
    return draining.sweep(timezone.now())


@platform_task(name="integrations.sweep_platform", queue="integration")
def sweep_platform(self: Any, **_later: object) -> bool:
    plans.sweep(now=timezone.now())
    return draining.sweep(timezone.now())


@tenant_task(name="integrations.decide", queue="bulk")
def decide(self: Any, *, run_id: str, **_later: object) -> str | None:
    """Work on one decision about many events; a second worker with the same message does nothing."""
    return plans.work_on(run_id=UUID(run_id))


@platform_task(name="integrations.decide_platform", queue="bulk")
def decide_platform(self: Any, *, run_id: str, **_later: object) -> str | None:
    return plans.work_on(run_id=UUID(run_id))


@tenant_task(name="integrations.watch", queue="integration")
def watch(self: Any, **_later: object) -> int:
    """Open and close alarms; tell the platform how this school's services do."""
    return watching.watch(now=timezone.now())


@platform_task(name="integrations.watch_platform", queue="integration")
def watch_platform(self: Any, **_later: object) -> int:
    return watching.watch(now=timezone.now())


@tenant_task(name="integrations.forget", queue="nightly", recorded=RUNS)
def forget(self: Any, **_later: object) -> int:
    """Delete the content of events that were applied long ago."""
    return forgetting.forget(now=timezone.now())


@platform_task(name="integrations.forget_platform", queue="nightly", recorded=RUNS)
def forget_platform(self: Any, **_later: object) -> int:
    return forgetting.forget(now=timezone.now())
