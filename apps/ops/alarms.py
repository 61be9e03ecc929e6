"""Alarms of connected services reach those who may act (apps.integrations raises them and knows nobody)."""

from datetime import datetime

from apps.accounts.services.telling import tell_who_may
from apps.integrations.models import InboundAlarm
from apps.integrations.permissions import INTEGRATIONS_MANAGE
from apps.integrations.wording import alarm_text, alarm_title
from apps.money import wording as money_wording
from apps.money.models import MoneyAlarm
from apps.money.permissions import MONEY_MANAGE
from apps.outgoing import wording as outgoing_wording
from apps.outgoing.models import EndpointAlarm
from apps.outgoing.permissions import WEBHOOKS_OPERATE

from .messages import INTEGRATION_ALARM, MONEY_ALARM


def tell(*, alarm: InboundAlarm, now: datetime) -> int:
    """A receiver of `alarm_raised`: one message per alarm and person; how many."""
    return tell_who_may(
        INTEGRATIONS_MANAGE,
        template=INTEGRATION_ALARM.code,
        cause=alarm.pk,
        path="/integrations/",
        title=lambda: alarm_title(alarm),
        text=lambda: alarm_text(alarm),
    )


def tell_of_endpoint(*, alarm: EndpointAlarm, now: datetime) -> int:
    """A receiver of the alarms of webhook endpoints: one message per alarm and person; how many."""
    return tell_who_may(
        WEBHOOKS_OPERATE,
        template=INTEGRATION_ALARM.code,
        cause=alarm.pk,
        path=f"/webhooks/{alarm.endpoint_id}/",
        title=lambda: outgoing_wording.alarm_title(alarm),
        text=lambda: outgoing_wording.alarm_text(alarm),
    )


def tell_of_money(*, alarm: MoneyAlarm, now: datetime) -> int:
    """A receiver of the alarms about money: one message per alarm and person; how many."""
    return tell_who_may(
        MONEY_MANAGE,
        template=MONEY_ALARM.code,
        cause=alarm.pk,
        path=f"/money/{alarm.treasury_id}/ledger/",
        title=lambda: money_wording.alarm_title(alarm),
        text=lambda: money_wording.alarm_text(alarm),
    )
