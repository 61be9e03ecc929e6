"""When a statement names another school's table, PostgreSQL itself refuses it."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from apps.tenants.context import activated, platform
from apps.tenants.names import role_of


def run(statement, params=None):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM s_curie.accounts_user",
        "INSERT INTO s_curie.accounts_user (id) VALUES (gen_random_uuid())",
        "UPDATE s_curie.accounts_user SET department = ''",
        "DELETE FROM s_curie.accounts_user",
        "TRUNCATE s_curie.accounts_user",
        "SELECT * FROM public.tenants_school",
        "SELECT * FROM public.accounts_user",
        "SELECT * FROM template_school.accounts_user",
        "CREATE TABLE s_lumiere.stolen (id int)",
        "CREATE TABLE extensions.stolen (id int)",
        "CREATE SCHEMA stolen",
        "ALTER TABLE s_lumiere.accounts_user ADD COLUMN stolen int",
        "DROP TABLE s_lumiere.accounts_user",
    ],
)
def test_a_school_reaches_its_own_rows_and_nothing_else(lumiere, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(statement)


def test_a_school_reaches_its_own_table_by_name(lumiere):
    """The control: the same statement on its own schema is fine."""
    assert run("SELECT count(*) FROM s_lumiere.accounts_user")[0][0] >= 1


def test_the_platform_does_not_read_schools(db):
    with platform(), pytest.raises(ProgrammingError, match="permission denied"):
        run("SELECT * FROM s_lumiere.accounts_user")


def test_a_wrong_path_gives_an_error_not_another_schools_rows(lumiere):
    """The path forced to the other school, the role still the right one: no row comes back."""
    with pytest.raises(ProgrammingError, match=r"does not exist|permission denied"):
        run("SET LOCAL search_path = s_curie; SELECT * FROM accounts_user")


@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", settings.APPEND_ONLY_TABLES)
@pytest.mark.parametrize("place", ["school", "platform"])
def test_the_audit_trail_cannot_be_changed(lumiere, place, table, act):
    is_there = place == "school" or not table.startswith("money_")  # the platform has no ledger
    refused = "permission denied" if is_there else "does not exist"
    with activated(lumiere) if place == "school" else platform(), pytest.raises(Exception, match=refused):
        run(act.format(table))


def test_the_role_of_a_school_has_no_way_to_another(lumiere):
    """Membership is the application's, which names the role at every statement; the school's role has none."""
    rows = run(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
        [role_of("s_lumiere")],
    )
    assert rows == [(0,)]


def test_roles_cannot_sign_in(lumiere):
    rows = run("SELECT bool_or(rolcanlogin) FROM pg_roles WHERE rolname LIKE 'school\\_%%' AND %s", [True])
    assert rows == [(False,)]
