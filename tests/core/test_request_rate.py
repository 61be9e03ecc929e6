"""One caller cannot take all: a bucket per school and person or address, counted in Redis (SEC-1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from apps.core import ratelimit
from apps.core.ratelimit import BUCKETS, network
from tests.conftest import client_for
from tests.people import person

BURST = 5


@pytest.fixture(autouse=True)
def _few(settings):
    """So slow that no request comes back while a test runs."""
    settings.REQUEST_RATE, settings.REQUEST_BURST = 0.01, BURST
    BUCKETS.forget_absence()
    yield
    BUCKETS.forget_absence()


def statuses(client, path="/sign-in/", times=BURST + 1, **options) -> list[int]:
    return [client.get(path, **options).status_code for _ in range(times)]


def test_the_limit_is_exact(client):
    assert statuses(client) == [200] * BURST + [429]


def test_the_answer_says_what_to_do(client):
    statuses(client)
    answer = client.get("/sign-in/")
    assert answer.status_code == 429
    assert 90 <= int(answer["Retry-After"]) <= 100, "one request in a hundred seconds"
    assert "Too many requests" in answer.content.decode() or "Trop" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


def test_machines_and_htmx_get_their_own_form(client):
    statuses(client)
    problem = client.get("/api/v1/nothing")
    assert problem["Content-Type"] == "application/problem+json"
    assert (problem.status_code, problem.json()["code"]) == (429, "too-many-requests")
    assert problem["Retry-After"]
    part = client.get("/sign-in/", headers={"hx-request": "true"})
    assert (part.status_code, part["HX-Reswap"], part.content) == (429, "none", b"")
    assert "toast" in part["HX-Trigger"]


def test_a_school_does_not_pay_for_another(client, lumiere, curie, platform_client):
    statuses(client)
    assert statuses(client_for(curie), times=1) == [200]
    assert statuses(platform_client, "/status/", times=1) == [200]


def test_another_address_and_every_person_have_their_own(lumiere):
    statuses(client_for(lumiere))
    assert statuses(client_for(lumiere), times=1) == [429]
    assert statuses(client_for(lumiere), REMOTE_ADDR="192.0.2.7", times=1) == [200]
    someone = client_for(lumiere)
    someone.force_login(person())
    assert statuses(someone, "/nowhere/", times=1) == [404]


def test_people_behind_one_address_are_counted_one_by_one(lumiere):
    """A whole campus: ten people, each as often as one may."""
    for _ in range(10):
        someone = client_for(lumiere)
        someone.force_login(person())
        assert 429 not in statuses(someone, "/nowhere/", times=BURST)
        assert statuses(someone, "/nowhere/", times=1) == [429]


def test_a_new_session_is_no_new_bucket(lumiere):
    someone = person()
    for times, expected in ((BURST, 404), (1, 429)):
        browser = client_for(lumiere)
        browser.force_login(someone)
        assert set(statuses(browser, "/nowhere/", times=times)) == {expected}


def test_many_at_once_do_not_slip_through(settings):
    with ThreadPoolExecutor(8) as workers:
        waits = list(workers.map(lambda _: BUCKETS.take("x:crowd", rate=0.01, burst=20), range(100)))
    assert waits.count(0.0) == 20


def test_the_bucket_fills_again():
    for _ in range(3):
        BUCKETS.take("x:slow", rate=0.01, burst=3)
    wait = BUCKETS.take("x:slow", rate=0.01, burst=3)
    assert 90 < wait <= 100
    assert BUCKETS.take("x:slow", rate=1_000_000, burst=10**9) == 0.0, "the same caller with a wider limit"


def test_what_is_remembered_goes_away_by_itself():
    BUCKETS.take("x:gone", rate=10, burst=3)
    cache = caches["platform"]
    client = cache._cache.get_client(write=True)
    assert 0 < client.pttl(cache.make_key("rate:x:gone")) <= 1200


def test_without_redis_everything_passes_and_one_line_says_so(client, monkeypatch, caplog):
    class Away:
        def get_client(self, **_):
            import redis

            return redis.Redis.from_url("unix:///nowhere/valkey.sock")

    monkeypatch.setattr(caches["platform"], "_cache", Away())
    waits = {BUCKETS.take("x:away", rate=0.01, burst=1) for _ in range(20)}
    assert waits == {0.0}
    assert [line.getMessage() for line in caplog.records if line.name == ratelimit.logger.name] == [
        "requests are not limited: Redis did not answer"
    ]


def test_health_and_files_are_never_limited(client):
    statuses(client)
    assert set(statuses(client, "/healthz/live")) == {200}
    assert set(statuses(client, "/static/ui/favicon.svg")) == {200}


def test_off_is_off(client, settings):
    settings.REQUEST_RATE = 0
    assert 429 not in statuses(client, times=BURST * 3)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
    ],
)
def test_an_ipv6_caller_is_its_network(address, counted):
    assert network(address) == counted
