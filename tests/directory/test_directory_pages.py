"""Pages of the directory: who may see them, what they show, what they do."""

import csv
import uuid

import pytest
from django.urls import reverse
from django.utils.html import escape

from apps.audit.models import AuditEvent
from apps.directory.models import DirectoryChange, DirectoryRun, GroupMapping
from tests.conftest import client_for
from tests.people import admin, auditor, person

pytestmark = pytest.mark.usefixtures("lumiere")


@pytest.fixture
def chief(world, client):
    client.force_login(admin())
    return client


def url(name, *args):
    return reverse(f"directory:{name}", args=args)


def text(response):
    return response.content.decode()


def test_without_a_link_the_page_says_what_to_do(lumiere, client):
    client.force_login(admin())
    page = text(client.get("/directory/"))
    assert "Microsoft" in page
    assert url("start") not in page


def test_the_way_from_nothing_to_a_run(world, chief):
    students = world.people(5)
    group = world.group("Étudiants de Paris", students)
    found = chief.get(url("mapping_create"), {"q": "Étudiants"}, headers={"hx-request": "true"})
    assert "Étudiants de Paris" in text(found) and "<html" not in text(found)
    assert "5" in text(chief.get(url("group_count", group)))
    answer = chief.post(
        url("mapping_create"), {"group": group, "campus": world.paris.pk, "role": "member", "transitive": "on"}
    )
    assert answer.status_code == 302
    mapping = GroupMapping.objects.get()
    assert (mapping.group_id, mapping.group_name) == (group, "Étudiants de Paris"), "the name is Microsoft's own"
    answer = chief.post(url("start"), {"kind": "preview"})
    run = DirectoryRun.objects.get()
    assert answer["Location"] == url("run", run.pk) and run.is_preview
    world.carry_out(run)
    page = chief.get(url("run", run.pk))
    assert all(escape(person["displayName"]) in text(page) for person in world.sim.people(world.tid))
    assert world.places() == set()


def test_a_mapping_without_a_group_or_campus_is_refused_with_the_reason(world, chief):
    world.group("Some", world.people(1))
    answer = chief.post(url("mapping_create"), {"campus": world.paris.pk, "role": "member"})
    assert answer.status_code == 422
    assert chief.post(url("mapping_create"), {"group": "x", "role": "member"}).status_code == 422
    gone = {"group": "00000000-0000-4000-8000-000000000000", "campus": world.paris.pk, "role": "member"}
    assert chief.post(url("mapping_create"), gone).status_code == 422
    assert not GroupMapping.objects.exists()


def test_microsoft_away_is_said_on_the_page(world, chief, settings):
    settings.MICROSOFT_GRAPH_URL = "http://localhost:9/graph/v1.0"
    answer = chief.get(url("mapping_create"))
    assert answer.status_code == 200
    assert 'role="alert"' in text(answer)


def test_progress_answers_the_card_alone_and_reloads_the_page_at_the_end(world, chief):
    world.standard()
    run = world.request()
    moving = chief.get(url("progress", run.pk))
    assert f'hx-get="{url("progress", run.pk)}"' in text(moving) and "<html" not in text(moving)
    assert "HX-Refresh" not in moving.headers
    world.carry_out(run)
    ended = chief.get(url("progress", run.pk))
    assert ended["HX-Refresh"] == "true"
    assert url("progress", run.pk) not in text(ended)


def test_changes_can_be_filtered_and_searched(world, chief):
    world.standard()
    world.add(world.g_paris, world.person(givenName="Gérard", surname="Invité", userType="Guest"))
    run = world.run()
    skipped = text(chief.get(url("run", run.pk), {"kind": "skipped"}))
    assert "Invité" in skipped and world.user(world.students[0]).email not in skipped
    name = world.user(world.students[0])
    found = text(chief.get(url("run", run.pk), {"q": name.email}))
    assert name.email in found and world.user(world.students[1]).email not in found
    assert chief.get(url("run", run.pk), {"kind": "nonsense", "page": "x"}).status_code == 200


def test_changes_can_be_taken_away_as_they_are_filtered(world, chief, lumiere):
    world.standard()
    run = world.run()
    every = read_csv(chief.get(url("run_export", run.pk)))
    added = read_csv(chief.get(url("run_export", run.pk) + "?kind=added"))
    assert every[0][:4] == ["name", "e-mail", "object id", "change"]
    assert len(every) - 1 == DirectoryChange.objects.filter(run=run).count()
    assert {row[3] for row in added[1:]} == {"added"}
    assert 1 < len(added) <= len(every)
    assert chief.get(url("run_export", uuid.uuid4())).status_code == 404
    assert AuditEvent.objects.filter(act="directory.changes_exported").count() == 2


def read_csv(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(content.splitlines()))


def test_a_held_run_is_decided_on_its_page(world, chief):
    world.standard(students=20)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    run = world.run()
    page = text(chief.get(url("run", run.pk)))
    assert url("approve", run.pk) in page and url("refuse", run.pk) in page
    assert world.user(world.students[0]).email in page
    assert chief.post(url("approve", run.pk)).status_code == 302
    world.carry_out(run)
    assert run.state == "done"
    assert world.places() == world.model()


@pytest.mark.parametrize("state", ["held", "partial", "failed", "cancelled", "refused", "done", "queued", "applying"])
def test_every_state_has_a_page(world, chief, state):
    world.standard()
    run = world.run()
    DirectoryRun.objects.filter(pk=run.pk).update(
        state=state, error_code="graph-forbidden" if state == "failed" else ""
    )
    assert chief.get(url("run", run.pk)).status_code == 200
    assert chief.get("/directory/").status_code == 200


def test_an_auditor_sees_and_does_nothing(world):
    world.standard()
    run = world.run()
    looker = client_for(world.school)
    looker.force_login(auditor())
    page = looker.get("/directory/")
    assert page.status_code == 200
    assert f'action="{url("start")}"' not in text(page)
    for name, args in (("start", ()), ("cancel", (run.pk,)), ("retry", (run.pk,)), ("approve", (run.pk,))):
        assert looker.post(url(name, *args)).status_code == 403, name
    assert looker.get(url("mapping_create")).status_code == 403


def test_a_student_sees_nothing_of_it(world):
    world.standard()
    run = world.run()
    student = client_for(world.school)
    student.force_login(person())
    for name, args in (("overview", ()), ("run", (run.pk,)), ("progress", (run.pk,)), ("mapping_create", ())):
        assert student.get(url(name, *args)).status_code == 403, name


def test_the_run_of_another_school_does_not_exist(world, curie):
    from apps.tenants.context import activated

    world.standard()
    run = world.run()
    with activated(curie):
        boss = admin(email="boss@curie.example")
        other = client_for(curie)
        other.force_login(boss)
    assert other.get(url("run", run.pk)).status_code == 404
    assert other.post(url("approve", run.pk)).status_code == 404
