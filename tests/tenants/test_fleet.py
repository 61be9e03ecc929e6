"""Migrations over all schools: the same tables as Django would make, one query for nothing, failures fenced."""

import json
import threading
import time
import uuid
from io import StringIO

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from apps.campuses.models import Campus
from apps.tenants import fleet
from apps.tenants.context import Tenancy, activated, platform
from apps.tenants.database import owner_connection
from apps.tenants.models import FleetMigration, FleetState, School
from apps.tenants.names import TEMPLATE
from apps.tenants.services.fleet import migrate_fleet
from tests import databases
from tests.conftest import client_for, forget_cached
from tests.tenants.catalogue import contents, differences
from tests.tenants.conftest import provisioned
from tests.tenants.crowd import crowd

LUMIERE, CURIE = "s_lumiere", "s_curie"


@pytest.fixture
def fleet_database(django_db_setup, django_db_blocker):
    """A database of its own: these tests change every schema of it."""
    usual, mine = django_settings.DATABASES["default"]["NAME"], f"campanile_fleet_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        with databases.maintenance() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(mine), sql.Identifier(f"campanile_tpl_{databases.fingerprint()}")
                )
            )
        _use(mine)
        yield mine
        _use(usual)
        databases.drop(mine)


def _use(name):
    """Another database: what this process remembers of the one before is void."""
    databases.use(name)
    dict.clear(ContentType.objects._cache)
    forget_cached()


@pytest.fixture
def release(settings, fleet_database):
    """Deploy the code of a later release: `release("adds_a_column")`."""

    def deploy(name):
        settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, "campuses": f"tests.tenants.later.{name}"}

    return deploy


@pytest.fixture
def statements(monkeypatch):
    """How many statements any connection of this process sends."""
    sent = []
    execute = psycopg.Cursor.execute

    def counted(self, query, *args, **options):
        sent.append(query)
        return execute(self, query, *args, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    return sent


def columns(schema, table="campuses_campus"):
    return {row[1] for row in contents(schema)["columns"] if row[0] == table}


def school(schema):
    with platform():
        return School.objects.get(schema_name=schema)


def state(schema):
    with platform():
        return FleetState.objects.get(schema=schema)


def run(sql_text):
    with owner_connection() as owner:
        owner.execute(sql_text)


# --- the same as Django makes -----------------------------------------------------------------------------


def migrated_by_django(schema):
    """The stock way: Django's own executor in an empty schema."""
    run(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    with activated(Tenancy(schema=schema)):
        executor = MigrationExecutor(connections["owner"])
        executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] in fleet.school_apps()])


def test_a_new_school_is_object_by_object_what_django_makes(fleet_database):
    migrated_by_django("s_stock")
    provisioned("fresh")
    fresh = contents("s_fresh")
    assert differences(contents("s_stock"), fresh) == {}
    assert len(fresh["tables"]) > 20
    assert len(fresh["indexes"]) > 50
    assert {"functions", "triggers", "sequences", "constraints"} <= {kind for kind, found in fresh.items() if found}
    for change in (
        "ALTER COLUMN address DROP NOT NULL",
        "ALTER COLUMN hue SET DEFAULT 1",
        "DROP CONSTRAINT campuses_campus_hue_check",
    ):
        run(f"ALTER TABLE s_fresh.campuses_campus {change}")
        changed = contents("s_fresh")
        assert differences(fresh, changed), "a control: one change is found"
        fresh = changed


def test_a_migrated_school_is_object_by_object_a_new_one(release):
    release("adds_a_column")
    migrate_fleet()
    migrated_by_django("s_stock")
    provisioned("fresh")
    stock, fresh, old = contents("s_stock"), contents("s_fresh", rights=True), contents(LUMIERE, rights=True)
    assert "motto" in columns("s_fresh")
    assert differences(fresh, old) == {}
    del fresh["rights"]
    assert differences(stock, fresh) == {}


# --- a deploy -----------------------------------------------------------------------------------------------


def test_nothing_to_do_costs_one_query(fleet_database, statements):
    for slug in ("one", "two", "three"):
        provisioned(slug)
    statements.clear()
    assert migrate_fleet().nothing_to_do
    assert len(statements) == 1, statements


def test_every_school_gets_the_change_in_one_message(release, statements):
    release("adds_a_column")
    lines = []
    report = migrate_fleet(progress=lines.append)
    assert sorted(report.done) == [CURIE, LUMIERE]
    assert not report.failed
    assert not report.through_python
    for schema in (LUMIERE, CURIE):
        assert "motto" in columns(schema)
        assert state(schema).fingerprint == fleet.fingerprint()
        assert len([text for text in statements if f'"{schema}"'.encode() in _bytes(text)]) == 1
    assert lines[0] == "platform"
    assert lines[1] == "template school"
    assert sorted(line.split(" ")[0] for line in lines[2:]) == ["1/2", "2/2"]
    with activated(school(CURIE)):
        assert Campus.objects.count() == 0, "reading goes on"
    statements.clear()
    assert migrate_fleet().nothing_to_do


def _bytes(query):
    return query if isinstance(query, bytes) else str(query).encode()


def test_the_ledger_tells_what_was_done(release):
    release("adds_a_column")
    migrate_fleet()
    with platform():
        entry = FleetMigration.objects.order_by("-position").first()
    assert (entry.app, entry.name, entry.needs_python) == ("campuses", "9001_motto", False)
    assert "100% {ours}" in entry.statements
    assert "django_migrations" not in entry.statements
    assert ("campuses", "9001_motto") in contents(LUMIERE)["migrations"]


def test_what_python_computes_runs_in_each_school_and_is_told(release, capsys):
    for slug in ("lumiere", "curie"):
        with activated(school(f"s_{slug}")):
            Campus.objects.create(name=f"Campus {slug}", code="one")
    release("computes_in_python")
    call_command("migrate_fleet")
    for slug in ("lumiere", "curie"):
        with activated(school(f"s_{slug}")):
            assert Campus.objects.get().name == f"CAMPUS {slug.upper()}"
    told = capsys.readouterr().out
    assert "s_lumiere: through Python, not as SQL: campuses.9001_shout" in told
    provisioned("later")
    assert differences(contents("s_later"), contents(LUMIERE)) == {}


def test_a_migration_that_cannot_be_all_or_nothing_is_refused(release):
    release("is_not_atomic")
    with pytest.raises(CommandError, match="use AddIndex"):
        call_command("migrate_fleet", verbosity=0)
    with platform():
        assert all(School.objects.values_list("ready", flat=True)), "and no school is closed for it"


# --- trouble --------------------------------------------------------------------------------------------------


def test_a_failing_school_is_closed_and_the_others_go_on(release):
    run("ALTER TABLE s_curie.campuses_campus ADD COLUMN motto text")
    before = contents(CURIE)
    release("adds_a_column")
    out = StringIO()
    with pytest.raises(CommandError, match=r"(?s)These schools are closed.*s_curie: DuplicateColumn"):
        call_command("migrate_fleet", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["done"] == [LUMIERE]
    assert list(report["failed"]) == [CURIE]
    assert "motto" in columns(LUMIERE)
    assert differences(before, contents(CURIE)) == {}, "all or nothing"
    assert state(CURIE).state == FleetState.State.FAILED
    assert "motto" in state(CURIE).error
    answer = client_for(school(CURIE)).get("/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert client_for(school(LUMIERE)).get("/sign-in/").status_code == 200

    run("ALTER TABLE s_curie.campuses_campus DROP COLUMN motto")  # the cause is mended, the next run finishes
    report = migrate_fleet()
    assert report.done == [CURIE]
    assert client_for(school(CURIE)).get("/sign-in/").status_code == 200
    assert state(CURIE).state == FleetState.State.DONE
    assert state(CURIE).error == ""


def test_a_school_that_was_closed_for_another_reason_stays_closed(release):
    run("UPDATE public.tenants_school SET status = 'suspended', status_before = 'active' WHERE slug = 'curie'")
    run("ALTER TABLE s_curie.campuses_campus ADD COLUMN motto text")
    release("adds_a_column")
    assert list(migrate_fleet().failed) == [CURIE]
    run("ALTER TABLE s_curie.campuses_campus DROP COLUMN motto")
    migrate_fleet()
    assert client_for(school(CURIE)).get("/").status_code == 403


def test_an_interrupted_run_goes_on_where_it_stopped(release, monkeypatch):
    for slug in ("a", "b", "c"):
        provisioned(slug)
    release("adds_a_column")
    migrate_school, seen = fleet.migrate_school, []

    def dies_at_the_third(connection, school, script):
        seen.append(school.schema)
        if len(seen) == 3:
            raise KeyboardInterrupt
        migrate_school(connection, school, script)

    monkeypatch.setattr(fleet, "migrate_school", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        migrate_fleet(parallel=1)
    monkeypatch.setattr(fleet, "migrate_school", migrate_school)
    report = migrate_fleet()
    assert sorted(report.done) == sorted({"s_a", "s_b", "s_c", LUMIERE, CURIE} - set(seen[:2]))
    assert not report.failed


def test_a_mended_school_opens_with_its_tables(release, monkeypatch):
    """The run dies right after the school's transaction: no later run would look at that school again."""
    run("ALTER TABLE s_curie.campuses_campus ADD COLUMN motto text")
    release("adds_a_column")
    assert list(migrate_fleet().failed) == [CURIE]
    run("ALTER TABLE s_curie.campuses_campus DROP COLUMN motto")

    def dies(schema):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(fleet, "_forget_hosts", dies)
        with pytest.raises(KeyboardInterrupt):
            migrate_fleet()
    assert school(CURIE).ready
    assert state(CURIE).state == FleetState.State.DONE


def test_older_code_runs_on_newer_tables(release, settings):
    """A deploy is taken back: the tables stay ahead, nothing is undone, and the next deploy finds them done."""
    usual = settings.MIGRATION_MODULES
    release("adds_a_column")
    migrate_fleet()
    settings.MIGRATION_MODULES = usual
    report = migrate_fleet()
    assert not report.failed
    assert "motto" in columns(LUMIERE)
    assert migrate_fleet().nothing_to_do
    provisioned("between")
    release("adds_a_column")
    assert not migrate_fleet().failed
    assert differences(contents("s_between"), contents(LUMIERE)) == {}


def test_template_and_ledger_cannot_part(release, monkeypatch):
    """The run dies after the template's tables changed and before the ledger knows."""
    release("adds_a_column")
    write = fleet.RecordingExecutor._write

    def dies(self, migration, statements):
        raise KeyboardInterrupt

    monkeypatch.setattr(fleet.RecordingExecutor, "_write", dies)
    with pytest.raises(KeyboardInterrupt):
        migrate_fleet()
    connections.close_all()
    assert "motto" not in columns(TEMPLATE)
    monkeypatch.setattr(fleet.RecordingExecutor, "_write", write)
    assert len(migrate_fleet().done) == 2
    assert "motto" in columns(LUMIERE)


def test_two_deploys_at_once(release):
    release("adds_a_column")
    reports = crowd(lambda number: migrate_fleet(parallel=1), threads=2)
    assert sorted(len(report.done) for report in reports) == [0, 2]
    assert not any(report.failed for report in reports)


def test_schools_are_migrated_side_by_side(release, monkeypatch):
    """Each of the two waits, inside of its migration, for the other to be there too: one after the other never ends."""
    release("adds_a_column")
    migrate_school, together = fleet.migrate_school, threading.Barrier(2, timeout=20)

    def meets_the_other(connection, school, script):
        together.wait()
        migrate_school(connection, school, script)

    monkeypatch.setattr(fleet, "migrate_school", meets_the_other)
    report = migrate_fleet(parallel=2)
    assert sorted(report.done) == [CURIE, LUMIERE], report.failed


def test_a_busy_school_is_tried_again(release, monkeypatch):
    release("adds_a_column")
    monkeypatch.setattr(fleet, "LOCK_TIMEOUT", "100ms")
    busy = psycopg.connect(fleet.database.owner_dsn())
    busy.execute("LOCK TABLE s_curie.campuses_campus IN ACCESS EXCLUSIVE MODE")
    release_it = threading.Timer(0.6, busy.rollback)
    release_it.start()
    report = migrate_fleet()
    release_it.join()
    busy.close()
    assert sorted(report.done) == [CURIE, LUMIERE]


def test_a_school_made_during_a_deploy_has_the_change(release):
    """Provisioning waits while the template changes; else the school would miss the migration and nobody knew."""
    release("adds_a_column")
    made = threading.Thread(target=lambda: (provisioned("during"), connections.close_all()))
    with fleet.template_closed():
        made.start()
        time.sleep(0.3)
        with owner_connection() as owner:
            found = owner.execute("SELECT to_regnamespace('s_during')").fetchone()
        assert found == (None,), "it waits"
    made.join()
    migrate_fleet()
    assert "motto" in columns("s_during")


def test_new_tables_of_a_migration_belong_to_the_school_too(release):
    """Rights of tables to come are given in advance, and only to the school's own role."""
    release("adds_a_column")
    migrate_fleet()
    rights = contents(LUMIERE, rights=True)["rights"]
    assert {row[2] for row in rights} == {"school_*"}
    assert ("audit_auditevent", "INSERT", "school_*") in rights
    assert ("audit_auditevent", "UPDATE", "school_*") not in rights
    assert ("campuses_campus", "UPDATE", "school_*") in rights
