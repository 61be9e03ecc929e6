"""Log lines: JSON, one line each, without secrets, with the facts of the work."""

import json
import logging

import pytest

from apps.core import requestinfo
from apps.core.logs import HIDDEN, JsonFormatter, redacted

CANARY = "kanarienvogel-7f3a9c"


def line(message="something happened", *args, **extra) -> str:
    record = logging.getLogger("tests").makeRecord("tests", logging.INFO, __file__, 1, message, args, None, extra=extra)
    return JsonFormatter().format(record)


@pytest.mark.parametrize(
    "name",
    ["password", "client_secret", "access_token", "refresh_token", "Authorization", "cookie", "sessionid", "csrf",
     "api_key", "code", "state", "nonce", "code_verifier", "pin", "iban", "ticket", "webhook_signature"],
)  # fmt: skip
def test_hides_by_name(name):
    assert CANARY not in line(**{name: CANARY})
    assert CANARY not in line(body={"deep": [{name: CANARY}]})


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"GET /callback?code={CANARY}&x=1",
        f"token={CANARY}",
        f"eyJhbGciOiJSUzI1NiJ9.{CANARY}.{CANARY}",
    ],
)
def test_hides_by_shape(text):
    assert CANARY not in line(text)
    assert HIDDEN in line(text)


def test_keeps_what_is_harmless():
    assert redacted({"campus": "Lyon", "count": 3}) == {"campus": "Lyon", "count": 3}


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x00b"])
def test_one_line_whatever_is_in_it(text):
    written = line(text)
    assert len(written.splitlines()) == 1
    assert json.loads(written)["event"] == text


def test_carries_the_facts_of_the_work():
    with requestinfo.bound(request_id="abcd1234", school="lumiere"):
        written = json.loads(line())
    assert (written["request_id"], written["school"]) == ("abcd1234", "lumiere")
    assert "school" not in json.loads(line())


@pytest.mark.parametrize(
    ("offered", "kept"),
    [("0a1b2c3d4e", True), ("short", False), ("a" * 65, False), ("evil\ninjection", False), ("", False)],
)
def test_takes_only_harmless_request_ids(offered, kept):
    assert (requestinfo.new_request_id(offered) == offered) is kept
