"""No token, code, secret, state, nonce or verifier reaches a log, an error or a representation."""

import base64
import json
import logging

import msal
import pytest
from django.utils import timezone

from apps.core.errors import DomainError
from apps.microsoft.app_tokens import AppTokens
from apps.microsoft.identity import begin_sign_in, complete_sign_in
from apps.microsoft.login import REAL_LOGIN_URL, LoginHttp
from tests.microsoft.conftest import TENANT
from tests.microsoft.scripted import Reply

CALLBACK = "http://campanile.localhost:8000/sso/callback"


def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


TOKEN = (
    f"{part({'alg': 'RS256', 'kid': 'k'})}.{part({'sub': 'canary-subject', 'nonce': 'canary-nonce'})}.canary-signature"
)


@pytest.fixture
def written(caplog):
    """Everything any logger wrote, with the facts of each record: the formatter's redaction does not help here."""
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(f"{vars(record)} {record.getMessage()} {record.exc_info}" for record in caplog.records)


def everything_of(error: BaseException) -> str:
    texts = []
    step: BaseException | None = error
    while step is not None:
        texts.append(f"{step!r} {step} {vars(step)}")
        step = None if step.__suppress_context__ and step.__cause__ is None else step.__cause__ or step.__context__
    return "\n".join(texts)


ANSWERS = {
    "an untrusted token": Reply(200, {"id_token": TOKEN, "access_token": "canary-access", "expires_in": 3600}),
    "a refusal": Reply(400, {"error": "invalid_grant", "error_description": "AADSTS70008: canary-description"}),
    "a cut answer": Reply(200, b'{"id_token": "canary-cut'),
    "a list": Reply(200, ["canary-list"]),
    "a server error": Reply(500, b"canary-500"),
    "a page": Reply(200, b"<html>canary-page"),
    "a broken token": Reply(200, {"id_token": "canary-a.canary-b", "access_token": "canary"}),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_failed_sign_in(answer, microsoft, scripted_app, written):
    microsoft.token = lambda call: ANSWERS[answer]
    flow = begin_sign_in(scripted_app, TENANT, CALLBACK, state="canary-state")
    params = {"code": "canary-code", "state": "canary-state", "client_info": "canary-info"}
    with pytest.raises(DomainError) as refused:
        complete_sign_in(scripted_app, flow.data, params, expected_tenant_id=TENANT, now=timezone.now())
    assert microsoft.token_calls
    seen = written() + everything_of(refused.value)
    assert "canary" not in seen
    for name in ("nonce", "code_verifier"):
        assert flow.data["msal"][name] not in seen


def test_a_state_that_does_not_match(microsoft, scripted_app, written):
    flow = begin_sign_in(scripted_app, TENANT, CALLBACK, state="canary-state")
    with pytest.raises(DomainError) as refused:
        complete_sign_in(
            scripted_app, flow.data, {"code": "canary", "state": "canary-x"},
            expected_tenant_id=TENANT, now=timezone.now(),
        )  # fmt: skip
    assert "canary" not in written() + everything_of(refused.value)


@pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 500])
def test_a_reading_of_the_directory(status, graph, microsoft, written):
    body = {"value": [], "error": {"code": "x", "message": "canary-message"}}
    microsoft.graph = lambda call: Reply(status, body, headers={"x-note": "canary-header", "retry-after": "9999"})
    with pytest.raises(DomainError) as failed:
        graph().organization()
    seen = written() + everything_of(failed.value)
    assert "outgoing call" in seen
    assert "canary" not in seen


def test_no_token_for_our_app(microsoft, scripted_app, written):
    microsoft.token = lambda call: Reply(401, {"error": "invalid_client", "error_description": "canary-description"})
    with pytest.raises(DomainError) as failed:
        AppTokens().get(scripted_app, TENANT)
    assert "canary" not in written() + everything_of(failed.value)


def test_a_registration_does_not_show_its_secret(scripted_app):
    assert "canary" not in repr(scripted_app)


def test_msal_alone_would_have_written_the_code(microsoft, scripted_app, caplog):
    """The control: with its own level msal writes what we promise never to write."""
    logger = logging.getLogger("msal")
    before = logger.level
    try:
        logger.setLevel(logging.DEBUG)
        caplog.set_level(logging.DEBUG)
        microsoft.token = lambda call: Reply(200, {"id_token": TOKEN, "access_token": "a", "expires_in": 3600})
        client = msal.ConfidentialClientApplication(
            "id", "secret", authority=f"{REAL_LOGIN_URL}/{TENANT}", instance_discovery=False,
            http_client=LoginHttp(scripted_app.login_url),
        )  # fmt: skip
        flow = client.initiate_auth_code_flow(["email"], redirect_uri=CALLBACK, response_mode="form_post")
        with pytest.raises(RuntimeError, match="nonce"):
            client.acquire_token_by_auth_code_flow(flow, {"code": "canary-code", "state": flow["state"]})
    finally:
        logger.setLevel(before)
    assert "canary-code" in caplog.text
