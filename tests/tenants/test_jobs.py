"""A job runs in the school its message names, or not at all."""

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import requestinfo
from apps.tenants import context, hosts, jobs
from apps.tenants.context import NoSchool, activated, platform
from apps.tenants.models import School
from apps.tenants.tasks import fan_out

SEEN = []


@jobs.tenant_task(name="tests.look", queue="bulk")
def look(self, **_later):
    SEEN.append(context.current().slug)
    return context.current_schema()


@jobs.platform_task(name="tests.look_at_the_platform")
def look_at_the_platform(self, **_later):
    return context.current_schema()


@jobs.tenant_task(name="tests.fail")
def fail(self, **_later):
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _nothing_seen():
    SEEN.clear()


def deliver(task, schema=None, **kwargs):
    """Run the task as a worker does with a message that carries this school."""
    headers = {} if schema is None else {jobs.HEADER: schema}
    return task.apply(kwargs=kwargs, headers=headers, throw=True).get()


def test_it_runs_in_its_school_wherever_the_worker_was(lumiere, curie):
    with activated(curie):
        assert deliver(look, "s_lumiere") == "s_lumiere"
        assert context.current_schema() == "s_curie"
    assert SEEN == ["lumiere"]


@pytest.mark.parametrize("schema", [None, "", "public", "s_nobody", "template_school", "S_LUMIERE", 's_lumiere"; --'])
def test_without_an_open_school_it_is_refused(lumiere, schema):
    with pytest.raises(jobs.WrongSchool):
        deliver(look, schema)
    assert SEEN == []


@pytest.mark.parametrize(
    "values",
    [
        {"status": "suspended", "status_before": "active"},
        {"status": "cancelled"},
        {"status": "purged"},
        {"ready": False},
    ],
)
def test_for_a_closed_school_it_is_refused(lumiere, values):
    with platform():
        School.objects.filter(pk=lumiere.pk).update(**values)
    hosts.forget(lumiere)
    with pytest.raises(jobs.WrongSchool, match="not an open school"):
        deliver(look, "s_lumiere")
    assert SEEN == []


def test_a_task_of_the_platform_refuses_a_school(lumiere):
    assert deliver(look_at_the_platform) == deliver(look_at_the_platform, "public") == "public"
    with pytest.raises(jobs.WrongSchool):
        deliver(look_at_the_platform, "s_lumiere")


def test_after_a_failure_nothing_is_left_selected(lumiere):
    with platform():
        with pytest.raises(ZeroDivisionError):
            deliver(fail, "s_lumiere")
        assert context.current_schema() == "public"


def test_arguments_by_position_are_refused(lumiere):
    with pytest.raises(TypeError, match="keyword arguments"):
        look.apply(args=("x",), headers={jobs.HEADER: "s_lumiere"}, throw=True)


def test_arguments_of_a_later_release_are_ignored(lumiere):
    """A worker of the old release meets a message of the new one."""
    assert deliver(look, "s_lumiere", invented_later=1) == "s_lumiere"


# --- sending ------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, kwargs, headers, retry: messages.append((name, kwargs, headers))
    )
    return messages


def test_the_school_is_the_one_of_the_call(lumiere, curie, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        jobs.enqueue("tests.look", number=1)
    with activated(curie):
        for callback in callbacks:
            callback()
    assert [(name, kwargs, headers["school"]) for name, kwargs, headers in sent] == [
        ("tests.look", {"number": 1}, "s_lumiere")
    ]


def test_outside_of_a_school_there_is_nothing_to_send(db):
    with pytest.raises(NoSchool):
        jobs.enqueue("tests.look")
    with platform(), pytest.raises(NoSchool):
        jobs.enqueue("tests.look")


def test_a_rolled_back_act_rings_for_nobody(new_school, sent):
    school = new_school()
    sent.clear()
    with activated(school):
        with transaction.atomic():
            jobs.enqueue("tests.look")
            transaction.set_rollback(True)
        assert sent == []
        with transaction.atomic():
            jobs.enqueue("tests.look")
            assert sent == []
        assert len(sent) == 1


def test_the_request_id_travels_along(lumiere, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), requestinfo.bound(request_id="abc123"):
        jobs.enqueue("tests.look")
    assert sent[0][2]["request_id"] == "abc123"


@pytest.mark.parametrize("trouble", [OperationalError("away"), ConnectionRefusedError(), TimeoutError()])
def test_a_broker_that_is_away_fails_no_act(lumiere, monkeypatch, caplog, trouble, django_capture_on_commit_callbacks):
    def away(*args, **kwargs):
        raise trouble

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.look")
    assert "the queue did not answer" in caplog.text


def test_other_mistakes_are_not_hidden(lumiere, monkeypatch, django_capture_on_commit_callbacks):
    """A control for the test above: only a broker that is away is forgiven."""

    def wrong(*args, **kwargs):
        raise ValueError("not JSON")

    monkeypatch.setattr(current_app, "send_task", wrong)
    with pytest.raises(ValueError, match="not JSON"), django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.look")


def test_a_message_goes_to_the_lane_of_its_task():
    assert jobs.route("tests.look") == {"queue": "bulk"}
    assert jobs.route("tests.look_at_the_platform") == {"queue": "interactive"}
    assert jobs.route("nobody.knows") == {"queue": "interactive"}


def test_the_clock_rings_once_for_every_open_school(lumiere, curie, sent, django_capture_on_commit_callbacks):
    with platform():
        School.objects.filter(pk=curie.pk).update(status="suspended", status_before="active")
    with django_capture_on_commit_callbacks(execute=True):
        deliver(fan_out, job="tests.look")
    schemas = [headers["school"] for _name, _kwargs, headers in sent]
    assert "s_lumiere" in schemas and "s_curie" not in schemas
    assert len(schemas) == len(set(schemas))
