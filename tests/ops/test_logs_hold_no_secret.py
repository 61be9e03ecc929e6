"""Forced faults with a secret in every place a secret can be: none reaches a log line."""

import json
import logging

import pytest
from django.urls import path

from apps.core.logs import JsonFormatter
from apps.core.web import public
from apps.tenants.jobs import platform_task

CANARY = "kanarienvogel-7f3a9c"


@public("a page of the tests that fails on purpose")
def failing_view(request):
    client_secret = CANARY  # noqa: F841
    raise RuntimeError(f"could not sign in: client_secret={CANARY}, Bearer {CANARY}, {{'refresh_token': '{CANARY}'}}")


urlpatterns = [path("fails/", failing_view, name="fails")]


@platform_task(name="tests.fails")
def failing_task(self, *, token, note):
    raise RuntimeError(f"{note} token={token}")


@pytest.fixture
def lines():
    """Every log line of the test, as it is written."""
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(JsonFormatter().format(record))

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def assert_clean(lines: list[str]) -> list[dict]:
    assert lines
    for line in lines:
        assert CANARY not in line, line
        assert "\n" not in line
    return [json.loads(line) for line in lines]


def test_a_page_that_fails(lines, client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    secret = {"password": CANARY, "code": CANARY}
    response = client.post(
        f"/fails/?code={CANARY}&state={CANARY}",
        secret,
        headers={
            "Authorization": f"Bearer {CANARY}",
            "Cookie": f"__Host-refresh={CANARY}; __Host-access={CANARY}",
            "X-Request-ID": "abcd-1234",
        },
    )
    assert response.status_code == 500
    said = assert_clean(lines)
    fault = next(line for line in said if "exception" in line)
    assert "RuntimeError" in fault["exception"], "a control: the fault itself is there"
    assert fault["request_id"] == response["X-Request-ID"] == "abcd-1234"
    assert fault["school"] == "lumiere"


def test_a_job_that_fails(lines, db):
    failing_task.apply(kwargs={"token": CANARY, "note": "could not send"}, headers={"request_id": "of-the-click-3"})
    said = assert_clean(lines)
    fault = next(line for line in said if line["event"] == "job failed")
    assert "RuntimeError" in fault["exception"], "a control: the fault itself is there"
    assert fault["request_id"] == "of-the-click-3"
    assert fault["job_id"]


def test_a_value_in_a_printed_mapping(lines):
    logging.getLogger("tests").warning("called with %r", {"token": CANARY, "nested": {"password": CANARY}, "n": 1})
    logging.getLogger("tests").warning('body {"access_token": "%s", "expires_in": 3600}', CANARY)
    said = assert_clean(lines)
    assert "3600" in said[1]["event"], "a control: what is harmless stays"
