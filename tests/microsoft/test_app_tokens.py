"""It asks for a token rarely, for a new one when Graph wants it, and survives a change of secrets."""

import base64
import json
import threading

import pytest

from apps.microsoft.app_tokens import AppTokens
from apps.microsoft.errors import (
    GraphConfused,
    GraphForbidden,
    GraphMisconfigured,
    GraphUnavailable,
)
from apps.microsoft.registration import MicrosoftApp
from tests.microsoft.conftest import TENANT
from tests.microsoft.scripted import Reply

ORGANISATION = Reply(200, {"value": [{"id": TENANT, "displayName": "Lumière"}]})
CLAIMS = {"access_token": {"nbf": {"essential": True, "value": "1700000000"}}}


def challenge(claims=CLAIMS):
    encoded = base64.b64encode(json.dumps(claims).encode()).decode()
    header = f'Bearer realm="", authorization_uri="https://x", error="insufficient_claims", claims="{encoded}"'
    return Reply(401, {}, headers={"www-authenticate": header})


def test_one_token_serves_many_calls_and_readers(graph, microsoft):
    microsoft.graph = lambda call: ORGANISATION
    tokens = AppTokens()
    for _ in range(3):
        reader = graph(tokens=tokens)
        reader.organization()
        reader.organization()
    assert len(microsoft.token_calls) == 1
    assert {call.bearer for call in microsoft.graph_calls} == {"Bearer token-1-canary"}


def test_each_organisation_has_its_own(microsoft, scripted_app):
    tokens = AppTokens()
    other = "55555555-5555-4555-8555-555555555555"
    assert tokens.get(scripted_app, TENANT) != tokens.get(scripted_app, other)
    assert {call.path.split("/")[2] for call in microsoft.token_calls} == {TENANT, other}


def test_it_asks_with_its_secret_in_the_body_for_the_real_scope(microsoft, scripted_app):
    AppTokens().get(scripted_app, TENANT)
    [call] = microsoft.token_calls
    assert call.form["grant_type"] == "client_credentials"
    assert call.form["client_secret"] == "first-secret-canary"
    assert call.form["scope"] == "https://graph.microsoft.com/.default"
    assert "first-secret-canary" not in call.target


def test_a_401_gets_one_new_token(graph, microsoft):
    replies = [Reply(401, {}), ORGANISATION]
    microsoft.graph = lambda call: replies.pop(0)
    graph().organization()
    assert [call.bearer for call in microsoft.graph_calls] == ["Bearer token-1-canary", "Bearer token-2-canary"]


def test_a_second_401_is_the_end(graph, microsoft):
    microsoft.graph = lambda call: Reply(401, {})
    with pytest.raises(GraphForbidden):
        graph().organization()
    assert len(microsoft.graph_calls) == 2


def test_a_claims_challenge_is_answered_with_a_token_for_these_claims(graph, microsoft):
    replies = [challenge(), ORGANISATION, ORGANISATION]
    microsoft.graph = lambda call: replies.pop(0)
    reader = graph()
    reader.organization()
    reader.organization()
    first, second = microsoft.token_calls
    assert json.loads(second.form["claims"])["access_token"]["nbf"] == CLAIMS["access_token"]["nbf"]
    assert json.loads(first.form["claims"]) == {"access_token": {"xms_cc": {"values": ["CP1"]}}}
    assert microsoft.graph_calls[-1].bearer == "Bearer token-2-canary"


@pytest.mark.parametrize(
    "header",
    [
        'Bearer error="insufficient_claims", claims="%%%"',
        'Bearer error="insufficient_claims", claims="bm90IGpzb24="',
        'Bearer error="insufficient_claims", claims="W10="',
        'Bearer error="insufficient_claims"',
        'Bearer error="invalid_token", claims="e30="',
        "",
    ],
)
def test_a_challenge_that_makes_no_sense_is_a_plain_401(header, graph, microsoft):
    replies = [Reply(401, {}, headers={"www-authenticate": header}), ORGANISATION]
    microsoft.graph = lambda call: replies.pop(0)
    graph().organization()
    assert len(microsoft.token_calls) == 2


def refuse(number, error="invalid_client", status=401):
    return Reply(status, {"error": error, "error_description": f"AADSTS{number}: x", "error_codes": [number]})


def test_the_next_secret_is_used_when_microsoft_no_longer_knows_the_first(microsoft, scripted_app):
    app = MicrosoftApp(
        scripted_app.client_id, ("first-secret-canary", "second"), scripted_app.login_url, scripted_app.graph_url
    )
    good = microsoft.token
    microsoft.token = lambda call: good(call) if call.form["client_secret"] == "second" else refuse(7000222)
    assert AppTokens().get(app, TENANT) == "token-1-canary"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(refuse(7000215), GraphMisconfigured, id="wrong secret"),
        pytest.param(refuse(7000222), GraphMisconfigured, id="expired secret"),
        pytest.param(refuse(700016, "unauthorized_client", 400), GraphForbidden, id="not in this organisation"),
        pytest.param(refuse(65001, "invalid_grant", 400), GraphForbidden, id="no consent"),
        pytest.param(refuse(53003, "access_denied", 400), GraphForbidden, id="blocked"),
        pytest.param(refuse(90006, "temporarily_unavailable", 400), GraphUnavailable, id="passing"),
        pytest.param(Reply(503), GraphUnavailable, id="503"),
        pytest.param(Reply(429, {}, headers={"retry-after": "60"}), GraphUnavailable, id="429"),
        pytest.param(Reply(200, b"<html>"), GraphConfused, id="html"),
        pytest.param(Reply(200, []), GraphConfused, id="a list"),
        pytest.param(Reply(200, {"access_token": "a\nb", "expires_in": 3600}), GraphForbidden, id="two lines"),
        pytest.param(Reply(200, {"access_token": "", "expires_in": 3600}), GraphForbidden, id="empty"),
        pytest.param(Reply(200, {}), GraphForbidden, id="nothing"),
        pytest.param(Reply(302, {}, headers={"location": "http://127.0.0.1:1/"}), GraphForbidden, id="redirect"),
    ],
)
def test_no_token_is_named_and_not_remembered(reply, error, microsoft, scripted_app):
    tokens = AppTokens()
    good, microsoft.token = microsoft.token, lambda call: reply
    with pytest.raises(error):
        tokens.get(scripted_app, TENANT)
    microsoft.token = good
    assert tokens.get(scripted_app, TENANT) == "token-1-canary"


@pytest.mark.parametrize("tenant", ["", "organizations", "common", "../x", "contoso.com", TENANT.upper() + "X"])
def test_only_an_organisation_can_be_read(tenant, microsoft, scripted_app):
    with pytest.raises(GraphConfused):
        AppTokens().get(scripted_app, tenant)
    assert microsoft.calls == []


def test_threads_share_what_is_remembered(microsoft, scripted_app):
    tokens = AppTokens()
    tokens.get(scripted_app, TENANT)
    found = []
    threads = [threading.Thread(target=lambda: found.append(tokens.get(scripted_app, TENANT))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["token-1-canary"] * 20
    assert len(microsoft.token_calls) == 1
