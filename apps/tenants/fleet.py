"""Migrations over all schools: rendered once on a template school, then replayed as plain SQL.

The stock way runs Django's migration machinery per school, which lists every relation of the database each
time. Here a template school is migrated by Django once per release while the SQL it sends is written to a
ledger (FleetMigration). A school then needs one round trip: the entries after its own position, its rows in
django_migrations and its new state, in one transaction. A new school replays the whole ledger.

Rule for data migrations: RunPython changes existing rows only, never seeds (base data comes from
provisioning), so a new school skips it. In existing schools it runs through Django, per school.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql
from psycopg.rows import class_row

from . import context, database
from .models import FleetState, School
from .names import EXTENSIONS, TEMPLATE

TEMPLATE_SCHOOL = context.Tenancy(schema=TEMPLATE, slug="template", name="Template")
ONE_RUN = 7_245_101  # advisory: one fleet migration at a time
TEMPLATE_IN_USE = 7_245_103  # advisory: shared by new schools, exclusive while the template changes
LOCK_TIMEOUT = "5s"  # a school that is busy is tried again, then reported and left for the next run


class UnsafeMigration(RuntimeError):
    """A migration that cannot be run per school in one transaction; the message says what to write instead."""


@dataclass
class Report:
    """What a run did. `failed` maps a schema to the reason."""

    nothing_to_do: bool = False
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    through_python: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One migration of the ledger, in the order in which the template received them."""

    position: int
    app: str
    name: str
    statements: str
    needs_python: bool


@dataclass(frozen=True)
class Waiting:
    """A school that is not at the end of the ledger, or whose last run failed."""

    schema: str
    position: int
    was_fenced: bool


# --- what is there, what is wanted -----------------------------------------------------------------------


def school_apps() -> list[str]:
    """Labels of the apps whose tables each school has."""
    return [config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]


_loading = threading.Lock()  # Django reloads the migration packages; two threads would see each other's halves


def _executor(kind: type[MigrationExecutor] = MigrationExecutor) -> MigrationExecutor:
    with _loading:
        return kind(connections["owner"])


def fingerprint() -> str:
    """Names every migration in the code: two deploys with the same one have nothing to migrate."""
    with _loading:
        loader = MigrationLoader(None, ignore_no_migrations=True)
    names = sorted(f"{app}.{name}" for app, name in loader.disk_migrations)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def behind(wanted: str) -> list[str] | None:
    """Schemas that are not at this fingerprint; None when even the platform has no tables yet. One query."""
    with database.owner_connection() as connection, connection.cursor() as cursor:
        try:
            cursor.execute(
                "SELECT schema FROM public.tenants_fleetstate WHERE fingerprint <> %s OR state <> 'done' "
                "UNION ALL SELECT '' FROM public.tenants_fleetstate WHERE schema IN (%s, %s) HAVING count(*) < 2",
                [wanted, context.PUBLIC, TEMPLATE],
            )
        except psycopg.errors.UndefinedTable:
            return None
        schemas = [schema for (schema,) in cursor.fetchall()]
    return None if "" in schemas else schemas


def schools_behind(wanted: str) -> list[Waiting]:
    with database.owner_connection() as connection, connection.cursor(row_factory=class_row(Waiting)) as cursor:
        cursor.execute(
            "SELECT schema, position, state <> 'done' AS was_fenced FROM public.tenants_fleetstate "
            "WHERE (fingerprint <> %s OR state <> 'done') AND schema NOT IN (%s, %s) ORDER BY schema",
            [wanted, context.PUBLIC, TEMPLATE],
        )
        return cursor.fetchall()


def ledger(connection: psycopg.Connection[Any], after: int = 0) -> list[Entry]:
    with connection.cursor(row_factory=class_row(Entry)) as cursor:
        cursor.execute(
            "SELECT position, app, name, statements, needs_python FROM public.tenants_fleetmigration "
            "WHERE position > %s ORDER BY position",
            [after],
        )
        return cursor.fetchall()


@contextmanager
def only_one() -> Iterator[None]:
    """Two deploys at once: the second waits, then finds nothing to do."""
    with database.owner_connection(autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_RUN])
        yield


@contextmanager
def template_closed() -> Iterator[None]:
    """No school is made while the template changes: it would miss the change and nobody would know."""
    with database.owner_connection(autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_IN_USE])
        yield


# --- the platform and the template, through Django ---------------------------------------------------------


def migrate_platform(wanted: str) -> None:
    """The platform's own tables, through Django."""
    with context.platform():
        _execute(_executor(), {config.label for config in apps.get_app_configs()})
    with database.owner_connection() as connection:
        connection.execute(database.grants(context.PUBLIC, app_role=database.app_role()))
        connection.execute(_state_statement(context.PUBLIC, wanted, 0))


def migrate_template(wanted: str) -> None:
    """Migrate the template school and write what it took to the ledger. Raises UnsafeMigration."""
    with database.owner_connection() as connection:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE)))
    with context.activated(TEMPLATE_SCHOOL):
        _execute(_executor(RecordingExecutor), set(school_apps()))
    with database.owner_connection() as connection:
        entries = ledger(connection)
        connection.execute(_state_statement(TEMPLATE, wanted, entries[-1].position if entries else 0))


def _execute(executor: MigrationExecutor, labels: set[str]) -> None:
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    MigrationRecorder(connections["owner"]).ensure_schema()
    executor.migrate(targets)


class RecordingExecutor(MigrationExecutor):
    """Applies migrations to the template and writes what each of them sent to the ledger, in one transaction:
    a run that dies anywhere leaves template and ledger in step."""

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        if migration.app_label not in school_apps():
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        if not migration.atomic:
            raise UnsafeMigration(
                f"{migration} is not atomic, but every school must have all of it or nothing: "
                "use AddIndex and no CONCURRENTLY (the tables of one school are small)"
            )
        statements: list[str] = []

        def hear(execute: Any, statement: Any, params: Any, many: bool, info: dict[str, Any]) -> Any:
            result = execute(statement, params, many, info)
            text = self._rendered(statement, params)
            if changes_something(text):
                statements.append(text)
            return result

        with transaction.atomic(using=self.connection.alias):
            with self.connection.execute_wrapper(hear):
                state = super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
            self._write(migration, statements)
        return state

    def _rendered(self, statement: Any, params: Any) -> str:
        text = statement.as_string(self.connection.connection) if hasattr(statement, "as_string") else str(statement)
        if not params:
            return text.strip().rstrip(";")
        with psycopg.ClientCursor(self.connection.connection) as cursor:
            return cursor.mogrify(text, params).strip().rstrip(";")

    def _write(self, migration: Migration, statements: list[str]) -> None:
        with context.platform(), self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tenants_fleetmigration (position, app, name, statements, needs_python, recorded_at) "
                "SELECT coalesce(max(position), 0) + 1, %s, %s, %s, %s, now() FROM tenants_fleetmigration",
                [migration.app_label, migration.name, ";\n".join(statements), needs_python(migration)],
            )


def needs_python(migration: Migration) -> bool:
    """Some of it reads or computes in Python, so its SQL on the empty template is not the SQL of a school."""
    return not all(_is_sql(operation) for operation in migration.operations)


def _is_sql(operation: Any) -> bool:
    if hasattr(operation, "database_operations"):
        return all(_is_sql(inner) for inner in operation.database_operations)
    return bool(operation.reduces_to_sql)


def changes_something(statement: str) -> bool:
    """Whether a school needs the statement too: not the questions, savepoints and records of the executor."""
    first = statement.lstrip().split(None, 1)[:1]
    if not first or first[0].upper() in {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW"}:
        return False
    return 'INTO "django_migrations"' not in statement and 'TABLE "django_migrations"' not in statement


# --- schools, as SQL -------------------------------------------------------------------------------------

MIGRATIONS_TABLE = (
    'CREATE TABLE "django_migrations" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, '
    '"app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" timestamp with time zone NOT NULL)'
)
# only a school that provisioning had finished: the others open when it does
REOPEN = "UPDATE public.tenants_school SET ready = true WHERE schema_name = {} AND owner_invited_at IS NOT NULL"


class Script:
    """The SQL that brings a school from one position to the end of the ledger: rendered once, run in every school."""

    def __init__(self, entries: list[Entry], wanted: str, *, position: int = 0) -> None:
        self.entries, self.wanted = entries, wanted
        self.position = entries[-1].position if entries else position
        self.in_python = [f"{entry.app}.{entry.name}" for entry in entries if entry.needs_python]
        self._replay = ";\n".join(_replay(entries))
        self._protects = any(table in self._replay for table in settings.APPEND_ONLY_TABLES)

    def for_school(self, schema: str, *, reopen: bool = False) -> str:
        """One message and so one transaction: changes, recorded migrations, state."""
        parts = [*_prologue(schema), self._replay, *self.epilogue(schema, reopen=reopen)]
        return ";\n".join(part for part in parts if part)

    def for_new_school(self, schema: str) -> str:
        create = sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)).as_string()
        grants = database.grants(schema, app_role=database.app_role()).as_string()
        state = _state_statement(schema, self.wanted, self.position).as_string()
        parts = [create, *_prologue(schema), MIGRATIONS_TABLE, self._replay, grants, state]
        return ";\n".join(part for part in parts if part)

    def epilogue(self, schema: str, *, reopen: bool) -> list[str]:
        protections = database.protections(schema) if self._protects else []
        opening = [sql.SQL(REOPEN).format(sql.Literal(schema))] if reopen else []
        state = _state_statement(schema, self.wanted, self.position)
        return [part.as_string() for part in (*protections, *opening, state)]


def _prologue(schema: str) -> list[str]:
    path = sql.SQL("SET LOCAL search_path = {}, {}").format(sql.Identifier(schema), sql.Identifier(EXTENSIONS))
    return [f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'", path.as_string()]


def _replay(entries: list[Entry]) -> list[str]:
    if not entries:
        return []
    rows = sql.SQL(", ").join(
        sql.SQL("({}, {}, now())").format(sql.Literal(entry.app), sql.Literal(entry.name)) for entry in entries
    )
    recorded = sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES {}").format(rows).as_string()
    return [*(entry.statements for entry in entries if entry.statements), recorded]


def create_school(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Make the tables of a new school in the caller's transaction; False when there is no template yet."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [TEMPLATE_IN_USE])
    template = connection.execute(
        "SELECT fingerprint FROM public.tenants_fleetstate WHERE schema = %s AND state = 'done'", [TEMPLATE]
    ).fetchone()
    if template is None:
        return False
    connection.execute(Script(ledger(connection), template[0]).for_new_school(schema).encode())
    return True


def migrate_school(connection: psycopg.Connection[Any], school: Waiting, script: Script) -> None:
    """Bring one school to the end of the ledger, in one transaction, and open it if an earlier run had closed it.

    The connection commits by itself. Raises psycopg.Error or the migration's own error; the school is then as it was.
    """
    if script.in_python:
        _through_python(school, script)
    else:
        connection.execute(script.for_school(school.schema, reopen=school.was_fenced).encode())
    if school.was_fenced:
        _forget_hosts(school.schema)


def _through_python(school: Waiting, script: Script) -> None:
    """Django applies all that is pending, because some of it cannot be told as SQL."""
    with context.activated(context.Tenancy(schema=school.schema)), transaction.atomic(using="owner"):
        _execute(_executor(), set(school_apps()))
        with connections["owner"].cursor() as cursor:
            for statement in script.epilogue(school.schema, reopen=school.was_fenced):
                cursor.execute(statement)


def fence(schema: str, reason: str) -> None:
    """Close a school whose tables are not what the code expects; the next good run opens it again."""
    with context.platform(), transaction.atomic():
        FleetState.objects.filter(schema=schema).update(state=FleetState.State.FAILED, error=reason)
        School.objects.filter(schema_name=schema).update(ready=False)
    _forget_hosts(schema)


def _forget_hosts(schema: str) -> None:
    from . import hosts

    with context.platform():
        for school in School.objects.filter(schema_name=schema):
            hosts.forget(school)


def _state_statement(schema: str, wanted: str, position: int) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO public.tenants_fleetstate (schema, fingerprint, position, state, error, changed_at) "
        "VALUES ({}, {}, {}, 'done', '', now()) ON CONFLICT (schema) DO UPDATE SET fingerprint = excluded.fingerprint, "
        "position = excluded.position, state = 'done', error = '', changed_at = now()"
    ).format(sql.Literal(schema), sql.Literal(wanted), sql.Literal(position))
