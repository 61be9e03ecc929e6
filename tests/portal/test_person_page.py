"""One person: what is known, who may see it, and what may be done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Session
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core.actor import Actor, Role
from tests.people import admin, auditor, person, with_role
from tests.portal.conftest import place_at


def test_says_where_the_person_belongs_and_why(office, student, manager):
    text = office.get(f"/people/{manager.pk}/").content.decode()
    for expected in ("Marc Lefèvre", "marc@lumiere.example", "Lyon"):
        assert expected in text
    roles = office.get(f"/people/{manager.pk}/").context["shown"].roles
    assert {role.place for role in roles} == {"Lyon"}
    assert all(role.reason for role in roles)


def test_a_campus_manager_sees_neither_roles_nor_audit_nor_sessions(as_person, manager, student):
    Session.objects.all().delete()
    as_person(student)
    record(actor=Actor(label="Somebody else"), act="tests.done", target=student)
    shown = as_person(manager).get(f"/people/{student.pk}/").context["shown"]
    assert not shown.roles
    assert not shown.events
    assert not shown.sessions
    assert not shown.can_suspend


def test_an_auditor_reads_and_does_not_act(as_person, student):
    browser = as_person(auditor())
    shown = browser.get(f"/people/{student.pk}/").context["shown"]
    assert shown.roles
    assert not shown.can_suspend
    assert browser.post(f"/people/{student.pk}/suspension/").status_code == 403


@pytest.mark.parametrize("role", [None, Role.MEMBER])
def test_others_see_nobody(as_person, student, role):
    visitor = person() if role is None else with_role(role)
    assert as_person(visitor).get(f"/people/{student.pk}/").status_code == 403


def test_an_unknown_person_is_not_found(office):
    assert office.get("/people/018f3b5e-0000-7000-8000-000000000000/").status_code == 404


def test_suspended_and_back(office, as_person, student):
    browser = as_person(student)
    office.post(f"/people/{student.pk}/suspension/", {"reason": "left for a year"})
    student.refresh_from_db()
    assert student.status == "suspended"
    assert browser.get("/home/").status_code == 302, "the open session is refused at once"
    assert AuditEvent.objects.get(act="person.suspended", target_id=str(student.pk)).reason == "left for a year"
    assert "left for a year" in office.get(f"/audit/?target={student.pk}").content.decode()
    office.post(f"/people/{student.pk}/reinstatement/")
    student.refresh_from_db()
    assert student.status == "active"


def test_one_session_or_all_of_them(office, as_person, student):
    first, second = as_person(student), as_person(student)
    one = Session.objects.filter(user=student).first()
    office.post(f"/people/{student.pk}/sessions/{one.pk}/end/")
    assert sorted(browser.get("/home/").status_code for browser in (first, second)) == [200, 302]
    office.post(f"/people/{student.pk}/sessions/end/")
    assert [browser.get("/home/").status_code for browser in (first, second)] == [302, 302]


def test_the_page_costs_the_same_with_a_long_history(office, student, paris):
    url = f"/people/{student.pk}/"
    office.get(url)
    with CaptureQueriesContext(connection) as few:
        office.get(url)
    place_at(paris, student)
    for _number in range(30):
        record(actor=Actor(label="x"), act="tests.done", target=student)
    with CaptureQueriesContext(connection) as many:
        office.get(url)
    assert len(many) == len(few), [query["sql"][:120] for query in many]


def test_nobody_is_offered_to_suspend_themselves(lumiere, as_person):
    me = admin()
    assert b'id="suspend"' not in as_person(me).get(f"/people/{me.pk}/").content
