"""Files that people send: told by their contents, never by their names or declared types (FIL-1).

A file must be one thing from its first byte to its last: what could be read as two kinds of file is refused.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.pictures import CONTENT_TYPE, EXTENSION, NotAPicture, Size, rewritten

PICTURE: Final = Size(2400, "inside")
MOST_ENTRIES: Final = 5000
MOST_UNPACKED: Final = 300_000_000
OFFICE: Final = {  # a part that only this kind has -> extension, content type
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
OPEN_DOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8")
ACTIVE_PDF: Final = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
MACROS: Final = re.compile(r"(?i)vbaproject\.bin$|vbadata\.xml$|/activex/|^Basic/|^Scripts/")
LONGEST_NAME: Final = 80


class NotADocument(DomainError):
    code = "not-a-document"
    status = 422

    def __init__(self, message: object = "") -> None:
        super().__init__(
            message
            or _("This is no PDF, Word, Excel, PowerPoint, OpenDocument file or picture. Save it as PDF and try again.")
        )


class HasMacros(NotADocument):
    code = "document-with-macros"

    def __init__(self) -> None:
        super().__init__(_("This file can run programs (macros, scripts, attachments). Save it as a plain PDF."))


@dataclass(frozen=True, slots=True)
class Content:
    data: bytes
    extension: str
    content_type: str


def examined(data: bytes) -> Content:
    """What these bytes are; a picture is written anew. Raises NotADocument, HasMacros, NotAPicture, TooManyPixels."""
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(PICTURES):
        try:
            return Content(rewritten(data, {"": PICTURE})[""], EXTENSION, CONTENT_TYPE)
        except NotAPicture:
            raise NotADocument from None
    raise NotADocument


def _pdf(data: bytes) -> Content:
    """Nothing before its head and nothing after its end, and no archive hidden in it."""
    if not data.rstrip(b"\r\n\t \0").endswith(b"%%EOF") or zipfile.is_zipfile(io.BytesIO(data)):
        raise NotADocument(_("This PDF is damaged, or has something behind its end. Save it anew and try again."))
    if any(word in data for word in ACTIVE_PDF):
        raise HasMacros
    return Content(data, "pdf", "application/pdf")


def _office(data: bytes) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {one.filename for one in entries}
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
                raise NotADocument
            if archive.comment or not data.endswith(b"\0\0") or min(one.header_offset for one in entries):
                raise NotADocument  # something before, behind or beside the archive
            if any(MACROS.search(name) for name in names):
                raise HasMacros
            for part, (extension, content_type) in OFFICE.items():
                if part in names and "[Content_Types].xml" in names:
                    return Content(data, extension, content_type)
            if entries[0].filename == "mimetype" and entries[0].file_size < 100:
                kind = archive.read("mimetype").strip()
                if kind in OPEN_DOCUMENT and "content.xml" in names:
                    return Content(data, OPEN_DOCUMENT[kind], kind.decode())
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError):
        raise NotADocument from None
    raise NotADocument


def clean_name(given: str, extension: str) -> str:
    """A harmless name that people recognise: no folders, no control or direction characters, our extension."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    base = "".join(one for one in base if unicodedata.category(one)[0] != "C")
    stem = re.sub(r'[<>:"|?*%;]+', "-", base.rsplit(".", 1)[0]).strip(" .-")[:LONGEST_NAME]
    if not stem or re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", stem):
        stem = "document"
    return f"{stem}.{extension}"
