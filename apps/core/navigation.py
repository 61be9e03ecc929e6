"""Navigation is data: apps register items when they are ready, layouts show what the actor may see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .actor import Actor
from .permissions import Permission
from .ui import Text

#: Sections of the sidebar, in order.
SECTIONS: Final[dict[str, Text]] = {
    "overview": _("Overview"),
    "people": _("People"),
    "organisation": _("Organisation"),
    "community": _("Community"),
    "money": _("Money"),
    "control": pgettext_lazy("navigation section", "Control"),
}
LAYOUTS: Final = ("school", "platform", "member")


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place one can go. Without a permission everyone who is signed in sees it."""

    section: str
    label: Text
    icon: str
    url_name: str
    permission: Permission | None = None
    order: int = 100
    layout: str = "school"
    shortcut: str = ""
    count: Callable[[Actor], int | None] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An item as one actor sees it now."""

    item: NavItem
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    label: Text
    links: tuple[Link, ...]


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add an item. Registering the same place twice in one layout keeps the last."""
    if item.section not in SECTIONS:
        raise ValueError(f"unknown section {item.section!r}: use one of {', '.join(SECTIONS)}")
    if item.layout not in LAYOUTS:
        raise ValueError(f"unknown layout {item.layout!r}: use one of {', '.join(LAYOUTS)}")
    _items[:] = [old for old in _items if (old.layout, old.url_name) != (item.layout, item.url_name)]
    _items.append(item)


def sections_for(actor: Actor, path: str, layout: str = "school") -> list[Section]:
    """What the actor may see, grouped and ordered, with the item of `path` marked as current."""
    links = _mark_current(list(_links(actor, layout)), path)
    sections = [
        Section(label, tuple(link for link in links if link.item.section == code)) for code, label in SECTIONS.items()
    ]
    return [section for section in sections if section.links]


def _links(actor: Actor, layout: str) -> Iterator[Link]:
    for item in sorted(_items, key=lambda item: item.order):
        if item.layout != layout or not _visible(item, actor):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:  # the page belongs to the other kind of host
            continue
        yield Link(item, url, item.count(actor) if item.count else None)


def _visible(item: NavItem, actor: Actor) -> bool:
    if item.permission is None:
        return not actor.is_anonymous
    return item.permission.allows(actor)


def _mark_current(links: list[Link], path: str) -> list[Link]:
    """The longest address that `path` starts with is where we are; "/" only matches itself."""

    def leads_to(link: Link) -> bool:
        return path == link.url or (link.url != "/" and path.startswith(link.url.rstrip("/") + "/"))

    here = max((link for link in links if leads_to(link)), key=lambda link: len(link.url), default=None)
    return [replace(link, current=link is here) for link in links]


def visible(request: HttpRequest, layout: str = "school") -> list[Section]:
    """The navigation of this request, worked out once. Without an actor (an early error) there is none."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return []
    known = request.__dict__.setdefault("_navigation", {})
    if layout not in known:
        known[layout] = sections_for(actor, request.path, layout)
    return known[layout]


def layout_of(request: HttpRequest) -> str:
    """The layout of a page that is for everybody: that of the console, of staff, or of members, as one works here."""
    if request.school is None:
        return "layouts/platform.html"
    held = any(
        item.permission is not None and item.permission.allows(request.actor)
        for item in _items
        if item.layout == "school"
    )
    return "layouts/school.html" if held else "layouts/member.html"
