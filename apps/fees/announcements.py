"""What is told to others about fees (apps.outgoing)."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.accounts.announcements import PersonNamed
from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from . import acts
from .models import Fee


class FeeNews(News):
    """The fee of a member as it was just after it."""

    id: UUID = Field(examples=["0192f0c3-9b1e-7c11-8d0a-5b1f0c2d3e4f"])
    association_id: UUID = Field(examples=["0192f0c1-9b1e-7c11-8d0a-5b1f0c2d3e4f"])
    tier_id: UUID = Field(examples=["0192f0c3-1b1e-7c11-8d0a-5b1f0c2d3e4f"])
    tier: str = Field(examples=["Adhésion annuelle"])
    user: PersonNamed
    state: str = Field(examples=["paid"], description="paid or refunded")
    starts_on: date = Field(examples=["2026-09-01"])
    ends_on: date = Field(examples=["2027-09-01"], description="This day is no part of it.")
    price: int = Field(examples=[2500], description="In minor units.")

    @property
    def person_id(self) -> UUID:
        return self.user.id


def _fee_news(fee: Fee, event: AuditEvent) -> FeeNews:
    user = fee.user
    return FeeNews(
        id=fee.pk, association_id=fee.association_id, tier_id=fee.tier_id, tier=fee.tier.name_fr, state=fee.state,
        user=PersonNamed(id=user.pk, email=user.email, given_name=user.given_name, family_name=user.family_name),
        starts_on=fee.starts_on, ends_on=fee.ends_on, price=fee.price,
    )  # fmt: skip


event_type("membership.paid", _("Membership paid"), FeeNews, act=acts.PAID, describe=_fee_news)
event_type("membership.renewed", _("Membership renewed"), FeeNews, act=acts.RENEWED, describe=_fee_news)
event_type("membership.expiring", _("Membership about to end, member reminded"), FeeNews, act=acts.EXPIRING,
           describe=_fee_news)  # fmt: skip
event_type("membership.refunded", _("Membership ended: given back"), FeeNews, act=acts.REFUNDED, describe=_fee_news)
