"""Which school a provider's event belongs to (PAY-8): said by the account it names and the table of accounts alone.

What fits no school is kept on the platform, moves nothing, and can be replayed once its account is bound.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from apps.tenants import context
from apps.tenants.models import School
from apps.tenants.services.bindings import school_of

from ..contract import Event, Outcome, done, kind_of, nothing, quarantined
from ..models import InboundEvent
from ..providers.protocol import Notice
from ..reading import Item
from .intake import CONFLICT, DUPLICATE, Verdict, accept

QUARANTINED: Final = "quarantined"
#: Why an event fits no school.
ACCOUNT_MISSING: Final = "account-missing"
ACCOUNT_UNKNOWN: Final = "account-unknown"
ACCOUNTS_CONTRADICT: Final = "accounts-contradict"
MODE_CONTRADICTS: Final = "mode-contradicts"
SCHOOL_CLOSED: Final = "school-closed"
TEST_EVENT: Final = "test-event"
REASONS: Final = (
    ACCOUNT_UNKNOWN, ACCOUNT_MISSING, ACCOUNTS_CONTRADICT, MODE_CONTRADICTS, SCHOOL_CLOSED, TEST_EVENT,
)  # fmt: skip


@transaction.atomic
def take(service: str, notice: Notice, *, now: datetime) -> Verdict:
    """Keep what a provider said, in its school or on the platform. Runs on the platform."""
    item = _item(service, notice)
    if notice.is_ping:
        return accept(service, [item], kept_as=nothing("ping"), now=now)[0]
    found = destination(service, notice.account, notice.is_live, notice.trouble)
    if isinstance(found, Outcome):
        verdict = accept(service, [item], kept_as=found, now=now)[0]
        return verdict if verdict.status in (DUPLICATE, CONFLICT) else Verdict(verdict.event_id, QUARANTINED)
    with context.activated(found):
        return accept(service, [item], now=now)[0]


def destination(service: str, account: str, is_live: bool, trouble: str = "") -> School | Outcome:
    """The open school that has this account; or why there is none."""
    if trouble:
        return quarantined(trouble)
    if not account:
        return quarantined(ACCOUNT_MISSING)
    if not is_live and not settings.PROVIDER_TEST_EVENTS:
        return quarantined(TEST_EVENT)
    school = school_of(service, account, is_live=is_live)
    if school is None:
        return quarantined(ACCOUNT_UNKNOWN)
    return school if school.is_open else quarantined(SCHOOL_CLOSED, school.slug)


def apply(events: Sequence[Event], *, now: datetime) -> Mapping[int, Outcome]:
    """For the platform's own inbox: bring each to its school now, if it has one by now."""
    rows = InboundEvent.objects.in_bulk([event.id for event in events])
    return {event.id: _bring(rows[event.id], now) for event in events}


def _bring(row: InboundEvent, now: datetime) -> Outcome:
    """The content goes with it: the platform keeps its hash and history only."""
    found = destination(row.service, row.account, bool(row.is_live))
    if isinstance(found, Outcome):
        return found
    item = Item(
        row.event_id, row.kind, "", row.occurred_at or row.received_at, _lane(row.service, row.kind, row.account),
        row.about, row.body, row.body_hash, row.account, row.is_live,
    )  # fmt: skip
    with context.activated(found):
        verdict = accept(row.service, [item], now=now)[0]
    row.body, row.expunged_at = "", now
    row.save(update_fields=["body", "expunged_at"])
    return done("routed", found.name) if verdict.status != DUPLICATE else nothing("routed-already", found.name)


def _item(service: str, notice: Notice) -> Item:
    return Item(
        notice.event_id, notice.kind, "", notice.occurred_at, _lane(service, notice.kind, notice.account),
        notice.about, notice.body, notice.body_hash, notice.account, notice.is_live,
    )  # fmt: skip


def _lane(service: str, kind: str, account: str) -> str:
    """Of providers' kinds the lane is told from the account: nothing in a notice is believed."""
    known = kind_of(service, kind)
    return known.lane(account)[:200] if known else ""
