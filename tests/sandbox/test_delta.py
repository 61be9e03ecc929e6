"""Delta queries: everything once, then only what changed, in the awkward ways Microsoft documents."""

import pytest

from tests.sandbox.client import Graph
from tests.sandbox_fixture import LUMIERE

QUERY = {"$select": "displayName,members", "$filter": "id eq 'g-campus' or id eq 'g-promo'"}


@pytest.fixture
def school(fresh_sandbox):
    fresh_sandbox.add_organisation("École Test", tid=LUMIERE, page_size=2)
    fresh_sandbox.add_group(LUMIERE, "Other", id="g-other")
    fresh_sandbox.add_group(LUMIERE, "Promo", id="g-promo")
    fresh_sandbox.add_group(LUMIERE, "Campus", ["g-promo"], id="g-campus")
    fresh_sandbox.add_people(LUMIERE, 650, group="g-promo")
    return fresh_sandbox


@pytest.fixture
def graph(school):
    with Graph(school) as graph:
        yield graph


def test_first_round_splits_a_large_group_over_pages(graph):
    pages = graph.pages("/groups/delta", **QUERY)
    items = [item for page in pages for item in page["value"]]
    assert len(pages) == 3
    assert [item["id"] for item in items] == ["g-promo"] * 4 + ["g-campus"]
    assert sum(len(item["members@delta"]) for item in items) == 651
    assert items[-1]["members@delta"] == [{"@odata.type": "#microsoft.graph.group", "id": "g-promo"}]
    assert [("@odata.deltaLink" in page) for page in pages] == [False, False, True]


def test_later_rounds_tell_only_changes(school, graph):
    link = graph.pages("/groups/delta", **QUERY)[-1]["@odata.deltaLink"]
    assert graph.get(link).json()["value"] == []
    leaver, gone = (person["id"] for person in school.people(LUMIERE)[:2])
    school.change_members(LUMIERE, "g-promo", remove=[leaver])
    school.delete_person(LUMIERE, gone)
    school.change_group(LUMIERE, "g-other", displayName="Not asked for")
    [item] = graph.get(link).json()["value"]
    assert item["id"] == "g-promo"
    assert {member["id"]: member["@removed"]["reason"] for member in item["members@delta"]} == {
        leaver: "deleted",
        gone: "deleted",
    }
    school.restore_person(LUMIERE, gone)
    newer = graph.get(link).json()["@odata.deltaLink"]
    assert graph.get(newer).json()["value"] == []


def test_a_group_that_is_deleted(school, graph):
    link = graph.pages("/groups/delta", **QUERY)[-1]["@odata.deltaLink"]
    school.delete_group(LUMIERE, "g-promo")
    assert {"id": "g-promo", "@removed": {"reason": "deleted"}} in graph.get(link).json()["value"]


def test_people_delta(school, graph):
    link = graph.pages("/users/delta", **{"$select": "id,displayName,accountEnabled"})[-1]["@odata.deltaLink"]
    first, second, third = (person["id"] for person in school.people(LUMIERE)[:3])
    school.change_person(LUMIERE, first, accountEnabled=False)
    school.delete_person(LUMIERE, second)
    school.delete_person(LUMIERE, third, forever=True)
    items = {}
    while link:
        page = graph.get(link).json()
        items |= {item["id"]: item for item in page["value"]}
        link = page.get("@odata.nextLink")
    assert items[first]["accountEnabled"] is False
    assert items[second]["@removed"] == {"reason": "changed"}
    assert items[third]["@removed"] == {"reason": "deleted"}


def test_latest_gives_a_link_without_data(graph):
    page = graph.get("/groups/delta", **{"$deltatoken": "latest"}).json()
    assert page["value"] == []
    assert graph.get(page["@odata.deltaLink"]).status_code == 200


def test_an_old_link_means_starting_again(school, graph):
    answer = graph.get("/groups/delta", **{"$deltatoken": "from-before-the-restart"})
    assert answer.status_code == 410
    assert answer.headers["location"].endswith("/groups/delta?$deltatoken=")
    assert graph.get(answer.headers["location"]).status_code == 200


def test_a_change_can_be_told_twice(school, graph):
    link = graph.pages("/groups/delta", **QUERY)[-1]["@odata.deltaLink"]
    school.fault("replayed_change", operation="groups_delta")
    assert graph.get(link).json()["value"]
    assert not graph.get(link).json()["value"]


def test_what_delta_does_not_support(graph):
    assert graph.get("/groups/delta", **{"$top": "5"}).status_code == 400
