"""Clock work for every school: beat starts one fan-out, which sends one job per open school."""

from dataclasses import asdict

from django.utils import timezone

from apps.tenants.jobs import EFFECTS, enqueue, platform_task

from . import context
from .models import School
from .services import domains, job_runs


@platform_task(name="tenants.fan_out", queue="interactive")
def fan_out(self, *, job: str, **_later: object) -> int:
    """Send `job` once for every open school; returns how many."""
    schools = list(School.objects.filter(ready=True, status__in=School.OPEN))
    for school in schools:
        with context.activated(school):
            enqueue(job)
    return len(schools)


@platform_task(name="tenants.recheck_hosts", queue="nightly", recorded=EFFECTS)
def recheck_hosts(self, **_later: object) -> dict[str, int]:
    """Ask the DNS whether the schools' own domains still carry their proof."""
    return asdict(domains.recheck_all(now=timezone.now()))


@platform_task(name="tenants.sweep_job_runs", queue="interactive")
def sweep_job_runs(self, **_later: object) -> dict[str, int]:
    """Say of runs whose worker died that they did; forget those of long ago."""
    return job_runs.sweep(timezone.now())
