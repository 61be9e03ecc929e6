"""The host name chooses the school, and nothing else does. Schools that are not open answer before any query."""

from base64 import b64encode

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.tenants import hosts
from apps.tenants.context import platform
from apps.tenants.models import School
from apps.tenants.services import lifecycle
from tests.conftest import HostClient, client_for
from tests.tenants.conftest import COMMAND, fresh


def get(host, path="/sign-in/", **headers):
    return HostClient(host).get(path, **headers)


def name_shown(answer):
    return "École Lumière" in answer.content.decode()


def put(school, **values):
    with platform():
        School.objects.filter(pk=school.pk).update(**values)
    hosts.forget(school)


# --- which school -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "lumiere.campanile.localhost",
        "LUMIERE.campanile.localhost",
        "Lumiere.Campanile.Localhost.",
        "lumiere.campanile.localhost:8000",
        "LUMIERE.CAMPANILE.LOCALHOST.:443",
        "lumiere.campanile.localhost:",
    ],
)
def test_a_host_is_compared_without_case_dot_and_port(lumiere, host):
    assert hosts.normal_host(host) == "lumiere.campanile.localhost"
    assert name_shown(get(host.rstrip(":")))


@pytest.mark.parametrize(
    "host",
    [
        "nobody.campanile.localhost",
        "campanile.localhost.evil.example",
        "x.lumiere.campanile.localhost",
        "lumiere.campanile.localhost.evil.example",
        "lumiere.campanile.localhost@evil.example",
        "root:secret@lumiere.campanile.localhost",
        "lumiere.campanile.localhost:80:80",
        "lumiere.campanile.localhost:https",
        "lumiere.campanile.localhost/x",
        "lumiere.campanile.localhost\x00",
        "lumiere.campanile.localhost curie.campanile.localhost",
        "lumière.campanile.localhost",
        "127.0.0.1",
        "[::1]:8000",
        "..",
        "-",
        "",
        "a" * 300,
    ],
)
def test_any_other_host_is_a_plain_404(lumiere, host):
    answer = get(host)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain"
    assert not name_shown(answer)


FORGED = [
    {"HTTP_X_FORWARDED_HOST": "curie.campanile.localhost"},
    {"HTTP_FORWARDED": "host=curie.campanile.localhost"},
    {"HTTP_X_TENANT": "s_curie"},
    {"HTTP_X_TENANT_ID": "curie"},
    {"HTTP_X_SCHOOL": "curie"},
    {"HTTP_X_HOST": "curie.campanile.localhost"},
    {"HTTP_X_ORIGINAL_URL": "http://curie.campanile.localhost/"},
    {"HTTP_X_REWRITE_URL": "http://curie.campanile.localhost/"},
    {"HTTP_X_DTS_SCHEMA": "s_curie"},
    {"HTTP_REFERER": "http://curie.campanile.localhost/"},
    {"HTTP_COOKIE": "school=curie; schema=s_curie; tenant=curie"},
]
PARAMETERS = ["?schema=s_curie", "?school=curie", "?tenant=curie", "?host=curie.campanile.localhost"]


@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: next(iter(headers)))
def test_a_forged_header_changes_nothing(lumiere, curie, headers):
    answer = get("lumiere.campanile.localhost", **headers)
    assert answer.status_code == 200
    assert name_shown(answer) and "Institut Curie" not in answer.content.decode()
    assert answer.wsgi_request.tenancy.slug == "lumiere"


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_parameter_changes_nothing(lumiere, curie, parameter):
    answer = get("lumiere.campanile.localhost", f"/sign-in/{parameter}")
    assert answer.wsgi_request.tenancy.slug == "lumiere"
    assert "Institut Curie" not in answer.content.decode()


@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: next(iter(headers)))
def test_a_forged_header_opens_no_unknown_host(curie, headers):
    assert get("nobody.campanile.localhost", **headers).status_code == 404


def test_the_platform_has_no_school_and_schools_have_no_platform(lumiere, settings):
    assert get(settings.PLATFORM_DOMAIN, "/").wsgi_request.school is None
    assert get("lumiere.campanile.localhost", "/admin/").status_code == 404


# --- may it answer ----------------------------------------------------------------------------------------


def own_queries(captured, school):
    return [query["sql"] for query in captured if f"school_{school.schema_name}" in query["sql"]]


@pytest.mark.parametrize(
    ("values", "status", "says"),
    [
        ({"ready": False}, 503, "Almost there"),
        ({"status": "suspended", "status_before": "active"}, 403, "suspended"),
        ({"status": "cancelled"}, 403, "has left"),
    ],
)
def test_a_closed_school_says_so_without_a_query_of_its_own(new_school, values, status, says):
    school = new_school()
    put(school, locale="en", **values)
    client = client_for(school)
    for path in ("/", "/sign-in/", "/people/", "/api/v1/", "/nowhere/"):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        assert answer.status_code == status, path
        assert own_queries(captured, school) == []
    assert says in answer.content.decode()
    assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.parametrize("path", ["/api/v1/auth/token", "/api/v1/nowhere", "/scim/v2/Users"])
@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"ready": False}, 503, "school-not-ready"),
        ({"status": "suspended", "status_before": "active"}, 403, "school-suspended"),
        ({"status": "cancelled"}, 403, "school-cancelled"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_is_told_in_problem_details(new_school, path, values, status, code, method):
    school = new_school()
    put(school, locale="en", **values)
    answer = getattr(client_for(school), method)(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["code"], told["status"]) == (code, status) and told["title"]
    assert told["request_id"] == answer["X-Request-ID"]


def test_an_open_school_does_query_its_own_tables(new_school):
    """The control: the count above would find them."""
    school = new_school()
    client = client_for(school)
    client.cookies["__Host-refresh"] = b64encode(bytes(52)).decode()  # looks like a token: its session is looked up
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/sign-in/").status_code == 200
    assert own_queries(captured, school)


def test_a_purged_school_was_never_there(new_school):
    school = new_school()
    put(school, status="purged")
    assert client_for(school).get("/").status_code == 404


@pytest.mark.parametrize("status", School.OPEN)
def test_open_statuses_answer(new_school, status):
    school = new_school()
    put(school, status=status)
    assert client_for(school).get("/sign-in/").status_code == 200


def test_suspending_takes_effect_at_the_next_request(new_school):
    """The host's school is remembered for a while; the act makes it forget."""
    school = new_school()
    client = client_for(school)
    assert client.get("/sign-in/").status_code == 200
    assert caches["platform"].get(f"opens:{hosts.host_of(school.slug)}") is not None
    lifecycle.suspend(actor=COMMAND, school_id=school.pk, reason="unpaid", now=timezone.now())
    assert client.get("/sign-in/").status_code == 403
    lifecycle.resume(actor=COMMAND, school_id=school.pk, reason="paid", now=timezone.now())
    assert client.get("/sign-in/").status_code == 200


def test_a_remembered_host_costs_no_query(new_school):
    school = new_school()
    client = client_for(school)
    client.get("/sign-in/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/sign-in/")
    assert [query for query in captured if "tenants_host" in query["sql"]] == []


def test_addresses_of_a_school(lumiere, settings):
    settings.PLATFORM_SCHEME, settings.PLATFORM_PORT = "https", ""
    assert hosts.school_url(fresh(lumiere), "/x") == "https://lumiere.campanile.localhost/x"
    assert hosts.platform_url("/x") == "https://campanile.localhost/x"
