"""Incomplete runs go on where the last page was committed; cancelled ones stop; a lost lease writes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.plan import Stopped
from apps.core.plan.lease import claim
from apps.directory.models import DirectoryRun, StagedPerson
from apps.directory.services import requests, runs
from tests.directory.world import ADMIN, no_sleep


def trouble(world, page=2, **options):
    world.sim.fault("server_error", tid=world.tid, operation="transitive_members", page=page, times=None, **options)


def pages_asked(world, group_id):
    asked = world.sim.requests(operation="transitive_members", path=group_id)
    return [call["page"] for call in asked if call["status"] == 200]


def test_an_incomplete_run_goes_on_with_the_page_that_failed(world):
    world.standard()
    trouble(world, page=3)
    run = world.run()
    assert (run.state, run.error_code) == ("partial", "graph-unavailable")
    assert run.readings.get(group_id=world.g_paris).pages == 2
    assert run.resume_at > timezone.now()
    world.sim.clear_faults()
    world.sim.clear_requests()
    again = requests.retry_run(actor=ADMIN, run_id=run.pk, now=timezone.now())
    assert again.pk == run.pk
    run = world.carry_out(run)
    assert run.state == "done"
    assert pages_asked(world, world.g_paris) == [3], "the two committed pages are not read again"
    assert run.people_read == 12
    assert world.places() == world.model()


def test_the_sweeper_goes_on_by_itself_after_the_pause(world):
    world.standard()
    trouble(world)
    run = world.run()
    assert requests.sweep(now=timezone.now()) == 0, "not before the pause is over"
    world.sim.clear_faults()
    world.sweep_later()
    run.refresh_from_db()
    assert run.state == "reading"
    assert world.carry_out(run).state == "done"


def test_pages_that_are_too_old_are_read_anew(world):
    world.standard()
    trouble(world)
    run = world.run()
    world.sim.clear_faults()
    later = timezone.now() + timedelta(hours=2)
    fresh = requests.retry_run(actor=ADMIN, run_id=run.pk, now=later)
    assert fresh.pk != run.pk
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("cancelled", "superseded")
    assert not StagedPerson.objects.filter(run_id=run.pk).exists()


def test_an_expired_place_starts_that_group_again(world):
    world.standard()
    world.sim.fault("page_token_expired", tid=world.tid, operation="transitive_members", page=2, times=1)
    run = world.run()
    assert run.state == "done"
    assert run.people_read == 12
    assert world.places() == world.model()


def test_a_run_that_is_interrupted_again_and_again_gives_up(world):
    world.standard()
    run = world.request()
    DirectoryRun.objects.filter(pk=run.pk).update(attempts=8)
    run = world.carry_out(run)
    assert (run.state, run.error_code) == ("failed", "gave-up")


def test_a_pause_that_microsoft_asks_for_is_obeyed_and_shown(world):
    world.standard()
    world.sim.fault("too_many_requests", tid=world.tid, operation="transitive_members", page=2, times=1, retry_after=9)
    run, seen, slept = world.request(), [], []

    def graph(tenant_id, **options):
        return world.graph(tenant_id, clock=lambda: 1_000.0 + sum(slept), **options)

    def sleep(seconds):
        slept.append(seconds)
        shown = DirectoryRun.objects.get(pk=run.pk)
        seen.append((shown.resume_at is not None, shown.lease_until > timezone.now() + timedelta(seconds=50)))

    runs.carry_out(run_id=run.pk, make_graph=graph, sleep=sleep)
    run.refresh_from_db()
    assert run.state == "done"
    assert sum(slept) == pytest.approx(9)
    assert set(seen) == {(True, True)}
    assert run.throttles == 1 and run.throttled_seconds > 8


def test_a_pause_longer_than_a_worker_waits_is_left_to_the_sweeper(world):
    world.standard()
    world.sim.fault(
        "too_many_requests", tid=world.tid, operation="transitive_members", page=2, times=1, retry_after=900
    )
    run = world.run()
    assert (run.state, run.error_code) == ("partial", "graph-throttled")
    assert run.resume_at >= timezone.now() + timedelta(seconds=880)


def test_cancelled_while_reading_nothing_is_changed(world):
    world.standard()
    world.sim.fault("too_many_requests", tid=world.tid, operation="transitive_members", page=2, times=1, retry_after=9)
    run = world.request()

    def sleep(seconds):
        requests.cancel_run(actor=ADMIN, run_id=run.pk, now=timezone.now())

    runs.carry_out(run_id=run.pk, make_graph=world.graph, sleep=sleep)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert world.places() == set()
    assert not StagedPerson.objects.exists()


def test_cancelled_between_chunks_what_was_applied_stays_and_is_counted(world):
    world.standard()
    run = world.request()
    looks = []

    def clock():
        looks.append(1)
        if DirectoryRun.objects.get(pk=run.pk).applied >= 4:
            requests.cancel_run(actor=ADMIN, run_id=run.pk, now=timezone.now())
        return timezone.now()

    runs.carry_out(run_id=run.pk, make_graph=world.graph, sleep=no_sleep, chunk=2, clock=clock)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert 0 < run.applied < 12
    assert len(world.places()) == run.applied
    assert world.run().state == "done"
    assert world.places() == world.model()


def test_a_queued_run_is_cancelled_at_once(world):
    world.standard()
    run = world.request()
    requests.cancel_run(actor=ADMIN, run_id=run.pk, now=timezone.now())
    run = world.carry_out(run)
    assert (run.state, run.attempts) == ("cancelled", 0)


def test_a_worker_that_lost_its_lease_writes_nothing_more(world):
    """A worker that was frozen and wakes up after another took over must not write."""
    world.standard()
    run = world.request()
    frozen = claim(DirectoryRun, run.pk, timezone.now)
    DirectoryRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    world.carry_out(run)
    with pytest.raises(Stopped):
        frozen.write(pages=99)
    run.refresh_from_db()
    assert (run.state, run.pages) == ("done", 5)


def test_a_run_in_work_is_not_taken_by_a_second_worker(world):
    world.standard()
    run = world.request()
    first = claim(DirectoryRun, run.pk, timezone.now)
    assert first is not None
    assert claim(DirectoryRun, run.pk, timezone.now) is None
    assert runs.carry_out(run_id=run.pk, make_graph=world.graph) is None


def test_unlinked_meanwhile(world):
    from apps.tenants.context import platform
    from apps.tenants.models import ProviderBinding

    world.standard()
    run = world.request()
    with platform():
        ProviderBinding.objects.filter(external_id=world.tid).delete()
    run = world.carry_out(run)
    assert (run.state, run.error_code) == ("failed", "not-linked")
