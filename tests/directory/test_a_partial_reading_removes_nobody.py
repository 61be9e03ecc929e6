"""Every page, every fault: either the run is complete and right, or nothing was changed (security promise D1)."""

import pytest

from apps.accounts.models import Identity, User
from apps.campuses.models import CampusMembership, MembershipEvent

#: Faults after which a reading can still be complete: the answer is late, repeated, reordered or asked for again.
HARMLESS = {
    "delay": {"seconds": 0.01},
    "duplicates": {"count": 2},
    "shuffled": {},
    "empty_page": {"times": 1},
    "wrong_count": {"by": -1},
    "too_many_requests": {"times": 1, "retry_after": 7},
    "token_expired": {"times": 1},
    "claims_challenge": {"times": 1},
}
#: Faults that last: whatever the client tries, this page cannot be read (or cannot be trusted).
STOPS = {
    "hang": {"seconds": 0.9},
    "missing_value": {},
    "null_value": {},
    "no_next_link": {},
    "loop": {},
    "next_link": {"to": "host"},
    "missing_items": {"count": 1},
    "null_members": {},
    "too_many_requests": {"retry_after": 100_000},
    "server_error": {},
    "bad_gateway": {},
    "unavailable": {},
    "gateway_timeout": {},
    "forbidden": {},
    "token_expired": {},
    "not_found": {},
    "gone": {},
    "sync_state_not_found": {},
    "page_token_expired": {},
    "html": {},
    "empty_body": {},
    "redirect": {"location": "https://elsewhere.example/"},
    "truncated": {},
    "cut": {},
    "reset": {},
}
PAGES = [("paris", 1), ("paris", 2), ("paris", 3), ("lyon", 1), ("lyon", 2)]
#: The last page has no successor to cut off; these two need one.
NEEDS_A_SUCCESSOR = {"no_next_link"}


def kinds(table):
    return [pytest.param(kind, options, id=kind) for kind, options in table.items()]


def everything():
    """All that a run may change about people, as values."""
    return (
        set(User.objects.values_list("id", "email", "given_name", "family_name", "status")),
        set(Identity.objects.values_list("user_id", "object_id", "upn")),
        set(CampusMembership.objects.values_list("user_id", "campus_id", "role", "state", "cause")),
        MembershipEvent.objects.count(),
    )


def disturb(world):
    """The directory moves on: one leaves, one arrives, one is renamed."""
    gone = world.students.pop(0)
    world.remove(world.g_paris, gone)
    world.students.append(world.person(givenName="Ada", surname=f"Arrivée {len(world.students)}{gone[:4]}"))
    world.add(world.g_paris, world.students[-1])
    world.change(world.staff[0], jobTitle=f"Since {gone[:4]}")


def arrange(world, kind, group, page, options):
    fields = {"times": None, **options}
    group_id = {"paris": world.g_paris, "lyon": world.g_lyon}[group]
    world.sim.fault(kind, tid=world.tid, operation="transitive_members", page=page, match=group_id, **fields)


@pytest.mark.parametrize(("kind", "options"), kinds(STOPS))
def test_a_page_that_cannot_be_read_stops_the_run(world, kind, options):
    world.standard()
    world.run()
    for group, page in PAGES:
        if kind in NEEDS_A_SUCCESSOR and (group, page) in (("paris", 3), ("lyon", 2)):
            continue
        disturb(world)
        before = everything()
        arrange(world, kind, group, page, options)
        run = world.run()
        assert run.state in ("partial", "failed"), f"{kind} on page {page} of {group}: {run.state}"
        assert everything() == before, f"{kind} on page {page} of {group} changed people"
        assert run.error_code
        world.sim.clear_faults()
        good = world.run()
        assert good.state == "done", (kind, page, group, good.error_code, good.error_detail)
        assert world.places() == world.model()


@pytest.mark.parametrize(("kind", "options"), kinds(HARMLESS))
def test_a_page_that_comes_late_or_again_is_read(world, kind, options):
    world.standard()
    world.run()
    for group, page in PAGES:
        disturb(world)
        arrange(world, kind, group, page, options)
        run = world.run()
        assert run.state == "done", (kind, page, group, run.error_code, run.error_detail)
        assert world.places() == world.model()
        world.sim.clear_faults()


def naive_deactivation(world) -> None:
    """What synchronisations often do: whoever was not read is gone."""
    seen = set()
    try:
        with world.graph(world.tid, sleep=lambda seconds: None) as graph:
            for group_id in (world.g_paris, world.g_lyon):
                for page in graph.pages(graph.members_url(group_id)):
                    seen |= {person.object_id for person in page.people()}
    except Exception:
        pass  # "it goes on with what it has"
    gone = CampusMembership.objects.exclude(user__identities__object_id__in=seen)
    gone.update(state="ended")


@pytest.mark.parametrize(("kind", "options"), kinds(STOPS))
def test_the_matrix_can_fail(world, kind, options):
    """The control: the same assertion catches the naive way, for every fault."""
    world.standard()
    world.run()
    before = everything()
    arrange(world, kind, "paris", 2, options)
    naive_deactivation(world)
    assert everything() != before


#: What can happen to a count: it is one number, without page or list to spoil.
COUNT_STOPS = {
    kind: options
    for kind, options in STOPS.items()
    if kind
    in {"hang", "too_many_requests", "server_error", "bad_gateway", "unavailable", "gateway_timeout", "forbidden",
        "not_found", "gone", "html", "empty_body", "redirect"}
}  # fmt: skip


@pytest.mark.parametrize(("kind", "options"), kinds(COUNT_STOPS))
def test_a_count_that_cannot_be_read_stops_the_run(world, kind, options):
    """Without the cross-check a reading is not proven complete."""
    world.standard()
    world.run()
    disturb(world)
    before = everything()
    world.sim.fault(kind, tid=world.tid, operation="members_count", **{"times": None, **options})
    run = world.run()
    assert run.state in ("partial", "failed")
    assert everything() == before
    world.sim.clear_faults()
    assert world.run().state == "done"
    assert world.places() == world.model()


def test_no_token_no_run(world):
    world.standard()
    world.run()
    before = everything()
    world.tokens.__init__()
    world.sim.permissions(world.tid, None)
    run = world.run()
    assert (run.state, run.error_code) == ("failed", "graph-forbidden")
    assert everything() == before


def test_a_permission_that_is_too_narrow_is_forbidden_and_not_empty(world):
    world.standard()
    world.run()
    before = everything()
    world.sim.permissions(world.tid, ["GroupMember.Read.All"])
    run = world.run()
    assert (run.state, run.error_code) == ("failed", "graph-forbidden")
    assert everything() == before


def test_the_token_never_leaves_graph(world):
    world.standard()
    for to in ("host", "scheme", "port", "userinfo", "path", "subdomain", "relative", "protocol_relative"):
        world.sim.clear_requests()
        world.sim.fault("next_link", tid=world.tid, operation="transitive_members", page=1, times=None, to=to)
        assert world.run().state in ("failed", "partial")
        strangers = [call for call in world.sim.requests() if call["host"] != f"localhost:{world.sim.port}"]
        assert not [call for call in strangers if call["bearer"]], to
        world.sim.clear_faults()


def test_a_group_that_is_gone_is_a_problem_and_not_an_empty_group(world):
    world.standard()
    world.run()
    before = everything()
    world.sim.delete_group(world.tid, world.g_lyon)
    run = world.run()
    assert (run.state, run.error_code) == ("failed", "group-gone")
    assert everything() == before


def test_an_empty_group_asks_first_even_when_few_people_are_concerned(world):
    world.standard(students=30, staff=2)
    world.run()
    before = everything()
    world.remove(world.g_lyon, *world.staff)
    run = world.run()
    assert (run.state, run.hold_reason, run.affected) == ("held", "empty-group", 2)
    assert everything() == before
