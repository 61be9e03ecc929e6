"""A delta run leads to the same rows as a full one, whatever happens on the way (DIR-2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.campuses.services import campuses
from apps.directory.models import DirectoryReading, DirectoryRun, GroupMapping, StagedChange, StagedPerson
from apps.directory.services import deltas, requests, runs
from apps.microsoft.errors import GraphError
from apps.microsoft.graph import Graph, Page
from tests.directory.test_a_partial_reading_removes_nobody import HARMLESS, STOPS, disturb, everything, kinds
from tests.directory.world import ADMIN, no_sleep


@pytest.fixture
def settled(world):
    world.standard()
    world.run()
    return world


def fallbacks(run):
    return set(run.readings.values_list("fallback", flat=True))


def asked(world, *operations):
    return [call for call in world.sim.requests() if call["operation"] in operations]


def test_only_what_changed_is_asked_for(settled):
    settled.sim.clear_requests()
    newcomer = settled.person(givenName="Ada", surname="Nouvelle")
    settled.add(settled.g_paris, newcomer)
    settled.remove(settled.g_paris, settled.students[0])
    settled.change(settled.students[1], surname="Renommée", department="Physique")
    run = settled.run(delta=True)
    assert (run.state, run.kind) == ("done", "delta")
    assert fallbacks(run) == {""}
    assert settled.places() == settled.model()
    assert settled.user(settled.students[1]).family_name == "Renommée"
    assert not asked(settled, "transitive_members", "members"), "no page of members is read"
    assert run.counts == {"added": 1, "updated": 1, "deactivated": 1}


def test_a_delta_run_of_a_directory_that_is_as_it_was_changes_nothing(settled):
    before = everything()
    run = settled.run(delta=True)
    assert (run.state, run.counts, run.people_read) == ("done", {}, 0)
    assert everything() == before
    assert not StagedChange.objects.exists()


def test_one_delta_run_after_the_other(settled):
    for _round in range(4):
        disturb(settled)
        assert settled.run(delta=True).state == "done"
        assert settled.places() == settled.model()


def test_a_full_run_after_delta_runs_finds_nothing_to_do(settled):
    for _round in range(2):
        disturb(settled)
        settled.run(delta=True)
    run = settled.run()
    assert run.counts == {}, settled.changes(run)


def test_a_newcomer_who_existed_before_is_asked_for_by_id(settled):
    known = settled.person(givenName="Long", surname="Here")
    settled.run()
    settled.sim.clear_requests()
    settled.add(settled.g_paris, known)
    run = settled.run(delta=True)
    assert run.counts == {"added": 1}
    assert len(asked(settled, "users")) == 1
    assert settled.user(known).family_name == "Here"


def test_somebody_of_another_mapped_group_joins(settled):
    settled.add(settled.g_lyon, settled.students[0])
    settled.sim.clear_requests()
    run = settled.run(delta=True)
    assert run.counts == {"added": 1} and not asked(settled, "users")
    assert settled.places() == settled.model()


@pytest.mark.parametrize("forever", [False, True])
def test_deleted_disabled_and_returning_people(settled, forever):
    gone, disabled = settled.students[0], settled.students[1]
    settled.sim.delete_person(settled.tid, gone, forever=forever)
    settled.change(disabled, accountEnabled=False)
    run = settled.run(delta=True)
    assert settled.reasons(run) == {("deactivated", "removed"): 1, ("deactivated", "disabled"): 1}
    settled.change(disabled, accountEnabled=True)
    if not forever:
        settled.sim.restore_person(settled.tid, gone)
    run = settled.run(delta=True)
    assert settled.reasons(run) == {("restored", "returned"): 1 if forever else 2}
    assert settled.places() == settled.model()


def test_an_expired_link_means_a_full_reading(settled):
    for operation, why in (("groups_delta", {"expired"}), ("users_delta", {"expired"})):
        disturb(settled)
        settled.sim.fault("gone", tid=settled.tid, operation=operation, times=1)
        run = settled.run(delta=True)
        assert run.state == "done" and fallbacks(run) >= why
        assert settled.places() == settled.model()
        assert fallbacks(settled.run(delta=True)) == {""}, "from then on only changes again"


def test_a_group_inside_that_changes_means_a_full_reading(world):
    inner_people, direct = world.people(4), world.people(2)
    inner = world.group("Inner", inner_people)
    outer = world.group("All", [*direct, inner])
    world.map(outer, world.paris)
    world.run()
    world.remove(inner, inner_people[0])
    run = world.run(delta=True)
    assert fallbacks(run) == {"nested"}
    assert {person for person, _campus, _role in world.places()} == {*inner_people[1:], *direct}
    world.change(inner_people[1], surname="Renommée")
    run = world.run(delta=True)
    assert fallbacks(run) == {""} and run.counts == {"updated": 1}
    deeper = world.people(2)
    world.add(outer, world.group("New inside", deeper))
    run = world.run(delta=True)
    assert fallbacks(run) == {"nested"}
    assert {person for person, _campus, _role in world.places()} == {*inner_people[1:], *direct, *deeper}


def test_a_mapping_that_is_new_is_read_completely_beside_the_others(settled):
    tutors = settled.group("Tutors", settled.students[:2])
    settled.map(tutors, settled.paris, "staff")
    settled.remove(settled.g_paris, settled.students[5])
    run = settled.run(delta=True)
    assert fallbacks(run) == {"", "no-link"}
    assert settled.places() == settled.model(*settled.rules(), (tutors, settled.paris, "staff"))
    assert fallbacks(settled.run(delta=True)) == {""}


def test_before_any_reading_a_delta_run_reads_everything(world):
    world.standard()
    run = world.run(delta=True)
    assert run.state == "done" and fallbacks(run) == {"no-link"}
    assert world.places() == world.model()


def test_a_snapshot_that_was_lost_is_read_anew(settled):
    """After a crash of the server the staged people are gone: their table is not logged."""
    StagedPerson.objects.all().delete()
    disturb(settled)
    run = settled.run(delta=True)
    assert fallbacks(run) == {"no-link"}
    assert settled.places() == settled.model()


def test_a_count_that_does_not_agree_means_a_full_reading(settled):
    """Somebody left and no page told of it."""
    StagedPerson.objects.filter(object_id=settled.students[0]).update(refusal="deleted")
    run = settled.run(delta=True)
    assert run.state == "done" and "count" in fallbacks(run)
    assert settled.places() == settled.model()


def test_a_group_that_is_gone_stops_a_delta_run(settled):
    before = everything()
    settled.sim.delete_group(settled.tid, settled.g_lyon)
    run = settled.run(delta=True)
    assert (run.state, run.error_code) == ("failed", "group-gone")
    assert everything() == before


def test_a_permission_that_became_too_narrow_stops_a_delta_run(settled):
    settled.change(settled.students[0], surname="Renommée")
    settled.add(settled.g_paris, settled.person(givenName="Ada", surname="Nouvelle"))
    before = everything()
    for permissions in (["GroupMember.Read.All"], ["GroupMember.Read.All", "User.ReadBasic.All"]):
        settled.sim.permissions(settled.tid, permissions)
        run = settled.run(delta=True)
        assert (run.state, run.error_code) == ("failed", "graph-forbidden"), permissions
        assert everything() == before


def test_replayed_changes_change_nothing(settled):
    newcomer = settled.person(givenName="Ada", surname="Nouvelle")
    settled.add(settled.g_paris, newcomer)
    settled.run(delta=True)
    settled.remove(settled.g_paris, newcomer)
    settled.run(delta=True)
    before = everything()
    for operation in ("groups_delta", "users_delta"):
        settled.sim.fault("replayed_change", tid=settled.tid, operation=operation, times=None)
    run = settled.run(delta=True)
    assert run.state == "done" and everything() == before


def test_a_held_delta_run_is_not_forgotten_by_the_next(settled):
    """What the directory said is kept, whatever was decided about doing it."""
    settled.remove(settled.g_paris, *settled.students[:7])
    run = settled.run(delta=True)
    assert (run.state, run.affected) == ("held", 7)
    requests.refuse_run(actor=ADMIN, run_id=run.pk, now=timezone.now())
    again = settled.run(delta=True)
    assert (again.state, again.affected, again.people_read) == ("held", 7, 0)
    assert settled.approve(again).state == "done"
    assert settled.places() == settled.model()


def test_the_school_s_own_rules_count_in_a_delta_run_that_hears_nothing(settled):
    foreign = settled.person(givenName="F", surname="Oreign", mail="f@elsewhere.example")
    settled.add(settled.g_paris, foreign)
    settled.run(delta=True)
    campuses.approve_domain(actor=ADMIN, campus_id=settled.paris.pk, domain="lumiere.example", now=timezone.now())
    assert settled.reasons(settled.run(delta=True)) == {("deactivated", "domain"): 1}


def test_another_organisation_s_snapshot_is_not_gone_on_from(settled):
    DirectoryRun.objects.update(tenant_id="00000000-0000-4000-8000-000000000001")
    assert fallbacks(settled.run(delta=True)) == {"no-link"}


def test_a_preview_leaves_the_snapshot_alone(settled):
    snapshots = set(GroupMapping.objects.values_list("snapshot", "delta_link"))
    settled.remove(settled.g_paris, settled.students[0])
    settled.run(preview=True)
    assert set(GroupMapping.objects.values_list("snapshot", "delta_link")) == snapshots
    assert set(StagedPerson.objects.values_list("reading", flat=True)) == {one for one, _link in snapshots}
    settled.run(delta=True)
    assert settled.places() == settled.model()


def test_old_snapshots_are_deleted(settled):
    settled.run()
    settled.run(delta=True)
    assert StagedPerson.objects.count() == 12
    assert set(GroupMapping.objects.values_list("snapshot", flat=True)) <= set(
        DirectoryReading.objects.values_list("pk", flat=True)
    )


def test_a_link_that_leads_elsewhere_is_never_followed_with_a_token(settled):
    for to in ("host", "scheme", "port", "userinfo", "path", "subdomain"):
        for operation in ("groups_delta", "users_delta"):
            disturb(settled)
            settled.sim.clear_requests()
            settled.sim.fault("next_link", tid=settled.tid, operation=operation, times=None, to=to)
            assert settled.run(delta=True).state in ("failed", "partial")
            strangers = [call for call in settled.sim.requests() if call["host"] != f"localhost:{settled.sim.port}"]
            assert not [call for call in strangers if call["bearer"]], (operation, to)
            settled.sim.clear_faults()


def test_a_worker_that_dies_between_two_pages_of_changes_is_followed_by_another(settled):
    settled.sim.change_organisation(settled.tid, page_size=1)
    newcomers = settled.people(3)
    settled.add(settled.g_paris, *newcomers)
    settled.add(settled.g_lyon, *newcomers)
    settled.remove(settled.g_lyon, settled.staff[0])
    settled.change(settled.students[1], surname="Renommée")

    class Died(BaseException):
        pass

    run = settled.request(delta=True)
    for stop in range(1, 9):

        def clock(stop=stop):
            if DirectoryRun.objects.get(pk=run.pk).pages >= stop:
                raise Died
            return timezone.now()

        try:
            runs.carry_out(run_id=run.pk, make_graph=settled.graph, sleep=no_sleep, clock=clock)
        except Died:
            DirectoryRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1), attempts=1)
        else:
            break
    run = settled.carry_out(run)
    assert run.state == "done"
    assert settled.places() == settled.model()


#: Where a delta run can be disturbed: what it asks for, and which page of it.
PLACES = [("users_delta", 1), ("users_delta", 2), ("groups_delta", 1), ("groups_delta", 2), ("users", 1)]


def disturb_more(world):
    """Enough changes for two pages of each kind, and one newcomer who has to be asked for."""
    world.sim.change_organisation(world.tid, page_size=1)
    world.add(world.g_paris, world.waiting.pop())
    disturb(world)
    world.change(world.students[2], jobTitle=f"Since {world.students[-1][:4]}")
    world.add(world.g_lyon, world.students[-1])


def prepared(world):
    world.waiting = world.people(8)
    world.standard()
    world.run()


@pytest.mark.parametrize(("kind", "options"), kinds(STOPS))
def test_every_fault_on_every_page_of_a_delta_run(world, kind, options):
    """Either the run is complete and right, perhaps because it read everything instead, or nothing was changed."""
    prepared(world)
    for operation, page in PLACES:
        disturb_more(world)
        before = everything()
        world.sim.fault(kind, tid=world.tid, operation=operation, page=page, **{"times": None, **options})
        run = world.run(delta=True)
        if run.state == "done" and (kind, operation) != ("missing_items", "users_delta"):
            assert world.places() == world.model(), (kind, operation, page)
        elif run.state != "done":
            assert run.state in ("partial", "failed") and run.error_code, (kind, operation, page, run.state)
            assert everything() == before, f"{kind} on page {page} of {operation} changed people"
        world.sim.clear_faults()
        good = world.run()
        assert good.state == "done", (kind, operation, page, good.error_code, good.error_detail)
        assert world.places() == world.model()


#: Without 429: once patience is over, whatever is asked next is not sent either, so nobody can be gullible about it.
MISLEADING = {kind: options for kind, options in STOPS.items() if kind != "too_many_requests"}


@pytest.mark.parametrize(("kind", "options"), kinds(MISLEADING))
def test_the_matrix_of_delta_runs_can_fail(world, kind, options, monkeypatch):
    """The control: what is cut short is taken for complete, and nobody compares the count: every fault then shows."""
    real = Graph.changes

    def gullible(self, start, **asked):
        last = None
        try:
            for last in real(self, start, **asked):
                yield last
        except GraphError:
            pass
        if last is None or last.delta_link is None:
            yield Page((last.number if last else 0) + 1, (), None, start, None, 0.0)

    prepared(world)
    disturb_more(world)
    monkeypatch.setattr(Graph, "changes", gullible)
    counted = "count(DISTINCT s.object_id) FILTER (WHERE s.refusal <> 'deleted')"
    assert counted in deltas.SIZES
    monkeypatch.setattr(deltas, "SIZES", deltas.SIZES.replace(counted, "r.expected"))
    monkeypatch.setattr(deltas, "changed_members", lambda item: item.get("members@delta") or [])
    for page in (1, 2):
        world.sim.fault(kind, tid=world.tid, operation="groups_delta", page=page, **{"times": None, **options})
    run = world.run(delta=True)
    assert run.state == "done"
    assert world.places() != world.model()


@pytest.mark.parametrize(("kind", "options"), kinds(HARMLESS))
def test_late_repeated_and_reordered_pages_of_a_delta_run(world, kind, options):
    prepared(world)
    for operation, page in PLACES:
        disturb_more(world)
        world.sim.fault(kind, tid=world.tid, operation=operation, page=page, **{"times": None, **options})
        run = world.run(delta=True)
        assert run.state == "done", (kind, operation, page, run.error_code, run.error_detail)
        assert world.places() == world.model()
        world.sim.clear_faults()
