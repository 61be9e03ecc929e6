"""Role and path travel in the same message as the statement, whatever the transaction is doing."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DataError, InternalError

from apps.tenants import context
from apps.tenants.backend.base import UnsafeSessionState, prefix_of
from apps.tenants.context import activated, platform

WHERE = "SELECT current_user, current_schema(), current_query()"


def where():
    with connection.cursor() as cursor:
        cursor.execute(WHERE)
        return cursor.fetchone()


def test_the_message_names_role_and_path(new_school):
    school = new_school()
    with activated(school):
        role, schema, message = where()
    assert (role, schema) == (f"school_{school.schema_name}", school.schema_name)
    name = school.schema_name
    assert message == f'SET LOCAL ROLE "school_{name}"; SET LOCAL search_path = "{name}", extensions; {WHERE}'


def test_nothing_is_left_on_the_connection(new_school):
    """The path of the session itself is still the login role's default, outside of a transaction."""
    with activated(new_school()):
        where()
    with connection.connection.cursor() as raw:
        raw.tenant_db = None
        raw.execute("SELECT session_user = current_user, current_setting('search_path')")
        assert raw.fetchone() == (True, "no_school_selected")


def test_one_cursor_reads_the_school_at_execution(lumiere, curie):
    seen = []
    with connection.cursor() as cursor:
        for place in (activated(lumiere), activated(curie), platform(), activated(lumiere)):
            with place:
                cursor.execute("SELECT current_schema()")
                seen.append(cursor.fetchone()[0])
    assert seen == ["s_lumiere", "s_curie", "public", "s_lumiere"]


def test_parameters_and_percent_signs_survive(lumiere):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s, '100%%', 5 %% 3", ["a%b"])
        assert cursor.fetchone() == ("a%b", "100%", 2)
        cursor.execute("SELECT '100%'")
        assert cursor.fetchone() == ("100%",)


def test_rows_and_counts_are_those_of_the_statement(lumiere):
    from apps.accounts.models import User

    first = User.objects.create_user("one@lumiere.example", status="active")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET department = 'x' WHERE id = %s", [first.pk])
        assert cursor.rowcount == 1
        cursor.execute("SELECT email AS address FROM accounts_user WHERE id = %s", [first.pk])
        assert [column.name for column in cursor.description] == ["address"]


def test_an_aborted_transaction_can_be_left_by_its_savepoint(lumiere):
    with transaction.atomic():
        with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert where()[1] == "s_lumiere"


def test_in_an_aborted_transaction_the_error_is_postgresqls_own(lumiere):
    with transaction.atomic():
        point = transaction.savepoint()
        with connection.cursor() as cursor:
            with pytest.raises(DataError):
                cursor.execute("SELECT 1/0")
            with pytest.raises(InternalError, match="current transaction is aborted"):
                cursor.execute("SELECT 1")
        transaction.savepoint_rollback(point)
        assert where()[1] == "s_lumiere"


def test_a_rolled_back_savepoint_does_not_bring_back_an_earlier_school(lumiere, curie):
    with transaction.atomic():
        try:
            with transaction.atomic(), activated(curie):
                assert where()[1] == "s_curie"
                raise RuntimeError
        except RuntimeError:
            pass
        assert where()[1] == "s_lumiere"


@pytest.mark.parametrize("way", ["executemany", "copy", "stream"])
def test_calls_without_a_prefix_need_a_transaction(new_school, way):
    school = new_school()
    with activated(school), connection.cursor() as wrapped:
        cursor = wrapped.cursor
        with pytest.raises(UnsafeSessionState, match=r"transaction\.atomic"):
            use(cursor, way)
        with transaction.atomic():
            assert use(cursor, way) == school.schema_name


def use(cursor, way):
    """Ask for the current schema through the extended protocol."""
    if way == "executemany":
        cursor.executemany("SELECT current_schema(), %s::int", [(1,)], returning=True)
        return cursor.fetchone()[0]
    if way == "copy":
        with cursor.copy("COPY (SELECT current_schema()) TO STDOUT") as copy:
            return b"".join(bytes(block) for block in copy).decode().strip()
    return next(iter(list(cursor.stream("SELECT current_schema()"))))[0]


def test_a_named_cursor_reads_its_school(new_school):
    from apps.accounts.models import User

    school = new_school()
    with activated(school):
        outside = [user.email for user in User.objects.iterator(chunk_size=1)]
        with transaction.atomic():
            inside = [user.email for user in User.objects.iterator(chunk_size=1)]
    assert outside == inside == [f"owner@{school.slug}.example"]


@pytest.mark.parametrize(
    "statement",
    [
        "SET search_path = public",
        "set session search_path to public",
        "  SET ROLE postgres",
        "RESET ROLE",
        "RESET ALL",
        "DISCARD ALL",
        "LISTEN news",
        "UNLISTEN *",
        "PREPARE p AS SELECT 1",
        "SELECT set_config('search_path', 'public', false)",
        "SELECT pg_catalog.set_config('search_path', 'public', false)",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    ],
)
def test_state_that_would_outlive_the_statement_is_refused(lumiere, statement):
    with connection.cursor() as cursor, pytest.raises((UnsafeSessionState, ProgrammingError), match="refused"):
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["SET LOCAL lock_timeout = '1s'", "SET CONSTRAINTS ALL IMMEDIATE"])
def test_state_of_the_transaction_is_allowed(lumiere, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("schema", ['x"; DROP SCHEMA public; --', "S_UPPER", "1abc", "", "pg_catalog; select 1"])
def test_a_name_that_is_no_schema_of_ours_never_reaches_sql(schema):
    if not schema:
        assert b"no_school_selected" in prefix_of("", False)
        return
    with pytest.raises(ValueError, match="not a school's schema"):
        prefix_of(schema, False)


def test_the_ways_of_stock_django_tenants_are_closed(lumiere):
    for way in (connection.set_tenant, connection.set_schema, connection.set_schema_to_public):
        with pytest.raises(UnsafeSessionState):
            way(context.PLATFORM)


def test_server_side_binding_is_refused():
    from django.core.exceptions import ImproperlyConfigured

    from apps.tenants.backend.base import DatabaseWrapper

    wrapper = DatabaseWrapper({**connection.settings_dict, "OPTIONS": {"server_side_binding": True}}, "default")
    with pytest.raises(ImproperlyConfigured, match="extended protocol"):
        wrapper.get_connection_params()


def test_psycopg_is_in_client_side_binding(lumiere):
    """The reason why one message is enough: nothing is prepared on the server."""
    with connection.cursor() as cursor:
        assert isinstance(cursor.cursor, psycopg.ClientCursor)
