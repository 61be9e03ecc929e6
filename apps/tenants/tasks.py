"""Clock work for every school: beat starts one fan-out, which sends one job per open school."""

from apps.tenants.jobs import enqueue, platform_task

from . import context
from .models import School


@platform_task(name="tenants.fan_out", queue="interactive")
def fan_out(self, *, job: str, **_later: object) -> int:
    """Send `job` once for every open school; returns how many."""
    schools = list(School.objects.filter(ready=True, status__in=School.OPEN))
    for school in schools:
        with context.activated(school):
            enqueue(job)
    return len(schools)
