"""No view is reachable without a declared permission, or a written reason to be public."""

import pytest

from tests.architecture.routes import ALL


@pytest.mark.parametrize("route", ALL, ids=str)
def test_every_route_declares_who_may(route):
    permission = getattr(route.view, "permission", None)
    reason = getattr(route.view, "public_reason", "")
    assert permission or reason, f"{route}: add @requires(PERMISSION) or @public('why anybody may')"
    assert not (permission and reason), f"{route}: either a permission or a reason, not both"
    assert permission or len(reason) > 15, f"{route}: give a reason a newcomer understands"


@pytest.mark.parametrize("route", ALL, ids=str)
def test_every_route_has_a_name(route):
    assert route.name and route.name != "None", f"{route}: name it, pages link by name"


def test_the_walk_finds_routes_on_both_hosts():
    """A control: an empty walk would let everything pass."""
    assert len([route for route in ALL if route.host == "school"]) > 20
    assert len([route for route in ALL if route.host == "platform"]) > 3
