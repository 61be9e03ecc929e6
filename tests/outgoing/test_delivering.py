"""Sending: signatures, schedule, what a failing receiver costs, and that nothing is lost (INT-9)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from apps.core.actor import Actor
from apps.outgoing.catalogue import Nothing
from apps.outgoing.models import Attempt, Delivery, WebhookEndpoint
from apps.outgoing.services import delivering, endpoints, publishing, replaying, secrets
from tests.people import acting, admin

State = Delivery.State
CLOCK = Actor.system("tests")


def happen(times: int = 1) -> None:
    for _ in range(times):
        publishing.publish("campus.created", Nothing(), happened_at=timezone.now())


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_signed_so_that_the_library_of_the_standard_takes_it(world):
    made = world.endpoint()
    happen()
    assert world.deliver() == 1
    (message,) = world.heard()
    said = Webhook(made.secret).verify(message["body"].encode(), message["headers"])
    assert said["type"] == "campus.created"
    assert message["verdict"] == "good"
    assert message["headers"]["webhook-id"] == said["id"]
    assert states() == [State.DELIVERED]
    with pytest.raises(Exception):  # noqa: B017 - the library's own
        Webhook(made.secret).verify(message["body"].replace("campus", "kampus").encode(), message["headers"])


def test_two_secrets_during_a_rotation_and_one_after(world, lumiere):
    made = world.endpoint()
    new = secrets.rotate(actor=CLOCK, endpoint_id=made.row.endpoint_id, now=world.now)
    happen()
    world.deliver()
    message = world.heard()[-1]
    for one in (made, new):
        Webhook(one.secret).verify(message["body"].encode(), message["headers"])
    with pytest.raises(secrets.TwoAlready):
        secrets.rotate(actor=CLOCK, endpoint_id=made.row.endpoint_id, now=world.now)
    happen()
    world.later(hours=25)
    message = world.heard()[-1]
    assert len(message["headers"]["webhook-signature"].split()) == 1
    assert message["verdict"] == "wrong signature", "the receiver still has the old secret only"


def test_the_last_secret_cannot_be_ended(world):
    made = world.endpoint()
    with pytest.raises(secrets.LastSecret):
        secrets.end(actor=CLOCK, secret_id=made.row.pk, now=world.now)


@pytest.mark.parametrize(
    ("answers", "status", "fault"),
    [
        ({"status": 500}, 500, ""),
        ({"status": 404}, 404, ""),
        ({"status": 301, "headers": {"location": "https://example.org/"}}, 301, ""),
        ({"status": 429}, 429, ""),
        ({"cut": True}, None, "broken-off"),
        ({"status": 200, "text": "x" * 70_000}, None, "answer-too-large"),
    ],
)
def test_what_is_no_success_is_tried_again_with_the_same_id(world, answers, status, fault):
    world.endpoint(times=1, **answers)
    happen()
    assert world.deliver() == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.status, delivery.fault) == (State.WAITING, 1, status, fault)
    assert world.later(seconds=2) == 0, "before its time"
    assert world.later(seconds=10) == 1
    first, second = world.heard()
    assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"]
    assert first["body"] == second["body"]
    assert list(Attempt.objects.order_by("pk").values_list("status", flat=True)) == [status, 204]


def test_a_receiver_that_hangs(world, monkeypatch):
    monkeypatch.setattr(delivering, "SECONDS", 0.5)
    world.endpoint(seconds=5, times=1)
    happen()
    world.deliver()
    assert Delivery.objects.get().fault == "timeout"
    assert world.later(seconds=10) == 1


def test_ten_attempts_in_about_three_days_then_given_up(world):
    boss = acting(admin())
    world.endpoint(status=400)
    happen()
    began = world.now
    world.deliver()
    while Delivery.objects.get().state == State.WAITING:
        due = Delivery.objects.get().due_at
        assert world.later(seconds=(due - world.now).total_seconds()) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, len(world.heard())) == (State.FAILED, 10, 10)
    assert timedelta(days=3) < world.now - began < timedelta(days=4)
    world.answer("timetable")
    assert world.later(days=2) == 0, "given up is given up"
    replaying.replay(actor=boss, endpoint_id=delivery.endpoint_id, event_id=delivery.event.event_id, now=world.now)
    assert world.deliver() == 1
    assert Delivery.objects.get().replays == 1


def test_retry_after_is_honoured(world):
    world.endpoint(status=429, headers={"retry-after": "900"}, times=1)
    happen()
    world.deliver()
    assert world.later(seconds=800) == 0
    assert len(world.heard()) == 1
    assert world.later(seconds=120) == 1


def test_a_failing_receiver_holds_its_own_and_nobody_elses(world):
    world.endpoint("timetable", status=503)
    world.endpoint("library")
    happen(40)
    while world.deliver():
        pass
    assert len(world.types("library")) == 40
    assert len(world.heard("timetable")) == delivering.EACH, "one round tells what forty would"
    waiting = Delivery.objects.filter(endpoint__name="timetable", state=State.WAITING)
    assert waiting.filter(attempts=0).count() == 40 - delivering.EACH
    world.answer("timetable")
    for _ in range(4):
        world.later(minutes=6)
    assert len({one["headers"]["webhook-id"] for one in world.heard("timetable") if one["status"] == 204}) == 40


def test_one_refused_event_does_not_hold_the_others(world):
    world.endpoint(status=422, times=1)
    happen(6)
    while world.deliver():
        pass
    assert sorted(states()) == [State.DELIVERED] * 5 + [State.WAITING]


def test_410_ends_it_and_what_happens_is_kept(world):
    made = world.endpoint(status=410)
    happen(2)
    world.deliver()
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.state, endpoint.because) == ("disabled", "gone")
    heard = len(world.heard())
    happen()
    assert world.later(hours=1) == 0
    assert len(world.heard()) == heard
    world.answer("timetable")
    endpoints.enable_endpoint(actor=CLOCK, endpoint_id=made.row.endpoint_id, now=world.now)
    world.later(hours=1)
    assert set(states()) == {State.DELIVERED}


def test_a_paused_endpoint_keeps_what_happens(world):
    made = world.endpoint()
    endpoints.pause_endpoint(actor=CLOCK, endpoint_id=made.row.endpoint_id, now=world.now)
    happen(3)
    assert world.deliver() == 0
    endpoints.enable_endpoint(actor=CLOCK, endpoint_id=made.row.endpoint_id, now=world.now)
    assert world.deliver() == 3


def test_an_address_that_leads_inside_is_not_called(world, settings):
    """What may be called is asked at each attempt, not only when it was written down."""
    world.endpoint()
    settings.OUTGOING_ALLOWED_TARGETS = []
    happen()
    world.deliver()
    assert Delivery.objects.get().fault == "address-refused"
    assert world.heard() == []


def test_a_worker_that_died_is_followed_by_another(world, monkeypatch):
    """After the request and before the mark: the receiver hears it twice, with the same id."""
    world.endpoint()
    happen()
    monkeypatch.setattr(delivering, "_mark", lambda *_: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        world.deliver()
    monkeypatch.undo()
    assert world.deliver() == 0, "its lease still runs"
    assert world.later(seconds=61) == 1
    ids = [one["headers"]["webhook-id"] for one in world.heard()]
    assert len(ids) == 2 and len(set(ids)) == 1
    assert Delivery.objects.get().attempts == 2


def test_a_claim_that_was_lost_marks_nothing(world):
    """A worker that comes back late must not undo what the next one did."""
    world.endpoint(status=500, times=1)
    happen()
    (claimed,) = delivering._claim(world.now)
    world.later(seconds=61)
    world.later(seconds=10)
    assert Delivery.objects.get().attempts > claimed.attempt
    before = Delivery.objects.values().get()
    assert delivering._mark([(claimed, delivering.Answer(status=200))], world.now) == 0
    assert Delivery.objects.values().get() == before


def test_the_log_of_calls_has_no_path(world, caplog):
    """An address may be a secret by itself."""
    world.endpoint()
    happen()
    with caplog.at_level("INFO", logger="apps.integrations.http"):
        world.deliver()
    (line,) = [record for record in caplog.records if getattr(record, "provider", "") == "webhook-endpoint"]
    assert line.path is None and "timetable" not in json.dumps({name: str(v) for name, v in line.__dict__.items()})


def test_replaying_many_since_a_day(world):
    boss = acting(admin())
    made = world.endpoint(status=400)
    happen(3)
    endpoint_id = made.row.endpoint_id
    Delivery.objects.update(attempts=9)
    world.deliver()
    assert set(states()) == {State.FAILED}
    world.answer("timetable")
    since = world.now - timedelta(days=1)
    assert replaying.given_up(actor=boss, endpoint_id=endpoint_id, since=since).count() == 3
    assert replaying.replay_many(actor=boss, endpoint_id=endpoint_id, since=since, now=world.now) == 3
    assert replaying.replay_many(actor=boss, endpoint_id=endpoint_id, since=since, now=world.now) == 0
    assert world.deliver() == 3


def test_dropping_what_waits(world):
    boss = acting(admin())
    made = world.endpoint()
    happen(2)
    assert replaying.drop_waiting(actor=boss, endpoint_id=made.row.endpoint_id, now=world.now) == 2
    assert world.deliver() == 0
    assert set(states()) == {State.DROPPED}
