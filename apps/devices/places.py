"""Who belongs to a place that a device can stand at. Campuses are known here; apps above add their own kind."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Scope

IdsOf = Callable[[UUID, date], "QuerySet[Any, UUID]"]
_KINDS: dict[str, IdsOf] = {}


def register_place(kind: str, ids_of: IdsOf) -> None:
    """`ids_of(scope_id, day)` answers the ids of the people who belong there on this day, as a subquery."""
    _KINDS[kind] = ids_of


def place_kinds() -> frozenset[str]:
    return frozenset(_KINDS)


def ids_of_people(scope: Scope, day: date) -> "QuerySet[Any, UUID] | None":
    """None for a kind of place that nobody registered: then nobody belongs there."""
    source = _KINDS.get(scope.kind)
    return source(scope.id, day) if source and scope.id else None
