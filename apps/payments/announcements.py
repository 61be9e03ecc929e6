"""What is told to others about subscriptions (apps.outgoing)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.outgoing.catalogue import News, event_type


class SubscriptionNews(News):
    """A subscription as it was just after it."""

    id: UUID = Field(examples=["0192f0c2-1b1e-7c11-8d0a-5b1f0c2d3e4f"])
    number: str = Field(examples=["S-1"], description="Its id at the payment service.")
    user_id: UUID | None = Field(examples=["0192f0c1-7c3e-7d2a-9a52-3f6f2b1c9e10"])
    plan: str = Field(examples=["year"])
    status: str = Field(examples=["active"], description="trialing, active, past_due, cancelled or expired")
    amount: int = Field(examples=[4900], description="In minor units, for each period.")
    currency: str = Field(examples=["EUR"])
    ends_at: datetime | None = Field(examples=["2027-08-31T22:00:00Z"])


CHANGED = event_type("subscription.changed", _("Subscription of a person began or changed"), SubscriptionNews)
