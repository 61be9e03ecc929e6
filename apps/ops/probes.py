"""Is each part we depend on there? Every probe answers within a deadline, even when the part is frozen.

A probe runs in a thread of its own, because a frozen server can hold a call for minutes. A thread that is still
held is not started a second time: a part that hangs costs one thread, however often it is asked about.
"""

import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connections

from apps.tenants.context import platform
from apps.tenants.jobs import ASKED_AT

logger = logging.getLogger("campanile.health")

DEADLINE = 2.0  # seconds a probe may take before its part counts as not answering
FRESH_FOR = 1.0  # seconds an answer is used again, so that asking often costs nothing
SHORT = 1  # seconds


class Unwell(Exception):
    """A part answered, and the answer is that it cannot work. The text names what is wrong, without secrets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one part said. `fault` is empty when it is well."""

    name: str
    fault: str = ""
    milliseconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.fault


# --- the probes ----------------------------------------------------------------------------------------


def database() -> None:
    """The way the application takes: its role, through the pooler if there is one."""
    with psycopg.connect(_application_dsn(), autocommit=True) as connection:
        connection.execute("SELECT 1")


def _application_dsn() -> str:
    entry = settings.DATABASES["default"]
    options = {name: value for name, value in entry.get("OPTIONS", {}).items() if name not in ("as_owner", "pool")}
    wanted = {
        "host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"],
        "password": entry["PASSWORD"], "dbname": entry["NAME"], **options,
    }  # fmt: skip
    return psycopg.conninfo.make_conninfo(
        connect_timeout=2, **{name: str(value) for name, value in wanted.items() if value}
    )


_migrated = threading.Event()


def migrations() -> None:
    """The platform's tables are those of this code. Asked once: the code of a process does not change."""
    if _migrated.is_set():
        return
    from django.db.migrations.executor import MigrationExecutor

    try:
        with platform():
            executor = MigrationExecutor(connections["default"])
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    finally:
        connections["default"].close()  # this thread's own
    if missing:
        raise Unwell(f"{len(missing)} migrations of the platform are not applied")
    _migrated.set()


def redis_server() -> None:
    """The server of cache and limits."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SHORT, socket_connect_timeout=SHORT)
    try:
        client.ping()
    finally:
        client.close()


def broker() -> None:
    """Where jobs are rung for."""
    broker_lengths([])


def broker_lengths(queues: list[str]) -> dict[str, int]:
    """How many messages wait in each queue, asked of the broker itself."""
    with _broker() as channel:
        return {queue: channel._size(queue) for queue in queues}


def broker_ages(queues: list[str], now: float) -> dict[str, float]:
    """For how many seconds the oldest message of each queue has waited; 0 for a queue without any that says so."""
    with _broker() as channel:
        return {queue: max((now - at for at in _asked(channel, queue)), default=0.0) for queue in queues}


def _asked(channel: Any, queue: str) -> Iterator[float]:
    """When the oldest message was sent, for each priority of a queue."""
    prefix = getattr(channel, "global_keyprefix", "")  # which kombu adds to the commands it uses itself only
    for priority in channel.priority_steps:
        oldest = channel.client.lindex(f"{prefix}{channel._q_for_pri(queue, priority)}", -1)
        asked = json.loads(oldest)["headers"].get(ASKED_AT) if oldest else None
        if isinstance(asked, int | float):
            yield float(asked)


@contextmanager
def _broker() -> Iterator[Any]:
    from celery import current_app as app

    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_timeout": SHORT, "socket_connect_timeout": SHORT}
    with app.connection_for_read(transport_options=options) as connection:
        connection.ensure_connection(max_retries=0, timeout=SHORT)
        channel = connection.default_channel
        channel.client.ping()
        yield channel


def storage() -> None:
    """Where files of the schools go: a small file is written, read back and deleted."""
    content = os.urandom(16)
    try:
        os.makedirs(settings.MEDIA_ROOT, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.MEDIA_ROOT, prefix=".probe-") as file:
            file.write(content)
            file.flush()
            same = Path(file.name).read_bytes() == content
    except OSError as fault:
        raise Unwell("the folder for files cannot be written to") from fault
    if not same:
        raise Unwell("the folder for files gives back something else than was written")


READY: dict[str, Callable[[], object]] = {
    "database": database,
    "migrations": migrations,
    "redis": redis_server,
    "broker": broker,
}
ALL: dict[str, Callable[[], object]] = {**READY, "storage": storage}


# --- asking them ---------------------------------------------------------------------------------------

_held: dict[str, threading.Thread] = {}
_fresh: dict[str, tuple[float, Answer]] = {}
_lock = threading.Lock()


def ask(probes: dict[str, Callable[[], object]]) -> list[Answer]:
    """All at the same time; returns after the slowest, at the latest after the deadline."""
    started = [(name, _start(name, probe)) for name, probe in probes.items()]
    until = time.monotonic() + DEADLINE
    return [_await(name, question, until) for name, question in started]


class _Question:
    """One run of one probe."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Answer | None = None


def _start(name: str, probe: Callable[[], object]) -> "_Question | Answer":
    with _lock:
        at, answer = _fresh.get(name, (0.0, None))
        if answer and time.monotonic() - at < FRESH_FOR:
            return answer
        if (held := _held.get(name)) and held.is_alive():
            return Answer(name, "does not answer")
        question, context = _Question(), copy_context()
        _held[name] = threading.Thread(
            target=context.run, args=(_run, name, probe, question), name=f"probe-{name}", daemon=True
        )
        _held[name].start()
        return question


def _run(name: str, probe: Callable[[], object], question: _Question) -> None:
    begun = time.perf_counter()
    fault = ""
    try:
        probe()
    except Unwell as problem:
        fault = str(problem)
    except Exception as problem:
        fault = f"does not answer ({type(problem).__name__})"  # the message may hold an address or a password
    answer = Answer(name, fault, round((time.perf_counter() - begun) * 1000, 1))
    with _lock:
        _fresh[name] = (time.monotonic(), answer)
    question.answer = answer
    question.done.set()


def _await(name: str, question: "_Question | Answer", until: float) -> Answer:
    if isinstance(question, Answer):
        return question
    question.done.wait(max(0.0, until - time.monotonic()))
    return question.answer or Answer(name, "does not answer")


def forget() -> None:
    """Ask anew next time (tests)."""
    with _lock:
        _fresh.clear()
        _migrated.clear()
