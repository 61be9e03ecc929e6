"""Every unsafe route x every way of forging a request: refused before the view runs (IDN-4, SEC-1).

Pages of a school, pages of the platform, the desk of a shared device, and every operation of the API that a browser's
cookies open.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from apps.accounts import tokens
from apps.accounts.models import Session
from apps.audit.models import AuditEvent
from tests.architecture.routes import PLATFORM, SCHOOL, Route
from tests.conftest import HostClient, client_for
from tests.devices.conftest import camille, campus, new_tablet  # noqa: F401  # fixtures
from tests.people import owner, person
from tests.support.conftest import at_the_platform, superadmin

HOME, NEIGHBOUR = "http://lumiere.campanile.localhost", "http://curie.campanile.localhost"


def is_exempt(route) -> bool:
    """Machines (bearer, signed or secret-carrying requests) are not protected by cookies' tokens."""
    return bool(getattr(route.view, "csrf_exempt", False))


UNSAFE = [route for route in SCHOOL if not is_exempt(route)]


@pytest.fixture
def victim(lumiere):
    browser = client_for(lumiere, enforce_csrf_checks=True)
    browser.force_login(owner())
    browser.get("/account/")
    return browser


def another_secret() -> str:
    session = Session.objects.create(user=person(), last_seen_at="2026-01-01T00:00Z", expires_at="2099-01-01T00:00Z")
    return tokens.csrf_secret(session)


def own_secret(browser) -> str:
    return browser.cookies["__Host-csrf"].value


FORGERIES = {
    "no token": lambda browser: ({}, {}),
    "another session's token": lambda browser: ({"csrfmiddlewaretoken": another_secret()}, {}),
    "another session's token as header": lambda browser: ({}, {"x-csrftoken": another_secret()}),
    "neighbour's origin": lambda b: ({"csrfmiddlewaretoken": own_secret(b)}, {"origin": NEIGHBOUR}),
    "null origin": lambda b: ({"csrfmiddlewaretoken": own_secret(b)}, {"origin": "null"}),
    "said to be the same site": lambda b: ({"csrfmiddlewaretoken": own_secret(b)}, {"sec-fetch-site": "same-site"}),
    "method override": lambda browser: ({"_method": "PUT"}, {"x-http-method-override": "GET"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_every_form_is_refused(victim, name):
    values, headers = FORGERIES[name](victim)
    answers = {str(route): victim.post(route.path, values, headers=headers).status_code for route in UNSAFE}
    assert set(answers.values()) == {403}, {route: status for route, status in answers.items() if status != 403}


def test_a_planted_cookie_does_not_help(victim):
    """Double-submit by a neighbour: cookie and token fit each other, not the session."""
    planted = another_secret()
    victim.cookies["__Host-csrf"] = planted
    answers = {victim.post(route.path, {"csrfmiddlewaretoken": planted}).status_code for route in UNSAFE}
    assert answers == {403}


def test_json_sent_as_text_is_refused(victim):
    answers = {victim.post(route.path, b"{}", content_type="text/plain").status_code for route in UNSAFE}
    assert answers == {403}


def test_the_right_token_from_the_right_origin_passes(victim):
    """A control: the same request with its own token gets through the check."""
    values, headers = {"csrfmiddlewaretoken": own_secret(victim), "language": "fr"}, {"origin": HOME}
    assert victim.post("/account/", values, headers=headers).status_code == 302


# --- the platform, and a shared device ------------------------------------------------------------------------


@dataclass(frozen=True)
class Elsewhere:
    """Another browser with a living session, and the pages that its cookies open."""

    browser: HostClient
    routes: list[Route]
    page: str  # of this browser, with its token
    events: Callable[[], int]


def of_the_platform(lumiere, settings) -> Elsewhere:
    browser = at_the_platform(superadmin())
    routes = [route for route in PLATFORM if not is_exempt(route)]
    return Elsewhere(browser, routes, "/support/", AuditEvent.objects.count)


def at_a_desk(lumiere, campus, camille) -> Elsewhere:  # noqa: F811
    tablet = new_tablet(lumiere, campus).enrol().come_in(camille)
    routes = [route for route in UNSAFE if route.pattern.startswith("desk/")]
    return Elsewhere(tablet.client, routes, "/desk/", AuditEvent.objects.count)


@pytest.fixture(params=["platform", "desk"])
def elsewhere(request, lumiere, settings, campus, camille) -> Elsewhere:  # noqa: F811
    found = of_the_platform(lumiere, settings) if request.param == "platform" else at_a_desk(lumiere, campus, camille)
    assert found.browser.get(found.page).status_code == 200 and len(found.routes) > 10
    found.browser.handler.enforce_csrf_checks = True
    return found


@pytest.mark.parametrize("name", FORGERIES)
def test_every_form_of_the_platform_and_of_a_desk_is_refused(elsewhere, name):
    values, headers = FORGERIES[name](elsewhere.browser)
    before = elsewhere.events()
    answers = {
        str(route): elsewhere.browser.post(route.path, values, headers=headers).status_code
        for route in elsewhere.routes
    }
    assert set(answers.values()) == {403}, {route: status for route, status in answers.items() if status != 403}
    assert elsewhere.events() == before


def test_control_there_too_the_right_token_passes(elsewhere):
    values = {"csrfmiddlewaretoken": own_secret(elsewhere.browser), "language": "fr"}
    answers = {elsewhere.browser.post(route.path, values).status_code for route in elsewhere.routes}
    assert answers != {403}


# --- the API, with a browser's cookies ------------------------------------------------------------------------


def methods_of(route: Route) -> list[str]:
    return [name for name in ("post", "put", "patch", "delete") if hasattr(route.view.cls, name)]


def by_cookie(routes: list[Route]) -> list[tuple[str, Route]]:
    """Every operation that changes something. Of those that look at no cookie nothing can be forged."""
    api = [route for route in routes if route.pattern.startswith("api/") and hasattr(route.view, "cls")]
    looked_at = [route for route in api if route.view.cls.authentication_classes]
    return [(method, route) for route in looked_at for method in methods_of(route)]


OPERATIONS = by_cookie(SCHOOL)
NO_COOKIES = {"auth/token/refresh", "auth/token/revoke"}  # beside webhooks: the token, the signature is the proof


@pytest.mark.parametrize("name", [name for name in FORGERIES if name != "another session's token"])
@pytest.mark.parametrize("host", ["school", "platform"])
def test_no_operation_of_the_api_is_forged(victim, host, name, request):
    browser, operations = victim, OPERATIONS
    if host == "platform":
        browser, operations = at_the_platform(superadmin()), by_cookie(PLATFORM)
        assert browser.get("/support/").status_code == 200 and operations
        browser.handler.enforce_csrf_checks = True
    values, headers = FORGERIES[name](browser)
    if "csrfmiddlewaretoken" in values:  # a page of another origin that got hold of the token
        headers = {**headers, "x-csrftoken": values["csrfmiddlewaretoken"]}
    before, wrong = AuditEvent.objects.count(), []
    for method, route in operations:
        for kind in ("application/json", "text/plain"):
            answer = getattr(browser, method)(
                route.path, b"{}", content_type=kind, headers={"if-match": "*", **headers}
            )
            if (answer.status_code, answer["Content-Type"]) != (403, "application/problem+json"):
                wrong.append(f"{method} {route}: {answer.status_code} {answer.content[:80]!r}")
    assert not wrong, "\n".join(wrong)
    assert AuditEvent.objects.count() == before


def test_control_with_the_token_of_its_pages_they_are_not_refused_alike(victim):
    ours = {"x-csrftoken": own_secret(victim), "if-match": "*"}
    answers = {
        str(route): getattr(victim, method)(
            route.path, b"{}", content_type="application/json", headers=ours
        ).status_code
        for method, route in OPERATIONS
    }
    assert len(OPERATIONS) > 50
    assert {404, 422} <= set(answers.values()) and list(answers.values()).count(403) < len(answers) / 4


def test_which_operations_look_at_no_cookie_is_known():
    api = [route for route in SCHOOL if route.pattern.startswith("api/v1/") and hasattr(route.view, "cls")]
    blind = {route.pattern.removeprefix("api/v1/") for route in api if not route.view.cls.authentication_classes}
    assert {pattern for pattern in blind if not pattern.startswith("webhooks/")} == NO_COOKIES


def test_what_is_exempt_is_known():
    """A view that leaves the check must carry its own proof, and be listed or be a machine's address."""
    exempt = {route.pattern for route in SCHOOL if is_exempt(route)}
    unknown = {pattern for pattern in exempt if not pattern.startswith(("api/", "scim/")) and pattern not in KNOWN}
    assert not unknown, f"why are these exempt from the CSRF check? {unknown}"


KNOWN: set[str] = set()
