"""What the communication service tells about messages (webhooks/communication-service): how far each has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import StringConstraints

from apps.integrations.contract import Content, Event, Kind, Outcome, Service, done, hopeless, nothing

from .reports import DeliveryReport, record_reports

STATUS_OF: Mapping[str, str] = {
    "message.sent": "sent",
    "message.delivered": "delivered",
    "message.bounced": "bounced",
    "message.failed": "failed",
}


class MessageSaid(Content):
    """`message_id`: ours, as it stands in the header Message-ID. `permanent`: a bounce that will always come back."""

    message_id: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    reason: Annotated[str, StringConstraints(max_length=300)] = ""
    permanent: bool = True


def apply(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    """All of them in one statement; the order in which they come does not matter."""
    reports = [
        DeliveryReport(
            message_id=event.content.message_id, status=STATUS_OF[event.kind], occurred_at=event.occurred_at,
            reason=event.content.reason, permanent=event.content.permanent,
        )
        for event in events
    ]  # fmt: skip
    found = record_reports(reports, now)
    return {event.id: _outcome(found[event.content.message_id]) for event in events}


def _outcome(answer: str) -> Outcome:
    if answer == "unknown":
        return hopeless("message-unknown", str(_("No message of this school has this id.")))
    return done("report-noted") if answer == "applied" else nothing("known-already")


COMMUNICATION_SERVICE = Service(
    "communication-service",
    _("Messages (communication service)"),
    {name: Kind(MessageSaid, apply=apply) for name in STATUS_OF},
)
