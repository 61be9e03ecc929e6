"""What is told to others about money (apps.outgoing)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from .acts import ORDER_GIVEN_BACK, ORDER_PAID
from .models import Order


class OrderNews(News):
    """An order as it was just after it."""

    id: UUID = Field(examples=["0192f0c2-1b1e-7c11-8d0a-5b1f0c2d3e4f"])
    reference: str = Field(examples=["7KQ2M9XB"])
    user_id: UUID | None = Field(examples=["0192f0c1-7c3e-7d2a-9a52-3f6f2b1c9e10"])
    purpose: str = Field(examples=["other"])
    purpose_id: UUID | None = Field(examples=["0192f0c1-9b1e-7c11-8d0a-5b1f0c2d3e4f"])
    status: str = Field(examples=["paid"], description="paid, partially_refunded, refunded or disputed")
    total: int = Field(examples=[4900], description="In minor units.")
    refunded: int = Field(examples=[0], description="In minor units: everything that went back so far.")
    currency: str = Field(examples=["EUR"])


def _order_news(order: Order, event: AuditEvent) -> OrderNews:
    return OrderNews(
        id=order.pk, reference=order.reference, user_id=order.buyer_id, purpose=order.purpose,
        purpose_id=order.purpose_id, status=order.status, total=order.total, refunded=order.given_back,
        currency=order.currency,
    )  # fmt: skip


event_type("order.paid", _("Order paid"), OrderNews, act=ORDER_PAID, describe=_order_news)
event_type("order.refunded", _("Order refunded"), OrderNews, act=ORDER_GIVEN_BACK, describe=_order_news)
