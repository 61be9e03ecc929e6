"""From checked items to rows. What is answered "accepted" is committed: whatever dies then, it is applied once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from apps.core import requestinfo
from apps.tenants import context
from apps.tenants.jobs import ring_soon

from ..contract import Outcome
from ..models import InboundEvent
from ..reading import Item, Wrong

ACCEPTED: Final = "accepted"
DUPLICATE: Final = "duplicate"
CONFLICT: Final = "conflict"
INVALID: Final = "invalid"

# The rows of one request in one statement: one round trip, one commit, and a repetition costs no more than a new event.
INSERT = """
insert into integrations_inboundevent
       (service, event_id, kind, lane, about, body, body_hash, occurred_at, received_at, due_at, request_id, secret_id,
        account, is_live, state, attempts, replays, outcome, detail, conflicts, conflict_body)
select %(service)s, item.event_id, item.kind, item.lane, item.about, item.body, item.body_hash, item.occurred_at,
       %(now)s, %(due)s, %(request_id)s, %(secret_id)s, item.account, item.is_live, %(state)s, 0, 0, %(outcome)s,
       %(detail)s, 0, ''
  from unnest(%(ids)s::text[], %(kinds)s::text[], %(lanes)s::text[], %(abouts)s::text[], %(bodies)s::text[],
              %(hashes)s::text[], %(times)s::timestamptz[], %(accounts)s::text[], %(lives)s::boolean[])
       with ordinality as item (event_id, kind, lane, about, body, body_hash, occurred_at, account, is_live, place)
 order by item.place
    on conflict (service, event_id) do nothing
returning event_id
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about one item of a request."""

    event_id: str
    status: str
    problems: Sequence[str] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"id": self.event_id, "status": self.status}
        return said | {"errors": list(self.problems)} if self.problems else said


def accept(
    service: str,
    items: Sequence[Item | Wrong],
    *,
    secret_id: UUID | None = None,
    kept_as: Outcome | None = None,
    now: datetime,
) -> list[Verdict]:
    """Keep the good items for the active school (or the platform) and say what became of each, in their order.

    The same id again is a duplicate when it says the same, and a conflict, kept beside the first and without effect,
    when it does not. Runs in the caller's transaction if there is one. `kept_as`: new ones do not wait for a handler,
    but have this outcome already.
    """
    first: dict[str, Item] = {}
    for item in items:
        if isinstance(item, Item):
            first.setdefault(item.event_id, item)
    new = _insert(service, list(first.values()), secret_id, kept_as, now) if first else set()
    known = _hashes(service, first.keys() - new)
    verdicts = []
    for item in items:
        if isinstance(item, Wrong):
            verdicts.append(Verdict(item.event_id, INVALID, item.problems))
        elif item is first[item.event_id] and item.event_id in new:
            verdicts.append(Verdict(item.event_id, ACCEPTED))
        elif item.body_hash == known.get(item.event_id, first[item.event_id].body_hash):
            verdicts.append(Verdict(item.event_id, DUPLICATE))
        else:
            verdicts.append(Verdict(item.event_id, CONFLICT, ["The same id was sent with other content."]))
            _note_conflict(service, item, now)
    if new and kept_as is None:
        ring_soon("integrations.drain" if context.current_schema() != context.PUBLIC else "integrations.drain_platform")
    return verdicts


def _insert(
    service: str, items: list[Item], secret_id: UUID | None, kept_as: Outcome | None, now: datetime
) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "service": service,
                "now": now,
                "request_id": requestinfo.current_request_id(),
                "secret_id": secret_id,
                "due": None if kept_as else now,
                "state": kept_as.state if kept_as else "waiting",
                "outcome": kept_as.code[:60] if kept_as else "",
                "detail": kept_as.detail[:300] if kept_as else "",
                "accounts": [item.account for item in items],
                "lives": [item.is_live for item in items],
                "ids": [item.event_id for item in items],
                "kinds": [item.kind for item in items],
                "lanes": [item.lane for item in items],
                "abouts": [item.about for item in items],
                "bodies": [item.body for item in items],
                "hashes": [item.body_hash for item in items],
                "times": [item.occurred_at for item in items],
            },
        )
        return {event_id for (event_id,) in cursor.fetchall()}


def _hashes(service: str, event_ids: Iterable[str]) -> dict[str, str]:
    wanted = list(event_ids)
    if not wanted:
        return {}
    rows = InboundEvent.objects.filter(service=service, event_id__in=wanted)
    return dict(rows.values_list("event_id", "body_hash"))


def _note_conflict(service: str, item: Item, now: datetime) -> None:
    InboundEvent.objects.filter(service=service, event_id=item.event_id).update(
        conflicts=F("conflicts") + 1, conflict_body=item.body, conflict_at=now
    )
