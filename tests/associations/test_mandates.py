"""Offices give rights exactly while their mandate lasts (ASC-3, decision 0055)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts import rights
from apps.accounts.selectors import actor_for
from apps.associations import selectors, terms
from apps.associations.models import Association, Mandate, Office
from apps.associations.permissions import APPOINT, EDIT, KEPT_WHEN_LIMITED, MEMBERS_MANAGE, WORKSPACE
from apps.associations.services import board, life
from apps.campuses.models import Campus
from apps.core.actor import Role, Scope
from apps.core.errors import Forbidden, Invalid
from apps.core.permissions import REGISTRY
from tests.associations.conftest import FAR, SCHOOL_SAYS, named, office
from tests.conftest import client_for
from tests.people import admin, person

ZONES = ["Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Martinique", "Asia/Kathmandu", "UTC"]
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def codes_of(user, now=None) -> set[str]:
    held = selectors.held_by_mandate(user.pk, now)
    return {code for one in held for code in one.permissions}


@pytest.fixture
def post(lumiere):
    """An office with a mandate that tests move about."""
    campus = Campus.objects.create(name="Away", code="AWY", time_zone="UTC")
    association = Association.objects.create(
        name="Club", slug="club", kind="other", purpose="x", seat=campus, status="approved", opens_on=date(2000, 1, 1),
        created_at=timezone.now(),
    )  # fmt: skip
    place = Office.objects.create(association=association, code="president", permissions=[WORKSPACE.code, EDIT.code])
    holder = person()
    mandate = Mandate.objects.create(
        office=place, user=holder, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), named_at=timezone.now()
    )
    return mandate, campus, holder


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(ZONES),
    starts_on=DAYS,
    length=st.integers(0, 800),
    offset=st.integers(-3, 803),
    at=st.times(),
    edge=st.sampled_from(["any", "midnight", "just before midnight"]),
)
def test_access_is_a_function_of_the_date(post, zone, starts_on, length, offset, at, edge):
    """Whatever the term, the zone and the moment: rights from midnight of the first day until midnight of the last."""
    mandate, campus, holder = post
    ends_on, day = starts_on + timedelta(days=length), starts_on + timedelta(days=offset)
    at = {"any": at, "midnight": time(0), "just before midnight": time(23, 59, 59, 999999)}[edge]
    Campus.objects.filter(pk=campus.pk).update(time_zone=zone)
    Mandate.objects.filter(pk=mandate.pk).update(starts_on=starts_on, ends_on=ends_on)
    now = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    there = now.astimezone(ZoneInfo(zone)).date()  # a midnight that does not exist is the next moment
    expected = {WORKSPACE.code, EDIT.code} if starts_on <= there < ends_on else set()
    assert codes_of(holder, now) == expected


@settings(max_examples=200, deadline=None)
@given(
    starts_on=DAYS, length=st.integers(0, 800), day=DAYS, frozen=st.booleans(), late=st.booleans(),
    status=st.sampled_from(["draft", "submitted", "refused", "approved", "dormant", "dissolved"]),
)  # fmt: skip
def test_rights_never_outlast_the_mandate_nor_grow_when_limited(starts_on, length, day, frozen, late, status):
    ends_on = starts_on + timedelta(days=length)
    codes = [WORKSPACE.code, EDIT.code, "people.erase", "no.such"]
    facts = {"starts_on": starts_on, "ends_on": ends_on, "day": day, "status": status}
    given_now = terms.rights(codes, **facts, frozen=frozen, late=late)
    free = terms.rights(codes, **facts, frozen=False, late=False)
    assert given_now <= free <= {WORKSPACE.code, EDIT.code}, "only what makes sense at an association"
    assert bool(given_now) == (status in ("approved", "dormant") and starts_on <= day < ends_on)
    if frozen or late or status == "dormant":
        assert given_now <= KEPT_WHEN_LIMITED


def test_a_board_acts_at_its_association_and_nowhere_else(club):
    association, president, treasurer, third = club()
    other, *_ = club(name="Autre")
    actor = actor_for(president)
    assert EDIT.allows(actor, association) and APPOINT.allows(actor, association)
    assert not EDIT.allows(actor, other)
    assert MEMBERS_MANAGE.allows(actor_for(treasurer), association)
    assert not APPOINT.allows(actor_for(treasurer), association)
    assert not WORKSPACE.allows(actor_for(third), association)
    held = [one for one in actor.held if one.role is Role.OFFICE]
    assert [(one.scope, one.name) for one in held] == [(Scope("association", association.pk), "President")]


def test_a_person_without_a_mandate_costs_one_query(lumiere):
    user = person()
    with CaptureQueriesContext(connection) as caught:
        assert selectors.held_by_mandate(user.pk) == []
    assert len(caught) == 1
    assert "associations_mandate" in caught[0]["sql"]


def test_a_board_of_many_costs_one_query_too(club):
    association, president, *_ = club()
    club(name="Autre")
    named(association, president)
    with CaptureQueriesContext(connection) as caught:
        assert len(selectors.held_by_mandate(president.pk)) == 2
    assert len([q for q in caught if "associations_" in q["sql"]]) == 1


# --- appointing ------------------------------------------------------------------------------------------


def appoint(actor, place, user, **days):
    today = timezone.localdate()
    facts = {"starts_on": today, "ends_on": today + FAR, **days}
    return board.appoint(actor=actor, office_id=place.pk, email=user.email, now=timezone.now(), **facts)


def test_nobody_appoints_themselves_nor_gives_what_they_lack(club, student):
    association, president, treasurer, third = club()
    chief = actor_for(president)
    post = board.define_office(
        actor=chief, association_id=association.pk, name="Events", permissions=[WORKSPACE.code], now=timezone.now()
    )
    with pytest.raises(board.NotYourself):
        appoint(chief, post, president)
    with pytest.raises(Forbidden):
        appoint(actor_for(third), post, third)
    with pytest.raises(Forbidden):
        appoint(actor_for(treasurer), post, third)
    appoint(chief, post, third)
    assert WORKSPACE.allows(actor_for(third), association)

    narrow = named(association, student(), name="Deputy", codes=[APPOINT.code, WORKSPACE.code])
    deputy = actor_for(narrow.user)
    with pytest.raises(board.NotYours):
        board.define_office(
            actor=deputy, association_id=association.pk, name="More", permissions=[EDIT.code], now=timezone.now()
        )
    Mandate.objects.filter(office__code="treasurer").update(ends_on=timezone.localdate())
    with pytest.raises(board.NotYours):
        appoint(deputy, office(association, "treasurer"), third)
    with pytest.raises(board.NotYours):
        board.change_office(
            actor=deputy, office_id=post.pk, name="Events", permissions=[WORKSPACE.code, EDIT.code], confirms=False,
            now=timezone.now(),
        )  # fmt: skip


def test_an_office_takes_no_right_of_the_school(club):
    association, *_ = club()
    for code in ("people.erase", "associations.decide", "no.such"):
        with pytest.raises(Invalid):
            board.define_office(
                actor=SCHOOL_SAYS, association_id=association.pk, name="x", permissions=[code], now=timezone.now()
            )


def test_an_administrator_may_give_what_offices_usually_give(club, student):
    association, *_ = club()
    Mandate.objects.all().update(ends_on=timezone.localdate())
    assert appoint(actor_for(admin()), office(association, "president"), student())


def test_one_person_at_a_time_in_an_office(club, student):
    association, president, *_ = club()
    today, place = timezone.localdate(), office(association, "president")
    with pytest.raises(board.OfficeTaken, match=president.name):
        appoint(SCHOOL_SAYS, place, student())
    after = Mandate.objects.get(office=place).ends_on
    next_one = student()
    made = appoint(SCHOOL_SAYS, place, next_one, starts_on=after, ends_on=after + FAR)
    assert appoint(SCHOOL_SAYS, place, next_one, starts_on=after, ends_on=after + FAR) == made, "safe to repeat"
    assert codes_of(next_one) == set(), "not before the day"
    for wrong in ({"starts_on": today, "ends_on": today}, {"starts_on": today, "ends_on": today + 4 * FAR}):
        with pytest.raises(Invalid):
            appoint(SCHOOL_SAYS, place, next_one, **wrong)


def test_an_ended_mandate_closes_open_pages_at_once(club, lumiere):
    association, president, treasurer, _third = club()
    browser = client_for(lumiere)
    browser.force_login(treasurer)
    page = f"/associations/{association.pk}/members/"
    assert browser.get(page).status_code == 200
    mandate = Mandate.objects.get(user=treasurer)
    with pytest.raises(Invalid):
        board.end_mandate(actor=actor_for(president), mandate_id=mandate.pk, reason=" ", now=timezone.now())
    board.end_mandate(actor=actor_for(president), mandate_id=mandate.pk, reason="Moved away", now=timezone.now())
    assert browser.get(page).status_code == 403
    assert browser.post(page, {"email": president.email}).status_code == 403


def test_whoever_holds_an_office_may_step_down_but_not_end_others(club):
    association, president, treasurer, _third = club()
    with pytest.raises(Forbidden):
        board.end_mandate(
            actor=actor_for(treasurer),
            mandate_id=Mandate.objects.get(user=president).pk,
            reason="x",
            now=timezone.now(),
        )
    mine = Mandate.objects.get(user=treasurer)
    for _twice in range(2):
        board.end_mandate(actor=actor_for(treasurer), mandate_id=mine.pk, reason="Exams", now=timezone.now())
    assert codes_of(treasurer) == set()


def test_frozen_dormant_and_dissolved(club):
    association, president, *_ = club()
    facts = {"actor": SCHOOL_SAYS, "association_id": association.pk, "now": timezone.now()}
    life.freeze(**facts, reason="Accounts")
    assert codes_of(president) == {WORKSPACE.code}
    life.unfreeze(**facts)
    assert EDIT.code in codes_of(president)
    life.make_dormant(**facts, reason="Nobody comes")
    assert codes_of(president) == {WORKSPACE.code}
    Association.objects.update(status="dissolved")
    assert codes_of(president) == set()


# --- who can do what, and why ----------------------------------------------------------------------------


def test_offices_stand_on_the_page_of_rights_with_their_reason(club, lumiere, student):
    association, president, treasurer, _third = club()
    boss, today = actor_for(admin()), timezone.localdate()
    held = rights.holders(actor=boss, permission=REGISTRY["associations.appoint"], day=today)
    mine = next(one for one in held if one.user == president)
    assert (mine.role_name, mine.place, mine.state) == ("President", association.name, "current")
    assert mine.source.why.startswith(f"President of {association.name}, named by tests")
    assert mine.source.ends_on == today + FAR - timedelta(days=1), "the last day that belongs to it"
    assert treasurer not in {one.user for one in held}, "only who holds this permission"
    after = rights.holders(actor=boss, permission=REGISTRY["associations.appoint"], day=today + FAR)
    assert next(one for one in after if one.user == president).state == "expired"
    effective = rights.effective(president, today)
    assert effective["associations.edit"] == {Scope("association", association.pk)}
    browser = client_for(lumiere)
    browser.force_login(admin(locale="en"))
    assert "President of" in browser.get(f"/roles/people/{president.pk}/").content.decode()


def test_what_the_page_of_rights_says_is_what_the_actor_holds(club):
    _association, president, treasurer, third = club()
    for user in (president, treasurer, third):
        says = rights.effective(user, timezone.localdate())
        actor = actor_for(user)
        does = {
            code: frozenset(held.scope for held in actor.held if held.gives(REGISTRY[code]))
            for code in REGISTRY
            if REGISTRY[code].is_for_schools and REGISTRY[code].allows(actor)
        }
        assert says == does
