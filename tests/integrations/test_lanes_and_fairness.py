"""One lane in order, others beside it; one school's backlog does not hold up another's (INT-3b, INT-4)."""

import threading
import time
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from apps.integrations import contract
from apps.integrations.contract import Content, Kind, Service, done
from apps.integrations.models import DrainSlot, InboundEvent
from apps.integrations.reading import Item
from apps.integrations.services import draining
from apps.integrations.services.intake import accept
from apps.tenants.context import activated


class Marked(Content):
    lane: str
    number: int


class Workshop:
    """A service of the tests: it notes what it does, and fails or waits as it is told."""

    def __init__(self) -> None:
        self.done: dict[str, list[int]] = defaultdict(list)
        self.broken: set[tuple[str, int]] = set()
        self.seconds = 0.0
        self.lock = threading.Lock()

    def apply(self, events, *, now):
        for event in events:
            if (event.content.lane, event.content.number) in self.broken:
                raise RuntimeError("broken")
            time.sleep(self.seconds)
            with self.lock:
                before = [number for number in self.done[event.content.lane] if number != event.content.number]
                self.done[event.content.lane] = [*before, event.content.number]  # again after a batch that failed
        return {event.id: done("noted") for event in events}


@pytest.fixture
def workshop(monkeypatch):
    made = Workshop()
    kind = Kind(Marked, apply=made.apply, lane=lambda content: content.lane)
    monkeypatch.setitem(contract.SERVICES, "workshop", Service("workshop", "Workshop", {"marked": kind}))
    return made


def put(*marks: tuple[str, int]) -> None:
    now = timezone.now()
    items = [
        Item(
            f"{lane}-{number}-{time.monotonic_ns()}", "marked", "", now, lane, "",
            f'{{"data":{{"lane":"{lane}","number":{number}}}}}', f"{lane}-{number}",
        )
        for lane, number in marks
    ]  # fmt: skip
    accept("workshop", items, now=now)


def test_what_failed_holds_up_its_own_lane_only(lumiere, workshop):
    put(*[(lane, number) for number in range(4) for lane in ("a", "b", "")])
    workshop.broken = {("a", 1)}
    now = timezone.now()
    draining.drain(lambda: now)
    assert dict(workshop.done)["b"] == [0, 1, 2, 3]
    assert workshop.done["a"][-1] == 0 and 2 not in workshop.done["a"], "2 and 3 wait behind 1"
    assert InboundEvent.objects.filter(state="waiting").count() == 3
    workshop.broken.clear()
    workshop.done.clear()
    later = now + timedelta(hours=1)
    draining.drain(lambda: later)
    assert workshop.done["a"] == [1, 2, 3]


def test_what_is_given_up_lets_its_lane_go_on(lumiere, workshop, settings):
    settings.CELERY_MAX_RETRIES = 1
    put(("a", 0), ("a", 1))
    workshop.broken = {("a", 0)}
    now = timezone.now()
    for _attempt in range(3):
        draining.drain(lambda now=now: now)
        now += timedelta(hours=1)
    assert workshop.done["a"] == [1]
    assert InboundEvent.objects.get(state="dead").attempts == 2


def test_a_long_lane_is_taken_in_batches(lumiere, workshop, django_assert_max_num_queries):
    put(*[("a", number) for number in range(300)])
    with django_assert_max_num_queries(90):
        draining.drain(seconds=30)
    assert workshop.done["a"] == list(range(300))


@pytest.mark.slow
def test_many_workers_keep_the_order_of_every_lane(no_worker, new_school, workshop, settings):
    settings.INTEGRATION_JOBS_PER_SCHOOL = 6
    school = new_school("lane")
    with activated(school):
        put(*[(f"lane{number % 20}", number) for number in range(400)])

    def work() -> None:
        try:
            with activated(school):
                until = time.monotonic() + 40
                while InboundEvent.objects.filter(state="waiting").exists() and time.monotonic() < until:
                    draining.drain(seconds=0.2)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for lane, numbers in workshop.done.items():
        assert numbers == sorted(set(numbers)), lane
    assert sum(map(len, workshop.done.values())) == 400


def test_no_more_jobs_than_slots_work_on_one_school(lumiere, settings):
    settings.INTEGRATION_JOBS_PER_SCHOOL = 2
    now = timezone.now()
    assert [draining.its_slots().take(now) for _ in range(3)] == [0, 1, None]
    assert DrainSlot.objects.count() == 2
    # a job that is not heard of any more gives its slot back
    assert draining.its_slots().take(now + timedelta(seconds=61)) == 0


def test_a_job_lets_others_go_first_and_rings_for_itself(lumiere, workshop, monkeypatch):
    rung = []
    monkeypatch.setattr(draining, "ring_soon", rung.append)
    workshop.seconds = 0.02
    put(*[("", number) for number in range(200)])
    rung.clear()
    began = time.monotonic()
    finished = draining.drain(seconds=0.1)
    assert 0 < finished < 200 and time.monotonic() - began < 10
    assert rung == ["integrations.drain"]
    draining.drain(seconds=60)
    assert len(workshop.done[""]) >= 200 and rung == ["integrations.drain"], "at the end there is nothing to ring for"


def test_the_bell_rings_once_for_many(monkeypatch):
    from apps.tenants import jobs

    heard = []
    monkeypatch.setattr(jobs, "_send", lambda name, arguments, headers: heard.append((name, headers["school"])))
    bell = jobs.Bell(pause=0.2)
    for _ in range(50):
        bell.ask("integrations.drain", "s_one", "r")
        bell.ask("integrations.drain", "s_two", "r")
    time.sleep(0.6)
    assert 2 <= len(heard) <= 4 and {school for _name, school in heard} == {"s_one", "s_two"}


@pytest.mark.slow
def test_the_same_event_many_times_at_once_has_one_effect(live, new_school):
    """20 deliveries in parallel of each of five events, shuffled: effects 1, answers 2xx (W2)."""
    import json
    import random

    from apps.accounts.models import User
    from apps.campuses.models import ApprovedDomain, Campus
    from tests.integrations.senders import event, headers, person, secret_for
    from tests.live import wait_until

    school = new_school("dup")
    with activated(school):
        secret = secret_for("user-service")
        ApprovedDomain.objects.create(domain="lumiere.example", campus=Campus.objects.create(name="Lyon"))
    bodies = [json.dumps(event("user.created", person(number))).encode() for number in range(5)]
    sendings = [body for body in bodies for _ in range(20)]
    random.Random(3).shuffle(sendings)
    answers: list[tuple[int, str]] = []

    def send(part: list[bytes]) -> None:
        with live.client(school) as client:
            for body in part:
                signed = {"content-type": "application/json", **headers(body, secret)}
                answer = client.post("/api/v1/webhooks/user-service", content=body, headers=signed)
                answers.append((answer.status_code, answer.json().get("status", "")))

    threads = [threading.Thread(target=send, args=(sendings[number::10],)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == [(200, "duplicate"), (202, "accepted")]
    assert answers.count((202, "accepted")) == 5
    with activated(school):
        wait_until(lambda: not InboundEvent.objects.filter(state="waiting").exists(), message=live.log("worker"))
        assert User.objects.exclude(external_id=None).count() == 5
        assert InboundEvent.objects.count() == 5
    connection.close()


@pytest.mark.slow
def test_the_backlog_of_one_school_delays_another_by_seconds_only(live, new_school):
    """4,000 events of one school wait; the single event of another is applied long before they are."""
    import json

    from apps.accounts.models import User
    from apps.campuses.models import ApprovedDomain, Campus
    from tests.integrations.senders import event, headers, person, secret_for
    from tests.live import wait_until

    busy, quiet = new_school("busy"), new_school("quiet")
    for school in (busy, quiet):
        with activated(school):
            ApprovedDomain.objects.create(domain="lumiere.example", campus=Campus.objects.create(name="Lyon"))
            if school is quiet:
                secret = secret_for("user-service")
    from apps.integrations.reading import read

    with activated(busy):
        service = contract.SERVICES["user-service"]
        for start in range(0, 4000, 1000):
            batch = [event("user.created", person(number)) for number in range(start, start + 1000)]
            items, _ = read(json.dumps(batch).encode(), service)
            accept("user-service", items, now=timezone.now())
    time.sleep(0.5)  # its jobs have begun
    body = json.dumps(event("user.created", person(1))).encode()
    with live.client(quiet) as client:
        signed = {"content-type": "application/json", **headers(body, secret)}
        assert client.post("/api/v1/webhooks/user-service", content=body, headers=signed).status_code == 202
    began = time.monotonic()
    with activated(quiet):
        wait_until(lambda: User.objects.filter(external_id="P1").exists(), seconds=30, every=0.02)
    delay = time.monotonic() - began
    with activated(busy):
        left = InboundEvent.objects.filter(state="waiting").count()
        assert left > 0, "the other school's backlog was still there"
        while InboundEvent.objects.filter(
            state="waiting"
        ).exists():  # the worker of this session has other things to do
            with transaction.atomic():
                free = InboundEvent.objects.filter(state="waiting").select_for_update(skip_locked=True)
                InboundEvent.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(state="discarded")
    print(f"\n{delay:.2f} s behind {left} events")
