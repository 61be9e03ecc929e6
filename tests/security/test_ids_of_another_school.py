"""The id of another school's object is answered exactly like an id that never existed, on every route."""

import re

import pytest

from apps.tenants.context import activated
from tests.architecture.routes import CONVERTER, SCHOOL
from tests.conftest import client_for
from tests.people import owner
from tests.security.conftest import address

WITH_ID = [route for route in SCHOOL if "<uuid:" in route.pattern]
CHANGING = re.compile(r"[\w-]{32,}")  # CSRF tokens, request ids, the id itself


def seen(client, method, path) -> tuple[int, str]:
    answer = getattr(client, method)(path)
    if answer.wsgi_request._messages.added_new:
        client.get("/account/")  # shows, and so empties, what was said
    # the address asked for is on the page (the language switch comes back to it); everything else must be equal
    return answer.status_code, CHANGING.sub("", answer.content.decode().replace(path, ""))


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_might_as_well_not_exist(lumiere, curie, ids, method):
    with activated(curie):
        client = client_for(curie)
        client.force_login(owner(email="boss@curie.example"))
        told = [str(r) for r in WITH_ID if seen(client, method, address(r, ids)) != seen(client, method, r.path)]
    assert WITH_ID
    assert not told


@pytest.mark.parametrize("route", WITH_ID, ids=str)
def test_every_id_of_every_route_is_of_something(lumiere, ids, route):
    """A control of all tests with `ids`: a new kind of thing must be one that is there (KINDS in conftest)."""
    missing = [one["name"] for one in CONVERTER.finditer(route.pattern) if not ids.of(route, one["name"])]
    assert [name for name in missing if f"<uuid:{name}>" in route.pattern] == []


def test_control_at_home_it_exists(lumiere, ids):
    client = client_for(lumiere)
    client.force_login(owner())
    assert any(seen(client, "get", address(r, ids)) != seen(client, "get", r.path) for r in WITH_ID)
