"""The cookie of one school is worthless at another and on the platform, and the other way round."""

import copy

import pytest
from django.test import Client

from apps.accounts.models import Session, User
from apps.tenants.context import activated, platform
from tests import people
from tests.conftest import HostClient, client_for

SECRET_PAGE = "/people/"


@pytest.fixture
def signed_in(lumiere):
    browser = client_for(lumiere)
    browser.force_login(people.owner(email="same@both.example"))
    assert browser.get(SECRET_PAGE).status_code == 200  # the control: at home the cookie opens the page
    return browser


def carried(browser: Client, host: str) -> HostClient:
    other = HostClient(host)
    other.cookies = copy.deepcopy(browser.cookies)  # a browser keeps one jar per host
    return other


def test_the_cookie_of_one_school_is_nobody_at_another(signed_in, curie):
    with activated(curie):
        people.owner(email="same@both.example")
    answer = carried(signed_in, "curie.campanile.localhost").get(SECRET_PAGE)
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]
    assert answer.wsgi_request.actor.is_anonymous


def test_even_when_the_person_has_the_same_number_there(signed_in, curie):
    """Primary keys that collide: a store without schools would sign this person in."""
    me = User.objects.get(email="same@both.example")
    with activated(curie):
        User.objects.create_user("other@curie.example", id=me.pk, status="active", password=people.PASSWORD)
    assert carried(signed_in, "curie.campanile.localhost").get(SECRET_PAGE).status_code == 302


def test_presenting_it_elsewhere_does_not_end_it_at_home(signed_in, curie):
    carried(signed_in, "curie.campanile.localhost").get("/sign-in/")
    assert signed_in.get(SECRET_PAGE).status_code == 200


def test_it_is_nobody_on_the_platform(signed_in, settings):
    assert carried(signed_in, settings.PLATFORM_DOMAIN).get("/admin/").status_code == 302


def test_a_superadmin_is_nobody_in_a_school(console, lumiere):
    assert carried(console, "lumiere.campanile.localhost").get(SECRET_PAGE).status_code == 302


def test_the_row_lies_in_the_school(signed_in, curie):
    mine = Session.objects.filter(user__email="same@both.example").count()
    with activated(curie):
        there = Session.objects.count()
    with platform():
        above = Session.objects.count()
    assert (mine, there, above) == (1, 0, 0)


def test_cookies_are_bound_to_one_host(lumiere, settings):
    """`__Host-` cookies cannot be set for a parent domain, so a neighbour cannot plant one."""
    answer = client_for(lumiere).get("/sign-in/")
    for cookie in answer.cookies.values():
        assert cookie["domain"] == "" and cookie["path"] == "/"
        assert cookie["httponly"] or cookie.key == settings.CSRF_COOKIE_NAME
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.SESSION_COOKIE_SECURE


def test_forms_of_one_school_are_refused_at_another(lumiere, curie):
    """A neighbour is the same site to a browser; only the exact origin counts."""
    browser = HostClient("lumiere.campanile.localhost", enforce_csrf_checks=True)
    browser.get("/sign-in/")
    token = browser.cookies["__Host-csrf"].value
    values = {"email": "x@y.example", "password": "x", "csrfmiddlewaretoken": token}
    home, neighbour = "http://lumiere.campanile.localhost", "http://curie.campanile.localhost"
    assert browser.post("/sign-in/", values, HTTP_ORIGIN=neighbour).status_code == 403
    assert browser.post("/sign-in/", values, HTTP_ORIGIN=home).status_code != 403
