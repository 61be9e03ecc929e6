"""Known and unknown addresses get the same answer in the same time (N4): status, headers, text, and a stop-watch."""

import re
import statistics
import time

import pytest
from django.contrib.auth.hashers import make_password

from apps.accounts.models import Identity, User
from apps.accounts.services.limits import REGISTRY
from tests.accounts.conftest import organisation  # noqa: F401
from tests.accounts.test_passkeys import device_for, with_passkey
from tests.conftest import client_for
from tests.people import person

CHANGING = re.compile(r"[\w-]{32,}|(?<=state=)[\w.-]+")
SAMPLES = 60  # of each kind, interleaved
AUC = 0.6  # 0.5: the times tell nothing; 1: they tell everything


@pytest.fixture
def unlimited(monkeypatch):
    """The stop-watch needs many attempts of one account."""
    for limit in REGISTRY.values():
        monkeypatch.setattr(type(limit), "spend", lambda self, subject, **more: None)
        monkeypatch.setattr(type(limit), "exceeded", lambda self, subject, **more: False)


FORMS = {
    "/sign-in/": lambda email: {"email": email, "password": "a wrong password"},
    "/password/forgotten/": lambda email: {"email": email},
    "/sign-in/unlock/": lambda email: {"email": email},
}
#: ways in that take no address: one that is sent all the same must change nothing
MICROSOFT = "/sign-in/microsoft/"
STARTS = {
    path: lambda email: {"email": email, "username": email, "login_hint": email}
    for path in ("/sign-in/passkey/options/", MICROSOFT)
}
EVERY = FORMS | STARTS


def ask(client, path, email):
    send = client.get if path == MICROSOFT else client.post
    return send(path, EVERY[path](email))


@pytest.fixture
def path(request, lumiere):
    if request.param == MICROSOFT:
        request.getfixturevalue("organisation")
    return request.param


def over(paths):
    return pytest.mark.parametrize("path", list(paths), indirect=True)


def kinds() -> dict[str, User]:
    """Everybody whom an answer might give away, beside nobody."""
    linked = person("linked@lumiere.example", password=None)
    Identity.objects.create(user=linked, issuer="i", tenant_id="t", object_id="o")
    return {
        "active": person("active@lumiere.example"),
        "without a password": person("without@lumiere.example", password=None),
        "pending": person("pending@lumiere.example", status=User.Status.PENDING, password=None),
        "suspended": person("suspended@lumiere.example", status=User.Status.SUSPENDED),
        "departed": person("departed@lumiere.example", status=User.Status.DEPARTED),
        "linked": linked,
    }


def seen(answer, email) -> tuple:
    changing = {"X-Request-ID", "Content-Length", "Retry-After"}
    headers = {name: CHANGING.sub("", value) for name, value in answer.headers.items() if name not in changing}
    cookies = sorted((cookie.key, cookie["max-age"], cookie["path"]) for cookie in answer.cookies.values())
    text = CHANGING.sub("", answer.content.decode().replace(email, ""))
    return answer.status_code, headers, cookies, text


@over(EVERY)
def test_the_answers_are_the_same(lumiere, path):
    nobody = "nobody@lumiere.example"
    first = ask(client_for(lumiere), path, nobody)
    assert first.status_code in (200, 302, 422), first.content
    expected = seen(first, nobody)
    for kind, user in kinds().items():
        answer = ask(client_for(lumiere), path, user.email)
        assert seen(answer, user.email) == expected, kind
        assert path in FORMS or user.email not in f"{answer.headers} {answer.content}"


@over(FORMS)
def test_also_when_there_were_too_many(lumiere, path):
    nobody = "nobody@lumiere.example"

    def last(email):
        client = client_for(lumiere)
        for _ in range(8):
            answer = ask(client, path, email)
        assert answer.status_code == 429 and 280 < int(answer["Retry-After"]) <= 3600
        return seen(answer, email)

    expected = last(nobody)
    for kind, user in kinds().items():
        assert last(user.email) == expected, kind


def auc(first: list[float], second: list[float]) -> float:
    """How often a time of one kind is longer than one of the other: which is which, told by the time alone."""
    wins = sum((a > b) + (a == b) / 2 for a in first for b in second)
    share = wins / (len(first) * len(second))
    return max(share, 1 - share)


def times(client, path, emails: list[str]) -> list[list[float]]:
    """Interleaved, so that a busy machine slows both kinds alike; the process's own time, not the wall's."""
    for email in emails:
        ask(client, path, email)
    measured: list[list[float]] = [[] for _ in emails]
    for number in range(SAMPLES):
        for position in range(len(emails)):
            which = (position + number) % len(emails)
            begun = time.thread_time()
            ask(client, path, emails[which])
            measured[which].append(time.thread_time() - begun)
    return measured


@over(EVERY)
def test_the_time_tells_nothing(lumiere, unlimited, path):
    """The best of three rounds: a neighbour's work on this machine may spoil one, a real difference spoils all."""
    users = kinds()
    client = client_for(lumiere)
    rounds = []
    for _ in range(3):
        nobody, active, without = times(
            client, path, ["nobody@lumiere.example", users["active"].email, users["without a password"].email]
        )
        rounds.append(max(auc(nobody, active), auc(nobody, without)))
        if rounds[-1] <= AUC:
            return
    pytest.fail(f"{path}: known and unknown addresses can be told apart: AUC {[round(one, 2) for one in rounds]}")


def test_a_passkey_of_nobody_and_a_wrong_answer_of_somebody_s_are_refused_alike(lumiere):
    user, client = person("active@lumiere.example"), client_for(lumiere)
    known = with_passkey(client, user)
    strange = device_for(client)
    strange.handle = known.handle

    def refused(device) -> tuple:
        browser = client_for(lumiere)
        asked = browser.post("/sign-in/passkey/options/").json()
        device.origin = "http://elsewhere.example"
        answer = browser.post("/sign-in/passkey/", {"credential": device.use(asked)})
        assert answer.status_code == 422
        return seen(answer, user.email)

    assert refused(known) == refused(strange)


def test_control_one_hash_more_is_noticed(lumiere, unlimited, monkeypatch):
    """As if only known accounts were hashed: the stop-watch must be able to see it."""
    from apps.accounts import backends

    monkeypatch.setattr(backends, "make_password", lambda password: None)
    monkeypatch.setattr("apps.accounts.hashers.FastArgon2Hasher.time_cost", 3)
    monkeypatch.setattr("apps.accounts.hashers.FastArgon2Hasher.memory_cost", 4096)
    user = person()
    User.objects.filter(pk=user.pk).update(password=make_password("x" * 20))
    nobody, known = times(client_for(lumiere), "/sign-in/", ["nobody@lumiere.example", user.email])
    assert auc(nobody, known) > 0.9
    assert statistics.median(known) > statistics.median(nobody)
