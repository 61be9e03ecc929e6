"""Promotions move up, leavers become alumni for a while: previewed, applied, undone, once a year."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for
from apps.campuses.models import CampusMembership, Promotion
from apps.core.actor import Role
from apps.core.errors import Forbidden, Invalid
from apps.roster.models import RosterChange
from apps.roster.services import plans, rollover
from tests.people import acting, auditor
from tests.roster.conftest import listed, people_now

TODAY = date(2026, 7, 10)


@pytest.fixture
def year(school):
    """Two students in each of B1, B2, B3; B1 -> B2 -> B3 -> alumni. One member of staff."""
    rows = [f"s{n}@lumiere.example;S;N{n};;LYO;;B{n // 2 + 1}" for n in range(6)]
    school.bring_in(listed(*rows, "staff@lumiere.example;T;T;;LYO;enseignant;"))
    b1, b2, b3 = Promotion.objects.order_by("position")
    Promotion.objects.filter(pk=b1.pk).update(turn="move", then=b2)
    Promotion.objects.filter(pk=b2.pk).update(turn="move", then=b3)
    Promotion.objects.filter(pk=b3.pk).update(turn="leave")
    return school


def ask(school, year="2026-2027", until=TODAY + timedelta(days=90), **options):
    options = {"actor": school.boss, "now": timezone.now(), "today": TODAY, **options}
    return rollover.request_rollover(year=year, until=until, **options)


def promotions():
    rows = CampusMembership.objects.filter(role="member").values_list("user__email", "promotion__name")
    return {email.partition("@")[0]: name for email, name in rows}


def test_everybody_moves_up_once_and_leavers_become_alumni(year):
    before = people_now()
    plan = year.work(ask(year))
    assert (plan.state, plan.hold_reason, plan.counts) == ("held", "confirm", {"promoted": 4, "alumni": 2})
    assert people_now() == before, "a preview changes nothing"
    plan = year.confirm(plan)
    assert plan.state == "done"
    assert promotions() == {"s0": "B2", "s1": "B2", "s2": "B3", "s3": "B3"}
    alumni = CampusMembership.objects.filter(role="alumni")
    facts = ("state", "source", "cause", "ends_on", "promotion__name")
    assert set(alumni.values_list(*facts)) == {("active", "manual", "rollover", TODAY + timedelta(days=90), "B3")}
    assert alumni.count() == 2


def test_alumni_keep_their_access_until_the_last_day_of_grace(year):
    year.confirm(
        year.work(ask(year, until=school_day(timezone.now()), today=school_day(timezone.now()), year=this_year()))
    )
    User.objects.update(status="active")
    alumnus = User.objects.get(email="s5@lumiere.example")
    assert Role.MEMBER in actor_for(alumnus).roles
    CampusMembership.objects.filter(role="alumni").update(ends_on=school_day(timezone.now()) - timedelta(days=1))
    assert Role.MEMBER not in actor_for(alumnus).roles


def this_year():
    return rollover.school_year(school_day(timezone.now()))


@pytest.mark.parametrize("chunk", [1, 500])
def test_an_undo_restores_the_year_and_it_may_be_turned_again(year, chunk):
    before = people_now()
    plan = year.confirm(year.work(ask(year)), chunk=chunk)
    assert year.undo(plan, chunk=chunk).state == "done"
    assert people_now() == before
    assert year.work(ask(year)).state == "held"


def test_what_people_changed_since_is_left_and_listed(year):
    plan = year.confirm(year.work(ask(year)))
    CampusMembership.objects.filter(user__email="s0@lumiere.example").update(promotion=year.promotion("B3"))
    CampusMembership.objects.filter(user__email="s5@lumiere.example").update(ends_on=None)
    undo = year.undo(plan)
    kept = RosterChange.objects.filter(run=undo, kind="conflict").values_list("email", "reason")
    assert set(kept) == {("s0@lumiere.example", "changed-since"), ("s5@lumiere.example", "changed-since")}
    assert promotions()["s0"] == "B3" and promotions()["s1"] == "B1"


def test_a_school_year_is_turned_once(year):
    plan = year.work(ask(year))
    with pytest.raises(rollover.AlreadyTurned):
        ask(year)
    plans.desk_of(plan).refuse(actor=year.boss, run_id=plan.pk, now=timezone.now())
    plan = year.confirm(year.work(ask(year)))
    with pytest.raises(rollover.AlreadyTurned):
        ask(year)
    assert year.work(ask(year, year="2027-2028")).state == "held", "the next one is another"


def test_single_people_are_left_out_and_taken_in_again(year):
    plan = year.work(ask(year))
    change = RosterChange.objects.get(run=plan, email="s0@lumiere.example")
    for aside, expected in ((True, 5), (True, 5), (False, 6), (True, 5)):
        plans.set_aside(actor=year.boss, run_id=plan.pk, change_id=change.pk, aside=aside, now=timezone.now())
        plan.refresh_from_db()
        assert plan.to_apply == expected
    assert year.confirm(plan).state == "done"
    assert promotions()["s0"] == "B1" and promotions()["s1"] == "B2"


def test_who_is_always_kept_does_not_leave(year):
    CampusMembership.objects.filter(user__email="s5@lumiere.example").update(pinned="keep")
    plan = year.confirm(year.work(ask(year)))
    assert plan.counts == {"promoted": 4, "alumni": 1, "skipped": 1}
    assert promotions()["s5"] == "B3"


def test_bad_requests_are_refused(year):
    with pytest.raises(Forbidden):
        ask(year, actor=acting(auditor()))
    for wrong in ({"year": "1999-2000"}, {"until": TODAY - timedelta(days=1)}, {"until": TODAY + timedelta(days=900)}):
        with pytest.raises(Invalid):
            ask(year, **wrong)
    Promotion.objects.update(turn="stay", then=None)
    with pytest.raises(rollover.NothingToTurn):
        ask(year)


def test_the_school_year_of_a_day():
    assert rollover.school_year(date(2026, 6, 30)) == "2025-2026"
    assert rollover.school_year(date(2026, 7, 1)) == "2026-2027"
    assert rollover.years_to_turn_to(TODAY) == ["2026-2027", "2027-2028"]
