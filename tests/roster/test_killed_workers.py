"""kill -9 of the real worker in the middle of an import: the next one goes on, and the end is the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.campuses.models import CampusMembership, MembershipEvent
from apps.roster.models import RosterPlan
from apps.roster.services import columns, plans, uploads
from apps.tenants.context import activated
from tests.live import wait_until
from tests.roster.conftest import listed, make_school

ROWS = 1_000


@pytest.fixture
def lasting_school(new_school):
    with activated(new_school("list")):
        yield make_school()


def rows():
    return [f"s{n}@lumiere.example;Given {n};Family {n};N{n};LYO;étudiant;B{n % 3 + 1}" for n in range(ROWS)]


@pytest.mark.slow
def test_a_worker_killed_while_it_applies_an_import(live, lasting_school):
    """Twice: among the accounts, and among the places. Nothing is done twice and nothing is left out."""
    school = lasting_school

    def now():
        return RosterPlan.objects.get(pk=plan.pk)

    def in_state(state):
        wait_until(lambda: now().state == state, message=live.log("worker"))

    file = school.upload(listed(*rows()))
    plan = uploads.start_import(
        actor=school.boss, file_id=file.pk, columns=columns.guess(file.header), now=timezone.now()
    )
    in_state("held")
    assert now().rows == {"new": ROWS, "failed": 0}
    plans.desk_of(plan).approve(actor=school.boss, run_id=plan.pk, now=timezone.now())
    killed_at = []
    for much in (1, ROWS + 1):  # the accounts come first, then the places
        wait_until(lambda much=much: now().applied >= much, every=0.003, message=live.log("worker"))
        live.kill("worker")
        killed_at.append(now().applied)
        assert now().state == "applying" and User.objects.filter(external_id__startswith="N").count() <= ROWS
        RosterPlan.objects.filter(pk=plan.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert plans.sweep(now=timezone.now()) == 1
        live.start_worker()
    assert 0 < killed_at[0] < ROWS < killed_at[1] < 2 * ROWS, "the kills came in the middle"
    in_state("done")
    assert (now().applied, now().attempts) == (2 * ROWS, 3)
    assert not now().changes.filter(overtaken=True).exists()
    people = User.objects.filter(external_id__startswith="N")
    assert people.count() == people.filter(status="pending").count() == ROWS
    places = CampusMembership.objects.filter(user__in=people, campus=school.lyon, state="active", source="import")
    assert places.count() == CampusMembership.objects.count() == ROWS
    assert MembershipEvent.objects.filter(run_id=plan.pk).count() == ROWS, "the history says each thing once"
