"""What every operation has in common: one form of errors, versions, request ids, what is left of the rate."""

import json
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.http import HttpResponse
from django.urls import include
from django.urls import path as route

from apps.core.api import openapi
from apps.core.api.doors import ApiView
from apps.core.ratelimit import BUCKETS
from apps.tenants.context import activated
from tests.api.conftest import machine, program
from tests.api.described import BASE, Program
from tests.conftest import client_for
from tests.people import PASSWORD, admin, person

PROBLEM = "application/problem+json"


def is_problem(answer, status, code=None):
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content[:300]
    body = answer.json()
    assert body["status"] == status and body["title"] and body["type"] == f"urn:campanile:{body['code']}"
    assert body["request_id"] == answer["X-Request-ID"]
    assert code is None or body["code"] == code
    return body


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/users", "/api/v1/users/", "/api/v1/a%0Ab"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete", "put"])
def test_an_unknown_address_is_a_problem(client, platform_client, path, method):
    for one in (client, platform_client):
        is_problem(getattr(one, method)(path), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("put", "users/me", {}, 405, "method-not-allowed"),
        ("options", "users/me", {}, 405, "method-not-allowed"),
        ("get", "auth/token", {}, 405, "method-not-allowed"),
        ("get", "users/me", {"headers": {"accept": "text/html"}}, 406, "not-acceptable"),
        ("post", "auth/token", {"data": "{", "content_type": "application/json"}, 400, "bad-request"),
        ("post", "auth/token", {"data": "NaN", "content_type": "application/json"}, 400, "bad-request"),
        ("post", "auth/token", {"data": "[" * 90_000, "content_type": "application/json"}, 400, "bad-request"),
        ("post", "auth/token", {"data": "a=1", "content_type": "text/plain"}, 415, "unsupported-media-type"),
        ("post", "auth/token", {"data": "{}", "content_type": "application/json; charset=utf-7"}, 415, None),
        ("post", "auth/token", {"data": "{}" + " " * 1_100_000, "content_type": "application/json"}, 413, "too-large"),
        ("post", "auth/token", {"data": '{"email": "a\\u0000", "password": "x"}', "content_type": "application/json"},
         422, "invalid"),
        ("post", "auth/token", {"data": "null", "content_type": "application/json"}, 422, "invalid"),
        ("post", "auth/token", {"data": "", "content_type": "application/json"}, 422, "invalid"),
        ("get", "users", {}, 401, "not-signed-in"),
    ],
)  # fmt: skip
def test_every_refusal_has_one_form(client, method, path, options, status, code):
    is_problem(getattr(client, method)(f"{BASE}{path}", **options), status, code)


def test_an_allowed_method_is_told(client):
    assert set(client.put(f"{BASE}users/me")["Allow"].split(", ")) >= {"GET", "PATCH"}


def test_our_own_fault_is_a_problem_too(lumiere, monkeypatch):
    from apps.accounts.api import calls

    monkeypatch.setattr(calls, "me", lambda call: 1 / 0)
    browser = client_for(lumiere, raise_request_exception=False)
    browser.force_login(person())
    body = is_problem(browser.get(f"{BASE}users/me"), 500, "our-fault")
    assert "ZeroDivision" not in json.dumps(body)


def test_a_request_that_django_refuses_is_a_problem(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    many = "&".join(f"f{number}=1" for number in range(20))
    is_problem(client.get(f"{BASE}users/me?{many}"), 400, "bad-request")


def test_the_id_of_the_caller_is_kept(visitor):
    assert visitor.get_("users/me", x_request_id="from-the-client-1")["X-Request-ID"] == "from-the-client-1"


# --- versions ----------------------------------------------------------------------------------------------


def test_a_change_says_what_it_is_based_on(desk):
    path = f"users/{person().pk}"
    is_problem(desk.call("PATCH", path, {"given_name": "A"}), 428, "version-wanted")
    seen = desk.get_(path)["ETag"]
    assert desk.change(path, {"given_name": "A"}, seen).status_code == 200
    is_problem(desk.change(path, {"given_name": "B"}, seen), 412, "changed-meanwhile")
    is_problem(desk.change(path, {"given_name": "B"}, f"W/{desk.get_(path)['ETag']}"), 412)
    assert desk.change(path, {"given_name": "B"}, f'"other", {desk.get_(path)["ETag"]}').status_code == 200
    assert desk.change(path, {"given_name": "C"}, "*").status_code == 200
    is_problem(desk.delete_(path, if_match=seen), 412)
    assert desk.delete_(path).status_code == 204, "a DELETE may leave it out"


def test_what_is_known_is_not_sent_again(desk):
    path = f"users/{person().pk}"
    seen = desk.get_(path)
    same = desk.get_(path, if_none_match=seen["ETag"])
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", seen["ETag"])
    assert desk.get_(path, if_none_match='"other"').status_code == 200


def test_two_programs_with_one_version_one_wins(lumiere, desk):
    path = f"users/{person().pk}"
    seen = desk.get_(path)["ETag"]
    other = program(lumiere, admin())
    answers = [one.change(path, {"job_title": name}, seen).status_code for one, name in ((desk, "A"), (other, "B"))]
    assert answers == [200, 412] and desk.get_(path).json()["job_title"] == "A"


def test_many_at_once_with_one_version_one_wins(new_school):
    """In eight connections: the version is compared under the lock of the row."""
    school = new_school()
    with activated(school):
        desk, path = program(school, admin()), f"users/{person().pk}"
        seen = desk.get_(path)["ETag"]

    def change(number):
        try:
            one = program(school)
            one.token = desk.token
            return one.change(path, {"job_title": f"title {number}"}, seen).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(change, range(8)))
    assert sorted(statuses) == [200] + [412] * 7


# --- who may -----------------------------------------------------------------------------------------------


def test_a_view_that_declares_nothing_answers_nobody(boss, settings, lumiere):
    """Deny by default: what a developer forgets is closed, also for the owner of the school."""
    urls = types.ModuleType("urls_of_a_forgetful_developer")
    urls.urlpatterns = [route("api/v1/forgotten", Forgotten.as_view()), route("", include(settings.ROOT_URLCONF))]
    settings.ROOT_URLCONF = urls
    answer = boss.get("/api/v1/forgotten", headers={"authorization": f"Bearer {boss.token}"})
    assert answer.status_code == 403 and b"opened" not in answer.content


class Forgotten(ApiView):
    def get(self, request):
        return HttpResponse("opened")


def test_each_method_has_its_own_permission(lumiere):
    reader = machine(lumiere, "people.view")
    assert reader.get_("users").status_code == 200
    is_problem(reader.send("users", {"email": "x@lumiere.example"}), 403, "forbidden")
    is_problem(reader.send("users", {}), 403)  # before what was sent is looked at
    inviter = machine(lumiere, "people.invite")
    is_problem(inviter.get_("users"), 403)


def test_a_dangerous_operation_wants_a_fresh_proof(lumiere, boss):
    from apps.accounts.models import Session

    Session.objects.update(proven_at=None)
    path = f"users/{person().pk}/roles"
    is_problem(boss.send(path, {"role": "auditor"}), 403, "step-up-required")
    is_problem(boss.send("auth/confirm", {"password": "wrong"}), 422)
    boss.token = boss.send("auth/confirm", {"password": PASSWORD}).json()["access_token"]
    assert boss.send(path, {"role": "auditor"}).status_code == 201


def test_a_machine_and_a_visitor_have_nothing_to_confirm(lumiere, visitor):
    is_problem(visitor.send("auth/confirm", {"password": PASSWORD}), 401)
    is_problem(machine(lumiere, "people.view").send("auth/confirm", {"password": PASSWORD}), 404)


# --- what is left ------------------------------------------------------------------------------------------


@pytest.fixture
def few(settings):
    settings.REQUEST_RATE, settings.REQUEST_BURST = 0.01, 5
    BUCKETS.forget_absence()


def test_every_answer_says_what_is_left(lumiere, few):
    robot = machine(lumiere, "people.view")
    left = []
    for _ in range(5):
        answer = robot.get_("users")
        left.append(answer["RateLimit"].split(";")[1])
        assert answer["RateLimit-Policy"] == '"requests";q=5;w=500'
    assert left == ["r=4", "r=3", "r=2", "r=1", "r=0"]
    refused = robot.get_("users")
    is_problem(refused, 429, "too-many-requests")
    assert refused["RateLimit"].startswith('"requests";r=0;t=') and int(refused["Retry-After"]) > 90


def test_each_credential_has_its_own(lumiere, few):
    one, other = machine(lumiere, "people.view"), machine(lumiere, "people.view")
    assert [one.get_("users").status_code for _ in range(6)] == [200] * 5 + [429]
    assert other.get_("users").status_code == 200
    visitor = Program(one.host)
    assert visitor.get_("users/me").status_code == 401, "nor does the address pay"


def test_without_a_limit_nothing_is_promised(lumiere, settings):
    settings.REQUEST_RATE = 0
    assert "RateLimit" not in machine(lumiere, "people.view").get_("users")


# --- the description ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [openapi.SCHOOL, openapi.PLATFORM])
def test_the_description_is_served(host, client, platform_client):
    answer = (client if host == openapi.SCHOOL else platform_client).get(f"{BASE}openapi.json")
    assert answer.status_code == 200 and answer.json()["openapi"].startswith("3.1")
    assert answer.json() == openapi.as_json(host)


@pytest.mark.parametrize("host", [openapi.SCHOOL, openapi.PLATFORM])
def test_every_operation_is_described_well(host):
    names = []
    for path, item in openapi.as_json(host)["paths"].items():
        for method, operation in item.items():
            names.append(operation["operationId"])
            assert operation["summary"] and operation["description"] and operation["tags"], path
            if "/webhooks/" not in path:
                assert {"401", "403", "406", "422", "429"} <= set(operation["responses"]), path
            if method == "patch":
                assert {"412", "428"} <= set(operation["responses"]), path
    assert len(names) == len(set(names)) and len(names) > 10
