"""What an identity provider does to people: the school's rules hold, and too much at once waits."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Grant, Identity, Session, Tombstone, User
from apps.accounts.services import erasure
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain, CampusMembership, MembershipEvent
from apps.roster.models import ProvisionedGroup, ProvisionedPerson, RosterPlan
from apps.roster.services import plans
from apps.roster.services import provisioning as services
from tests.conftest import client_for
from tests.people import acting, admin, person
from tests.roster.conftest import make_school
from tests.roster.scim import ENTERPRISE, USER, Machine, credential


@pytest.fixture
def machine(lumiere):
    return Machine(lumiere, credential("roster.provision"))


@pytest.fixture
def school(machine):
    return make_school()


def status_of(one):
    return User.objects.get(pk=one["id"]).status


def deactivate(machine, one):
    return machine.patch(f"/Users/{one['id']}", {"op": "Replace", "path": "active", "value": "False"})


def activate(machine, one):
    return machine.patch(f"/Users/{one['id']}", {"op": "Replace", "path": "active", "value": "True"})


def place(one):
    row = CampusMembership.objects.filter(user_id=one["id"]).first()
    return row and (row.state, row.role, row.source, row.cause)


def mapped(school, machine, name, *people, role="member", promotion=None, campus=None):
    group = machine.group(name, *people)
    plan = services.map_group(
        actor=school.boss, group_id=group["id"], campus_id=(campus or school.lyon).pk, role=role,
        promotion_id=promotion and promotion.pk, now=timezone.now(),
    )  # fmt: skip
    if plan:
        plan = school.work(plan)
        assert plan.state == ("held" if plan.to_apply else "done")
        if plan.to_apply:
            school.confirm(plan)
    return group


def test_inactive_suspends_and_ends_sessions_and_active_takes_it_back(machine):
    ada = machine.create()
    User.objects.filter(pk=ada["id"]).update(status="active")
    later = timezone.now() + timedelta(days=1)
    Session.objects.create(user_id=ada["id"], data="", last_seen_at=later, expires_at=later)
    assert deactivate(machine, ada).json()["active"] is False
    assert status_of(ada) == "suspended" and not Session.objects.filter(user_id=ada["id"], ended_at=None).exists()
    assert activate(machine, ada).json()["active"] is True
    acts = set(AuditEvent.objects.values_list("act", flat=True))
    assert {"scim.person_created", "people.suspended", "people.reinstated"} <= acts or "scim.person_created" in acts


def test_what_an_administrator_did_is_not_taken_back(machine):
    ada, bob = machine.create("ada@l.example"), machine.create("bob@l.example")
    User.objects.filter(pk=ada["id"]).update(status="suspended")
    assert activate(machine, ada).status_code == 403
    User.objects.filter(pk=bob["id"]).update(status="departed")
    answer = machine.send("POST", "/Users", {"schemas": bob["schemas"], "userName": "bob@l.example"})
    assert answer.status_code == 409 and status_of(bob) == "departed"


def test_delete_departs_and_post_brings_the_same_person_back(machine):
    ada = machine.create()
    assert machine.send("DELETE", f"/Users/{ada['id']}").status_code == 204
    assert status_of(ada) == "departed"
    assert machine.create()["id"] == ada["id"] and status_of(ada) == "pending"


def test_who_was_erased_is_not_made_anew(machine):
    """By address, by number, by the object id of the linked organisation; the answer says who can lift it."""
    ada = machine.create("ada@l.example", **{ENTERPRISE: {"employeeNumber": "S1"}})
    case = erasure.erase_directly(
        actor=acting(admin()), user_id=ada["id"], reason="asked by letter", now=timezone.now()
    )
    assert erasure.carry_out(case_id=case.pk, now=timezone.now()) == "done"
    same = {"userName": "ada@l.example"}
    moved = {"userName": "new@l.example", ENTERPRISE: {"employeeNumber": "S1"}}
    addresses = [{"value": "n@l.example", "primary": True}, {"value": "ADA@l.example"}]
    beside = {"userName": "n@l.example", "emails": addresses}
    for said in (same, moved, beside):
        answer = machine.send("POST", "/Users", {"schemas": [USER], **said})
        assert answer.status_code == 403 and "effacée" in answer.json()["detail"], said  # the school's language
    assert not User.objects.filter(email__endswith="@l.example").exists()
    assert machine.get(f"/Users/{ada['id']}").status_code == 404
    erasure.lift_tombstone(actor=acting(admin()), tombstone_id=Tombstone.objects.get().pk, now=timezone.now())
    assert machine.create("ada@l.example")["id"] != ada["id"]


def test_role_holders_and_microsoft_accounts_are_protected(machine):
    boss, linked = machine.create("boss@l.example"), machine.create("linked@l.example")
    Grant.objects.create(user_id=boss["id"], role="admin", scope_kind="school")
    Identity.objects.create(user_id=linked["id"], issuer="i", tenant_id="t", object_id="o")
    assert deactivate(machine, boss).status_code == 403
    assert machine.send("DELETE", f"/Users/{boss['id']}").status_code == 403
    for one in (boss, linked):
        change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "evil@l.example"}
        assert machine.patch(f"/Users/{one['id']}", change).status_code == 403
    assert status_of(boss) == "pending" and not User.objects.filter(email="evil@l.example").exists()


def test_only_approved_domains_and_real_addresses(machine, school):
    ApprovedDomain.objects.create(campus=school.lyon, domain="lumiere.example")
    for name in ("a@elsewhere.example", "no-address"):
        answer = machine.send("POST", "/Users", {"schemas": [], "userName": name})
        assert answer.status_code == 400, name
    ada = machine.create("ada@lumiere.example")
    change = {"op": "replace", "path": "emails", "value": [{"value": "a@elsewhere.example"}]}
    assert machine.patch(f"/Users/{ada['id']}", change).status_code == 400


def test_numbers_and_addresses_belong_to_one_person(machine):
    ext = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    ada = machine.create("ada@l.example", **{ext: {"employeeNumber": "S1"}})
    bob = machine.create("bob@l.example")
    for change in (
        {"op": "add", "path": f"{ext}:employeeNumber", "value": "S1"},
        {"op": "replace", "path": "emails", "value": [{"value": "ada@l.example", "primary": True}]},
        {"op": "replace", "path": "userName", "value": "ADA@l.example"},
    ):
        answer = machine.patch(f"/Users/{bob['id']}", change)
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness"), change
    assert User.objects.get(pk=ada["id"]).external_id == "S1"


# --- groups -----------------------------------------------------------------------------------------------


def test_a_mapped_group_gives_places_with_source_and_history(machine, school):
    ada, bob = machine.create("ada@l.example"), machine.create("bob@l.example")
    group = mapped(school, machine, "Students", ada, promotion=school.promotion("B1"))
    assert place(ada) == ("active", "member", "scim", "provisioned")
    machine.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": bob["id"]}]})
    assert place(bob) == ("active", "member", "scim", "provisioned")
    assert CampusMembership.objects.get(user_id=bob["id"]).promotion.name == "B1"
    machine.patch(f"/Groups/{group['id']}", {"op": "remove", "path": f'members[value eq "{bob["id"]}"]'})
    assert place(bob) == ("ended", "member", "scim", "withdrawn")
    machine.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": bob["id"]}]})
    assert place(bob) == ("active", "member", "scim", "provisioned")
    history = MembershipEvent.objects.filter(membership__user_id=bob["id"]).order_by("id")
    assert [(one.to_state, one.source) for one in history] == [
        ("active", "scim"),
        ("ended", "scim"),
        ("active", "scim"),
    ]
    assert all("Entra" in one.actor for one in history)


def test_of_two_groups_the_higher_role_counts(machine, school):
    ada = machine.create()
    staff = mapped(school, machine, "Staff", ada, role="staff")
    mapped(school, machine, "Students", ada)
    assert place(ada)[1] == "staff"
    machine.send("DELETE", f"/Groups/{staff['id']}")
    assert place(ada)[:2] == ("active", "member")


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"state": "ended", "cause": "left"}, "ended"),
        ({"state": "ended", "cause": "admin"}, "ended"),
        ({"state": "suspended", "cause": "admin"}, "suspended"),
        ({"state": "ended", "cause": "withdrawn", "pinned": "never"}, "ended"),
    ],
)
def test_decisions_of_people_outweigh_a_group(machine, school, facts, kept):
    ada = machine.create()
    group = mapped(school, machine, "Students", ada)
    CampusMembership.objects.filter(user_id=ada["id"]).update(**facts)
    for operation in (
        {"op": "remove", "path": "members"},
        {"op": "add", "path": "members", "value": [{"value": ada["id"]}]},
    ):
        machine.patch(f"/Groups/{group['id']}", operation)
    assert place(ada)[0] == kept


def test_a_changed_mapping_is_seen_before_it_is_done_and_may_be_thrown_away(machine, school):
    ada = machine.create()
    group = mapped(school, machine, "Students", ada)
    plan = services.map_group(
        actor=school.boss, group_id=group["id"], campus_id=school.paris.pk, role="member", promotion_id=None,
        now=timezone.now(),
    )  # fmt: skip
    plan = school.work(plan)
    assert (plan.state, plan.counts) == ("held", {"placed": 1, "deactivated": 1})
    assert place(ada)[0] == "active"
    plans.desk_of(plan).refuse(actor=school.boss, run_id=plan.pk, now=timezone.now())
    assert ProvisionedGroup.objects.get().campus == school.lyon, "the mapping is as before"


# --- too many at once -------------------------------------------------------------------------------------


def test_more_than_the_threshold_within_an_hour_waits_for_an_administrator(machine, school):
    people = [machine.create(f"p{n}@l.example") for n in range(12)]
    answers = [deactivate(machine, one) for one in people[:8]]
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["active"] for answer in answers] == [False] * 5 + [True] * 3, "the answer says what is true"
    assert machine.send("DELETE", f"/Users/{people[8]['id']}").status_code == 202
    assert machine.get(f"/Users/{people[8]['id']}").status_code == 200
    plan = RosterPlan.objects.get(kind="scim")
    assert (plan.state, plan.hold_reason, plan.affected) == ("held", "threshold", 4)
    machine.patch(f"/Users/{people[6]['id']}", {"op": "replace", "path": "title", "value": "x"})
    machine.send("PUT", f"/Users/{people[6]['id']}", {"schemas": [USER], "userName": "p6@l.example"})
    plan.refresh_from_db()
    assert plan.affected == 4, "what says nothing of the state does not withdraw the request"
    assert activate(machine, people[7]).json()["active"] is True
    plan.refresh_from_db()
    assert plan.affected == 3, "the provider changed its mind"
    school.confirm(plan)
    assert plan.state == "done"
    assert [status_of(one) for one in people[5:9]] == ["suspended", "suspended", "pending", "departed"]
    assert set(ProvisionedPerson.objects.values_list("pending", flat=True)) == {""}
    assert activate(machine, people[5]).json()["active"] is True, "what was confirmed is the provider's to take back"


def test_a_held_withdrawal_that_is_refused_changes_nothing(machine, school):
    people = [machine.create(f"p{n}@l.example") for n in range(12)]
    for one in people[:8]:
        deactivate(machine, one)
    plan = RosterPlan.objects.get(kind="scim")
    plans.desk_of(plan).refuse(actor=school.boss, run_id=plan.pk, now=timezone.now())
    assert [status_of(one) for one in people[5:8]] == ["pending"] * 3
    assert set(ProvisionedPerson.objects.values_list("pending", flat=True)) == {""}


def test_emptying_a_group_is_held(machine, school):
    people = [machine.create(f"p{n}@l.example") for n in range(12)]
    group = mapped(school, machine, "Students", *people)
    assert machine.patch(f"/Groups/{group['id']}", {"op": "remove", "path": "members"}).status_code == 200
    assert CampusMembership.objects.filter(state="active").count() == 12
    plan = RosterPlan.objects.get(kind="scim", state="held")
    school.confirm(plan)
    assert CampusMembership.objects.filter(state="active").count() == 0


def test_the_pages_of_provisioning(machine, school, lumiere):
    ada = machine.create()
    group = machine.group("Students", ada)
    client = client_for(lumiere)
    client.force_login(admin(locale="en"))
    page = client.get(reverse("roster:provisioning"))
    assert "/scim/v2" in page.text and "Students" in page.text and "Not mapped" in page.text
    edit = reverse("roster:group_map", args=[group["id"]])
    assert client.get(edit).status_code == 200
    answer = client.post(edit, {"campus": str(school.lyon.pk), "role": "member", "promotion": ""})
    plan = RosterPlan.objects.get(kind="scim")
    assert answer["Location"] == reverse("roster:plan", args=[plan.pk])
    school.work(plan)
    client.post(reverse("roster:confirm", args=[plan.pk]))
    school.work(plan)
    assert place(ada)[0] == "active"
    assert person().pk  # the page of somebody who was not provisioned stays as it is
