"""The selection belongs to the thread or task that made it, however many run at once."""

import asyncio
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections

from apps.tenants.context import Tenancy, activated, current_schema, platform

SCHOOLS = [Tenancy(schema=f"s_{name}", slug=name) for name in ("a", "b", "c", "d")]
THREADS, EXITS = 8, 5_000


def wrong_restores(enter, read):
    """8 threads, 5,000 exits each, nested at random: how many restored another selection."""

    def work(seed):
        rng, wrong = random.Random(seed), 0
        for _ in range(EXITS // 2):
            outer, inner = rng.choice(SCHOOLS), rng.choice(SCHOOLS)
            with enter(outer):
                with enter(inner):
                    time.sleep(0)  # let another thread in
                wrong += read() != outer.schema
            wrong += read() not in ("", None)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(work, range(THREADS)))


def test_forty_thousand_exits_restore_what_was_before():
    assert wrong_restores(activated, current_schema) == 0


class StockTenant:
    """The control: what `with tenant:` of django-tenants does, one list of previous tenants on the class."""

    _previous = []
    selected = threading.local()

    def __init__(self, tenancy):
        self.schema = tenancy.schema

    def __enter__(self):
        self._previous.append(getattr(self.selected, "schema", None))
        self.selected.schema = self.schema

    def __exit__(self, *_):
        self.selected.schema = self._previous.pop()


def test_the_stock_way_restores_the_wrong_one():
    assert wrong_restores(StockTenant, lambda: getattr(StockTenant.selected, "schema", None)) > 0


def test_the_control_is_really_how_django_tenants_does_it():
    from django_tenants.models import TenantMixin

    assert isinstance(TenantMixin.__dict__["_previous_tenant"], list)


def test_a_new_thread_starts_with_nothing():
    with activated(SCHOOLS[0]), ThreadPoolExecutor(1) as pool:
        assert pool.submit(current_schema).result() == ""


def test_threads_read_their_own_school(new_school):
    schools = [new_school(), new_school()]
    from apps.accounts.models import User

    def work(number):
        school, wrong = schools[number % 2], 0
        try:
            for _ in range(50):
                with activated(school):
                    wrong += User.objects.get().email != f"owner@{school.slug}.example"
        finally:
            connections.close_all()
        return wrong

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 0


async def _keeps(tenancy, rounds=200):
    wrong = 0
    for number in range(rounds):
        with activated(tenancy):
            await asyncio.sleep(0)
            wrong += current_schema() != tenancy.schema
            wrong += await sync_to_async(current_schema)() != tenancy.schema if number % 20 == 0 else 0
    return wrong


def test_tasks_on_one_event_loop_do_not_mix():
    async def run():
        return await asyncio.gather(*(_keeps(SCHOOLS[number % 4]) for number in range(16)))

    assert sum(asyncio.run(run())) == 0


def test_async_code_reaches_its_own_rows_and_cache(new_school):
    from apps.accounts.models import User

    schools = [new_school(), new_school()]

    def close():
        connections.close_all()

    async def work(school):
        wrong = 0
        for _ in range(20):
            with activated(school):
                await cache.aset("who", school.slug)
                await asyncio.sleep(0)
                wrong += await cache.aget("who") != school.slug
                wrong += (await User.objects.aget()).email != f"owner@{school.slug}.example"
        return wrong

    async def run():
        answers = await asyncio.gather(*(work(school) for school in schools * 3))
        await sync_to_async(close)()
        return answers

    assert sum(asyncio.run(run())) == 0


def test_the_platform_inside_a_school_and_back():
    with activated(SCHOOLS[0]):
        with platform():
            assert current_schema() == "public"
        assert current_schema() == "s_a"
