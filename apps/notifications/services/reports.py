"""What others say about our messages: sent, delivered, came back. In any order, as often as they like (MSG-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, transaction

from ..models import Channel
from ..states import PROGRESS, REPORTED, State
from .suppression import Bounce, suppress

Outcome = Literal["applied", "known", "unknown"]
MOMENTS: Final = (State.SENT, State.DELIVERED, State.BOUNCED, State.FAILED)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """`message_id`: the id of the row, or the Message-ID of the mail (`<id@host>`). `status`: one of states.REPORTED.

    `permanent`: only for "bounced"; False when a later try may well arrive, so the address stays in use.
    """

    message_id: UUID | str
    status: str
    occurred_at: datetime
    reason: str = ""
    permanent: bool = True


@dataclass(slots=True)
class _News:
    """All that a batch says about one message."""

    status: str
    at: datetime
    reason: str
    permanent: bool
    moments: dict[str, datetime] = field(default_factory=dict)


# One statement: rows are locked in the order of their ids, so that two batches never wait for each other.
STATEMENT = """
UPDATE notifications_communicationlog AS log SET
  state = CASE WHEN news.moves THEN news.state ELSE log.state END,
  error = CASE WHEN news.moves THEN left(news.reason, 300) ELSE log.error END,
  text = CASE WHEN news.moves THEN '' ELSE log.text END,
  html = CASE WHEN news.moves THEN '' ELSE log.html END,
  kept_until = CASE WHEN news.moves THEN NULL ELSE log.kept_until END,
  next_attempt_at = CASE WHEN news.moves THEN NULL ELSE log.next_attempt_at END,
  sent_at = least(log.sent_at, news.sent_at),
  delivered_at = least(log.delivered_at, news.delivered_at),
  bounced_at = least(log.bounced_at, news.bounced_at),
  failed_at = least(log.failed_at, news.failed_at)
FROM (
  SELECT told.*, array_position(%(order)s::text[], told.state) > array_position(%(order)s::text[], old.state::text)
      AND (old.again_at IS NULL OR told.at >= old.again_at) AS moves
  FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(at)s::timestamptz[], %(reasons)s::text[], %(sent)s::timestamptz[],
      %(delivered)s::timestamptz[], %(bounced)s::timestamptz[], %(failed)s::timestamptz[])
    AS told (id, state, at, reason, sent_at, delivered_at, bounced_at, failed_at)
  JOIN notifications_communicationlog AS old USING (id)
  WHERE old.channel <> %(in_app)s AND old.state <> 'suppressed'
  ORDER BY old.id
  FOR UPDATE OF old
) AS news
WHERE log.id = news.id
RETURNING log.id, log."to", news.moves
"""


@transaction.atomic
def record_reports(reports: Sequence[DeliveryReport], now: datetime) -> Mapping[UUID | str, Outcome]:
    """Take what is reported into the log of the active school, in one statement whatever their number.

    Idempotent and free of order: a late "sent" never takes "delivered" or "bounced" back, it only fills in when it was
    sent. An address that a message came back from for good is suppressed. Answers by the given id: "applied" when the
    state moved, "known" when it had come that far already, "unknown" for an id that is none of ours. Raises ValueError
    for a status that is none.
    """
    ids = {report.message_id: row_id(report.message_id) for report in reports}
    news = _merged(reports, ids, now)
    moved = _written(news)
    bounced = [
        Bounce(to, news[row].reason, row, news[row].at)
        for row, (to, moves) in moved.items()
        if moves and news[row].status == State.BOUNCED and news[row].permanent
    ]
    suppress(bounced)
    return {given: _outcome(moved.get(row) if row else None) for given, row in ids.items()}


def row_id(given: UUID | str) -> UUID | None:
    """The row that an id names: the id itself, or what stands before the @ of a Message-ID."""
    if isinstance(given, UUID):
        return given
    try:
        return UUID(given.strip().lstrip("<").partition("@")[0].rstrip(">"))
    except ValueError:
        return None


def _merged(
    reports: Sequence[DeliveryReport], ids: Mapping[UUID | str, UUID | None], now: datetime
) -> dict[UUID, _News]:
    """One entry per message: how far it came, and when it was seen at each state. Nobody reports from the future."""
    found: dict[UUID, _News] = {}
    for report in reports:
        if report.status not in REPORTED:
            raise ValueError(f"no such report: {report.status!r}")
        row, at = ids[report.message_id], min(report.occurred_at, now)
        if row is None:
            continue
        told = _News(report.status, at, _clean(report.reason), report.permanent)
        known = found.setdefault(row, told)
        if _rank(told) > _rank(known):
            told.moments = known.moments
            known = found[row] = told
        known.moments[report.status] = min(at, known.moments.get(report.status, at))
    return found


def _rank(news: _News) -> tuple[int, bool]:
    return [state.value for state in PROGRESS].index(news.status), news.permanent


def _written(news: Mapping[UUID, _News]) -> dict[UUID, tuple[str, bool]]:
    if not news:
        return {}
    values: dict[str, Any] = {
        "order": [state.value for state in PROGRESS],
        "ids": list(news),
        "states": [one.status for one in news.values()],
        "at": [one.at for one in news.values()],
        "reasons": [one.reason for one in news.values()],
        "in_app": Channel.IN_APP.value,
        **{state.value: [one.moments.get(state.value) for one in news.values()] for state in MOMENTS},
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        return {row: (to, moves) for row, to, moves in cursor.fetchall()}


def _clean(reason: str) -> str:
    """Text of outsiders: PostgreSQL takes no NUL, a page needs no other control characters either."""
    return "".join(letter if letter.isprintable() else " " for letter in reason).strip()[:300]


def _outcome(written: tuple[str, bool] | None) -> Outcome:
    if written is None:
        return "unknown"
    return "applied" if written[1] else "known"
