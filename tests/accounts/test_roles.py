"""Roles: nobody gives what they do not hold, the last owner stays, every change is written down."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts import hooks, rights, selectors
from apps.accounts.models import Grant, User
from apps.accounts.rules import school_day
from apps.accounts.services import lifecycle, roles
from apps.audit.models import AuditEvent
from apps.core.actor import SCHOOL, Actor, Held, Role, Scope
from apps.core.errors import DomainError, Forbidden, Invalid
from apps.core.permissions import REGISTRY
from apps.tenants.context import activated
from tests.people import acting, admin, auditor, owner, person, with_role

SYSTEM = Actor.system("tests")
LYON, PARIS = Scope("campus", uuid4()), Scope("campus", uuid4())


@pytest.fixture(autouse=True)
def _two_campuses():
    def choices():
        return [(LYON, "Lyon"), (PARIS, "Paris")]

    hooks.scope_choices.connect(choices)
    yield
    hooks.scope_choices._receivers.remove(choices)


def give(actor, user, role, scope=SCHOOL, **fields):
    return roles.grant_role(actor=actor, user_id=user.pk, role=role, scope=scope, now=timezone.now(), **fields)


def take(actor, grant, **fields):
    roles.revoke_role(actor=actor, grant_id=grant.pk, now=timezone.now(), **fields)


def manager(scope) -> Actor:
    return Actor(label="manager", user_id=person().pk, held=(Held(Role.CAMPUS_MANAGER, scope),))


def test_an_owner_gives_every_role(lumiere):
    boss = acting(owner())
    for role in (Role.OWNER, Role.ADMIN, Role.AUDITOR):
        user = person()
        give(boss, user, role)
        assert selectors.actor_for(user).roles == {role}
    user = person()
    give(boss, user, Role.CAMPUS_MANAGER, LYON)
    assert selectors.actor_for(user).held[0].scope == LYON


def test_an_admin_gives_no_more_than_they_hold(lumiere):
    boss = acting(admin())
    for role in (Role.ADMIN, Role.AUDITOR):
        give(boss, person(), role)
    with pytest.raises(roles.NotYours):
        give(boss, person(), Role.OWNER)


@pytest.mark.parametrize("maker", [auditor, person, lambda: with_role(Role.MEMBER)])
def test_who_may_not_give_roles_gives_none(lumiere, maker):
    actor = acting(maker())
    for role in (Role.ADMIN, Role.AUDITOR, Role.MEMBER):
        with pytest.raises(Forbidden):
            give(actor, person(), role)


def test_nobody_ends_up_with_a_right_that_the_giver_lacked(lumiere):
    """Every role against every role: after a gift the receiver may do nothing the giver may not."""
    for giver_role in rights.SCHOOL_ROLES:
        giver = Actor(label="giver", user_id=person().pk, held=(Held(giver_role, SCHOOL),))
        for role in rights.SCHOOL_ROLES:
            if not roles.may_give(giver, role):
                continue
            receiver = Actor(label="receiver", user_id=person().pk, held=(Held(role, SCHOOL),))
            for permission in REGISTRY.values():
                if Role.MEMBER not in permission.roles and permission.allows(receiver):
                    assert permission.allows(giver), f"{giver_role} gave {role}, and so {permission.code}"


def test_a_campus_manager_reaches_no_other_campus(lumiere):
    assert roles.may_give(manager(LYON), Role.CAMPUS_MANAGER, LYON)
    assert not roles.may_give(manager(LYON), Role.CAMPUS_MANAGER, PARIS)
    assert not roles.may_give(manager(LYON), Role.CAMPUS_MANAGER, SCHOOL)
    assert not roles.may_give(manager(LYON), Role.ADMIN, LYON)


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.OWNER, LYON), (Role.ADMIN, LYON), (Role.CAMPUS_MANAGER, SCHOOL),
     (Role.CAMPUS_MANAGER, Scope("campus", uuid4())),
     (Role.SUPERADMIN, SCHOOL), (Role.SYSTEM, SCHOOL)],
)  # fmt: skip
def test_a_role_at_a_place_where_it_makes_no_sense_is_refused(lumiere, role, scope):
    with pytest.raises(Invalid):
        give(SYSTEM, person(), role, scope)


def test_a_role_holds_for_its_period(lumiere):
    today = school_day(timezone.now())
    user = person()
    give(SYSTEM, user, Role.ADMIN, starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2))
    assert not selectors.actor_for(user).roles
    give(SYSTEM, user, Role.ADMIN, starts_on=today, ends_on=today)
    assert selectors.actor_for(user).roles == {Role.ADMIN}
    for bad in (
        {"starts_on": today, "ends_on": today - timedelta(days=1)},
        {"ends_on": today - timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            give(SYSTEM, user, Role.ADMIN, **bad)
    with pytest.raises(Invalid):
        give(SYSTEM, user, Role.OWNER, ends_on=today)


def test_giving_and_taking_twice_changes_nothing_more(lumiere):
    user = person()
    grant = give(SYSTEM, user, Role.ADMIN)
    assert give(SYSTEM, user, Role.ADMIN).pk == grant.pk
    take(SYSTEM, grant, reason="left the team")
    take(SYSTEM, grant)
    acts = AuditEvent.objects.filter(target_id=str(user.pk)).order_by("at").values_list("act", flat=True)
    assert list(acts) == ["role.granted", "role.revoked"]
    assert AuditEvent.objects.get(act="role.revoked").reason == "left the team"


def test_a_role_goes_to_active_people_only(lumiere):
    with pytest.raises(DomainError):
        give(SYSTEM, person(status="suspended"), Role.ADMIN)


# --- the last owner --------------------------------------------------------------------------------------


def only_owner():
    Grant.objects.filter(role="owner").delete()
    return owner()


def test_the_last_owner_keeps_the_role(lumiere):
    last = only_owner()
    with pytest.raises(roles.LastOwner):
        take(acting(last), Grant.objects.get(user=last))
    second = owner()
    take(acting(second), Grant.objects.get(user=last))
    assert not selectors.actor_for(last).roles


def test_an_owner_who_cannot_sign_in_does_not_count(lumiere):
    last = only_owner()
    with_role(Role.OWNER, status=User.Status.SUSPENDED)
    with_role(Role.OWNER, status=User.Status.PENDING)
    with pytest.raises(roles.LastOwner):
        take(acting(last), Grant.objects.get(user=last))


@pytest.mark.parametrize("act", [lifecycle.suspend_users, lifecycle.depart_users])
def test_the_last_owner_is_not_suspended_and_does_not_depart(lumiere, act):
    last = only_owner()
    with pytest.raises(roles.LastOwner):
        act(SYSTEM, [last.pk, person().pk], "")
    assert User.objects.get(pk=last.pk).is_active
    second = owner()
    act(SYSTEM, [last.pk], "")
    with pytest.raises(roles.LastOwner):
        act(SYSTEM, [second.pk], "")


def test_two_owners_who_remove_each_other_at_once_leave_one(new_school, django_db_blocker):
    school = new_school()
    with django_db_blocker.unblock():
        with activated(school):
            pair = [owner(email=f"o{n}@x.example") for n in range(2)]
            actors = [acting(user) for user in pair]
        barrier, outcomes = Barrier(2), []

        def suspend(mine: int) -> None:
            with activated(school):
                barrier.wait()
                try:
                    lifecycle.suspend_users(actors[mine], [pair[1 - mine].pk], "rivalry")
                    outcomes.append("suspended")
                except roles.LastOwner:
                    outcomes.append("refused")
                finally:
                    connections.close_all()

        threads = [Thread(target=suspend, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["refused", "suspended"]


# --- suspending ------------------------------------------------------------------------------------------


def test_nobody_suspends_themselves_or_somebody_above(lumiere):
    boss, top = admin(), owner()
    owner()
    with pytest.raises(lifecycle.Yourself):
        lifecycle.suspend_users(acting(boss), [boss.pk], "")
    with pytest.raises(roles.NotYours):
        lifecycle.suspend_users(acting(boss), [top.pk], "")
    with pytest.raises(roles.NotYours):
        lifecycle.end_sessions(acting(boss), [top.pk], "")
    assert lifecycle.suspend_users(acting(boss), [person().pk], "") == 1
    assert lifecycle.suspend_users(acting(top), [boss.pk], "") == 1


def test_suspending_twice_and_reinstating(lumiere):
    boss, user, invited = acting(owner()), person(), person(password=None)
    ids = [user.pk, invited.pk]
    assert lifecycle.suspend_users(boss, ids, "exam fraud") == 2
    assert lifecycle.suspend_users(boss, ids, "exam fraud") == 0
    assert lifecycle.reinstate_users(boss, ids, "cleared") == 2
    assert lifecycle.reinstate_users(boss, ids, "cleared") == 0
    statuses = dict(User.objects.filter(pk__in=ids).values_list("pk", "status"))
    assert statuses == {user.pk: "active", invited.pk: "pending"}
    events = AuditEvent.objects.filter(act="person.suspended", target_id=str(user.pk))
    assert [event.reason for event in events] == ["exam fraud"]


def test_many_at_once_are_one_event(lumiere):
    people = [person() for _ in range(51)]
    assert lifecycle.depart_users(SYSTEM, [user.pk for user in people], "directory") == 51
    assert AuditEvent.objects.get(act="person.departed").data == {"people": 51}


# --- the page --------------------------------------------------------------------------------------------


def test_the_page_shows_who_can_do_what_and_why(client, lumiere):
    client.force_login(owner())
    user = person()
    give(acting(owner()), user, Role.ADMIN, note="deputy head")
    page = client.get("/roles/").content.decode()
    assert user.name in page and "deputy head" in page
    page = client.get("/roles/matrix/").content.decode()
    for permission in REGISTRY.values():
        if permission.is_for_schools:
            assert permission.code in page


def test_roles_are_given_and_taken_back_on_the_page(client, lumiere):
    client.force_login(owner())
    user = person()
    form = {"email": user.email.upper(), "role": "campus-manager", "scope": f"campus:{LYON.id}"}
    assert client.post("/roles/grants/", form).status_code == 302
    grant = Grant.objects.get(user=user)
    assert grant.scope == LYON
    assert client.post(f"/roles/grants/{grant.pk}/revoke/").status_code == 302
    assert not Grant.objects.filter(user=user).exists()
    for wrong in (
        {"email": "nobody@x.example"},
        {"role": "superadmin"},
        {"scope": "school"},
        {"ends_on": "1999-01-01"},
    ):
        assert client.post("/roles/grants/", {**form, **wrong}).status_code == 422


def test_an_auditor_sees_roles_and_changes_none(client, lumiere):
    client.force_login(auditor())
    page = client.get("/roles/").content.decode()
    assert "/roles/grants/" not in page
    assert client.post("/roles/grants/").status_code == 403
