"""One undo of a whole run: exactly the state before, except what people changed since, which is listed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Grant, Identity, Session, User
from apps.accounts.services import lifecycle
from apps.audit.models import AuditEvent
from apps.campuses.models import CampusMembership, MembershipEvent
from apps.campuses.services import memberships
from apps.core.errors import Forbidden
from apps.directory.models import DirectoryRun
from apps.directory.services import requests, runs
from tests.directory.world import ADMIN, no_sleep
from tests.people import acting, person


def exact():
    """Every fact of people, places and identities, moments and the writing run included."""
    return {
        model.__name__: sorted(repr(sorted(row.items())) for row in model.objects.values(*columns(model)))
        for model in (User, Identity, CampusMembership)
    }


def columns(model):
    # who is departed again departs today: periods of retention begin anew, so nothing is deleted too early
    return [f.attname for f in model._meta.concrete_fields if f.attname not in ("search", "departed_at")]


def undo(world, run, *, approve=True, **options):
    taken_back = world.carry_out(requests.request_undo(actor=ADMIN, run_id=run.pk, now=timezone.now()))
    if approve and taken_back.state == "held":
        requests.approve_run(actor=ADMIN, run_id=taken_back.pk, now=timezone.now())
        taken_back = world.carry_out(taken_back, **options)
    return taken_back


def everything_at_once(world):
    """A directory that gives every kind of change; the run that follows."""
    tutors = world.group("Tutors", world.students[6:7])
    world.map(tutors, world.paris, "staff")
    newcomer = world.person(givenName="Ada", surname="Nouvelle")
    world.add(world.g_paris, newcomer, world.returning)
    world.remove(world.g_paris, world.students[0])
    addresses = {p["id"]: p["mail"] for p in world.sim.people(world.tid)}
    world.change(world.students[1], mail=addresses[world.students[2]], surname="Échangée")
    world.change(world.students[2], mail=addresses[world.students[1]], userPrincipalName="new.upn@lumiere.example")
    world.change(world.staff[0], department="Physique", jobTitle="Professeure")
    world.remove(world.g_lyon, world.staff[1])
    world.add(world.g_paris, world.staff[1])
    run = world.run(chunk=2)
    assert run.state == "done", run.error_detail
    assert set(run.counts) == {"added", "updated", "moved", "deactivated", "restored"}
    return run


@pytest.fixture
def settled(world):
    world.standard()
    world.run()
    world.returning = world.students.pop()
    world.remove(world.g_paris, world.returning)
    world.run()
    return world


@pytest.mark.parametrize("chunk", [1, 3, 5000])
def test_a_whole_run_is_taken_back_exactly(settled, chunk):
    before = exact()
    run = everything_at_once(settled)
    assert exact() != before
    taken_back = undo(settled, run, chunk=chunk)
    assert (taken_back.state, taken_back.error_code) == ("done", "")
    assert exact() == before
    assert not settled.changes(taken_back, kind="conflict")
    assert taken_back.applied == taken_back.to_apply


def test_the_first_run_is_taken_back_to_an_empty_school(world):
    before = exact()
    world.standard()
    run = world.run()
    assert undo(world, run).state == "done"
    assert exact() == before


def test_nothing_is_taken_back_before_somebody_has_seen_the_list(settled):
    run = everything_at_once(settled)
    after = exact()
    waiting = undo(settled, run, approve=False)
    assert (waiting.state, waiting.hold_reason) == ("held", "undo")
    assert exact() == after
    told = {(c.kind, c.name) for c in settled.changes(waiting)}
    assert ("removed", "Ada Nouvelle") in told
    refused = requests.refuse_run(actor=ADMIN, run_id=waiting.pk, now=timezone.now())
    assert refused.state == "refused" and exact() == after


def test_what_people_changed_since_stays_and_is_listed(settled):
    run = everything_at_once(settled)
    newcomer = User.objects.get(family_name="Nouvelle")
    pinned = newcomer.campus_memberships.get()
    memberships.pin_membership(actor=ADMIN, membership_id=pinned.pk, pin="keep", now=timezone.now())
    tutor = settled.membership(settled.students[6])
    memberships.change_role(actor=ADMIN, membership_id=tutor.pk, role="manager", now=timezone.now())
    teacher = settled.user(settled.staff[0])
    User.objects.filter(pk=teacher.pk).update(job_title="Directrice")
    taken_back = undo(settled, run)
    assert taken_back.state == "done"
    conflicts = {(c.name, c.reason) for c in settled.changes(taken_back, kind="conflict")}
    assert conflicts == {
        ("Ada Nouvelle", "pinned-keep"), (settled.user(settled.students[6]).name, "changed-since"),
        (teacher.name, "changed-since"),
    }  # fmt: skip
    tutor.refresh_from_db()
    teacher.refresh_from_db()
    assert (tutor.role, tutor.source) == ("manager", "manual")
    assert (teacher.job_title, teacher.department) == ("Directrice", ""), "the field nobody touched is taken back"
    assert newcomer.campus_memberships.get().state == "active"
    assert settled.user(settled.students[0]).status == "active"


def test_what_people_change_while_the_undo_waits_stays_too(settled):
    run = everything_at_once(settled)
    waiting = undo(settled, run, approve=False)
    back = settled.membership(settled.returning)
    memberships.suspend_membership(actor=ADMIN, membership_id=back.pk, now=timezone.now())
    User.objects.filter(identities__object_id=settled.staff[0]).update(department="Chimie")
    requests.approve_run(actor=ADMIN, run_id=waiting.pk, now=timezone.now())
    taken_back = settled.carry_out(waiting)
    assert taken_back.state == "done"
    back.refresh_from_db()
    assert back.state == "suspended"
    assert settled.user(settled.staff[0]).department == "Chimie"
    overtaken = {c.user_id for c in settled.changes(taken_back, overtaken=True)}
    assert overtaken == {back.user_id, settled.user(settled.staff[0]).pk}


def test_an_account_that_was_used_is_closed_and_not_deleted(settled, client):
    run = everything_at_once(settled)
    newcomer = User.objects.get(family_name="Nouvelle")
    client.force_login(newcomer)
    taken_back = undo(settled, run)
    newcomer.refresh_from_db()
    assert newcomer.status == "departed"
    assert (
        not newcomer.campus_memberships.exists() and not Session.objects.filter(user=newcomer, ended_at=None).exists()
    )
    assert ("conflict", "used-since") in settled.reasons(taken_back)


def test_an_account_that_something_points_to_is_not_deleted(settled):
    run = everything_at_once(settled)
    newcomer = User.objects.get(family_name="Nouvelle")
    Grant.objects.create(user=newcomer, role="auditor", scope_kind="school")
    undo(settled, run)
    newcomer.refresh_from_db()
    assert newcomer.status == "active", "who holds a role keeps the account"
    assert not newcomer.campus_memberships.exists()


def test_an_account_used_between_the_list_and_the_approval_is_not_deleted(settled):
    run = everything_at_once(settled)
    waiting = undo(settled, run, approve=False)
    newcomer = User.objects.get(family_name="Nouvelle")
    User.objects.filter(pk=newcomer.pk).update(last_login=timezone.now())
    requests.approve_run(actor=ADMIN, run_id=waiting.pk, now=timezone.now())
    assert settled.carry_out(waiting).state == "done"
    newcomer.refresh_from_db()
    assert newcomer.status == "departed"


def test_an_address_that_went_to_somebody_else_is_not_taken_from_them(settled):
    old = settled.user(settled.students[1]).email
    settled.change(settled.students[1], mail="married@lumiere.example")
    run = settled.run()
    other = person(old)
    taken_back = undo(settled, run)
    assert settled.reasons(taken_back) == {("conflict", "address-taken"): 1}
    assert (taken_back.state, taken_back.applied) == ("done", 0)
    assert settled.user(settled.students[1]).email == "married@lumiere.example"
    other.refresh_from_db()
    assert other.email == old


def test_what_a_later_run_wrote_stays(settled):
    run = everything_at_once(settled)
    (tutors,) = [m.group_id for m in settled.paris.group_mappings.filter(role="staff")]
    settled.add(tutors, settled.returning)
    settled.run()
    taken_back = undo(settled, run)
    (conflict,) = settled.changes(taken_back, kind="conflict")
    assert (conflict.reason, conflict.user_id) == ("later-run", settled.user(settled.returning).pk)
    assert settled.membership(settled.returning).role == "staff"


def test_asking_twice_is_one_undo_and_doing_it_twice_changes_nothing(settled):
    before = exact()
    run = everything_at_once(settled)
    first = requests.request_undo(actor=ADMIN, run_id=run.pk, now=timezone.now())
    assert requests.request_undo(actor=ADMIN, run_id=run.pk, now=timezone.now()) == first
    done = undo(settled, run)
    assert done == first and exact() == before
    assert requests.request_undo(actor=ADMIN, run_id=run.pk, now=timezone.now()) == first
    assert runs.carry_out(run_id=first.pk, make_graph=settled.graph) is None
    assert exact() == before


def test_an_undo_that_was_cancelled_on_its_way_is_finished_by_the_next(settled):
    before = exact()
    run = everything_at_once(settled)
    waiting = undo(settled, run, approve=False)
    requests.approve_run(actor=ADMIN, run_id=waiting.pk, now=timezone.now())

    def clock():
        if DirectoryRun.objects.get(pk=waiting.pk).applied >= 2:
            requests.cancel_run(actor=ADMIN, run_id=waiting.pk, now=timezone.now())
        return timezone.now()

    runs.carry_out(run_id=waiting.pk, make_graph=settled.graph, sleep=no_sleep, chunk=1, clock=clock)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled" and 0 < waiting.applied < waiting.to_apply
    rest = undo(settled, run)
    assert rest != waiting and rest.state == "done"
    assert exact() == before


def test_a_run_that_stopped_on_its_way_is_taken_back_as_far_as_it_came(settled):
    before = exact()
    settled.add(settled.g_paris, *settled.people(6))
    run = settled.request()

    def clock():
        if DirectoryRun.objects.get(pk=run.pk).applied >= 3:
            requests.cancel_run(actor=ADMIN, run_id=run.pk, now=timezone.now())
        return timezone.now()

    runs.carry_out(run_id=run.pk, make_graph=settled.graph, sleep=no_sleep, chunk=1, clock=clock)
    run.refresh_from_db()
    assert run.state == "cancelled" and 0 < run.applied < 6
    taken_back = undo(settled, run)
    assert taken_back.to_apply == run.applied
    assert exact() == before


def test_after_an_undo_the_next_run_asks_before_it_does_all_again(settled):
    settled.add(settled.g_paris, settled.person(givenName="Ada", surname="Nouvelle"))
    run = settled.run()
    undo(settled, run)
    again = settled.run()
    assert (again.state, again.hold_reason) == ("held", "after-undo")
    again = settled.approve(again)
    assert again.state == "done" and settled.places() == settled.model()
    settled.add(settled.g_paris, *settled.people(1))
    assert settled.run().state == "done", "once approved, runs go on by themselves"


def test_who_may_and_what_cannot_be_taken_back(settled):
    run = everything_at_once(settled)
    with pytest.raises(Forbidden):
        requests.request_undo(actor=acting(person("student@lumiere.example")), run_id=run.pk, now=timezone.now())
    preview = settled.run(preview=True)
    with pytest.raises(requests.RunRefused, match="changed nothing"):
        requests.request_undo(actor=ADMIN, run_id=preview.pk, now=timezone.now())
    taken_back = undo(settled, run)
    with pytest.raises(requests.RunRefused, match="took another one back"):
        requests.request_undo(actor=ADMIN, run_id=taken_back.pk, now=timezone.now())


def test_no_undo_beside_a_run_that_is_under_way(settled):
    run = everything_at_once(settled)
    settled.request()
    with pytest.raises(requests.RunRefused, match="under way"):
        requests.request_undo(actor=ADMIN, run_id=run.pk, now=timezone.now())


def test_the_trail_and_the_history_tell_of_it(settled):
    run = everything_at_once(settled)
    taken_back = undo(settled, run)
    acts = set(AuditEvent.objects.filter(target_id__in=[str(run.pk), str(taken_back.pk)]).values_list("act", flat=True))
    assert {"directory.run_undo_requested", "directory.run_approved", "directory.run_ended"} <= acts
    event = MembershipEvent.objects.filter(membership=settled.membership(settled.students[0])).latest("id")
    assert (event.from_state, event.to_state, event.cause, event.run_id) == ("ended", "active", "undone", taken_back.pk)


def test_a_worker_that_dies_in_an_undo_is_followed_by_another(settled):
    before = exact()
    run = everything_at_once(settled)
    waiting = undo(settled, run, approve=False)
    requests.approve_run(actor=ADMIN, run_id=waiting.pk, now=timezone.now())

    class Died(BaseException):
        """As a kill: nothing of the worker's own clean-up runs."""

    def clock():
        if DirectoryRun.objects.get(pk=waiting.pk).applied >= 2:
            raise Died
        return timezone.now()

    with pytest.raises(Died):
        runs.carry_out(run_id=waiting.pk, make_graph=settled.graph, chunk=1, clock=clock)
    waiting.refresh_from_db()
    assert waiting.state == "applying" and exact() != before
    DirectoryRun.objects.filter(pk=waiting.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert requests.sweep(now=timezone.now()) == 1
    assert settled.carry_out(waiting, chunk=1).state == "done"
    assert exact() == before


def test_who_was_closed_by_somebody_else_meanwhile_is_not_opened(settled):
    """The run did not close this account, so its undo does not open it."""
    run = everything_at_once(settled)
    gone = settled.user(settled.students[0])
    lifecycle.reinstate_users(ADMIN, [gone.pk])
    lifecycle.suspend_users(ADMIN, [gone.pk], "an inquiry")
    undo(settled, run)
    gone.refresh_from_db()
    assert gone.status == "suspended"
