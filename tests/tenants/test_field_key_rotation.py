"""`manage.py rotate_field_keys`: every row of every school, in chunks, however often it was killed."""

import base64
import os
import signal
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from psycopg import sql

from apps.audit.models import AuditEvent
from apps.core import crypto
from apps.core.actor import Actor
from apps.core.errors import Forbidden
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform
from apps.tenants.database import owner_connection
from apps.tenants.services import field_keys
from apps.tenants.services.field_keys import rotate_field_keys
from tests.live import ROOT, database_url

SYSTEM = Actor.system("tests", surface="command")
OLD, NEW = (base64.b64encode(bytes(range(start, start + 32))).decode() for start in (200, 100))


def mails(count, cause="rotation") -> list[CommunicationLog]:
    rows = [
        CommunicationLog(template="x", cause=f"{cause}:{n}", to="a@b.example", state="sent", text=f"text {n}", html="h")
        for n in range(count)
    ]
    return CommunicationLog.objects.bulk_create(rows)


def keys_in_use() -> set[str]:
    """The ids of the keys that this school's mail is encrypted with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT split_part(text, '.', 2) FROM notifications_communicationlog WHERE text <> '' "
            "UNION SELECT split_part(html, '.', 2) FROM notifications_communicationlog WHERE html <> ''"
        )
        return {key for (key,) in cursor.fetchall()}


@pytest.fixture
def two_keys(settings, lumiere, curie):
    """Mail under the old key in two schools and on the platform; then a new key comes first."""
    first = settings.FIELD_KEYS  # what the demonstration's mail is under
    settings.FIELD_KEYS = [OLD, *first]
    mails(7)
    with activated(curie):
        mails(3)
    with platform():
        mails(2)
    settings.FIELD_KEYS = [NEW, OLD, *first]


def test_every_row_of_every_school_moves_and_the_old_key_can_go(two_keys, lumiere, curie, settings, monkeypatch):
    monkeypatch.setattr(field_keys, "CHUNK", 2)
    lines = []
    rotation = rotate_field_keys(actor=SYSTEM, now=timezone.now(), progress=lines.append)
    assert rotation.is_complete and rotation.encrypted >= 2 * (7 + 3 + 2)
    assert any(line.startswith("s_lumiere notifications.CommunicationLog.text: 2 of") for line in lines)
    settings.FIELD_KEYS = [NEW]
    for place in (activated(lumiere), activated(curie), platform()):
        with place:
            assert keys_in_use() == {crypto.newest_key()}
            assert {log.text for log in CommunicationLog.objects.filter(cause__startswith="rotation:")} >= {"text 1"}


def test_a_second_run_changes_nothing(two_keys):
    rotate_field_keys(actor=SYSTEM, now=timezone.now())
    lines = []
    again = rotate_field_keys(actor=SYSTEM, now=timezone.now(), progress=lines.append)
    assert (again.encrypted, again.is_complete, lines) == (0, True, [])


def test_the_platforms_trail_says_how_many(two_keys):
    rotation = rotate_field_keys(actor=SYSTEM, now=timezone.now())
    with platform():
        event = AuditEvent.objects.filter(act="platform.field_keys_rotated").latest("at")
    assert event.data == {"key": crypto.newest_key(), "values": rotation.encrypted, "complete": True}


def test_the_command_says_what_is_left(two_keys, settings):
    out = StringIO()
    with pytest.raises(CommandError, match=r"Older keys are still needed:\n  \d+ values"):
        call_command("rotate_field_keys", "--check", stdout=out)
    call_command("rotate_field_keys", stdout=out)
    assert "Older keys can be removed" in out.getvalue()
    call_command("rotate_field_keys", "--check", stdout=out)
    for key in settings.FIELD_KEYS:
        assert key not in out.getvalue()


def test_a_key_removed_too_early_is_told_and_nothing_is_lost(two_keys, settings):
    everything = settings.FIELD_KEYS
    settings.FIELD_KEYS = [key for key in everything if key != OLD]
    with pytest.raises(CommandError, match=r"s_lumiere \S+\.text: 7 values that no key opens"):
        call_command("rotate_field_keys", stdout=StringIO())
    settings.FIELD_KEYS = everything
    assert rotate_field_keys(actor=SYSTEM, now=timezone.now()).is_complete
    assert CommunicationLog.objects.get(cause="rotation:6").text == "text 6"


def test_values_that_no_key_opens_do_not_stop_the_others(two_keys, monkeypatch):
    monkeypatch.setattr(field_keys, "CHUNK", 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_communicationlog SET text = 's1.dead.AAAA' WHERE cause < 'rotation:4'")
        broken = cursor.rowcount
    rotation = rotate_field_keys(actor=SYSTEM, now=timezone.now())
    assert sum(rotation.unreadable.values()) == broken >= 4
    assert CommunicationLog.objects.get(cause="rotation:6").text == "text 6"
    assert crypto.newest_key() in keys_in_use()


def test_a_school_without_its_tables_does_not_stop_the_others(new_school, settings):
    broken, good = sorted((new_school(), new_school()), key=lambda school: school.slug)
    local = settings.FIELD_KEYS
    settings.FIELD_KEYS = [OLD, *local]
    with activated(good):
        mails(2)
    with owner_connection() as owner:
        owner.execute(
            sql.SQL("DROP TABLE {}").format(sql.Identifier(broken.schema_name, "notifications_communicationlog"))
        )
    settings.FIELD_KEYS = [*local, OLD]  # the key of the demonstration again: this run is not rolled back
    rotation = rotate_field_keys(actor=SYSTEM, now=timezone.now())
    assert rotation.failed == {broken.schema_name: "UndefinedTable"} and not rotation.is_complete
    with activated(good):
        assert keys_in_use() == {crypto.newest_key()}


def test_nobody_of_a_school_may(lumiere):
    with pytest.raises(Forbidden):
        rotate_field_keys(actor=Actor.anonymous(), now=timezone.now())


def test_a_run_that_was_killed_is_started_again(new_school, settings, tmp_path):
    """kill -9 while a chunk waits for a row: whole chunks are done, the rest is as it was, a second run ends it."""
    school = new_school()
    local = settings.FIELD_KEYS
    settings.FIELD_KEYS = [OLD]
    with activated(school):
        CommunicationLog.objects.all().delete()  # the owner's invitation
        written = {row.pk: row.text for row in mails(1_200, cause="kill")}
    ids = sorted(written)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url("default"),
        "DATABASE_OWNER_URL": database_url("owner"),
        "FIELD_KEYS": ",".join([NEW, OLD, *local]),
    }
    command = [sys.executable, "manage.py", "rotate_field_keys"]
    blocker = owner_connection()
    with blocker as held:
        table = sql.Identifier(school.schema_name, "notifications_communicationlog")
        held.execute(sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE").format(table), [ids[700]])
        run = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for line in run.stdout:
            if line.startswith(f"{school.schema_name} notifications.CommunicationLog.text: 500 of"):
                break
        run.send_signal(signal.SIGKILL)
        assert run.wait(timeout=30) == -signal.SIGKILL
        run.stdout.close()
    settings.FIELD_KEYS = [NEW, OLD, *local]
    assert _under(school, "text") == {"new": 500, "old": 700}
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert _under(school, "text") == _under(school, "html") == {"new": 1_200}
    with activated(school):
        assert {log.pk: log.text for log in CommunicationLog.objects.all()} == written
    settings.FIELD_KEYS = [*local, NEW, OLD]  # as the other tests expect it
    assert rotate_field_keys(actor=SYSTEM, now=timezone.now()).is_complete


def _under(school, column) -> dict[str, int]:
    query = sql.SQL(
        "SELECT CASE split_part({0}, '.', 2) WHEN %s THEN 'new' ELSE 'old' END, count(*) FROM {1} "
        "WHERE cause LIKE 'kill:%%' GROUP BY 1"
    ).format(sql.Identifier(column), sql.Identifier(school.schema_name, "notifications_communicationlog"))
    with owner_connection() as held:
        return dict(held.execute(query, [crypto.newest_key()]).fetchall())
