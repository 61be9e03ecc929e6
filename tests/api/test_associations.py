"""Associations, their boards, members and renewals through the API, each answer as it is described."""

from datetime import timedelta

from django.utils import timezone

from apps.associations.models import Association, Membership, Renewal
from apps.campuses.models import Campus
from apps.campuses.services import memberships
from apps.core.actor import Actor
from tests.api.conftest import program
from tests.people import person


def students(count):
    campus = Campus.objects.create(name="Lyon", code="LYO")
    found = [person() for _ in range(count)]
    for one in found:
        memberships.add_member(
            actor=Actor.system("tests"), user_id=one.pk, campus_id=campus.pk, role="member", now=timezone.now()
        )
    return found, campus


def days():
    today = timezone.localdate()
    return {"starts_on": str(today), "ends_on": str(today + timedelta(days=300))}


def test_the_life_of_an_association(desk, lumiere):
    (president, treasurer, third), campus = students(3)
    chief = program(lumiere, president)
    founders = [{"email": treasurer.email, "office": "treasurer"}, {"email": third.email}]
    wanted = {"name": "Ciné-club", "kind": "culture", "purpose": "Films", "seat_id": str(campus.pk)}
    made = chief.send("associations", {**wanted, "founders": founders})
    assert made.status_code == 201 and made.json()["status"] == "draft"
    address = made["Location"].removeprefix("/api/v1/")
    assert chief.send("associations", {"name": "x"}).status_code == 422
    missing = chief.get_(f"{address}/eligibility").json()
    assert {one["code"]: one["ok"] for one in missing["checks"]}["president"] is False and missing["sentence"]
    named = [{"email": president.email, "office": "president"}, *founders]
    asked, again = chief.get_(f"{address}/request"), {**wanted, "purpose": "Films, again"}
    assert chief.call("PUT", f"{address}/founders", {"founders": named}).status_code == 428
    answer = chief.call("PUT", f"{address}/founders", {"founders": named}, if_match=asked["ETag"])
    assert answer.status_code == 200 and len(answer.json()["founders"]) == 3
    assert chief.call("PUT", f"{address}/request", again, if_match=asked["ETag"]).status_code == 412, "founders are new"
    answer = chief.call("PUT", f"{address}/request", again, if_match=answer["ETag"])
    assert answer.status_code == 200 and answer.json()["purpose"] == "Films, again"
    assert answer["ETag"] == chief.get_(f"{address}/request")["ETag"]
    assert chief.send(f"{address}/submission").status_code == 409
    for user in (treasurer, third):
        assert program(lumiere, user).send(f"{address}/founding", {"agree": True}).status_code == 200
    assert len(chief.get_(f"{address}/founders").json()["results"]) == 3
    assert chief.send(f"{address}/submission").json()["status"] == "submitted"
    assert desk.send(f"{address}/comments", {"text": "Good"}).status_code == 200
    assert desk.send(f"{address}/changes", {"text": "Statutes?"}).json()["status"] == "changes_requested"
    assert chief.send(f"{address}/submission").status_code == 200
    assert chief.send(f"{address}/approval", days()).status_code == 403
    assert desk.send(f"{address}/approval", days()).json()["status"] == "active"
    seen = chief.get_(address)
    changed = chief.change(address, {"joining": "free"}, seen["ETag"])
    assert changed.json()["joining"] == "free"
    assert chief.change(address, {"joining": "closed"}, seen["ETag"]).status_code == 412
    assert desk.send(f"{address}/freezing", {"reason": "x"}).json()["frozen_at"]
    assert chief.change(address, {"joining": "closed"}).status_code == 403
    assert desk.send(f"{address}/unfreezing", {}).json()["frozen_at"] is None
    assert desk.send(f"{address}/rest", {"reason": "x"}).json()["status"] == "dormant"
    assert desk.send(f"{address}/waking").json()["status"] == "active"
    assert desk.send(f"{address}/farewell").json() == {"members": 3}
    assert desk.send(f"{address}/dissolution", {"reason": "x"}).status_code == 409
    for mandate in chief.get_(f"{address}/mandates").json()["results"]:
        assert desk.send(f"mandates/{mandate['id']}/end", {"reason": "x"}).status_code == 200
    assert desk.send(f"{address}/dissolution", {"reason": "x"}).json()["status"] == "dissolved"


def test_refusing_and_withdrawing(desk, lumiere):
    (president,), _campus = students(1)
    chief = program(lumiere, president)
    wanted = {"name": "Club", "kind": "other", "purpose": "x"}
    address = chief.send("associations", wanted)["Location"].removeprefix("/api/v1/")
    Association.objects.update(status="submitted")
    assert desk.send(f"{address}/refusal", {"text": "No"}).json()["status"] == "refused"
    assert chief.call("DELETE", f"{address}/request").status_code == 409
    again = chief.send("associations", wanted)["Location"].removeprefix("/api/v1/")
    asked = chief.get_(f"{again}/request")
    chief.call("PUT", f"{again}/request", {**wanted, "purpose": "y"}, if_match="*")
    assert chief.call("DELETE", f"{again}/request", if_match=asked["ETag"]).status_code == 412
    assert chief.call("DELETE", f"{again}/request").status_code == 204
    assert chief.get_(again).status_code == 404


def test_boards_members_and_renewals(desk, lumiere):
    from apps.associations.services.requests import usual_offices

    (president, treasurer, camille), campus = students(3)
    today = timezone.localdate()
    made = Association.objects.create(
        name="Club", slug="club", kind="other", purpose="x", seat=campus, status="approved", opens_on=today,
        joining="approval", created_at=timezone.now(),
    )  # fmt: skip
    made.approved_details = made.legal_details
    made.save()
    usual_offices(made)
    address = f"associations/{made.pk}"
    offices = {one["code"]: one["id"] for one in desk.get_(f"{address}/offices").json()["results"]}
    for user, code in ((president, "president"), (treasurer, "treasurer")):
        sent = {"office_id": offices[code], "email": user.email, **days()}
        assert desk.send(f"{address}/mandates", sent).status_code == 201
    chief, hers = program(lumiere, president), program(lumiere, camille)
    own = chief.send(f"{address}/offices", {"name": "Events", "permissions": ["associations.workspace"]})
    assert own.status_code == 201
    office = own["Location"].removeprefix("/api/v1/")
    assert chief.change(office, {"name": "Parties"}).json()["name"] == "Parties"
    assert chief.send(f"{address}/offices", {"name": "x", "permissions": ["people.erase"]}).status_code == 422
    assert chief.delete_(office).status_code == 204
    assert hers.get_(f"{address}/members").status_code == 403
    asked = hers.send(f"{address}/joining", {"words": "Hello"}).json()
    assert asked["state"] == "pending"
    assert chief.send(f"association-memberships/{asked['id']}/admission").json()["state"] == "member"
    assert [one["user_id"] for one in chief.get_(f"{address}/members?q={camille.family_name}").json()["results"]]
    assert chief.send(f"association-memberships/{asked['id']}/removal", {}).json()["state"] == "left"
    assert hers.send(f"{address}/joining", {}).json()["state"] == "pending"
    assert chief.send(f"association-memberships/{asked['id']}/refusal").json()["state"] == "refused"
    assert chief.send(f"{address}/members", {"email": camille.email}).status_code == 201
    assert hers.send(f"{address}/leaving").json()["state"] == "left"
    assert Membership.objects.get(user=camille).state == "left"
    campaign = desk.send("renewal-campaigns", {"name": "2026", "deadline": str(today + timedelta(days=9))})
    assert campaign.status_code == 201 and campaign.json()["total"] == 1
    assert len(desk.get_("renewal-campaigns").json()["results"]) == 1
    renewal = desk.get_(campaign["Location"].removeprefix("/api/v1/")).json()["results"][0]
    assert chief.send(f"renewals/{renewal['id']}/confirmation").json()["settled_at"] is None
    assert desk.send(f"renewals/{renewal['id']}/reminder").json() == {"sent": 0, "already": 1}
    assert desk.send(f"renewals/{renewal['id']}/approval").status_code == 409
    assert desk.send(f"renewals/{renewal['id']}/override", {"reason": "Away"}).json()["how"] == "override"
    assert Renewal.objects.get().reason == "Away"
