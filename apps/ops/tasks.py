"""The beat that shows that clock, queue and workers are alive."""

from django.utils import timezone

from apps.tenants.jobs import platform_task

from . import services


@platform_task(name="ops.heartbeat", queue="interactive")
def heartbeat(self, **_later: object) -> None:
    services.note_heartbeat(now=timezone.now())
