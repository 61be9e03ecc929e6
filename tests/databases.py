"""The test database: a copy of a template that is built once per set of migrations.

The template holds the platform, the template school and two provisioned schools, `lumiere` and `curie`. Its
name carries a hash of everything that shapes it, so a changed migration builds a new one.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import re
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

from apps.tenants import database

ROOT = Path(__file__).resolve().parents[1]
SCHOOLS = {"lumiere": "École Lumière", "curie": "Institut Curie"}


@functools.cache  # a file changed during a run must not change what the run works on
def fingerprint() -> str:
    """Changes when the schema, the seed or the way of building them changes."""
    digest = hashlib.sha256()
    folders = [Path(config.path) / "migrations" for config in apps.get_app_configs()]
    sources = [file for folder in sorted(folders) for file in sorted(folder.glob("*.py"))]
    sources += sorted((ROOT / "apps" / "tenants").rglob("*.py")) + [Path(__file__)]
    for file in sources:
        digest.update(file.name.encode() + file.read_bytes())
    for name in ("SHARED_APPS", "TENANT_APPS", "PASSWORD_HASHERS"):
        digest.update(repr(getattr(settings, name)).encode())
    return digest.hexdigest()[:12]


def use(name: str) -> None:
    """Point Django's two connections at this database."""
    connections.close_all()
    for alias in ("default", "owner"):
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def create_from_template() -> str:
    """A fresh database for this process; builds the template first when there is none."""
    template, mine = f"campanile_tpl_{fingerprint()}", f"campanile_{os.environ['TEST_RUN']}"
    lock = ROOT / ".run" / "template.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # one process builds, the others wait
        with maintenance() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
            if not cursor.fetchone():
                _build(cursor, template)
                _sweep(cursor, template)
            _drop(cursor, mine)
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(mine), sql.Identifier(template)
                )
            )
    use(mine)
    return mine


def drop(name: str) -> None:
    connections.close_all()
    with maintenance() as cursor:
        _drop(cursor, name)


@contextmanager
def maintenance():
    """The owner, outside of every test database."""
    dsn = psycopg.conninfo.make_conninfo(database.owner_dsn(), dbname="postgres")
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        yield cursor


def _drop(cursor: psycopg.Cursor, name: str) -> None:
    for _ in range(50):
        with suppress(psycopg.errors.InsufficientPrivilege):  # sessions of the application are still ending
            return _run(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        time.sleep(0.1)
    raise RuntimeError(f"somebody still works in {name}")


def _run(cursor: psycopg.Cursor, statement: str, name: str) -> None:
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _build(cursor: psycopg.Cursor, template: str) -> None:
    building = f"{template}_building"
    _drop(cursor, building)
    _run(cursor, "CREATE DATABASE {}", building)
    use(building)
    _fill()
    connections.close_all()
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template)))


def _sweep(cursor: psycopg.Cursor, current: str) -> None:
    """Drop templates of other migrations, and databases of runs that were killed."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'campanile\\_t%%'")
    for (name,) in cursor.fetchall():
        run = re.fullmatch(r"campanile_t(\d+)", name)
        if name.startswith("campanile_tpl_") and name != current or run and not Path(f"/proc/{run[1]}").exists():
            with contextlib.suppress(psycopg.Error):  # another run may be copying it now
                _run(cursor, "DROP DATABASE IF EXISTS {}", name)


def _fill() -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from apps.core.actor import Actor
    from apps.tenants.context import platform
    from apps.tenants.services import lifecycle, provisioning

    call_command("prepare_database", verbosity=0)
    call_command("migrate_fleet", verbosity=0)
    actor = Actor.system("tests", surface="command")
    with platform():
        for slug, name in SCHOOLS.items():
            school = provisioning.provision_school(
                actor=actor, slug=slug, name=name, owner_email=f"owner@{slug}.example", now=timezone.now()
            )
            lifecycle.activate(actor=actor, school_id=school.pk, now=timezone.now())
