"""One envelope for every list: `results`, and the cursors of the pages beside it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .. import keyset
from ..errors import Invalid


def page_of(queryset: QuerySet, wanted: dict[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """Rows in one stable order. A cursor goes both ways: it says itself in which direction. Raises Invalid."""
    cursor = wanted["cursor"]
    backwards = cursor.startswith(BACK)
    position = cursor.removeprefix(BACK)
    if cursor and not keyset.is_readable(queryset, position, order):
        raise Invalid(fields={"cursor": [NOT_OURS]})
    where = {"before" if backwards else "after": position}
    found = keyset.take(queryset, order=order, size=wanted["limit"], **where)
    return envelope(found.rows, next=found.next, previous=f"{BACK}{found.previous}" if found.previous else "")


def page_of_list(rows: Iterable[Any], wanted: dict[str, Any], key: Callable[[Any], tuple[str, ...]]) -> dict[str, Any]:
    """The same for rows that were worked out: in the order of a key that no two of them share. Raises Invalid."""
    cursor = wanted["cursor"]
    position = cursor.removeprefix(BACK)
    if cursor and not position:
        raise Invalid(fields={"cursor": [NOT_OURS]})
    where = {"before" if cursor.startswith(BACK) else "after": position}
    try:
        found = keyset.take_of(rows, key=key, size=wanted["limit"], **where)
    except ValueError:
        raise Invalid(fields={"cursor": [NOT_OURS]}) from None
    return envelope(found.rows, next=found.next, previous=f"{BACK}{found.previous}" if found.previous else "")


NOT_OURS = _("This cursor is not one of this list. Start again without one.")
BACK = "~"


def envelope(rows: Sequence[Any], *, next: str = "", previous: str = "") -> dict[str, Any]:
    return {"results": rows, "next": next or None, "previous": previous or None}


_pages: dict[type[serializers.Serializer], type[serializers.Serializer]] = {}


def page_type(entry: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The envelope of a list of these."""
    if entry not in _pages:
        members = {
            "results": entry(many=True),
            "next": serializers.CharField(allow_null=True, help_text="`cursor` of the next page; null at the end."),
            "previous": serializers.CharField(allow_null=True, help_text="`cursor` of the page before."),
            "__doc__": "",
        }
        _pages[entry] = type(f"{entry.__name__}Page", (serializers.Serializer,), members)
    return _pages[entry]
