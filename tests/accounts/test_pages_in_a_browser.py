"""The pages of accounts in a real browser, and the way of a first owner: invitation, Microsoft, sign-out, sign-in."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from apps.accounts.models import User
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.accounts.conftest import TID
from tests.browser import DESKTOP, PHONE, axe
from tests.live import wait_until
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")  # a folder: look at the pages


@pytest.fixture
def entra(live):
    """An organisation with its administrator, in the simulator that the running product talks to."""
    live.sandbox.reset()
    live.sandbox.add_organisation("École Lumière", tid=TID, domain="lumiere.example", consented=False)
    admin_role = "62e90394-69f5-4237-9190-012177145e10"
    return live.sandbox.add_people(TID, people=[{"givenName": "Hélène", "surname": "Marchand", "roles": [admin_role]}])[
        0
    ]


@pytest.fixture
def unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def looked_at(visit, name: str) -> None:
    """The page is as it should be: accessible, within the window, without a complaint of the browser."""
    if SHOTS:
        visit.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert axe(visit.page) == [], name
    assert visit.overflow() <= 0, name
    assert visit.complaints == [], name


def sign_in(page, live, school, email, password=PASSWORD):
    page.goto(live.url(school, "/sign-in/"))
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("form.stack button[type=submit]")
    page.wait_for_load_state()


def choose(page, who: str) -> None:
    """On the simulator's page: this person."""
    page.locator(f"button[value='{who}']").first.click()
    page.wait_for_load_state()


def test_a_first_owner_from_the_mail_to_signing_in_with_microsoft(live, entra, new_school, unblocked, open_page):
    school = new_school(name="École Lumière")
    mail = live.sandbox.mail(to=school.owner_email, wait=30)
    link = next(link for link in mail[0]["links"] if "/invitation/" in link)
    visit = open_page(live.url(school, urlsplit(link).path))  # this process does not know the port
    page = visit.page
    looked_at(visit, "invitation")
    page.fill("[name=given_name]", "Hélène")
    page.fill("[name=family_name]", "Marchand")
    page.fill("[name=password]", "a long enough passphrase")
    page.fill("[name=again]", "a long enough passphrase")
    page.click("form.stack button[type=submit]")
    page.wait_for_url(re.compile(r".*localhost:\d+/(?!invitation).*"))
    page.goto(live.url(school, "/settings/microsoft/"))
    looked_at(visit, "microsoft-before")
    page.click("a[href='/settings/microsoft/link/']")
    page.locator("button[value=accept], button:has-text('Accept')").first.click()
    choose(page, entra["id"])
    page.wait_for_url(live.url(school, "/settings/microsoft/"))
    looked_at(visit, "microsoft-after")
    page.goto(live.url(school, "/account/"))
    looked_at(visit, "account")
    assert "Microsoft" in page.content()
    page.evaluate("document.querySelector('form[action=\"/sign-out/\"]').requestSubmit()")
    page.wait_for_url(live.url(school, "/sign-in/"))
    looked_at(visit, "sign-in")
    page.click("a[href^='/sign-in/microsoft/']")
    choose(page, entra["id"])
    page.goto(live.url(school, "/account/"))
    assert page.url.endswith("/account/") and "Hélène" in page.content()
    with activated(school):
        assert User.objects.get(email=school.owner_email).identities.count() == 1
        wait_until(lambda: not CommunicationLog.objects.filter(state="queued").exists())


def test_what_a_visitor_sees_in_both_themes_widths_and_languages(live, new_school, unblocked, open_page):
    """What people who are signed in see is in tests/journeys/test_every_page.py."""
    school = new_school(name="École Lumière")
    for scheme, width, language in (("light", DESKTOP, "fr"), ("dark", PHONE, "en")):
        walk_through(live, school, open_page, scheme, width, language)


def walk_through(live, school, open_page, scheme: str, width: int, language: str) -> None:
    name = f"{scheme}-{width}-{language}"
    visit = open_page(live.url(school, "/sign-in/"), width=width, scheme=scheme)
    page = visit.page
    page.click(f"footer button[name=language][value={language}]")
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language
    for path, title in (
        ("/sign-in/", "sign-in"),
        ("/password/forgotten/", "forgotten"),
        ("/password/check-mail/", "check-mail"),
        ("/sign-in/microsoft/", "not-linked"),
        ("/sso/arrive", "lost"),
        ("/invitation/made-up/", "bad-link"),
    ):
        page.goto(live.url(school, path))
        visit.complaints[:] = [text for text in visit.complaints if "status of 4" not in text]
        looked_at(visit, f"{title}-{name}")
