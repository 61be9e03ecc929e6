"""`make bench-fleet`: a deploy over N schools, with nothing to do and with a real change.

Nothing to do: ours reads one table; stock django-tenants runs Django's migrate command in every school (measured on
a few schools and scaled); the limit is reading the table with psycopg.
A change (a column, an index, a constraint): ours, stock (scaled), and psql running the same SQL for every school.
"""

import argparse
import itertools
import time
from collections.abc import Callable

from bench import schools
from bench.measure import Times, WrongAnswer, figure, interleaved, ratio, report

SAMPLE = 3  # schools per round on which the stock way is measured


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench fleet")
    parser.add_argument("--schools", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    if options.schools < SAMPLE * options.rounds:
        parser.error(f"{options.rounds} rounds need at least {SAMPLE * options.rounds} schools")
    with schools.platform_with(options.schools), schools.stock() as migrate:
        nothing_to_do(options, migrate)
        a_change(options, migrate)
    return 0


def school_schemas() -> list[str]:
    from apps.tenants.models import School

    return list(School.objects.order_by("slug").values_list("schema_name", flat=True))


def nothing_to_do(options: argparse.Namespace, migrate: Callable[[str], str]) -> None:
    from apps.tenants import database, fleet
    from apps.tenants.services.fleet import migrate_fleet

    wanted, sample = fleet.fingerprint(), school_schemas()[:SAMPLE]
    for schema in sample:
        migrate(schema)  # the first time it fills in content types, which is not "nothing to do"
    schemas = itertools.cycle(sample)

    def limit() -> bool:
        with database.owner_connection() as connection:
            query = "SELECT count(*) FROM public.tenants_fleetstate WHERE fingerprint <> %s"
            return connection.execute(query, [wanted]).fetchone() == (0,)

    ways = {
        "ours": lambda: migrate_fleet().nothing_to_do,
        "query": lambda: fleet.behind(wanted) == [],
        "stock": lambda: bool(migrate(next(schemas))),
        "limit": limit,
    }
    times = interleaved(ways, rounds=options.rounds, check=lambda _name, answer: answer is True)
    times["stock"] = Times("stock", tuple(seconds * options.schools for seconds in times["stock"].seconds))
    print(f"a deploy with nothing to do, {options.schools} schools (stock: one school, times {options.schools})")
    report(times)
    ratio("fleet.noop.stock_to_ours", times["stock"], times["ours"])
    ratio("fleet.noop.ours_to_limit", times["ours"], times["limit"])
    figure("fleet.noop.ours", times["ours"].median * 1000, "ms")
    figure("fleet.noop.query", times["query"].median * 1000, "ms")


CHANGES = """ALTER TABLE campuses_campus ADD COLUMN bench_{n} varchar(40) DEFAULT 'x' NOT NULL;
CREATE INDEX bench_by_{n} ON campuses_campus (bench_{n});
ALTER TABLE campuses_campus ADD CONSTRAINT bench_{n}_given CHECK (bench_{n} <> '')"""


def a_change(options: argparse.Namespace, migrate: Callable[[str], str]) -> None:
    """The same three statements, each round with other names, so that every round has the same work to do."""
    ours, limit, stock = [], [], []
    for number in range(options.rounds):
        for schema in stock_sample(number):
            migrate(schema)  # what the first run ever fills in is not part of the change
        ours.append(timed(lambda number=number: run_ours(2 * number)))
        limit.append(timed(lambda number=number: run_psql(2 * number + 1)))
        stock.append(timed(lambda number=number: run_stock(number, migrate)) / SAMPLE * options.schools)
        for n in (2 * number, 2 * number + 1):
            check(f"bench_{n}", options.schools)
        check("motto", SAMPLE * (number + 1))
    times = {name: Times(name, tuple(values)) for name, values in (("ours", ours), ("psql", limit), ("stock", stock))}
    print(f"a column, an index and a constraint in {options.schools} schools (stock: {SAMPLE} schools, scaled)")
    report(times)
    ratio("fleet.change.stock_to_ours", times["stock"], times["ours"])
    ratio("fleet.change.ours_to_psql", times["ours"], times["psql"])
    figure("fleet.change.ours_per_school", times["ours"].median / options.schools * 1000, "ms")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run_ours(number: int) -> None:
    """A ledger entry as a migration leaves it, then the run over the fleet as a deploy does it."""
    from apps.tenants import fleet
    from apps.tenants.models import FleetMigration
    from apps.tenants.services import fleet as service

    last = FleetMigration.objects.order_by("-position").values_list("position", flat=True).first() or 0
    FleetMigration.objects.using("owner").create(
        position=last + 1, app="campuses", name=f"bench_{number}", statements=CHANGES.format(n=number)
    )
    wanted = f"bench {number}"
    waiting = fleet.schools_behind(wanted)
    done = service._Run(waiting, service._render(waiting, wanted), lambda line: None).with_workers(2)
    if done.failed or len(done.done) != len(waiting):
        raise WrongAnswer(f"failed: {done.failed}")


def run_psql(number: int) -> None:
    """The limit: one transaction per school in one client, nothing recorded."""
    change = CHANGES.format(n=number)
    script = "".join(f"BEGIN; SET LOCAL search_path = {schema};\n{change};\nCOMMIT;\n" for schema in school_schemas())
    schools.psql(script, one_transaction=False)


def stock_sample(number: int) -> list[str]:
    """Other schools in each round: a migration is applied once."""
    return school_schemas()[number * SAMPLE : (number + 1) * SAMPLE]


def run_stock(number: int, migrate: Callable[[str], str]) -> None:
    """Django's migrate command with a migration of the same three statements, school by school."""
    from django.conf import settings
    from django.test import override_settings

    later = {**settings.MIGRATION_MODULES, "campuses": "tests.tenants.later.adds_a_column"}
    with override_settings(MIGRATION_MODULES=later):
        for schema in stock_sample(number):
            migrate(schema)


def check(column: str, number: int) -> None:
    from apps.tenants.database import owner_connection

    with owner_connection() as owner:
        query = "SELECT count(*) FROM information_schema.columns WHERE column_name = %s AND table_schema LIKE 's\\_%%'"
        found = owner.execute(query, [column]).fetchone()
    if found != (number,):
        raise WrongAnswer(f"{column} is in {found} of {number} schools")
