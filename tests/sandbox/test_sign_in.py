"""A person signs in with the real MSAL; the ID token stands up to a full check."""

import hashlib

import httpx
import jwt
import pytest

from tests.sandbox import client
from tests.sandbox_fixture import AMPERE, CURIE, LUMIERE

STUDENT = "eeeeeeee-1111-4000-8000-000000000002"


@pytest.fixture
def demo(sandbox):
    sandbox.reset("demo")
    return sandbox


@pytest.fixture
def session(demo):
    with client.session_for(demo) as session:
        yield session


def checked(simulator, token: str, tid: str = LUMIERE) -> dict:
    """What a careful verifier does."""
    jwks = httpx.get(f"{simulator.microsoft_url}/{tid}/discovery/v2.0/keys", trust_env=False, verify=False).json()
    keys = {key["kid"]: jwt.PyJWK(key) for key in jwks["keys"]}
    return jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=["RS256"],
        audience=simulator.client_id,
        issuer=f"{simulator.microsoft_url}/{tid}/v2.0",
        options={"require": ["exp", "iat", "nbf", "sub"]},
    )


@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_a_person_signs_in_with_msal(demo, session, mode):
    app = client.msal_app(demo, LUMIERE, session)
    flow = app.initiate_auth_code_flow([], redirect_uri=client.REDIRECT, response_mode=mode)
    answer = demo.sign_in(client.local(demo, flow["auth_uri"]), STUDENT)
    assert answer.method == ("POST" if mode == "form_post" else "GET")
    assert answer.url == client.REDIRECT
    result = app.acquire_token_by_auth_code_flow(flow, answer.params)
    claims = checked(demo, result["id_token"])
    assert claims["oid"] == STUDENT
    assert claims["tid"] == LUMIERE
    assert claims["ver"] == "2.0"
    assert claims["preferred_username"] == "camille.moreau@etu.lumiere.example"
    assert claims["nonce"] == hashlib.sha256(flow["nonce"].encode()).hexdigest()
    assert claims["sid"]
    assert claims["uti"]
    assert "wids" not in claims


def test_the_subject_is_pairwise_and_steady(demo, session):
    app = client.msal_app(demo, LUMIERE, session)
    first = client.signed_in(demo, app, STUDENT)["id_token_claims"]
    again = client.signed_in(demo, app, STUDENT)["id_token_claims"]
    assert first["sub"] == again["sub"] != first["oid"]
    assert first["sid"] != again["sid"]


def test_an_administrator_carries_the_role(demo, session):
    admin = client.signed_in(demo, client.msal_app(demo, LUMIERE, session), "eeeeeeee-1111-4000-8000-000000000001")
    assert admin["id_token_claims"]["wids"] == ["62e90394-69f5-4237-9190-012177145e10"]


def test_a_code_works_once(demo):
    code = client.code_answer(demo, STUDENT).params["code"]
    assert client.token_request(demo, code=code).status_code == 200
    again = client.token_request(demo, code=code)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"
    assert again.json()["error_codes"] == [54005]
    assert "Trace ID" in again.json()["error_description"]


def test_the_code_is_bound_to_verifier_redirect_tenant_and_secret(demo):
    challenge = {"code_challenge": "wrong", "code_challenge_method": "S256"}
    code = client.code_answer(demo, STUDENT, **challenge).params["code"]
    assert client.token_request(demo, code=code, code_verifier="other").json()["error_codes"] == [501481]
    assert client.token_request(demo, code=code, redirect_uri="http://localhost/x").json()["error_codes"] == [50011]
    assert client.token_request(demo, code=code, tid=CURIE).json()["error_codes"] == [70000]
    refused = client.token_request(demo, code=code, client_secret="guess")
    assert (refused.status_code, refused.json()["error_codes"]) == (401, [7000215])


def test_a_refresh_token_gives_a_new_id_token_until_the_person_is_disabled(demo):
    code = client.code_answer(demo, STUDENT).params["code"]
    refresh = client.token_request(demo, code=code).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    assert client.token_request(demo, **form).json()["id_token"]
    demo.change_person(LUMIERE, STUDENT, accountEnabled=False)
    assert client.token_request(demo, **form).json()["error_codes"] == [50057]


def test_a_foreign_return_address_is_refused_on_the_page(demo):
    query = client.authorize_query(demo, redirect_uri="https://evil.com/steal")
    page = httpx.get(
        f"{demo.microsoft_url}/{LUMIERE}/oauth2/v2.0/authorize", params=query, trust_env=False, verify=False
    )
    assert page.status_code == 400
    assert "AADSTS50011" in page.text


def test_an_app_with_registered_return_addresses_takes_no_other(demo):
    registered = {"client_id": "app-two", "secret": "s", "redirect_uris": ["http://localhost/registered"]}
    demo.control("POST", "/clients", registered)
    with pytest.raises(AssertionError, match="50011"):
        client.code_answer(demo, STUDENT, client_id="app-two")
    answer = client.code_answer(demo, STUDENT, client_id="app-two", redirect_uri="http://localhost/registered")
    form = {"client_id": "app-two", "client_secret": "s", "redirect_uri": "http://localhost/registered"}
    stolen = client.token_request(demo, code=answer.params["code"], redirect_uri="http://localhost/registered")
    assert stolen.json()["error_codes"] == [70000]  # a code belongs to the app that asked for it
    assert client.token_request(demo, code=answer.params["code"], **form).status_code == 200


def test_a_person_of_another_organisation_cannot_use_this_ones_page(demo):
    query = client.authorize_query(demo)
    answer = httpx.post(
        f"{demo.microsoft_url}/{CURIE}/oauth2/v2.0/authorize",
        params=query,
        data={"person": STUDENT},
        trust_env=False,
        verify=False,
    )
    assert answer.status_code == 400
    assert "AADSTS50020" in answer.text


def test_somebody_who_gives_up_comes_back_with_an_error(demo):
    answer = client.code_answer(demo, None)
    assert answer.params["error"] == "access_denied"
    assert answer.params["state"] == "the-state"


def test_prompt_none_without_a_session_is_login_required(demo):
    assert client.code_answer(demo, STUDENT, prompt="none").params["error"] == "login_required"


def test_the_picker_shows_the_people_and_finds_by_name(demo):
    query = client.authorize_query(demo, login_hint="camille.moreau@etu.lumiere.example", search="haddad")
    page = httpx.get(
        f"{demo.microsoft_url}/organizations/oauth2/v2.0/authorize", params=query, trust_env=False, verify=False
    )
    assert page.status_code == 200
    assert "Inès Haddad" in page.text


def test_form_post_is_a_page_that_sends_itself(demo):
    query = client.authorize_query(demo, response_mode="form_post")
    page = httpx.post(
        f"{demo.microsoft_url}/{LUMIERE}/oauth2/v2.0/authorize",
        params=query,
        data={"person": STUDENT},
        trust_env=False,
        verify=False,
    )
    assert f'action="{client.REDIRECT}"' in page.text
    assert 'name="code"' in page.text


def test_an_unlinked_organisation_gives_no_app_token_until_an_admin_accepts(demo, session):
    admin, student = "eeeeeeee-3333-4000-8000-000000000001", "eeeeeeee-3333-4000-8000-000000000002"
    address = f"{demo.microsoft_url}/organizations/v2.0/adminconsent?" + str(
        httpx.QueryParams(client_id=demo.client_id, scope=client.GRAPH_SCOPE, redirect_uri=client.REDIRECT, state="s")
    )
    before = client.msal_app(demo, AMPERE, session, http_cache={}).acquire_token_for_client([client.GRAPH_SCOPE])
    assert before["error"] == "unauthorized_client"
    assert 700016 in before["error_codes"]
    with pytest.raises(AssertionError, match="90094"):
        demo.admin_consent(address, student)
    refused = demo.admin_consent(address, admin, accept=False)
    assert refused.params["error"] == "consent_required"
    accepted = demo.admin_consent(address, admin)
    assert accepted.params == {"admin_consent": "True", "tenant": AMPERE, "scope": client.GRAPH_SCOPE, "state": "s"}
    after = client.msal_app(demo, AMPERE, session, http_cache={}).acquire_token_for_client([client.GRAPH_SCOPE])
    assert after["token_type"] == "Bearer"


def test_logout_goes_back_only_to_a_known_address(demo):
    base = f"{demo.microsoft_url}/{LUMIERE}/oauth2/v2.0/logout"
    back = httpx.get(
        base,
        params={"post_logout_redirect_uri": "http://lumiere.campanile.localhost:8000/"},
        trust_env=False,
        verify=False,
    )
    assert back.status_code == 302
    stay = httpx.get(base, params={"post_logout_redirect_uri": "https://evil.com/"}, trust_env=False, verify=False)
    assert stay.status_code == 200


def test_the_key_can_change_and_both_are_published(demo):
    code = client.code_answer(demo, STUDENT).params["code"]
    old = client.token_request(demo, code=code).json()["id_token"]
    demo.rotate_keys()
    code = client.code_answer(demo, STUDENT).params["code"]
    new = client.token_request(demo, code=code).json()["id_token"]
    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    assert checked(demo, old)["oid"] == checked(demo, new)["oid"]


def test_the_providers_clock_can_be_off(demo):
    demo.clock(skew_seconds=-7200)
    code = client.code_answer(demo, STUDENT).params["code"]
    token = client.token_request(demo, code=code).json()["id_token"]
    with pytest.raises(jwt.ExpiredSignatureError):
        checked(demo, token)


def test_the_persons_own_token_shows_the_person(demo):
    code = client.code_answer(demo, STUDENT).params["code"]
    tokens = client.token_request(demo, code=code).json()
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    me = httpx.get(f"{demo.graph_url}/me", headers=headers, trust_env=False, verify=False).json()
    info = httpx.get(f"{demo.url}/graph/oidc/userinfo", headers=headers, trust_env=False, verify=False).json()
    assert me["id"] == STUDENT
    assert (info["sub"], info["name"]) == (checked(demo, tokens["id_token"])["sub"], "Camille Moreau")
    assert "oid" not in info


def test_errors_of_the_provider_on_demand(demo, session):
    demo.fault("aadsts", operation="token.app", code=65001)
    answer = client.token_request(demo, grant_type="client_credentials", scope=client.GRAPH_SCOPE)
    assert answer.status_code == 400
    assert answer.json()["suberror"] == "consent_required"
    demo.fault("too_many_requests", operation="token", retry_after=7)
    answer = client.token_request(demo, grant_type="client_credentials", scope=client.GRAPH_SCOPE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    demo.fault("server_error", operation="token")
    assert client.token_request(demo, grant_type="client_credentials", scope=client.GRAPH_SCOPE).status_code == 500
    demo.fault("aadsts", operation="authorize", code=65004)
    assert client.code_answer(demo, STUDENT).params["error"] == "access_denied"
    assert client.app_token(demo)
