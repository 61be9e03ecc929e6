"""One id: from the click in the web log, through the message in the broker and the job's log, to the provider."""

import json
import logging
import uuid

import pytest

from apps.audit.models import AuditEvent
from apps.core.logs import JsonFormatter
from config.celery import app
from tests.conftest import client_for
from tests.directory.world import World
from tests.people import admin

CLICK = str(uuid.uuid4())  # as an edge server would send it


@pytest.fixture
def lines():
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(json.loads(JsonFormatter().format(record)))

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_from_the_click_to_microsoft(no_worker, lumiere, microsoft, lines, django_capture_on_commit_callbacks):
    world = World(lumiere, microsoft)
    world.standard()
    browser = client_for(lumiere)
    browser.force_login(admin())
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/directory/runs/", headers={"X-Request-ID": CLICK})
    assert answer["X-Request-ID"] == CLICK

    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("bulk").get(timeout=5)
        message.ack()
    assert message.headers["request_id"] == CLICK
    assert message.headers["school"] == lumiere.schema_name
    microsoft.clear_requests()
    _args, kwargs, _embed = message.payload
    app.tasks[message.headers["task"]].apply(kwargs=kwargs, headers=dict(message.headers), throw=True)

    assert one(lines, "request", path="/directory/runs/")["request_id"] == CLICK
    job = one(lines, "job", task="directory.run")
    assert (job["request_id"], job["school"], job["outcome"]) == (CLICK, "lumiere", "done")
    calls = [line for line in lines if line["event"] == "outgoing call"]
    assert calls
    assert {line["request_id"] for line in calls} == {CLICK}
    asked = [call for call in microsoft.requests() if "members" in call["path"].lower()]
    assert asked, "a control: the run did read the groups"
    assert {call["headers"].get("client-request-id") for call in asked} == {CLICK}
    told = AuditEvent.objects.filter(request_id=CLICK).values_list("act", flat=True)
    assert len(told) >= 2, "asked for and ended"


def one(lines: list[dict], event: str, **facts) -> dict:
    [found] = [line for line in lines if line["event"] == event and facts.items() <= line.items()]
    return found
