"""A link, an image or a prefetch changes nothing: every address is opened, every row compared (ASVS 3.5.3)."""

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
}


def fingerprints() -> dict[str, str]:
    """A hash of all rows of each table of the school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            rows = f"SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM \"{name}\" t"
            cursor.execute(rows)
            found[name] = cursor.fetchone()[0]
    return found


def changed_by(client, path) -> set[str]:
    before = fingerprints()
    answer = client.get(path)
    if answer.streaming:
        list(answer.streaming_content)
    after = fingerprints()
    return {name for name in before if before[name] != after[name]}


def test_no_get_writes(lumiere, ids):
    client = client_for(lumiere)
    client.force_login(owner())
    changes = {route.name: changed_by(client, address(route, ids)) for route in SCHOOL}
    assert {name: tables for name, tables in changes.items() if tables - ALLOWED.get(name, set())} == {}
    assert {name for name, tables in changes.items() if tables} == set(ALLOWED), "a control, and no stale allowance"
