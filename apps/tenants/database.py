"""Roles, schemas and grants: the part of the database that no migration owns. All of it idempotent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from .names import EXTENSIONS, PLATFORM_ROLE, role_of

EXTENSION_NAMES = ("pg_trgm", "unaccent", "btree_gist")


def owner_dsn() -> str:
    """How the owner of the tables connects: directly, past any pooler."""
    entry = settings.DATABASES["owner"]
    wanted = {
        "host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"],
        "password": entry["PASSWORD"], "dbname": entry["NAME"],
    }  # fmt: skip
    return psycopg.conninfo.make_conninfo(**{key: value for key, value in wanted.items() if value})


@contextmanager
def owner_connection(**options: Any) -> Iterator[psycopg.Connection]:
    """A plain connection as owner, for DDL. Commits when the block ends well, else rolls back."""
    with psycopg.connect(owner_dsn(), **options) as connection:
        yield connection


def _create_role(cursor: psycopg.Cursor, role: str, attributes: str) -> None:
    """CREATE ROLE has no IF NOT EXISTS; roles are shared by all databases of a server."""
    cursor.execute(
        sql.SQL("DO $$ BEGIN CREATE ROLE {} {}; EXCEPTION WHEN duplicate_object THEN NULL; END $$").format(
            sql.Identifier(role), sql.SQL(attributes)
        )
    )


def prepare(connection: psycopg.Connection, *, app_role: str) -> None:
    """Extensions, the platform's role, and a login role that by itself sees nothing.

    `connection` belongs to the owner. Safe to repeat. The login role is created without a password when it
    does not exist (socket or certificate sign-in); elsewhere create it beforehand.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(EXTENSIONS)))
        for name in EXTENSION_NAMES:
            cursor.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {}").format(
                    sql.Identifier(name), sql.Identifier(EXTENSIONS)
                )
            )
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO PUBLIC").format(sql.Identifier(EXTENSIONS)))
        cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _create_role(cursor, PLATFORM_ROLE, "NOLOGIN")
        _create_role(cursor, app_role, "LOGIN NOINHERIT")
        grant_school(cursor, "public", app_role=app_role)
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [app_role])
        if cursor.fetchone():
            for setting, value in (("search_path", "no_school_selected"), ("timezone", "UTC")):
                cursor.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(
                        sql.Identifier(app_role), sql.Identifier(setting), sql.Literal(value)
                    )
                )


def grant_school(cursor: psycopg.Cursor, schema: str, *, app_role: str) -> None:
    """Create the role of this schema and let it use the schema's tables, present and future."""
    role, where = sql.Identifier(role_of(schema)), sql.Identifier(schema)
    _create_role(cursor, role_of(schema), "NOLOGIN")
    for statement in (
        "GRANT {role} TO {app}",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        cursor.execute(sql.SQL(statement).format(role=role, schema=where, app=sql.Identifier(app_role)))
    protect_append_only(cursor, schema)


def protect_append_only(cursor: psycopg.Cursor, schema: str) -> None:
    """The audit trail can be added to and read, never changed, by the application's roles (AUD-1)."""
    for table in settings.APPEND_ONLY_TABLES:
        cursor.execute("SELECT to_regclass(format('%%I.%%I', %s::text, %s::text))", [schema, table])
        if cursor.fetchone() != (None,):
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {}.{} FROM {}").format(
                    sql.Identifier(schema), sql.Identifier(table), sql.Identifier(role_of(schema))
                )
            )
