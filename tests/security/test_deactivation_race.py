"""Out means out, now (N3): twenty requests run while somebody is suspended, leaves, gets another password or role.

None whose processing began after the commit is authorised, through whichever door it came. The requests pass the whole
product (middleware, views, a connection of each thread to PostgreSQL); only the socket of the web server is left out,
because on this side of it the moment at which the processing begins is known exactly.

The promise speaks of 1,000 trials; the suite runs fewer of the same:
    DEACTIVATION_TRIALS=1000 make test ARGS="tests/security/test_deactivation_race.py -s"
"""

import json
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from apps.accounts import backends, middleware, tokens
from apps.accounts.models import Session, User
from apps.accounts.services import lifecycle, passwords, roles
from apps.accounts.services.links import LinkInvalid, uid_of
from apps.campuses.models import Campus
from apps.core.actor import Actor, Role
from apps.tenants.context import activated
from tests.conftest import client_for
from tests.devices.conftest import Tablet, give_pin, make_device, member
from tests.people import PASSWORD, with_role

TRIALS = int(os.environ.get("DEACTIVATION_TRIALS", "10"))
AT_ONCE = 20
SYSTEM = Actor.system("tests")
NEW = "another long and unusual phrase"
ME, PEOPLE = "/api/v1/users/me", "/api/v1/users?limit=1"


@dataclass
class Trial:
    """One person with everything that opens something, and what the requests met."""

    school: object
    user: User
    tablet: Tablet
    address: str
    page: str = ME
    browser: tuple[str, str] = ("", "")  # access and refresh token
    program: tuple[str, str] = ("", "")

    def __post_init__(self):
        client, now = self.client(), timezone.now()
        client.force_login(self.user)
        self.browser = _tokens(Session.objects.get(user=self.user, kind=Session.Kind.BROWSER), now)
        lives = {"last_seen_at": now, "expires_at": now + timedelta(hours=1)}
        self.program = _tokens(Session.objects.create(kind=Session.Kind.API, user=self.user, **lives), now)

    def client(self):
        client = client_for(self.school, REMOTE_ADDR=self.address)
        client.raise_request_exception = False  # who waited too long for the row of the person is answered 500: not in
        return client


def _tokens(row, now) -> tuple[str, str]:
    return tokens.access_token(row, now), tokens.refresh_token(row)


# --- doors: each says whether the request was authorised ---------------------------------------------------


def by_access_cookie(trial, began):
    client = trial.client()
    client.cookies[settings.ACCESS_COOKIE_NAME], client.cookies[settings.SESSION_COOKIE_NAME] = trial.browser
    return client.get(trial.page).status_code == 200


def by_refresh_cookie(trial, began):
    client = trial.client()
    client.cookies[settings.SESSION_COOKIE_NAME] = trial.browser[1]
    return client.get(trial.page).status_code == 200


def by_token(trial, began):
    bearer = {"authorization": f"Bearer {trial.program[0]}"}
    return trial.client().get(trial.page, headers=bearer).status_code == 200


def by_refresh_token(trial, began):
    return _post(trial, "auth/token/refresh", {"refresh_token": trial.program[1]}).status_code == 200


def by_pin(trial, began):
    client = trial.client()
    client.cookies.update(trial.tablet.client.cookies)
    return client.get("/desk/campus/").status_code == 200


def by_signing_in(trial, began):
    """With the password of before. What counts is the request with the tokens that came out of it."""
    answer = _post(trial, "auth/token", {"email": trial.user.email, "password": PASSWORD})
    if answer.status_code != 200:
        return False
    began[0] = time.monotonic()
    bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
    return trial.client().get(trial.page, headers=bearer).status_code == 200


def by_signing_in_on_the_page(trial, began):
    client = trial.client()
    if client.post("/sign-in/", {"email": trial.user.email, "password": PASSWORD}).status_code != 302:
        return False
    began[0] = time.monotonic()
    return client.get(trial.page).status_code == 200


def _post(trial, path, body):
    return trial.client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


SESSIONS = (by_access_cookie, by_refresh_cookie, by_token)
COMING = (by_signing_in, by_signing_in_on_the_page)
ALL = (*SESSIONS, by_refresh_token, by_pin, *COMING)


# --- acts ---------------------------------------------------------------------------------------------------


def suspend(user):
    lifecycle.suspend_users(SYSTEM, [user.pk], "race")


def depart(user):
    lifecycle.depart_users(SYSTEM, [user.pk], "race")


def new_password(user):
    for _ in range(50):  # a sign-in voids the link: somebody's may come between
        token = passwords.TOKENS.make_token(User.objects.get(pk=user.pk))
        with suppress(LinkInvalid):
            passwords.reset(actor=SYSTEM, uid=uid_of(user), token=token, password=NEW, now=timezone.now())
            return
    raise AssertionError("no link lived long enough")


def end_sessions(user):
    lifecycle.end_sessions(SYSTEM, [user.pk], "race")


def take_role(user):
    roles.revoke_role(actor=SYSTEM, grant_id=user.grants.get().pk, now=timezone.now())


ACTS = {
    suspend: ALL,
    depart: ALL,
    new_password: ALL,
    end_sessions: ALL[: -len(COMING)],  # whoever knows the password may come back
    take_role: SESSIONS,
}


# --- the race -------------------------------------------------------------------------------------------------


@dataclass
class World:
    school: object
    campus: Campus
    tablet: Tablet
    pool: ThreadPoolExecutor
    number: int = 0

    def trial(self, act) -> Trial:
        self.number += 1
        if act is take_role:
            user = with_role(Role.AUDITOR)
        else:
            user = member(self.campus, pin="")
            give_pin(user)
            self.tablet.come_in(user)
        where = f"10.{self.number >> 8 & 255}.{self.number & 255}.7"
        return Trial(self.school, user, self.tablet, where, page=PEOPLE if act is take_role else ME)

    def race(self, act, doors) -> "Seen":
        trial = self.trial(act)
        seen, met, go, committed = Seen(), threading.Semaphore(0), threading.Event(), []

        def keep_asking(number: int) -> None:
            door = doors[number % len(doors)]
            while True:
                began = [time.monotonic()]
                first = began[0]
                authorised = door(trial, began)
                seen.add(door.__name__, began[0], authorised)
                if committed and first > committed[0]:
                    return
                met.release()
                go.wait(60)

        running = [self.pool.submit(keep_asking, number) for number in range(AT_ONCE)]
        try:
            for _ in range(AT_ONCE):  # everybody was inside once, and now asks again and again
                assert met.acquire(timeout=120), [one.exception() for one in running if one.done()]
            go.set()
            time.sleep(random.uniform(0, 0.02))
            act(trial.user)
        finally:  # also when something failed: nobody asks for ever
            committed.append(time.monotonic())
            go.set()
        for one in running:
            one.result(60)
        seen.committed = committed[0]
        return seen


class Seen:
    """(door, when its processing began, whether it was authorised) of every request of a trial."""

    def __init__(self):
        self.requests, self.committed = [], 0.0

    def add(self, *request):
        self.requests.append(request)

    def counted(self) -> Counter:
        return Counter(
            (door, "after" if began > self.committed else "before", authorised)
            for door, began, authorised in self.requests
        )


@pytest.fixture
def world(new_school):
    school = new_school("out")
    with activated(school), ThreadPoolExecutor(AT_ONCE) as pool:
        campus = Campus.objects.create(name="Lyon", code="LYO")
        client = client_for(school)
        client.cookies["__Host-language"] = "en"
        yield World(school, campus, Tablet(client, make_device(campus)).enrol(), pool)
        together = threading.Barrier(AT_ONCE)
        list(pool.map(lambda _number: (together.wait(60), connections.close_all()), range(AT_ONCE)))


def run(world, acts: list, trials: int) -> dict[str, Counter]:
    found: dict[str, Counter] = {act.__name__: Counter() for act in acts}
    for number in range(trials):
        act = acts[number % len(acts)]
        found[act.__name__] += world.race(act, ACTS[act]).counted()
    return found


def test_nothing_that_begins_after_the_commit_is_authorised(world):
    started = time.monotonic()
    found = run(world, list(ACTS), TRIALS)
    seconds = time.monotonic() - started
    for act, counted in found.items():
        late = {door: n for (door, when, authorised), n in counted.items() if when == "after" and authorised}
        assert not late, f"{act}: authorised although they began after the commit: {late}"
        early = {door for (door, when, authorised) in counted if when == "before" and authorised}
        doors = {door.__name__ for act_, doors in ACTS.items() if act_.__name__ == act for door in doors}
        assert early == doors, f"{act}: a control: before the commit every door was open"
    after = sum(n for counted in found.values() for (_door, when, _), n in counted.items() if when == "after")
    requests = sum(sum(counted.values()) for counted in found.values())
    print(
        f"\n{TRIALS} trials x {AT_ONCE} at once: {requests} requests, of {after} after the commit none, {seconds:.0f} s"
    )


def test_control_a_second_of_memory_is_noticed(world, monkeypatch):
    """As if who somebody is were remembered for a moment: the race must see it."""
    known: dict = {}
    get_user, resume = backends.PasswordBackend.get_user, middleware.families.resume
    monkeypatch.setattr(backends.PasswordBackend, "get_user", lambda self, pk: known.setdefault(pk, get_user(self, pk)))
    monkeypatch.setattr(
        middleware.families,
        "resume",
        lambda **given: known.setdefault((given["access"], given["refresh"]), resume(**given)),
    )
    late = run(world, [suspend], 2)["suspend"]
    assert late["by_access_cookie", "after", True] > 0
