"""What may leave for Sentry: the fault and the school, no person and no secret."""

import json

import pytest
import sentry_sdk

from apps.core import requestinfo
from apps.ops import sentry

CANARY = "kanarienvogel-7f3a9c"
PERSON = "camille@lumiere.example"


@pytest.fixture
def sent():
    """Events as they would leave, through Sentry's real client."""
    events = []

    class Keep(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope):
            events.extend(item.payload.json for item in envelope.items if item.type == "event")

    client = sentry_sdk.Client(
        "https://key@127.0.0.1/1", transport=Keep, default_integrations=False, **sentry.options()
    )
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        yield events
    client.close()


def fail_with_secrets():
    token = CANARY  # noqa: F841 - a local variable that must not be sent
    raise RuntimeError(f"refused: password={CANARY} and Authorization: Bearer {CANARY}")


def test_without_a_dsn_nothing_starts(settings):
    settings.SENTRY_DSN = ""
    sentry.install()
    assert not sentry_sdk.get_client().is_active()


def test_an_event_has_the_school_and_no_secret(sent):
    sentry_sdk.set_user({"id": "42", "email": PERSON})
    sentry_sdk.get_isolation_scope().set_context("form", {"client_secret": CANARY, "campus": "Lyon"})
    sentry_sdk.add_breadcrumb(message=f"GET /callback?code={CANARY}", data={"state": CANARY})
    with requestinfo.bound(request_id="abcd1234", school="lumiere"):
        try:
            fail_with_secrets()
        except RuntimeError:
            sentry_sdk.capture_exception()
    [event] = sent
    text = json.dumps(event)
    assert CANARY not in text
    assert PERSON not in text
    assert event["tags"] == {"school": "lumiere", "request_id": "abcd1234"}
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert event["contexts"]["form"]["campus"] == "Lyon", "a control: what is harmless arrives"


def test_a_request_is_sent_without_cookies_body_or_address(sent):
    sentry_sdk.capture_event(
        {
            "message": "odd",
            "request": {
                "url": f"https://lumiere.example/in?token={CANARY}",
                "cookies": {"a": CANARY},
                "data": {"b": CANARY},
                "env": {"REMOTE_ADDR": "203.0.113.9"},
                "headers": {"Authorization": CANARY, "Accept": "text/html"},
            },
        }
    )
    text = json.dumps(sent)
    assert CANARY not in text
    assert "203.0.113.9" not in text
    assert "text/html" in text
