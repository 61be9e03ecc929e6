"""Every table of the product as CSV, at the address of its page (UX-1): `?csv=<name>`, with the filters that are there.

One address, so one permission and one set of filters for the page and its file. What is taken away stands in the
audit trail. A page says in one line what the columns are, and its template has `{% csv_link "<name>" %}`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from apps.core.csvfile import csv_response

from .services import export_table

#: What a column is called in the file, and where it comes from: a path of attributes, or a function of the row.
Columns = Mapping[str, str | Callable[[Any], Any]]


def csv_of(request: HttpRequest, name: str, rows: Iterable[Any], columns: Columns) -> StreamingHttpResponse | None:
    """The table as a file when that is what was asked for: `if file := csv_of(...): return file`."""
    if request.method != "GET" or request.GET.get("csv") != name:
        return None
    wanted = {key: value for key, value in request.GET.items() if key not in ("csv", "page") and value}
    export_table(actor=request.actor, table=name, wanted=wanted)
    getters = [attrgetter(column) if isinstance(column, str) else column for column in columns.values()]
    where = request.school.slug if request.school else "platform"
    filename = f"{where}-{name}-{timezone.localdate().isoformat()}.csv"
    return csv_response(filename, columns, ([_plain(get(row)) for get in getters] for row in rows))


def _plain(value: Any) -> Any:
    """As programs read it: moments with their offset, yes and no, several values with commas."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(_plain(one)) for one in value)
    return value
