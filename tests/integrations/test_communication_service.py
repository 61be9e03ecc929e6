"""What the communication service tells about our messages (INT-2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.integrations.senders import Sender, event, secret_for
from tests.notifications.test_messages import message


@pytest.fixture
def mail(lumiere):
    return Sender(
        host="lumiere.campanile.localhost",
        secret=secret_for("communication-service"),
        service="communication-service",
    )


def told(kind, log, minutes=0, **fields):
    at = timezone.now() - timedelta(minutes=10 - minutes)
    return event(
        f"message.{kind}", {"message_id": f"<{log.pk}@campanile.example>", **fields}, occurred_at=at.isoformat()
    )


def test_reports_move_a_message_on_whatever_their_order(mail):
    log = message()
    mail.post([told("delivered", log, 2), told("sent", log, 1), told("sent", log, 1)])
    assert draining.drain() == 3
    log.refresh_from_db()
    assert log.state == CommunicationLog.State.DELIVERED
    assert {row.state for row in InboundEvent.objects.all()} <= {"processed", "ignored"}


def test_a_bounce_is_kept_with_its_reason(mail):
    log = message()
    mail.post(told("bounced", log, reason="550 no such user"))
    draining.drain()
    log.refresh_from_db()
    assert (log.state, log.error) == ("bounced", "550 no such user")


def test_a_message_of_another_school_is_unknown(mail, curie):
    with activated(curie):
        foreign = message()
    mail.post(told("delivered", foreign))
    draining.drain()
    kept = InboundEvent.objects.get()
    assert (kept.state, kept.outcome) == ("dead", "message-unknown")
    with activated(curie):
        foreign.refresh_from_db()
        assert foreign.state == "queued"


def test_a_batch_costs_a_handful_of_statements(mail, django_assert_max_num_queries):
    logs = [message(cause=f"test:{number}") for number in range(60)]
    mail.post([told("delivered", log) for log in logs])
    with django_assert_max_num_queries(60):
        assert draining.drain(seconds=20) == 60
    assert CommunicationLog.objects.filter(state="delivered").count() == 60
