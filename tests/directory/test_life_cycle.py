"""active -> stale -> deactivated, and renewed in between; old changes are deleted (DIR-2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.campuses.services import memberships
from apps.core.actor import Role
from apps.directory.models import DirectoryChange, DirectoryRun
from apps.directory.services import requests, retention
from apps.tenants.services.features import change_rules
from tests.directory.test_undo import exact, undo
from tests.directory.world import ADMIN
from tests.people import acting, admin


@pytest.fixture
def graceful(world, lumiere):
    change_rules(actor=acting(admin()), school_id=lumiere.pk, values={"directory.grace_days": 7})
    world.standard()
    world.run()
    world.remove(world.g_paris, world.students[0])
    return world


def run_at(world, days):
    run = requests.request_run(actor=ADMIN, now=timezone.now() + timedelta(days=days))
    return world.carry_out(run)


def story(membership):
    return list(membership.events.order_by("id").values_list("to_state", "cause"))


def test_who_is_no_longer_listed_is_stale_and_then_deactivated(graceful):
    run = graceful.run()
    assert graceful.reasons(run) == {("stale", "removed"): 1}
    assert run.affected == 1, "counts for the threshold"
    membership = graceful.membership(graceful.students[0])
    assert membership.state == "stale" and membership.user.status == "active"
    assert Role.MEMBER not in {held.role for held in actor_for(membership.user).held if held.scope.kind == "campus"}
    seen = membership.last_seen_at
    assert run_at(graceful, 3).counts == {}, "nothing new while the days run"
    run = run_at(graceful, 8)
    assert graceful.reasons(run) == {("deactivated", "removed"): 1}
    membership.refresh_from_db()
    membership.user.refresh_from_db()
    assert membership.state == "ended" and membership.user.status == "departed"
    assert membership.last_seen_at == seen, "whose days are over was not seen again"
    assert story(membership) == [("active", "listed"), ("stale", "removed"), ("ended", "removed")]


def test_who_is_listed_again_in_time_is_renewed(graceful):
    graceful.run()
    graceful.add(graceful.g_paris, graceful.students[0])
    run = graceful.run()
    assert graceful.reasons(run) == {("restored", "renewed"): 1}
    membership = graceful.membership(graceful.students[0])
    assert story(membership) == [("active", "listed"), ("stale", "removed"), ("active", "renewed")]
    assert graceful.places() == graceful.model()


def test_a_disabled_account_has_no_days_of_grace(graceful):
    graceful.change(graceful.students[1], accountEnabled=False)
    assert graceful.reasons(graceful.run()) == {("stale", "removed"): 1, ("deactivated", "disabled"): 1}


def test_a_pinned_member_is_never_stale(graceful):
    membership = graceful.membership(graceful.students[0])
    memberships.pin_membership(actor=ADMIN, membership_id=membership.pk, pin="keep", now=timezone.now())
    assert graceful.reasons(graceful.run()) == {("skipped", "pinned-keep"): 1}


def test_staleness_is_taken_back_exactly(graceful):
    before = exact()
    assert undo(graceful, graceful.run()).state == "done"
    assert exact() == before


def test_old_changes_are_deleted_and_the_figures_stay(world):
    world.standard()
    old = world.run()
    world.remove(world.g_paris, *world.students[:7])
    waiting = world.run()
    assert waiting.state == "held"
    DirectoryRun.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert retention.purge_changes(now=timezone.now()) == 12
    assert set(DirectoryChange.objects.values_list("run", flat=True)) == {waiting.pk}, "a held run keeps its list"
    old.refresh_from_db()
    assert old.counts == {"added": 12}
    assert retention.purge_changes(now=timezone.now()) == 0
    with pytest.raises(requests.RunRefused, match="no longer kept"):
        requests.request_undo(actor=ADMIN, run_id=old.pk, now=timezone.now())
