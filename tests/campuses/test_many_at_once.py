"""One decision about many people of a campus: by state, by selection, or all that match; each may be refused alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.campuses.models import CampusMembership
from apps.campuses.services import memberships
from tests.campuses.conftest import ADMIN
from tests.conftest import client_for
from tests.people import admin, auditor, person


@pytest.fixture
def people(lumiere, paris):
    """Five students and a manager of Paris."""
    made = [
        memberships.add_member(
            actor=ADMIN, user_id=person(family_name=f"Nom{n}").pk, campus_id=paris.pk, now=timezone.now(),
            role="manager" if n == 5 else "member",
        )
        for n in range(6)
    ]  # fmt: skip
    return made


@pytest.fixture
def chief(lumiere):
    browser = client_for(lumiere)
    browser.force_login(admin(locale="en"))
    return browser


def decide(browser, campus, act, chosen=(), query="", **more):
    url = reverse("campuses:members_decide", args=[campus.pk]) + query
    return browser.post(url, {"act": act, "ids": [str(one.pk) for one in chosen], **more}, follow=True)


def states(people) -> list[str]:
    found = dict(CampusMembership.objects.values_list("pk", "state"))
    return [found[one.pk] for one in people]


@pytest.mark.parametrize(
    ("act", "state", "pinned"),
    [("suspend", "suspended", ""), ("end", "ended", ""), ("keep", "active", "keep"), ("never", "ended", "never")],
)
def test_the_selected_are_decided_and_nobody_else(chief, paris, people, act, state, pinned):
    answer = decide(chief, paris, act, people[:2])
    assert "2 people were changed." in answer.content.decode()
    assert states(people) == [state] * 2 + ["active"] * 4
    assert set(CampusMembership.objects.filter(pk__in=[p.pk for p in people[:2]]).values_list("pinned", flat=True)) == {
        pinned
    }
    assert AuditEvent.objects.filter(target_id=str(people[0].pk)).exclude(act="membership.added").count() == 1


def test_what_one_is_refused_does_not_stop_the_others(chief, paris, people):
    memberships.pin_membership(actor=ADMIN, membership_id=people[0].pk, pin="never", now=timezone.now())
    memberships.suspend_membership(actor=ADMIN, membership_id=people[1].pk, now=timezone.now())
    answer = decide(chief, paris, "restore", people[:2], query="?state=ended").content.decode()
    assert "1 person was changed." in answer
    assert f"{people[0].user.name}: This person is never to be active here." in answer
    assert states(people)[:2] == ["ended", "active"]


def test_all_that_match_are_those_of_the_filters(chief, paris, people):
    decide(chief, paris, "suspend", query="?q=Nom3", all_matching="1")
    assert states(people) == ["active"] * 3 + ["suspended"] + ["active"] * 2
    decide(chief, paris, "restore", query="?state=suspended", all_matching="1")
    assert states(people) == ["active"] * 6


def test_people_of_another_campus_and_nonsense_are_left_alone(chief, paris, lyon, people):
    other = memberships.add_member(actor=ADMIN, user_id=person().pk, campus_id=lyon.pk, now=timezone.now())
    decide(chief, paris, "end", [other])
    assert states([other]) == ["active"]
    url = reverse("campuses:members_decide", args=[paris.pk])
    assert chief.post(url, {"act": "explode", "ids": [str(people[0].pk)]}).status_code == 302
    assert chief.post(url, {"act": "end", "ids": ["x", ""]}).status_code == 302
    assert states(people) == ["active"] * 6


def test_a_manager_cannot_end_the_other_managers(lumiere, paris, people):
    boss = client_for(lumiere)
    boss.force_login(people[5].user)
    second = memberships.add_member(
        actor=ADMIN, user_id=person().pk, campus_id=paris.pk, role="manager", now=timezone.now()
    )
    decide(boss, paris, "end", [second, people[0]])
    assert states([second, people[0]]) == ["active", "ended"]


def test_who_only_looks_has_no_boxes(lumiere, paris, people):
    looker = client_for(lumiere)
    looker.force_login(auditor())
    page = looker.get(reverse("campuses:detail", args=[paris.pk])).content.decode()
    assert 'name="ids"' not in page
    assert decide(looker, paris, "end", people[:1]).status_code == 403


def test_states_are_views_with_their_number(chief, paris, people):
    memberships.suspend_membership(actor=ADMIN, membership_id=people[0].pk, now=timezone.now())
    memberships.end_membership(actor=ADMIN, membership_id=people[1].pk, now=timezone.now())
    url = reverse("campuses:detail", args=[paris.pk])
    page = chief.get(url).content.decode()
    assert people[0].user.name in page and people[1].user.name not in page
    assert "?state=suspended" in page and "?state=ended" in page and "?state=stale" not in page
    ended = chief.get(url, {"state": "ended", "source": "manual"}).content.decode()
    assert people[1].user.name in ended and people[2].user.name not in ended
    pinned = chief.get(url, {"pinned": "keep"}).content.decode()
    assert people[2].user.name not in pinned
    assert chief.get(url, {"state": "nonsense", "pinned": "x"}).status_code == 200


def test_the_campus_says_what_it_is_and_draws_its_people(chief, paris, people):
    page = chief.get(reverse("campuses:detail", args=[paris.pk])).content.decode()
    assert "Europe/Paris" in page and "Default role" in page
    assert "<svg" in page and "last ninety days" in page
