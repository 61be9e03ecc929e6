"""Who can have a treasury. The school has one; an app above registers its kind of holder and says what money must know.

register(HolderKind("association", _("Association"), name_of=..., scopes_of=..., layout_of=...))
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.actor import SCHOOL, Scope
from apps.core.ui import Text
from apps.tenants.context import current

from .models import Treasury


@dataclass(frozen=True, slots=True)
class Layout:
    """In which page the pages of a treasury stand: a template with the blocks of docs/ui.md, and what it needs."""

    template: str = "layouts/school.html"
    context: Mapping[str, Any] = field(default_factory=dict)
    crumbs: tuple[tuple[Text, str], ...] = ()


def _school_layout(request: HttpRequest, treasury: Treasury) -> Layout:
    return Layout()


@dataclass(frozen=True, slots=True)
class HolderKind:
    """`scopes_of(holder id)`: where its rights of money are held. `legal_of`: lines for receipts (address, numbers)."""

    kind: str
    label: Text
    name_of: Callable[[UUID | None], str]
    scopes_of: Callable[[UUID | None], Iterable[Scope]]
    layout_of: Callable[[HttpRequest, Treasury], Layout] = _school_layout
    legal_of: Callable[[UUID | None], Iterable[str]] = lambda holder_id: ()


REGISTRY: dict[str, HolderKind] = {}


def register(kind: HolderKind) -> None:
    """Registering a kind again replaces it (apps may be made ready more than once)."""
    REGISTRY[kind.kind] = kind


def scopes_of(target: object) -> Iterable[Scope]:
    """Where a treasury, or what belongs to one, lies. A Scope stands for itself."""
    if isinstance(target, Scope):
        return (target,)
    treasury = target if isinstance(target, Treasury) else getattr(target, "treasury", None)
    kind = REGISTRY.get(treasury.holder_kind) if isinstance(treasury, Treasury) else None
    return tuple(kind.scopes_of(treasury.holder_id)) if kind and treasury else ()


def layout_of(request: HttpRequest, treasury: Treasury) -> Layout:
    kind = REGISTRY.get(treasury.holder_kind)
    return kind.layout_of(request, treasury) if kind else Layout()


def _name_of_school(holder_id: UUID | None) -> str:
    return current().name


SCHOOL_KIND = "school"
register(HolderKind(SCHOOL_KIND, _("School"), name_of=_name_of_school, scopes_of=lambda holder_id: (SCHOOL,)))
