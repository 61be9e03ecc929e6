"""Sealed text opens at its own place, with a key we know, and nowhere else."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import crypto
from apps.core.crypto import CannotOpen, seal, unseal

PLACE = ("s_lumiere", "accounts.totp", "secret", "0190")


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@given(st.text())
def test_any_text_comes_back(text):
    assert unseal(seal(text, PLACE), PLACE) == text


def test_the_same_text_never_looks_the_same():
    assert len({seal("1234", PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize("part", range(4))
def test_another_school_model_column_or_row_does_not_open_it(part):
    elsewhere = tuple("other" if number == part else name for number, name in enumerate(PLACE))
    with pytest.raises(CannotOpen):
        unseal(seal("secret", PLACE), elsewhere)


def test_names_that_run_together_are_different_places():
    with pytest.raises(CannotOpen):
        unseal(seal("secret", ("a", "bc")), ("ab", "c"))


def test_one_changed_character_is_seen():
    sealed = seal("secret", PLACE)
    head, body = sealed.rsplit(".", 1)
    for position in range(len(body)):
        changed = body[:position] + ("A" if body[position] != "A" else "B") + body[position + 1 :]
        with pytest.raises(CannotOpen):
            unseal(f"{head}.{changed}", PLACE)


@pytest.mark.parametrize("text", ["", "plain", "s1.", "s1.x", "s2.aaaaaaaa.AAAA", "s1.aaaaaaaa.AAAA", "s1.a.b.c", "é"])
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(CannotOpen):
        unseal(text, PLACE)


def test_a_short_body_of_a_known_key_does_not_open():
    for body in ("", "AAAA", "*", base64.urlsafe_b64encode(b"x" * 12).decode()):
        with pytest.raises(CannotOpen):
            unseal(f"s1.{crypto.newest_key()}.{body}", PLACE)


def test_the_first_key_seals_and_all_open(settings):
    old, new = new_key(), new_key()
    settings.FIELD_KEYS = [old]
    before = seal("secret", PLACE)
    settings.FIELD_KEYS = [new, old]
    after = seal("secret", PLACE)
    assert unseal(before, PLACE) == unseal(after, PLACE) == "secret"
    assert [crypto.key_of(after), crypto.key_of(before)] == crypto.known_keys()
    settings.FIELD_KEYS = [new]
    assert unseal(after, PLACE) == "secret"
    with pytest.raises(CannotOpen, match="not in FIELD_KEYS"):
        unseal(before, PLACE)
