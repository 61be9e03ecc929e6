"""Clock and bells of the webhooks that are sent."""

from typing import Any

from django.utils import timezone

from apps.tenants.jobs import tenant_task

from .services import delivering, watching


@tenant_task(name="outgoing.deliver", queue="outgoing")
def deliver(self: Any, **_later: object) -> int:
    return delivering.deliver()


@tenant_task(name="outgoing.sweep", queue="outgoing")
def sweep(self: Any, **_later: object) -> bool:
    return delivering.sweep(timezone.now())


@tenant_task(name="outgoing.watch", queue="integration")
def watch(self: Any, **_later: object) -> int:
    """Open and close alarms; switch off what has failed for days."""
    return watching.watch(now=timezone.now())
