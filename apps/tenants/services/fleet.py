"""One run over the fleet: platform, template, then every school, in parallel; a failing one is fenced."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from queue import Empty, SimpleQueue

import psycopg
from django.db import connections

from apps.tenants import context, database, fleet
from apps.tenants.fleet import Report, Script, Waiting

Progress = Callable[[str], None]
ATTEMPTS = 3
BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


def migrate_fleet(*, parallel: int = 2, progress: Progress = lambda line: None) -> Report:
    """Bring every schema to the migrations of this code. Idempotent, resumable; nothing to do costs one query.

    A school that fails keeps its old tables, is closed to its people and is tried again by the next run.
    """
    wanted = fleet.fingerprint()
    if fleet.behind(wanted) == []:
        return Report(nothing_to_do=True)
    with fleet.only_one():
        with fleet.template_closed():
            waiting = fleet.behind(wanted)
            if waiting is None or context.PUBLIC in waiting:
                progress("platform")
                fleet.migrate_platform(wanted)
            if waiting is None or fleet.TEMPLATE in waiting:
                progress("template school")
                fleet.migrate_template(wanted)
            schools = fleet.schools_behind(wanted)
            scripts = _render(schools, wanted)
        return _Run(schools, scripts, progress).with_workers(parallel)


def _render(schools: list[Waiting], wanted: str) -> dict[int, Script]:
    """One script per position that any school is at: usually one."""
    with database.owner_connection() as connection:
        return {
            position: Script(fleet.ledger(connection, after=position), wanted, position=position)
            for position in {school.position for school in schools}
        }


class _Run:
    """The schools of one run, taken one after the other by a few workers with a connection each."""

    def __init__(self, schools: list[Waiting], scripts: dict[int, Script], progress: Progress) -> None:
        self.total, self.scripts, self.progress = len(schools), scripts, progress
        self.report, self.number = Report(), count(1)
        self.queue: SimpleQueue[Waiting] = SimpleQueue()
        for school in schools:
            self.queue.put(school)

    def with_workers(self, parallel: int) -> Report:
        with ThreadPoolExecutor(max_workers=max(parallel, 1), thread_name_prefix="fleet") as pool:
            for worker in [pool.submit(self.work) for _ in range(min(parallel, self.total))]:
                worker.result()
        return self.report

    def schools(self) -> Iterator[Waiting]:
        while True:
            try:
                yield self.queue.get_nowait()
            except Empty:
                return

    def work(self) -> None:
        connection: psycopg.Connection | None = None
        try:
            for school in self.schools():
                if connection is None or connection.closed:
                    connection = psycopg.connect(database.owner_dsn(), autocommit=True)
                self.bring(connection, school)
        finally:
            if connection is not None:
                connection.close()
            connections.close_all()  # this thread's own

    def bring(self, connection: psycopg.Connection, school: Waiting) -> None:
        script = self.scripts[school.position]
        try:
            _patiently(connection, school, script)
        except Exception as error:  # one school's trouble must not stop the others
            reason = f"{type(error).__name__}: {error}".strip()
            self.report.failed[school.schema] = reason
            fleet.fence(school.schema, reason)
            self.tell(f"{school.schema}: FAILED, closed until the next good run")
            return
        self.report.done.append(school.schema)
        if script.in_python:
            self.report.through_python[school.schema] = script.in_python
        self.tell(f"{school.schema}: done{', through Python' if script.in_python else ''}")

    def tell(self, line: str) -> None:
        self.progress(f"{next(self.number)}/{self.total} {line}")


def _patiently(connection: psycopg.Connection, school: Waiting, script: Script) -> None:
    """A school in the middle of something long gets a second and a third chance."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return fleet.migrate_school(connection, school, script)
        except BUSY:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
