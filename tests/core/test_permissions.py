"""A permission is one rule, asked the same way by every door."""

from uuid import uuid4

import pytest

from apps.core.actor import SCHOOL, Actor, Held, Role, Scope
from apps.core.errors import Forbidden
from apps.core.permissions import REGISTRY, Permission, declare

LYON, PARIS = Scope("campus", uuid4()), Scope("campus", uuid4())
SEE_ROOMS = Permission(
    "rooms.view",
    "See rooms",
    frozenset({Role.ADMIN, Role.CAMPUS_MANAGER, Role.OWNER}),
    lambda campus: [campus],
)


def actor(*held: Held) -> Actor:
    return Actor(label="somebody", user_id=uuid4(), held=held)


@pytest.mark.parametrize(
    ("who", "somewhere", "in_lyon"),
    [
        pytest.param(actor(Held(Role.ADMIN)), True, True, id="admin of the school"),
        pytest.param(actor(Held(Role.CAMPUS_MANAGER, LYON)), True, True, id="manager of this campus"),
        pytest.param(actor(Held(Role.CAMPUS_MANAGER, PARIS)), True, False, id="manager of another campus"),
        pytest.param(actor(Held(Role.MEMBER, LYON)), False, False, id="member of this campus"),
        pytest.param(actor(Held(Role.ADMIN, LYON)), True, True, id="role held on this campus only"),
        pytest.param(Actor.anonymous(), False, False, id="visitor"),
        pytest.param(Actor.system("directory run"), True, True, id="machine"),
        pytest.param(actor(Held(Role.SUPERADMIN)), False, False, id="superadmin holds nothing in a school"),
    ],
)
def test_who_may(who, somewhere, in_lyon):
    assert SEE_ROOMS.allows(who) is somewhere
    assert SEE_ROOMS.allows(who, LYON) is in_lyon
    if in_lyon:
        SEE_ROOMS.require(who, LYON)
    else:
        with pytest.raises(Forbidden):
            SEE_ROOMS.require(who, LYON)


def test_the_campuses_of_a_permission():
    manager = actor(Held(Role.CAMPUS_MANAGER, LYON), Held(Role.MEMBER, PARIS))
    assert manager.campus_ids(SEE_ROOMS) == {LYON.id}
    assert actor(Held(Role.ADMIN)).campus_ids(SEE_ROOMS) is None


def test_the_owner_holds_what_a_school_declares(monkeypatch):
    monkeypatch.delitem(REGISTRY, "things.see", raising=False)
    assert Role.OWNER in declare("things.see", "See things", roles={Role.ADMIN}).roles
    with pytest.raises(ValueError, match="declared twice"):
        declare("things.see", "See things", roles={Role.ADMIN})
    monkeypatch.delitem(REGISTRY, "things.see")


def test_a_refusal_is_logged(caplog):
    with pytest.raises(Forbidden):
        SEE_ROOMS.require(Actor.anonymous(request_id="r-12345678"), LYON)
    assert caplog.records[0].permission == "rooms.view"
    assert caplog.records[0].request_id == "r-12345678"


def test_school_scope_is_one_value():
    assert Scope("school") == SCHOOL
