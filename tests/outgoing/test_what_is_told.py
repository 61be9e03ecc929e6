"""Whatever the door, what happens becomes an event for each endpoint that wants it, and for no other (INT-9)."""

import json

import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import lifecycle, roles
from apps.campuses.models import Campus, CampusMembership
from apps.campuses.services import campuses, memberships
from apps.core.actor import SCHOOL, Actor, Role
from apps.outgoing.catalogue import TYPES
from apps.outgoing.models import Delivery, OutgoingEvent
from apps.outgoing.services import publishing
from tests.people import owner, person

CLOCK = Actor.system("tests")


def kinds() -> list[str]:
    return list(OutgoingEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def lyon(world):
    return Campus.objects.create(name="Lyon", code="LYO")


def test_nobody_listens_nothing_is_written(lyon):
    camille = person()
    memberships.add_member(actor=CLOCK, user_id=camille.pk, campus_id=lyon.pk, now=timezone.now())
    assert not OutgoingEvent.objects.exists()
    assert publishing.publish("membership.started", None, happened_at=timezone.now()) is None


def test_each_endpoint_hears_what_it_asked_for(world, lyon):
    world.endpoint("timetable", ["membership.started", "membership.ended"])
    world.endpoint("library")
    camille = person(given_name="Camille", family_name="Martin", email="camille@lumiere.example")
    membership = memberships.add_member(actor=CLOCK, user_id=camille.pk, campus_id=lyon.pk, now=timezone.now())
    memberships.suspend_membership(actor=CLOCK, membership_id=membership.pk, now=timezone.now())
    memberships.restore_membership(actor=CLOCK, membership_id=membership.pk, now=timezone.now())
    memberships.change_role(actor=CLOCK, membership_id=membership.pk, role="staff", now=timezone.now())
    memberships.end_membership(actor=CLOCK, membership_id=membership.pk, now=timezone.now())
    while world.deliver():
        pass
    assert sorted(world.types("timetable")) == ["membership.ended", "membership.started"]
    assert sorted(world.types("library")) == sorted(
        ["user.created", "membership.started", "membership.suspended", "membership.resumed", "membership.changed"]
        + ["membership.ended"]
    )
    first = next(one["said"] for one in world.heard("timetable") if one["said"]["type"] == "membership.started")
    assert first["organization"] == "lumiere"
    assert first["data"]["user"]["email"] == "camille@lumiere.example"
    assert first["data"]["campus"] == {"id": str(lyon.pk), "code": "LYO", "name": "Lyon"}
    assert (first["data"]["role"], first["data"]["previous"]) == ("member", {"state": "", "role": ""})


def test_people_by_any_statement(world):
    world.endpoint(kinds=["user.created", "user.updated", "user.suspended", "user.reinstated", "user.departed"])
    camille = person(given_name="Camille", family_name="Martin")
    User.objects.filter(pk=camille.pk).update(family_name="Durand", department="Physics")
    User.objects.filter(pk=camille.pk).update(last_login=timezone.now())  # says nothing to others
    User.objects.filter(pk=camille.pk).update(family_name="Durand")
    lifecycle.suspend_users(CLOCK, [camille.pk], "asked")
    lifecycle.reinstate_users(CLOCK, [camille.pk])
    lifecycle.depart_users(CLOCK, [camille.pk], "left")
    assert kinds() == ["user.created", "user.updated", "user.suspended", "user.reinstated", "user.departed"]
    changed = OutgoingEvent.objects.get(kind="user.updated")
    assert sorted(changed.data["changed"]) == ["department", "family_name"]
    assert changed.data["family_name"] == "Durand"
    assert set(OutgoingEvent.objects.values_list("person_id", flat=True)) == {camille.pk}


def test_a_thousand_people_in_one_statement(world):
    world.endpoint("timetable", ["user.created"])
    world.endpoint("library", ["user.created"])
    User.objects.bulk_create(User(email=f"p{n}@lumiere.example", password="!") for n in range(1_000))
    assert OutgoingEvent.objects.count() == 1_000
    assert Delivery.objects.count() == 2_000


def test_campuses_roles_and_runs_with_the_line_of_the_trail(world, lyon):
    world.endpoint(kinds=["campus.created", "campus.updated", "campus.archived", "role.granted", "role.revoked"])
    boss, now = owner(), timezone.now()
    campus = campuses.create_campus(actor=CLOCK, now=now, name="Nice", code="NCE")
    campuses.update_campus(actor=CLOCK, campus_id=campus.pk, now=now, name="Nizza")
    campuses.archive_campus(actor=CLOCK, campus_id=campus.pk, now=now)
    grant = roles.grant_role(actor=CLOCK, user_id=boss.pk, role=Role.ADMIN, scope=SCHOOL, now=now)
    roles.revoke_role(actor=CLOCK, grant_id=grant.pk, now=now)
    assert kinds() == ["campus.created", "campus.updated", "campus.archived", "role.granted", "role.revoked"]
    granted = OutgoingEvent.objects.get(kind="role.granted")
    assert (granted.data["role"], granted.data["scope_kind"]) == ("admin", "school")
    assert granted.person_id == boss.pk


def test_an_act_that_is_rolled_back_is_not_told(world, lyon):
    world.endpoint()
    with transaction.atomic():
        campuses.create_campus(actor=CLOCK, now=timezone.now(), name="Nice", code="NCE")
        assert kinds() == ["campus.created"]
        transaction.set_rollback(True)
    assert kinds() == []


def test_what_is_deleted_with_a_run_is_told(world, lyon):
    camille = person()
    membership = memberships.add_member(actor=CLOCK, user_id=camille.pk, campus_id=lyon.pk, now=timezone.now())
    world.endpoint(kinds=["membership.ended", "user.erased"])
    CampusMembership.objects.filter(pk=membership.pk).delete()
    User.objects.filter(pk=camille.pk).delete()
    ended, erased = OutgoingEvent.objects.order_by("pk")
    assert (ended.kind, ended.data["cause"]) == ("membership.ended", "undone")
    assert ended.data["previous"]["state"] == "active"
    assert (erased.kind, erased.data, erased.person_id) == ("user.erased", {"id": str(camille.pk)}, None)


def test_what_is_said_is_what_was_promised(world, lyon):
    """Each content fits the shape that is published for its type, with nothing more and nothing less."""
    world.endpoint()
    camille, now = person(), timezone.now()
    User.objects.filter(pk=camille.pk).update(given_name="Camille-Rose")
    lifecycle.suspend_users(CLOCK, [camille.pk], "asked")
    lifecycle.reinstate_users(CLOCK, [camille.pk])
    membership = memberships.add_member(actor=CLOCK, user_id=camille.pk, campus_id=lyon.pk, now=now)
    memberships.end_membership(actor=CLOCK, membership_id=membership.pk, now=now)
    roles.grant_role(actor=CLOCK, user_id=camille.pk, role=Role.AUDITOR, scope=SCHOOL, now=now)
    campuses.update_campus(actor=CLOCK, campus_id=lyon.pk, now=now, name="Lyon 2")
    User.objects.filter(pk=person().pk).delete()
    seen = set()
    for event in OutgoingEvent.objects.all():
        shape = TYPES[event.kind].content
        said = shape.model_validate_json(json.dumps(event.data))
        assert set(said.model_dump(mode="json")) == set(event.data), event.kind
        seen.add(event.kind)
    wanted = {"user.created", "user.updated", "user.erased", "membership.started", "role.granted", "campus.updated"}
    assert wanted <= seen
