"""Eight threads and four schools share two server connections; nothing may reach another school.

The control runs the same work through the same PgBouncer with the stock backend, and must find it leaking.
"""

import os
import random
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from psycopg import sql

from apps.accounts.services.limits import SIGN_IN_ACCOUNT, TooManyAttempts
from apps.campuses.models import Campus
from apps.devices.models import GuessCount
from apps.devices.selectors import PER_PERSON
from apps.devices.services import guesses
from apps.directory.models import DirectoryRun
from apps.ops import metrics
from apps.tenants.context import activated
from apps.tenants.database import owner_connection
from tests.conftest import drop_school
from tests.pooler import pgbouncer
from tests.tenants.conftest import provisioned
from tests.tenants.crowd import crowd
from tests.tenants.stock import database, stock_database

pytestmark = [
    pytest.mark.pooler,
    pytest.mark.skipif(
        pgbouncer.program() is None and os.environ.get("CI") != "true",
        reason="pgbouncer is not installed (apt-get install pgbouncer); with CI=true this fails instead",
    ),
]
THREADS, READS, WRITES = 8, 20_000, 5_000


@dataclass
class Tally:
    right: int = 0
    wrong: int = 0
    errors: int = 0

    def __add__(self, other):
        return Tally(self.right + other.right, self.wrong + other.wrong, self.errors + other.errors)


@pytest.fixture(scope="module")
def schools(django_db_setup, django_db_blocker):
    """Four schools; each has one campus that carries the school's name."""
    made = []
    with django_db_blocker.unblock():
        for _ in range(4):
            school = provisioned(f"pool{uuid.uuid4().hex[:8]}")
            made.append(school)
            with activated(school):
                Campus.objects.create(name=school.schema_name, code="one")
        yield made
        for school in made:
            drop_school(school)


@pytest.fixture(autouse=True)
def _no_rows_yet(schools):
    with owner_connection() as owner:
        for school in schools:
            owner.execute(
                sql.SQL("DELETE FROM {} WHERE app_label LIKE 's\\_pool%'").format(
                    sql.Identifier(school.schema_name, "django_content_type")
                )
            )


@pytest.fixture(scope="module")
def pooler(django_db_setup):
    with pgbouncer.running() as folder:
        yield {"HOST": str(folder), "PORT": str(pgbouncer.PORT), "CONN_MAX_AGE": None}


@pytest.fixture
def ours(pooler, django_db_blocker):
    user = settings.DATABASES["default"]["USER"]
    with django_db_blocker.unblock(), database("pooled", **pooler, USER=user, OPTIONS={}) as alias:
        yield alias


def read(alias):
    return Campus.objects.using(alias).get().name


def write(alias, schema, number):
    """A row that says which school it was meant for."""
    with connections[alias].cursor() as cursor:
        cursor.execute("INSERT INTO django_content_type (app_label, model) VALUES (%s, %s)", [schema, number])


def strays(schools) -> int:
    """Rows in a school that were meant for another one, or for none that exists."""
    with owner_connection() as owner:
        return sum(
            owner.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE app_label LIKE 's\\_pool%%' AND app_label <> %s").format(
                    sql.Identifier(school.schema_name, "django_content_type")
                ),
                [school.schema_name],
            ).fetchone()[0]
            for school in schools
        )


def arrived(schools) -> int:
    with owner_connection() as owner:
        return sum(
            owner.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE app_label = %s").format(
                    sql.Identifier(school.schema_name, "django_content_type")
                ),
                [school.schema_name],
            ).fetchone()[0]
            for school in schools
        )


def test_no_read_and_no_write_reaches_another_school(schools, ours):
    def work(number):
        choose, tally = random.Random(number), Tally()
        for turn in range(READS // THREADS):
            school = choose.choice(schools)
            with activated(school):
                found = read(ours)
                tally += Tally(right=found == school.schema_name, wrong=found != school.schema_name)
                if turn % (READS // WRITES) == 0:
                    write(ours, school.schema_name, f"{number}-{turn}")
        return tally

    tally = sum(crowd(work, threads=THREADS), Tally())
    assert tally == Tally(right=READS)
    assert arrived(schools) == WRITES
    assert strays(schools) == 0


def test_control_the_stock_backend_leaks_through_the_same_pooler(schools, pooler, django_db_blocker):
    """Known upstream: a session-level SET and the statement after it may run on two server connections."""
    with django_db_blocker.unblock(), stock_database(**pooler) as stock:

        def work(number):
            choose, tally = random.Random(number), Tally()
            for turn in range(200):
                school = choose.choice(schools)
                connections[stock].set_schema(school.schema_name)
                try:
                    found = read(stock)
                    tally += Tally(right=found == school.schema_name, wrong=found != school.schema_name)
                    write(stock, school.schema_name, f"{number}-{turn}")
                except (DatabaseError, Campus.DoesNotExist, Campus.MultipleObjectsReturned):
                    tally += Tally(errors=1)
            return tally

        tally = sum(crowd(work, threads=THREADS), Tally())
    assert tally.wrong > 0, tally
    assert strays(schools) > 0


def test_transactions_savepoints_and_named_cursors(schools, ours):
    """What spans several messages stays on one connection, and so in one school."""

    def work(number):
        wrong = 0
        for turn in range(50):
            mine, other = schools[(number + turn) % 4], schools[(number + turn + 1) % 4]
            with activated(mine), transaction.atomic(using=ours):
                wrong += read(ours) != mine.schema_name
                with activated(other):  # each statement carries its own school, also inside a transaction
                    wrong += read(ours) != other.schema_name
                try:
                    with transaction.atomic(using=ours):
                        connections[ours].cursor().execute("SELECT 1 / 0")
                except DatabaseError:
                    pass
                wrong += read(ours) != mine.schema_name
                rows = Campus.objects.using(ours).values_list("name", flat=True).iterator(chunk_size=1)
                wrong += list(rows) != [mine.schema_name]
        return wrong

    assert sum(crowd(work, threads=THREADS)) == 0


# --- what is counted ---------------------------------------------------------------------------------------------


@pytest.fixture
def product(pooler, schools, django_db_blocker):
    """The product's own connection goes through the pooler: services name no other."""
    usual = connections.settings["default"]
    with django_db_blocker.unblock():
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = {**usual, **pooler}
        try:
            yield
        finally:
            connections["default"].close()
            del connections["default"]
            connections.settings["default"] = usual
            for school in schools:
                with activated(school):
                    GuessCount.objects.all().delete()
                    DirectoryRun.objects.all().delete()


def subject_of(school) -> uuid.UUID:
    """Somebody of this school, and of no other."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, school.schema_name)


def counts_elsewhere(schools) -> int:
    """Counts that stand in another school than that of whom they count."""
    found = 0
    with owner_connection() as owner:
        for school in schools:
            table = sql.Identifier(school.schema_name, GuessCount._meta.db_table)
            query = sql.SQL("SELECT count(*) FROM {} WHERE kind = 'person' AND subject_id <> %s").format(table)
            found += owner.execute(query, [subject_of(school)]).fetchone()[0]
    return found


def test_guesses_are_counted_exactly_and_in_their_school(schools, product):
    def work(number):
        allowed = Counter()
        for turn in range(100):
            school = schools[(number + turn) % 4]
            with activated(school):
                try:
                    guesses.count(device_id=subject_of(school), person_id=subject_of(school), now=timezone.now())
                    allowed[school.schema_name] += 1
                except guesses.TooManyGuesses:
                    pass
        return allowed

    allowed = sum(crowd(work, threads=THREADS), Counter())
    assert allowed == {school.schema_name: PER_PERSON for school in schools}, "of 800 attempts"
    assert counts_elsewhere(schools) == 0
    for school in schools:
        with activated(school):
            assert set(GuessCount.objects.values_list("tries", flat=True)) == {PER_PERSON}


def test_control_the_stock_backend_counts_in_other_schools(schools, product, pooler):
    with stock_database(**pooler) as stock:

        def work(number):
            for turn in range(200):
                school = schools[(number + turn) % 4]
                now = timezone.now()
                values = {
                    "id": uuid.uuid4(), "kind": "person", "subject": subject_of(school), "now": now,
                    "ends": now + guesses.DAY, "most": PER_PERSON,
                }  # fmt: skip
                connections[stock].set_schema(school.schema_name)
                with suppress(DatabaseError), connections[stock].cursor() as cursor:
                    cursor.execute(guesses.COUNT, values)

        crowd(work, threads=THREADS)
    assert counts_elsewhere(schools) > 0


def test_limits_of_sign_in_are_counted_per_school(schools, product):
    """Counted in Redis, by the school that the request is in while its statements go through the pooler."""

    def work(number):
        allowed = Counter()
        for turn in range(80):
            school = schools[(number + turn) % 4]
            with activated(school):
                assert Campus.objects.get().name == school.schema_name
                try:
                    SIGN_IN_ACCOUNT.spend("somebody@pooler.example")
                    allowed[school.schema_name] += 1
                except TooManyAttempts:
                    pass
        return allowed

    allowed = sum(crowd(work, threads=THREADS), Counter())
    assert allowed == {school.schema_name: SIGN_IN_ACCOUNT.allowed for school in schools}, "of 640 attempts"


def runs_of_different_ages(schools) -> dict[str, int]:
    """The days since the last run of each school."""
    ages = {}
    for days, school in enumerate(schools, start=1):
        then = timezone.now() - timedelta(days=days)
        with activated(school):
            DirectoryRun.objects.create(
                tenant_id="t", requested_by="tests", kind="full", state="done", created_at=then, finished_at=then
            )
        ages[school.schema_name] = days
    return ages


def test_figures_of_the_metrics_are_those_of_their_school(schools, product):
    ages = runs_of_different_ages(schools)

    def work(number):
        wrong = 0
        for turn in range(100):
            school = schools[(number + turn) % 4]
            age, _waiting_mail = metrics._figures_of(school)
            wrong += round((age or 0) / 86_400) != ages[school.schema_name]
        return wrong

    assert sum(crowd(work, threads=THREADS)) == 0


def test_control_the_stock_backend_reads_figures_of_other_schools(schools, product, pooler):
    ages = runs_of_different_ages(schools)
    with stock_database(**pooler) as stock:

        def work(number):
            wrong = 0
            for turn in range(200):
                school = schools[(number + turn) % 4]
                connections[stock].set_schema(school.schema_name)
                with suppress(DatabaseError):
                    last = DirectoryRun.objects.using(stock).values_list("finished_at", flat=True).first()
                    wrong += (timezone.now() - last).days != ages[school.schema_name]
            return wrong

        assert sum(crowd(work, threads=THREADS)) > 0


def test_outside_of_a_transaction_a_large_read_needs_no_cursor_of_its_own(schools, ours):
    """A cursor WITH HOLD would stay on a connection that another school uses next."""

    def work(number):
        school = schools[number % 4]
        with activated(school):
            rows = Campus.objects.using(ours).values_list("name", flat=True)
            return sum(list(rows.iterator(chunk_size=1)) != [school.schema_name] for _ in range(50))

    assert sum(crowd(work, threads=THREADS)) == 0


def test_nothing_selected_shows_nothing_through_the_pooler_too(schools, ours):
    with activated(schools[0]):
        read(ours)
    with pytest.raises(DatabaseError, match="does not exist"):
        read(ours)
