"""Pages of very long lists by position instead of number: the last page costs as much as the first."""

import base64
import binascii
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet

SALT = "keyset"  # a cursor is data for a query: only our own are read


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows, and the cursors to what follows and precedes them ("" when there is nothing)."""

    rows: list[Any]
    next: str = ""
    previous: str = ""


def take(queryset: QuerySet, *, order: Sequence[str], size: int, after: str = "", before: str = "") -> Slice:
    """The rows after (or before) a cursor, in one query.

    `order` names columns that are never null, all ascending or all descending, the last one unique. A cursor
    that means nothing (an old bookmark, another sorting) starts from the beginning.
    """
    names, descending = _directions(order)
    backwards = bool(before)
    position = _position(before or after, len(names))
    found = queryset.order_by(*(_signed(names, descending != backwards)))
    if position:
        try:
            found = found.filter(_beyond(names, position, descending != backwards))
        except (ValidationError, ValueError, TypeError, FieldError):
            position, backwards = None, False
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size][::-1] if backwards else rows[:size]
    if not rows:
        return Slice([])
    follows = more if not backwards else True
    precedes = bool(position) if not backwards else more
    return Slice(
        rows,
        next=_cursor(rows[-1], names) if follows else "",
        previous=_cursor(rows[0], names) if precedes else "",
    )


def take_of(
    rows: Iterable[Any], *, key: Callable[[Any], tuple[str, ...]], size: int, after: str = "", before: str = ""
) -> Slice:
    """The same for what no table holds: rows that were worked out, by a key that no two of them share.

    The key is the order. A row that is gone meanwhile is no obstacle: the page goes on behind where it stood.
    Raises ValueError for a cursor that is not of such a list.
    """
    ordered = sorted(rows, key=key)
    keys = [key(row) for row in ordered]
    low, high = 0, len(ordered)
    if after or before:
        width = len(keys[0]) if keys else None
        position = _of_list(before or after, width)
        low, high = (0, bisect_left(keys, position)) if before else (bisect_right(keys, position), high)
    low, high = (max(low, high - size), high) if before else (low, min(high, low + size))
    found = ordered[low:high]
    if not found:
        return Slice([])
    return Slice(
        found,
        next=_sealed(list(key(found[-1]))) if high < len(ordered) else "",
        previous=_sealed(list(key(found[0]))) if low > 0 else "",
    )


def _of_list(cursor: str, width: int | None) -> tuple[str, ...]:
    values = _position(cursor, width)
    if values is None or not all(isinstance(value, str) for value in values):
        raise ValueError("not a cursor of this list")
    return tuple(values)


def is_readable(queryset: QuerySet, cursor: str, order: Sequence[str]) -> bool:
    """Whether a cursor is one of ours, for these columns: who does not read pages must not start anew unawares."""
    names, descending = _directions(order)
    position = _position(cursor, len(names))
    if position is None:
        return False
    try:
        queryset.filter(_beyond(names, position, descending))
    except (ValidationError, ValueError, TypeError, FieldError):
        return False
    return True


def _directions(order: Sequence[str]) -> tuple[list[str], bool]:
    descending = order[0].startswith("-")
    if any(name.startswith("-") != descending for name in order):
        raise ValueError("a keyset needs all columns in the same direction")
    return [name.removeprefix("-") for name in order], descending


def _signed(names: Sequence[str], descending: bool) -> list[str]:
    return [f"-{name}" if descending else name for name in names]


def _beyond(names: Sequence[str], position: Sequence[Any], descending: bool) -> Q:
    """(a, b) > (x, y), written so that an index on (a, b) starts at the right place."""
    compare = "lt" if descending else "gt"
    name, value = names[0], position[0]
    if len(names) == 1:
        return Q(**{f"{name}__{compare}": value})
    rest = _beyond(names[1:], position[1:], descending)
    return Q(**{f"{name}__{compare}e": value}) & (Q(**{f"{name}__{compare}": value}) | (Q(**{name: value}) & rest))


def _cursor(row: Any, names: Sequence[str]) -> str:
    values = [getattr(row, name) for name in names]
    return _sealed(values)


def _sealed(values: list[Any]) -> str:
    text = json.dumps(values, cls=PreciseEncoder, separators=(",", ":"))
    return Signer(salt=SALT).sign(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def _position(cursor: str, length: int | None) -> list[Any] | None:
    try:
        ours = Signer(salt=SALT).unsign(cursor)
        values = json.loads(base64.urlsafe_b64decode(ours + "=" * (-len(ours) % 4)))
    except (BadSignature, binascii.Error, ValueError):
        return None
    fits = isinstance(values, list) and (length is None or len(values) == length)
    return values if fits and all(isinstance(v, str | int) for v in values) else None


class PreciseEncoder(DjangoJSONEncoder):
    """Django's encoder cuts microseconds: the row itself would come again on the next page."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
