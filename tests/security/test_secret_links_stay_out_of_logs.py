"""The secret of a mailed link opens an account: the address is logged, the secret is not."""

import json
import logging

import pytest

from apps.accounts.credentials import new_secret
from apps.accounts.services.passwords import TOKENS
from apps.core.logs import JsonFormatter
from tests.people import person


@pytest.fixture
def written():
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(JsonFormatter().format(record))

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("address", ["/invitation/{}/", "/invitation/{}", "/invitation/{}/microsoft/"])
def test_of_an_invitation(client, written, address):
    secret = new_secret()
    client.get(address.format(secret))
    assert written and secret not in "".join(written)


def test_of_a_password_reset(client, written):
    secret = TOKENS.make_token(person())
    client.get(f"/password/reset/AZ9/{secret}/")
    assert written and secret not in "".join(written)


def test_control_the_address_itself_is_logged(client, written):
    client.get(f"/invitation/{new_secret()}/")
    assert any(json.loads(line).get("path") == "/invitation/[hidden]/" for line in written)
