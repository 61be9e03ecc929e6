"""What members are told about their fees. Each message once per cause."""

from typing import Any

from django.urls import reverse

from apps.notifications.models import CommunicationLog
from apps.notifications.services import send
from apps.tenants.context import current
from apps.tenants.hosts import school_url

from .. import messages
from ..models import Fee
from ..selectors import name_of


def _send(template: str, fee: Fee, cause: str, link: str, **context: Any) -> CommunicationLog:
    user = fee.user
    facts = {
        "name": user.get_short_name(), "school_name": current().name, "url": school_url(current(), link),
        "association": fee.association.name, "tier": lambda: name_of(fee.tier), "last_day": fee.last_day,
    }  # fmt: skip
    return send(
        template=template, to=user.email, user_id=user.pk, language=user.locale, cause=cause, link=link,
        context={**facts, **context},
    )  # fmt: skip


def paid(fee: Fee) -> None:
    assert fee.paid_at is not None
    _send(messages.PAID.code, fee, f"fee-paid:{fee.pk}:{fee.paid_at.isoformat()}", reverse("fees:card", args=[fee.pk]))


def remind(fee: Fee, step: int) -> CommunicationLog:
    link = reverse("associations:detail", args=[fee.association_id])
    return _send(messages.RENEW.code, fee, f"fee-reminder:{fee.pk}:{step}", link, over=step >= 0)
