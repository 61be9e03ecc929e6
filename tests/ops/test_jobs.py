"""What works by the clock leaves a row: what, for whom, when, with what outcome; pages show it (INT-4)."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from apps.ops import jobs
from apps.tenants import context, database
from apps.tenants.context import activated, platform
from apps.tenants.jobs import EFFECTS, HEADER, RUNS, enqueue
from apps.tenants.models import JobRun
from apps.tenants.services import job_runs
from tests.conftest import client_for
from tests.live import wait_until
from tests.people import acting, admin, auditor
from tests.tenants.conftest import console, superadmin  # noqa: F401

#: What beat starts without leaving a row, and why: whatever it finds has a row of its own.
WITHOUT = {
    "accounts.sweep_rights": "rings for archives and erasures, which are rows",
    "directory.clock": "starts directory runs and opens alerts, which are rows",
    "directory.subscribe": "a subscription's row tells when it was renewed and what went wrong",
    "directory.sweep": "rings for directory runs, which are rows",
    "integrations.sweep": "rings for events, which are rows",
    "integrations.sweep_platform": "rings for events, which are rows",
    "integrations.watch": "opens alarms, which are rows, and leaves the school's state on the platform",
    "integrations.watch_platform": "opens alarms, which are rows",
    "money.sweep": "ends orders and asks for refunds again, which are rows",
    "notifications.sweep": "rings for messages, which are rows",
    "notifications.sweep_platform": "rings for messages, which are rows",
    "ops.heartbeat": "is the sign of life itself; its absence is on the status page",
    "outgoing.sweep": "rings for deliveries, which are rows",
    "outgoing.watch": "opens alarms, which are rows",
    "roster.sweep": "rings for plans, which are rows",
    "tenants.sweep_job_runs": "tidies these very rows",
}


def work(name, school=None, **arguments):
    """As a worker does it. Returns the last row of this job there."""
    schema = school.schema_name if school else context.PUBLIC
    current_app.tasks[name].apply(kwargs=arguments, headers={HEADER: schema, "request_id": "r" * 32})
    with platform():
        return JobRun.objects.filter(job=name, school=school).order_by("-started_at", "-id").first()


def started_by_the_clock():
    return {one.get("kwargs", {}).get("job", one["task"]) for one in settings.CELERY_BEAT_SCHEDULE.values()}


def test_every_job_of_the_clock_leaves_a_row_or_has_a_reason():
    current_app.loader.import_default_modules()
    kept = {name for name, task in current_app.tasks.items() if getattr(task, "recorded", "")}
    assert started_by_the_clock() - kept == set(WITHOUT)
    assert kept == set(jobs.LABELS), "each has a name for people"
    daily = {name for name in kept if jobs.is_nightly(name)}
    assert {name for name in daily if current_app.tasks[name].recorded != RUNS} == set(), "so that absence is seen"
    assert len(daily) >= 6


def test_a_run_is_written_down_with_what_it_did(lumiere, monkeypatch):
    monkeypatch.setattr("apps.files.services.sweep", lambda **_: {"expired": 3, "orphans": 0})
    row = work("files.sweep", lumiere)
    assert (row.outcome, row.counts, row.error, row.request_id) == ("done", {"count": 3}, "", "r" * 32)
    assert row.started_at <= row.ended_at and row.seconds is not None


def test_a_fault_is_written_down_without_its_text(lumiere, monkeypatch):
    def broken(**_):
        raise ValueError("the address of somebody@lumiere.example")

    monkeypatch.setattr("apps.files.services.sweep", broken)
    row = work("files.sweep", lumiere)
    assert (row.outcome, row.error, row.counts) == ("failed", "ValueError", {}) and row.ended_at


def test_what_runs_often_leaves_a_row_only_when_it_did_something(lumiere, monkeypatch):
    done = iter([0, 2])
    monkeypatch.setattr("apps.notifications.services.summaries.send_due", lambda now: next(done))
    assert current_app.tasks["notifications.summaries"].recorded == EFFECTS
    assert work("notifications.summaries", lumiere) is None
    assert work("notifications.summaries", lumiere).counts == {"count": 2}


def test_rows_of_a_school_and_of_the_platform_stay_apart(lumiere, curie):
    work("files.sweep", lumiere)
    work("ops.audit_retention")
    with activated(curie):
        assert not job_runs.latest()
    with activated(lumiere):
        assert [run.job for run in job_runs.latest()] == ["files.sweep"]
    with platform():
        assert [run.job for run in job_runs.latest()] == ["ops.audit_retention"]
        of_schools = job_runs.latest_of_schools(since=timezone.now() - timedelta(hours=1))
        assert [(run.school_id, run.job) for run in of_schools] == [(lumiere.pk, "files.sweep")]


def test_one_that_never_ended_is_said_to_have_died(lumiere):
    now = timezone.now()
    with activated(lumiere):
        lost = job_runs.begin(job="files.sweep", now=now - timedelta(hours=7))
        old = job_runs.begin(job="directory.purge", now=now - timedelta(days=91))
        job_runs.end(old, outcome="done")
        young = job_runs.begin(job="accounts.retention", now=now - timedelta(hours=1))
    assert job_runs.sweep(now) == {"died": 1, "forgotten": 1}
    assert job_runs.sweep(now) == {"died": 0, "forgotten": 0}
    with platform():
        assert dict(JobRun.objects.values_list("pk", "outcome")) == {lost: "died", young: "running"}


def states(actor, now):
    return {job.name: job.state for job in jobs.school_jobs(actor=actor, now=now)}


def test_absence_is_seen(lumiere):
    boss, now = acting(admin()), timezone.now()
    lumiere.created_at = now - timedelta(hours=1)
    with platform():
        lumiere.save(update_fields=["created_at"])
    assert states(boss, now)["accounts.retention"] == "not-yet"
    assert states(boss, now + timedelta(days=2))["accounts.retention"] == "late", "it never ran"
    work("accounts.retention", lumiere)
    assert states(boss, now)["accounts.retention"] == "ok"
    late = states(boss, now + timedelta(hours=28))
    assert late["accounts.retention"] == "late" and late["notifications.summaries"] == "not-yet"


def test_administrators_see_their_jobs_and_what_to_do(lumiere, monkeypatch):
    monkeypatch.setattr("apps.files.services.sweep", lambda **_: 1 / 0)
    work("files.sweep", lumiere)
    work("accounts.retention", lumiere)
    client = client_for(lumiere)
    client.force_login(admin(locale="en"))
    page = client.get("/status/").content.decode()
    assert "Files nobody needs" in page and "ZeroDivisionError" in page and "tried again with its next turn" in page
    assert page.index("Files nobody needs") < page.index("Periods of data protection"), "what needs somebody first"
    other = client_for(lumiere)
    other.force_login(auditor())
    assert other.get("/status/").status_code == 403


def test_superadmins_see_the_jobs_of_the_platform_and_schools_in_need(console, lumiere, monkeypatch):  # noqa: F811
    monkeypatch.setattr("apps.files.services.sweep", lambda **_: 1 / 0)
    work("files.sweep", lumiere)
    work("ops.audit_retention")
    page = console.get("/status/details/").content.decode()
    assert "audit trail" in page and lumiere.name in page and "ZeroDivisionError" in page
    everything = console.get("/admin/tenants/jobrun/?outcome__exact=failed").content.decode()
    assert "files.sweep" in everything and "ops.audit_retention" not in everything.partition("changelist-filter")[0]


@contextmanager
def held(schema, table):
    """Whoever works on this table waits meanwhile."""
    with psycopg.connect(database.owner_dsn()) as connection:
        connection.execute(f"lock table {schema}.{table} in access exclusive mode")
        yield
        connection.rollback()


@pytest.mark.slow
def test_a_killed_worker_leaves_a_run_that_died_and_the_next_one_does_the_work(live, new_school):
    """A real kill -9 in the middle: what the job waits for is held by somebody else meanwhile."""
    school = new_school("jobs")

    def outcomes():
        with platform():
            rows = JobRun.objects.filter(job="accounts.retention", school=school).order_by("started_at", "id")
            return list(rows.values_list("outcome", flat=True))

    with held(school.schema_name, "accounts_user"):
        with activated(school):
            enqueue("accounts.retention")
        wait_until(lambda: outcomes() == ["running"], message=live.log("worker"))
        live.kill("worker")
    assert outcomes() == ["running"]
    live.start_worker()
    with activated(school):
        enqueue("accounts.retention")
    wait_until(lambda: outcomes()[-1:] == ["done"], message=live.log("worker"))
    assert outcomes() == ["died", "done"]
