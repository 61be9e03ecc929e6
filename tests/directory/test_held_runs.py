"""A run that would take the access of many people stops and asks (security promise D4)."""

import pytest
from django.utils import timezone

from apps.core.errors import Forbidden
from apps.core.plan import Threshold
from apps.directory.models import DirectoryRun
from apps.directory.services import alerts, deciding, requests
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import acting, admin, auditor


@pytest.fixture
def held(world):
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:6])
    newcomer = world.people(1)[0]
    world.add(world.g_paris, newcomer)
    world.before = world.places()
    world.held_run = world.run()
    return world


@pytest.mark.parametrize(
    ("total", "affected", "holds"),
    [(24, 5, False), (24, 6, True), (100, 10, False), (100, 11, True), (0, 0, False), (3, 3, False)],
)
def test_more_than_five_people_and_more_than_a_tenth(total, affected, holds):
    assert Threshold(percent=10, count=5).holds(total, affected) is holds


def test_nothing_is_done_and_the_list_is_shown(held):
    run = held.held_run
    assert (run.state, run.affected, run.population, run.hold_reason) == ("held", 6, 24, "threshold")
    assert held.places() == held.before
    named = {change.object_id for change in held.changes(run, kind="deactivated")}
    assert named == set(held.students[:6])


def test_five_people_are_below_the_threshold(world):
    """The control: the same directory with one person less is applied."""
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:5])
    assert world.run().state == "done"
    assert world.places() == world.model()


def test_approved_it_does_what_the_list_says(held):
    run = held.approve(held.held_run)
    assert run.state == "done"
    assert held.places() == held.model()
    assert run.decided_by == ADMIN.label


def test_approving_twice_is_one_approval(held):
    held.approve(held.held_run)
    requests.approve_run(actor=ADMIN, run_id=held.held_run.pk, now=timezone.now())
    assert held.carry_out(held.held_run).state == "done"


def test_refused_nothing_is_done(held):
    run = requests.refuse_run(actor=ADMIN, run_id=held.held_run.pk, now=timezone.now())
    assert run.state == "refused"
    held.carry_out(run)
    assert held.places() == held.before
    with pytest.raises(requests.RunRefused):
        requests.approve_run(actor=ADMIN, run_id=run.pk, now=timezone.now())


def test_a_new_run_takes_the_place_of_a_held_one(held):
    held.add(held.g_paris, *held.students[:6])
    assert held.run().state == "done"
    held.held_run.refresh_from_db()
    assert (held.held_run.state, held.held_run.error_code) == ("cancelled", "superseded")
    assert held.places() == held.model()


def test_a_held_run_waits_until_another_one_has_its_own_list(held):
    """A run that is only queued, or that breaks, takes nothing away from who is deciding."""
    chief = client_for(held.school)
    chief.force_login(admin(locale="en"))
    queued = requests.request_run(actor=ADMIN, now=timezone.now())
    held.held_run.refresh_from_db()
    assert held.held_run.state == "held"
    held.sim.permissions(held.tid, [])
    assert held.carry_out(queued).state == "failed"
    alerts.watch(now=timezone.now())
    assert "waits for your decision" in chief.get("/").content.decode(), "it is older than the fault, and still open"
    assert held.approve(held.held_run).state == "done"


def test_asking_to_take_an_earlier_run_back_takes_nothing_from_who_is_deciding(held):
    """The undo takes the place of the held run when it has a list of its own to decide about, and not before."""
    first = DirectoryRun.objects.order_by("created_at").first()
    asked = requests.request_undo(actor=ADMIN, run_id=first.pk, now=timezone.now())
    held.held_run.refresh_from_db()
    assert held.held_run.state == "held"
    requests.cancel_run(actor=ADMIN, run_id=asked.pk, now=timezone.now())
    held.held_run.refresh_from_db()
    assert held.held_run.state == "held"

    undo = held.carry_out(requests.request_undo(actor=ADMIN, run_id=first.pk, now=timezone.now()))
    held.held_run.refresh_from_db()
    assert undo.state == "held" and (held.held_run.state, held.held_run.error_code) == ("cancelled", "superseded")


def test_what_was_left_out_of_a_held_list_stays_out_of_the_one_that_takes_its_place(held):
    first, second = held.changes(held.held_run, kind="deactivated")[:2]
    deciding.leave_out(actor=ADMIN, run_id=held.held_run.pk, change_ids=[first.pk], now=timezone.now())
    held.remove(held.g_paris, held.students[6])
    newer = held.run()
    assert (newer.state, newer.affected) == ("held", 6)
    assert [line.object_id for line in held.changes(newer, reason="left-out")] == [first.object_id]
    held.held_run.refresh_from_db()
    assert (held.held_run.state, held.held_run.error_code) == ("cancelled", "superseded")
    put = held.changes(newer, reason="left-out")
    assert deciding.put_back(actor=ADMIN, run_id=newer.pk, change_ids=[put[0].pk], now=timezone.now()) == 1
    assert held.approve(newer).state == "done" and held.places() == held.model()
    assert second.object_id not in {one for one, _campus, _role in held.places()}


def test_who_has_begun_to_decide_is_asked_again_whatever_the_numbers(held):
    lines = held.changes(held.held_run, kind="deactivated")
    deciding.leave_out(actor=ADMIN, run_id=held.held_run.pk, change_ids=[line.pk for line in lines], now=timezone.now())
    newer = held.run()
    assert (newer.state, newer.affected) == ("held", 0)


def test_the_page_of_a_run_whose_place_was_taken_leads_to_the_newer_one(held):
    chief = client_for(held.school)
    chief.force_login(admin(locale="en"))
    newer = held.run()
    page = chief.get(f"/directory/runs/{held.held_run.pk}/").content.decode()
    assert "A newer run took the place of this one" in page and f'href="/directory/runs/{newer.pk}/"' in page
    assert "A newer run took the place" not in chief.get(f"/directory/runs/{newer.pk}/").content.decode()


def test_a_preview_takes_nobody_s_place(held):
    """The list that somebody is to decide about outlives whoever presses Preview, with what was left out of it."""
    chief = client_for(held.school)
    chief.force_login(admin(locale="en"))
    first = held.changes(held.held_run, kind="deactivated")[0]
    deciding.leave_out(actor=ADMIN, run_id=held.held_run.pk, change_ids=[first.pk], now=timezone.now())
    answer = chief.post("/directory/runs/", {"kind": "preview"}, follow=True)
    assert "still waits for your decision" in answer.content.decode()
    preview = held.carry_out(DirectoryRun.objects.get(kind="preview"))
    assert (preview.state, preview.counts["deactivated"]) == ("done", 6)
    held.held_run.refresh_from_db()
    assert (held.held_run.state, held.held_run.affected) == ("held", 5)
    overview = chief.get("/directory/").content.decode()
    assert f"/directory/runs/{held.held_run.pk}/" in overview and "takes its place" in overview
    assert held.approve(held.held_run).state == "done"
    assert held.places() == held.model() | {(first.object_id, "Paris", "member")}


def test_who_changed_meanwhile_is_left_alone_and_said(held):
    """An approval may come days later: a membership that an administrator took over is not ended any more."""
    from apps.campuses.services import memberships

    kept = held.membership(held.students[0])
    memberships.change_role(actor=ADMIN, membership_id=kept.pk, role="staff", now=timezone.now())
    run = held.approve(held.held_run)
    assert run.state == "done"
    kept.refresh_from_db()
    assert (kept.state, kept.role) == ("active", "staff")
    (overtaken,) = held.changes(run, overtaken=True)
    assert overtaken.object_id == held.students[0]
    assert held.user(held.students[0]).status == "active"


def test_only_administrators_decide(held):
    for decide in (requests.approve_run, requests.refuse_run, requests.cancel_run, requests.retry_run):
        with pytest.raises(Forbidden):
            decide(actor=acting(auditor()), run_id=held.held_run.pk, now=timezone.now())
    assert requests.refuse_run(actor=acting(admin()), run_id=held.held_run.pk, now=timezone.now()).state == "refused"


def test_people_who_move_between_campuses_do_not_count(world):
    world.standard(students=20, staff=4)
    world.run()
    world.remove(world.g_paris, *world.students[:8])
    world.add(world.g_lyon, *world.students[:8])
    run = world.run()
    assert (run.state, run.affected) == ("done", 0)
    assert world.places() == world.model()
