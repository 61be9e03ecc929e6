"""Sending what is due: claim, send, mark. Any number of jobs may do this at once, and each may die at any point.

* A claim is committed before anything is sent: it counts the attempt, and after the lease the delivery is free again.
  So a receiver may be told twice, never not at all; `webhook-id` is the same each time.
* Requests of one round go side by side in threads, which touch no database: who hangs costs its own requests.
* What fails the whole receiver (no connection, 5xx, 429) holds all that waits for it: one try tells what many would.
* Schedule: Standard Webhooks' own, ten attempts in about three days.
"""

import contextvars
import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.services import record
from apps.core.actor import Actor
from apps.integrations import http
from apps.integrations.http.calling import retry_after
from apps.integrations.services import slots
from apps.integrations.services.slots import Slots
from apps.integrations.signatures import sign
from apps.tenants import context
from apps.tenants.jobs import enqueue_later, ring_soon

from .. import acts
from ..models import Attempt, Delivery, WebhookEndpoint
from . import secrets

logger = logging.getLogger("campanile.webhooks")

SENDER: Final = Actor.system("webhooks")
State = Delivery.State
SLICE: Final = 10.0  # seconds after which a job lets those of other schools go first
AT_ONCE: Final = 16  # requests of one round...
EACH: Final = 4  # ...and of these to one endpoint
SECONDS: Final = 15.0  # that a receiver has for its whole answer
LARGEST_ANSWER: Final = 64 * 1024  # bytes
SHOWN: Final = 500  # characters of an answer that are kept
SLOTS: Final = Slots(first=100, count=1)
#: seconds before the second, third... attempt
PAUSES: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
MOST_ATTEMPTS: Final = len(PAUSES) + 1
HELD: Final = (5, 15, 30, 60, 120, 300)  # seconds that a failing receiver is left alone, by faults in a row
LONGEST_ASKED: Final = 86_400.0  # of a Retry-After
SOON: Final = 120.0  # seconds up to which a retry rings for itself
Clock = Callable[[], datetime]

CLAIM = """
with due as (
  select d.id
    from outgoing_webhookendpoint e
    cross join lateral (
      select id from outgoing_delivery
       where endpoint_id = e.id and state = 'waiting' and due_at <= %(now)s
       order by due_at, id limit %(each)s for update skip locked) d
   where e.state = 'enabled' and (e.held_until is null or e.held_until <= %(now)s)
   order by d.id limit %(batch)s)
update outgoing_delivery d
   set attempts = d.attempts + 1, due_at = %(lease)s
  from due, outgoing_outgoingevent v, outgoing_webhookendpoint e
 where d.id = due.id and v.id = d.event_id and e.id = d.endpoint_id
returning d.id, d.attempts, e.id, e.url, v.event_id, v.kind, v.happened_at, v.data::text
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this job sends now."""

    id: int
    attempt: int
    endpoint_id: UUID
    url: str
    event_id: str
    kind: str
    happened_at: datetime
    data: str  # JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request. `fault` "" with a status is an answer; `held`: nothing was sent, come back later."""

    status: int | None = None
    fault: str = ""
    text: str = ""
    milliseconds: int = 0
    asked: float | None = None  # seconds, Retry-After
    held: float | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_of_receiver(self) -> bool:
        """It says something of the receiver, not of this event: others would fare alike."""
        return self.status is None or self.status >= 500 or self.status == 429


def deliver(clock: Clock = timezone.now, *, seconds: float = SLICE) -> int:
    """Send what is due in the active school for about so long; how many were delivered.

    Rings again by itself while there is more. Does nothing when another job is at it.
    """
    slot = SLOTS.take(clock())
    if slot is None:
        return 0
    delivered, until = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < until and (claimed := _claim(clock())):
            delivered += _mark(_send_all(claimed, clock()), clock())
            slots.keep(slot, clock())
    finally:
        slots.release(slot, clock())
    if anything_due(clock()):
        ring_soon("outgoing.deliver")
    return delivered


def sweep(now: datetime) -> bool:
    """Ring for deliveries whose bell was lost, whose pause is over, or whose worker died."""
    due = anything_due(now)
    if due:
        ring_soon("outgoing.deliver")
    return due


def anything_due(now: datetime) -> bool:
    ready = WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.ENABLED).exclude(held_until__gt=now)
    return Delivery.objects.filter(state=State.WAITING, due_at__lte=now, endpoint__in=ready.values("pk")).exists()


def message_of(claimed: Claimed, school: str) -> bytes:
    """The body as it is signed. The same at each attempt."""
    said = {
        "id": claimed.event_id,
        "type": claimed.kind,
        "timestamp": claimed.happened_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "organization": school,
        "data": json.loads(claimed.data),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


# --- claims ----------------------------------------------------------------------------------------------


def _claim(now: datetime) -> list[Claimed]:
    facts: dict[str, Any] = {"now": now, "lease": now + slots.lease(), "each": EACH, "batch": AT_ONCE}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, facts)
        rows = cursor.fetchall()
    return [Claimed(*row) for row in sorted(rows, key=lambda row: row[0])]


# --- requests: no database from here to _mark ------------------------------------------------------------


def _send_all(claimed: Sequence[Claimed], now: datetime) -> list[tuple[Claimed, Answer]]:
    keys = secrets.signing_keys({one.endpoint_id for one in claimed}, now)
    school = context.current().slug
    with ThreadPoolExecutor(max_workers=len(claimed), thread_name_prefix="webhook") as threads:
        jobs = [
            threads.submit(contextvars.copy_context().run, _send, one, keys.get(one.endpoint_id, []), school)
            for one in claimed
        ]
        return [(one, job.result()) for one, job in zip(claimed, jobs, strict=True)]


def _send(claimed: Claimed, keys: Sequence[str], school: str) -> Answer:
    started = time.monotonic()
    try:
        with _client(claimed.endpoint_id) as web:
            request = signed_request(claimed, keys, school, at=int(time.time()))
            response = web.send(request)
    except (http.CircuitOpen, http.TooBusy) as refused:
        return Answer(fault="held", held=float(getattr(refused, "retry_after", 0) or HELD[0]))
    except http.AddressRefused:
        return Answer(fault="address-refused")
    except httpx.RequestError as fault:
        return Answer(fault=_fault(fault), milliseconds=_since(started))
    return Answer(
        status=response.status_code, text=_text(response), milliseconds=_since(started), asked=retry_after(response)
    )


def signed_request(claimed: Claimed, keys: Sequence[str], school: str, *, at: int) -> httpx.Request:
    """The request of Standard Webhooks: signed with every live secret. `at` in seconds since 1970.

    Raises AddressRefused: what may be called is asked each time, whatever was allowed when it was written.
    """
    body = message_of(claimed, school)
    signatures = [sign(key, message_id=claimed.event_id, timestamp=at, body=body) for key in keys]
    headers = {
        "content-type": "application/json",
        "user-agent": "Campanile-Webhooks/1",
        "webhook-id": claimed.event_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }
    return httpx.Request("POST", http.require_target(claimed.url), content=body, headers=headers)


def _client(endpoint_id: UUID) -> http.OutgoingClient:
    return http.client(
        "webhook-endpoint",
        limits=http.Limits(seconds=SECONDS, size=LARGEST_ANSWER, tries=1),
        rule=http.Rule(at_once=EACH),
        of_school=True,
        account=str(endpoint_id),
        public_only=True,
        says_path=False,
    )


def _fault(fault: httpx.RequestError) -> str:
    """A code for people's words (wording.FAULTS); the text of a fault may name inner addresses."""
    if isinstance(fault, http.AnswerTooLarge):
        return "answer-too-large"
    if isinstance(fault, httpx.TimeoutException):
        return "timeout"
    if isinstance(fault, httpx.ConnectError):
        return "tls" if "certificate" in str(fault).lower() or "ssl" in str(fault).lower() else "no-connection"
    return "broken-off"


def _text(response: httpx.Response) -> str:
    """How the answer begins, as PostgreSQL takes it."""
    return response.text[:SHOWN].replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


# --- marks -----------------------------------------------------------------------------------------------


def _mark(answers: Sequence[tuple[Claimed, Answer]], now: datetime) -> int:
    delivered = 0
    for claimed, answer in answers:
        with transaction.atomic():
            delivered += _mark_one(claimed, answer, now)
    return delivered


def _mark_one(claimed: Claimed, answer: Answer, now: datetime) -> int:
    """Write what became of it, unless the claim was lost meanwhile. 1 when it is delivered."""
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=claimed.endpoint_id).first()
    mine = Delivery.objects.filter(pk=claimed.id, state=State.WAITING, attempts=claimed.attempt)
    if endpoint is None or not mine.select_for_update().exists():
        return 0
    if answer.held is not None:
        mine.update(attempts=claimed.attempt - 1, due_at=now + timedelta(seconds=answer.held))
        _hold(endpoint, now + timedelta(seconds=answer.held))
        return 0
    Attempt.objects.create(
        delivery_id=claimed.id, at=now, status=answer.status, fault=answer.fault, milliseconds=answer.milliseconds,
        answer=answer.text,
    )  # fmt: skip
    facts: dict[str, Any] = {"status": answer.status, "fault": answer.fault}
    if answer.is_success:
        mine.update(state=State.DELIVERED, finished_at=now, due_at=None, **facts)
        _well(endpoint, now)
        return 1
    _failed(endpoint, answer, now)
    if claimed.attempt >= MOST_ATTEMPTS:
        mine.update(state=State.FAILED, finished_at=now, due_at=None, **facts)
    else:
        pause = pause_after(claimed.attempt, answer.asked)
        mine.update(due_at=now + pause, **facts)
        if pause.total_seconds() <= SOON:
            enqueue_later("outgoing.deliver", seconds=pause.total_seconds() + 0.5)
    return 0


def pause_after(attempt: int, asked: float | None = None) -> timedelta:
    """Before the attempt after this one (from 1): the schedule with up to a fifth more, never before what was asked."""
    pause = PAUSES[min(attempt, len(PAUSES)) - 1] * random.uniform(1.0, 1.2)  # noqa: S311 - spreads load
    return timedelta(seconds=max(pause, min(asked or 0.0, LONGEST_ASKED)))


def _well(endpoint: WebhookEndpoint, now: datetime) -> None:
    endpoint.failing_since, endpoint.held_until, endpoint.faults_in_row, endpoint.last_success_at = None, None, 0, now
    endpoint.save(update_fields=["failing_since", "held_until", "faults_in_row", "last_success_at"])


def _failed(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    endpoint.failing_since = endpoint.failing_since or now
    if answer.is_of_receiver and (endpoint.held_until is None or endpoint.held_until <= now):  # once for a whole round
        held = HELD[min(endpoint.faults_in_row, len(HELD) - 1)]
        endpoint.held_until = now + timedelta(seconds=max(held, min(answer.asked or 0.0, LONGEST_ASKED)))
        endpoint.faults_in_row += 1
    if answer.status == httpx.codes.GONE and endpoint.is_enabled:
        switch_off(endpoint, WebhookEndpoint.Because.GONE, now)
    endpoint.save(update_fields=["failing_since", "held_until", "faults_in_row"])


def _hold(endpoint: WebhookEndpoint, until: datetime) -> None:
    if endpoint.held_until is None or endpoint.held_until < until:
        endpoint.held_until = until
        endpoint.save(update_fields=["held_until"])


def switch_off(endpoint: WebhookEndpoint, because: str, now: datetime) -> None:
    """Nothing more is sent until somebody enables it; what waits is kept. The alarm is watching.py's."""
    endpoint.state, endpoint.because = WebhookEndpoint.State.DISABLED, because
    endpoint.save(update_fields=["state", "because"])
    record(actor=SENDER, act=acts.ENDPOINT_DISABLED, target=endpoint, data={"because": because}, at=now)
