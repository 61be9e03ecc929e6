"""People through the API: the whole life of an account, by the services of the pages."""

import pytest

from apps.accounts.models import Grant, Invitation, Session, User
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus
from apps.core.actor import Role
from apps.tenants.context import activated
from tests.api.conftest import machine, program
from tests.people import admin, owner, person, with_role


def test_the_list_goes_page_by_page_in_both_directions(desk):
    for number in range(5):
        person(f"p{number}@lumiere.example", family_name=f"Aa{number}", given_name="Zoé")
    first = desk.get_("users?q=zoé&limit=2").json()
    second = desk.get_(f"users?q=zoé&limit=2&cursor={first['next']}").json()
    third = desk.get_(f"users?q=zoé&limit=2&cursor={second['next']}").json()
    names = [row["family_name"] for part in (first, second, third) for row in part["results"]]
    assert names == ["Aa0", "Aa1", "Aa2", "Aa3", "Aa4"] and third["next"] is None and first["previous"] is None
    back = desk.get_(f"users?q=zoé&limit=2&cursor={third['previous']}").json()
    assert back["results"] == second["results"]


@pytest.mark.parametrize(
    "query",
    ["cursor=nonsense", "cursor=~", "limit=0", "limit=201", "limit=x", "stat=active", "status=gone", "q=a&q=b",
     "campus=x", "order=seen", "q=%00"],
)  # fmt: skip
def test_what_an_address_asks_is_checked(desk, query):
    answer = desk.get_(f"users?{query}")
    assert answer.status_code == 422 and answer.json()["errors"], query


def test_filters_and_orders(desk):
    person("gone@lumiere.example", status=User.Status.SUSPENDED, family_name="Zz")
    assert [row["email"] for row in desk.get_("users?status=suspended").json()["results"]] == ["gone@lumiere.example"]
    names = [row["family_name"] for row in desk.get_("users?order=-name").json()["results"]]
    assert names == sorted(names, reverse=True) and names[0] == "Zz"
    admins = desk.get_("users?role=admin").json()["results"]
    assert [row["id"] for row in admins] == [str(desk.user.pk)]


def test_the_whole_life_of_an_account(desk):
    made = desk.send("users", {"email": "nadia@lumiere.example", "given_name": "Nadia", "role": "auditor"})
    assert made.status_code == 201 and made.json()["status"] == "pending"
    address = made["Location"].removeprefix("/api/v1/")
    assert Invitation.objects.get(user_id=made.json()["id"]).role == Role.AUDITOR
    shown = desk.get_(address)
    changed = desk.change(address, {"family_name": "Benali", "language": "fr"}, shown["ETag"])
    assert changed.status_code == 200 and changed.json()["family_name"] == "Benali"
    assert changed["ETag"] != shown["ETag"] and desk.get_(address)["ETag"] == changed["ETag"]
    assert desk.send(f"{address}/suspension", {"reason": "check"}).json()["status"] == "suspended"
    assert desk.send(f"{address}/reinstatement").json()["status"] == "pending"
    assert desk.delete_(f"{address}?reason=left", if_match=desk.get_(address)["ETag"]).status_code == 204
    assert desk.get_(address).json()["status"] == "departed"
    acts = list(AuditEvent.objects.filter(target_id=made.json()["id"]).order_by("id").values_list("act", "surface"))
    assert acts == [
        ("invitation.sent", "api"), ("person.profile_changed", "api"), ("person.suspended", "api"),
        ("person.reinstated", "api"), ("person.departed", "api"),
    ]  # fmt: skip


def test_who_is_here_already_is_not_invited_again(desk):
    known = person("here@lumiere.example")
    answer = desk.send("users", {"email": known.email})
    assert (answer.status_code, answer.json()["code"]) == (409, "already-here")


def test_who_has_more_rights_is_left_alone(desk):
    boss = owner()
    for answer in (
        desk.change(f"users/{boss.pk}", {"given_name": "Not me"}),
        desk.send(f"users/{boss.pk}/suspension"),
        desk.delete_(f"users/{boss.pk}"),
        desk.delete_(f"users/{boss.pk}/sessions"),
    ):
        assert answer.status_code == 403, answer.content
    boss.refresh_from_db()
    assert boss.status == "active" and boss.given_name == "Camille"


def test_nobody_closes_their_own_account_here(desk):
    assert desk.delete_(f"users/{desk.user.pk}").json()["code"] == "not-yourself"
    assert desk.send(f"users/{desk.user.pk}/suspension").json()["code"] == "not-yourself"


def test_a_machine_closes_accounts_of_people_without_roles(lumiere):
    """It has no account of its own, and no more rights than its credential."""
    robot, user, boss = machine(lumiere, "people.view", "people.suspend"), person(), admin()
    assert robot.send(f"users/{user.pk}/suspension").status_code == 200
    assert robot.send(f"users/{boss.pk}/suspension").status_code == 403
    user.refresh_from_db()
    assert user.status == "suspended"


def test_what_cannot_be_seen_is_not_there(lumiere, curie):
    """Another school's, nobody's, and what the caller may not see: byte for byte the same."""
    with activated(curie):
        foreign = person("x@curie.example")
    campus, leader = Campus.objects.create(name="Lyon", code="LYO"), person()
    Grant.objects.create(user=leader, role=Role.CAMPUS_MANAGER, scope_kind="campus", scope_id=campus.pk)
    manager = program(lumiere, leader)
    hidden = person()
    bodies = set()
    for key in (foreign.pk, hidden.pk, "018f3b5e-0000-7000-8000-000000000000"):
        answer = manager.get_(f"users/{key}")
        body = answer.json()
        del body["request_id"]
        bodies.add((answer.status_code, repr(body)))
    assert len(bodies) == 1 and bodies.pop()[0] == 404


# --- mass assignment ---------------------------------------------------------------------------------------


WRITABLE = {
    "users": ("POST", {"email", "given_name", "family_name", "role", "language"}),
    "users/{id}": ("PATCH", {"given_name", "family_name", "department", "job_title", "language"}),
    "users/me": ("PATCH", {"given_name", "family_name", "department", "job_title", "language"}),
}


@pytest.mark.parametrize("path", WRITABLE)
def test_every_other_column_is_refused_by_name(desk, path):
    user = person()
    before = User.objects.filter(pk__in=[user.pk, desk.user.pk]).order_by("pk")
    method, allowed = WRITABLE[path]
    columns = {field.name for field in User._meta.get_fields()} - allowed
    rows = list(before.values())
    for column in columns:
        answer = desk.call(method, path.format(id=user.pk), {"email": "n@x.example", column: "1"}, if_match="*")
        assert answer.status_code == 422 and column in answer.json()["errors"], column
    assert list(before.values()) == rows and not User.objects.filter(email="n@x.example").exists()


# --- roles and sessions ------------------------------------------------------------------------------------


def test_roles_are_given_and_taken_back(boss):
    user = person()
    made = boss.send(f"users/{user.pk}/roles", {"role": "auditor", "note": "2027"})
    assert made.status_code == 201
    address = made["Location"].removeprefix("/api/v1/")
    assert boss.get_(address).json() == made.json()
    assert [row["role"] for row in boss.get_(f"users/{user.pk}/roles").json()["results"]] == ["auditor"]
    again = boss.send(f"users/{user.pk}/roles", {"role": "auditor", "note": "2027"})
    assert again.json()["id"] == made.json()["id"], "given again it is the same"
    assert boss.delete_(f"{address}?reason=year+over").status_code == 204
    assert boss.get_(address).status_code == 404 and not Grant.objects.filter(user=user).exists()


def test_the_last_owner_stays_and_nobody_gives_more_than_they_have(boss, desk):
    own = Grant.objects.get(user=boss.user)
    answer = boss.delete_(f"users/{boss.user.pk}/roles/{own.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last-owner")
    assert desk.send(f"users/{person().pk}/roles", {"role": "owner"}).json()["code"] == "not-yours-to-give"
    assert desk.send(f"users/{desk.user.pk}/roles", {"role": "auditor"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [{"role": "custom"}, {"role": "auditor", "custom_role_id": "018f3b5e-0000-7000-8000-000000000000"},
     {"role": "member", "scope_kind": "campus"}, {"role": "superadmin"}, {"role": 1}, {},
     {"role": "auditor", "ends_on": "2001-01-01"}, {"role": "auditor", "ends_on": "soon"}],
)  # fmt: skip
def test_what_a_role_needs(boss, body):
    assert boss.send(f"users/{person().pk}/roles", body).status_code == 422


def test_a_grant_is_found_below_its_own_person_only(boss):
    user, other = with_role(Role.AUDITOR), person()
    grant = Grant.objects.get(user=user)
    assert boss.get_(f"users/{other.pk}/roles/{grant.pk}").status_code == 404
    assert boss.delete_(f"users/{other.pk}/roles/{grant.pk}").status_code == 404
    assert Grant.objects.filter(pk=grant.pk).exists()


def test_sessions_are_seen_and_ended(lumiere, desk):
    theirs = program(lumiere, person())
    user = theirs.user
    second = program(lumiere, user)
    listed = desk.get_(f"users/{user.pk}/sessions").json()["results"]
    assert len(listed) == 2 and {row["kind"] for row in listed} == {"api"}
    one = Session.objects.filter(user=user).earliest("created_at")
    assert desk.delete_(f"users/{user.pk}/sessions/{one.pk}").status_code == 204
    assert theirs.get_("users/me").status_code == 401 and second.get_("users/me").status_code == 200
    assert desk.delete_(f"users/{user.pk}/sessions").json() == {"ended": 1}
    assert second.get_("users/me").status_code == 401
