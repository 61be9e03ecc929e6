"""The pages of connected services in a browser: wide and narrow, light and dark, and a replay by hand."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.campuses.models import ApprovedDomain, Campus
from apps.integrations.models import EventPlan, InboundEvent
from apps.ops import demo_events
from apps.tenants.context import activated
from tests.browser import axe
from tests.live import wait_until
from tests.people import PASSWORD, owner

PAGES = [
    "",
    "events/",
    "events/{dead}/",
    "events/{dead}/preview/",
    "events/{kim}/content/",
    "secrets/",
    "events/?state=discarded",
]
SHOTS = os.environ.get("SCREENSHOTS_TO", "")


@pytest.fixture
def school(new_school, live):
    school = new_school()
    with activated(school):
        boss = owner(email=f"boss@{school.slug}.example", locale="fr")
        ApprovedDomain.objects.create(domain="etu.lumiere.example", campus=Campus.objects.create(name="Lyon"))
        demo_events.make(actor_for(boss, surface="command"), timezone.now())
        yield school


def sign_in(visit, school):
    page = visit.page
    page.get_by_label("E-mail").fill(f"boss@{school.slug}.example")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form:has(input[type=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nothing_overflows_and_axe_finds_nothing(live, school, open_page, width, scheme):
    names = {row.event_id: row.reference for row in InboundEvent.objects.all()}
    visit = open_page(live.url(school, "/sign-in/"), width=width, scheme=scheme)
    page = sign_in(visit, school)
    for path in PAGES:
        address = f"/integrations/{path.format(dead=names['evt-refused'], kim=names['evt-kim'])}"
        assert page.goto(live.url(school, address)).status == 200, path
        if SHOTS:
            name = path.split("/")[0] + path.rstrip("/").rpartition("/")[2][:8].replace("?", "")
            page.screenshot(path=Path(SHOTS) / f"{name or 'overview'}-{width}-{scheme}.png", full_page=True)
        assert visit.overflow() <= 0, path
        assert axe(page) == [], path
    assert visit.csp_violations == []


@pytest.mark.browser
def test_many_are_replayed_by_hand(live, school, open_page):
    ApprovedDomain.objects.create(domain="ailleurs.example", campus=Campus.objects.get())
    visit = open_page(live.url(school, "/sign-in/"))
    page = sign_in(visit, school)
    page.goto(live.url(school, "/integrations/events/?state=dead"))
    page.locator("[data-select-all]").check()
    page.locator("button[name=act][value=replay]").click()
    page.wait_for_url("**/integrations/decisions/**")
    page.get_by_text("Lou Perrin").wait_for(timeout=60_000)
    assert "créerait Lou Perrin" in page.locator("#changes").inner_text()
    page.locator("form[action$='/confirmation/'] button").click()
    wait_until(lambda: EventPlan.objects.get().state == "done", message="the decision is not carried out")
    refused = InboundEvent.objects.get(event_id="evt-refused")
    wait_until(lambda: InboundEvent.objects.get(pk=refused.pk).state == "processed", message="it is not applied")
    assert visit.csp_violations == []
