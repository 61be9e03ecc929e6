"""It reads a directory to its very end, or it says why not: for every page and every fault, over real HTTP."""

import pytest

from apps.core.requestinfo import bound
from apps.microsoft.app_tokens import AppTokens
from apps.microsoft.errors import (
    GraphConfused,
    GraphError,
    GraphForbidden,
    GraphGone,
    GraphIncomplete,
    GraphNotFound,
    GraphThrottled,
    GraphUnavailable,
)
from apps.microsoft.graph import Graph
from apps.microsoft.patience import Patience
from tests.microsoft.scripted import Reply

TENANT = "44444444-4444-4444-8444-444444444444"
PAGES = 4


@pytest.fixture(scope="module")
def directory(sandbox):
    """An organisation of 18 people in one group, five to a page, one of them through a nested group."""
    sandbox.reset()
    sandbox.add_organisation("École des Pages", tid=TENANT, page_size=5)
    people = sandbox.add_people(TENANT, 18)
    ids = [person["id"] for person in people]
    inner = sandbox.add_group(TENANT, "Inner", ids[17:])
    group = sandbox.add_group(TENANT, 'Class "1"', [*ids[:17], inner["id"]])
    return {"group": group["id"], "inner": inner["id"], "people": people, "ids": set(ids)}


@pytest.fixture
def reader(sandbox, directory, simulated_app, virtual_time):
    """Never really sleeps. `make(tries=1)` for a fault to be final."""
    sandbox.clear_faults()
    sandbox.clear_requests()
    opened = []

    def make(tries=5, **options):
        graph = Graph(
            TENANT,
            simulated_app,
            tokens=AppTokens(),
            patience=Patience(tries=tries, longest=5, total=60),
            sleep=virtual_time.sleep,
            clock=virtual_time.clock,
            **{"read_seconds": 5.0, **options},
        )
        opened.append(graph)
        return graph

    yield make
    for graph in opened:
        graph.close()
    sandbox.clear_faults()


def everyone(graph, url, **options):
    return [person for page in graph.pages(url, **options) for person in page.people()]


class TestTheWhole:
    def test_it_reads_every_page(self, reader, directory):
        graph = reader()
        found = everyone(graph, graph.members_url(directory["group"]))
        assert {person.object_id for person in found} == directory["ids"]
        assert graph.counts.pages == PAGES
        assert graph.counts.requests == PAGES

    def test_it_reads_a_person_as_the_directory_has_them(self, reader, directory):
        graph = reader()
        expected = directory["people"][0]
        found = {person.object_id: person for person in everyone(graph, graph.members_url(directory["group"]))}
        person = found[expected["id"]]
        assert (person.upn, person.mail) == (expected["userPrincipalName"], expected["mail"])
        assert (person.given_name, person.surname) == (expected["givenName"], expected["surname"])
        assert person.enabled is True
        assert person.user_type == "Member"
        assert graph.user(expected["id"]) == person

    def test_direct_members_leave_the_nested_out(self, reader, directory):
        graph = reader()
        assert len(everyone(graph, graph.members_url(directory["group"], transitive=False))) == 17
        assert graph.count_members(directory["group"], transitive=False) == 17
        assert graph.count_members(directory["group"]) == 18

    def test_it_continues_in_another_process_where_it_stopped(self, reader, directory):
        first = reader()
        page = next(iter(first.pages(first.members_url(directory["group"]))))
        second = reader()
        rest = list(second.pages(page.next_link, number=2))
        assert [page.number for page in rest] == [2, 3, 4]
        found = {person.object_id for part in [page, *rest] for person in part.people()}
        assert found == directory["ids"]

    @pytest.mark.parametrize("page", range(1, PAGES + 1))
    @pytest.mark.parametrize("kind", ["empty_page", "duplicates", "shuffled", "delay"])
    def test_what_microsoft_allows_itself_changes_nothing(self, kind, page, reader, directory, sandbox):
        graph = reader()
        sandbox.fault(kind, operation="transitive_members", page=page, seconds=0.01)
        assert {person.object_id for person in everyone(graph, graph.members_url(directory["group"]))} == (
            directory["ids"]
        )

    def test_it_asks_for_groups_by_words(self, reader, directory):
        graph = reader()
        assert {group.object_id for group in graph.search_groups()} == {directory["group"], directory["inner"]}
        assert [group.name for group in graph.search_groups("inner")] == ["Inner"]
        assert graph.search_groups('" OR "x') == graph.search_groups("no such group") == []
        assert graph.group(directory["inner"]).name == "Inner"

    def test_the_organisation_is_the_one_that_was_asked(self, reader):
        organization = reader().organization()
        assert organization.tenant_id == TENANT
        assert organization.domains

    def test_our_request_id_goes_along(self, reader, sandbox):
        with bound(request_id="3f2b8a4e5d6c4b7a8e9f0a1b2c3d4e5f"):
            reader().organization()
        headers = sandbox.requests(operation="organization")[-1]["headers"]
        assert headers["client-request-id"] == "3f2b8a4e-5d6c-4b7a-8e9f-0a1b2c3d4e5f"


FAULTS = {
    "too_many_requests": (GraphThrottled, {"retry_after": 3600}),
    "server_error": (GraphUnavailable, {}),
    "bad_gateway": (GraphUnavailable, {}),
    "unavailable": (GraphUnavailable, {}),
    "gateway_timeout": (GraphUnavailable, {}),
    "hang": (GraphUnavailable, {"seconds": 1.0}),
    "forbidden": (GraphForbidden, {}),
    "not_found": (GraphNotFound, {}),
    "gone": (GraphGone, {}),
    "sync_state_not_found": (GraphGone, {}),
    "page_token_expired": (GraphGone, {}),
    "token_expired": (GraphForbidden, {}),
    "html": (GraphConfused, {}),
    "empty_body": (GraphIncomplete, {}),
    "redirect": (GraphConfused, {}),
    "truncated": (GraphIncomplete, {}),
    "cut": (GraphIncomplete, {}),
    "reset": (GraphIncomplete, {}),
    "missing_value": (GraphIncomplete, {}),
    "null_value": (GraphIncomplete, {}),
    "null_members": (GraphForbidden, {}),
}


@pytest.mark.parametrize("page", range(1, PAGES + 1))
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_that_stays_is_named_and_never_looks_complete(kind, page, reader, directory, sandbox):
    error, params = FAULTS[kind]
    graph = reader(tries=1, read_seconds=0.2 if kind == "hang" else 5.0)
    sandbox.fault(kind, operation="transitive_members", page=page, times=None, **params)
    seen = []
    with pytest.raises(error) as caught:
        seen.extend(graph.pages(graph.members_url(directory["group"])))
    assert [part.number for part in seen] == list(range(1, page))
    assert all(not part.is_last for part in seen)
    assert str(caught.value)


PASSING = [
    "too_many_requests", "server_error", "bad_gateway", "unavailable", "gateway_timeout",
    "token_expired", "claims_challenge", "truncated", "cut", "reset", "empty_body",
]  # fmt: skip


@pytest.mark.parametrize("page", range(1, PAGES + 1))
@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_is_outlived_in_the_same_reading(kind, page, reader, directory, sandbox):
    graph = reader()
    sandbox.fault(kind, operation="transitive_members", page=page)
    found = everyone(graph, graph.members_url(directory["group"]))
    assert {person.object_id for person in found} == directory["ids"]
    assert len(found) == len(directory["ids"])


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_a_circle_of_pages_ends(page, reader, directory, sandbox):
    graph = reader()
    sandbox.fault("loop", operation="transitive_members", page=page, times=None)
    with pytest.raises(GraphConfused):
        list(graph.pages(graph.members_url(directory["group"])))
    assert graph.counts.pages <= 2 * PAGES + 25


def test_endless_empty_pages_end(graph, microsoft):
    links = (f"{microsoft.graph_url}/groups/g1/members?$skiptoken={number}" for number in range(10_000))
    microsoft.graph = lambda call: Reply(200, {"value": [], "@odata.nextLink": next(links)})
    reader = graph()
    with pytest.raises(GraphConfused):
        list(reader.pages(reader.members_url("g1")))
    assert len(microsoft.graph_calls) < 100


def test_a_long_repetition_with_news_is_no_circle(graph, microsoft):
    """One group over many pages with parts of its members, as delta readings have it."""
    numbers = iter(range(60))

    def answer(call):
        number = next(numbers)
        link = {"@odata.nextLink": f"{microsoft.graph_url}/groups/delta?$skiptoken={number}"} if number < 59 else {}
        return Reply(200, {"value": [{"id": "g1", "members@delta": [{"id": f"u{number}"}]}], **link})

    microsoft.graph = answer
    reader = graph()
    assert len(list(reader.pages(reader.address("groups", "delta")))) == 60


def test_a_silently_short_reading_is_betrayed_by_the_count(reader, directory, sandbox):
    """No client can see a missing link; the count is what its caller compares."""
    graph = reader()
    sandbox.fault("no_next_link", operation="transitive_members", page=2)
    found = everyone(graph, graph.members_url(directory["group"]))
    assert len(found) < graph.count_members(directory["group"])


def test_members_without_names_are_a_missing_permission(reader, directory, sandbox):
    sandbox.permissions(TENANT, ["GroupMember.Read.All"])
    try:
        graph = reader()
        with pytest.raises(GraphForbidden):
            everyone(graph, graph.members_url(directory["group"]))
        assert list(graph.pages(graph.members_url(directory["group"]), ids_only=True))
    finally:
        sandbox.permissions(TENANT, ["GroupMember.Read.All", "User.Read.All", "Organization.Read.All"])


def test_consent_that_was_withdrawn_is_forbidden(reader, sandbox):
    sandbox.permissions(TENANT, None)
    try:
        with pytest.raises(GraphForbidden):
            reader().organization()
    finally:
        sandbox.permissions(TENANT, ["GroupMember.Read.All", "User.Read.All", "Organization.Read.All"])


def test_a_group_that_is_gone_is_not_an_empty_group(reader):
    graph = reader()
    with pytest.raises(GraphNotFound):
        everyone(graph, graph.members_url("99999999-9999-4999-8999-999999999999"))


@pytest.mark.parametrize("identifier", ["", "..", "../x", "a/b", "a?b", "a#b", "é", "a" * 65, "a\n"])
def test_only_ids_become_part_of_an_address(identifier, reader):
    with pytest.raises(GraphConfused):
        reader().members_url(identifier)


@pytest.mark.parametrize(
    "body",
    [
        {"value": [{"id": "44444444-4444-4444-8444-444444444444"}, 5]},
        {"value": [{"id": None, "displayName": "x"}]},
        {"value": [{"displayName": "x"}]},
        {"value": []},
        {"value": [{"id": "55555555-5555-4555-8555-555555555555", "displayName": "another organisation"}]},
        {"value": {}},
        [],
        5,
        None,
    ],
)
def test_an_answer_of_another_shape_is_an_error(body, graph, microsoft):
    microsoft.graph = lambda call: Reply(200, body)
    with pytest.raises(GraphError):
        graph().organization()


@pytest.mark.parametrize("text", [b"", b"-1", b"1e3", b"many", b"<html>", b"1.5", b"99999999999999999999"])
def test_a_count_that_is_no_number_is_an_error(text, graph, microsoft):
    microsoft.graph = lambda call: Reply(200, text)
    with pytest.raises(GraphConfused):
        graph().count_members("g1")


def test_a_count_may_carry_a_byte_order_mark(graph, microsoft):
    microsoft.graph = lambda call: Reply(200, "\ufeff893".encode())
    assert graph().count_members("g1") == 893


@pytest.mark.parametrize("link", [None, "", 5, ["x"]])
def test_a_next_link_that_is_none_is_incomplete(link, graph, microsoft):
    microsoft.graph = lambda call: Reply(200, {"value": [], "@odata.nextLink": link})
    reader = graph()
    with pytest.raises(GraphIncomplete):
        list(reader.pages(reader.members_url("g1")))


def test_an_endless_body_is_refused(graph, microsoft, monkeypatch):
    from apps.integrations import http
    from apps.microsoft import graph as module

    monkeypatch.setattr(module, "LIMITS", http.Limits(size=10_000, tries=1))
    microsoft.graph = lambda call: Reply(200, {"value": [{"id": "x" * 20_000}]})
    with pytest.raises(GraphUnavailable):
        graph(patience=Patience(tries=1)).organization()


def test_permission_that_hides_whether_an_account_is_enabled_is_visible(graph, microsoft):
    person = {"id": "u1", "userPrincipalName": "ada@x.example", "accountEnabled": None, "displayName": "A\u0000da\n"}
    microsoft.graph = lambda call: Reply(200, {"value": [person, {"@odata.type": "#microsoft.graph.group", "id": "g"}]})
    reader = graph()
    [page] = reader.pages(reader.members_url("g1"), ids_only=True)
    [found] = page.people()
    assert found.enabled is None
    assert found.display_name == "Ada"
