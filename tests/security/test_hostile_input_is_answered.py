"""Whatever is sent to whichever address: an answer that says what is wrong, never an error page of the server."""

import base64

import pytest
from django.db import transaction

from tests.architecture.routes import PLATFORM, SCHOOL
from tests.conftest import HostClient, client_for
from tests.people import owner
from tests.security.conftest import address

NUL = "a\x00b"
DEEP = base64.urlsafe_b64encode(b"[" * 3000).decode()
SURROGATE = base64.urlsafe_b64encode(b'["\\ud800","\\ud800","018f3b5e-0000-7000-8000-000000000000"]').decode()
HUGE = base64.urlsafe_b64encode(b'["9","9",' + b"9" * 400 + b"]").decode()
DATES = base64.urlsafe_b64encode(b'["0001-01-01T00:00:00","018f3b5e-0000-7000-8000-000000000000"]').decode()
VALUES = [NUL, "9" * 5000, "’; DROP TABLE x; --\u202e\uffff", DEEP, SURROGATE, HUGE, DATES]
NAMES = [
    "act", "after", "all_matching", "before", "campus", "group", "ids", "kind", "language", "next", "page", "passwords",
    "person", "pin", "q", "reason", "role", "sort", "state", "status", "ticket", "email", "password", "again",
    "current", "given_name", "family_name", "scope", "starts_on", "ends_on", "note", "name", "locale", "time_zone",
    "hue", "logo", "domain", "capacity", "code", "address", "default_role", "transitive", "active", "surface", "since",
    "until", "from", "to", "target", "actor", "school", "error", "admin_consent", "tenant", "id_token",
]  # fmt: skip


def send(client, method, *args, **options):
    """One request whose effects are undone: the next one finds the same school."""
    with transaction.atomic():
        try:
            answer = getattr(client, method)(*args, **options)
            if answer.streaming:
                list(answer.streaming_content)
            return answer.status_code
        except Exception as error:
            return repr(error)[:200]
        finally:
            transaction.set_rollback(True)


#: Of a domain that is there these ask the DNS, which no test does: 503, with what to do, is then the right answer.
ASKS_THE_DNS = {"portal:domain_check", "portal_api:own_domain_check"}


def errors(client, routes, ids) -> list[str]:
    client.raise_request_exception = False
    signed_in, found = client.cookies.copy(), []
    for route in routes:
        path = route.path if route.name in ASKS_THE_DNS else address(route, ids)
        for value in VALUES:
            data = dict.fromkeys(NAMES, value)
            for method in ("get", "post"):
                client.cookies = signed_in.copy()  # signing out forgets them
                status = send(client, method, path, data)
                if not isinstance(status, int) or status >= 500:
                    found.append(f"{method} {route} {value[:30]!r}: {status}")
    return found


@pytest.mark.parametrize("route", SCHOOL, ids=str)
def test_no_value_of_a_parameter_or_field_breaks_a_page_of_a_school(lumiere, ids, route):
    client = client_for(lumiere)
    client.force_login(owner())
    found = errors(client, [route], ids)
    assert not found, "\n".join(found)


def test_no_value_breaks_a_page_of_the_platform(lumiere, settings):
    found = errors(HostClient(settings.PLATFORM_DOMAIN), PLATFORM, {})
    assert not found, "\n".join(found)


HEADERS = [
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://["},
    {"HTTP_REFERER": "http://["},
    {"HTTP_ORIGIN": "http://["},
    {"HTTP_ACCEPT_LANGUAGE": "fr-" * 2000},
    {"HTTP_ACCEPT_LANGUAGE": "\x00,*;q=x"},
    {"HTTP_USER_AGENT": "\x00" + "é" * 500},
    {"HTTP_COOKIE": "__Host-refresh=\x00; __Host-flow=\xff; __Host-language=../x; __Host-csrf=" + "a" * 9000},
    {"HTTP_X_REQUEST_ID": "a\r\nb: c"},
    {"HTTP_X_FORWARDED_FOR": "a"},
    {"CONTENT_TYPE": "multipart/form-data; boundary="},
]
BODY = b"--x\r\nContent-Disposition: form-data; name=email\r\n\r\n\\ud800@x.fr\r\n--x--\r\n"


@pytest.mark.parametrize("host", ["school", "platform"])
@pytest.mark.parametrize("path", ["/", "/people/", "/sign-in/", "/theme.css", "/sso/callback?state=%00.a", "/%ff"])
def test_no_header_breaks_an_answer(lumiere, settings, host, path):
    client = client_for(lumiere) if host == "school" else HostClient(settings.PLATFORM_DOMAIN)
    client.raise_request_exception = False
    found = []
    for headers in HEADERS:
        for method in ("GET", "POST"):
            options = {"content_type": "text/plain", **headers}
            status = send(client, "generic", method, path, BODY, options.pop("content_type"), **options)
            if not isinstance(status, int) or status >= 500:
                found.append(f"{method} {path} {headers}: {status}"[:300])
    assert not found, "\n".join(found)


def test_control_a_page_that_breaks_is_noticed(lumiere, monkeypatch):
    from apps.portal import people

    def breaks(**_):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(people, "people_page", breaks)
    client = client_for(lumiere)
    client.force_login(owner())
    assert errors(client, [route for route in SCHOOL if route.name == "portal:people"], {})
