"""Graph answers as Microsoft documents it: pages, members, counts, filters, permissions."""

import httpx
import pytest

from tests.sandbox.client import Graph, app_token
from tests.sandbox_fixture import LUMIERE


@pytest.fixture
def school(fresh_sandbox):
    """An organisation with a campus of 25 people directly, 10 in a nested group, and one of everything odd."""
    fresh_sandbox.add_organisation("École Test", tid=LUMIERE, domain="ecole.example", page_size=10)
    campus = fresh_sandbox.add_group(LUMIERE, "Campus Paris", id="g-campus")
    promo = fresh_sandbox.add_group(LUMIERE, "Promo 2026", id="g-promo")
    fresh_sandbox.add_people(LUMIERE, 25, group=campus["id"])
    fresh_sandbox.add_people(LUMIERE, 10, group=promo["id"])
    fresh_sandbox.change_members(LUMIERE, campus["id"], add=[promo["id"]])
    return fresh_sandbox


@pytest.fixture
def graph(school):
    with Graph(school) as graph:
        yield graph


def test_transitive_members_come_in_pages_and_whole(graph):
    pages = graph.pages("/groups/g-campus/transitiveMembers/microsoft.graph.user", **{"$top": "999", "$count": "true"})
    assert [len(page["value"]) for page in pages] == [10, 10, 10, 5]
    assert pages[0]["@odata.count"] == 35
    assert "@odata.count" not in pages[1]
    assert len({person["id"] for page in pages for person in page["value"]}) == 35


def test_direct_members_without_the_cast_have_mixed_types(school, graph):
    school.add_group(LUMIERE, "Laboratory", ["g-promo"], id="g-lab", devices=2)
    kinds = [item["@odata.type"] for item in graph.get("/groups/g-lab/members").json()["value"]]
    assert kinds == ["#microsoft.graph.group", "#microsoft.graph.device", "#microsoft.graph.device"]
    assert graph.get("/groups/g-lab/members/microsoft.graph.user").json()["value"] == []


def test_counts_are_plain_text_and_need_the_header(graph):
    path = "/groups/g-campus/transitiveMembers/microsoft.graph.user/$count"
    counted = graph.get(path)
    assert (counted.text, counted.headers["content-type"]) == ("35", "text/plain; charset=utf-8")
    assert graph.get(path, headers={"consistencylevel": ""}).status_code == 400
    assert graph.get("/groups/g-campus/members/$count").text == "26"
    assert graph.get("/users/$count").text == "35"


def test_the_cast_needs_the_header(graph):
    answer = graph.get("/groups/g-campus/members/microsoft.graph.user", headers={"consistencylevel": ""})
    assert answer.status_code == 400


def test_the_size_of_a_page_is_checked(graph):
    for top in ("1000", "0", "many"):
        assert graph.get("/users", **{"$top": top}).status_code == 400
    assert len(graph.get("/users", **{"$top": "3"}).json()["value"]) == 3


def test_links_are_opaque_and_bound_to_their_list(school, graph):
    link = graph.get("/groups/g-campus/members").json()["@odata.nextLink"]
    token = link.split("$skiptoken=")[1]
    assert graph.get(link).status_code == 200
    assert graph.get(link).json()["value"] == graph.get(link).json()["value"]  # a retry gives the same page
    assert graph.get(link[:-3] + "AAA").json()["error"]["code"] == "Directory_ExpiredPageToken"
    assert graph.get("/users", **{"$skiptoken": token}).status_code == 400


def test_a_page_does_not_shift_when_somebody_leaves_meanwhile(school, graph):
    first = graph.get("/groups/g-campus/members/microsoft.graph.user").json()
    school.delete_person(LUMIERE, first["value"][0]["id"])
    rest = graph.get(first["@odata.nextLink"]).json()["value"]
    assert not {person["id"] for person in first["value"]} & {person["id"] for person in rest}


def test_select_gives_what_was_asked_for(graph):
    person = graph.get("/users", **{"$select": "id,mail,accountEnabled,userType", "$top": "1"}).json()["value"][0]
    assert set(person) == {"id", "mail", "accountEnabled", "userType"}
    assert "accountEnabled" not in graph.get("/users", **{"$top": "1"}).json()["value"][0]
    assert graph.get("/users", **{"$select": "nonsense"}).status_code == 400


def test_groups_are_found_by_name(graph):
    assert [g["id"] for g in graph.get("/groups", **{"$filter": "startswith(displayName,'camp')"}).json()["value"]] == [
        "g-campus"
    ]
    assert [g["id"] for g in graph.get("/groups", **{"$search": '"displayName:promo"'}).json()["value"]] == ["g-promo"]
    assert (
        graph.get("/groups", headers={"consistencylevel": ""}, **{"$search": '"displayName:promo"'}).status_code == 400
    )
    both = graph.get(
        "/groups", **{"$filter": "id eq 'g-promo' or displayName eq 'Campus Paris'", "$orderby": "displayName"}
    )
    assert [group["id"] for group in both.json()["value"]] == ["g-campus", "g-promo"]
    assert graph.get("/groups", **{"$filter": "nonsense"}).status_code == 400


def test_people_are_found_by_property(school, graph):
    person = school.people(LUMIERE)[0]
    school.change_person(LUMIERE, person["id"], accountEnabled=False)
    off = graph.get("/users", **{"$filter": "accountEnabled eq false"}).json()["value"]
    assert [item["id"] for item in off] == [person["id"]]
    assert graph.get(f"/users/{person['userPrincipalName']}").json()["id"] == person["id"]
    assert graph.get("/users/nobody").json()["error"]["code"] == "Request_ResourceNotFound"


def test_errors_and_ids_have_the_documented_shape(graph):
    answer = graph.get("/groups/none", headers={"client-request-id": "abc"})
    error = answer.json()["error"]
    assert answer.status_code == 404
    assert error["code"] == "Request_ResourceNotFound"
    assert error["innerError"]["client-request-id"] == answer.headers["client-request-id"] == "abc"
    assert error["innerError"]["request-id"] == answer.headers["request-id"]


def test_a_token_is_needed_and_belongs_to_one_organisation(school, graph):
    assert httpx.get(f"{school.graph_url}/users", trust_env=False, verify=False).status_code == 401
    forged = httpx.get(
        f"{school.graph_url}/users", headers={"authorization": "Bearer no"}, trust_env=False, verify=False
    )
    assert forged.json()["error"]["code"] == "InvalidAuthenticationToken"
    school.add_organisation("Other", tid="99999999-0000-4000-8000-000000000000")
    link = graph.get("/users").json()["@odata.nextLink"]
    with Graph(school, "99999999-0000-4000-8000-000000000000") as other:
        assert other.get(link).json()["error"]["code"] == "Directory_ExpiredPageToken"
        assert other.get("/groups/g-campus").status_code == 404
        assert other.get("/organization").json()["value"][0]["displayName"] == "Other"


def test_with_too_narrow_a_permission_members_are_only_ids(school, graph):
    school.permissions(LUMIERE, ["GroupMember.Read.All"])
    path = "/groups/g-campus/transitiveMembers/microsoft.graph.user"
    person = graph.get(path, **{"$select": "id,mail,userPrincipalName"}).json()["value"][0]
    assert person["@odata.type"] == "#microsoft.graph.user"
    assert person["id"]
    assert person["mail"] is person["userPrincipalName"] is None
    assert graph.get("/users").json()["error"]["code"] == "Authorization_RequestDenied"
    school.permissions(LUMIERE, [])
    assert graph.get(path).status_code == 403
    school.permissions(LUMIERE, ["GroupMember.Read.All", "User.ReadBasic.All"])
    basic = graph.get(path, **{"$select": "id,mail,accountEnabled"}).json()["value"][0]
    assert basic["mail"]
    assert basic["accountEnabled"] is None


def test_life_of_a_person(school, graph):
    person = graph.members("g-promo")[0]
    school.delete_person(LUMIERE, person["id"])
    assert person["id"] not in {p["id"] for p in graph.members("g-campus")}
    assert graph.get("/groups/g-campus/transitiveMembers/microsoft.graph.user/$count").text == "34"
    assert graph.get(f"/users/{person['id']}").status_code == 404
    school.restore_person(LUMIERE, person["id"])
    assert person["id"] in {p["id"] for p in graph.members("g-campus")}
    school.change_person(
        LUMIERE, person["id"], userPrincipalName="new.name@ecole.example", mail="new.name@ecole.example"
    )
    assert graph.get("/users/new.name@ecole.example").json()["id"] == person["id"]
    school.delete_person(LUMIERE, person["id"], forever=True)
    again = school.add_people(LUMIERE, people=[{"displayName": "New Name", "mail": "new.name@ecole.example",
                                               "userPrincipalName": "new.name@ecole.example"}])[0]  # fmt: skip
    assert again["id"] != person["id"]  # the same address, another person


def test_order_can_differ_from_read_to_read(school, graph):
    school.change_organisation(LUMIERE, shuffle=True)
    first, second = graph.members("g-campus"), graph.members("g-campus")
    assert first != second
    assert sorted(p["id"] for p in first) == sorted(p["id"] for p in second)


def test_groups_in_a_circle_end(school, graph):
    school.change_members(LUMIERE, "g-promo", add=["g-campus"])
    assert len(graph.members("g-campus")) == 35
    everything = [item["id"] for page in graph.pages("/groups/g-campus/transitiveMembers") for item in page["value"]]
    assert len(everything) == 36
    assert "g-campus" not in everything


def test_a_batch_answers_each_call(graph, school):
    school.fault("too_many_requests", operation="group", retry_after=8)
    calls = [
        {"id": "1", "method": "GET", "url": "/users/nobody"},
        {"id": "2", "method": "GET", "url": "/groups/g-promo?$select=displayName"},
        {"id": "3", "method": "GET", "url": "/organization", "dependsOn": ["1"]},
        {"id": "4", "method": "GET", "url": "/groups/g-promo?$select=displayName"},
    ]
    answer = graph.http.post(f"{school.graph_url}/$batch", json={"requests": calls}, headers=graph.headers)
    found = {item["id"]: item for item in answer.json()["responses"]}
    assert {id_: item["status"] for id_, item in found.items()} == {"1": 404, "2": 429, "3": 424, "4": 200}
    assert found["2"]["headers"]["retry-after"] == "8"
    assert found["4"]["body"]["displayName"] == "Promo 2026"
    many = [{"id": str(n), "method": "GET", "url": "/organization"} for n in range(21)]
    assert (
        graph.http.post(f"{school.graph_url}/$batch", json={"requests": many}, headers=graph.headers).status_code == 400
    )


def test_fifty_thousand_people_are_read_through(fresh_sandbox):
    fresh_sandbox.add_organisation("Big", tid=LUMIERE)
    fresh_sandbox.add_group(LUMIERE, "All", id="g-all")
    fresh_sandbox.add_people(LUMIERE, 50_000, group="g-all")
    with Graph(fresh_sandbox) as graph:
        select = "id,displayName,mail,userPrincipalName,accountEnabled,userType"
        people = graph.members("g-all", **{"$top": "999", "$select": select})
    assert len({person["id"] for person in people}) == 50_000


def test_the_journal_shows_the_calls_without_their_secrets(school, graph):
    school.clear_requests()
    app_token(school)
    graph.pages("/groups/g-campus/members")
    calls = school.requests()
    assert [(call["operation"], call["page"], call["status"]) for call in calls] == [
        ("token.app", 1, 200), ("members", 1, 200), ("members", 2, 200), ("members", 3, 200),
    ]  # fmt: skip
    assert "sandbox-secret" not in str(calls)
    assert graph.headers["authorization"].removeprefix("Bearer ") not in str(calls)
    assert calls[0]["body"].startswith("client_id=aaaaaaaa")
    assert calls[1]["bearer"]
    assert calls[1]["host"] == f"localhost:{school.port}"
    assert school.requests(operation="token")[0]["tid"] == LUMIERE
