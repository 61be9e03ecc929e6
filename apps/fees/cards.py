"""The card of a member: a signed link that says whether it holds today, as a picture and on paper."""

import io
from datetime import datetime
from typing import Final
from uuid import UUID

import segno
from django.core import signing
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A6, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from apps.associations.selectors import today_at
from apps.money import pdf  # noqa: F401  # it registers the fonts of our papers
from apps.tenants.context import current
from apps.tenants.hosts import school_url

from .models import Fee, State
from .selectors import name_of, takes_in

WIDTH, HEIGHT = landscape(A6)
SIDE: Final = 34 * mm


def _salt() -> str:
    return f"fees.card:{current().id}"


def token_of(fee: Fee) -> str:
    return signing.dumps(str(fee.pk), salt=_salt(), compress=False)


def link_of(fee: Fee) -> str:
    return school_url(current(), reverse("fees:check", args=[token_of(fee)]))


def read(token: str) -> Fee | None:
    """The fee a card speaks of; None for a link that is not ours, of another school, or of what is gone."""
    try:
        fee_id = UUID(signing.loads(token, salt=_salt()))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    return Fee.objects.select_related("association__seat", "user", "tier").filter(pk=fee_id).first()


def is_valid(fee: Fee, now: datetime) -> bool:
    """Paid, within its days and its grace, of somebody whose account is open, at an association that lives."""
    is_active = fee.user.status == fee.user.Status.ACTIVE
    return fee.holds(today_at(fee.association, now)) and is_active and takes_in(fee.association, now)


def picture(fee: Fee) -> SafeString:
    drawn = segno.make(link_of(fee), error="m").svg_inline(scale=5, border=2, dark="#111", light="#fff")
    return mark_safe(drawn)  # noqa: S308 drawn by segno from our own text


def paper(fee: Fee, now: datetime) -> bytes:
    """A page of the size of a postcard."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    page.setTitle(_("Membership card"))
    left, top = 10 * mm, HEIGHT - 16 * mm
    page.setFont("VeraBd", 15)
    page.drawString(left, top, fee.association.name[:44])
    page.setFont("Vera", 9)
    page.drawString(left, top - 6 * mm, current().name[:70])
    page.setFont("VeraBd", 12)
    page.drawString(left, top - 20 * mm, fee.user.name[:40])
    page.setFont("Vera", 10)
    page.drawString(left, top - 27 * mm, name_of(fee.tier)[:48])
    page.drawString(left, top - 33 * mm, days_of(fee))
    if not is_valid(fee, now):
        page.setFont("VeraBd", 12)
        page.setFillColorRGB(0.7, 0.1, 0.1)
        page.drawString(left, top - 42 * mm, _("Not valid today"))
        page.setFillColorRGB(0, 0, 0)
    _draw(page, link_of(fee), WIDTH - SIDE - 10 * mm, 12 * mm)
    page.setFont("Vera", 7)
    page.drawString(left, 10 * mm, _("Scan it to see whether it is valid today."))
    page.showPage()
    page.save()
    return out.getvalue()


def days_of(fee: Fee) -> str:
    return _("%(start)s to %(end)s") % {"start": date_format(fee.starts_on), "end": date_format(fee.last_day)}


def _draw(page: Canvas, text: str, x: float, y: float) -> None:
    rows = [list(row) for row in segno.make(text, error="m").matrix_iter(border=2)]
    cell = SIDE / len(rows)
    for number, row in enumerate(rows):
        for column, is_dark in enumerate(row):
            if is_dark:
                page.rect(x + column * cell, y + SIDE - (number + 1) * cell, cell, cell, stroke=0, fill=1)


def state_of(fee: Fee, now: datetime) -> str:
    """For a badge: held, refunded, valid, in_grace, over, or later."""
    today = today_at(fee.association, now)
    if fee.state != State.PAID:
        return fee.state
    if today < fee.starts_on:
        return "paid"
    if today >= fee.until:
        return "over"
    return "in_grace" if today >= fee.ends_on else "valid"
