"""Two schools in one real browser: for it they are one site, so SameSite cookies do not keep a neighbour out.

From a page of the attacker's school every unsafe address of the victim's school is asked with the victim's cookies.
"""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.tenants.context import activated
from tests.architecture.routes import SCHOOL
from tests.people import PASSWORD, owner
from tests.security.test_forged_requests import UNSAFE

pytestmark = pytest.mark.browser

ASK = """async ([urls, kind]) => {
  for (const url of urls) {
    const body = new URLSearchParams({language: "fr", name: "stolen", confirm: "yes"});
    const headers = kind === "text" ? {"Content-Type": "text/plain"} : {};
    await fetch(url, {method: "POST", mode: "no-cors", credentials: "include", headers,
                      body: kind === "text" ? "{}" : body}).catch(() => null);
  }
}"""


@pytest.fixture
def two_schools(live, new_school, django_db_blocker):
    victim, attacker = new_school("victim"), new_school("attacker")
    with django_db_blocker.unblock():
        for school in (victim, attacker):
            with activated(school):
                owner(email="boss@both.example")
        yield victim, attacker


def sign_in(page, live, school):
    page.goto(live.url(school, "/sign-in/"))
    page.fill("[name=email]", "boss@both.example")
    page.fill("[name=password]", PASSWORD)
    page.click("form.stack button[type=submit]")
    page.wait_for_load_state()


def answers_of(context, page) -> Callable[[], dict[str, int]]:
    """Address -> status of what was answered until now: also what the browser keeps from the page (CORP).

    The two events of a request come in any order.
    """
    asked: dict[str, str] = {}
    answered: dict[str, int] = {}
    devtools = context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", lambda sent: asked.setdefault(sent["requestId"], sent["request"]["url"]))
    devtools.on(
        "Network.responseReceivedExtraInfo", lambda got: answered.setdefault(got["requestId"], got["statusCode"])
    )
    devtools.send("Network.enable")
    return lambda: {url: answered[number] for number, url in asked.items() if number in answered}


def state_of(school):
    with activated(school):
        return AuditEvent.objects.count(), list(User.objects.order_by("pk").values_list("pk", "status", "locale"))


@pytest.mark.parametrize("kind", ["form", "text"])
def test_a_neighbour_changes_nothing(browser, live, two_schools, kind):
    victim, attacker = two_schools
    context = browser.new_context(locale="en-GB", bypass_csp=True)  # the attacker's page may ask whom it likes
    page = context.new_page()
    try:
        sign_in(page, live, victim)
        assert page.goto(live.url(victim, "/people/")).status == 200
        page.goto(live.url(attacker, "/sign-in/"))
        before, answers = state_of(victim), answers_of(context, page)
        urls = [live.url(victim, route.path) for route in UNSAFE]
        page.evaluate(ASK, [urls, kind])
        for _ in range(300):  # the tools hear of the last answers a moment later
            if set(urls) <= set(answers()):
                break
            page.wait_for_timeout(100)
        assert {url: answers().get(url) for url in urls} == dict.fromkeys(urls, 403)
        assert state_of(victim) == before
        sent = page.context.cookies(live.url(victim))
        assert {cookie["name"] for cookie in sent} >= {"__Host-access", "__Host-refresh"}, "the cookies were there"
    finally:
        context.close()


def test_a_neighbours_cookie_for_all_of_us_is_not_taken(browser, live, two_schools):
    """A cookie set for the common parent cannot carry our names: the browser refuses the `__Host-` prefix."""
    victim, attacker = two_schools
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    try:
        page.goto(live.url(attacker, "/sign-in/"))
        page.evaluate(
            """(domain) => { for (const name of ["__Host-access", "__Host-refresh", "__Host-csrf"])
                 document.cookie = `${name}=planted; Domain=${domain}; Path=/; Secure`; }""",
            page.url.split("//")[1].split(":")[0].split(".", 1)[1],
        )
        page.goto(live.url(victim, "/sign-in/"))
        assert "planted" not in {cookie["value"] for cookie in context.cookies(live.url(victim))}
    finally:
        context.close()


def test_there_is_something_to_ask():
    assert len(UNSAFE) > 50 and len(SCHOOL) > len(UNSAFE) - 1
