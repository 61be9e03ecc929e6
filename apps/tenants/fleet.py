"""Migrations over all schools: rendered once on a template school, then replayed as plain SQL.

The stock way runs Django's migration machinery per school, which lists every relation of the database each
time. Here a template school is migrated by Django once per release while the SQL it sends is written to a
ledger (FleetMigration). A school then needs one round trip: the entries after its own position, its rows in
django_migrations and its new state, in one transaction. A new school replays the whole ledger.

Rule for data migrations: RunPython changes existing rows only, never seeds (base data comes from
provisioning), so a new school skips it. In existing schools it runs through Django, per school.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from . import context, database
from .models import FleetMigration, FleetState, School
from .names import EXTENSIONS, TEMPLATE

TEMPLATE_SCHOOL = context.Tenancy(schema=TEMPLATE, slug="template", name="Template")
LOCK = 7_245_101  # advisory: one fleet migration at a time
LOCK_TIMEOUT = "5s"  # a school that is busy is reported and left for the next run


@dataclass
class Report:
    """What a run did. `failed` maps a schema to the reason."""

    nothing_to_do: bool = False
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    through_python: dict[str, list[str]] = field(default_factory=dict)


def school_apps() -> list[str]:
    """Labels of the apps whose tables each school has."""
    return [config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]


def fingerprint() -> str:
    """Names every migration in the code: two deploys with the same one have nothing to migrate."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = sorted(f"{app}.{name}" for app, name in loader.disk_migrations)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def behind(wanted: str) -> list[str] | None:
    """Schemas that are not at this fingerprint; None when even the platform has no tables yet. One query."""
    with database.owner_connection() as connection, connection.cursor() as cursor:
        try:
            cursor.execute(
                "SELECT schema, fingerprint = %s AND state = 'done' FROM public.tenants_fleetstate", [wanted]
            )
        except psycopg.errors.UndefinedTable:
            return None
        states = dict(cursor.fetchall())
    if "public" not in states or TEMPLATE not in states:
        return None
    return [schema for schema, current in states.items() if not current]


@contextmanager
def only_one() -> Iterator[None]:
    """Two deploys at once: the second waits, then finds nothing to do."""
    with database.owner_connection(autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def migrate_platform(wanted: str) -> None:
    """The platform's own tables, through Django."""
    with context.platform():
        _execute(_executor())
    with database.owner_connection() as connection:
        connection.execute(database.grants(context.PUBLIC, app_role=database.app_role()))
        _record_state(connection.cursor(), context.PUBLIC, wanted, 0)


def migrate_template(wanted: str) -> int:
    """Migrate the template school and write what it took to the ledger; the last position."""
    with database.owner_connection() as connection:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE)))
    with context.activated(TEMPLATE_SCHOOL):
        executor = _executor()
        recording = Recording(executor)
        try:
            _execute(executor)
        finally:
            recording.write()  # what was applied stays applied: the ledger must know it
    last = _ledger_end()
    with database.owner_connection() as connection:
        _record_state(connection.cursor(), TEMPLATE, wanted, last)
    return last


class Recording:
    """Hears every statement that a migration of the template sends, and keeps the ones that change something."""

    def __init__(self, executor: MigrationExecutor) -> None:
        self.entries: list[tuple[str, str, list[str], bool]] = []
        self._apply = executor.apply_migration
        self._owner = connections["owner"]
        executor.apply_migration = self.apply  # type: ignore[method-assign]

    def apply(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        statements: list[str] = []

        def hear(execute: Any, statement: Any, params: Any, many: bool, info: dict[str, Any]) -> Any:
            result = execute(statement, params, many, info)
            text = self._rendered(statement, params)
            if changes_something(text):
                statements.append(text)
            return result

        # the executor writes to django_migrations itself; replay does that from the entry's name
        with self._owner.execute_wrapper(hear):
            state = self._apply(state, migration, fake=fake, fake_initial=fake_initial)
        needs_python = any(isinstance(operation, RunPython) for operation in migration.operations)
        self.entries.append((migration.app_label, migration.name, statements, needs_python))
        return state

    def _rendered(self, statement: Any, params: Any) -> str:
        text = statement.as_string(self._owner.connection) if hasattr(statement, "as_string") else str(statement)
        if not params:
            return text.strip().rstrip(";")
        with psycopg.ClientCursor(self._owner.connection) as cursor:
            return cursor.mogrify(text, params).strip().rstrip(";")

    def write(self) -> None:
        start = _ledger_end()
        wanted = set(school_apps())
        kept = [entry for entry in self.entries if entry[0] in wanted]
        with context.platform():
            FleetMigration.objects.using("owner").bulk_create(
                FleetMigration(
                    position=start + number,
                    app=app,
                    name=name,
                    statements=";\n".join(statements),
                    needs_python=needs_python,
                )
                for number, (app, name, statements, needs_python) in enumerate(kept, start=1)
            )
        self.entries = []


def changes_something(statement: str) -> bool:
    first = statement.lstrip().split(None, 1)[:1]
    if not first or first[0].upper() in {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW"}:
        return False
    return 'INTO "django_migrations"' not in statement and 'TABLE "django_migrations"' not in statement


def script_for_new_school(schema: str, wanted: str) -> sql.Composed:
    """One script, for one transaction: schema, role, tables, recorded migrations, state."""
    entries = _ledger_after(0)
    return sql.SQL(";\n").join(
        [
            sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)),
            sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)),
            sql.SQL("SET LOCAL search_path = {}, {}").format(sql.Identifier(schema), sql.Identifier(EXTENSIONS)),
            sql.SQL(MIGRATIONS_TABLE),
            *_replay(entries),
            database.grants(schema, app_role=database.app_role()),
            _state_statement(schema, wanted, entries[-1].position if entries else 0),
        ]
    )


def migrate_school(schema: str, wanted: str) -> list[str]:
    """Bring one school to the end of the ledger, in one transaction; names of migrations that ran through Python.

    Raises psycopg.Error or the migration's own error; the school is then as it was.
    """
    with database.owner_connection() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT position FROM public.tenants_fleetstate WHERE schema = %s FOR UPDATE", [schema])
        row = cursor.fetchone()
        pending = _ledger_after(row[0] if row else 0)
        plain = [entry for entry in pending if not entry.needs_python]
        if len(plain) == len(pending):
            _run_pending(cursor, schema, pending, wanted)
            return []
    return _through_python(schema, pending, wanted)


def fence(schema: str, reason: str) -> None:
    """Close a school whose tables are not what the code expects; the next good run opens it again."""
    from . import hosts

    with context.platform():
        FleetState.objects.using("owner").filter(schema=schema).update(state=FleetState.State.FAILED, error=reason)
        School.objects.filter(schema_name=schema).update(ready=False)
        for school in School.objects.filter(schema_name=schema):
            hosts.forget(school)


def unfence(schema: str) -> None:
    from . import hosts

    with context.platform():
        for school in School.objects.filter(schema_name=schema, ready=False).exclude(owner_invited_at=None):
            School.objects.filter(pk=school.pk).update(ready=True)
            hosts.forget(school)


MIGRATIONS_TABLE = (
    'CREATE TABLE "django_migrations" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, '
    '"app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" timestamp with time zone NOT NULL)'
)


def _executor() -> MigrationExecutor:
    return MigrationExecutor(connections["owner"])


def _execute(executor: MigrationExecutor) -> None:
    wanted = {config.label for config in apps.get_app_configs()}
    if context.current_schema() != context.PUBLIC:
        wanted = set(school_apps())
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in wanted]
    MigrationRecorder(connections["owner"]).ensure_schema()
    executor.migrate(targets)


def _ledger_end() -> int:
    with context.platform():
        last = FleetMigration.objects.using("owner").order_by("-position").first()
    return last.position if last else 0


def _ledger_after(position: int) -> list[FleetMigration]:
    with context.platform():
        return list(FleetMigration.objects.using("owner").filter(position__gt=position).order_by("position"))


def _replay(entries: list[FleetMigration]) -> list[sql.Composable]:
    statements: list[sql.Composable] = [sql.SQL(entry.statements) for entry in entries if entry.statements]  # type: ignore[arg-type]
    if entries:
        rows = sql.SQL(", ").join(
            sql.SQL("({}, {}, now())").format(sql.Literal(entry.app), sql.Literal(entry.name)) for entry in entries
        )
        statements.append(sql.SQL('INSERT INTO "django_migrations" ("app", "name", "applied") VALUES {}').format(rows))
    return statements


def _run_pending(cursor: psycopg.Cursor, schema: str, entries: list[FleetMigration], wanted: str) -> None:
    script = [
        sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)),
        sql.SQL("SET LOCAL search_path = {}, {}").format(sql.Identifier(schema), sql.Identifier(EXTENSIONS)),
        *_replay(entries),
        *database.protections(schema),
        _state_statement(schema, wanted, entries[-1].position if entries else _ledger_end()),
    ]
    cursor.execute(sql.SQL(";\n").join(script))


def _through_python(schema: str, pending: list[FleetMigration], wanted: str) -> list[str]:
    """Django applies what cannot be told as SQL, migration by migration; each is its own transaction."""
    with context.activated(context.Tenancy(schema=schema)):
        _execute(_executor())
    with database.owner_connection() as connection, connection.cursor() as cursor:
        for protection in database.protections(schema):
            cursor.execute(protection)
        _record_state(cursor, schema, wanted, pending[-1].position)
    return [f"{entry.app}.{entry.name}" for entry in pending if entry.needs_python]


def _state_statement(schema: str, wanted: str, position: int) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO public.tenants_fleetstate (schema, fingerprint, position, state, error, changed_at) "
        "VALUES ({}, {}, {}, 'done', '', now()) ON CONFLICT (schema) DO UPDATE SET fingerprint = excluded.fingerprint, "
        "position = excluded.position, state = 'done', error = '', changed_at = now()"
    ).format(sql.Literal(schema), sql.Literal(wanted), sql.Literal(position))


def _record_state(cursor: psycopg.Cursor, schema: str, wanted: str, position: int) -> None:
    cursor.execute(_state_statement(schema, wanted, position))
