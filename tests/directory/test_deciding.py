"""A held run is decided person by person, before anything of it was done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, NotVisible
from apps.directory.services import deciding, requests
from apps.tenants.services.features import change_rules
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import acting, admin, auditor


@pytest.fixture
def held(world):
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    world.held_run = world.run()
    assert (world.held_run.state, world.held_run.affected) == ("held", 7)
    return world


def lines(world, *students) -> list[int]:
    found = [change for change in world.changes(world.held_run) if change.object_id in students]
    return [change.pk for change in found]


def decide(world, service, *students, actor=ADMIN):
    number = service(actor=actor, run_id=world.held_run.pk, change_ids=lines(world, *students), now=timezone.now())
    world.held_run.refresh_from_db()
    return number


def active(world, student) -> bool:
    return world.membership(student).state == "active"


def test_who_is_left_out_stays_for_this_time(held):
    kept, gone = held.students[:2], held.students[2:7]
    assert decide(held, deciding.leave_out, *kept) == 2
    assert (held.held_run.affected, held.held_run.to_apply, held.held_run.counts["deactivated"]) == (5, 5, 5)
    held.approve(held.held_run)
    assert held.held_run.state == "done"
    assert all(active(held, student) for student in kept)
    assert not any(active(held, student) for student in gone)
    assert held.reasons(held.held_run)["skipped", "left-out"] == 2
    again = held.run()
    assert (again.state, again.affected) == ("done", 2), "the next run ends them after all: it was for this time"


def test_put_back_is_as_if_nothing_had_been_said(held):
    before = [(c.kind, c.action, c.reason, c.before) for c in held.changes(held.held_run)]
    decide(held, deciding.leave_out, *held.students[:3])
    assert decide(held, deciding.put_back, *held.students[:3]) == 3
    assert [(c.kind, c.action, c.reason, c.before) for c in held.changes(held.held_run)] == before
    assert (held.held_run.affected, held.held_run.to_apply) == (7, 7)
    held.approve(held.held_run)
    assert held.places() == held.model()


def test_who_is_kept_always_is_pinned_and_survives_every_run(held):
    chosen = held.students[0]
    assert decide(held, deciding.keep_always, chosen) == 1
    assert held.membership(chosen).pinned == "keep"
    held.approve(held.held_run)
    held.run()
    assert active(held, chosen)
    assert decide_is_over(held)


def decide_is_over(world) -> bool:
    with pytest.raises(requests.RunRefused):
        decide(world, deciding.leave_out, world.students[1])
    return True


def test_the_same_again_changes_nothing(held):
    chosen = held.students[:2]
    decide(held, deciding.leave_out, *chosen)
    assert decide(held, deciding.leave_out, *chosen) == 0
    assert AuditEvent.objects.filter(act="directory.run_adjusted").count() == 1


def test_lines_of_another_run_are_not_touched(held):
    first = held.run()  # takes the place of the held one
    old, held.held_run = held.held_run, first
    theirs = [change.pk for change in held.changes(first)]
    assert deciding.leave_out(actor=ADMIN, run_id=first.pk, change_ids=[0, -1], now=timezone.now()) == 0
    with pytest.raises(requests.RunRefused):
        deciding.leave_out(actor=ADMIN, run_id=old.pk, change_ids=theirs, now=timezone.now())
    assert held.held_run.affected == 7


def test_only_who_may_run_decides(held):
    with pytest.raises(Forbidden):
        decide(held, deciding.leave_out, held.students[0], actor=acting(auditor()))
    with pytest.raises(NotVisible):
        deciding.leave_out(actor=ADMIN, run_id=held.school.pk, change_ids=[1], now=timezone.now())


def test_on_the_page_with_names_search_and_all_that_match(held):
    browser = client_for(held.school)
    browser.force_login(admin(locale="en"))
    url = reverse("directory:run", args=[held.held_run.pk])
    selection = reverse("directory:selection", args=[held.held_run.pk])
    page = browser.get(url, {"kind": "deactivated"}).content.decode()
    named = [held.user(student) for student in held.students[:7]]
    assert all(escape(user.name) in page and f'href="/people/{user.pk}/"' in page for user in named)
    assert "Leave out this time" in page
    one = lines(held, held.students[0])
    answer = browser.post(selection + "?kind=deactivated", {"act": "leave_out", "ids": [*one, "x", "9" * 40]})
    assert answer["Location"] == url + "?kind=deactivated"
    held.held_run.refresh_from_db()
    assert held.held_run.affected == 6
    browser.post(selection + f"?q={named[1].email}", {"act": "leave_out", "all_matching": "1"})
    held.held_run.refresh_from_db()
    assert held.held_run.affected == 5
    assert "Left out of this run by an administrator" in browser.get(url, {"reason": "left-out"}).content.decode()
    looker = client_for(held.school)
    looker.force_login(auditor())
    assert "Leave out this time" not in looker.get(url).content.decode()
    assert looker.post(selection, {"act": "leave_out"}).status_code == 403


@pytest.fixture
def waiting(world, lumiere):
    """The same where the school waits some days: seven people are to become stale."""
    change_rules(actor=acting(admin()), school_id=lumiere.pk, values={"directory.grace_days": 7})
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:7])
    world.held_run = world.run()
    assert (world.held_run.state, world.held_run.affected) == ("held", 7)
    return world


def test_who_is_to_become_stale_is_decided_about_alike(waiting):
    kept, left, *gone = waiting.students[:7]
    browser = client_for(waiting.school)
    browser.force_login(admin())
    page = browser.get(reverse("directory:run", args=[waiting.held_run.pk])).content.decode()
    assert 'href="?kind=stale"' in page, "where the names are"
    assert decide(waiting, deciding.leave_out, left) == 1
    assert (waiting.held_run.affected, waiting.held_run.counts["stale"]) == (6, 6)
    assert decide(waiting, deciding.keep_always, kept) == 1
    assert waiting.membership(kept).pinned == "keep"
    assert (waiting.held_run.affected, waiting.held_run.to_apply) == (5, 5)
    waiting.approve(waiting.held_run)
    assert active(waiting, kept) and active(waiting, left)
    assert {waiting.membership(student).state for student in gone} == {"stale"}


def test_whose_days_are_over_is_active_again_when_kept_always(waiting):
    waiting.approve(waiting.held_run)
    later = timezone.now() + timedelta(days=8)
    waiting.held_run = waiting.carry_out(requests.request_run(actor=ADMIN, now=later))
    assert (waiting.held_run.state, waiting.held_run.affected) == ("held", 7)
    kept, *gone = waiting.students[:7]
    assert decide(waiting, deciding.keep_always, kept) == 1
    waiting.approve(waiting.held_run)
    assert active(waiting, kept) and waiting.membership(kept).pinned == "keep"
    assert {waiting.membership(student).state for student in gone} == {"ended"}
    assert not waiting.run().affected
