"""The twelve rules of ASVS 5.0 6.2 (and NIST SP 800-63B) for passwords, each as a case; and the list of known ones."""

import hashlib
import re
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.accounts import breached
from apps.accounts.models import User
from apps.core.errors import Invalid
from tests.conftest import client_for
from tests.people import PASSWORD, person

GOOD = "violet kettle runs uphill"


def faults(password: str, user=None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return [error.code for error in refused.error_list]
    return []


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def me(lumiere):
    return person("camille@lumiere.example", password=GOOD)


@pytest.fixture
def signed_in(lumiere, me):
    client = client_for(lumiere)
    client.post("/sign-in/", {"email": me.email, "password": GOOD})
    return client


def change(client, current, password, again=None):
    form = {"current": current, "password": password, "again": password if again is None else again}
    return client.post("/account/password/", form)


# --- ASVS 6.2.1 to 6.2.12 --------------------------------------------------------------------------------


def test_6_2_1_twelve_characters_at_least(lumiere):
    assert faults("xkqvzjwpbmf") == ["password_too_short"]
    assert faults("xkqvzjwpbmfr") == []


def test_6_2_2_people_change_their_own(signed_in, me):
    assert change(signed_in, GOOD, "another kettle sings low").status_code == 302
    me.refresh_from_db()
    assert me.check_password("another kettle sings low")


def test_6_2_3_the_change_needs_the_present_one(signed_in, me):
    assert change(signed_in, "a wrong password", "another kettle sings low").status_code == 422
    me.refresh_from_db()
    assert me.check_password(GOOD)


def test_6_2_4_common_passwords_are_refused(lumiere):
    long_ones = [word for word in breached._common() if len(word) >= 12]
    assert len(breached._common()) > 15_000 and len(long_ones) > 20
    assert {code for word in long_ones for code in faults(word)} >= {"password_breached"}
    assert all("password_breached" in faults(word) for word in long_ones)
    for decorated in ("Password123456", "**iloveyou2026", "12345Liverpool!", "QWERTYUIOP12!"):
        assert "password_breached" in faults(decorated), decorated


@pytest.mark.parametrize(
    "password",
    [
        "a" * 6 + "bcdfgh",
        "lowercaseonlywords",
        "ÉTÉàlaMontagne",
        "пароль для школы",
        "🐢" * 12,
        " " * 12,
    ],
)
def test_6_2_5_any_composition(lumiere, password):
    assert faults(password) == []


def test_6_2_6_fields_hide_what_is_typed(client, signed_in):
    assert 'type="password"' in client.get("/sign-in/").content.decode()
    assert signed_in.get("/account/").content.decode().count('type="password"') == 4


def test_6_2_7_pasting_and_password_managers_work(client, signed_in):
    for text in (client.get("/sign-in/").content.decode(), signed_in.get("/account/").content.decode()):
        assert "onpaste" not in text
        assert not re.search(r'type="password"[^>]*autocomplete="off"|autocomplete="off"[^>]*type="password"', text)
        assert 'autocomplete="current-password"' in text
    assert 'autocomplete="new-password"' in signed_in.get("/account/").content.decode()


def test_6_2_8_it_is_verified_exactly_as_it_is(signed_in, lumiere, me):
    exact = "  Violet kettle, RUNS uphill\u00e9 "
    assert change(signed_in, GOOD, exact).status_code == 302
    me.refresh_from_db()
    for other in (exact.strip(), exact.lower(), exact[:-1], exact.replace("\u00e9", "e\u0301")):
        assert not me.check_password(other)
    answer = client_for(lumiere).post("/sign-in/", {"email": me.email, "password": exact})
    assert answer.status_code == 302


@pytest.mark.parametrize("length", [64, 128, 200, 1000])
def test_6_2_9_long_ones_are_allowed_and_not_cut(signed_in, me, length):
    long = ("kettle uphill " * 80)[:length]
    assert change(signed_in, GOOD, long).status_code == 302
    me.refresh_from_db()
    assert me.check_password(long) and not me.check_password(long[:-1])


def test_6_2_10_it_never_expires(lumiere, me, time_machine):
    time_machine.move_to(time.time() + 10 * 365 * 24 * 3600)
    assert client_for(lumiere).post("/sign-in/", {"email": me.email, "password": GOOD}).status_code == 302


def test_6_2_11_words_of_the_place_and_the_person_are_refused(lumiere):
    for tried in ("Campanile2026!", "EcoleLumiere2026", "lumiere-lumiere", "École Lumière 1"):
        assert "password_of_this_place" in faults(tried), tried
    assert faults("the lumiere brothers filmed a train") == []
    user = User(email="camille.moreau@lumiere.example", given_name="Camille", family_name="Moreau-Delacroix")
    assert "password_too_similar" in faults("moreau-delacroix", user)


def test_6_2_12_breached_ones_are_refused_from_the_operators_list(lumiere, settings, tmp_path):
    assert faults(GOOD) == []
    listed = tmp_path / "list.txt"
    listed.write_text("\r\n".join(sorted(f"{sha1(word)}:3" for word in (GOOD, "x", "y"))) + "\r\n")
    settings.BREACHED_PASSWORDS_FILE = str(listed)
    assert faults(GOOD) == ["password_breached"]
    assert faults("violet kettle runs downhill") == []


# --- wherever a password is set --------------------------------------------------------------------------


def test_the_refusal_says_what_to_do(signed_in):
    text = change(signed_in, GOOD, "Password123456").content.decode()
    assert "four words" in text or "quatre mots" in text


def test_a_reset_asks_the_same(lumiere, me, client):
    from apps.accounts.services import passwords
    from apps.accounts.services.links import uid_of

    with pytest.raises(Invalid):
        passwords.reset(
            actor=None, uid=uid_of(me), token=passwords.TOKENS.make_token(me), password="Password123456", now=None
        )


# --- the search in the file ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Ten thousand hashes, with counts of different lengths, in both kinds of line ends and with no last one."""
    words = [f"word number {number}" for number in range(10_000)]
    lines = sorted(f"{sha1(word)}:{7 ** (index % 9)}" for index, word in enumerate(words))
    folder = tmp_path_factory.mktemp("breached")
    files = {}
    for name, text in {
        "crlf": "\r\n".join(lines) + "\r\n",
        "lf": "\n".join(lines) + "\n",
        "open": "\n".join(lines),
    }.items():
        files[name] = folder / name
        files[name].write_bytes(text.encode())
    return words, files


@pytest.mark.parametrize("ends", ["crlf", "lf", "open"])
def test_each_listed_one_is_found_and_no_other(large, settings, ends):
    words, files = large
    settings.BREACHED_PASSWORDS_FILE = str(files[ends])
    assert all(breached.in_file(word) for word in words)
    assert not any(breached.in_file(f"other {number}") for number in range(2_000))


@pytest.mark.parametrize("content", [b"", b"\n", b"not a list at all\n" * 5, b"\xff\xfe\x00" * 100])
def test_a_file_of_another_shape_finds_nothing_and_breaks_nothing(settings, tmp_path, content):
    odd = tmp_path / "odd"
    odd.write_bytes(content)
    settings.BREACHED_PASSWORDS_FILE = str(odd)
    assert not breached.in_file(PASSWORD)


def test_a_file_that_is_gone_is_an_error_in_the_log_and_the_small_list_remains(settings, tmp_path, caplog, lumiere):
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "gone")
    assert faults(GOOD) == []
    assert "cannot be read" in caplog.text and GOOD not in caplog.text
    assert faults("Password123456") == ["password_breached"]
