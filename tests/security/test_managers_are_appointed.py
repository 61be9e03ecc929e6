"""Running a campus is given, and taken, by people who hold all that a campus manager holds, by whatever door.

And whoever runs a campus is protected as whoever was given a role: their account is not closed, and their address not
changed, by somebody who holds less.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import CustomRole, Grant, Session, User
from apps.accounts.selectors import actor_for
from apps.accounts.services import lifecycle, merging
from apps.campuses.models import Campus, CampusMembership
from apps.campuses.services import campuses, memberships
from apps.core.actor import Actor
from apps.core.errors import Forbidden
from apps.directory.services import mappings
from apps.roster.models import ProvisionedGroup
from apps.roster.services import columns, plans, provisioning, uploads
from tests.people import acting, admin, person
from tests.roster.scim import Machine, credential

SYSTEM = Actor.system("tests")
HEADER = "E-mail;Prénom;Nom;N° étudiant;Campus;Rôle\n"


def now():
    return timezone.now()


@pytest.fixture
def lyon(lumiere):
    return Campus.objects.create(name="Lyon", code="LYO")


@pytest.fixture
def chief(lyon):
    """Runs Lyon, by a list, and signs in with a password."""
    user = person("chief@lumiere.example", external_id="S1")
    memberships.add_member(actor=SYSTEM, user_id=user.pk, campus_id=lyon.pk, role="manager", now=now())
    CampusMembership.objects.filter(user=user).update(source="import", cause="imported")
    return user


def holder(*codes):
    """Somebody whose one role of the school's own gives exactly these permissions, for the whole school."""
    user = person()
    role = CustomRole.objects.create(name=f"Role of {user.pk}", permissions=sorted(codes), scope_kind="school")
    Grant.objects.create(user=user, role="custom", custom_role=role, scope_kind="school")
    return user


def preview(user, rows, **options):
    actor = acting(user)
    content = (HEADER + rows).encode()
    file = uploads.upload_list(actor=actor, name="l.csv", content=content, now=now())
    plan = uploads.start_import(actor=actor, file_id=file.pk, columns=columns.guess(file.header), now=now(), **options)
    plans.work_on(run_id=plan.pk)
    plan.refresh_from_db()
    return plan


def bring_in(user, rows, **options):
    plan = preview(user, rows, **options)
    plans.desk_of(plan).approve(actor=acting(user), run_id=plan.pk, now=now())
    plans.work_on(run_id=plan.pk)
    plan.refresh_from_db()
    return plan


def session_of(user) -> Session:
    later = now() + timedelta(hours=1)
    return Session.objects.create(user=user, last_seen_at=now(), expires_at=later, signed_in_by="password")


def runs_a_campus(user) -> bool:
    return "campus-manager" in actor_for(User.objects.get(pk=user.pk)).roles


# --- by a list -------------------------------------------------------------------------------------------


def test_a_list_makes_nobody_manager_on_the_word_of_who_may_only_import(lyon):
    clerk = holder("roster.view", "roster.import")
    with pytest.raises(Forbidden):
        bring_in(clerk, f"{clerk.email};Camille;Martin;;Lyon;Responsable\n")
    assert not runs_a_campus(clerk)


def test_nor_by_the_usual_role_of_a_campus(lyon):
    clerk = holder("roster.view", "roster.import", "campuses.view", "campuses.manage")
    with pytest.raises(Forbidden):
        campuses.update_campus(actor=acting(clerk), campus_id=lyon.pk, default_role="manager", now=now())
    Campus.objects.filter(pk=lyon.pk).update(default_role="manager")
    with pytest.raises(Forbidden):
        bring_in(clerk, f"{clerk.email};Camille;Martin;;Lyon;\n")


def test_nor_by_taking_an_import_back(lyon, chief):
    clerk = holder("roster.view", "roster.import")
    plan = bring_in(admin(), "chief@lumiere.example;Camille;Martin;S1;Lyon;Étudiant\n")
    assert not runs_a_campus(chief)
    undo = plans.desk_of(plan).request_undo(actor=acting(clerk), run_id=plan.pk, now=now())
    plans.work_on(run_id=undo.pk)
    with pytest.raises(Forbidden):
        plans.desk_of(plan).approve(actor=acting(clerk), run_id=undo.pk, now=now())
    assert not runs_a_campus(chief)


def test_nor_does_a_list_take_a_campus_from_who_runs_it(lyon, chief):
    """Moved to another role, or not listed any more: on the word of who may appoint managers."""
    clerk = holder("roster.view", "roster.import")
    with pytest.raises(Forbidden):
        bring_in(clerk, "chief@lumiere.example;Camille;Martin;S1;Lyon;Étudiant\n")
    assert runs_a_campus(chief)
    bring_in(admin(), "chief@lumiere.example;Camille;Martin;S1;Lyon;Étudiant\n")
    assert not runs_a_campus(chief)


def test_nor_does_a_list_close_the_account_of_who_runs_a_campus(lyon, chief):
    clerk, rest = holder("roster.view", "roster.import"), "x@lumiere.example;Ada;Lovelace;;Lyon;Étudiant\n"
    with pytest.raises(Forbidden):
        bring_in(clerk, rest, complete=True)
    chief.refresh_from_db()
    assert chief.status == "active" and runs_a_campus(chief)
    bring_in(admin(), rest, complete=True)
    chief.refresh_from_db()
    assert chief.status == "departed", "a control: an administrator's list does"


def test_nor_does_a_provider(lyon, chief, lumiere):
    provider, student = Machine(lumiere, credential("roster.provision")), person()
    off = {"op": "replace", "path": "active", "value": False}
    assert provider.patch(f"/Users/{chief.pk}", off).status_code == 403
    assert provider.send("DELETE", f"/Users/{chief.pk}").status_code == 403
    chief.refresh_from_db()
    assert chief.status == "active" and runs_a_campus(chief)
    assert provider.patch(f"/Users/{student.pk}", off).status_code == 200, "a control"


def test_control_an_administrator_appoints_by_list_and_a_clerk_brings_students(lyon):
    newcomer, clerk = person(), holder("roster.view", "roster.import")
    bring_in(admin(), f"{newcomer.email};Camille;Martin;;Lyon;Responsable\n")
    assert runs_a_campus(newcomer)
    assert bring_in(clerk, "new@lumiere.example;Ada;Lovelace;;Lyon;Étudiant\n").applied == 2


# --- by groups -------------------------------------------------------------------------------------------


def test_groups_lead_to_managers_only_on_the_word_of_who_may_appoint_them(lyon):
    clerk = acting(holder("roster.view", "roster.provision", "directory.view", "directory.manage"))
    group = ProvisionedGroup.objects.create(name="Chiefs", created_at=now(), changed_at=now())
    with pytest.raises(Forbidden):
        provisioning.map_group(
            actor=clerk, group_id=group.pk, campus_id=lyon.pk, role="manager", promotion_id=None, now=now()
        )
    group_id = {"group_id": "11", "group_name": "Chiefs", "campus_id": lyon.pk, "now": now()}
    with pytest.raises(Forbidden):
        mappings.add_mapping(actor=clerk, role="manager", **group_id)
    mapping = mappings.add_mapping(actor=clerk, role="staff", **group_id)
    with pytest.raises(Forbidden):
        mappings.change_mapping(
            actor=clerk, mapping_id=mapping.pk, now=now(), role="manager", transitive=True, active=True
        )
    boss = acting(admin())
    provisioning.map_group(
        actor=boss, group_id=group.pk, campus_id=lyon.pk, role="manager", promotion_id=None, now=now()
    )
    mappings.add_mapping(actor=boss, role="manager", **group_id)
    mappings.change_mapping(
        actor=clerk, mapping_id=mapping.pk, now=now(), role="manager", transitive=True, active=False
    )


# --- by hand ---------------------------------------------------------------------------------------------


def test_by_hand_too_it_takes_all_that_a_manager_holds(lyon, chief):
    clerk = holder("campuses.view", "campuses.manage", "memberships.manage")
    with pytest.raises(Forbidden):
        memberships.add_member(actor=acting(clerk), user_id=clerk.pk, campus_id=lyon.pk, role="manager", now=now())
    mine = CampusMembership.objects.get(user=chief)
    memberships.end_membership(actor=acting(admin()), membership_id=mine.pk, now=now())
    with pytest.raises(Forbidden):
        memberships.restore_membership(actor=acting(clerk), membership_id=mine.pk, now=now())
    memberships.restore_membership(actor=acting(admin()), membership_id=mine.pk, now=now())
    assert runs_a_campus(chief)


# --- and whoever runs one --------------------------------------------------------------------------------

CLERK = ("people.view", "people.suspend", "people.erase", "sessions.end", "second_factor.reset")


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, user: lifecycle.suspend_users(actor, [user.pk], "x"),
        lambda actor, user: lifecycle.end_sessions(actor, [user.pk]),
        lambda actor, user: lifecycle.end_session(actor, session_of(user).pk),
        lambda actor, user: lifecycle.reset_second_factor(actor, user.pk),
        lambda actor, user: merging.give_another_address(
            actor=actor, user_id=user.pk, email=f"m{user.pk.hex}@lumiere.example", now=now()
        ),
    ],
)
def test_is_not_in_the_hands_of_who_holds_less(chief, act):
    with pytest.raises(Forbidden):
        act(acting(holder(*CLERK)), chief)
    act(acting(holder(*CLERK)), person())  # controls: others are, and an administrator decides about managers
    act(acting(admin()), chief)


def test_keeps_their_address_whatever_a_list_says(chief, lyon):
    clerk = holder("roster.view", "roster.import")
    plan = preview(clerk, "mine@lumiere.example;Camille;Martin;S1;;\n")
    if plan.state == "held":
        plans.desk_of(plan).approve(actor=acting(clerk), run_id=plan.pk, now=now())
        plans.work_on(run_id=plan.pk)
    chief.refresh_from_db()
    assert chief.email == "chief@lumiere.example"


def test_keeps_their_address_also_when_they_began_after_the_preview(lyon):
    clerk, user = holder("roster.view", "roster.import"), person("late@lumiere.example", external_id="S2")
    plan = preview(clerk, "mine@lumiere.example;Camille;Martin;S2;;\n")
    Grant.objects.create(user=user, role="admin", scope_kind="school")
    plans.desk_of(plan).approve(actor=acting(clerk), run_id=plan.pk, now=now())
    plans.work_on(run_id=plan.pk)
    user.refresh_from_db()
    assert user.email == "late@lumiere.example"


def test_keeps_their_address_whatever_a_provider_says(chief, lumiere):
    provider = Machine(lumiere, credential("roster.provision"))
    answer = provider.patch(
        f"/Users/{chief.pk}", {"op": "replace", "path": "emails", "value": [{"value": "mine@lumiere.example"}]}
    )
    assert answer.status_code == 403
    chief.refresh_from_db()
    assert chief.email == "chief@lumiere.example"
    student = person("student@lumiere.example")
    answer = provider.patch(
        f"/Users/{student.pk}", {"op": "replace", "path": "emails", "value": [{"value": "s@lumiere.example"}]}
    )
    assert answer.status_code == 200, "a control: that of a student is the provider's to change"
