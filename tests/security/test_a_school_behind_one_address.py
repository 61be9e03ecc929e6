"""A class that signs in together shares one address: who signs in rightly never uses up the others' attempts."""

from apps.accounts.services.limits import SIGN_IN_ADDRESS
from tests.conftest import client_for
from tests.people import PASSWORD, person


def sign_in(school, email, password=PASSWORD) -> int:
    return client_for(school).post("/sign-in/", {"email": email, "password": password}).status_code


def test_right_passwords_do_not_count(lumiere):
    for _ in range(SIGN_IN_ADDRESS.allowed - 1):
        SIGN_IN_ADDRESS.spend("127.0.0.1")
    assert [sign_in(lumiere, person().email) for _ in range(3)] == [302, 302, 302]


def test_control_wrong_ones_do(lumiere):
    for _ in range(SIGN_IN_ADDRESS.allowed - 1):
        SIGN_IN_ADDRESS.spend("127.0.0.1")
    assert [sign_in(lumiere, person().email, "wrong") for _ in range(3)] == [422, 429, 429]
