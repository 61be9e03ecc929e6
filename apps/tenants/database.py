"""Roles, schemas and grants: the part of the database that no migration owns. All of it idempotent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from .names import EXTENSIONS, NOWHERE, role_of

EXTENSION_NAMES = ("pg_trgm", "unaccent", "btree_gist")
PREPARING = 7_245_100  # advisory lock: one preparation at a time
OLDEST_SERVER = 150_000
LOGIN_ROLE = {
    "search_path": NOWHERE,
    "TimeZone": "UTC",
    # limits of the application, not of the owner: a migration may take its time. They belong to the login role,
    # so they hold in whatever school a statement runs and behind a pooler; `SET LOCAL` widens one transaction.
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


class DatabaseProblem(RuntimeError):
    """The server is not as it must be; the message says what to do."""


def owner_dsn() -> str:
    """How the owner of the tables connects: directly, past any pooler."""
    entry = settings.DATABASES["owner"]
    wanted = {
        "host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"],
        "password": entry["PASSWORD"], "dbname": entry["NAME"],
    }  # fmt: skip
    options = {key: value for key, value in entry.get("OPTIONS", {}).items() if key != "as_owner"}
    return psycopg.conninfo.make_conninfo(**{key: str(value) for key, value in {**wanted, **options}.items() if value})


def app_role() -> str:
    """The login role of the application."""
    return settings.DATABASES["default"]["USER"] or settings.DATABASES["owner"]["USER"]


@contextmanager
def owner_connection(**options: Any) -> Iterator[psycopg.Connection]:
    """A plain connection as owner, for DDL. Commits when the block ends well, else rolls back."""
    with psycopg.connect(owner_dsn(), **options) as connection:
        yield connection


def _compose(template: str, **names: str) -> sql.Composed:
    return sql.SQL(template).format(**{key: sql.Identifier(name) for key, name in names.items()})


def _creation(role: str, attributes: str) -> sql.Composed:
    """CREATE ROLE has no IF NOT EXISTS; roles are shared by all databases of a server."""
    return _compose(
        f"DO $$ BEGIN CREATE ROLE {{role}} {attributes}; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        role=role,
    )


def prepare(connection: psycopg.Connection, *, app_role: str) -> None:
    """Extensions, the platform's role, and a login role that by itself sees nothing.

    `connection` belongs to the owner: a superuser, or the owner of the database with CREATEROLE. Safe to
    repeat. The login role is created without a password when it does not exist (socket or certificate
    sign-in); elsewhere create it beforehand, NOINHERIT. Raises DatabaseProblem.
    """
    if connection.info.server_version < OLDEST_SERVER:
        raise DatabaseProblem("PostgreSQL 15 or newer is needed.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PREPARING])
        _prepare_extensions(cursor)
        cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        cursor.execute(_creation(app_role, "LOGIN NOINHERIT"))
        cursor.execute(grants("public", app_role=app_role))
        _close_login_role(cursor, app_role)


def _prepare_extensions(cursor: psycopg.Cursor) -> None:
    cursor.execute(_compose("CREATE SCHEMA IF NOT EXISTS {where}", where=EXTENSIONS))
    for name in EXTENSION_NAMES:
        cursor.execute(_compose("CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {where}", name=name, where=EXTENSIONS))
    cursor.execute(_compose("GRANT USAGE ON SCHEMA {where} TO PUBLIC", where=EXTENSIONS))


def _close_login_role(cursor: psycopg.Cursor, app_role: str) -> None:
    """The login role inherits nothing, its path names no schema, and no statement of it runs or waits for long."""
    cursor.execute(
        "SELECT rolinherit, rolsuper, coalesce(rolconfig, '{}'), rolname = current_user "
        "FROM pg_roles WHERE rolname = %s",
        [app_role],
    )
    inherits, is_superuser, known, is_owner = cursor.fetchone() or (True, False, [], False)
    if is_owner:
        return  # one role for everything: a developer's own server, without the second wall
    if is_superuser:
        raise DatabaseProblem(f"The application signs in as {app_role}, a superuser: give it a role of its own.")
    changes = [
        *([_compose("ALTER ROLE {role} NOINHERIT", role=app_role)] if inherits else []),
        *(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(app_role), sql.Identifier(name), value)
            for name, value in LOGIN_ROLE.items()
            if f"{name}={value}" not in known
        ),
    ]
    try:
        for change in changes:
            cursor.execute(change)
    except psycopg.errors.InsufficientPrivilege as error:
        commands = "\n".join(f"  {change.as_string(cursor)};" for change in changes)
        raise DatabaseProblem(
            f"The owner may not change the role {app_role}. Run this once as a superuser:\n{commands}"
        ) from error


def grants(schema: str, *, app_role: str) -> sql.Composed:
    """One script: the role of this schema, which may use its tables, present and future, and nothing else."""
    statements = [
        _creation(role_of(schema), "NOLOGIN"),
        *(
            _compose(statement, role=role_of(schema), schema=schema, app=app_role)
            for statement in (
                "GRANT {role} TO {app}",
                "GRANT USAGE ON SCHEMA {schema} TO {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
                "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
                "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            )
        ),
        *protections(schema),
    ]
    return sql.SQL(";\n").join(statements)


def protections(schema: str) -> list[sql.Composed]:
    """The audit trail can be added to and read, never changed, by the application's roles (AUD-1)."""
    return [
        sql.SQL(
            "DO $$ BEGIN IF to_regclass({name}) IS NOT NULL THEN "
            "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}; END IF; END $$"
        ).format(
            name=sql.Literal(f"{schema}.{table}"),
            table=sql.Identifier(schema, table),
            role=sql.Identifier(role_of(schema)),
        )
        for table in settings.APPEND_ONLY_TABLES
    ]
