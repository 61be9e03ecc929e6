"""Endpoints and deliveries as pages show them: words and figures, no rules."""

import json
from dataclasses import dataclass
from typing import Any

from apps.audit.tables import Columns

from .catalogue import TYPES, EventType, sample_of
from .models import Delivery, EndpointAlarm, WebhookEndpoint
from .selectors import Figures
from .wording import alarm_text, alarm_title, answer_text

TONES = {"waiting": "info", "delivered": "good", "failed": "bad", "dropped": "neutral"}
ENDPOINT_COLUMNS: Columns = {
    "name": "endpoint.name",
    "host": "endpoint.host",
    "events": lambda row: " ".join(row.endpoint.kinds) or "*",
    "state": "endpoint.state",
    "because": "endpoint.because",
    "waiting": "figures.waiting",
    "given_up": "figures.given_up",
    "last_success_at": "endpoint.last_success_at",
    "failing_since": "endpoint.failing_since",
}
DELIVERY_COLUMNS: Columns = {
    "event_id": "event.event_id",
    "event": "event.kind",
    "state": "state",
    "attempts": "attempts",
    "sent_again": "replays",
    "status": "status",
    "fault": "fault",
    "happened_at": "event.happened_at",
    "next_attempt_at": "due_at",
    "finished_at": "finished_at",
}
ATTEMPT_COLUMNS: Columns = {
    "at": "at",
    "status": "status",
    "fault": "fault",
    "milliseconds": "milliseconds",
    "answer": "answer",
}
SECRET_COLUMNS: Columns = {
    "starts_with": "hint",
    "created_by": "created_by",
    "created_at": "created_at",
    "ends_at": "ends_at",
}
KIND_COLUMNS: Columns = {"event": "code", "title": lambda kind: str(kind.title)}


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """One endpoint in the list."""

    endpoint: WebhookEndpoint
    figures: Figures

    @property
    def everything(self) -> bool:
        return not self.endpoint.kinds


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    delivery: Delivery

    @property
    def tone(self) -> str:
        retrying = self.delivery.state == Delivery.State.WAITING and self.delivery.attempts
        return "warn" if retrying else TONES[self.delivery.state]

    @property
    def title(self) -> Any:
        return title_of(self.delivery.event.kind)

    @property
    def answer(self) -> str:
        return answer_text(self.delivery.status, self.delivery.fault)


@dataclass(frozen=True, slots=True)
class AlarmView:
    alarm: EndpointAlarm

    @property
    def title(self) -> str:
        return alarm_title(self.alarm)

    @property
    def text(self) -> str:
        return alarm_text(self.alarm)


@dataclass(frozen=True, slots=True)
class KindView:
    """One event of the catalogue, with a believable example of its content."""

    kind: EventType

    @property
    def sample(self) -> str:
        return pretty(sample_of(self.kind))

    @property
    def purpose(self) -> str:
        return (self.kind.content.__doc__ or "").strip()


def title_of(kind: str) -> Any:
    known = TYPES.get(kind)
    return known.title if known else kind


def pretty(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
