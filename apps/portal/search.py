"""One search over everything the actor may see: pages, people, campuses."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import folded
from apps.accounts.permissions import PEOPLE_VIEW
from apps.accounts.selectors import search_people, visible_people
from apps.campuses.selectors import visible_campuses
from apps.core.navigation import visible
from apps.core.ui import Hit, Text

SHORTEST = 2  # letters
MOST = 8
Groups = list[tuple[Text, list[Hit]]]


def found(request: HttpRequest, text: str) -> Groups:
    """Groups of hits; without words the pages alone. Two queries whatever is found."""
    words = folded(text[:100]).split()
    groups: Groups = [(_("Pages"), _pages(request, words))]
    if sum(map(len, words)) >= SHORTEST:
        groups += [(_("People"), _people(request, text)), (_("Campuses"), _campuses(request, words))]
    return [(label, hits) for label, hits in groups if hits]


def _pages(request: HttpRequest, words: list[str]) -> list[Hit]:
    links = [(section, link) for section in visible(request) for link in section.links]
    return [
        Hit(link.item.label, link.url, section.label, link.item.icon)
        for section, link in links
        if all(word in folded(str(link.item.label)) for word in words)
    ]


def _people(request: HttpRequest, text: str) -> list[Hit]:
    if not PEOPLE_VIEW.allows(request.actor):
        return []
    people = search_people(visible_people(request.actor), text).order_by("family_name", "given_name", "id")[:MOST]
    return [Hit(one.name, reverse("portal:person", args=[one.pk]), one.email, photo=one.photo_url) for one in people]


def _campuses(request: HttpRequest, words: list[str]) -> list[Hit]:
    campuses = [
        campus
        for campus in visible_campuses(actor=request.actor)[:200]
        if all(word in folded(f"{campus.name} {campus.code}") for word in words)
    ]
    return [Hit(one.name, reverse("campuses:detail", args=[one.pk]), one.code, "map-pin") for one in campuses[:MOST]]
