"""Two hundred wrong passwords at the very same moment, at the running server: no more are looked at than allowed."""

import http.client
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from apps.accounts.known_browsers import COOKIE
from apps.accounts.services.limits import SIGN_IN_ACCOUNT
from apps.tenants.context import activated
from tests.people import PASSWORD, person

AT_ONCE = 200
WORKERS = 8  # threads of the web process (tests/live.py)
TOKEN = 'name="csrfmiddlewaretoken" value="'


@pytest.fixture
def school(live, new_school):
    return new_school("guess")


class Browsers:
    """Many browsers that have the sign-in page open: one form and its cookie serve them all."""

    def __init__(self, live, school):
        self.port = live.port
        self.headers = {
            "Host": live.url(school, "").split("//")[1].rstrip("/"),
            "Origin": live.url(school, "").rstrip("/"),
            "Connection": "close",
        }
        with live.client(school) as web:
            page = web.get("/sign-in/")
        self.token = page.text.partition(TOKEN)[2].partition('"')[0]
        self.cookies = dict(page.cookies)

    def attempt(self, email: str, password: str = "a wrong password", cookies: dict | None = None):
        form = {"email": email, "password": password, "csrfmiddlewaretoken": self.token}
        jar = {**self.cookies, **(cookies or {})}
        headers = {
            **self.headers,
            "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("POST", "/sign-in/", urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            connection.close()

    def at_once(self, emails: list[str]) -> Counter:
        barrier = threading.Barrier(len(emails))

        def one(email: str) -> int:
            barrier.wait(120)
            return self.attempt(email).status

        with ThreadPoolExecutor(len(emails)) as pool:
            return Counter(pool.map(one, emails))


def test_of_one_account_five_are_looked_at(live, school):
    with activated(school):
        email = person().email
    seen = Browsers(live, school).at_once([email] * AT_ONCE)
    assert seen[422] + seen[429] == AT_ONCE, seen
    assert SIGN_IN_ACCOUNT.allowed <= seen[422] <= SIGN_IN_ACCOUNT.allowed + WORKERS
    assert seen[422] == SIGN_IN_ACCOUNT.allowed, "in fact exactly"


def test_control_of_as_many_accounts_each_is(live, school):
    """A crowd at one address, each at an account of their own: all are looked at."""
    seen = Browsers(live, school).at_once([f"nobody{number}@lumiere.example" for number in range(AT_ONCE // 4)])
    assert seen == {422: AT_ONCE // 4}


def test_during_the_attack_the_person_signs_in_where_they_did_before(live, school):
    with activated(school):
        user = person()
    browsers = Browsers(live, school)
    first = browsers.attempt(user.email, PASSWORD)
    assert first.status == 302
    [known] = [value for value in first.headers.get_all("Set-Cookie") if value.startswith(COOKIE)]
    known = {COOKIE: known.partition(";")[0].partition("=")[2]}
    browsers.at_once([user.email] * 20)
    assert browsers.attempt(user.email, PASSWORD).status == 429, "a control: the account is locked"
    assert browsers.attempt(user.email, PASSWORD, known).status == 302
