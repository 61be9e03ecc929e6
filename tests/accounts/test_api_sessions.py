"""Programs: tokens for a password, rotation, revocation, credentials of machines; nothing works at another school."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Grant, ServiceCredential, Session, User
from apps.accounts.selectors import actor_for
from apps.accounts.services import custom_roles, lifecycle, service_credentials
from apps.accounts.services.roles import NotYours
from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Role
from apps.core.errors import Forbidden, Invalid, StepUpRequired
from apps.tenants.context import activated
from tests.accounts.conftest import in_english
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, auditor, owner, person

SYSTEM = Actor.system("tests")


@pytest.fixture
def api(lumiere):
    return client_for(lumiere, enforce_csrf_checks=True)


def send(client, path, body, **headers):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def bearer(token):
    return {"authorization": f"Bearer {token}"}


def tokens_of(client, user):
    answer = send(client, "auth/token", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    return answer.json()


def me(client, token):
    return client.get("/api/v1/users/me", headers=bearer(token))


@pytest.mark.parametrize("path", ["auth/token", "users/login"])
def test_a_password_opens_a_session(api, path):
    user = person()
    found = send(api, path, {"email": user.email, "password": PASSWORD}).json()
    assert found["token_type"] == "Bearer" and found["expires_in"] == settings.ACCESS_TOKEN_SECONDS
    assert me(api, found["access_token"]).json()["email"] == user.email
    session = Session.objects.get(kind="api")
    assert session.user == user and found["access_token"] not in repr(Session.objects.values())
    assert AuditEvent.objects.get(act="session.api_started").surface == "api"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "x@y.example", "password": "wrong"}, 422),
        ({"email": "x@y.example"}, 422),
        ({"email": ["x"], "password": {}}, 422),
        ([], 422),
        ("text", 422),
        ({"email": "x" * 300, "password": "y"}, 422),
    ],
)
def test_what_is_wrong_is_a_problem_with_fields(api, body, status):
    answer = send(api, "auth/token", body)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_what_is_no_json_is_refused(api):
    for body, kind in ((b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"a=1", "text/plain")):
        answer = api.post("/api/v1/auth/token", body, content_type=kind)
        assert answer.status_code in (400, 415), answer.content
        assert answer["Content-Type"] == "application/problem+json"


def test_tokens_are_renewed_and_a_used_one_ends_the_session_later(api):
    user = person()
    first = tokens_of(api, user)
    Session.objects.update(rotated_at=timezone.now() - timedelta(minutes=5))
    second = send(api, "auth/token/refresh", {"refresh_token": first["refresh_token"]}).json()
    assert second["refresh_token"] != first["refresh_token"]
    again = send(api, "auth/token/refresh", {"refresh_token": first["refresh_token"]}).json()
    assert again["refresh_token"] == second["refresh_token"], "a lost answer costs nothing within the overlap"
    Session.objects.update(rotated_at=timezone.now() - timedelta(minutes=5))
    reused = send(api, "auth/token/refresh", {"refresh_token": first["refresh_token"]})
    assert reused.status_code == 401 and reused.json()["code"] == "session-over"
    assert me(api, second["access_token"]).status_code == 401
    assert send(api, "auth/token/refresh", {"refresh_token": second["refresh_token"]}).status_code == 401
    assert AuditEvent.objects.filter(act="session.key_reused", target_id=str(user.pk)).exists()


@pytest.mark.parametrize("seconds", [1, 300])
def test_a_token_of_a_server_whose_clock_is_ahead_is_good_here(api, seconds):
    user = person()
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        found = tokens_of(api, user)
    assert me(api, found["access_token"]).json()["email"] == user.email
    assert send(api, "auth/token/refresh", {"refresh_token": found["refresh_token"]}).status_code == 200


def test_an_access_token_that_is_over_is_over(api):
    found = tokens_of(api, person())
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS + 1)):
        assert me(api, found["access_token"]).status_code == 401


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_ends_it_and_tells_nothing(api, which):
    found = tokens_of(api, person())
    for token in (found[which], found[which], "nonsense", "x" * 1999):
        assert send(api, "auth/token/revoke", {"token": token}).status_code == 204
    assert me(api, found["access_token"]).status_code == 401


def test_who_leaves_is_refused_at_once(api):
    user = person()
    found = tokens_of(api, user)
    lifecycle.suspend_users(SYSTEM, [user.pk], "test")
    assert me(api, found["access_token"]).status_code == 401
    assert send(api, "auth/token/refresh", {"refresh_token": found["refresh_token"]}).status_code == 401


def test_tokens_of_a_browser_and_of_a_program_are_not_exchanged(api, client):
    user = person()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    cookies = {name: client.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, settings.ACCESS_COOKIE_NAME)}
    for value in cookies.values():
        assert me(api, value).status_code == 401
    assert send(api, "auth/token/refresh", {"refresh_token": cookies["__Host-refresh"]}).status_code == 401
    found = tokens_of(api, user)
    api.cookies[settings.ACCESS_COOKIE_NAME] = found["access_token"]
    api.cookies[settings.SESSION_COOKIE_NAME] = found["refresh_token"]
    assert api.get("/account/").status_code == 302


def test_a_bearer_token_opens_no_page(api):
    found = tokens_of(api, owner())
    assert api.get("/people/", headers=bearer(found["access_token"])).status_code == 302


def test_a_cookie_works_with_the_token_of_its_pages(lumiere):
    browser = client_for(lumiere, enforce_csrf_checks=True)
    user = person()
    browser.force_login(user)
    assert browser.get("/api/v1/users/me").json()["email"] == user.email
    assert send(browser, "auth/token/revoke", {"token": "x"}).status_code == 204  # no cookie is looked at
    forged = send(browser, "auth/token", {"email": user.email, "password": PASSWORD})
    assert forged.status_code == 403
    token = browser.cookies["__Host-csrf"].value
    sent = {"email": user.email, "password": PASSWORD}
    assert send(browser, "auth/token", sent, **{"x-csrftoken": token}).status_code == 200
    neighbour = {"x-csrftoken": token, "origin": "http://curie.campanile.localhost"}
    assert send(browser, "auth/token", sent, **neighbour).status_code == 403


# --- machines ----------------------------------------------------------------------------------------------


def credential(actor=SYSTEM, *, permissions=("people.view",), days=10):
    now = timezone.now()
    return service_credentials.create_credential(
        actor=actor, name="timetable", permissions=permissions, expires_at=now + timedelta(days=days), now=now
    )


def test_a_machine_may_what_its_credential_says(api):
    person("alice@lumiere.example")
    made = credential()
    people = api.get("/api/v1/users", {"q": "alice"}, headers=bearer(made.secret))
    assert [row["email"] for row in people.json()["results"]] == ["alice@lumiere.example"]
    said = me(api, made.secret).json()
    assert (said["kind"], said["name"], said["permissions"]) == ("machine", "timetable", ["people.view"])
    assert (said["id"], said["email"]) == (None, "")
    other = credential(permissions=["audit.view"])
    assert api.get("/api/v1/users", headers=bearer(other.secret)).status_code == 403
    row = ServiceCredential.objects.get(pk=made.credential.pk)
    assert row.last_used_at and row.last_used_from == "127.0.0.1" and made.secret not in repr(row.__dict__)


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_revoked_and_expired_ones_open_nothing(api, change):
    made = credential()
    ServiceCredential.objects.update(**change)
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 401


@pytest.mark.parametrize("header", ["Bearer ", "Bearer nonsense", "Basic eDp5", "Bearer cmp_" + "x" * 43, "bearer é"])
def test_other_headers_are_refused_even_beside_a_good_cookie(lumiere, header):
    browser = client_for(lumiere)
    browser.force_login(owner())
    assert browser.get("/api/v1/users").status_code == 200
    answer = browser.get("/api/v1/users", headers={"authorization": header})
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_nobody_makes_a_credential_with_what_they_lack(lumiere):
    role = custom_roles.create_custom_role(
        actor=SYSTEM, name="Keys", permissions=["credentials.manage"], scope_kind="school", now=timezone.now()
    )
    keeper = person()
    Grant.objects.create(user=keeper, role=Role.CUSTOM, custom_role=role)
    with pytest.raises(NotYours):
        credential(acting(keeper))
    assert not ServiceCredential.objects.exists()


def test_a_credential_does_not_keep_what_its_maker_lost(api, lumiere):
    """By a role that was taken back, an account that was closed or erased; somebody else takes it over."""
    boss, maker = owner(), admin()
    made = credential(acting(maker), permissions=["people.view", "roles.view"])
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 200
    Grant.objects.filter(user=maker).delete()
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 403
    Grant.objects.create(user=maker, role="admin", scope_kind="school")
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 200
    lifecycle.suspend_users(acting(boss), [maker.pk], "left")
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 403

    lesser = person()
    custom = custom_roles.create_custom_role(
        actor=SYSTEM, name="Keys", permissions=["credentials.manage"], scope_kind="school", now=timezone.now()
    )
    Grant.objects.create(user=lesser, role="custom", custom_role=custom, scope_kind="school")
    adopting = {"credential_id": made.credential.pk, "now": timezone.now()}
    with pytest.raises(Forbidden):
        service_credentials.adopt_credential(actor=acting(lesser), **adopting)
    for _twice in range(2):
        service_credentials.adopt_credential(actor=acting(boss), **adopting)
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 200
    assert AuditEvent.objects.filter(act="credential.adopted").count() == 1
    ServiceCredential.objects.update(created_by_id=None, created_by="")  # as erasure does
    assert api.get("/api/v1/users", headers=bearer(made.secret)).status_code == 403


def test_the_page_says_what_does_not_count_and_takes_over(lumiere):
    maker, client = admin(), in_english(client_for(lumiere))
    made = credential(acting(maker), permissions=["people.view"])
    lifecycle.suspend_users(acting(owner()), [maker.pk], "left")
    client.force_login(admin())
    page = client.get("/settings/programs/").content.decode()
    assert f"because {maker.name} may not do it any more" in page and "Take over" in page
    assert client.post(f"/settings/programs/{made.credential.pk}/take-over/").status_code == 302
    page = client.get("/settings/programs/").content.decode()
    assert "may not do it any more" not in page and "Take over" not in page


def test_limits_of_credentials(lumiere):
    boss = acting(admin())
    with pytest.raises(Invalid):
        credential(boss, days=400)
    with pytest.raises(Invalid):
        credential(boss, permissions=["roles.grant"])
    with pytest.raises(Invalid):
        credential(boss, permissions=[])
    assert credential(boss).credential.created_by


def test_pages_of_credentials(client):
    client.cookies["__Host-language"] = "en"
    client.force_login(admin())
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    wrong = client.post("/settings/programs/new/", {"name": "", "permissions": ["people.view"], "expires_on": day})
    assert wrong.status_code == 422
    made = client.post("/settings/programs/new/", {"name": "t", "permissions": ["people.view"], "expires_on": day})
    secret = made.context["made"].secret
    assert secret in made.content.decode()
    row = ServiceCredential.objects.get()
    page = client.get("/settings/programs/").content.decode()
    assert secret not in page and row.hint in page
    client.post(f"/settings/programs/{row.pk}/revoke/")
    row.refresh_from_db()
    assert row.revoked_at
    assert "Revoked" in client.get("/settings/programs/").content.decode()


def test_making_one_asks_for_a_proof(client):
    client.force_login(admin())
    Session.objects.update(proven_at=None)
    answer = client.get("/settings/programs/new/")
    assert answer.status_code == 302 and answer["Location"].startswith("/account/confirm/")
    user, now = admin(), timezone.now()
    session = Session.objects.create(user=user, last_seen_at=now, expires_at=now + timedelta(hours=1))
    with pytest.raises(StepUpRequired):
        credential(actor_for(user, session=session))


def test_an_auditor_cannot(client):
    client.force_login(auditor())
    assert client.get("/settings/programs/").status_code == 403


# --- schools -----------------------------------------------------------------------------------------------


def test_nothing_works_at_another_school(api, curie):
    user = person()
    found, made = tokens_of(api, user), credential()
    with activated(curie):
        User.objects.create(pk=user.pk, email=user.email, status="active", password=user.password)
    other = client_for(curie)
    for token in (found["access_token"], found["refresh_token"], made.secret):
        assert me(other, token).status_code == 401
    assert send(other, "auth/token/refresh", {"refresh_token": found["refresh_token"]}).status_code == 401
    send(other, "auth/token/revoke", {"token": found["refresh_token"]})
    assert me(api, found["access_token"]).status_code == 200, "a control: it is good where it is from"


# --- other sites -------------------------------------------------------------------------------------------


def test_other_sites_only_by_a_configured_pattern(lumiere, settings):
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://[a-z]+\.partner\.example$"]
    good, bad = "https://app.partner.example", "https://app.partner.example.evil.example"
    client = client_for(lumiere)
    ask = {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    allowed = client.options("/api/v1/users", headers={"origin": good, **ask})
    assert allowed["Access-Control-Allow-Origin"] == good
    assert "Access-Control-Allow-Credentials" not in allowed
    for path, origin in (("/api/v1/users", bad), ("/api/v1/users", "null"), ("/people/", good)):
        assert "Access-Control-Allow-Origin" not in client.options(path, headers={"origin": origin, **ask})


def test_roles_are_said(api):
    found = me(api, tokens_of(api, admin())["access_token"]).json()
    assert [entry["role"] for entry in found["roles"]] == [Role.ADMIN]
