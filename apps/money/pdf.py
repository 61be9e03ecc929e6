"""Receipts and statements as PDF. The same content always makes the same file."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import reportlab
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from apps.core.components.formats import day, money

from .models import Document
from .providers import name_of

FONTS: Final = Path(reportlab.__file__).parent / "fonts"
for _name in ("Vera", "VeraBd"):
    pdfmetrics.registerFont(TTFont(_name, str(FONTS / f"{_name}.ttf")))
WIDTH: Final = A4[0] - 40 * mm
PLAIN: Final = ParagraphStyle("plain", fontName="Vera", fontSize=9, leading=13)
SMALL: Final = ParagraphStyle("small", parent=PLAIN, fontSize=7.5, leading=11, textColor="#555555")
TITLE: Final = ParagraphStyle("title", parent=PLAIN, fontName="VeraBd", fontSize=16, leading=22)
RIGHT: Final = ParagraphStyle("right", parent=PLAIN, alignment=TA_RIGHT)
BOLD_RIGHT: Final = ParagraphStyle("bold-right", parent=RIGHT, fontName="VeraBd")


def receipt(document: Document) -> bytes:
    """A receipt or credit note, from what was issued and nothing else."""
    said = document.content
    is_receipt = document.kind == Document.Kind.RECEIPT
    title = (_("Receipt %(number)s") if is_receipt else _("Credit note %(number)s")) % {"number": document.label}
    story: list[Flowable] = [_text(said["seller"], PLAIN)]
    story += [_text(line, SMALL) for line in said["legal"]]
    story += [Spacer(1, 10 * mm), _text(title, TITLE), Spacer(1, 3 * mm)]
    facts = [(_("Issued on"), day(document.issued_on)), (_("For"), said["buyer"]), (_("Order"), said["order"])]
    if said.get("of"):
        facts.append((_("Corrects receipt"), said["of"]))
    story += [_text(f"{name}: {value}", PLAIN) for name, value in facts]
    rows = [
        (f"{line['quantity']} × {line['text']}" + (f" ({line['tax']})" if line.get("tax") else ""), line["amount"])
        for line in said["lines"]
    ]
    story += [Spacer(1, 8 * mm), _amounts([*rows, (_("Total"), said["total"])], said["currency"]), Spacer(1, 6 * mm)]
    ways = ", ".join(str(name_of(code)) for code in said["methods"])
    story.append(
        _text((_("Paid by: %(ways)s") if is_receipt else _("Given back by: %(ways)s")) % {"ways": ways}, PLAIN)
    )
    return _file(story, title)


def statement(title: str, subtitle: str, rows: Sequence[tuple[str, int]], currency: str) -> bytes:
    """Names and amounts; the last one is the sum."""
    story = [_text(title, TITLE), _text(subtitle, SMALL), Spacer(1, 8 * mm), _amounts(rows, currency)]
    return _file(story, title)


def _amounts(rows: Sequence[tuple[str, int]], currency: str) -> Table:
    """Two columns; the last row is the sum."""
    last = len(rows) - 1
    cells = [
        [_text(text, PLAIN), _text(money(amount, currency), BOLD_RIGHT if number == last else RIGHT)]
        for number, (text, amount) in enumerate(rows)
    ]
    table = Table(cells, colWidths=[WIDTH * 0.72, WIDTH * 0.28])
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -2), 0.4, "#cccccc"),
                ("LINEABOVE", (0, -1), (-1, -1), 0.9, "#222222"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _text(text: Any, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(str(text)), style)


def _file(story: list[Flowable], title: str) -> bytes:
    out = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 20 * mm)
    SimpleDocTemplate(out, pagesize=A4, title=title, invariant=1, **margins).build(story)
    return out.getvalue()
