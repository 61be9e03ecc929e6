"""Events of connected services for the demonstration: every state, two weeks of them, secrets and an alarm."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from apps.core.actor import Actor
from apps.integrations.contract import SERVICES
from apps.integrations.models import InboundEvent
from apps.integrations.reading import read
from apps.integrations.services import draining, watching
from apps.integrations.services.deciding import discard_event
from apps.integrations.services.intake import accept
from apps.integrations.services.secrets import create_secret

SERVICE: Final = "user-service"
DAYS: Final = 14
A_WEEKDAY, A_WEEKEND = 9, 2


def make(boss: Actor, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    if InboundEvent.objects.exists():
        return
    create_secret(actor=boss, service=SERVICE, now=now - timedelta(days=DAYS))
    _history(now)
    _tell([_of_kim(number, now) for number in range(4)], now - timedelta(minutes=50))
    _tell([_person("P-2002", "Lou", "Perrin", "lou.perrin@ailleurs.example", now, "evt-refused")], now)
    _tell([_person("P-2003", "Max", "Roy", "max.roy@ailleurs.example", now, "evt-unwanted")], now)
    _work()
    unwanted = InboundEvent.objects.get(event_id="evt-unwanted")
    discard_event(actor=boss, event_id=unwanted.pk, now=now)
    first = _of_kim(0, now)
    _tell([{**first, "data": {**first["data"], "family_name": "Lacroix-Petit"}}], now)
    _tell([_event("user.updated", {"external_id": "P-2004", "given_name": "Zoé"}, now, "evt-early")], now)
    _work()
    watching.watch(now=now)


def _history(now: datetime) -> None:
    """Two weeks of it, already applied and emptied: only their figures are shown."""
    rows = []
    for back in range(DAYS - 1, 0, -1):
        day = now - timedelta(days=back)
        count = A_WEEKEND if day.weekday() >= 5 else A_WEEKDAY + back % 4
        for number in range(count - 1, -1, -1):
            at = day - timedelta(minutes=37 * number)
            ignored = number % 5 == 4
            rows.append(
                InboundEvent(
                    service=SERVICE, event_id=f"evt-{day:%m%d}-{number}", kind="user.updated", body_hash=f"{back:064d}",
                    occurred_at=at, received_at=at, finished_at=at + timedelta(seconds=1), attempts=1,
                    state="ignored" if ignored else "processed", detail="Kim Lacroix",
                    outcome="nothing-to-change" if ignored else "person-updated", expunged_at=at,
                )
            )  # fmt: skip
    InboundEvent.objects.bulk_create(rows)


def _of_kim(number: int, now: datetime) -> dict[str, Any]:
    if number == 0:
        return _person("P-2001", "Kim", "Lacroix", "kim.lacroix@etu.lumiere.example", now, "evt-kim")
    data = {"external_id": "P-2001", "department": ("Image", "Son", "Montage")[number - 1]}
    return _event("user.updated", data, now, f"evt-kim-{number}")


def _person(external_id: str, given: str, family: str, email: str, now: datetime, event_id: str) -> dict[str, Any]:
    data = {"external_id": external_id, "email": email, "given_name": given, "family_name": family}
    return _event("user.created", data, now, event_id)


def _event(kind: str, data: dict[str, Any], now: datetime, event_id: str) -> dict[str, Any]:
    return {"id": event_id, "type": kind, "occurred_at": now.isoformat(), "data": data}


def _tell(events: list[dict[str, Any]], now: datetime) -> None:
    items, _batch = read(json.dumps(events).encode(), SERVICES[SERVICE])
    accept(SERVICE, items, now=now)


def _work() -> None:
    """Apply what can be; a worker that runs already may be quicker."""
    while draining.drain():
        pass
