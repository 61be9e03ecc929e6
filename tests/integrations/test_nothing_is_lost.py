"""kill -9 of everything, at random moments, under load: what was answered "accepted" is applied, and once (W4).

KILLS=50 makes it longer. The same account is kept at the end without the sweeper: there it must not come out even.
"""

import json
import os
import random
import threading
import time
from collections import Counter
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain, Campus
from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.tenants.context import activated
from tests import databases
from tests.integrations.senders import event, headers, person, secret_for
from tests.live import Live, free_port, wait_until
from tests.redis_process import RedisProcess

KILLS = int(os.environ.get("KILLS", "10"))
SENDERS = 3
PARTS = ("web", "worker", "beat", "redis", "connections")


class Product(Live):
    """Web, worker, beat and a Redis of their own, all of which can be killed."""

    redis: RedisProcess

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "REDIS_URL": self.redis.url,
            "INTEGRATION_LEASE_SECONDS": "3",
            "INTEGRATION_SWEEP_SECONDS": "2",
            "CELERY_RETRY_BACKOFF_BASE": "1",
        }

    def start_beat(self):
        return self.start("beat", "celery", "-A", "config", "beat", "--pidfile", "", "-l", "INFO")

    def kill_part(self, part: str) -> None:
        if part == "redis":
            self.redis.stop()  # and all that was in it
            self.redis.start()
        elif part == "connections":
            cut_connections()
        else:
            self.kill(part)
            {"web": self.start_web, "worker": self.start_worker, "beat": self.start_beat}[part]()


def cut_connections() -> None:
    """Every connection of the product to this database ends at once; the test's own stays."""
    with connection.cursor() as own:
        own.execute("select pg_backend_pid()")
        ((mine,),) = own.fetchall()
    with databases.maintenance() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = %s and pid <> %s",
            [settings.DATABASES["default"]["NAME"], settings.DATABASES["default"]["USER"], mine],
        )


@pytest.fixture
def product(django_db_setup, sandbox, tmp_path_factory):
    running = Product(free_port(), sandbox, tmp_path_factory.mktemp("killed"))
    running.redis = RedisProcess()
    running.redis.start()
    try:
        running.start_web()
        running.start_worker()
        running.start_beat()
        yield running
    finally:
        running.stop()
        running.redis.remove()


class Load:
    """Senders that send until they are told to stop, each event until it was answered, some of them twice."""

    def __init__(self, product: Product, school, secret: str) -> None:
        self.product, self.school, self.secret = product, school, secret
        self.accepted: set[str] = set()
        self.answers: Counter[int | str] = Counter()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.send, args=(number,)) for number in range(SENDERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def send(self, number: int) -> None:
        chance, count = random.Random(number), 0
        with self.product.client(self.school) as client:
            while not self.over.is_set():
                several = [
                    event("user.created", person(f"{number}-{count + n}")) for n in range(chance.choice([1, 1, 5]))
                ]
                count += len(several)
                body = json.dumps(several if len(several) > 1 else several[0]).encode()
                for _time in range(chance.choice([1, 1, 2])):
                    self.until_answered(client, body, [one["data"]["external_id"] for one in several])
                time.sleep(0.02)

    def until_answered(self, client: httpx.Client, body: bytes, names: list[str]) -> None:
        while not self.over.is_set():
            try:
                answer = client.post(
                    "/api/v1/webhooks/user-service",
                    content=body,
                    headers={"content-type": "application/json", **headers(body, self.secret)},
                    timeout=10,
                )
            except httpx.HTTPError as fault:
                self.answers[type(fault).__name__] += 1
                time.sleep(0.1)
                continue
            self.answers[answer.status_code] += 1
            if answer.status_code in (200, 202):
                self.accepted.update(names)
                return
            time.sleep(0.1)


def unapplied(accepted: set[str]) -> set[str]:
    return accepted - set(User.objects.filter(external_id__in=accepted).values_list("external_id", flat=True))


def effects() -> Counter[int]:
    """How often each person was made, by the audit trail, which is written with the effect."""
    made = Counter(AuditEvent.objects.filter(act="scim.person_created").values_list("target_id", flat=True))
    return Counter(made.values())


@pytest.mark.slow
def test_accepted_minus_applied_is_nothing_and_nothing_is_applied_twice(product, new_school):
    school = new_school("kill")
    with activated(school):
        secret = secret_for("user-service")
        campus = Campus.objects.create(name="Lyon")
        ApprovedDomain.objects.create(domain="lumiere.example", campus=campus)
        killed: Counter[str] = Counter()
        with Load(product, school, secret) as load:
            for number in range(KILLS):
                under_way = len(load.accepted)
                wait_until(lambda n=under_way: len(load.accepted) > n + 5, seconds=60, message=product.log("web"))
                time.sleep(random.uniform(0, 0.5))
                part = PARTS[number % len(PARTS)]
                product.kill_part(part)
                killed[part] += 1
        wait_until(lambda: not unapplied(load.accepted), seconds=60, message=f"lost: {len(unapplied(load.accepted))}")
        assert not InboundEvent.objects.filter(state="waiting").exists()
        assert InboundEvent.objects.exclude(state="processed").count() == 0
        assert set(effects()) == {1}, "each person was made once"
        print(f"\n{sum(killed.values())} kills {dict(killed)}, {len(load.accepted)} accepted, answers {load.answers}")

        # the control: without the sweeper the same account does not come out even, so it can tell
        product.kill("beat")
        product.kill("worker")
        late = [event("user.created", person(f"late-{n}")) for n in range(20)]
        body = json.dumps(late).encode()
        with product.client(school) as client:
            signed = {"content-type": "application/json", **headers(body, secret)}
            sent = lambda: client.post("/api/v1/webhooks/user-service", content=body, headers=signed)  # noqa: E731
            wait_until(lambda: sent().status_code in (200, 202))  # the last kill may still cost an answer
        time.sleep(1)
        product.redis.stop()
        product.redis.start()
        product.start_worker()
        names = {one["data"]["external_id"] for one in late}
        time.sleep(6)
        assert unapplied(names) == names, "nobody rings for them"
        product.start_beat()
        wait_until(lambda: not unapplied(names), seconds=60, message=product.log("worker"))


@pytest.mark.slow
def test_a_frozen_redis_holds_up_neither_intake_nor_pages(product, new_school):
    school = new_school("kill")
    with activated(school):
        secret = secret_for("user-service")
    with product.client(school) as client:
        client.get("/sign-in/")
        product.redis.freeze()
        try:
            slowest = 0.0
            for number in range(10):
                body = json.dumps(event("user.created", person(number))).encode()
                began = time.monotonic()
                signed = {"content-type": "application/json", **headers(body, secret)}
                answer = client.post("/api/v1/webhooks/user-service", content=body, headers=signed, timeout=20)
                assert answer.status_code == 202, answer.text
                slowest = max(slowest, time.monotonic() - began)
                began = time.monotonic()
                assert client.get("/sign-in/", timeout=20).status_code == 200
                slowest = max(slowest, time.monotonic() - began)
            assert slowest < 5, "the time-outs of the Redis clients, not the patience of a frozen server"
        finally:
            product.redis.thaw()
    with activated(school):
        kept = InboundEvent.objects.all()
        assert kept.count() == 10
        wait_until(lambda: not kept.filter(state="waiting").exists(), seconds=60, message=product.log("worker"))


def test_who_claimed_too_long_ago_changes_nothing_any_more(lumiere, sender, people):
    """The first worker stops in the middle and comes back when another has done it: its own effect is undone."""
    sender.post(event("user.created", person(1)))
    [late] = draining._claim(timezone.now())
    later = timezone.now() + timedelta(seconds=61)
    assert draining.drain(lambda: later) == 1
    assert draining._work([late], lambda: later) == 0
    assert len(people()) == 1 and effects() == Counter({1: 1})
    assert InboundEvent.objects.get().attempts == 2


def test_who_claimed_too_long_ago_leaves_it_to_whoever_has_it_now(lumiere, sender, people):
    """Both are alive, and nobody is done: only the last claim may apply it."""
    sender.post(event("user.created", person(1)))
    [late] = draining._claim(timezone.now())
    later = timezone.now() + timedelta(seconds=61)
    [now] = draining._claim(later)
    assert draining._work([late], lambda: later) == 0
    assert not people() and InboundEvent.objects.get().state == "waiting"
    assert draining._work([now], lambda: later) == 1
    assert len(people()) == 1


@pytest.mark.parametrize("number", [1, 2], ids=["alone", "in a batch"])
def test_the_effect_and_the_mark_are_one(lumiere, sender, people, monkeypatch, number):
    """A process that ends between the two has done neither; the next one does both."""
    sender.post([event("user.created", person(n)) for n in range(1, number + 1)])

    done_before = []

    def killed(outcomes, _now):
        if outcomes:  # not when there is nothing to mark, which comes before any effect
            done_before.append(len(people()))
            raise SystemExit
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(draining, "_mark", killed)
        with pytest.raises(SystemExit):
            draining.drain()
    assert done_before == [number], "the effects were there"
    assert not people()
    later = timezone.now() + timedelta(seconds=61)
    assert draining.drain(lambda: later) == number
    assert len(people()) == number and set(effects()) == {1}
