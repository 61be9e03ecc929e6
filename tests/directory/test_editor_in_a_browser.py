"""The mapping editor as an administrator uses it: choose, try on real people, look for one by name, save."""

import pytest

from apps.directory.models import DirectoryRun, GroupMapping
from tests.browser import axe
from tests.live import wait_until
from tests.people import PASSWORD, admin


@pytest.mark.browser
def test_a_group_is_tried_and_then_saved(live, lasting_world, open_page):
    world = lasting_world
    newcomers = [world.person(givenName="Élodie", surname="Lefèvre"), *world.people(4)]
    world.person(givenName="Gérard", surname="Invité", userType="Guest")
    guest = next(person["id"] for person in world.sim.people(world.tid) if person["surname"] == "Invité")
    world.group("Nouveaux étudiants", [*newcomers, guest])
    boss = admin(email=f"boss@{world.school.slug}.example", locale="en")
    visit = open_page(live.url(world.school, "/sign-in/"))
    page = visit.page
    page.get_by_label("E-mail").fill(boss.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form:has(input[type=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(live.url(world.school, "/directory/mappings/new/"))
    assert axe(page) == []
    assert visit.overflow() <= 0
    page.get_by_role("radio", name="Nouveaux étudiants").check()
    page.locator("select[name=campus]").select_option(label="Lyon")
    assert page.locator("select[name=role]").input_value() == "member", "the usual role is chosen already"
    page.locator("select[name=role]").select_option(label="Staff")
    page.get_by_role("button", name="Preview on real people").click()
    page.wait_for_url("**/directory/runs/**")
    page.get_by_role("button", name="Save the mapping").wait_for(timeout=60_000)
    assert not GroupMapping.objects.exists(), "only tried"
    rows = page.locator("#changes tbody tr")
    page.get_by_text("Élodie Lefèvre").wait_for()
    assert rows.count() == 6
    assert "Guest of the organisation" in rows.filter(has_text="Invité").inner_text()
    page.locator("#changes [data-search]").fill("Lefèvre")
    page.locator("#changes [data-search]").press("Enter")
    wait_until(lambda: rows.count() == 1, message="the search does not narrow the list down")
    assert "Élodie" in rows.inner_text()

    page.get_by_role("button", name="Save the mapping").click()
    page.wait_for_url("**/directory/")
    mapping = GroupMapping.objects.get()
    assert (mapping.group_name, mapping.campus.name, mapping.role) == ("Nouveaux étudiants", "Lyon", "staff")
    assert set(DirectoryRun.objects.values_list("kind", "state")) == {("preview", "done")}
    assert world.places() == set()
    assert visit.csp_violations == []


@pytest.mark.browser
def test_a_choice_survives_the_answer_of_a_search_asked_before_it(live, lasting_world, open_page):
    """The list is swapped under the hand of somebody quick: saving would say "Choose a group", though one was."""
    world = lasting_world
    world.group("Ateliers du soir", world.people(2))
    boss = admin(email=f"quick@{world.school.slug}.example", locale="en")
    page = open_page(live.url(world.school, "/sign-in/")).page
    page.get_by_label("E-mail").fill(boss.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form:has(input[type=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(live.url(world.school, "/directory/mappings/new/"))
    held = []
    page.route(lambda url: "q=Ateliers" in url, lambda route: held.append(route))
    page.get_by_label("Search groups").fill("Ateliers")
    wait_until(lambda: page.wait_for_timeout(50) or held, message="the search is not sent")
    page.get_by_role("radio", name="Ateliers du soir").check()
    with page.expect_response(lambda answer: "q=Ateliers" in answer.url):
        held[0].continue_()
    page.locator("#groups tbody tr").nth(1).wait_for(state="detached")
    page.wait_for_timeout(100)
    assert page.get_by_role("radio", name="Ateliers du soir").is_checked()
