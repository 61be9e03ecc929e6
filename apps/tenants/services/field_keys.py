"""Encrypted fields of every schema under the newest key: in chunks, resumable, safe to run beside the application."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from apps.audit.services import record
from apps.core import crypto
from apps.core.actor import Actor

from .. import context
from ..acts import FIELD_KEYS_ROTATED
from ..encrypted import EncryptedTextField, encrypted_fields
from ..models import School
from ..permissions import ROTATE_KEYS

CHUNK = 500  # rows in one transaction
Progress = Callable[[str], None]


@dataclass
class Rotation:
    """What a run found. `still_old` counts values of other keys that a run without writing would change."""

    encrypted: int = 0
    still_old: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)  # place -> values that no key opens; left as they are
    failed: dict[str, str] = field(default_factory=dict)  # schema -> why nothing could be read there

    @property
    def is_complete(self) -> bool:
        """Every value is under the newest key: the other keys can go."""
        return not (self.still_old or self.unreadable or self.failed)


@dataclass(frozen=True)
class _Column:
    """One encrypted column in one schema."""

    schema: str
    field: EncryptedTextField

    @property
    def label(self) -> str:
        return f"{self.schema} {self.field.model._meta.label}.{self.field.name}"

    def statement(self, template: str) -> sql.Composed:
        meta = self.field.model._meta
        assert self.field.column is not None and meta.pk is not None
        names = {"table": meta.db_table, "column": self.field.column, "key": str(meta.pk.column)}
        return sql.SQL(template).format(**{name: sql.Identifier(value) for name, value in names.items()})


COUNT = "SELECT count(*) FROM {table} WHERE {column} <> '' AND left({column}, %s) <> %s"
FIRST_ROWS = (
    "SELECT {key}, {column} FROM {table} WHERE {column} <> '' AND left({column}, %s) <> %s "
    "ORDER BY {key} LIMIT %s FOR UPDATE"
)
NEXT_ROWS = FIRST_ROWS.replace("ORDER BY", "AND {key} > %s ORDER BY")
WRITE = "UPDATE {table} SET {column} = %s WHERE {key} = %s"


def rotate_field_keys(
    *, actor: Actor, now: datetime, only_count: bool = False, progress: Progress = lambda line: None
) -> Rotation:
    """Encrypt every encrypted value again that is not under the newest key. Raises Forbidden.

    A run that was killed is simply started again: what it did is done, each chunk is its own transaction. Rows that are
    written meanwhile are under the newest key already. A value that no key opens is reported and left as it is.
    """
    ROTATE_KEYS.require(actor)
    rotation = Rotation()
    for tenancy in _schemas():
        with context.activated(tenancy):
            try:
                for column in _columns(tenancy):
                    _rotate_column(column, rotation, only_count=only_count, progress=progress)
            except DatabaseError as fault:  # a school that is fenced, or being made: the others go on
                rotation.failed[tenancy.schema] = type(fault.__cause__ or fault).__name__
                progress(f"{tenancy.schema}: {rotation.failed[tenancy.schema]}")
    if rotation.encrypted:
        with context.platform():
            figures = {
                "key": crypto.newest_key(),
                "values": rotation.encrypted,
                "complete": rotation.is_complete,
            }
            record(actor=actor, act=FIELD_KEYS_ROTATED, data=figures, at=now)
    return rotation


def _schemas() -> Iterator[context.Tenancy]:
    """The platform, and every school that still has tables, whatever its status."""
    yield context.PLATFORM
    with context.platform():
        kept = School.objects.exclude(status=School.Status.PURGED).order_by("slug")
        schools = [context.tenancy_of(school) for school in kept]
    yield from schools


def _columns(tenancy: context.Tenancy) -> list[_Column]:
    home = settings.SHARED_APPS if tenancy.is_platform else settings.TENANT_APPS
    return [
        _Column(tenancy.schema, one)
        for config in apps.get_app_configs()
        if config.name in home
        for model in config.get_models()
        for one in encrypted_fields(model)
    ]


def _rotate_column(column: _Column, rotation: Rotation, *, only_count: bool, progress: Progress) -> None:
    waiting = _count(column)
    if not waiting:
        return
    progress(f"{column.label}: {waiting} not under the newest key")
    if only_count:
        rotation.still_old += waiting
        return
    after, seen = None, 0
    while True:
        with transaction.atomic():
            rows = _next_rows(column, after)
            for key, sealed in rows:
                _encrypt_again(column, key, sealed, rotation)
        if not rows:
            return
        after, seen = rows[-1][0], seen + len(rows)
        progress(f"{column.label}: {seen} of {max(seen, waiting)}")


def _newest_prefix() -> list[Any]:
    prefix = f"{crypto.FORMAT}.{crypto.newest_key()}."
    return [len(prefix), prefix]


def _count(column: _Column) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(column.statement(COUNT), _newest_prefix())
        return int(cursor.fetchone()[0])


def _next_rows(column: _Column, after: Any) -> list[tuple[Any, str]]:
    """The next rows by key, locked: who writes one of them waits for this chunk or is waited for."""
    with connection.cursor() as cursor:
        if after is None:
            cursor.execute(column.statement(FIRST_ROWS), [*_newest_prefix(), CHUNK])
        else:
            cursor.execute(column.statement(NEXT_ROWS), [*_newest_prefix(), after, CHUNK])
        return cursor.fetchall()


def _encrypt_again(column: _Column, key: Any, sealed: str, rotation: Rotation) -> None:
    place = column.field.place(column.schema, key)
    try:
        fresh = crypto.seal(crypto.unseal(sealed, place), place)
    except crypto.CannotOpen:
        rotation.unreadable[column.label] = rotation.unreadable.get(column.label, 0) + 1
        return
    with connection.cursor() as cursor:
        cursor.execute(column.statement(WRITE), [fresh, key])
    rotation.encrypted += 1
