"""Roles of the school's own: nobody puts in, or gives, what they lack; a change holds at once; losses are told."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from apps.accounts import hooks, rights
from apps.accounts.models import CustomRole, Grant, User
from apps.accounts.permissions import PEOPLE_INVITE, PEOPLE_SUSPEND, PEOPLE_VIEW, ROLES_DEFINE, ROLES_VIEW
from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for
from apps.accounts.services import custom_roles, invitations, lifecycle, roles
from apps.audit.models import AuditEvent
from apps.audit.permissions import AUDIT_VIEW
from apps.core.actor import SCHOOL, Actor, Held, Role, Scope
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.core.permissions import REGISTRY
from apps.tenants.context import activated
from tests.accounts.test_invitations import GOOD, token_in_mail
from tests.conftest import client_for
from tests.people import acting, admin, auditor, owner, person

LYON, PARIS = Scope("campus", uuid4()), Scope("campus", uuid4())
DESK_WORK = ("people.view", "people.invite")


@pytest.fixture(autouse=True)
def _two_campuses():
    def choices():
        return [(LYON, "Lyon"), (PARIS, "Paris")]

    hooks.scope_choices.connect(choices)
    yield
    hooks.scope_choices._receivers.remove(choices)


def made(actor=None, name="Registry", permissions=DESK_WORK, kind="campus", **fields) -> CustomRole:
    return custom_roles.create_custom_role(
        actor=actor or acting(owner()),
        name=name,
        permissions=permissions,
        scope_kind=kind,
        now=timezone.now(),
        **fields,
    )


def given(role, user, scope=LYON, actor=None, **fields) -> Grant:
    return roles.grant_role(
        actor=actor or acting(owner()),
        user_id=user.pk,
        role=Role.CUSTOM,
        custom_role_id=role.pk,
        scope=scope,
        now=timezone.now(),
        **fields,
    )


def changed(role, actor, permissions, name="Registry"):
    return custom_roles.change_custom_role(
        actor=actor, role_id=role.pk, name=name, permissions=permissions, now=timezone.now()
    )


def holding(*codes, scope=SCHOOL) -> Actor:
    """Somebody who holds exactly these permissions, for the whole school."""
    return Actor(label="holder", user_id=person().pk, held=(Held(Role.CUSTOM, scope, permissions=frozenset(codes)),))


def test_a_role_gives_its_permissions_at_its_place_and_nothing_else(lumiere):
    user = person()
    given(made(), user)
    actor = actor_for(user)
    assert {code for code in REGISTRY if REGISTRY[code].allows(actor)} == set(DESK_WORK)
    assert PEOPLE_INVITE.allows(actor, LYON)
    assert not PEOPLE_INVITE.allows(actor, PARIS)
    assert not PEOPLE_INVITE.allows(actor, SCHOOL)
    assert actor.campus_ids(PEOPLE_VIEW) == {LYON.id}


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_role_holds_for_its_period(lumiere, hour):
    """At any hour: at half past eleven in the evening, UTC, the school's next day has begun."""
    with time_machine.travel(datetime(2026, 11, 25, hour, 30, tzinfo=UTC), tick=False):
        role, user, today = made(), person(), school_day(timezone.now())
        assert (today.day == 26) is (hour == 23)
        grant = given(role, user, starts_on=today + timedelta(days=1))
        assert not PEOPLE_VIEW.allows(actor_for(user))
        given(role, user, starts_on=today, ends_on=today)
        assert PEOPLE_VIEW.allows(actor_for(user))
        Grant.objects.filter(pk=grant.pk).update(starts_on=None, ends_on=today - timedelta(days=1))
        assert not PEOPLE_VIEW.allows(actor_for(user))


def test_a_change_holds_with_the_next_request_and_is_on_record(client, lumiere):
    role, user = made(kind="school", permissions=["people.view"]), person()
    given(role, user, SCHOOL)
    client.force_login(user)
    assert client.get("/people/").status_code == 200
    assert client.get("/audit/").status_code == 403
    changed(role, acting(owner()), ["audit.view"])
    assert client.get("/people/").status_code == 403
    assert client.get("/audit/").status_code == 200
    event = AuditEvent.objects.get(act="role.changed")
    assert event.changes["permissions"] == [["people.view"], ["audit.view"]]
    assert event.data == {"people": 1}
    changed(role, acting(owner()), ["audit.view"])
    assert AuditEvent.objects.filter(act="role.changed").count() == 1


# --- nobody goes beyond what they hold -------------------------------------------------------------------


def test_nobody_makes_a_role_with_a_permission_they_lack(lumiere):
    some = holding(ROLES_DEFINE.code, "people.view")
    assert made(some, "Readers", ["people.view"]).gives == {"people.view"}
    with pytest.raises(roles.NotYours):
        made(some, "More", ["people.view", "people.suspend"])
    for actor in (acting(auditor()), acting(person()), holding("people.view")):
        with pytest.raises(Forbidden):
            made(actor, "None", ["people.view"])


def test_a_permission_held_at_one_place_is_not_enough_to_make_a_role(lumiere):
    actor = Actor(
        label="x",
        user_id=person().pk,
        held=(
            Held(Role.CUSTOM, SCHOOL, permissions=frozenset({ROLES_DEFINE.code})),
            Held(Role.CUSTOM, LYON, permissions=frozenset({"people.view"})),
        ),
    )
    with pytest.raises(roles.NotYours):
        made(actor, permissions=["people.view"])


def test_nobody_gives_or_takes_back_a_role_with_a_permission_they_lack_there(lumiere):
    role, user = made(), person()
    short = holding("roles.grant", "people.view")
    there = holding("roles.grant", *DESK_WORK, scope=LYON)
    with pytest.raises(roles.NotYours):
        given(role, user, LYON, short)
    with pytest.raises(Forbidden):
        given(role, user, PARIS, there)
    grant = given(role, user, LYON, there)
    with pytest.raises(roles.NotYours):
        roles.revoke_role(actor=short, grant_id=grant.pk, now=timezone.now())
    roles.revoke_role(actor=there, grant_id=grant.pk, now=timezone.now())
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_nobody_adds_to_a_role_they_hold_themselves(lumiere):
    boss = admin()
    role = made(acting(boss), kind="school", permissions=["people.view"])
    given(role, boss, SCHOOL)
    with pytest.raises(custom_roles.NotYourRole):
        changed(role, acting(boss), ["people.view", "audit.view"])
    with pytest.raises(roles.NotYours):
        given(role, boss, SCHOOL, acting(boss), ends_on=None, note="for ever")
    assert changed(role, acting(admin()), ["people.view", "audit.view"]).gives == {"people.view", "audit.view"}


def test_a_role_that_gives_more_than_one_holds_is_not_changed_or_archived(lumiere):
    role = made(permissions=["people.view", "people.suspend"])
    some = holding(ROLES_DEFINE.code, "people.view")
    with pytest.raises(roles.NotYours):
        changed(role, some, ["people.view"])
    with pytest.raises(roles.NotYours):
        custom_roles.archive_custom_role(actor=some, role_id=role.pk, now=timezone.now())


def test_somebody_with_a_role_of_the_schools_own_is_not_suspended_by_whoever_lacks_it(lumiere):
    user = person()
    given(made(kind="school", permissions=["people.suspend", "audit.view"]), user, SCHOOL)
    with pytest.raises(roles.NotYours):
        lifecycle.suspend_users(holding("people.suspend"), [user.pk], "")
    assert lifecycle.suspend_users(holding("people.suspend", "audit.view"), [user.pk], "") == 1


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("campus", ["audit.view"]),  # asked without a place: at a campus it would open the whole school's trail
        ("campus", ["roles.define"]),
        ("school", ["schools.create"]),  # the platform's
        ("school", ["no.such"]),
        ("nowhere", ["people.view"]),
        ("school", []),
    ],
)
def test_what_makes_no_sense_is_refused(lumiere, kind, codes):
    with pytest.raises(Invalid):
        made(kind=kind, permissions=codes)


def test_what_was_stored_by_mistake_gives_nothing(lumiere):
    """A control behind the form: the platform's rights and those of another kind of place are never given."""
    user = person()
    role = CustomRole.objects.create(
        name="Odd", permissions=["audit.view", "schools.create", "gone.now", "people.view"], scope_kind="campus"
    )
    Grant.objects.create(user=user, role="custom", custom_role=role, scope_kind="campus", scope_id=LYON.id)
    assert actor_for(user).held[0].permissions == {"people.view"}
    Grant.objects.update(scope_kind="school", scope_id=None)
    assert actor_for(user).held[0].permissions == frozenset()


def test_a_role_is_given_at_its_own_kind_of_place_only(lumiere):
    with pytest.raises(Invalid):
        given(made(), person(), SCHOOL)
    with pytest.raises(Invalid):
        given(made(name="b"), person(), Scope("campus", uuid4()))
    with pytest.raises(Invalid):
        roles.grant_role(
            actor=acting(owner()), user_id=person().pk, role=Role.CUSTOM, custom_role_id=uuid4(), now=timezone.now()
        )
    with pytest.raises(Invalid):
        roles.grant_role(actor=acting(owner()), user_id=person().pk, role=Role.CUSTOM, now=timezone.now())


def test_two_roles_of_one_name_do_not_exist(lumiere):
    made(name="Registry")
    with pytest.raises(Invalid):
        made(name=" registry ")


# --- ending one ------------------------------------------------------------------------------------------


def test_archiving_takes_the_role_from_everybody_and_says_who_loses_what(lumiere):
    role = made(kind="school", permissions=["people.view", "audit.view"])
    only, also = person(), auditor()  # an auditor has both anyway
    given(role, only, SCHOOL)
    given(role, also, SCHOOL)
    boss = acting(owner())
    lost = {
        loss.user.pk: {p.code for p in loss.permissions}
        for loss in custom_roles.losses(actor=boss, role_id=role.pk, now=timezone.now())
    }
    assert lost == {only.pk: {"people.view", "audit.view"}, also.pk: set()}
    assert custom_roles.archive_custom_role(actor=boss, role_id=role.pk, reason="merged", now=timezone.now()) == 2
    assert custom_roles.archive_custom_role(actor=boss, role_id=role.pk, now=timezone.now()) == 0
    assert not PEOPLE_VIEW.allows(actor_for(only))
    assert PEOPLE_VIEW.allows(actor_for(also))
    assert AuditEvent.objects.filter(act="role.revoked", reason="merged").count() == 2
    assert AuditEvent.objects.get(act="role.archived").data["people"] == 2
    with pytest.raises(custom_roles.Archived):
        changed(role, boss, ["people.view"])
    with pytest.raises(Invalid):
        given(role, person(), SCHOOL)
    made(name=role.name)  # the name is free again


def test_a_role_of_another_school_does_not_exist(lumiere, curie):
    role = made()
    with activated(curie):
        boss = acting(owner())
        with pytest.raises(NotVisible):
            custom_roles.get_custom_role(boss, role.pk)


# --- at once ---------------------------------------------------------------------------------------------


def together(*acts):
    """Each in a thread of its own, started at one moment; their outcomes."""
    barrier, outcomes = Barrier(len(acts)), []

    def run(act, school):
        with activated(school):
            barrier.wait()
            try:
                act()
                outcomes.append("done")
            except Exception as refused:
                outcomes.append(type(refused).__name__)
            finally:
                connections.close_all()

    threads = [Thread(target=run, args=(act, school)) for act, school in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_owners_who_take_the_role_from_each_other_at_once_leave_one(new_school, django_db_blocker):
    school = new_school()
    with django_db_blocker.unblock():
        with activated(school):
            Grant.objects.filter(role="owner").delete()
            pair = [owner(email=f"o{n}@x.example") for n in range(2)]
            actors = [acting(user) for user in pair]
            grants = [Grant.objects.get(user=user, role="owner").pk for user in pair]

        def take(mine):
            return lambda: roles.revoke_role(actor=actors[mine], grant_id=grants[1 - mine], now=timezone.now())

        assert together((take(0), school), (take(1), school)) == ["LastOwner", "done"]
        with activated(school):
            assert Grant.objects.filter(role="owner").count() == 1


def test_of_two_owners_who_take_the_role_from_each_other_the_second_is_none_any_more(new_school, django_db_blocker):
    """A third stays, so it is not the last owner who is protected, but the first who was quicker."""
    school = new_school()
    with django_db_blocker.unblock():
        with activated(school):
            Grant.objects.filter(role="owner").delete()
            pair = [owner(email=f"o{n}@x.example") for n in range(3)][:2]
            actors = [acting(user) for user in pair]
            grants = [Grant.objects.get(user=user, role="owner").pk for user in pair]

        def take(mine):
            return lambda: roles.revoke_role(actor=actors[mine], grant_id=grants[1 - mine], now=timezone.now())

        assert together((take(0), school), (take(1), school)) == ["NotYours", "done"]
        with activated(school):
            assert Grant.objects.filter(role="owner").count() == 2


def test_a_role_does_not_grow_between_the_check_and_the_grant(new_school, django_db_blocker):
    """One gives a role they hold all of while an owner adds to it: nobody ends up giving what they lacked."""
    school = new_school()
    with django_db_blocker.unblock():
        with activated(school):
            role = made(kind="school", permissions=["people.view"])
            receiver, boss = person("r@x.example"), acting(owner(email="b@x.example"))
            giver = holding("roles.grant", "people.view")
        outcomes = together(
            (lambda: given(role, receiver, SCHOOL, giver), school),
            (lambda: changed(role, boss, ["people.view", "audit.view"]), school),
        )
        with activated(school):
            added = AuditEvent.objects.get(act="role.changed")
            grant = AuditEvent.objects.filter(act="role.granted", target_id=str(receiver.pk)).first()
            # either the giver came first, and the owner's change was told how many it reaches, or was refused
            assert outcomes in (["NotYours", "done"], ["done", "done"])
            assert (grant is None) == (outcomes[0] == "NotYours")
            assert added.data["people"] == (0 if grant is None else 1)


# --- the pages -------------------------------------------------------------------------------------------


def test_a_role_is_made_given_and_archived_on_the_pages(client, lumiere):
    client.force_login(owner())
    made_page = client.post(
        "/roles/own/new/?kind=campus", {"name": "Registry", "permissions": ["people.view", "people.invite"]}
    )
    assert made_page.status_code == 302
    role = CustomRole.objects.get()
    assert (role.scope_kind, set(role.permissions)) == ("campus", {"people.view", "people.invite"})
    user = person()
    form = {"email": user.email, "role": f"custom:{role.pk}", "scope": f"campus:{LYON.id}"}
    assert client.post("/roles/grants/", {**form, "scope": "school"}).status_code == 422
    assert client.post("/roles/grants/", form).status_code == 302
    assert PEOPLE_INVITE.allows(actor_for(user), LYON)
    page = client.get(f"/roles/own/{role.pk}/archive/").content.decode()
    assert user.name in page and str(PEOPLE_INVITE.label) in page
    for path in ("/roles/", "/roles/own/", f"/roles/own/{role.pk}/", "/roles/matrix/"):
        assert "Registry" in client.get(path).content.decode()
    assert client.post(f"/roles/own/{role.pk}/archive/", {"reason": "no need"}).status_code == 302
    assert not Grant.objects.filter(user=user).exists()


# --- invitations -----------------------------------------------------------------------------------------


def invite(actor, role, scope=LYON):
    return invitations.invite(
        actor=actor,
        email="new@lumiere.example",
        role=Role.CUSTOM,
        custom_role_id=role.pk,
        scope=scope,
        now=timezone.now(),
    )


def accepted(client, email="new@lumiere.example"):
    answer = client.post(f"/invitation/{token_in_mail(email)}/", {"password": GOOD, "again": GOOD})
    assert answer.status_code == 302, answer.content.decode()
    return User.objects.get(email=email)


def test_somebody_is_invited_with_a_role_of_the_school_s_own(client, lumiere):
    role, desk = made(), client_for(lumiere)
    desk.force_login(owner())
    form = {"email": "new@lumiere.example", "role": f"custom:{role.pk}", "scope": f"campus:{LYON.id}"}
    assert desk.post("/invitations/", {**form, "scope": "school"}).status_code == 422, "it is a role for a campus"
    assert desk.post("/invitations/", form).status_code == 302
    assert "Registry" in desk.get("/invitations/").content.decode()
    user = accepted(client)
    assert PEOPLE_INVITE.allows(actor_for(user), LYON) and not PEOPLE_INVITE.allows(actor_for(user), PARIS)
    assert AuditEvent.objects.get(act="invitation.accepted").data["role"] == "Registry"


def test_nobody_invites_with_a_role_that_holds_more_than_they_do(lumiere):
    role, small = made(permissions=(*DESK_WORK, "people.suspend")), made(name="Small")
    desk = person()
    given(small, desk)
    with pytest.raises(roles.NotYours):
        invite(acting(desk), role)
    invite(acting(desk), small)
    invitation = invite(acting(owner()), role)
    for act in (invitations.resend, invitations.revoke):
        with pytest.raises(roles.NotYours):
            act(actor=acting(desk), invitation_id=invitation.pk, now=timezone.now())


def test_an_invitation_to_a_role_that_was_archived_opens_the_account_without_it(client):
    role = made()
    invite(acting(owner()), role)
    custom_roles.archive_custom_role(actor=acting(owner()), role_id=role.pk, now=timezone.now())
    user = accepted(client)
    assert user.is_active and not user.grants.exists()
    with pytest.raises(Invalid):
        invite(acting(owner()), role)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"permissions": []},
        {"permissions": ["audit.view"]},
        {"permissions": ["schools.create"]},
        {"permissions": ["\x00"]},
    ],
)
def test_a_wrong_form_is_answered_and_keeps_what_was_typed(client, lumiere, wrong):
    client.force_login(owner())
    answer = client.post(
        "/roles/own/new/?kind=campus",
        {"name": "Registry", "description": "kept as typed", "permissions": ["people.view"], **wrong},
    )
    assert answer.status_code == 422
    assert "kept as typed" in answer.content.decode()
    assert not CustomRole.objects.exists()


def test_a_permission_one_lacks_is_refused_on_the_page_too(client, lumiere):
    user = person()
    given(made(kind="school", name="Makers", permissions=[ROLES_DEFINE.code, ROLES_VIEW.code]), user, SCHOOL)
    client.force_login(user)
    page = client.get("/roles/own/new/").content.decode()
    assert "you do not hold it yourself" in page
    answer = client.post("/roles/own/new/", {"name": "Grab", "permissions": [PEOPLE_SUSPEND.code]})
    assert answer.status_code == 422
    assert not CustomRole.objects.filter(name="Grab").exists()


def test_counts_follow_the_people_who_hold_a_role(lumiere):
    role = made(kind="school", permissions=[AUDIT_VIEW.code])
    for status in ("active", "active", "suspended"):
        user = person(status=status)
        Grant.objects.create(user=user, role="custom", custom_role=role, scope_kind="school")
    counts = rights.count_holders(actor=acting(owner()), now=timezone.now())
    assert counts[str(role.pk)] == 2
