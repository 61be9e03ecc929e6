"""Two schools exist for the whole run; a test is one rolled-back transaction inside one of them.

Tests that need committed data (threads, workers, a browser) take `new_school`, which makes one and drops it.
"""

import os
import time
import uuid

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from apps.core.actor import Actor
from apps.tenants.context import activated, platform
from tests import databases

pytest_plugins = ["tests.sandbox_fixture", "tests.browser", "tests.live"]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    with django_db_blocker.unblock():
        name = databases.create_from_template()
        yield
        databases.drop(name)


@pytest.fixture(autouse=True)
def _nothing_selected_and_nothing_cached():
    """No test inherits a school or a cached answer from the one before."""
    from apps.tenants import context

    token = context._selected.set(None)
    forget_cached()
    yield
    context._selected.reset(token)


def forget_cached() -> None:
    """Delete this run's keys only: other runs share the server."""
    from django.core.cache import caches

    from apps.core.counters import COUNTERS
    from apps.integrations.http.gate import GATE
    from apps.tenants import hosts

    COUNTERS.ask_at_once()
    GATE.forget()
    redis = caches["default"]._cache.get_client()
    run = os.environ["TEST_RUN"]
    hosts.forget_all()
    # the platform's keys begin with the run, a school's with the school
    for mine in (f"{run}:platform:*", f"*:{run}:*"):
        if keys := list(redis.scan_iter(match=mine, count=1000)):
            redis.delete(*keys)


def _school(slug):
    from apps.tenants.models import School

    with platform():
        return School.objects.get(slug=slug)


@pytest.fixture
def lumiere(db):
    """The test runs inside École Lumière."""
    school = _school("lumiere")
    with activated(school):
        yield school


@pytest.fixture
def curie(db):
    """A second school. Enter it with `activated(curie)`."""
    return _school("curie")


class HostClient(Client):
    """Django's test client, speaking to one host."""

    def __init__(self, host: str, **options):
        super().__init__(SERVER_NAME=host, HTTP_HOST=host, **options)
        self.host = host

    def force_login(self, user, backend=None):
        """Signed in as after a password: the identity was proven just now."""
        from apps.accounts.models import Session

        super().force_login(user, backend)
        Session.objects.filter(user=user).update(proven_at=timezone.now())


def client_for(school, **options) -> HostClient:
    from apps.tenants.hosts import host_of

    return HostClient(host_of(school.slug), **options)


@pytest.fixture
def client(lumiere):
    """A visitor of École Lumière's host."""
    return client_for(lumiere)


@pytest.fixture
def htmx(lumiere):
    return client_for(lumiere, headers={"hx-request": "true"})


@pytest.fixture
def platform_client(db, settings):
    return HostClient(settings.PLATFORM_DOMAIN)


@pytest.fixture
def new_school(django_db_setup, django_db_blocker):
    """Makes committed schools of their own, and drops them afterwards: `school = new_school()`."""
    from apps.tenants.services import lifecycle, provisioning

    made = []
    actor = Actor.system("tests", surface="command")

    def make(prefix: str = "t", **fields):
        slug = f"{prefix}{uuid.uuid4().hex[:8]}"
        with platform():
            school = provisioning.provision_school(
                actor=actor,
                slug=slug,
                name=fields.pop("name", f"School {slug}"),
                owner_email=fields.pop("owner_email", f"owner@{slug}.example"),
                now=timezone.now(),
            )
            lifecycle.activate(actor=actor, school_id=school.pk, now=timezone.now())
            school.refresh_from_db()
        made.append(school)
        return school

    with django_db_blocker.unblock():
        yield make
        for school in made:
            drop_school(school)


def drop_school(school) -> None:
    """Remove every trace of a committed school (tests only: the product purges, with a certificate)."""
    from apps.tenants.hosts import forget

    forget(school)
    for attempt in range(20):
        try:
            return _drop(school)
        except psycopg.errors.DeadlockDetected:  # with jobs of a running worker, which end, or are ended by the server
            time.sleep(attempt / 10)
    return _drop(school)


def _drop(school) -> None:
    from psycopg import sql

    from apps.tenants.database import owner_connection
    from apps.tenants.names import role_of

    with owner_connection() as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(school.schema_name)))
        cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role_of(school.schema_name))))
        cursor.execute("DELETE FROM public.tenants_fleetstate WHERE schema = %s", [school.schema_name])
        for table, column in (
            ("tenants_providerbinding", "school_id"),
            ("tenants_hookaddress", "school_id"),
            ("tenants_host", "tenant_id"),
            ("tenants_school", "id"),
        ):
            cursor.execute(
                sql.SQL("DELETE FROM public.{} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column)),
                [school.pk],
            )
        cursor.execute("DELETE FROM public.tenants_fleetstate WHERE schema = %s", [school.schema_name])
