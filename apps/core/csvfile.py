"""Every list can be taken away as CSV: streamed, and harmless in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from contextvars import Context, copy_context
from typing import Any

from django.http import StreamingHttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four: full width
SKIPPED = " \u00a0\u200b\ufeff"
BOM = "\ufeff"  # spreadsheets read accents rightly only with it


class _Echo:
    def write(self, text: str) -> str:
        return text


def harmless(value: Any) -> str:
    """The value as text that no spreadsheet takes for a formula (a leading quote mark, as OWASP advises)."""
    text = "" if value is None else str(value).replace("\x00", "")
    is_number = isinstance(value, int | float)
    return f"'{text}" if is_formula(text) and not is_number else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may compute this. Some drop spaces and invisible letters at the beginning first."""
    return text.startswith(FORMULA) or text.lstrip(SKIPPED).startswith(FORMULA)


def lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    # quoted throughout: a spreadsheet that splits at semicolons or tabs must not find a cell of its own in a name
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM + str(writer.writerow([harmless(name) for name in header]))
    for row in rows:
        yield str(writer.writerow([harmless(value) for value in row]))


def csv_response(filename: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download that is written while it is read.

    The server reads it after the request's middleware is left, so it takes the request's context (school,
    language, request id) along.
    """
    parts = _in_context(copy_context(), lines(header, rows))
    response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _in_context(context: Context, parts: Iterator[str]) -> Iterator[str]:
    while (part := context.run(next, parts, None)) is not None:
        yield part
