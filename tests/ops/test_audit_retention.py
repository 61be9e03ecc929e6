"""Old audit entries go at night, each school's after its own time; everything else stays append-only (AUD-1)."""

from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError
from django.utils import timezone
from psycopg import sql

from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.core.actor import Actor
from apps.ops import retention
from apps.ops.tasks import audit_retention
from apps.tenants.context import PLATFORM, activated, platform, tenancy_of
from apps.tenants.database import owner_connection

ACTOR = Actor.system("tests")
APPLIED = "audit.retention_applied"


def tell(act, days, *, times=1):
    """Events of that many days ago."""
    for _ in range(times):
        record(actor=ACTOR, act=act, at=timezone.now() - timedelta(days=days))


def left(act):
    return AuditEvent.objects.filter(act=act).count()


def apply(school, days=1095, **options):
    return retention.apply(tenancy_of(school), days=days, now=timezone.now(), **options)


@pytest.fixture
def school(new_school):
    school = new_school()
    with activated(school):
        yield school


def age_row_changes(school, days):
    """Row changes are dated by the database library; only the owner can make one old."""
    with owner_connection() as owner:
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        table = sql.Identifier(school.schema_name, "auditlog_logentry")
        changed = owner.execute(
            sql.SQL("UPDATE {} SET timestamp = timestamp - %s").format(table), [timedelta(days=days)]
        )
        return changed.rowcount


def test_what_is_older_goes_and_nothing_newer(school):
    before = AuditEvent.objects.count()
    tell("tests.old", 1096, times=3)
    tell("tests.new", 1094, times=2)
    outcome = apply(school)
    assert (outcome.events, outcome.row_changes) == (3, 0)
    assert (left("tests.old"), left("tests.new")) == (0, 2)
    assert AuditEvent.objects.count() == before + 2 + 1, "and one event that tells it"


def test_row_changes_go_too(school):
    from auditlog.models import LogEntry

    rows = age_row_changes(school, 1096)
    assert rows, "the school comes with an owner, whose row is tracked"
    assert apply(school).row_changes == rows
    assert not LogEntry.objects.exists()


def test_one_event_tells_it_and_a_second_run_does_nothing(school):
    tell("tests.old", 1096, times=5)
    assert apply(school, chunk=2).events == 5
    event = AuditEvent.objects.get(act=APPLIED)
    assert (event.data["events"], event.data["row_changes"], event.data["days"]) == (5, 0, 1095)
    assert apply(school).total == 0
    assert left(APPLIED) == 1


def test_the_dry_run_says_what_the_run_does(school):
    tell("tests.old", 1096, times=5)
    age_row_changes(school, 1096)
    said = apply(school, dry_run=True)
    assert said.total > 5
    assert (left("tests.old"), left(APPLIED)) == (5, 0), "it changes nothing"
    assert apply(school, chunk=2) == said


def test_killed_half_way_it_is_on_record_and_the_next_goes_on(school, monkeypatch):
    tell("tests.old", 1096, times=5)
    calls = []

    def killed(owner, *args):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(1)
        return whole(owner, *args)

    whole = retention._delete_chunk
    with monkeypatch.context() as broken:
        broken.setattr(retention, "_delete_chunk", killed)
        with pytest.raises(KeyboardInterrupt):
            apply(school, chunk=2)
    assert left("tests.old") == 1
    assert AuditEvent.objects.get(act=APPLIED).data["events"] == 4
    assert apply(school, chunk=2).events == 1
    told = [event.data["events"] for event in AuditEvent.objects.filter(act=APPLIED)]
    assert sorted(told) == [1, 4], "together they tell of every entry"


def test_while_one_run_is_at_it_another_does_nothing(school):
    tell("tests.old", 1096)
    with owner_connection(autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [retention.RETAINING, school.schema_name])
        assert apply(school).total == 0
        other.execute("SELECT pg_advisory_unlock_all()")  # closing the connection lets go a moment later
    assert apply(school).events == 1


def test_afterwards_the_trail_is_as_closed_as_before(school):
    tell("tests.old", 1096)
    tell("tests.new", 1)
    apply(school)
    with pytest.raises(ProgrammingError, match="permission denied"):
        AuditEvent.objects.filter(act="tests.new").delete()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"), owner_connection() as owner:
        owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(school.schema_name, "audit_auditevent")))
    assert left("tests.new") == 1


def test_the_platform_keeps_its_own_for_three_years(school):
    with platform():
        tell("tests.platform", 1096)
    outcome = retention.apply(PLATFORM, days=1095, now=timezone.now())
    with platform():
        assert outcome.events >= 1
        assert left("tests.platform") == 0
    with owner_connection() as owner:
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        owner.execute("DELETE FROM public.audit_auditevent WHERE act = %s", [APPLIED])


def test_the_platform_s_job_takes_the_platform_s_only(school):
    tell("tests.old", 1096)
    with platform():
        tell("tests.platform", 1096)
    assert audit_retention() >= 1
    assert left("tests.old") == 1, "a school's are a line of its own table of periods: tests/rights/test_retention.py"
    with platform():
        assert left("tests.platform") == 0
    with owner_connection() as owner:
        owner.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        owner.execute("DELETE FROM public.audit_auditevent WHERE act = %s", [APPLIED])


def test_a_school_s_run_takes_both_kinds(school):
    tell("tests.old", 1096, times=3)
    rows = age_row_changes(school, 1096)
    assert [sum(retention.purge(name, timezone.now(), 1095)) for name in ("events", "row_changes")] == [3, rows]
