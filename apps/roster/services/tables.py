"""A file as a table of texts: CSV in whatever encoding and with whatever separator, or the first sheet of an XLSX.

Nothing in a file is ever evaluated: of a formula only the value counts that the spreadsheet stored. A file that would
unfold to more than it may (a "zip bomb") is refused before it is unfolded.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.csvfile import is_formula
from apps.core.errors import DomainError

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 1_000  # characters
UNFOLDED: Final = 150 * 1024 * 1024  # bytes of an XLSX, all parts together
MOST_PARTS: Final = 500
SMALL: Final = 1024 * 1024  # bytes of a part that is read as a whole: each becomes some hundred bytes of memory
MOST_ITEMS: Final = 1_048_576  # rows that a sheet of Excel has, and as many texts
LINKS: Final = 10 * 1024 * 1024  # bytes of the addresses that a sheet links to
LONGEST_ROW: Final = 5 * 1024 * 1024  # bytes between two rows, or of what follows the last: links, for example
LARGE_PARTS = re.compile(r"xl/(worksheets/[^/]+|sharedstrings)\.xml", re.IGNORECASE)
NEVER_READ = re.compile(
    r"xl/((media|drawings|charts|pivotcache|externallinks|embeddings|printersettings)/|calcchain|comments)",
    re.IGNORECASE,
)
BEGINS = re.compile(rb"<(?:\w+:)?(?:row|si)[\s>/]")
SAMPLE_LINES: Final = 30
DELIMITERS: Final = (";", ",", "\t", "|")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATOR_LINE = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)
CONTROL = dict.fromkeys([*range(0x20), 0x7F, *range(0x80, 0xA0)], " ")

Row = list[str]


class BadFile(DomainError):
    """The file cannot be read as a table; the sentence says what to do."""

    code = "bad-file"
    status = 422


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was opened. `rows` gives (number of the line as a spreadsheet shows it, cells), header left out."""

    header: Row
    rows: Iterator[tuple[int, Row]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def open_table(content: bytes) -> Table:
    """Open CSV or XLSX, told apart by what is in it, never by its name. Raises BadFile, also while rows are read."""
    if not content.strip():
        raise BadFile(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise BadFile(_("The file is larger than %(size)d MB. Split it.") % {"size": MOST_BYTES // 1024 // 1024})
    if content.startswith(OLD_EXCEL):
        raise BadFile(_("This is an old Excel file (.xls), or one with a password. Save it as .xlsx or CSV."))
    if content.startswith(ZIP):
        return _open_workbook(content)
    return _open_csv(content)


# --- CSV -------------------------------------------------------------------------------------------------


def _open_csv(content: bytes) -> Table:
    text, encoding = decoded(content)
    told = SEPARATOR_LINE.match(text)
    skipped = 1 if told else 0
    text = text[told.end() :] if told else text
    delimiter = told[1] if told else delimiter_of(text)
    header, rows = _with_header(_csv_rows(text, delimiter, skipped))
    return Table(header, rows, encoding=encoding, delimiter=delimiter)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was in: by its mark, else UTF-8, else what Windows writes in western Europe."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig")
            except UnicodeDecodeError:
                raise BadFile(_("The file is damaged: its text cannot be decoded. Save it again as UTF-8.")) from None
    if b"\x00" in content:
        raise BadFile(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "windows-1252"


def delimiter_of(text: str) -> str:
    """The separator that splits the first lines into the most columns, equally many in each."""
    lines = text[:100_000].splitlines(keepends=True)[:SAMPLE_LINES]

    def score(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
        except csv.Error:
            return (0.0, 0)
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    best = max(DELIMITERS, key=score)
    return best if score(best)[1] else ","


def _csv_rows(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    line = skipped
    try:
        for cells in reader:
            first, line = line + 1, reader.line_num + skipped
            yield first, [_clean(cell) for cell in cells]
    except csv.Error as error:
        detail = {"line": reader.line_num + skipped}
        raise BadFile(_("Line %(line)d cannot be read: a cell is too long or a quote is missing.") % detail) from error


# --- XLSX ------------------------------------------------------------------------------------------------


def _open_workbook(content: bytes) -> Table:
    _check_archive(content)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
    except Exception as error:  # whatever a hostile file makes the library raise
        raise BadFile(_("The workbook is damaged. Open it in a spreadsheet and save it again.")) from error
    if sheet is None:
        raise BadFile(_("The workbook has no visible sheet."))
    sheet.reset_dimensions()  # the file's own word on its size may be "a million columns"
    header, rows = _with_header(_sheet_rows(sheet))
    return Table(header, rows, sheet=str(sheet.title)[:100])


def _check_archive(content: bytes) -> None:
    """Refuse what would unfold to too much, is encrypted, or is another kind of archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= {part.filename for part in parts}:
                raise BadFile(_("This is not an Excel workbook (.xlsx). Save the list as .xlsx or CSV."))
            _check_unfolded(parts)
            for part in parts:
                if LARGE_PARTS.fullmatch(part.filename) and part.file_size > SMALL:
                    _check_rows(archive, part)
            _check_kinds(archive, parts)
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError, RuntimeError, OverflowError) as error:
        raise BadFile(_("The workbook is damaged. Open it in a spreadsheet and save it again.")) from error


def _too_much() -> BadFile:
    return BadFile(_("The workbook would unfold to far too much. Keep one sheet with the list, without pictures."))


def _check_unfolded(parts: list[zipfile.ZipInfo]) -> None:
    """By what the archive says of its parts; nothing is unfolded to more than that. Raises BadFile."""
    if any(part.flag_bits & 0x1 for part in parts):
        raise BadFile(_("The workbook has a password. Save it without one."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNFOLDED:
        raise _too_much()
    for part in parts:
        name = part.filename
        most = LINKS if name.startswith("xl/worksheets/_rels/") else SMALL // 4 if "workbook" in name else SMALL
        if part.file_size > most and not (LARGE_PARTS.fullmatch(name) or NEVER_READ.match(name)):
            raise _too_much()


def _check_rows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A row, and a text, becomes a tree in memory: none may be of megabytes. A “<” in XML is the beginning of a tag,
    unless it stands in a comment or the like, which no spreadsheet writes. Raises BadFile.
    """
    since, count, tail = 0, 0, b""
    with archive.open(part) as opened:
        while block := opened.read(SMALL):
            text = tail + block
            if b"<!" in text:
                raise _too_much()
            starts = [found.start() for found in BEGINS.finditer(text)]
            count += len(starts)
            since = len(text) - starts[-1] if starts else since + len(block)
            if since > LONGEST_ROW or count > MOST_ITEMS:
                raise _too_much()
            tail = text[-64:]


def _check_kinds(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """What may be large is what its name says: not the workbook itself under the name of a sheet. Raises BadFile."""
    if all(part.file_size <= SMALL for part in parts):
        return
    told = archive.read("[Content_Types].xml")
    relations = b"".join(archive.read(part) for part in parts if part.filename == "xl/_rels/workbook.xml.rels")
    main = re.findall(rb"<[^>]*main\+xml[^>]*>", told)
    strange = b"&" in told + relations or b"chartsheet" in told + relations
    if strange or not main or any(b"/xl/workbook.xml" not in one for one in main):
        raise _too_much()


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, Row]]:
    blank, number = 0, 0
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
            texts = [_clean(as_text(cell)) for cell in cells]
            blank = 0 if any(texts) else blank + 1
            if blank > 1_000:  # formatted but empty rows down to the end of the sheet
                return
            yield number, texts
    except BadFile:
        raise
    except Exception as error:
        raise BadFile(_("The sheet is damaged near row %(line)d.") % {"line": number + 1}) from error


def as_text(value: Any) -> str:
    """A cell as people read it: no “.0” behind whole numbers, days without midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


# --- both ------------------------------------------------------------------------------------------------


def _with_header(rows: Iterator[tuple[int, Row]]) -> tuple[Row, Iterator[tuple[int, Row]]]:
    for _number, cells in rows:
        header = _trimmed(cells)
        if not header:
            continue  # lines above the table are often empty
        if len(header) > MOST_COLUMNS:
            raise BadFile(_("The table has more than %(count)d columns.") % {"count": MOST_COLUMNS})
        return header, _body(rows, len(header))
    raise BadFile(_("The file has no line with headings."))


def _body(rows: Iterator[tuple[int, Row]], width: int) -> Iterator[tuple[int, Row]]:
    count = 0
    for number, cells in rows:
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadFile(_("The list has more than %(count)s rows. Split it.") % {"count": f"{MOST_ROWS:,}"})
        yield number, (cells + [""] * width)[:width]


def _clean(cell: str) -> str:
    """One line, without control characters and without the quote mark that our own exports put before formulas."""
    if cell.startswith("'") and is_formula(cell[1:]):
        cell = cell[1:]
    text = cell[:LONGEST_CELL].translate(CONTROL).replace("\ufeff", "").strip()
    return "".join(one if not 0xD800 <= ord(one) < 0xE000 else "\ufffd" for one in text)


def _trimmed(cells: Row) -> Row:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
