"""Whatever is sent, signed or not: no 5xx, a bounded read, an answer that says what is wrong (W5, INT-1)."""

import json
import os
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.integrations.models import InboundEvent
from apps.integrations.reading import LARGEST, MOST_ITEMS
from tests.integrations.senders import event, person

BODIES = int(os.environ.get("HOSTILE_BODIES", "600"))  # 10,000 on request


def good() -> dict:
    return event("user.created", person(1))


KNOWN = {
    "empty": b"",
    "no JSON": b"{",
    "cut": json.dumps(good()).encode()[:-3],
    "a number": b"17",
    "null": b"null",
    "text": b'"user.created"',
    "an empty list": b"[]",
    "events that is no list": b'{"events": {}}',
    "too many": b"[" + b",".join([b"{}"] * (MOST_ITEMS + 1)) + b"]",
    "depth bomb": b"[" * 100_000,
    "deep object": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "NaN": b'[{"id": NaN}]',
    "Infinity": b'{"id": Infinity}',
    "huge number": b'{"id": "x", "type": "user.created", "data": ' + b"9" * 10_000 + b"}",
    "huge exponent": b'{"id": 1e400}',
    "bad UTF-8": b'{"id": "\xff\xfe"}',
    "UTF-16": json.dumps(good()).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + json.dumps(good()).encode(),
    "lone surrogate": b'{"id": "\\ud800"}',
    "NUL in the id": b'{"id": "a\\u0000b"}',
    "duplicate keys": b'{"id": "a", "id": "b"}',
    "form data": b"id=1&type=user.created",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "a control character": b'{"id": "\x01"}',
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_tricks_are_refused(sender, name):
    body = KNOWN[name]
    answer = sender.post(None, body=body, signed=correct(body, sender.secret))
    assert 400 <= answer.status_code < 500, (name, answer.status_code)
    assert answer["Content-Type"].startswith("application/")
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""}, {"id": "x" * 201}, {"id": 17}, {"id": None}, {"id": "with space"}, {"id": "é"}, {"id": ["a"]},
        {"type": ""}, {"type": "user.deleted"}, {"type": None}, {"type": "x" * 101}, {"type": {"a": 1}},
        {"occurred_at": "yesterday"}, {"occurred_at": 17}, {"occurred_at": "2026-11-26T10:00:00"},
        {"occurred_at": None}, {"occurred_at": "9999-12-31T23:59:59-14:00"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"}, {"data": []}, {"data": None}, {"data": "x"}, {"data": {}},
        {"data": person(1, email="a\x00b@x.example")}, {"data": person(1, email="x" * 255)},
        {"data": person(1, family_name=[])},
        {"organization": 1}, {"organization": "x" * 64}, {"extra": 1}, {"__proto__": {}},
    ],
    ids=str,
)  # fmt: skip
def test_wrong_fields_are_named(sender, change):
    answer = sender.post({**good(), **change})
    assert answer.status_code == 422, answer.content
    said = answer.json()
    assert said["status"] == "invalid" and said["errors"] and all(isinstance(one, str) for one in said["errors"])


@pytest.mark.parametrize("field", ["given_name", "external_id", "department"])
def test_a_character_that_cannot_be_stored_is_refused_wherever_it_stands(sender, field):
    """PostgreSQL takes no NUL in a text: kept unseen, the event would fail at every attempt."""
    sent = good()
    sent["data"][field] = "a\x00b"
    answer = sender.post(sent)
    assert answer.status_code == 422, answer.content
    assert not InboundEvent.objects.exists()


def test_what_is_larger_than_a_mebibyte_is_not_read_to_its_end(sender):
    body = b'"' + b"x" * (2 * LARGEST) + b'"'
    assert sender.post(None, body=body).status_code == 413


def test_other_methods_and_compression(sender):
    address = "/api/v1/webhooks/user-service"
    for method in ("get", "put", "patch", "delete"):
        answer = getattr(sender.client, method)(address, headers={"host": sender.host})
        assert answer.status_code == 405 and answer["Content-Type"] == "application/problem+json"
    body = json.dumps(good()).encode()
    assert sender.post(None, body=body, extra={"content-encoding": "gzip"}).status_code == 415


def test_random_damage_is_never_a_fault_of_ours(sender):
    """Signed bodies with bytes changed, cut, doubled, spliced; and random signatures of good ones."""
    chance = random.Random(5)
    seeds = [
        json.dumps(good()).encode(),
        json.dumps({"events": [good(), good()]}).encode(),
        *KNOWN.values(),
    ]
    seeds = [seed for seed in seeds if len(seed) < 10_000]
    statuses = set()
    for _number in range(BODIES):
        body = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(body) + 1)
            how = chance.randrange(5)
            if how == 0:
                body[place:place] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            elif how == 1:
                del body[place : place + chance.randint(1, 20)]
            elif how == 2:
                body[place:place] = body[: chance.randrange(len(body) + 1)]
            elif how == 3:
                body[place:place] = chance.choice([b"\\u0000", b"\\ud800", b"1e999", b"null", b"{}", b"[", b"\xc0\xaf"])
            elif body:
                body[place - 1] = chance.randrange(256)
        signed = correct(bytes(body) if chance.random() < 0.9 else b"", sender.secret)
        answer = sender.post(None, body=bytes(body), signed=signed)
        statuses.add(answer.status_code)
        assert answer.status_code < 500, bytes(body)
    assert {400, 401, 422} <= statuses


def correct(body: bytes, secret: str) -> dict[str, str]:
    """Our own signature: the library signs text only."""
    from apps.integrations.signatures import sign

    now = timezone.now()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": sign(secret, message_id="msg_1", timestamp=int(now.timestamp()), body=body),
    }


def test_limits_per_address_and_per_secret(sender, settings):
    settings.WEBHOOK_RATE_LIMIT_COUNT, settings.WEBHOOK_RATE_LIMIT_PERIOD = 5, 60
    answers = [sender.post(good(), REMOTE_ADDR="192.0.2.1").status_code for _ in range(6)]
    assert answers == [202] * 5 + [429]
    # what was signed counts for its address too
    assert sender.post(None, body=b"{}", signed={}, REMOTE_ADDR="192.0.2.1").status_code == 429
    # another address with the same secret: the secret has its own count
    other = sender.post(good(), REMOTE_ADDR="192.0.2.2")
    assert other.status_code == 429 and int(other["Retry-After"]) > 0
    unsigned = [sender.post(None, body=b"{}", signed={}, REMOTE_ADDR="192.0.2.3").status_code for _ in range(6)]
    assert unsigned == [401] * 5 + [429]


def test_a_moment_far_away_is_kept_as_it_is(sender):
    sent = good() | {"occurred_at": (timezone.now() - timedelta(days=3650)).isoformat()}
    assert sender.post(sent).status_code == 202
