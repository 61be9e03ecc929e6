"""Global search finds what the actor may see, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import person
from tests.portal.conftest import place_at


def titles(response) -> set[str]:
    return {str(hit.title) for _label, hits in response.context["groups"] for hit in hits}


def test_finds_people_campuses_and_pages(office, student, lyon):
    assert "Inès Garçon" in titles(office.get("/search/?q=garcon"))
    assert "Lyon" in titles(office.get("/search/?q=lyon"))
    assert len(titles(office.get("/search/?q="))) > 3, "the pages, to jump to"


def test_stays_within_the_campuses_of_a_manager(as_person, manager, student, paris):
    elsewhere = person(given_name="Inès", family_name="Ailleurs")
    place_at(paris, elsewhere)
    browser = as_person(manager)
    assert titles(browser.get("/search/?q=ines")) == {"Inès Garçon"}
    assert "Paris" not in titles(browser.get("/search/?q=paris"))


def test_members_have_no_search(as_person, student):
    assert as_person(student).get("/search/?q=ines").status_code == 403


def test_the_palette_gets_the_hits_alone(lumiere, as_person, student):
    from tests.people import admin

    browser = as_person(admin(), headers={"hx-request": "true"})
    content = browser.get("/search/?q=garcon").content
    assert b"<html" not in content
    assert "Inès Garçon".encode() in content


@pytest.mark.parametrize("text", ["%00", "%25", "_", "'; drop table", "a" * 500, "x", "é"])
def test_odd_words_are_no_error(office, text):
    assert office.get(f"/search/?q={text}").status_code == 200


def test_a_few_queries_whatever_is_found(office, lyon):
    office.get("/search/?q=camille")
    with CaptureQueriesContext(connection) as none:
        office.get("/search/?q=nobody")
    for _number in range(20):
        person()
    with CaptureQueriesContext(connection) as many:
        office.get("/search/?q=camille")
    assert len(many) == len(none) <= 8
