"""The tabs of a campus page. Apps above add theirs in AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.permissions import Permission
from apps.core.ui import Tab, Text

from .models import Campus
from .permissions import CAMPUSES_VIEW


@dataclass(frozen=True, slots=True)
class CampusTab:
    value: str
    label: Text
    url_name: str
    permission: Permission
    count: Callable[[Campus], int | None] | None = None
    order: int = 100


def _counted(name: str) -> Callable[[Campus], int | None]:
    """A figure that `selectors.with_counts` has put on the campus."""
    return lambda campus: getattr(campus, name, None)


_tabs: list[CampusTab] = [
    CampusTab("people", _("People"), "campuses:detail", CAMPUSES_VIEW, _counted("members"), order=10),
    CampusTab("domains", _("E-mail domains"), "campuses:domains", CAMPUSES_VIEW, _counted("domain_count"), order=30),
    CampusTab("places", _("Places"), "campuses:places", CAMPUSES_VIEW, _counted("place_count"), order=40),
]


def register(tab: CampusTab) -> None:
    """Add a tab; registering the same value twice keeps the last."""
    _tabs[:] = [known for known in _tabs if known.value != tab.value] + [tab]


def tabs_of(campus: Campus, actor: Actor) -> list[Tab]:
    visible = [tab for tab in sorted(_tabs, key=lambda tab: tab.order) if tab.permission.allows(actor)]
    return [
        Tab(tab.value, tab.label, tab.count(campus) if tab.count else None, url=_address(tab, campus.pk))
        for tab in visible
    ]


def _address(tab: CampusTab, campus_id: UUID) -> str:
    return reverse(tab.url_name, args=[campus_id])
