"""`manage.py prepare_database`: safe to repeat, and what it cannot do it explains."""

import uuid

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from psycopg import sql

from apps.tenants import database
from tests import databases


@pytest.fixture
def empty(django_db_setup, django_db_blocker):
    """A database without anything, owned by the owner."""
    usual, mine = settings.DATABASES["default"]["NAME"], f"campanile_empty_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        with databases.maintenance() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(mine)))
        databases.use(mine)
        yield mine
        databases.use(usual)
        databases.drop(mine)


@pytest.fixture
def some_role(django_db_setup, django_db_blocker):
    """A login role that somebody else made, carelessly."""
    name = f"careless_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock(), databases.maintenance() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN INHERIT").format(sql.Identifier(name)))
    yield name
    with django_db_blocker.unblock(), databases.maintenance() as cursor:
        cursor.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def prepare(app_role):
    with database.owner_connection() as owner:
        database.prepare(owner, app_role=app_role)


def test_it_can_be_repeated(empty):
    for _ in range(3):
        call_command("prepare_database", verbosity=0)
    with database.owner_connection() as owner:
        found = owner.execute(
            "SELECT extname FROM pg_extension WHERE extnamespace = 'extensions'::regnamespace ORDER BY extname"
        ).fetchall()
        everybody = owner.execute("SELECT has_schema_privilege('public', 'public', 'USAGE')").fetchone()
    assert [name for (name,) in found] == sorted(database.EXTENSION_NAMES)
    assert everybody == (False,), "the platform's schema is not open to every role"


def test_a_careless_login_role_is_closed(empty, some_role):
    """With INHERIT it would see every school at once, without choosing any."""
    prepare(some_role)
    with database.owner_connection() as owner:
        inherits, config = owner.execute(
            "SELECT rolinherit, rolconfig FROM pg_roles WHERE rolname = %s", [some_role]
        ).fetchone()
    assert not inherits
    assert set(config) == {
        "search_path=no_school_selected",
        "TimeZone=UTC",
        "statement_timeout=30s",
        "lock_timeout=10s",
        "idle_in_transaction_session_timeout=60s",
    }


def test_a_role_prepared_by_an_earlier_release_gets_what_is_new(empty, some_role):
    with databases.maintenance() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} NOINHERIT").format(sql.Identifier(some_role)))
        cursor.execute(sql.SQL("ALTER ROLE {} SET search_path = no_school_selected").format(sql.Identifier(some_role)))
    prepare(some_role)
    with database.owner_connection() as owner:
        [config] = owner.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [some_role]).fetchone()
    assert {"TimeZone=UTC", "statement_timeout=30s"} <= set(config)


def test_the_application_may_not_be_a_superuser(empty):
    with pytest.raises(database.DatabaseProblem, match="a role of its own"):
        prepare("postgres")


def test_a_role_that_is_not_ours_to_change_is_explained(empty, some_role, monkeypatch):
    """On a managed server an administrator makes the roles: the command says what they must run."""

    def refuses(cursor, statement, *args, _execute=psycopg.Cursor.execute, **options):
        if "ALTER ROLE" in (statement.as_string() if hasattr(statement, "as_string") else str(statement)):
            raise psycopg.errors.InsufficientPrivilege("permission denied to alter role")
        return _execute(cursor, statement, *args, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", refuses)
    with pytest.raises(database.DatabaseProblem, match=rf'(?s)as a superuser:.*ALTER ROLE "{some_role}" NOINHERIT;'):
        prepare(some_role)


def test_a_server_that_does_not_answer_is_explained(db, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["owner"], "HOST", "/nowhere")
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("prepare_database", verbosity=0)


def test_an_owner_without_rights_is_explained(some_role, empty, monkeypatch):
    with monkeypatch.context() as changed:
        changed.setitem(settings.DATABASES["owner"], "USER", some_role)
        with pytest.raises(CommandError, match="CREATEROLE"):
            call_command("prepare_database", verbosity=0)
