"""Receipts and credit notes: issued once, numbered by treasury, kind and year without gaps, never changed."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from .. import holders
from ..clock import school_day
from ..models import Document, Order, Refund, Treasury


def issue_receipt(*, order: Order, now: datetime) -> Document | None:
    """For an order that is paid. Nothing was paid: no receipt."""
    if not order.total:
        return None
    methods = sorted({payment.provider for payment in order.payments.all() if payment.captured})
    content = {**_content(order), "methods": methods, "total": order.total}
    return _issue(Document.Kind.RECEIPT, f"order:{order.pk}", order, content, now)


def issue_credit_note(*, refund: Refund, order: Order, now: datetime) -> Document:
    """For money that went back."""
    receipt = order.documents.filter(kind=Document.Kind.RECEIPT).first()
    content = {
        **_content(order),
        "lines": [
            {"text": row.line.text, "quantity": row.quantity, "amount": row.quantity * row.line.unit_amount}
            for row in refund.lines.select_related("line")
        ],
        "total": refund.amount,
        "of": receipt.label if receipt else "",
        "methods": [refund.method or refund.payment.provider],
    }
    return _issue(Document.Kind.CREDIT_NOTE, f"refund:{refund.pk}", order, content, now)


def _content(order: Order) -> dict[str, Any]:
    treasury = order.treasury
    kind = holders.REGISTRY.get(treasury.holder_kind)
    return {
        "seller": treasury.name,
        "legal": [str(line) for line in kind.legal_of(treasury.holder_id)] if kind else [],
        "buyer": order.buyer_name,
        "order": order.reference,
        "currency": order.currency,
        "lines": [
            {"text": line.text, "quantity": line.quantity, "amount": line.amount, "tax": line.tax_text}
            for line in order.lines.all()
        ],
    }


def _issue(kind: str, key: str, order: Order, content: dict[str, Any], now: datetime) -> Document:
    """The lock on the treasury lines up those who take a number."""
    known = Document.objects.filter(treasury_id=order.treasury_id, kind=kind, key=key).first()
    if known:
        return known
    Treasury.objects.select_for_update(no_key=True).get(pk=order.treasury_id)
    day = school_day(now)
    taken = Document.objects.filter(treasury_id=order.treasury_id, kind=kind, year=day.year)
    number = (taken.aggregate(last=Max("number"))["last"] or 0) + 1
    return Document.objects.create(
        treasury_id=order.treasury_id, kind=kind, year=day.year, number=number, order=order, key=key, issued_on=day,
        content=content,
    )  # fmt: skip
