"""`make bench-provisioning`: a new school among N others. Ours, against Django's migrations and against psql.

ours    the whole service: record, tables, base data, first owner, invitation in the outbox
tables  the part of it that makes the tables
stock   django-tenants: CREATE SCHEMA and Django's migrate command in it (tables only)
psql    the same SQL through PostgreSQL's own client: the limit for the tables
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from bench import schools
from bench.measure import WrongAnswer, figure, interleaved, ratio, report


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench provisioning")
    parser.add_argument("--schools", type=int, default=100, help="schools that exist already (default 100)")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    with schools.platform_with(options.schools):
        measure(options)
    return 0


def measure(options: argparse.Namespace) -> None:
    from apps.tenants.names import TEMPLATE

    expected = schools.tables(TEMPLATE)
    with schools.stock() as migrate:
        ways = {
            "ours": provision,
            "tables": tables_only,
            "stock": lambda: stock(migrate),
            "psql": limit,
        }
        times = interleaved(
            ways, rounds=options.rounds, check=lambda _name, schema: schools.tables(str(schema)) == expected
        )
    print(f"a new school of {expected} tables among {options.schools}")
    report(times)
    ratio("provisioning.stock_to_ours", times["stock"], times["ours"])
    ratio("provisioning.tables_to_psql", times["tables"], times["psql"])
    ratio("provisioning.ours_to_psql", times["ours"], times["psql"])
    figure("provisioning.ours", times["ours"].median * 1000, "ms")
    at_once(expected)
    disk()


def provision(slug: str = "") -> str:
    from django.utils import timezone

    from apps.core.actor import Actor
    from apps.tenants.services.provisioning import provision_school

    slug = slug or schools.fresh()
    school = provision_school(
        actor=Actor.system("bench", surface="command"),
        slug=slug,
        name=slug,
        owner_email=f"owner@{slug}.example",
        now=timezone.now(),
    )
    if not school.ready:
        raise WrongAnswer(f"{slug} is not ready")
    return school.schema_name


def tables_only() -> str:
    from apps.tenants import database, fleet

    schema = f"s_{schools.fresh()}"
    with database.owner_connection() as connection:
        fleet.create_school(connection, schema)
    return schema


def stock(migrate: object) -> str:
    from apps.tenants import database

    schema = f"s_{schools.fresh()}"
    with database.owner_connection() as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
    return migrate(schema)  # type: ignore[operator,no-any-return]


@cache
def rendered() -> Any:
    """The SQL of a new school, ready before the clock runs."""
    from apps.tenants import database, fleet

    with database.owner_connection() as connection:
        return fleet.Script(fleet.ledger(connection), fleet.fingerprint())


def limit() -> str:
    schema = f"s_{schools.fresh()}"
    schools.psql(rendered().for_new_school(schema))
    return schema


def at_once(expected: int, number: int = 4) -> None:
    """Four callers at the same moment, each with a school of its own."""
    import time

    from django.db import connections

    from apps.tenants.context import platform

    def one(slug: str) -> str:
        try:
            with platform():
                return provision(slug)
        finally:
            connections.close_all()

    began = time.perf_counter()
    with ThreadPoolExecutor(number) as pool:
        made = list(pool.map(one, [schools.fresh() for _ in range(number)]))
    seconds = time.perf_counter() - began
    if [schools.tables(schema) for schema in made] != [expected] * number:
        raise WrongAnswer("one of four schools made at once is not complete")
    figure("provisioning.four_at_once", number / seconds, "schools/s")


def disk() -> None:
    """What an empty school costs."""
    from apps.tenants.database import owner_connection

    with owner_connection() as owner:
        row = owner.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) / 1e6, count(*) FROM pg_class c "
            "WHERE c.relnamespace = 's_lumiere'::regnamespace AND c.relkind = 'r'"
        ).fetchone()
    figure("provisioning.disk_of_an_empty_school", float(row[0]), "MB")
    figure("provisioning.tables_of_a_school", row[1], "tables")
