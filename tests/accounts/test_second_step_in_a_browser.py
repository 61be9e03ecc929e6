"""Passkeys and codes in a real Chromium: its virtual authenticator holds the keys, our pages and policy do the rest."""

import os
from pathlib import Path

import pyotp
import pytest

from apps.accounts.models import Passkey
from apps.tenants import hosts
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.accounts.test_second_step import require
from tests.browser import DESKTOP, PHONE, axe
from tests.people import PASSWORD, admin, code_of, person, with_authenticator

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")  # a folder: look at the pages


@pytest.fixture
def school(live, new_school):
    made = new_school()
    with platform():
        School.objects.filter(pk=made.pk).update(locale="en")
    hosts.forget(made)
    return made


@pytest.fixture
def phone(browser):
    """`page = phone()`: a browser with a device that makes passkeys and verifies its person."""
    contexts = []

    def start(width=DESKTOP, scheme="light", verifies=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.devices = context.new_cdp_session(page)
        page.devices.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        page.device = page.devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        return page

    yield start
    for context in contexts:
        context.close()


def look(page, name: str) -> None:
    """Accessible, within the window, and without a complaint of the browser."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert page.complaints == [], name
    assert axe(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, name


def sign_in(page, live, school, user):
    page.goto(live.url(school, "/sign-in/"))
    page.get_by_label("E-mail").fill(user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def sign_out(page, live, school):
    page.context.clear_cookies()
    page.goto(live.url(school, "/sign-in/"))


def test_a_passkey_is_added_and_replaces_the_password(live, school, phone):
    with activated(school):
        user = person("camille@passkeys.example")
    page = phone()
    sign_in(page, live, school, user)
    page.goto(live.url(school, "/account/second-step/"))
    look(page, "second-step-empty")
    page.get_by_role("link", name="Add a passkey").click()
    page.wait_for_url("**/account/second-step/passkeys/")
    look(page, "passkey-new")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_selector("ul.codes")
    look(page, "recovery-codes")
    assert page.locator("ul.codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_text("Chrome · Linux").first.wait_for()
    look(page, "second-step-passkey")

    sign_out(page, live, school)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(live.url(school, "/**"))
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(live.url(school, "/account/"))
    page.locator("main").get_by_text("camille@passkeys.example").first.wait_for()

    sign_out(page, live, school)
    sign_in(page, live, school, user)
    page.wait_for_url("**/sign-in/second-step/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    with activated(school):
        assert Passkey.objects.get(user=user).sign_count >= 2


def test_a_device_that_did_not_verify_the_person_does_not_sign_in(live, school, phone):
    with activated(school):
        user = person("unverified@passkeys.example")
    page = phone()
    sign_in(page, live, school, user)
    page.goto(live.url(school, "/account/second-step/passkeys/"))
    page.devices.send("WebAuthn.setUserVerified", {"authenticatorId": page.device, "isUserVerified": False})
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("No passkey was made.").wait_for()
    look(page, "passkey-given-up")
    with activated(school):
        assert not Passkey.objects.filter(user=user).exists()


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_an_administrator_sets_up_an_app_before_anything_opens(live, school, phone, width, scheme):
    with activated(school):
        user = admin(email=f"admin-{scheme}@passkeys.example")
    require(school)
    page = phone(width, scheme)
    page.goto(live.url(school, "/sign-in/"))
    look(page, f"sign-in-{scheme}")
    sign_in(page, live, school, user)
    page.wait_for_url("**/sign-in/set-up/")
    look(page, f"set-up-{scheme}")
    page.get_by_text("You cannot scan it?").click()
    key = page.locator("details code").inner_text().replace(" ", "")
    page.get_by_label("Code of the app").fill("000000")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("This code is not right").first.wait_for()
    page.complaints.clear()  # the browser names every 422
    look(page, f"set-up-wrong-{scheme}")
    page.get_by_label("Code of the app").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector("ul.codes")
    look(page, f"first-codes-{scheme}")
    page.get_by_role("link", name="I have kept them").click()
    page.goto(live.url(school, "/account/second-step/"))
    look(page, f"second-step-{scheme}")
    sign_out(page, live, school)
    sign_in(page, live, school, user)
    page.wait_for_url("**/sign-in/second-step/")
    look(page, f"second-step-ask-{scheme}")
    page.get_by_role("link", name="use a recovery code").click()
    page.wait_for_url("**/sign-in/second-step/?with=recovery")
    look(page, f"recovery-ask-{scheme}")


def test_a_code_signs_in_without_javascript(live, school, browser):
    with activated(school):
        user = with_authenticator(person("plain@passkeys.example"))
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page, live, school, user)
    assert page.get_by_role("button", name="Use a passkey").count() == 0
    with activated(school):
        page.get_by_label("Code of the app").fill(code_of(user))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    context.close()
