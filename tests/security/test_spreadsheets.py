"""No spreadsheet runs what people are called, wherever it splits: Excel in French splits at semicolons."""

import csv

import pytest

from apps.core.csvfile import lines

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "＠x",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "Martin;=1+1",
    "Martin\t=1+1",
    'a";=1+1',
    "a\n;=1+1",
]
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def cells(separator: str, payload: str) -> list[str]:
    written = "".join(lines(["name", "e-mail"], [[payload, "x"]])).removeprefix("\ufeff")
    rows = csv.reader(written.splitlines(keepends=True), delimiter=separator)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_begins_like_a_formula(separator, payload):
    found = [cell for cell in cells(separator, payload) if cell.lstrip(" \u00a0\ufeff").startswith(FORMULA)]
    assert not found
