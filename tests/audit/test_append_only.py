"""Two walls: the application's role is not granted changes, and a trigger refuses them to everybody else too."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core.actor import Actor
from apps.tenants.context import platform
from apps.tenants.database import owner_connection

TABLES = ["audit_auditevent", "auditlog_logentry"]
CHANGES = {
    "update": "UPDATE {} SET id = id",
    "delete": "DELETE FROM {}",
    "truncate": "TRUNCATE {}",
}
ACTOR = Actor.system("tests")


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("table", TABLES)
def test_the_application_is_not_granted_changes(lumiere, table, statement):
    record(actor=ACTOR, act="tests.done")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))
    assert AuditEvent.objects.filter(act="tests.done").exists(), "adding and reading still work"


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_the_same_on_the_platform(db, statement):
    with platform(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format("audit_auditevent"))


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("home", ["school", "public"])
def test_the_trigger_refuses_even_the_owner(lumiere, home, table, statement):
    schema = "public" if home == "public" else lumiere.schema_name
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"), owner_connection() as owner:
        owner.execute(sql.SQL(statement).format(sql.Identifier(schema, table)))


def test_maintenance_is_one_transaction_of_the_owner(lumiere):
    """The documented way past the trigger works, and ends with its transaction."""
    delete = sql.SQL("DELETE FROM {}").format(sql.Identifier(lumiere.schema_name, "audit_auditevent"))
    with owner_connection() as owner:
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        owner.execute(delete)
        owner.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(delete)


def test_the_application_cannot_take_the_maintenance_way(lumiere):
    cursor = connection.cursor()
    cursor.execute("SET LOCAL campanile.audit_maintenance = 'on'")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        cursor.execute("DELETE FROM audit_auditevent")
