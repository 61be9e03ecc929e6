"""It reads Microsoft's keys rarely, follows a rotation, and outlives an outage for a while."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from apps.microsoft.tokens import KeysUnavailable, SigningKeys
from tests.microsoft.scripted import Reply, Scripted

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()


def document(*kids):
    return {"keys": [{**RSAAlgorithm.to_jwk(KEY, as_dict=True), "kid": kid, "use": "sig"} for kid in kids]}


@pytest.fixture
def published():
    """The key document as it is now: change `reply`."""
    with Scripted() as server:
        server.reply = Reply(200, document("k1"))
        server.answer = lambda call: server.reply
        yield server


@pytest.fixture
def keys(published, virtual_time):
    return SigningKeys(f"{published.url}/keys", clock=virtual_time.clock)


def test_it_reads_them_once_for_many_tokens(keys, published):
    assert all(keys.find("k1") for _ in range(50))
    assert len(published.calls) == 1


def test_it_reads_them_again_the_next_day(keys, published, virtual_time):
    keys.find("k1")
    virtual_time.sleep(24 * 3600 + 1)
    keys.find("k1")
    assert len(published.calls) == 2


def test_it_follows_a_rotation_at_once(keys, published):
    keys.find("k1")
    published.reply = Reply(200, document("k2"))
    assert keys.find("k2")
    assert keys.find("k1") is None


def test_invented_keys_cannot_make_it_ask_more_than_twice_a_minute(keys, published, virtual_time):
    keys.find("k1")
    for number in range(60):
        virtual_time.sleep(1)
        assert keys.find(f"invented-{number}") is None
    assert len(published.calls) <= 3


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(503), id="503"),
        pytest.param(Reply(302, headers={"location": "http://127.0.0.1:1/keys"}), id="redirect"),
        pytest.param(Reply(200, b"<html>"), id="html"),
        pytest.param(Reply(200, {"keys": "none"}), id="no list"),
        pytest.param(Reply(200, {"keys": []}), id="no key"),
        pytest.param(Reply(200, document("k1"), cut_at=40), id="cut"),
        pytest.param(Reply(200, b"x" * 2_000_000), id="endless"),
    ],
)
class TestAnOutage:
    def test_keeps_known_keys_for_a_day_more(self, reply, keys, published, virtual_time):
        keys.find("k1")
        published.reply = reply
        virtual_time.sleep(47 * 3600)
        assert keys.find("k1")

    def test_does_not_keep_them_for_ever(self, reply, keys, published, virtual_time):
        keys.find("k1")
        published.reply = reply
        virtual_time.sleep(49 * 3600)
        with pytest.raises(KeysUnavailable):
            keys.find("k1")

    def test_without_known_keys_says_so(self, reply, keys, published):
        published.reply = reply
        with pytest.raises(KeysUnavailable):
            keys.find("k1")
