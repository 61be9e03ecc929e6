"""`/healthz/live` and `/healthz/ready`: for any host, before anything else, and never held up by a frozen part."""

import json
import socket
import threading

import pytest
from django.test import Client

from apps.ops import probes

LIVE, READY = "/healthz/live", "/healthz/ready"


@pytest.fixture(autouse=True)
def _ask_anew():
    probes.forget()
    yield
    probes.forget()


@pytest.fixture
def frozen():
    """The address of a server that accepts and never answers, as a stopped process does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept():
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        for connection in held:
            connection.close()


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "lumiere.campanile.localhost", "nobody.example", "[::1]:8000"])
def test_any_host_will_do(db, host):
    client = Client(headers={"host": host})
    assert client.get(LIVE).content == b"ok\n"
    ready = client.get(READY)
    assert (ready.status_code, ready.json()["status"]) == (200, "ready"), ready.content
    assert set(ready.json()["parts"]) == {"database", "migrations", "redis", "broker"}


def test_live_needs_no_database(settings, frozen):
    """No `db` fixture: pytest-django would refuse a query."""
    settings.REDIS_URL = f"redis://127.0.0.1:{frozen}/0"
    assert Client().get(LIVE).status_code == 200


def not_ready() -> dict:
    response = Client().get(READY)
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store, private"
    body = response.json()
    assert body["status"] == "unavailable"
    return {name: said for name, said in body["parts"].items() if said != "ok"}


def test_a_frozen_redis_is_named_and_holds_nothing_up(db, settings, frozen):
    settings.REDIS_URL = f"redis://127.0.0.1:{frozen}/0"
    assert list(not_ready()) == ["redis"]


def database_at(monkeypatch, settings, port: int, **more) -> None:
    for name, value in {"HOST": "127.0.0.1", "PORT": str(port), **more}.items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)


def test_a_frozen_database_is_named_and_holds_nothing_up(db, settings, monkeypatch, frozen):
    database_at(monkeypatch, settings, frozen)
    assert "database" in not_ready()
    assert "database" in not_ready(), "asked again while the first call still hangs"
    assert sum(thread.name == "probe-database" for thread in threading.enumerate()) <= 1


def test_a_broker_that_is_away_is_named(db, settings):
    from config.celery import app

    before, app.conf.broker_read_url = app.conf.broker_read_url, "redis://127.0.0.1:1/0"
    try:
        assert list(not_ready()) == ["broker"]
    finally:
        app.conf.broker_read_url = before


def test_a_release_ahead_of_its_tables_is_not_ready(db, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("one", False), ("two", False)])
    assert not_ready() == {"migrations": "2 migrations of the platform are not applied"}


def test_a_fault_never_repeats_an_address_or_a_password(db, settings, monkeypatch):
    database_at(monkeypatch, settings, 1, PASSWORD="c4n4ry")
    settings.REDIS_URL = "redis://user:c4n4ry@127.0.0.1:1/0"
    said = json.dumps(not_ready())
    assert "c4n4ry" not in said
    assert "127.0.0.1" not in said


def test_health_is_asked_before_the_school_is_looked_up(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client(headers={"host": "lumiere.campanile.localhost"}).get(LIVE).status_code == 200


def test_other_addresses_are_pages(client, lumiere):
    assert client.get("/healthz/other").status_code == 404


def test_the_store_of_the_lockout_is_told(db, settings):
    ready = Client().get(READY).json()
    assert (ready["lockout_store"], ready["degraded"]) == ("redis", [])
    probes.forget()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    away = Client().get(READY).json()
    assert (away["lockout_store"], away["degraded"]) == ("memory", ["lockout"])
