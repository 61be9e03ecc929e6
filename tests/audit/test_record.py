"""An event commits with its act, survives any value, and holds no secret."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core import requestinfo
from apps.core.actor import SCHOOL, Actor, Held, Role
from tests.people import person

CANARY = "s3cr3t-c4n4ry-0123456789"
PERSON = Actor(
    label="Camille Martin",
    user_id=uuid4(),
    email="camille@lumiere.example",
    held=(Held(Role.ADMIN, SCHOOL),),
    request_id="request-1234",
    address="203.0.113.9",
)


def test_says_who_what_and_when(lumiere):
    target = person(given_name="Élodie", family_name="Petit")
    event = record(
        actor=PERSON, act="person.suspended", target=target, changes={"status": ["active", "suspended"]}, reason="left"
    )
    event.refresh_from_db()
    assert (event.actor_label, event.actor_id, event.address) == (PERSON.label, PERSON.user_id, PERSON.address)
    assert (event.target_type, event.target_id) == ("accounts.user", str(target.pk))
    assert event.target_label == "Élodie Petit"
    assert event.changes == {"status": ["active", "suspended"]}
    assert (event.request_id, event.surface, event.reason) == ("request-1234", "web", "left")
    assert "elodie petit" in event.search


def test_a_rolled_back_act_leaves_nothing(lumiere):
    @transaction.atomic
    def act_that_fails():
        record(actor=PERSON, act="tests.rolled_back")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_that_fails()
    assert not AuditEvent.objects.filter(act="tests.rolled_back").exists()


def test_a_job_without_a_request_of_its_own_carries_the_one_it_came_from(lumiere):
    with requestinfo.bound(request_id="of-the-click-1"):
        event = record(actor=Actor.system("directory run"), act="tests.done")
    assert event.request_id == "of-the-click-1"


class Unprintable:
    def __str__(self):
        raise RuntimeError("no")

    __repr__ = __str__


class Unreadable(dict):
    def items(self):
        raise RuntimeError("no")


def circle():
    ring = {}
    ring["again"] = ring
    return ring


@pytest.mark.parametrize(
    "value",
    [
        Unprintable(),
        circle(),
        float("nan"),
        float("inf"),
        10**400,
        -(2**70),
        "nul \x00 inside",
        "half a pair \ud800",
        "long " * 10_000,
        list(range(10_000)),
        {1: {2: {3: {4: {5: {6: {7: 8}}}}}}},
        {("a", "b"): {frozenset({1})}},
        b"\xff\xfe",
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        dt.timedelta(days=3),
        Decimal("NaN"),
        uuid4(),
        Role.ADMIN,
        _("later"),
        object(),
        lambda: None,
    ],
    ids=lambda value: type(value).__name__,
)
def test_odd_values_never_break_the_act(lumiere, value):
    event = record(
        actor=PERSON, act="tests.odd", target=value, changes={"x": [value, value]}, reason=value, data={"v": value}
    )
    event.refresh_from_db()
    assert set(event.changes) == {"x"}
    assert len(str(event.changes)) < 60_000, "bounded"


@pytest.mark.parametrize("changes", [Unreadable(a=1), ["not", "a", "mapping"], "text", 7])
def test_something_that_is_no_mapping_is_left_out(lumiere, changes):
    record(actor=PERSON, act="tests.odd", changes=changes, data=changes).refresh_from_db()


def test_an_actor_with_odd_values(lumiere):
    odd = Actor(label="x" * 900, email="y" * 900, request_id="z" * 900, address="a" * 900, surface="s" * 90)
    event = record(actor=odd, act="a" * 200, target_label="l" * 900)
    event.refresh_from_db()
    assert event.actor_label.endswith("…")


@pytest.mark.parametrize(
    "given",
    [
        {"data": {"password": CANARY}},
        {"data": {"deep": {"client_secret": CANARY}}},
        {"data": {"list": [{"access_token": CANARY}]}},
        {"data": {"url": f"https://login.example/cb?code={CANARY}&state={CANARY}"}},
        {"changes": {"pin": ["1", CANARY]}},
        {"changes": {"note": ["", f"Authorization: Bearer {CANARY}"]}},
        {"reason": f"they said password={CANARY}"},
        {"target_label": f"token={CANARY}"},
        {"data": {"header": "eyJhbGciOiJSUzI1NiJ9." + CANARY + ".sig"}},
    ],
    ids=str,
)
def test_no_secret_is_written(lumiere, given):
    event = record(actor=PERSON, act="tests.secret", **given)
    event.refresh_from_db()
    written = " ".join(str(getattr(event, field.attname)) for field in event._meta.fields)
    assert CANARY not in written
    assert "[hidden]" in written


def test_ordinary_fields_called_state_or_code_stay_readable(lumiere):
    event = record(actor=PERSON, act="tests.done", changes={"state": ["detected", "active"], "code": ["A", "B"]})
    assert event.changes == {"state": ["detected", "active"], "code": ["A", "B"]}
