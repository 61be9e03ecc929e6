"""Campuses, what belongs to them and who is there, through the API."""

import pytest

from apps.accounts.models import Grant
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus, CampusMembership
from apps.core.actor import Role
from tests.api.conftest import program
from tests.people import person

NEW = {"name": "Lyon", "code": "LYO"}


def test_the_life_of_a_campus(desk):
    made = desk.send("campuses", NEW)
    assert made.status_code == 201
    address = made["Location"].removeprefix("/api/v1/")
    seen = desk.get_(address)
    changed = desk.change(address, {"hue": 200, "default_role": "staff"}, seen["ETag"])
    assert changed.json()["hue"] == 200 and desk.change(address, {"hue": 1}, seen["ETag"]).status_code == 412
    assert desk.send("campuses", NEW).status_code == 422, "a code is used once"
    assert desk.delete_(address, if_match=changed["ETag"]).status_code == 204
    assert desk.get_("campuses").json()["results"] == []
    assert [row["code"] for row in desk.get_("campuses?archived=true").json()["results"]] == ["LYO"]
    assert desk.send(f"{address}/restoration").json()["archived_at"] is None


def test_places_and_domains(desk):
    campus = Campus.objects.create(**NEW)
    place = desk.send(f"campuses/{campus.pk}/places", {"name": "Hall", "capacity": 80}).json()
    address = f"campuses/{campus.pk}/places/{place['id']}"
    assert desk.change(address, {"capacity": 90}).json() == {**place, "capacity": 90}
    assert len(desk.get_(f"campuses/{campus.pk}/places").json()["results"]) == 1
    assert desk.delete_(address).status_code == 204 and desk.get_(address).status_code == 404
    domain = desk.send(f"campuses/{campus.pk}/domains", {"domain": "@Lyon.Example "}).json()
    assert domain["domain"] == "lyon.example"
    assert desk.send(f"campuses/{campus.pk}/domains", {"domain": "lyon.example"}).json() == domain
    assert desk.send(f"campuses/{campus.pk}/domains", {"domain": "no"}).status_code == 422
    assert desk.delete_(f"campuses/{campus.pk}/domains/{domain['id']}").status_code == 204
    assert desk.get_(f"campuses/{campus.pk}/domains").json()["results"] == []


def test_the_life_of_a_membership(desk):
    campus, user = Campus.objects.create(**NEW), person()
    made = desk.send("memberships", {"campus_id": str(campus.pk), "email": user.email.upper()})
    assert made.status_code == 201 and made.json()["role"] == "member"
    address = made["Location"].removeprefix("/api/v1/")
    seen = desk.get_(address)["ETag"]
    changed = desk.change(address, {"role": "staff", "pinned": "keep", "reason": "asked"}, seen)
    assert (changed.json()["role"], changed.json()["pinned"]) == ("staff", "keep")
    assert desk.change(address, {"role": "member"}, seen).status_code == 412
    assert desk.send(f"{address}/suspension", {"reason": "x"}).json()["state"] == "suspended"
    assert desk.send(f"{address}/restoration").json()["state"] == "active"
    assert desk.change(address, {"pinned": ""}).json()["pinned"] == ""
    assert desk.delete_(f"{address}?reason=over").status_code == 204
    assert desk.get_(f"memberships?user={user.pk}&state=ended").json()["results"][0]["state"] == "ended"
    assert len(desk.get_(f"{address}/events").json()["results"]) == 5
    assert AuditEvent.objects.filter(act="membership.ended", surface="api", reason="over").exists()


@pytest.mark.parametrize("body", [{}, {"user_id": "x"}, {"email": "a@b.example", "user_id": None}])
def test_a_membership_names_one_person(desk, body):
    campus = Campus.objects.create(**NEW)
    assert desk.send("memberships", {"campus_id": str(campus.pk), **body}).status_code == 422


def test_a_manager_sees_and_changes_their_campus_only(lumiere):
    here, there = Campus.objects.create(**NEW), Campus.objects.create(name="Paris", code="PAR")
    leader, user = person(), person()
    Grant.objects.create(user=leader, role=Role.CAMPUS_MANAGER, scope_kind="campus", scope_id=here.pk)
    manager = program(lumiere, leader)
    assert [row["code"] for row in manager.get_("campuses").json()["results"]] == ["LYO"]
    assert manager.send("memberships", {"campus_id": str(here.pk), "user_id": str(user.pk)}).status_code == 201
    assert manager.send("memberships", {"campus_id": str(there.pk), "user_id": str(user.pk)}).status_code == 403
    assert manager.get_(f"campuses/{there.pk}").status_code == 404
    assert manager.change(f"campuses/{here.pk}", {"hue": 1}).status_code == 403
    assert CampusMembership.objects.filter(campus=there).count() == 0
