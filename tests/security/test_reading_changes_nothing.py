"""A link, an image or a prefetch changes nothing: every address is opened, every write counted (ASVS 3.5.3)."""

from django.db import connection

from tests.architecture.routes import SCHOOL
from tests.conftest import client_for
from tests.people import owner
from tests.security.conftest import address

# what opening an address may write: the trail of taking data away, and a journey to Microsoft that must come back
ALLOWED = {
    "portal:people_export": {"audit_auditevent"},
    "audit:event_export": {"audit_auditevent"},
    "directory:run_export": {"audit_auditevent"},
    "directory:history_export": {"audit_auditevent"},
    "roster:export": {"audit_auditevent"},
    "roster:failed_rows": {"audit_auditevent"},
    "accounts:consent_export": {"audit_auditevent"},
    "accounts:microsoft_link": {"accounts_signinflow"},
    "outgoing:delivery_content": {"audit_auditevent"},  # the content speaks of people: looking at it is in the trail
}
SEEN = {"accounts_session"}  # that a session was used is noted on it, once a minute


def writes() -> dict[str, int]:
    """Of each table of the school: rows this transaction has added, changed and deleted, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE schemaname = current_schema()"
        )
        return dict(cursor.fetchall())


def changed_by(client, path) -> set[str]:
    before = writes()
    answer = client.get(path)
    if answer.streaming:
        list(answer.streaming_content)
    after = writes()
    return {name for name in before if before[name] != after[name]}


def test_no_get_writes(lumiere, ids):
    client = client_for(lumiere)
    client.force_login(owner())
    changes = {route.name: changed_by(client, address(route, ids)) - SEEN for route in SCHOOL}
    assert {name: tables for name, tables in changes.items() if tables - ALLOWED.get(name, set())} == {}
    assert {name for name, tables in changes.items() if tables} == set(ALLOWED), "a control, and no stale allowance"
