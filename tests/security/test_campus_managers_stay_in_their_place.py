"""A campus manager decides about the members of their campus: not about its other managers, and sees no roles."""

import csv
import io

import pytest
from django.utils import timezone

from apps.accounts.models import Grant
from apps.accounts.selectors import actor_for
from apps.campuses.models import Campus, CampusMembership, CampusRole
from apps.campuses.services import memberships
from apps.core.actor import Role
from apps.core.errors import Forbidden
from tests.conftest import client_for
from tests.people import admin, person


def place(user, campus, role=CampusRole.MEMBER):
    now = timezone.now()
    return CampusMembership.objects.create(
        user=user, campus=campus, role=role, state="active", source="manual", cause="admin",
        first_seen_at=now, last_seen_at=now,
    )  # fmt: skip


@pytest.fixture
def lyon(lumiere):
    return Campus.objects.create(name="Lyon", code="LYO")


@pytest.fixture
def manager(lyon):
    user = person(family_name="Manager")
    place(user, lyon, CampusRole.MANAGER)
    return user


@pytest.fixture
def colleague(lyon):
    return place(person(family_name="Colleague"), lyon, CampusRole.MANAGER)


def demote(actor, membership):
    memberships.change_role(actor=actor, membership_id=membership.pk, role="member", now=timezone.now())


def pin_away(actor, membership):
    memberships.pin_membership(actor=actor, membership_id=membership.pk, pin="never", now=timezone.now())


def add_as_member(actor, membership):
    memberships.add_member(
        actor=actor, user_id=membership.user_id, campus_id=membership.campus_id, role="member", now=timezone.now()
    )


@pytest.mark.parametrize("act", [demote, pin_away, add_as_member])
def test_the_other_managers_are_not_theirs_to_remove(manager, colleague, act):
    with pytest.raises(Forbidden):
        act(actor_for(manager), colleague)
    colleague.refresh_from_db()
    assert (colleague.role, colleague.state, colleague.pinned) == ("manager", "active", "")


@pytest.mark.parametrize("act", [demote, pin_away, add_as_member])
def test_control_the_school_removes_managers_and_managers_decide_about_members(manager, colleague, lyon, act):
    act(actor_for(admin()), colleague)
    act(actor_for(manager), place(person(), lyon))


@pytest.fixture
def secret_roles(lyon, manager):
    """A member of Lyon who is an auditor of the school and a manager of another campus."""
    user = person(family_name="Both", email="both@lumiere.example")
    place(user, lyon)
    place(user, Campus.objects.create(name="Paris", code="PAR"), CampusRole.MANAGER)
    Grant.objects.create(user=user, role=Role.AUDITOR, scope_kind="school")
    return user


def listed(client, query="") -> dict[str, str]:
    answer = client.get(f"/people/export.csv{query}")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    return {row["e-mail"]: row["roles"] for row in rows}


def test_who_may_not_see_roles_reads_none_in_the_list_and_its_export(manager, secret_roles, lumiere):
    client = client_for(lumiere)
    client.force_login(manager)
    assert listed(client)["both@lumiere.example"] == ""
    assert "Auditor" not in client.get("/people/?q=both").content.decode().partition("<tbody")[2]


@pytest.mark.parametrize("query", ["?role=auditor", "?role=campus-manager"])
def test_nor_by_filtering(manager, secret_roles, lumiere, query):
    client = client_for(lumiere)
    client.force_login(manager)
    assert "both@lumiere.example" not in listed(client, query)


def test_control_an_administrator_sees_roles(secret_roles, lumiere):
    client = client_for(lumiere)
    client.force_login(admin())
    assert listed(client, "?role=campus-manager")["both@lumiere.example"] == "auditor"
