"""`make bench-tenancy`: what a school costs per request, among N schools.

Two pages, answered for schools in turn, in four ways:
light    two statements and a loop over 25 names: tenancy with next to nothing around it, as no page of the product is
product  the product's own list of 50 people, its queries and its template

plain   Django without tenants: its own backend, one schema as the fixed path of the connection
stock   django-tenants: host looked up in the database, `SET search_path` before the statements
ours    SchoolMiddleware and the safe backend
Plain Django reads one schema throughout, so that its server connection has one school's catalogue at hand; `ours, one
school` does the same and shows what the prefix and the look-up of the host cost by themselves.
No network and no web server: only what differs between them is left.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench import schools, tenant_pages
from bench.measure import Times, WrongAnswer, figure, interleaved, ratio, report

VISITED = 100
PAGES = {"light": tenant_pages.light, "product": tenant_pages.product}
MARKS = {"light": (b"<li>", tenant_pages.SHORT), "product": (b'name="ids"', tenant_pages.PEOPLE)}
Answer = Callable[[str], bytes]
MakeView = Callable[[str], tenant_pages.View]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench tenancy")
    parser.add_argument("--schools", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=300, help="per round, of the light page; a tenth of the other")
    options = parser.parse_args(arguments)
    with schools.platform_with(options.schools):
        measure(options)
    return 0


def measure(options: argparse.Namespace) -> None:
    from apps.tenants.models import School

    visited = list(School.objects.order_by("slug")[: min(VISITED, options.schools)])
    for school in visited:
        tenant_pages.seed(school)
    for name, make_view in PAGES.items():
        number = options.requests if name == "light" else max(options.requests // 10, 1)
        print(f"the {name} page: {number} times, {len(visited)} schools in turn, {options.schools} schools")
        tell(name, measured(name, make_view, visited, number, options.rounds), number)


def measured(page: str, make_view: MakeView, visited: list[Any], number: int, rounds: int) -> dict[str, Times]:
    with plain_answers(make_view, visited[0]) as plain, stock_answers(make_view) as stock:
        ours = ours_answers(make_view)
        print(f"  {statements(plain, visited[0], 'plain')} statements ({statements(ours, visited[0], 'default')} ours)")
        every = {"plain": plain, "stock": stock, "ours": ours}
        ways = {name: rounds_of(page, answer, visited, number) for name, answer in every.items()}
        ways["ours, one school"] = rounds_of(page, ours, visited[:1], number)
        return interleaved(ways, rounds=rounds, check=lambda name, wrong: wrong == 0)


def statements(answer: Answer, school: Any, alias: str) -> int:
    """How many statements one page sends through its connection: none would mean that another one was measured."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from apps.tenants.hosts import host_of

    answer(host_of(school.slug))  # what is remembered from then on
    with CaptureQueriesContext(connections[alias]) as sent:
        answer(host_of(school.slug))
    if not sent:
        raise WrongAnswer(f"nothing was asked through {alias}")
    return len(sent)


def tell(page: str, times: dict[str, Times], number: int) -> None:
    report(times)
    named = "tenancy" if page == "light" else f"tenancy.{page}_page"
    ratio(f"{named}.ours_of_plain_throughput", times["plain"], times["ours"])
    ratio(f"{named}.ours_of_plain_throughput_one_school", times["plain"], times["ours, one school"])
    ratio(f"{named}.stock_of_plain_throughput", times["plain"], times["stock"])
    figure(f"{named}.ours_per_page", times["ours"].median / number * 1000, "ms")


def rounds_of(page: str, answer: Answer, visited: list[Any], number: int) -> Callable[[], int]:
    """One round: as many pages; how many of them were not those of the school that was asked."""
    from apps.tenants.hosts import host_of

    turns = itertools.cycle([(host_of(school.slug), f"@{school.slug}.example".encode()) for school in visited])
    sign, count = MARKS[page]

    def one_round() -> int:
        wrong = 0
        for host, mark in itertools.islice(turns, number):
            body = answer(host)
            if body.count(sign) != count:
                raise WrongAnswer(f"{host}: {body.count(sign)} of {count} in {body[:200]!r}")
            wrong += mark not in body and answer.__name__ != "plain"  # plain Django knows one school only
        return wrong

    return one_round


def ours_answers(make_view: MakeView) -> Answer:
    from apps.tenants.middleware import SchoolMiddleware

    handler = SchoolMiddleware(make_view("default"))

    def ours(host: str) -> bytes:
        return bytes(handler(tenant_pages.request_for(None, host)).content)

    return ours


@contextmanager
def stock_answers(make_view: MakeView) -> Iterator[Answer]:
    """What TenantMainMiddleware does: the platform's schema, the host's row, then the school's schema."""
    from django.db import connections
    from django_tenants.postgresql_backend import base

    from apps.tenants.models import Host
    from apps.tenants.names import EXTENSIONS
    from tests.tenants.stock import stock_database

    base.EXTRA_SEARCH_PATHS = [EXTENSIONS]
    with stock_database() as alias:
        handler, connection = make_view(alias), connections[alias]

        def stock(host: str) -> bytes:
            connection.set_schema_to_public()
            found = Host.objects.using(alias).select_related("tenant").get(domain=host)
            connection.set_tenant(found.tenant)
            return bytes(handler(tenant_pages.request_for(found.tenant, host)).content)

        yield stock


@contextmanager
def plain_answers(make_view: MakeView, school: Any) -> Iterator[Answer]:
    from tests.tenants.stock import database

    options = {"options": f"-c search_path={school.schema_name},extensions"}
    with database("plain", ENGINE="django.db.backends.postgresql", OPTIONS=options) as alias:
        handler = make_view(alias)

        def plain(host: str) -> bytes:
            return bytes(handler(tenant_pages.request_for(school, host)).content)

        yield plain
