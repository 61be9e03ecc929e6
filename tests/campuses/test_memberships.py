"""Who belongs where, decided by people: every change checked, kept and recorded (CAM-2)."""

import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.campuses import selectors
from apps.campuses.models import CampusMembership, MembershipState
from apps.campuses.services import memberships
from apps.campuses.services.memberships import TRANSITIONS, PinnedAway, WrongState
from apps.core.actor import Role, Scope
from apps.core.errors import Forbidden, Invalid
from tests.campuses.conftest import ADMIN
from tests.people import acting, admin, person


def now():
    return timezone.now()


def add(campus, user=None, actor=ADMIN, **options):
    user = user or person()
    return memberships.add_member(actor=actor, user_id=user.pk, campus_id=campus.pk, now=now(), **options)


def story(membership):
    return list(membership.events.order_by("id").values_list("from_state", "to_state", "cause"))


def test_added_with_the_campus_default_role_and_its_first_line_of_history(paris):
    membership = add(paris)
    assert (membership.state, membership.role, membership.source, membership.cause) == (
        "active", "member", "manual", "admin",
    )  # fmt: skip
    assert story(membership) == [("", "active", "admin")]


def test_adding_twice_is_one_membership(paris):
    user = person()
    first = add(paris, user)
    assert add(paris, user).pk == first.pk
    assert len(story(first)) == 1
    assert AuditEvent.objects.filter(act="membership.added").count() == 1


def test_suspended_restored_ended_and_added_again(paris):
    user = person()
    membership = add(paris, user)
    for act in (memberships.suspend_membership, memberships.restore_membership, memberships.end_membership):
        for _twice in range(2):
            act(actor=ADMIN, membership_id=membership.pk, now=now(), reason="because")
    add(paris, user)
    assert [to for _from, to, _cause in story(membership)] == ["active", "suspended", "active", "ended", "active"]
    assert AuditEvent.objects.filter(act="membership.suspended", reason="because").count() == 1


SERVICES = {
    "suspended": memberships.suspend_membership,
    "active": memberships.restore_membership,
    "ended": memberships.end_membership,
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(MembershipState.values, SERVICES)))
def test_only_the_transitions_of_the_table_happen(paris, before, after):
    membership = add(paris)
    CampusMembership.objects.filter(pk=membership.pk).update(state=before)
    if before == after or after in TRANSITIONS[before]:
        assert SERVICES[after](actor=ADMIN, membership_id=membership.pk, now=now()).state == after
    else:
        with pytest.raises(WrongState):
            SERVICES[after](actor=ADMIN, membership_id=membership.pk, now=now())
        membership.refresh_from_db()
        assert membership.state == before


def test_only_active_memberships_give_rights(paris):
    user = person()
    membership = add(paris, user)
    assert acting(user).holds(Role.MEMBER, Scope("campus", paris.pk))
    memberships.suspend_membership(actor=ADMIN, membership_id=membership.pk, now=now())
    assert not acting(user).held


def test_a_manager_manages_people_of_the_own_campus_but_appoints_no_managers(paris, lyon):
    boss, chief, deputy = acting(admin()), person(), person()
    add(paris, chief, actor=boss, role="manager")
    other = add(paris, deputy, actor=boss, role="manager")
    foreign = add(lyon, actor=boss)
    chief = acting(chief)
    mine = add(paris, actor=chief, role="staff")
    memberships.end_membership(actor=chief, membership_id=mine.pk, now=now())
    with pytest.raises(Forbidden):
        add(lyon, actor=chief)
    with pytest.raises(Forbidden):
        add(paris, actor=chief, role="manager")
    with pytest.raises(Forbidden):
        memberships.end_membership(actor=chief, membership_id=foreign.pk, now=now())
    with pytest.raises(Forbidden):
        memberships.end_membership(actor=chief, membership_id=other.pk, now=now())
    with pytest.raises(Forbidden):
        memberships.change_role(actor=chief, membership_id=mine.pk, role="manager", now=now())


def test_people_leave_by_choice_only_for_themselves(paris):
    user = person()
    membership = add(paris, user)
    with pytest.raises(Forbidden):
        memberships.leave_campus(actor=acting(person()), membership_id=membership.pk, now=now())
    for _twice in range(2):
        memberships.leave_campus(actor=acting(user), membership_id=membership.pk, now=now())
    assert story(membership)[-1] == ("active", "ended", "left")


def test_exceptions(paris):
    membership = add(paris)
    memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="never", now=now())
    membership.refresh_from_db()
    assert membership.state == "ended"
    with pytest.raises(PinnedAway):
        memberships.restore_membership(actor=ADMIN, membership_id=membership.pk, now=now())
    with pytest.raises(WrongState):
        memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="keep", now=now())
    with pytest.raises(Invalid):
        memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="maybe", now=now())
    memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="", now=now())
    assert memberships.restore_membership(actor=ADMIN, membership_id=membership.pk, now=now()).is_active


def test_the_database_refuses_an_active_membership_that_must_never_be_active(paris):
    membership = add(paris)
    with pytest.raises(IntegrityError), transaction.atomic():
        CampusMembership.objects.filter(pk=membership.pk).update(pinned="never")


def test_an_accepted_invitation_to_a_campus_becomes_a_membership(paris):
    from apps.accounts import hooks

    user = person()
    news = {"actor": acting(user), "user": user, "now": now()}
    placed = hooks.invitation_accepted.send(role=Role.CAMPUS_MANAGER, scope=Scope("campus", paris.pk), **news)
    assert True in placed
    membership = CampusMembership.objects.get(user=user)
    assert (membership.role, membership.source, membership.cause) == ("manager", "invitation", "invited")
    assert True not in hooks.invitation_accepted.send(role=Role.ADMIN, scope=Scope("school"), **news)


def test_members_are_found_by_words_role_and_state(paris):
    ada = add(paris, person(given_name="Ada", family_name="Élodie"))
    bob = add(paris, person(given_name="Bob", family_name="Martin"), role="staff")
    memberships.end_membership(actor=ADMIN, membership_id=bob.pk, now=now())

    def found(**wanted):
        return {m.pk for m in selectors.members_of(actor=ADMIN, campus_id=paris.pk, **wanted)}

    assert found() == {ada.pk}
    assert found(search="elodie ada") == {ada.pk}
    assert found(state="ended") == {bob.pk}
    assert found(role="staff", state="ended") == {bob.pk}
    assert found(search="nobody") == set()
