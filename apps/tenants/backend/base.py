"""ENGINE = "apps.tenants.backend": django-tenants behind a transaction pooler, without session state.

Every statement leaves as ONE simple-protocol message:

    SET LOCAL ROLE "school_x"; SET LOCAL search_path = "x", extensions; <statement>

One message is one (implicit or explicit) transaction on one server connection, whatever a pooler does. The
school is read when the statement is executed. Nothing is remembered, cached or reset per connection, so
rollback, savepoint, reconnect and return to a pool need no care: there is nothing that could leak.

The role is the second wall: PostgreSQL itself refuses another school's tables to it, even when a statement
names them. Outside of every school the path names no schema and no role is taken, so nothing is visible.
"""

import re
from functools import lru_cache
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.base import TIMESTAMPTZ_OID, Format
from django.db.backends.postgresql.base import Cursor as DjangoCursor
from django.db.backends.postgresql.base import DatabaseWrapper as DjangoWrapper
from django.db.backends.postgresql.base import ServerSideCursor as DjangoServerSideCursor
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.utils.asyncio import async_unsafe
from psycopg import pq, sql

from .. import context
from ..names import EXTENSIONS, NOWHERE, role_of

IDLE, INERROR = pq.TransactionStatus.IDLE, pq.TransactionStatus.INERROR
SESSION_STATE = re.compile(
    rb"\s*(?:SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)|RESET\b|DISCARD\b|LISTEN\b|UNLISTEN\b"
    rb"|PREPARE\s+(?!TRANSACTION\b)|DECLARE\b[^;]*\bWITH\s+HOLD\b|SELECT\s+(?:pg_catalog\.)?set_config\b)",
    re.IGNORECASE,
)


class UnsafeSessionState(psycopg.ProgrammingError):
    """A statement would leave state on a server connection that another school uses next."""


class _Pinned:
    """Calls of the extended protocol (one statement per message) pin the path inside a transaction."""

    tenant_db: "DatabaseWrapper | None" = None
    connection: psycopg.Connection[Any]

    def _pin(self) -> None:
        if self.tenant_db is None:
            return
        if self.connection.autocommit and self.connection.info.transaction_status == IDLE:
            raise UnsafeSessionState("executemany, copy, stream and named cursors need transaction.atomic()")
        if self.connection.info.transaction_status != INERROR:
            with self.connection.cursor() as cursor:
                cursor.execute(self.tenant_db.statement_prefix().rstrip(b"; "))


class SchoolCursor(_Pinned, DjangoCursor):
    """Reads the school at execution and sends it with the statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        db = self.tenant_db
        if db is None:  # a raw psycopg cursor: no school; the login role sees nothing
            return super().execute(query, params, **options)
        statement = _as_bytes(query, self)
        if self.connection.info.transaction_status == INERROR:
            return super().execute(statement, params, **options)  # only ROLLBACK can succeed here
        if SESSION_STATE.match(statement):
            raise UnsafeSessionState(f"session-level statement refused: {statement[:60]!r}")
        prefix = db.statement_prefix()
        super().execute((prefix.replace(b"%", b"%%") if params is not None else prefix) + statement, params)
        for _ in range(db.prefix_results):
            self.nextset()  # step over the results of the SET LOCALs
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> Any:
        self._pin()
        return super().executemany(query, params_seq, **options)

    def stream(self, query: Any, params: Any = None, **options: Any) -> Any:
        self._pin()
        return super().stream(query, params, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        self._pin()
        return super().copy(statement, params, **options)


class SchoolServerSideCursor(_Pinned, DjangoServerSideCursor):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        self._pin()
        return super().execute(query, params, **options)


@lru_cache(maxsize=4096)
def prefix_of(schema: str, as_owner: bool) -> bytes:
    if not schema:
        return f'SET LOCAL search_path = "{NOWHERE}"; '.encode()
    role = role_of(schema)  # refuses a name that is not a schema of ours
    path = f'SET LOCAL search_path = "{schema}", {EXTENSIONS}; '
    return (path if as_owner else f'SET LOCAL ROLE "{role}"; {path}').encode()


def _as_bytes(query: Any, cursor: Any) -> bytes:
    if isinstance(query, bytes):
        return query
    if isinstance(query, sql.Composable):
        return query.as_bytes(cursor)
    return str(query).encode()


class DatabaseWrapper(DjangoWrapper):
    """`OPTIONS["as_owner"]`: a connection for DDL, which keeps its login role and only sets the path."""

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(settings_dict, *args, **kwargs)
        self.as_owner = bool(settings_dict.get("OPTIONS", {}).get("as_owner", False))

    def get_connection_params(self) -> dict[str, Any]:
        if self.settings_dict["OPTIONS"].get("server_side_binding"):
            raise ImproperlyConfigured("server_side_binding uses the extended protocol: no prefix is possible")
        params = super().get_connection_params()
        params.pop("as_owner", None)
        return {**params, "cursor_factory": SchoolCursor}

    # what django-tenants and its friends read; only apps.tenants.context changes it

    @property
    def tenant(self) -> context.Tenancy | None:
        return context.selected()

    @property
    def schema_name(self) -> str:
        return context.current_schema()

    def set_tenant(self, *args: Any, **kwargs: Any) -> None:
        raise UnsafeSessionState("select a school with apps.tenants.context.activated")

    set_schema = set_schema_to_public = set_tenant

    # the prefix of every statement

    @property
    def prefix_results(self) -> int:
        return 1 if self.as_owner or not context.current_schema() else 2

    def statement_prefix(self) -> bytes:
        """The role and the path of the school selected now; a path without tables when none is."""
        return prefix_of(context.current_schema(), self.as_owner)

    # cursors

    @async_unsafe
    def create_cursor(self, name: str | None = None) -> Any:
        if name is None:
            cursor = super().create_cursor(None)
        else:
            cursor = SchoolServerSideCursor(self.connection, name=name, scrollable=False, withhold=False)
            if self.timezone != self.connection.adapters.get_loader(TIMESTAMPTZ_OID, Format.TEXT).timezone:
                register_tzloader(self.timezone, cursor)
        cursor.tenant_db = self
        return cursor

    @async_unsafe
    def chunked_cursor(self) -> Any:
        # a WITH HOLD cursor would be session state; outside of a transaction everything is read in one go
        return super().chunked_cursor() if self.in_atomic_block else self.cursor()
