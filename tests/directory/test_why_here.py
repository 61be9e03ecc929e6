"""Why is this person here: what gives a membership, when it was seen, what happened to it, and what people decided."""

from django.urls import reverse
from django.utils import timezone

from apps.campuses.services import memberships
from apps.directory.services import mappings
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import admin, person


def page_of(browser, membership) -> str:
    return browser.get(reverse("campuses:membership", args=[membership.pk])).content.decode()


def chief(world):
    browser = client_for(world.school)
    browser.force_login(admin(locale="en"))
    return browser


def test_the_groups_the_runs_and_the_whole_history(world):
    world.standard(students=8)
    first = world.run()
    membership = world.membership(world.students[0])
    browser = chief(world)
    page = page_of(browser, membership)
    assert f"group {world.g_paris[:4]}" in page and f"group {world.g_lyon[:4]}" not in page
    assert f'href="/directory/runs/{first.pk}/"' in page
    assert "Listed in a mapped group" in page and "Microsoft directory" in page
    world.remove(world.g_paris, world.students[0])
    second = world.run()
    world.add(world.g_paris, world.students[0])
    third = world.run()
    page = page_of(browser, membership)
    assert all(f'href="/directory/runs/{run.pk}/"' in page for run in (first, second, third))
    assert "Active → Ended" in page and "Ended → Active" in page
    assert "No longer in a mapped group" in page


def test_the_last_good_run_has_seen_who_is_there(world):
    from apps.directory import why
    from tests.people import acting

    world.standard()
    world.run()
    membership = world.membership(world.students[0])
    again = world.run()
    again.refresh_from_db()
    membership.refresh_from_db()
    story = why.story_of(membership=membership, actor=acting(admin()), run_ids=[])
    assert story.seen_at == again.finished_at > membership.last_seen_at, "an unchanged run writes no row"
    world.remove(world.g_paris, world.students[0])
    world.run()
    membership.refresh_from_db()
    assert why.story_of(membership=membership, actor=acting(admin()), run_ids=[]).seen_at is None


def test_a_group_that_is_not_mapped_any_more_is_said(world):
    world.standard()
    world.run()
    mapping = mappings.GroupMapping.objects.get(group_id=world.g_paris)
    mappings.remove_mapping(actor=ADMIN, mapping_id=mapping.pk, now=timezone.now())
    assert "This group is no longer mapped to the campus." in page_of(chief(world), world.membership(world.students[0]))


def test_the_exception_is_set_and_taken_back_there(world):
    world.standard()
    world.run()
    membership, browser = world.membership(world.students[0]), chief(world)
    pin = reverse("campuses:pin", args=[membership.pk])
    browser.post(pin, {"pin": "keep"})
    assert "Always kept" in page_of(browser, membership)
    world.remove(world.g_paris, world.students[0])
    world.run()
    assert world.membership(world.students[0]).state == "active"
    browser.post(pin, {"pin": ""})
    world.run()
    assert world.membership(world.students[0]).state == "ended"
    browser.post(pin, {"pin": "never"})
    world.add(world.g_paris, world.students[0])
    world.run()
    assert world.membership(world.students[0]).state == "ended"
    assert "Never activated" in page_of(browser, membership)


def test_who_was_added_by_hand_has_no_group(world):
    someone = person()
    membership = memberships.add_member(actor=ADMIN, user_id=someone.pk, campus_id=world.paris.pk, now=timezone.now())
    browser = chief(world)
    assert "No Microsoft group gives it" in page_of(browser, membership)
    people = browser.get(reverse("portal:person", args=[someone.pk])).content.decode()
    assert reverse("campuses:membership", args=[membership.pk]) in people
    campus = browser.get(reverse("campuses:detail", args=[world.paris.pk])).content.decode()
    assert reverse("campuses:membership", args=[membership.pk]) in campus


def test_a_campus_manager_sees_why_but_no_run(world):
    world.standard()
    run = world.run()
    boss = person()
    memberships.add_member(actor=ADMIN, user_id=boss.pk, campus_id=world.paris.pk, role="manager", now=timezone.now())
    browser = client_for(world.school)
    browser.force_login(boss)
    page = page_of(browser, world.membership(world.students[0]))
    assert f"group {world.g_paris[:4]}" in page
    assert str(run.pk) not in page and "/directory/mappings/" not in page
