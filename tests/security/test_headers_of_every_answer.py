"""Pages, refusals, redirects, files, downloads, health, unknown hosts: the same headers on all of them (SEC-1)."""

from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse

from tests.architecture.routes import PLATFORM as PLATFORM_ROUTES
from tests.architecture.routes import SCHOOL as SCHOOL_ROUTES
from tests.conftest import HostClient, client_for
from tests.people import owner
from tests.support.conftest import at_the_platform, superadmin

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
            found += [f"{method} {path}: {weak}" for weak in weaknesses(answer)]
            if "Access-Control-Allow-Origin" in answer.headers:
                found.append(f"{method} {path}: open to other sites")
            found += [f"{path}: {cookie.OutputString()}" for cookie in answer.cookies.values() if not safe(cookie)]
    return found


SOURCES = {"'self'", "'none'", "data:"}  # data: only for pictures
VALUES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def weaknesses(answer) -> list[str]:
    """What a header allows beyond the strict policy: scripts, styles, forms of this host, and nothing else."""
    said = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    found = [
        f"{directive} {source}"
        for directive, sources in said.items()
        for source in sources.split()
        if source not in SOURCES or (source == "data:" and directive != "img-src")
    ]
    found += [] if said.get("default-src") == "'none'" else ["no default-src 'none'"]
    if "sandbox" not in said:  # a file runs nothing at all
        found += [name for name in ("base-uri", "frame-ancestors") if said.get(name) != "'none'"]
        found += [name for name in ("script-src", "style-src", "form-action") if said.get(name) != "'self'"]
    return found + [f"{name}: {answer.get(name)}" for name, value in VALUES.items() if answer.get(name) != value]


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


# --- whatever the address ---------------------------------------------------------------------------------------

FRAMED = "sso/logout"  # Microsoft's sign-out page shows it in a frame, nothing else may: tests/accounts shows it


def swept(client, routes) -> list[str]:
    jar, found = client.cookies.copy(), []
    for route in routes:
        client.cookies = jar.copy()  # signing out is one of the addresses
        found += faults(client, [route.path]) if route.pattern != FRAMED else []
    return found


@pytest.mark.parametrize("who", ["visitor", "owner"])
def test_of_every_address_of_a_school(lumiere, who):
    client = client_for(lumiere)
    if who == "owner":
        client.force_login(owner())
    assert swept(client, SCHOOL_ROUTES) == []


@pytest.mark.parametrize("who", ["visitor", "superadmin"])
def test_of_every_address_of_the_platform(lumiere, settings, who):
    client = HostClient(settings.PLATFORM_DOMAIN) if who == "visitor" else at_the_platform(superadmin())
    assert swept(client, PLATFORM_ROUTES) == []


class Careless:
    """A host that has none of it."""

    cookies = SimpleCookie()

    def get(self, _path):
        answer = HttpResponse("x", headers={"Content-Security-Policy": "script-src 'unsafe-inline'"})
        answer.set_cookie("mine", "1")
        return answer

    post = options = get


def test_control_weak_answers_are_noticed():
    said = "\n".join(swept(Careless(), SCHOOL_ROUTES[:1]))
    for fault in ("without ['Cache-Control'", "no default-src 'none'", "script-src 'unsafe-inline'", "mine=1"):
        assert fault in said, said
