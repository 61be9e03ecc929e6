"""The first page is the dashboard for those who run the school, and their campus for everybody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.services import record
from apps.campuses.models import CampusMembership, MembershipEvent
from apps.core.actor import Actor, Role
from apps.directory.models import DirectoryRun
from tests.conftest import client_for, forget_cached
from tests.people import admin, auditor, owner, person, with_role
from tests.portal.conftest import place_at


def test_a_visitor_is_sent_to_the_sign_in_page(client):
    for path in ("/", "/home/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/sign-in" in answer["Location"]


def test_who_sees_the_dashboard(lumiere, as_person):
    for someone in (owner(), admin(), auditor()):
        assert as_person(someone).get("/").status_code == 200
    for someone in (person(), with_role(Role.MEMBER), with_role(Role.CAMPUS_MANAGER)):
        answer = as_person(someone).get("/")
        assert (answer.status_code, answer["Location"]) == (302, "/home/")


def test_the_figures_are_those_of_the_school(office, lyon, paris, student, manager):
    left = person()
    place_at(paris, left, state="ended")
    shown = office.get("/").context["dashboard"]
    assert shown.members == 2
    assert shown.people["active"] == 4, "two members, one who left, the administrator"
    assert {campus.name: campus.members for campus in shown.campuses} == {"Lyon": 2, "Paris": 0}
    assert shown.members_by_day[-1] == 2
    assert shown.members_by_day[0] == 0


def test_members_of_earlier_days_follow_from_what_changed_since(office, lyon, student):
    membership = CampusMembership.objects.get(user=student)
    MembershipEvent.objects.filter(membership=membership).update(at=timezone.now() - timedelta(days=5))
    by_day = office.get("/").context["dashboard"].members_by_day
    assert by_day[-7:] == [0, 1, 1, 1, 1, 1, 1]


def test_sign_ins_are_counted_by_day(office, lumiere):
    for days in (0, 3, 3):
        record(actor=Actor(label="x"), act="session.started", at=timezone.now() - timedelta(days=days))
    forget_cached()
    by_day = office.get("/").context["dashboard"].sign_ins
    assert by_day[-4] == 2
    assert by_day[-1] >= 1


def test_a_held_run_is_the_first_thing_one_sees(office, lumiere):
    run = DirectoryRun.objects.create(
        state="held", tenant_id="t", requested_by="clock", created_at=timezone.now(), affected=321
    )
    text = office.get("/").content.decode()
    assert "321" in text
    assert str(run.pk) in text


def test_the_checklist_ticks_what_the_data_shows(office, lumiere, lyon):
    steps = {str(step.title): step.done for step in office.get("/").context["dashboard"].steps}
    assert steps["Create your first campus"] is True
    assert steps["Map groups to campuses"] is False


def test_an_empty_school_has_a_dashboard_that_teaches(office):
    text = office.get("/").content.decode()
    assert "Create your first campus" in text
    assert "After the first directory run" in text


def test_at_most_thirteen_queries_however_many_rows(office, lyon, paris):
    office.get("/")
    forget_cached()
    with CaptureQueriesContext(connection) as few:
        assert office.get("/").status_code == 200
    for number in range(30):
        someone = person()
        place_at(paris if number % 2 else lyon, someone)
        record(actor=Actor(label="x"), act="session.started")
    forget_cached()
    with CaptureQueriesContext(connection) as many:
        assert office.get("/").status_code == 200
    with CaptureQueriesContext(connection) as warm:
        assert office.get("/").status_code == 200
    assert len(many) == len(few), [query["sql"] for query in many]
    assert len(warm) <= 13, "\n".join(query["sql"][:300] for query in warm)
    assert len(many) <= 15, "with empty caches: the host and two charts beside"


# --- the home of members ---------------------------------------------------------------------------------


def test_a_student_sees_their_campus_and_nothing_of_others(as_person, student, manager, lyon, paris):
    elsewhere = person(given_name="Paul", family_name="Ailleurs")
    place_at(paris, elsewhere, role="manager")
    other_student = person(given_name="Zoé", family_name="Camarade")
    place_at(lyon, other_student)
    text = as_person(student).get("/home/").content.decode()
    for expected in ("Lyon", "Marc Lefèvre", "marc@lumiere.example", "Amphithéâtre A", "Inès", "1 quai Claude-Bernard"):
        assert expected in text
    for foreign in ("Paris", "Ailleurs", "Camarade", "Administration"):
        assert foreign not in text


def test_who_left_a_campus_no_longer_sees_it(as_person, student, lyon):
    CampusMembership.objects.filter(user=student).update(state="ended")
    text = as_person(student).get("/home/").content.decode()
    assert "Lyon" not in text
    assert "You are not at a campus yet" in text


def test_the_home_costs_the_same_with_many_colleagues(as_person, student, lyon):
    browser = as_person(student)
    browser.get("/home/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/home/")
    for _number in range(20):
        place_at(lyon, person(), role="manager")
    with CaptureQueriesContext(connection) as many:
        browser.get("/home/")
    assert len(many) == len(few) <= 11, "one for the offices that a person holds, one for their associations"


@pytest.mark.parametrize("path", ["/robots.txt", "/manifest.webmanifest", "/favicon.ico"])
def test_small_files_need_no_sign_in(client, path):
    assert client.get(path).status_code in (200, 302)


def test_robots_stay_out_of_schools(client):
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


def test_the_other_school_shows_nothing_to_the_same_cookie(as_person, student, curie):
    browser = as_person(student)
    other = client_for(curie)
    other.cookies = browser.cookies
    assert other.get("/home/").status_code == 302
