"""kill -9 of real processes: the next worker takes over, and the end is the same."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.campuses.models import CampusMembership, MembershipEvent
from apps.directory.models import DirectoryRun, StagedPerson
from apps.directory.services import requests
from tests.live import wait_until

SLOWLY = """
import django; django.setup()
from uuid import UUID
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from apps.directory.services import runs
with platform():
    school = School.objects.get(slug={slug!r})
with activated(school):
    runs.carry_out(run_id=UUID({run!r}), chunk=1)
"""


def time_passes(run):
    """As if the dead worker's lease had run out."""
    DirectoryRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert requests.sweep(now=timezone.now()) == 1


def ended(run):
    run.refresh_from_db()
    return not run.is_moving


@pytest.mark.slow
def test_a_worker_killed_while_it_reads(live, lasting_world):
    """A real Celery worker dies between two pages; another continues with the page that was not committed."""
    world = lasting_world
    world.standard()
    world.sim.fault("hang", tid=world.tid, operation="transitive_members", page=2, times=1, seconds=20)
    run = world.request()
    wait_until(lambda: DirectoryRun.objects.get(pk=run.pk).pages == 1, message=live.log("worker"))
    live.kill("worker")
    live.start_worker()
    world.sim.clear_faults()
    world.sim.clear_requests()
    time_passes(run)
    wait_until(lambda: ended(run), message=live.log("worker"))
    assert run.state == "done", (run.error_code, live.log("worker"))
    assert world.places() == world.model()
    assert run.attempts == 2
    assert StagedPerson.objects.count() == 12, "the snapshot of this reading, nothing twice"
    read = [call for call in world.sim.requests(operation="transitive_members") if call["page"] == 1]
    assert len(read) == 1, "the first page that was committed is not read again"


@pytest.mark.slow
def test_a_worker_killed_while_it_applies(live, lasting_world):
    world = lasting_world
    world.standard(students=120, staff=30)
    world.sim.change_organisation(world.tid, page_size=999)
    live.kill("worker")  # the slow process below is to get the run
    run = world.request()
    script = SLOWLY.format(slug=world.school.slug, run=str(run.pk))
    process = subprocess.Popen([sys.executable, "-c", script], env=live.environment())
    try:
        wait_until(lambda: DirectoryRun.objects.get(pk=run.pk).applied >= 5, every=0.005, message="nothing was applied")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    run.refresh_from_db()
    assert run.state == "applying"
    assert 0 < CampusMembership.objects.count() < 150, "the kill came in the middle"
    time_passes(run)
    live.start_worker()
    wait_until(lambda: ended(run), message=live.log("worker"))
    assert run.state == "done"
    assert world.places() == world.model()
    assert MembershipEvent.objects.count() == 150, "nothing was done twice"
