"""An attacker elsewhere never locks the person out of the browser they use (IDN-6)."""

import time

import pytest
from django.core import signing

from apps.accounts import known_browsers
from apps.accounts.known_browsers import COOKIE
from apps.tenants.context import activated
from tests.conftest import client_for
from tests.people import PASSWORD, person


def attempt(client, email, password=PASSWORD) -> int:
    return client.post("/sign-in/", {"email": email, "password": password}).status_code


@pytest.fixture
def at_home(client):
    """Camille's own browser, signed out."""
    user = person("camille@lumiere.example")
    assert attempt(client, user.email) == 302
    client.post("/sign-out/")
    assert client.cookies[COOKIE].value
    return client


def under_attack(school, email="camille@lumiere.example", times=8) -> list[int]:
    attacker = client_for(school)
    return [attempt(attacker, email, "wrong") for _ in range(times)]


def test_the_persons_own_browser_is_not_locked(at_home, lumiere):
    assert under_attack(lumiere) == [422] * 5 + [429] * 3
    assert attempt(at_home, "camille@lumiere.example") == 302


def test_control_another_browser_is(at_home, lumiere):
    under_attack(lumiere)
    assert attempt(client_for(lumiere), "camille@lumiere.example") == 429


def test_success_at_home_does_not_give_the_attacker_more_attempts(at_home, lumiere):
    under_attack(lumiere)
    assert attempt(at_home, "camille@lumiere.example") == 302
    assert under_attack(lumiere, times=1) == [429]


def test_whoever_has_the_browser_is_limited_too(at_home):
    answers = [attempt(at_home, "camille@lumiere.example", "wrong") for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_the_cookie_is_of_one_account(at_home, lumiere):
    other = person()
    under_attack(lumiere, other.email)
    assert attempt(at_home, other.email) == 429


def test_the_cookie_is_of_one_school(at_home, curie):
    with activated(curie):
        user = person("camille@lumiere.example")
        under_attack(curie, user.email)
        elsewhere = client_for(curie)
        elsewhere.cookies[COOKIE] = at_home.cookies[COOKIE].value
        assert attempt(elsewhere, user.email) == 429


def test_several_people_share_a_computer_and_the_earliest_is_forgotten(client, lumiere):
    users = [person() for _ in range(known_browsers.MOST_ACCOUNTS + 1)]
    for user in users:
        assert attempt(client, user.email) == 302
        client.post("/sign-out/")
        under_attack(lumiere, user.email)
    answers = [attempt(client, user.email, "wrong") for user in users]
    assert answers == [429] + [422] * known_browsers.MOST_ACCOUNTS


def test_the_cookie_is_host_only_and_names_nobody(at_home):
    cookie = at_home.cookies[COOKIE]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert not cookie["domain"]
    assert "camille" not in str(signing.b64_decode(cookie.value.partition(":")[0].lstrip(".").encode()))


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "é" * 3000, ".eJ:1:2"])
def test_a_forged_cookie_is_no_cookie(client, lumiere, forged):
    user = person()
    under_attack(lumiere, user.email)
    client.cookies[COOKIE] = forged
    assert attempt(client, user.email) == 429


def test_a_well_signed_cookie_of_another_shape_is_no_cookie(client, lumiere):
    user = person()
    under_attack(lumiere, user.email)
    for shape in ({"a": 1}, [["x"]], [[1, 2, "z"]], "text", None):
        client.cookies[COOKIE] = signing.dumps(shape, salt=known_browsers._salt())
        assert attempt(client, user.email) == 429


def test_it_ends_after_half_a_year(client, lumiere, time_machine):
    user = person()
    attempt(client, user.email)
    kept = client.cookies[COOKIE].value
    time_machine.move_to(time.time() + known_browsers.GOOD_FOR + 60)
    later = client_for(lumiere)
    later.cookies[COOKIE] = kept
    under_attack(lumiere, user.email)
    assert attempt(later, user.email) == 429
