"""A mapping is tried on real people before it is saved."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.campuses.models import CampusMembership
from apps.directory.models import DirectoryRun, GroupMapping
from apps.directory.services import drafts
from apps.directory.services.drafts import Draft
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import admin


@pytest.fixture
def chief(world):
    browser = client_for(world.school)
    browser.force_login(admin(locale="en"))
    return browser


def tried(world, **fields) -> DirectoryRun:
    draft = Draft(**{"group_name": "Tried", "campus_id": str(world.paris.pk), "role": "member", **fields})
    return world.carry_out(drafts.preview_draft(actor=ADMIN, draft=draft, now=timezone.now()))


def test_a_new_mapping_is_previewed_by_name_and_then_saved(world, chief):
    world.standard()
    world.run()
    before = world.places()
    newcomers = world.people(3)
    guest = world.person(givenName="Gérard", surname="Invité", userType="Guest")
    group = world.group("Nouveaux", [*newcomers, guest, world.students[0]])
    form = {"group": group, "campus": world.lyon.pk, "role": "staff", "transitive": "on", "act": "preview"}
    answer = chief.post(reverse("directory:mapping_create"), form)
    run = DirectoryRun.objects.get(kind="preview")
    assert answer["Location"] == reverse("directory:run", args=[run.pk]) + f"?campus={world.lyon.pk}"
    assert not GroupMapping.objects.filter(group_id=group).exists(), "nothing is saved yet"
    world.carry_out(run)
    assert run.state == "done" and world.places() == before
    added = {change.object_id: change.after["role"] for change in world.changes(run, kind="added")}
    assert added == dict.fromkeys([*newcomers, world.students[0]], "staff")
    assert world.reasons(run)["skipped", "guest"] == 1
    page = chief.get(reverse("directory:run", args=[run.pk])).content.decode()
    names = [person["displayName"] for person in world.sim.people(world.tid) if person["id"] in newcomers]
    assert all(escape(name) in page for name in names) and "Invité" in page
    assert "Save the mapping" in page and "Nouveaux" in page
    assert chief.post(reverse("directory:draft_save", args=[run.pk])).status_code == 302
    assert GroupMapping.objects.get(group_id=group).role == "staff"
    world.run()
    assert {(one, "Lyon", "staff") for one in newcomers} <= world.places()


def test_a_change_is_tried_in_place_of_the_saved_mapping(world):
    world.standard()
    world.run()
    saved = GroupMapping.objects.get(group_id=world.g_paris)
    run = tried(world, group_id=world.g_paris, role="staff", mapping_id=str(saved.pk))
    assert {change.after["role"] for change in world.changes(run, kind="moved")} == {"staff"}
    assert len(world.changes(run, kind="moved")) == len(world.students)
    saved.refresh_from_db()
    assert saved.role == "member"


def test_pausing_is_tried_too_and_removes_nobody(world):
    world.standard()
    world.run()
    saved = GroupMapping.objects.get(group_id=world.g_paris)
    run = tried(world, group_id=world.g_paris, mapping_id=str(saved.pk), active=False)
    assert world.changes(run, kind="deactivated") == []
    assert world.reasons(run)["skipped", "paused"] == len(world.students)


def test_a_preview_neither_waits_for_a_run_nor_pushes_a_held_one_aside(world):
    world.standard(students=20)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    held = world.run()
    assert held.state == "held"
    run = tried(world, group_id=world.g_lyon, group_name="Lyon")
    assert run.state == "done"
    held.refresh_from_db()
    assert held.state == "held"


def test_a_newer_preview_takes_the_place_of_an_older_one(world):
    world.standard()
    draft = Draft(group_id=world.g_lyon, group_name="Lyon", campus_id=str(world.paris.pk), role="member")
    first = drafts.preview_draft(actor=ADMIN, draft=draft, now=timezone.now())
    second = drafts.preview_draft(actor=ADMIN, draft=draft, now=timezone.now())
    first.refresh_from_db()
    assert (first.state, first.error_code) == ("cancelled", "superseded")
    assert world.carry_out(second).state == "done"
    assert not CampusMembership.objects.exists()


def test_coming_back_from_the_preview_finds_what_was_chosen(world, chief):
    world.standard()
    run = tried(world, group_id=world.g_lyon, group_name="Lyon", role="staff", transitive=False)
    page = chief.get(reverse("directory:run", args=[run.pk])).content.decode()
    assert "without nested groups" in page
    url = f"/directory/mappings/new/?campus={world.paris.pk}&role=staff&transitive=False&group={world.g_lyon}"
    assert url.replace("&", "&amp;") in page
    editor = chief.get(url).content.decode()
    assert '<option value="staff" selected>' in editor
    assert 'name="transitive"' in editor and 'id="id_transitive" checked' not in editor
