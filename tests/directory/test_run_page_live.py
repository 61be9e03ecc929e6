"""The page of a run follows the run: in a browser, over the network, without loading again."""

import json

import pytest
from django.urls import reverse

from tests.conftest import client_for
from tests.live import wait_until
from tests.people import PASSWORD, admin


@pytest.fixture
def chief(world):
    browser = client_for(world.school, headers={"hx-request": "true"})
    browser.force_login(admin(locale="en"))
    return browser


def live(run) -> str:
    return reverse("directory:live", args=[run.pk])


def test_the_same_again_is_not_sent_again(world, chief):
    from apps.directory import presenting

    world.standard()
    run = world.request()
    first = chief.get(live(run))
    assert first.status_code == 200 and "<html" not in first.content.decode()
    assert f"v={presenting.version_of(run)}" in first.content.decode()
    assert chief.get(live(run), {"v": presenting.version_of(run)}).status_code == 204


def test_it_stops_by_itself_and_tells_the_list(world, chief):
    from apps.directory import presenting

    world.standard()
    run = world.request()
    before = presenting.version_of(run)
    assert 'hx-trigger="every 1s"' in chief.get(live(run)).content.decode()
    world.carry_out(run)
    ended = chief.get(live(run), {"v": before})
    assert json.loads(ended["HX-Trigger"]) == {"run-changed": {}}
    text = ended.content.decode()
    assert "hx-trigger" not in text.partition('id="run-side"')[0]
    assert 'id="run-side" hx-swap-oob="true"' in text and 'id="run-actions" hx-swap-oob="true"' in text


@pytest.mark.browser
def test_in_a_browser(live, lasting_world, open_page):
    world = lasting_world
    world.standard(students=12)
    boss = admin(email=f"boss@{world.school.slug}.example", locale="en")
    world.sim.fault("delay", tid=world.tid, operation="transitive_members", times=None, seconds=1.5)
    visit = open_page(live.url(world.school, "/sign-in/"))
    page = visit.page
    page.get_by_label("E-mail").fill(boss.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form:has(input[type=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(live.url(world.school, "/directory/"))
    page.get_by_role("button", name="Run now").click()
    page.wait_for_url("**/directory/runs/**")
    page.evaluate("window.sameDocument = true")
    pages_read = page.locator("#run-side dt", has_text="Pages").first.locator("xpath=following-sibling::dd")
    seen = set()

    def moved() -> bool:
        seen.add(pages_read.inner_text())
        return len(seen) >= 3

    wait_until(moved, seconds=60, message=live.log("worker"))
    page.get_by_text("Every change was read back and confirmed.").first.wait_for(timeout=60_000)
    page.locator("#changes tbody tr td.lead a.who, #changes tbody tr td.lead a").first.wait_for(timeout=10_000)
    names = page.locator("#changes tbody tr").count()
    assert names == 16
    assert page.evaluate("window.sameDocument") is True, "the page was loaded again"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert not [url for url in asked if "/live/" in url], "it goes on asking after the end"
    assert visit.csp_violations == []
