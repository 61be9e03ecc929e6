"""A tablet at a desk, in a real browser: enrolled, used by two people, left alone, signed out, opened again (IDN-10).

Everything that can be touched is at least 48 by 48 pixels, on every page of the way, on a tablet and on a phone.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.services import photos
from apps.campuses.models import Campus
from apps.devices.models import Device
from apps.tenants import hosts
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.browser import PHONE, axe, collect_complaints
from tests.devices.conftest import PIN, WRONG, make_device, member
from tests.files.pictures import picture
from tests.people import PASSWORD, acting, admin

pytestmark = pytest.mark.browser
TABLET, TOUCH = 1024, 48
SMALL = f"""() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((one) => one.checkVisibility({{checkVisibilityCSS: true}}) && !one.matches('.skip, .sr'))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < {TOUCH} || box.height < {TOUCH}))
    .map(([one, box]) => `${{one.outerHTML.slice(0, 80)}} is ${{box.width}}x${{box.height}}`)"""


@pytest.fixture
def place(live, new_school):
    school = new_school("desk")
    with platform():
        School.objects.filter(pk=school.pk).update(locale="en")
    hosts.forget(school)
    with activated(school):
        yield school, Campus.objects.create(name="Lyon", code="LYO", address="1 quai Claude Bernard")


@pytest.fixture
def window(browser):
    contexts, complaints = [], []

    def opened(width):
        context = browser.new_context(
            viewport={"width": width, "height": 768}, has_touch=True, locale="en-GB", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("response", lambda answer: print(answer.status, answer.url) if answer.status >= 400 else None)
        complaints.append(collect_complaints(page))
        return page

    yield opened
    for context in contexts:
        context.close()
    refused = "Failed to load resource: the server responded with a status of 422"  # a wrong PIN, on purpose
    assert [text for found in complaints for text in found if refused not in text] == []


def look(page, heading: str) -> None:
    """Where we are, and that a finger hits everything there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    small = page.evaluate(SMALL)
    assert small == [], "\n".join(small)
    assert axe(page) == [], heading


def type_pin(page, pin: str) -> None:
    for digit in pin:
        page.locator(f"[data-pin-key='{digit}']").click()
    page.get_by_role("button", name="Come in").click()


@pytest.mark.parametrize("width", [TABLET, PHONE])
def test_a_day_at_the_desk(live, place, window, width):
    school, campus = place
    boss = admin(locale="en")
    camille = member(campus, given_name="Camille", family_name="Moreau", email="camille@desk.example")
    sacha = member(campus, pin="8305", given_name="Sacha", family_name="Petit", email="sacha@desk.example")
    photos.change_own_photo(actor=acting(camille), picture=SimpleUploadedFile("me.jpg", picture()), now=timezone.now())
    device = make_device(campus)
    page = window(width)
    if width == TABLET:
        enrol_with_the_code_of_an_administrator(page, window(1280), live, school, boss, device)
    else:
        enrol_by_hand(page, live, school, device)
    look_for_oneself_and_come_in(page, camille)
    act(page)
    switch(page, sacha)
    leave_it_alone(page, device)
    sign_out_for_good(page, live, school, camille)


def enrol_with_the_code_of_an_administrator(page, office, live, school, boss, device) -> None:
    office.goto(live.url(school, "/sign-in/?next=/devices/"))
    office.get_by_label("E-mail").fill(boss.email)
    office.locator("input[type=password]").fill(PASSWORD)
    office.get_by_role("button", name="Sign in", exact=True).click()
    office.get_by_role("link", name=device.name).click()
    office.locator(f"form[action$='/devices/{device.pk}/code/'] button").first.click()
    code = office.get_by_text(re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$")).first.inner_text()
    type_code(page, live, school, code)
    office.wait_for_url(re.compile(rf"/devices/{device.pk}/$"))  # the page with the code sees that the tablet is there


def enrol_by_hand(page, live, school, device) -> None:
    from apps.devices.services import devices
    from tests.devices.conftest import SYSTEM

    type_code(page, live, school, devices.make_code(actor=SYSTEM, device_id=device.pk, now=timezone.now()))


def type_code(page, live, school, code) -> None:
    page.goto(live.url(school, "/desk/"))
    look(page, "Enrol this device")
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Enrol this device").click()
    look(page, "Who are you?")


def look_for_oneself_and_come_in(page, user) -> None:
    profiles = page.locator("button[name=person]")
    expect(profiles).to_have_count(2)
    face = profiles.filter(has_text="Moreau").locator("img")
    assert face.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 96, "the photo arrived"
    page.get_by_label("Search by name").press_sequentially("more")
    expect(profiles).to_have_count(1)
    profiles.click()
    look(page, user.name)
    type_pin(page, WRONG)
    expect(page.get_by_role("alert")).to_contain_text("4 attempts are left")
    look(page, user.name)
    type_pin(page, PIN)
    look(page, "Hello Camille")


def act(page) -> None:
    page.get_by_role("link", name="My memberships").click()
    expect(page.locator("main")).to_contain_text("Lyon")
    look(page, "My memberships")
    page.go_back()


def switch(page, other) -> None:
    """Done, and the next one: no identity provider is asked, and nothing of the one before is left."""
    page.get_by_role("button", name="Done").click()
    look(page, "Who are you?")
    page.locator("button[name=person]").filter(has_text="Petit").click()
    Device.objects.update(idle_seconds=2)  # for what comes next, and no test waits for a minute
    type_pin(page, "8305")
    look_at_home = page.get_by_role("heading", level=1)
    expect(look_at_home).to_have_text("Hello Sacha")
    assert "Moreau" not in page.content()


def leave_it_alone(page, device) -> None:
    """The page returns by itself; the way back in the browser leads to the profiles as well."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
    assert Device.objects.get(pk=device.pk).state in ("picker", "desk"), "written at the next act"
    Device.objects.update(idle_seconds=60)


def sign_out_for_good(page, live, school, user) -> None:
    page.goto(live.url(school, "/desk/"))
    kept = page.context.cookies()
    page.get_by_role("button", name="Sign this device out").click()
    page.locator("dialog[open]").get_by_role("button", name="Continue").click()
    look(page, "Bar tablet")
    page.context.add_cookies(kept)
    page.goto(live.url(school, "/desk/"))
    look(page, "Bar tablet")  # the cookies of before are worthless
    page.goto(live.url(school, "/account/"))
    assert "/sign-in/" in page.url, "nor is anybody signed in elsewhere"
    page.goto(live.url(school, "/desk/"))
    page.locator("input[name=email]").fill(user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Open this device").click()
    look(page, "Who are you?")
    page.goto(live.url(school, "/account/"))
    assert "/sign-in/" in page.url, "who opened it is not signed in"
