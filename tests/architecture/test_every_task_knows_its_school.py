"""Every task runs inside the school named in its message; the platform's own are listed with a reason."""

import ast
import inspect
from pathlib import Path

import pytest

from apps.tenants.jobs import SchoolTask
from config.celery import app

PLATFORM_TASKS = {
    "tenants.sweep_job_runs": "tidies the list of job runs, which is the platform's",
    "tenants.fan_out": "starts one job per school; touches the list of schools only",
    "tenants.recheck_hosts": "asks the DNS for the proofs of all schools' own domains; the hosts are the platform's",
    "accounts.forget_expired_of_platform": "what expired of superadmins, whose accounts are the platform's",
    "integrations.decide_platform": "decisions about many events of the platform",
    "integrations.forget_platform": "the content of the platform's old events",
    "integrations.watch_platform": "alarms about services connected to the platform",
    "integrations.drain_platform": "events that belong to the platform or to no school yet",
    "integrations.sweep_platform": "rings again for events of the platform",
    "notifications.deliver_platform": "mail to superadmins, whose accounts are the platform's",
    "notifications.summaries_platform": "daily summaries of superadmins",
    "notifications.sweep_platform": "rings again for mail of the platform",
    "ops.audit_retention": "deletes old audit entries as owner of the tables, school by school; reads nothing else",
    "ops.heartbeat": "shows that clock, queue and workers are alive; touches one cache entry",
}

app.loader.import_default_modules()
OURS = {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))}


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_task_is_a_school_task(name):
    task = OURS[name]
    assert isinstance(task, SchoolTask), f"{name}: declare it with tenant_task or platform_task"
    assert task.acks_late and task.reject_on_worker_lost, f"{name}: a killed worker would lose it"
    if task.platform:
        assert name in PLATFORM_TASKS, f"{name}: platform tasks are listed here, with the reason"


def test_the_list_of_platform_tasks_is_not_stale():
    platform = {name for name, task in OURS.items() if task.platform}
    assert set(PLATFORM_TASKS) == platform


def enqueued() -> list:
    """Every `enqueue("name", ...)` in the source, with the arguments it gives."""
    found = []
    for path in sorted(Path("apps").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if (
                called in ("enqueue", "enqueue_or_refuse", "enqueue_platform")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                names = {keyword.arg for keyword in node.keywords}
                found.append(pytest.param(node.args[0].value, names, id=f"{path}:{node.lineno}"))
    return found


@pytest.mark.parametrize(("name", "arguments"), enqueued())
def test_every_enqueued_job_exists_and_takes_those_arguments(name, arguments):
    assert name in app.tasks, f"no task is called {name!r}"
    accepted = inspect.signature(app.tasks[name].run).parameters
    required = {
        key for key, value in accepted.items() if value.default is value.empty and value.kind is value.KEYWORD_ONLY
    }
    assert required <= arguments <= set(accepted)
    assert any(value.kind is value.VAR_KEYWORD for value in accepted.values()), (
        f"{name}: take **_later, so that an old worker survives a new message"
    )


def test_every_job_of_the_clock_exists():
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        if job := entry.get("kwargs", {}).get("job"):
            assert job in app.tasks, f"the clock rings for {job!r}, which does not exist"
