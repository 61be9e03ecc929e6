"""No statement of the application runs or waits for long, whatever school it works for (SEC-1)."""

import pytest
from django.db import connection, transaction
from psycopg import sql

from apps.tenants.context import activated, platform
from apps.tenants.database import owner_connection
from tests.conftest import client_for
from tests.people import admin

LIMITS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min"}


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_hold_in_every_school_and_on_the_platform(lumiere, curie, name):
    assert shown(name) == LIMITS[name]
    with activated(curie):
        assert shown(name) == LIMITS[name]
    with platform():
        assert shown(name) == LIMITS[name]


def test_the_owner_has_no_limit_of_ours(db):
    """A migration of a large table may take its time."""
    with owner_connection() as owner:
        assert owner.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_a_wider_limit_ends_with_its_transaction(new_school):
    with activated(new_school()):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10min'")
            assert shown("statement_timeout") == "10min"
        assert shown("statement_timeout") == "30s"


@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout"])
def test_a_statement_that_takes_too_long_ends_in_a_page(lumiere, limit):
    """Somebody holds the table; the limit is made short, so that the test is quick."""
    client = client_for(lumiere, raise_request_exception=False)
    client.force_login(admin())
    with owner_connection() as owner:
        table = sql.Identifier(lumiere.schema_name, "campuses_campus")
        owner.execute("SET LOCAL lock_timeout = '5s'")
        owner.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table))
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {limit} = '200ms'")
        answer = client.get("/campuses/")
    assert answer.status_code == 500
    assert "bare-page" in answer.content.decode(), "our own page"
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "canceling" not in answer.content.decode()
