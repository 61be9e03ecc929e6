"""The catalogue in a real browser: accessible, usable by keyboard, nothing blocked by the policy."""

import pytest
from django.test import override_settings

from tests.browser import PHONE, SCHEMES, WIDTHS, axe

pytestmark = pytest.mark.browser

PAGES = [
    "/ui/",
    "/ui/list/",
    "/ui/sample/dashboard/",
    "/ui/sample/member/",
    "/ui/sample/sign-in/",
    "/ui/sample/landing/",
]


@pytest.fixture
def catalogue(live, open_page):
    def open_one(path="/ui/", **options):
        visit = open_page(live.platform_url(path), **options)
        assert visit.status == 200
        return visit

    return open_one


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_fits_and_breaks_no_rule(catalogue, path, width, scheme):
    visit = catalogue(path, width=width, scheme=scheme)
    assert axe(visit.page) == []
    assert visit.overflow() <= 0
    assert visit.complaints == []


def test_axe_finds_what_is_wrong(catalogue):
    """A control: a page made worse is reported."""
    visit = catalogue("/ui/sample/sign-in/")
    visit.page.evaluate("document.querySelector('label[for=email]').remove()")
    assert any("label" in one for one in axe(visit.page))


def test_the_chosen_theme_is_kept_and_painted_by_the_server(catalogue):
    visit = catalogue(scheme="light")
    visit.page.get_by_role("button", name="Dark", exact=True).first.click()
    visit.page.reload()
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
    ground = visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    visit.page.evaluate("document.documentElement.removeAttribute('data-theme')")
    assert visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != ground


def test_filtering_swaps_the_list_keeps_the_words_and_the_address(catalogue):
    visit = catalogue("/ui/list/")
    page = visit.page
    search = page.get_by_role("searchbox", name="Search people")
    search.press_sequentially("amélie", delay=20)
    page.wait_for_url("**/ui/list/?q=am%C3%A9lie")
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 8")
    assert page.evaluate("document.activeElement.name") == "q"
    assert search.input_value() == "amélie"
    page.get_by_role("link", name="Active", exact=False).first.click()
    page.wait_for_url("**status=active**")
    assert "q=am" in page.url
    page.go_back()
    page.wait_for_url("**/ui/list/?q=am%C3%A9lie")
    assert visit.complaints == []


def test_a_search_without_match_can_be_cleared(catalogue):
    page = catalogue("/ui/list/?q=zzzz").page
    page.get_by_role("link", name="Clear filters").click()
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 12")


def test_a_list_works_without_javascript(catalogue):
    page = catalogue("/ui/list/", java_script_enabled=False).page
    page.get_by_role("searchbox", name="Search people").fill("amélie")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**/ui/list/?q=am**")
    assert page.locator("tbody tr").count() == 8


def test_selecting_rows_shows_the_bar_and_counts(catalogue):
    page = catalogue("/ui/list/").page
    bar = page.locator(".bulk")
    assert not bar.is_visible()
    page.get_by_label("Select Amélie Fournier").check()
    assert bar.is_visible()
    assert "1 selected" in bar.inner_text()
    page.get_by_label("Select all rows of this page").check()
    assert "12 selected" in bar.inner_text()


def test_a_form_with_errors_comes_back_with_the_focus_on_its_summary(catalogue):
    visit = catalogue()
    form = visit.page.locator("form[hx-post='/ui/form/']")
    form.get_by_label("Name").fill("Ada")
    form.get_by_role("button", name="Save").click()
    form.locator(".form-errors:focus").wait_for()  # the focus moves when the swapped part has settled
    assert form.get_by_label("Name").input_value() == "Ada"
    form.get_by_role("link", name="E-mail address").click()
    assert visit.page.evaluate("document.activeElement.name") == "email"


def test_a_toast_is_announced_and_can_be_dismissed(catalogue):
    page = catalogue().page
    page.get_by_role("button", name="Toast", exact=True).click()
    toast = page.locator("#toasts .toast")
    toast.wait_for()
    assert "3 invitations sent again" in toast.inner_text()
    assert toast.get_by_role("button", name="Undo").is_visible()
    form = toast.locator("form")
    assert "?" not in form.get_attribute("action"), "what the way back says is in its form, not in its address"
    assert form.locator("input[name=again]").get_attribute("value") == "3"
    toast.get_by_role("button", name="Dismiss").click()
    assert page.locator("#toasts .toast").count() == 0


def test_dialog_menu_and_help_by_keyboard_give_the_focus_back(catalogue):
    page = catalogue().page
    opener = page.get_by_role("button", name="Open dialog")
    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator("#sample-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Open dialog"
    menu = page.get_by_role("button", name="More actions")
    menu.focus()
    page.keyboard.press("Enter")
    assert page.locator("#sample-menu").is_visible()
    box, button = page.locator("#sample-menu").bounding_box(), menu.bounding_box()
    assert abs(box["y"] - (button["y"] + button["height"])) < 12, "the menu opens below its button"
    page.keyboard.press("Escape")
    assert not page.locator("#sample-menu").is_visible()
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()


def test_go_keys_lead_to_pages_and_slash_to_the_filter(catalogue):
    page = catalogue().page
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/ui/list/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("gd?")
    assert page.get_by_role("searchbox", name="Search people").input_value() == "gd?"


def test_an_act_that_cannot_be_undone_wants_the_name_typed(catalogue):
    page = catalogue().page
    page.get_by_role("button", name="Danger").click()
    dialog = page.locator("#confirm")
    go_on = dialog.get_by_role("button", name="Continue")
    assert dialog.is_visible()
    assert go_on.is_disabled()
    dialog.get_by_label("To confirm").fill("lyon")
    assert go_on.is_enabled()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_the_sidebar_is_a_drawer_on_a_phone(catalogue):
    page = catalogue(width=PHONE).page
    side = page.locator("#side")
    assert not side.is_visible()
    page.get_by_role("button", name="Open menu").click()
    assert side.is_visible()
    page.keyboard.press("Escape")
    assert not side.is_visible()


def test_the_drawer_needs_no_javascript(catalogue):
    page = catalogue(width=PHONE, java_script_enabled=False).page
    page.get_by_role("button", name="Open menu").click()
    assert page.locator("#side").is_visible()


def test_a_running_job_asks_for_news(catalogue):
    page = catalogue().page
    with page.expect_request("**/ui/job/running/", timeout=10_000):
        pass


def test_the_first_key_skips_to_the_content(catalogue):
    page = catalogue("/ui/list/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"


def test_elsewhere_the_catalogue_does_not_exist(platform_client):
    with override_settings(UI_CATALOGUE=False):
        assert platform_client.get("/ui/").status_code == 404
    assert platform_client.get("/ui/").status_code == 200
