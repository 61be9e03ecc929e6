"""`make bench-tenancy`: what a school costs per request, among N schools.

The same page (25 people, a count, a template) answered for schools in turn:
plain   Django without tenants: its own backend, one schema as the fixed path of the connection
stock   django-tenants: host looked up in the database, `SET search_path` before the statements
ours    SchoolMiddleware and the safe backend
Plain Django reads one schema throughout, so that its server connection has one school's catalogue at hand; `ours, one
school` does the same and shows what the prefix and the look-up of the host cost by themselves.
No network and no web server: only what differs between the three is left.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench import schools
from bench.measure import WrongAnswer, figure, interleaved, ratio, report

PEOPLE, VISITED = 25, 100
PAGE = "{% for one in people %}<li>{{ one.given_name }} {{ one.family_name }} {{ one.email }}</li>{% endfor %}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench tenancy")
    parser.add_argument("--schools", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=300, help="per round")
    options = parser.parse_args(arguments)
    with schools.platform_with(options.schools):
        measure(options)
    return 0


def measure(options: argparse.Namespace) -> None:
    from apps.tenants.models import School

    visited = list(School.objects.order_by("slug")[: min(VISITED, options.schools)])
    for school in visited:
        seed(school)
    with plain_answers(visited[0]) as plain, stock_answers() as stock:
        ways = {name: rounds_of(answer, visited, options.requests) for name, answer in
                (("plain", plain), ("stock", stock), ("ours", ours_answers()))}  # fmt: skip
        ways["ours, one school"] = rounds_of(ours_answers(), visited[:1], options.requests)
        times = interleaved(ways, rounds=options.rounds, check=lambda name, wrong: wrong == 0)
    print(f"{options.requests} pages of {len(visited)} schools in turn, {options.schools} schools")
    report(times)
    ratio("tenancy.ours_of_plain_throughput", times["plain"], times["ours"])
    ratio("tenancy.ours_of_plain_throughput_one_school", times["plain"], times["ours, one school"])
    ratio("tenancy.stock_of_plain_throughput", times["plain"], times["stock"])
    figure("tenancy.ours_per_page", times["ours"].median / options.requests * 1000, "ms")


Answer = Callable[[str], bytes]


def rounds_of(answer: Answer, visited: list[Any], number: int) -> Callable[[], int]:
    """One round: as many pages; how many of them were not those of the school that was asked."""
    from apps.tenants.hosts import host_of

    turns = itertools.cycle([(host_of(school.slug), f"@{school.slug}.example".encode()) for school in visited])

    def one_round() -> int:
        wrong = 0
        for host, mark in itertools.islice(turns, number):
            body = answer(host)
            if body.count(b"<li>") != PEOPLE:
                raise WrongAnswer(f"{host}: {body[:200]!r}")
            wrong += mark not in body and answer.__name__ != "plain"  # plain Django knows one school only
        return wrong

    return one_round


def seed(school: Any) -> None:
    from apps.accounts.models import User
    from apps.tenants.context import activated

    with activated(school):
        missing = PEOPLE - User.objects.count()
        User.objects.bulk_create(
            User(email=f"p{n}@{school.slug}.example", given_name="Camille", family_name=f"M{n}", password="!")
            for n in range(missing)
        )


def view(alias: str) -> Callable[[Any], Any]:
    from django.http import HttpResponse
    from django.template import Context, Engine

    from apps.accounts.models import User

    template = Engine().from_string(PAGE)

    def page(request: Any) -> HttpResponse:
        people = User.objects.using(alias).order_by("family_name", "given_name", "id")
        count = people.count()
        return HttpResponse(template.render(Context({"people": people[:PEOPLE], "count": count})))

    return page


def request_for(host: str) -> Any:
    from django.test import RequestFactory

    request = RequestFactory(SERVER_NAME=host, HTTP_HOST=host).get("/")
    request.request_id, request.user = "", None
    return request


def ours_answers() -> Answer:
    from apps.tenants.middleware import SchoolMiddleware

    handler = SchoolMiddleware(view("default"))

    def ours(host: str) -> bytes:
        return bytes(handler(request_for(host)).content)

    return ours


@contextmanager
def stock_answers() -> Iterator[Answer]:
    """What TenantMainMiddleware does: the platform's schema, the host's row, then the school's schema."""
    from django.db import connections
    from django_tenants.postgresql_backend import base

    from apps.tenants.models import Host
    from apps.tenants.names import EXTENSIONS
    from tests.tenants.stock import stock_database

    base.EXTRA_SEARCH_PATHS = [EXTENSIONS]
    with stock_database() as alias:
        handler, connection = view(alias), connections[alias]

        def stock(host: str) -> bytes:
            connection.set_schema_to_public()
            found = Host.objects.using(alias).select_related("tenant").get(domain=host)
            connection.set_tenant(found.tenant)
            return bytes(handler(request_for(host)).content)

        yield stock


@contextmanager
def plain_answers(school: Any) -> Iterator[Answer]:
    from tests.tenants.stock import database

    options = {"options": f"-c search_path={school.schema_name},extensions"}
    with database("plain", ENGINE="django.db.backends.postgresql", OPTIONS=options) as alias:
        handler = view(alias)

        def plain(host: str) -> bytes:
            return bytes(handler(request_for(host)).content)

        yield plain
