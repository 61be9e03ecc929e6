"""Pages of campuses: who may see them, what they show, what they refuse."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.campuses.models import Campus, CampusMembership
from apps.campuses.services import memberships
from tests.campuses.conftest import ADMIN
from tests.conftest import client_for
from tests.people import admin, auditor, person


def url(name, *args):
    return reverse(f"campuses:{name}", args=args)


def text(response):
    return response.content.decode()


@pytest.fixture
def chief(lumiere):
    browser = client_for(lumiere)
    browser.force_login(admin(locale="en"))
    return browser


NEW = {"name": "Lille", "code": "LIL", "time_zone": "Europe/Paris", "default_role": "member"}


def test_the_empty_list_teaches_and_the_first_campus_appears(chief):
    assert url("create") in text(chief.get(url("list")))
    answer = chief.post(url("create"), NEW)
    campus = Campus.objects.get()
    assert answer["Location"] == url("detail", campus.pk)
    assert "Lille" in text(chief.get(url("list")))


def test_a_form_with_errors_is_422_and_keeps_what_was_typed(chief, paris):
    answer = chief.post(url("create"), {**NEW, "code": "par", "name": "Twice"})
    assert answer.status_code == 422
    assert "Twice" in text(answer) and "aria-invalid" in text(answer)
    assert chief.post(url("create"), {**NEW, "time_zone": "Mars/Olympus", "hue": "999"}).status_code == 422
    assert Campus.objects.count() == 1


def test_every_tab_answers(chief, paris):
    for name in ("detail", "edit", "domains", "places"):
        assert chief.get(url(name, paris.pk)).status_code == 200, name


def test_domains_and_places_are_added_and_removed(chief, paris):
    assert chief.post(url("domains", paris.pk), {"domain": "not a domain"}).status_code == 422
    chief.post(url("domains", paris.pk), {"domain": "lumiere.fr"})
    domain = paris.domains.get()
    assert "lumiere.fr" in text(chief.get(url("domains", paris.pk)))
    chief.post(url("domain_remove", paris.pk, domain.pk))
    assert not paris.domains.exists()
    chief.post(url("places", paris.pk), {"name": "Amphi", "capacity": "300"})
    assert chief.post(url("places", paris.pk), {"name": "amphi"}).status_code == 422
    edit = url("place_edit", paris.pk, paris.places.get().pk)
    assert 'value="Amphi"' in chief.get(edit).content.decode() and edit in chief.get(url("places", paris.pk)).text
    assert chief.post(edit, {"name": ""}).status_code == 422
    assert chief.post(edit, {"name": "Amphi Curie", "capacity": "310"}).status_code == 302
    assert (paris.places.get().name, paris.places.get().capacity) == ("Amphi Curie", 310)
    chief.post(url("place_remove", paris.pk, paris.places.get().pk))
    assert not paris.places.exists()


def test_a_person_is_added_by_address(chief, paris):
    user = person("ada@lumiere.example")
    assert chief.post(url("member_add", paris.pk), {"email": "nobody@x.example", "role": "staff"}).status_code == 422
    assert chief.post(url("member_add", paris.pk), {"email": "ADA@lumiere.example", "role": "staff"}).status_code == 302
    membership = CampusMembership.objects.get(user=user)
    page = text(chief.get(url("detail", paris.pk), {"q": "ada"}, headers={"hx-request": "true"}))
    assert url("membership", membership.pk) in page and "<html" not in page


def test_a_membership_is_decided_on_its_page(chief, paris):
    membership = memberships.add_member(actor=ADMIN, user_id=person().pk, campus_id=paris.pk, now=timezone.now())
    for name, data, state in (
        ("suspend", {}, "suspended"), ("unsuspend", {}, "active"), ("role", {"role": "staff"}, "active"),
        ("pin", {"pin": "keep"}, "active"), ("end", {}, "ended"),
    ):  # fmt: skip
        assert chief.post(url(name, membership.pk), data).status_code == 302, name
        membership.refresh_from_db()
        assert membership.state == state
    assert (membership.role, membership.pinned) == ("staff", "keep")
    assert chief.get(url("membership", membership.pk)).status_code == 200


def test_a_manager_sees_the_own_campus_and_no_other(lumiere, paris, lyon):
    manager = person()
    memberships.add_member(actor=ADMIN, user_id=manager.pk, campus_id=paris.pk, role="manager", now=timezone.now())
    hidden = memberships.add_member(actor=ADMIN, user_id=person().pk, campus_id=lyon.pk, now=timezone.now())
    browser = client_for(lumiere)
    browser.force_login(manager)
    page = text(browser.get(url("list")))
    assert "Paris" in page and "Lyon" not in page
    assert browser.get(url("detail", paris.pk)).status_code == 200
    assert browser.get(url("detail", lyon.pk)).status_code == 404
    assert browser.get(url("membership", hidden.pk)).status_code == 404
    assert browser.post(url("end", hidden.pk)).status_code == 404
    assert browser.get(url("create")).status_code == 403
    assert browser.post(url("domains", paris.pk), {"domain": "x.fr"}).status_code == 403


def test_an_auditor_sees_all_and_changes_nothing(lumiere, paris):
    browser = client_for(lumiere)
    browser.force_login(auditor())
    assert browser.get(url("detail", paris.pk)).status_code == 200
    for name in ("archive", "restore", "member_add", "places", "domains"):
        assert browser.post(url(name, paris.pk), {"name": "x", "domain": "x.fr"}).status_code == 403, name
    assert not paris.places.exists() and not paris.domains.exists()


def test_the_list_costs_the_same_for_two_and_for_twenty_campuses(
    lumiere, chief, paris, lyon, django_assert_max_num_queries
):
    from apps.campuses.services import campuses

    for number in range(18):
        campuses.create_campus(actor=ADMIN, now=timezone.now(), name=f"Campus {number}", code=f"C{number}")
    with django_assert_max_num_queries(12):
        chief.get(url("list"))


def test_the_campus_page_draws_its_members_over_time(chief, paris):
    """Only where something changed; the last point is who is there now."""
    page = url("detail", paris.pk)
    assert "People over time" not in text(chief.get(page))
    for _somebody in range(3):
        memberships.add_member(actor=ADMIN, user_id=person().pk, campus_id=paris.pk, now=timezone.now())
    assert "People over time" in text(chief.get(page)) and '<figure class="chart"' in text(chief.get(page))
