"""Who leaves, who returns, who stays whatever the directory says (CAM-2, DIR-3)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Grant, Session
from apps.campuses.models import CampusMembership
from apps.campuses.services import memberships
from apps.core.actor import Role
from tests.conftest import client_for
from tests.directory.world import ADMIN
from tests.people import acting


@pytest.fixture
def settled(world):
    world.standard()
    world.run()
    return world


def test_the_removed_return_with_their_roles(settled):
    someone = settled.staff[0]
    settled.remove(settled.g_lyon, someone)
    settled.run()
    assert settled.user(someone).status == "departed"
    settled.add(settled.g_lyon, someone)
    run = settled.run()
    assert settled.reasons(run) == {("restored", "returned"): 1}
    assert settled.user(someone).status == "active"
    assert settled.places() == settled.model()
    states = list(settled.membership(someone, settled.lyon).events.order_by("id").values_list("to_state", flat=True))
    assert states == ["active", "ended", "active"]


def test_the_disabled_return_when_enabled(settled):
    settled.change(settled.students[0], accountEnabled=False)
    assert settled.reasons(settled.run()) == {("deactivated", "disabled"): 1}
    settled.change(settled.students[0], accountEnabled=True)
    assert settled.reasons(settled.run()) == {("restored", "returned"): 1}


def test_the_deleted_and_restored_return(settled):
    settled.sim.delete_person(settled.tid, settled.students[0])
    assert settled.reasons(settled.run()) == {("deactivated", "removed"): 1}
    settled.sim.restore_person(settled.tid, settled.students[0])
    assert settled.reasons(settled.run()) == {("restored", "returned"): 1}


def test_who_returns_at_another_campus_gets_the_account_back(settled):
    settled.remove(settled.g_paris, settled.students[0])
    settled.run()
    settled.add(settled.g_lyon, settled.students[0])
    run = settled.run()
    assert settled.reasons(run) == {("added", "listed"): 1}
    assert settled.user(settled.students[0]).status == "active"
    assert settled.places() == settled.model()


def test_who_left_by_choice_is_not_added_again(settled):
    membership = settled.membership(settled.students[0])
    memberships.leave_campus(actor=acting(membership.user), membership_id=membership.pk, now=timezone.now())
    run = settled.run()
    assert settled.reasons(run) == {("skipped", "left-by-choice"): 1}
    membership.refresh_from_db()
    assert (membership.state, membership.cause) == ("ended", "left")


def test_whom_an_administrator_ended_is_not_added_again(settled):
    membership = settled.membership(settled.students[0])
    memberships.end_membership(actor=ADMIN, membership_id=membership.pk, now=timezone.now())
    assert settled.reasons(settled.run()) == {("skipped", "ended-by-admin"): 1}


def test_a_suspended_membership_stays_suspended_listed_or_not(settled):
    membership = settled.membership(settled.students[0])
    memberships.suspend_membership(actor=ADMIN, membership_id=membership.pk, now=timezone.now())
    assert settled.reasons(settled.run()) == {("skipped", "suspended"): 1}
    settled.remove(settled.g_paris, settled.students[0])
    assert settled.run().counts == {}
    membership.refresh_from_db()
    assert membership.state == "suspended"


def test_an_account_closed_by_an_administrator_is_not_opened_by_another_group(settled):
    from apps.accounts.services import lifecycle

    user = settled.user(settled.students[0])
    lifecycle.depart_users(ADMIN, [user.pk], "left the school")
    settled.add(settled.g_lyon, settled.students[0])
    assert settled.reasons(settled.run()) == {("skipped", "departed-by-admin"): 1}
    user.refresh_from_db()
    assert user.status == "departed"


def test_always_keep_wins_over_a_removal(settled):
    membership = settled.membership(settled.students[0])
    memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="keep", now=timezone.now())
    settled.remove(settled.g_paris, settled.students[0])
    assert settled.reasons(settled.run()) == {("skipped", "pinned-keep"): 1}
    membership.refresh_from_db()
    assert membership.state == "active" and membership.user.is_active


def test_never_activate_wins_over_a_listing(settled):
    membership = settled.membership(settled.students[0])
    memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="never", now=timezone.now())
    for _twice in range(2):
        assert settled.reasons(settled.run()) == {("skipped", "pinned-never"): 1}
    membership.refresh_from_db()
    assert membership.state == "ended"


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.AUDITOR])
def test_people_with_a_role_in_the_school_keep_their_account(settled, role):
    """The last owner cannot be locked out by a mistake in a group."""
    user = settled.user(settled.students[0])
    Grant.objects.create(user=user, role=role.value, scope_kind="school")
    settled.remove(settled.g_paris, settled.students[0])
    run = settled.run()
    assert settled.reasons(run) == {("deactivated", "removed"): 1, ("skipped", "holds-role"): 1}
    user.refresh_from_db()
    assert user.status == "active"
    assert settled.membership(settled.students[0]).state == "ended"


def test_a_paused_mapping_removes_nobody(settled):
    from apps.directory.services import mappings

    mapping = settled.paris.group_mappings.get()
    mappings.change_mapping(
        actor=ADMIN, mapping_id=mapping.pk, now=timezone.now(), role="member", transitive=True, active=False
    )
    before = settled.places()
    run = settled.run()
    assert settled.places() == before
    assert settled.reasons(run) == {("skipped", "paused"): 8}


def test_a_removed_mapping_asks_before_it_empties_a_campus(settled):
    from apps.directory.services import mappings

    mappings.remove_mapping(actor=ADMIN, mapping_id=settled.paris.group_mappings.get().pk, now=timezone.now())
    run = settled.run()
    assert (run.state, run.affected) == ("held", 8)
    settled.approve(run)
    assert {campus for _person, campus, _role in settled.places()} == {"Lyon"}


def test_an_archived_campus_is_left_as_it_is(settled):
    from apps.campuses.services import campuses

    campuses.archive_campus(actor=ADMIN, campus_id=settled.paris.pk, now=timezone.now())
    run = settled.run()
    assert run.state == "done" and run.counts == {}
    assert CampusMembership.objects.filter(campus=settled.paris, state="active").count() == 8


def test_the_open_session_of_a_deactivated_person_is_refused_at_the_next_request(settled, client):
    """Sessions end in the transaction of the change; somebody who stays keeps theirs."""
    leaving, staying = settled.user(settled.students[0]), settled.user(settled.students[1])
    other = client_for(settled.school)
    client.force_login(leaving)
    other.force_login(staying)
    assert client.get("/directory/").status_code == other.get("/directory/").status_code == 403, "known, not allowed"
    settled.remove(settled.g_paris, settled.students[0])
    settled.run()
    answer = client.get("/directory/")
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("accounts:sign_in"))
    assert not Session.objects.filter(user=leaving, ended_at=None).exists()
    assert other.get("/directory/").status_code == 403


def test_the_audit_trail_tells_of_the_run_and_of_the_person(settled):
    from apps.audit.models import AuditEvent

    settled.remove(settled.g_paris, settled.students[0])
    run = settled.run()
    ended = AuditEvent.objects.get(act="directory.run_ended", target_id=str(run.pk))
    assert ended.data["counts"] == {"deactivated": 1}
    departed = AuditEvent.objects.get(act="person.departed")
    assert departed.target_id == str(settled.user(settled.students[0]).pk)
    assert departed.actor_label.startswith("directory run")
