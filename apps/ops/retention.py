"""Old entries of the audit trail are deleted at night (AUD-1): the part of retention that the owner of the tables does.

A school's are one line of its table of periods (apps.accounts.services.retention), the platform's have a job.

The application's role cannot delete them, so the owner of the tables does, on the way that migration
audit.0001 documents. Chunk by chunk, each in a transaction of its own that also brings the one event of this run
up to date: whenever it is killed, what is gone is on record, and the next run goes on with the rest.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import Actor
from apps.tenants import context
from apps.tenants.context import Tenancy
from apps.tenants.database import owner_connection

from .rules import PLATFORM_RETENTION_DAYS

logger = logging.getLogger("campanile.audit")

RETENTION_APPLIED = act("audit.retention_applied", _("Old entries of the audit trail deleted"))
CHUNK = 5_000  # rows of one transaction
RETAINING = 7_245_110  # advisory lock class; the second key is the schema
TABLES = {"events": ("audit_auditevent", "at"), "row_changes": ("auditlog_logentry", "timestamp")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is (or would be) deleted in one place."""

    place: str
    days: int
    events: int = 0
    row_changes: int = 0

    @property
    def total(self) -> int:
        return self.events + self.row_changes


def purge(name: str, now: datetime, days: int) -> Iterator[int]:
    """The active school's, for the run of retention: how many of `events` or `row_changes` went."""
    outcome = apply(context.current(), days=days, now=now, tables=(name,))
    yield outcome.total


def apply_to_platform(*, now: datetime, dry_run: bool = False) -> Outcome:
    """The platform's own trail."""
    return apply(context.PLATFORM, days=PLATFORM_RETENTION_DAYS, now=now, dry_run=dry_run)


def apply(
    tenancy: Tenancy,
    *,
    days: int,
    now: datetime,
    dry_run: bool = False,
    chunk: int = CHUNK,
    tables: tuple[str, ...] = tuple(TABLES),
) -> Outcome:
    """Delete what is older than `days` in one place, or only count it. Repeating it finds nothing more."""
    place, before = tenancy.slug or "platform", now - timedelta(days=days)
    with owner_connection(autocommit=True) as owner:
        if dry_run:
            return Outcome(place, days, **_count(owner, tenancy.schema, before, tables))
        taken = owner.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [RETAINING, tenancy.schema]).fetchone()
        if not taken or not taken[0] or not any(_count(owner, tenancy.schema, before, tables).values()):
            return Outcome(place, days)  # somebody else is at it, or nothing to do
        with context.activated(tenancy):
            actor = Actor.system("audit retention", surface="job")
            event = record(actor=actor, act=RETENTION_APPLIED, data={"days": days, "before": before})
        deleted = dict.fromkeys(tables, 0)
        for name in tables:
            while gone := _delete_chunk(owner, tenancy.schema, name, before, chunk, str(event.pk), deleted):
                deleted[name] += gone
        return Outcome(place, days, **deleted)


def _count(owner: psycopg.Connection, schema: str, before: datetime, tables: tuple[str, ...]) -> dict[str, int]:
    counted = {}
    for name in tables:
        table, moment = TABLES[name]
        query = sql.SQL("SELECT count(*) FROM {} WHERE {} < %s")
        row = owner.execute(query.format(sql.Identifier(schema, table), sql.Identifier(moment)), [before]).fetchone()
        counted[name] = row[0] if row else 0
    return counted


def _delete_chunk(
    owner: psycopg.Connection,
    schema: str,
    name: str,
    before: datetime,
    chunk: int,
    event_id: str,
    deleted: dict[str, int],
) -> int:
    """One transaction: the oldest rows go, and the event of this run says how many went so far."""
    table, moment = TABLES[name]
    names = {
        "table": sql.Identifier(schema, table),
        "events": sql.Identifier(schema, "audit_auditevent"),
        "moment": sql.Identifier(moment),
    }
    delete = "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {moment} < %s ORDER BY {moment} LIMIT %s)"
    with owner.transaction():
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        gone = owner.execute(sql.SQL(delete).format(**names), [before, chunk]).rowcount
        if gone:
            so_far = json.dumps({**deleted, name: deleted[name] + gone})
            told = sql.SQL("UPDATE {events} SET data = data || %s::jsonb WHERE id = %s").format(**names)
            owner.execute(told, [so_far, event_id])
    return gone
