"""Pages, refusals, redirects, files, downloads, health, unknown hosts: the same headers on all of them (SEC-1)."""

import pytest

from tests.conftest import HostClient, client_for
from tests.people import owner

NEEDED = {
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
    "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy", "Cache-Control",
}  # fmt: skip
SCHOOL = [
    "/", "/sign-in/", "/people/", "/people/export.csv", "/audit/export.csv", "/nothing", "/healthz/live",
    "/static/ui/favicon.svg", "/static/nothing", "/theme.css", "/robots.txt", "/favicon.ico", "/files/branding/x.png",
]  # fmt: skip
PLATFORM = ["/", "/status/", "/status/details/", "/admin/", "/sso/callback", "/find/?school=x", "/nothing"]
PERSONAL = ["/", "/people/", "/people/export.csv", "/audit/export.csv", "/account/"]


def faults(client, paths) -> list[str]:
    found = []
    for path in paths:
        for method in ("get", "post", "options"):
            answer = getattr(client, method)(path)
            if missing := NEEDED - set(answer.headers):
                found.append(f"{method} {path}: without {sorted(missing)}")
            if "Access-Control-Allow-Origin" in answer.headers:
                found.append(f"{method} {path}: open to other sites")
            found += [f"{path}: {cookie.OutputString()}" for cookie in answer.cookies.values() if not safe(cookie)]
    return found


def safe(cookie) -> bool:
    host_only = cookie.key.startswith("__Host-") and not cookie["domain"] and cookie["path"] == "/"
    return bool(host_only and cookie["secure"] and cookie["samesite"]) and (
        bool(cookie["httponly"]) or cookie.key == "__Host-csrf"  # paired with the session, read by its pages
    )


def test_of_a_school(lumiere):
    assert faults(client_for(lumiere), SCHOOL) == []
    client = client_for(lumiere)
    client.force_login(owner())
    assert faults(client, SCHOOL) == []


def test_of_the_platform_and_of_no_school(lumiere, settings):
    assert faults(HostClient(settings.PLATFORM_DOMAIN), PLATFORM) == []
    assert faults(HostClient("unknown.example"), ["/", "/static/ui/favicon.svg"]) == []


@pytest.mark.parametrize("path", PERSONAL)
def test_personal_pages_are_kept_nowhere(lumiere, path):
    client = client_for(lumiere)
    client.force_login(owner())
    assert client.get(path)["Cache-Control"] == "no-store, private"
