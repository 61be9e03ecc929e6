"""Jobs that work by the clock, as people see them: when each ran last, what it did, and what to do when it did not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from celery.schedules import crontab
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actor import Actor
from apps.tenants import context
from apps.tenants.jobs import RUNS, SchoolTask
from apps.tenants.models import JobRun, School
from apps.tenants.services import job_runs

from .permissions import PLATFORM_STATUS, SCHOOL_STATUS

Outcome: Final = JobRun.Outcome
LATELY: Final = timedelta(days=3)
GRACE: Final = timedelta(hours=3)  # beyond the day, until a nightly job is late

LABELS: Final[dict[str, Promise]] = {
    "accounts.forget_expired_of_platform": gettext_lazy("Old sessions of superadmins"),
    "accounts.forget_expired_sessions": gettext_lazy("Old sessions"),
    "accounts.retention": gettext_lazy("Periods of data protection"),
    "directory.purge": gettext_lazy("Details of old directory runs"),
    "files.sweep": gettext_lazy("Files nobody needs"),
    "integrations.forget": gettext_lazy("Content of old events"),
    "money.verify": gettext_lazy("Check of the ledgers"),
    "integrations.forget_platform": gettext_lazy("Content of the platform's old events"),
    "payments.compare": gettext_lazy("Comparison with payment providers"),
    "payments.reconcile": gettext_lazy("Payments asked for at their providers"),
    "notifications.summaries": gettext_lazy("Daily summaries"),
    "notifications.summaries_platform": gettext_lazy("Daily summaries of the platform"),
    "ops.audit_retention": gettext_lazy("Old entries of the platform's audit trail"),
    "roster.end_memberships": gettext_lazy("Memberships that expire"),
    "tenants.recheck_hosts": gettext_lazy("Proofs of own domains"),
}
ADVICE: Final[dict[str, Promise]] = {
    "failed": gettext_lazy("It is tried again with its next turn. If it fails again, tell the platform's support."),
    "died": gettext_lazy("Its worker was stopped. It goes on with its next turn; nothing is done twice."),
    "late": gettext_lazy("It should have run by now. Check that the worker and the scheduler run."),
}


@dataclass(frozen=True, slots=True)
class Job:
    """One job and its last run here. `state`: ok, running, failed, died, late, or not-yet."""

    name: str
    state: str
    run: JobRun | None

    @property
    def label(self) -> str:
        return str(LABELS.get(self.name, self.name))

    @property
    def advice(self) -> str:
        return str(ADVICE.get(self.state, ""))

    @property
    def did(self) -> str:
        count = sum(self.run.counts.values()) if self.run else 0
        return _("%(count)s done") % {"count": count} if count else ""


def school_jobs(*, actor: Actor, now: datetime) -> list[Job]:
    """The jobs of the active school, those that need somebody first. Raises Forbidden."""
    SCHOOL_STATUS.require(actor)
    school_id = context.current().id
    with context.platform():
        since = School.objects.values_list("created_at", flat=True).get(pk=school_id)
    return _judged(recorded(platform=False), job_runs.latest(), since, now)


def platform_jobs(*, actor: Actor, now: datetime) -> list[Job]:
    """The platform's own jobs. Raises Forbidden."""
    PLATFORM_STATUS.require(actor)
    since = School.objects.order_by("created_at").values_list("created_at", flat=True).first() or now
    return _judged(recorded(platform=True), job_runs.latest(), since, now)


def schools_in_need(*, actor: Actor, now: datetime) -> list[JobRun]:
    """Last runs of schools' jobs that failed or died within some days. Raises Forbidden."""
    PLATFORM_STATUS.require(actor)
    bad = (Outcome.FAILED, Outcome.DIED)
    return [run for run in job_runs.latest_of_schools(since=now - LATELY) if run.outcome in bad]


def recorded(*, platform: bool) -> list[SchoolTask]:
    """The tasks whose runs are kept."""
    from celery import current_app

    current_app.loader.import_default_modules()  # a web process has not imported any task yet
    found = [task for task in current_app.tasks.values() if getattr(task, "recorded", "")]
    return [task for task in found if task.platform == platform]


def is_nightly(name: str) -> bool:
    """Whether beat starts this job once a day."""
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    schedules = [one["schedule"] for one in entries if name in (one["task"], one.get("kwargs", {}).get("job"))]
    return any(isinstance(one, crontab) for one in schedules)


def _judged(tasks: Iterable[SchoolTask], runs: Iterable[JobRun], since: datetime, now: datetime) -> list[Job]:
    last = {run.job: run for run in runs}
    jobs = [Job(task.name, _state(task, last.get(task.name), since, now), last.get(task.name)) for task in tasks]
    return sorted(jobs, key=lambda job: (job.state in ("ok", "not-yet", "running"), job.label))


def _state(task: SchoolTask, run: JobRun | None, since: datetime, now: datetime) -> str:
    """Who leaves a row only after having done something is never late."""
    if run is not None and run.outcome in (Outcome.FAILED, Outcome.DIED, Outcome.RUNNING):
        return str(run.outcome)
    begun = run.started_at if run else since
    if task.recorded == RUNS and is_nightly(task.name) and begun < now - timedelta(days=1) - GRACE:
        return "late"
    return "ok" if run else "not-yet"
