"""Navigation shows what the actor may see, and where they are."""

from uuid import uuid4

import pytest

from apps.core import navigation
from apps.core.actor import Actor, Held, Role
from apps.core.navigation import NavItem
from apps.core.permissions import Permission, whole_school

OWNERS_ONLY = Permission("sample.view", "Sample", frozenset({Role.OWNER}), whole_school)


def actor(role: Role) -> Actor:
    return Actor("Ada", user_id=uuid4(), held=(Held(role),))


@pytest.fixture(autouse=True)
def _own_items(monkeypatch):
    monkeypatch.setattr(navigation, "_items", [])
    navigation.register(NavItem("overview", "Home", "house", "core:theme", order=1))
    navigation.register(NavItem("control", "Catalogue", "house", "core:catalogue", OWNERS_ONLY, order=2))
    navigation.register(NavItem("people", "List", "house", "core:catalogue_list", order=3, count=lambda actor: 7))
    navigation.register(NavItem("people", "Nowhere", "house", "core:not-there", order=4))


def labels(sections) -> list[str]:
    return [link.item.label for section in sections for link in section.links]


def test_only_what_the_actor_may_see():
    assert labels(navigation.sections_for(actor(Role.MEMBER), "/")) == ["Home", "List"]
    assert labels(navigation.sections_for(actor(Role.OWNER), "/")) == ["Home", "List", "Catalogue"]


def test_a_visitor_sees_nothing():
    assert navigation.sections_for(Actor.anonymous(), "/") == []


def test_the_longest_address_is_the_current_one():
    sections = navigation.sections_for(actor(Role.OWNER), "/ui/list/7/")
    assert [link.item.label for section in sections for link in section.links if link.current] == ["List"]


def test_counts_are_asked_for_the_actor():
    [_, people] = navigation.sections_for(actor(Role.MEMBER), "/")
    assert people.links[0].count == 7


def test_an_unknown_section_is_refused_at_start():
    with pytest.raises(ValueError, match="unknown section"):
        navigation.register(NavItem("nowhere", "x", "house", "core:theme"))


def test_registering_twice_shows_one_item():
    navigation.register(NavItem("overview", "Start", "house", "core:theme", order=1))
    assert labels(navigation.sections_for(actor(Role.MEMBER), "/")) == ["Start", "List"]
