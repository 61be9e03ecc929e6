"""A table that is missing in a school is an error: it never falls through to the platform's table of that name."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from apps.tenants import database, fleet
from apps.tenants.context import activated, platform

TABLES = sorted(
    {model._meta.db_table for label in fleet.school_apps() for model in apps.get_app_config(label).get_models()}
)


def tables_of(schema):
    with database.owner_connection() as owner:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
    return {name for (name,) in rows}


@contextmanager
def without(school, table):
    """The school while it lacks one of its tables."""

    def rename(before, after):
        statement = sql.SQL("ALTER TABLE {} RENAME TO {}")
        with database.owner_connection() as owner:
            owner.execute(statement.format(sql.Identifier(school.schema_name, before), sql.Identifier(after)))

    rename(table, "gone")
    try:
        yield
    finally:
        rename("gone", table)


def count(school, table):
    with activated(school), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')


def test_each_tables_absence_is_an_error(new_school):
    school = new_school()
    for table in TABLES:
        count(school, table)
        with without(school, table), pytest.raises(ProgrammingError, match="does not exist"):
            count(school, table)


def test_tables_that_exist_in_both_are_the_reviewed_ones(new_school):
    """Each of these would have been a way to fall through; a new one is added here by somebody who thought of it."""
    both = tables_of(new_school().schema_name) & tables_of("public")
    assert both == {
        # the accounts of the platform's superadmins live in the same tables as a school's people
        "accounts_authenticator",
        "accounts_breakglasslink",
        "accounts_consentrecord",
        "accounts_consenttext",
        "accounts_customrole",
        "accounts_dataexport",
        "accounts_emailchange",
        "accounts_erasurecase",
        "accounts_guardianrequest",
        "accounts_halfsignin",
        "accounts_passkey",
        "accounts_passkeychallenge",
        "accounts_keptanswer",
        "accounts_recoverycode",
        "accounts_retentionrun",
        "accounts_servicecredential",
        "accounts_tombstone",
        "files_storedfile",
        "accounts_grant",
        "accounts_identity",
        "accounts_invitation",
        "accounts_session",
        "accounts_signinflow",
        "accounts_user",
        "audit_auditevent",
        "auditlog_logentry",
        "django_content_type",
        "django_migrations",
        "integrations_drainslot",
        "integrations_eventchange",
        "integrations_eventplan",
        "integrations_inboundalarm",
        "integrations_inboundevent",
        "integrations_schoolstate",
        "integrations_webhooksecret",
        "notifications_communicationlog",
        "notifications_mailroute",
        "notifications_owntext",
        "notifications_preference",
        "notifications_suppressedaddress",
        "outgoing_attempt",
        "outgoing_delivery",
        "outgoing_endpointalarm",
        "outgoing_endpointsecret",
        "outgoing_outgoingevent",
        "outgoing_webhookendpoint",
    }


def test_the_stock_path_would_have_fallen_through(new_school):
    """The control: with the path django-tenants uses, the platform's table answers for the school's."""
    school = new_school()
    with database.owner_connection() as owner:
        owner.execute(sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(school.schema_name)))
        owner.execute(sql.SQL("DROP TABLE {}.accounts_user CASCADE").format(sql.Identifier(school.schema_name)))
        assert owner.execute("SELECT count(*) >= 0 FROM accounts_user").fetchone() == (True,)
        owner.rollback()


def test_platform_tables_are_not_in_schools(new_school):
    with platform():
        own = {model._meta.db_table for model in apps.get_app_config("tenants").get_models()}
    assert not own & tables_of(new_school().schema_name)
