"""Icons of the lucide wheel, drawn once and kept: the package unpacks its archive at every call."""

from functools import lru_cache
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Name drawn instead of one that the wheel does not know; a test finds such names in our templates.
UNKNOWN = "circle-question-mark"


@lru_cache(maxsize=4096)
def icon(name: str, size: int = 16, label: str = "", css: str = "") -> SafeString:
    """An inline SVG in the colour of the text. With a label it is an image, else decoration."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        f" {css}" if css else "",
        size,
        size,
        meaning,
        _shapes(name),
    )


@lru_cache(maxsize=1024)
def _shapes(name: str) -> SafeString:
    """The drawing inside the SVG element. The wheel's files are trusted; an unknown name is not an error page."""
    names = _archive_names()
    svg = ElementTree.fromstring(_read(name if name in names else UNKNOWN))  # noqa: S314 our dependency
    for node in svg.iter():
        node.tag = node.tag.rpartition("}")[2]
    return mark_safe("".join(ElementTree.tostring(child, encoding="unicode").strip() for child in svg))  # noqa: S308


def exists(name: str) -> bool:
    return name in _archive_names()


@lru_cache(maxsize=1)
def _archive_names() -> frozenset[str]:
    with lucide.open_binary("lucide", "lucide.zip") as packed, ZipFile(packed) as archive:
        return frozenset(entry.removesuffix(".svg") for entry in archive.namelist())


def _read(name: str) -> bytes:
    with lucide.open_binary("lucide", "lucide.zip") as packed, ZipFile(packed) as archive:
        return archive.read(f"{name}.svg")
