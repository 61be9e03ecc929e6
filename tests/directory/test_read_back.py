"""A run is green only when what it did was read back and found (principle 8 of the plan)."""

import pytest
from django.utils import timezone

from apps.accounts.models import Identity, User
from apps.campuses.models import CampusMembership
from apps.directory.models import DirectoryRun
from apps.directory.services import runs
from tests.directory.world import no_sleep

# Between the last chunk and the reading back, as a trigger or another program might: what, and how it is spoilt.
SPOILT = {
    "department": lambda w: User.objects.filter(pk=w.user(w.staff[0]).pk).update(department="Elsewhere"),
    "job title": lambda w: User.objects.filter(pk=w.user(w.staff[0]).pk).update(job_title="Another"),
    "name": lambda w: User.objects.filter(pk=w.user(w.staff[0]).pk).update(family_name="Another"),
    "user name": lambda w: Identity.objects.filter(object_id=w.staff[0]).update(upn="another@lumiere.example"),
    "closed account": lambda w: User.objects.filter(pk=w.user(w.students[0]).pk).update(status="active"),
    "opened account": lambda w: User.objects.filter(pk=w.user(w.students[1]).pk).update(status="departed"),
    "ended place": lambda w: CampusMembership.objects.filter(pk=w.membership(w.students[0]).pk).update(state="active"),
    "added place": lambda w: CampusMembership.objects.filter(pk=w.membership(w.students[-1]).pk).delete(),
}


def run_spoilt(world, spoil) -> DirectoryRun:
    """A run that does something of each kind; `spoil` acts once, when everything was applied."""
    world.standard()
    world.run()
    world.change(world.students[1], accountEnabled=False)
    assert world.run().state == "done"
    world.change(world.students[1], accountEnabled=True)
    world.remove(world.g_paris, world.students[0])
    world.students.append(world.person(givenName="Ada", surname="Arrivée"))
    world.add(world.g_paris, world.students[-1])
    upn = f"moved.{world.staff[0][:6]}@lumiere.example"
    world.change(world.staff[0], department="Physics", jobTitle="Dean", surname="Noether", userPrincipalName=upn)
    run, spoilt = world.request(), []

    def clock():
        now = DirectoryRun.objects.get(pk=run.pk)
        if not spoilt and now.to_apply and (now.state, now.applied) == ("applying", now.to_apply):
            spoilt.append(spoil(world))
        return timezone.now()

    runs.carry_out(run_id=run.pk, make_graph=world.graph, sleep=no_sleep, clock=clock)
    run.refresh_from_db()
    assert spoilt, "it was spoilt at the right moment"
    return run


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_not_found_is_not_green(world, what):
    run = run_spoilt(world, SPOILT[what])
    assert (run.state, run.error_code) == ("partial", "not-confirmed")


def test_control_nothing_is_spoilt(world):
    run = run_spoilt(world, lambda _world: None)
    assert (run.state, run.error_code) == ("done", "")
    assert world.places() == world.model()
