"""A school shares one address, with an attacker among its people: nobody else is refused because of them (IDN-6)."""

import pytest

from apps.accounts.services.limits import SIGN_IN_ADDRESS
from tests.conftest import client_for
from tests.people import PASSWORD, person


def sign_in(school, email, password=PASSWORD, client=None, **extra) -> int:
    client = client or client_for(school)
    return client.post("/sign-in/", {"email": email, "password": password}, **extra).status_code


@pytest.fixture
def used_up(lumiere):
    """The attacker has tried as many accounts from this address as it takes."""
    for _ in range(SIGN_IN_ADDRESS.allowed):
        SIGN_IN_ADDRESS.exceeded("127.0.0.1")


def test_right_passwords_do_not_count(lumiere):
    for _ in range(SIGN_IN_ADDRESS.allowed - 1):
        SIGN_IN_ADDRESS.exceeded("127.0.0.1")
    assert [sign_in(lumiere, person().email) for _ in range(3)] == [302, 302, 302]
    assert not SIGN_IN_ADDRESS.exceeded("127.0.0.1"), "still one below its limit"


def test_nobody_else_behind_the_address_is_refused(lumiere, used_up):
    assert [sign_in(lumiere, person().email) for _ in range(30)] == [302] * 30


def test_each_account_has_fewer_attempts_from_there(lumiere, used_up):
    user = person()
    assert [sign_in(lumiere, user.email, "wrong") for _ in range(4)] == [422, 422, 429, 429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert sign_in(lumiere, user.email, **elsewhere) == 302, "from elsewhere the account is as free as before"


def test_control_from_an_address_that_behaves_an_account_has_five(lumiere):
    user = person()
    assert [sign_in(lumiere, user.email, "wrong") for _ in range(6)] == [422] * 5 + [429]


def test_the_addresses_of_one_ipv6_network_count_together(lumiere):
    for number in range(SIGN_IN_ADDRESS.allowed):
        sign_in(lumiere, f"nobody{number}@lumiere.example", "wrong", REMOTE_ADDR=f"2001:db8::{number:x}")
    user = person()
    answers = [sign_in(lumiere, user.email, "wrong", REMOTE_ADDR=f"2001:db8::a{number}") for number in range(3)]
    assert answers == [422, 422, 429]
