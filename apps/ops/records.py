"""What the audit trail keeps of people, and how names leave it (apps.core.records).

Its rows are append-only for the application, so erasure and retention go the documented way of the owner of the
tables (migration audit.0001). An erased person's acts stay, under the id that no longer leads to anybody.
"""

from functools import partial
from typing import Any

import psycopg
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from apps.audit.acts import title_of
from apps.audit.forms import SURFACES
from apps.core.records import BLANK, TRACE, WITH_SCHOOL, Party, Period, Record, Subject, declare
from apps.core.records import declare_plain as plain
from apps.tenants.context import PUBLIC, current
from apps.tenants.database import owner_connection

from . import retention
from .rules import RETENTION_DAYS

AUDIT = _("Audit trail")
SHORTEST_NAME = 5  # letters: a shorter one would be found inside other words

EVENT_TEXTS = {
    "actor_label": "''",
    "actor_email": "''",
    "acting_for": "''",
    "target_label": "''",
    "reason": "''",
    "search": "''",
    "changes": "'{}'::jsonb",
    "data": "'{}'::jsonb",
}
ROW_TEXTS = ("object_repr", "changes", "changes_text", "serialized_data", "additional_data", "actor_email")


def about(subject: Subject) -> Q:
    return Q(target_id=str(subject.user_id))


def rows_about(subject: Subject) -> Q:
    found = Q(object_pk=str(subject.user_id))
    if subject.email:
        found |= Q(object_repr__icontains=subject.email) | Q(changes__icontains=subject.email)
    return found


def needles(subject: Subject) -> list[str]:
    """What names the person inside a text, as patterns of LIKE: the address, the ids of a directory, the full name."""
    found = [subject.email, *subject.object_ids]
    if len(subject.name) >= SHORTEST_NAME and " " in subject.name:
        found.append(subject.name)
    escaped = [text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for text in found if text]
    return [f"%{text}%" for text in escaped]


def erase_events(subject: Subject) -> int:
    """Names and addresses leave the trail, of the school and of the platform; acts and times stay."""
    with owner_connection() as owner:
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        school = _blank_own_events(owner, current().schema, subject)
        for schema in (current().schema, PUBLIC):
            school += _blank_texts(owner, schema, subject)
        owner.execute(
            "UPDATE public.tenants_school SET owner_email = '' WHERE id = %s AND lower(owner_email) = lower(%s)",
            [current().id, subject.email],
        )
        return school


def _blank_own_events(owner: psycopg.Connection, schema: str, subject: Subject) -> int:
    table = sql.Identifier(schema, "audit_auditevent")
    acted = sql.SQL(
        "UPDATE {} SET actor_label = '', actor_email = '', address = '', search = '' WHERE actor_id = %s"
    ).format(table)
    concerned = sql.SQL(
        "UPDATE {} SET target_label = '', reason = '', search = '', changes = '{{}}', data = '{{}}' "
        "WHERE target_id = %s"
    ).format(table)
    stood_in = sql.SQL("UPDATE {} SET acting_for = '', address = '', search = '' WHERE acting_for_id = %s").format(
        table
    )
    count = owner.execute(acted, [subject.user_id]).rowcount
    count += owner.execute(stood_in, [subject.user_id]).rowcount
    return count + owner.execute(concerned, [str(subject.user_id)]).rowcount


def _blank_texts(owner: psycopg.Connection, schema: str, subject: Subject) -> int:
    """Wherever else a text names the person, that text goes; each column for itself."""
    count = 0
    for column, nothing in EVENT_TEXTS.items():
        statement = sql.SQL("UPDATE {} SET {} = {} WHERE {}::text ILIKE ANY(%s)").format(
            sql.Identifier(schema, "audit_auditevent"),
            sql.Identifier(column),
            sql.SQL(nothing),
            sql.Identifier(column),
        )
        count += owner.execute(statement, [needles(subject)]).rowcount
    return count


def erase_rows(subject: Subject) -> int:
    """Row changes about the person go; of the person's own changes the address and the network address."""
    with owner_connection() as owner:
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        table = sql.Identifier(current().schema, "auditlog_logentry")
        found = _mentions(ROW_TEXTS)
        about_them = sql.SQL("DELETE FROM {} WHERE object_pk = %s OR {}").format(table, found)
        patterns = [needles(subject)] * len(ROW_TEXTS)
        count = owner.execute(about_them, [str(subject.user_id), *patterns]).rowcount
        by_them = sql.SQL("UPDATE {} SET actor_email = NULL, remote_addr = NULL WHERE actor_id = %s").format(table)
        return count + owner.execute(by_them, [subject.user_id]).rowcount


def doomed_rows(subject: Subject) -> set[Any]:
    """The row changes that go: what a dry run of retention lists."""
    statement = sql.SQL("SELECT id FROM {} WHERE object_pk = %s OR {}").format(
        sql.Identifier(current().schema, "auditlog_logentry"), _mentions(ROW_TEXTS)
    )
    with owner_connection() as owner:
        found = owner.execute(statement, [str(subject.user_id), *([needles(subject)] * len(ROW_TEXTS))])
        return {row[0] for row in found}


def _mentions(columns: tuple[str, ...]) -> sql.Composed:
    parts = [sql.SQL("{}::text ILIKE ANY(%s)").format(sql.Identifier(column)) for column in columns]
    return sql.SQL(" OR ").join(parts)


def remaining_events(subject: Subject) -> int:
    columns = tuple(EVENT_TEXTS)
    return _count("audit_auditevent", columns, subject)


def remaining_rows(subject: Subject) -> int:
    return _count("auditlog_logentry", ROW_TEXTS, subject)


def _count(table: str, columns: tuple[str, ...], subject: Subject) -> int:
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
        sql.Identifier(current().schema, table), _mentions(columns)
    )
    with owner_connection() as owner:
        row: Any = owner.execute(statement, [needles(subject)] * len(columns)).fetchone()
        return int(row[0])


declare(
    Record(
        "audit.AuditEvent",
        group=AUDIT,
        purpose=_("What was done, by whom and to whom"),
        basis=TRACE,
        labels={"actor_email": _("e-mail")},
        words={"act": title_of, "surface": lambda one: dict(SURFACES).get(one, one)},
        parties=(
            Party("actor_id", columns=("actor_label", "actor_email", "address"), erase=BLANK, words=_("as who acted")),
            Party(
                about,
                columns=("target_label", "changes", "reason", "data"),
                erase=BLANK,
                words=_("as the person concerned"),
            ),
            Party("acting_for_id", columns=("acting_for",), erase=BLANK, words=_("as who acted in another's name")),
        ),
        plain=(
            "act", "surface", "request_id", "target_type", "target_id", "scope_kind", "scope_id", "support_grant_id",
        ),
        withheld=("search",),
        period=Period(
            days=RETENTION_DAYS.default,
            minimum=RETENTION_DAYS.minimum or 0,
            maximum=RETENTION_DAYS.maximum or 0,
            since="at",
            setting=RETENTION_DAYS.key,
            words=_("After the act"),
        ),
        erase_rows=erase_events,
        remains_of=remaining_events,
        purge=partial(retention.purge, "events"),
    )
)  # fmt: skip
declare(
    Record(
        "auditlog.LogEntry",
        group=AUDIT,
        purpose=_("Which columns of a row changed"),
        basis=TRACE,
        parties=(
            Party("actor_id", columns=("actor", "actor_email", "remote_addr"), erase=BLANK, words=_("as who acted")),
            Party(
                rows_about,
                columns=("object_repr", "changes", "changes_text", "serialized_data", "additional_data"),
                words=_("as the person concerned"),
            ),
        ),
        plain=("object_pk", "cid", "remote_port"),
        period=Period(
            days=RETENTION_DAYS.default,
            minimum=RETENTION_DAYS.minimum or 0,
            maximum=RETENTION_DAYS.maximum or 0,
            since="timestamp",
            setting=RETENTION_DAYS.key,
            words=_("After the change"),
        ),
        erase_rows=erase_rows,
        remains_of=remaining_rows,
        doomed=doomed_rows,
        purge=partial(retention.purge, "row_changes"),
    )
)
plain(
    "contenttypes.ContentType",
    group=AUDIT,
    plain=("app_label", "model"),
    kept=WITH_SCHOOL,
    purpose=_("Names of tables"),
)
