"""Celery tasks that know their school, and the one way to start them.

A row in PostgreSQL is the truth; the queue is only a bell. So a broker that is away never fails the act that
rang: the row stays, and the sweeper of the owning app rings again.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import Task, current_app, shared_task
from celery.exceptions import Ignore, Reject, Retry
from django.db import transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from apps.core import requestinfo
from apps.core.errors import DomainError

from . import context, hooks

HEADER = "school"  # the school's schema; PUBLIC for the platform's own tasks
REQUEST_ID = "request_id"
RUNS, EFFECTS = "runs", "effects"
ASKED_AT = "asked_at"  # seconds since 1970: how long a queue makes its messages wait

logger = logging.getLogger("campanile.jobs")


class WrongSchool(RuntimeError):
    """A message without a school, or for one that is unknown or not open, is refused before any query."""


class QueueAway(DomainError):
    """Nobody heard the bell, and what was asked for has no row that a sweeper would find: refused, not lost."""

    code = "queue-away"
    status = 503

    def __init__(self) -> None:
        super().__init__(_("This is not possible at the moment. Nothing was sent: try again in a few minutes."))


class SchoolTask(Task):
    """Every task of the product: runs inside the school named in its message, or not at all.

    `platform = True` marks tasks of the platform itself; a guard test lists them.
    """

    abstract = True
    platform = False
    lane = "interactive"
    recorded = ""  # RUNS: each run leaves a row (services.job_runs); EFFECTS: each that did something or failed
    acks_late = True
    reject_on_worker_lost = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if args:
            raise TypeError(f"{self.name} takes keyword arguments only")
        headers = self.request.headers or {}
        schema = headers.get(HEADER) or getattr(self.request, HEADER, None)
        request_id = headers.get(REQUEST_ID) or getattr(self.request, REQUEST_ID, None) or ""
        tenancy = self.tenancy(schema)
        facts = {"job_id": self.request.id or "", "request_id": requestinfo.new_request_id(request_id)}
        with requestinfo.bound(**facts, school=tenancy.slug), context.activated(tenancy):
            return self.logged(partial(super().__call__, **kwargs))

    def logged(self, work: Callable[[], Any]) -> Any:
        """One line per job, with its school and the request it came from: Celery's own lines know neither."""
        started, outcome = time.perf_counter(), "failed"
        try:
            result = self.written_down(work) if self.recorded else work()
            outcome = "done"
            return result
        except (Retry, Ignore, Reject):
            outcome = "put back"
            raise
        except Exception:
            logger.exception("job failed", extra={"task": self.name})
            raise
        finally:
            seconds = time.perf_counter() - started
            facts = {"task": self.name, "outcome": outcome, "milliseconds": round(seconds * 1000, 1)}
            logger.info("job", extra=facts)
            hooks.job_ended.send(task=self.name, outcome=outcome, seconds=seconds, school=context.selected())

    def written_down(self, work: Callable[[], Any]) -> Any:
        """With its row in the database, from before the work begins."""
        from .services import job_runs

        run_id = job_runs.begin(
            job=self.name, job_id=self.request.id or "", request_id=requestinfo.current_request_id()
        )
        try:
            result = work()
        except Exception as fault:
            job_runs.end(run_id, outcome="failed", error=type(fault).__name__)
            raise
        job_runs.end(run_id, outcome="done", result=result, only_effects=self.recorded == EFFECTS)
        return result

    def tenancy(self, schema: str | None) -> context.Tenancy:
        """Where this message may run. Raises WrongSchool."""
        if self.platform:
            if schema not in (None, context.PUBLIC):
                raise WrongSchool(f"{self.name} belongs to the platform and came with the school {schema!r}")
            return context.PLATFORM
        if not schema or schema == context.PUBLIC:
            raise WrongSchool(f"{self.name} was sent without a school")
        from .models import School

        with context.platform():
            school = School.objects.filter(schema_name=schema).first()
        if school is None or not school.is_open:
            raise WrongSchool(f"{self.name} was sent for {schema!r}, which is not an open school")
        return context.tenancy_of(school)


def tenant_task(*, name: str, queue: str = "interactive", **options: Any) -> Callable[..., Any]:
    """Declare a task of a school. `queue` is one of interactive, integration, outgoing, bulk, nightly."""
    return shared_task(base=SchoolTask, bind=True, name=name, lane=queue, **options)


def platform_task(*, name: str, queue: str = "interactive", **options: Any) -> Callable[..., Any]:
    """Declare a task of the platform itself."""
    return shared_task(base=SchoolTask, bind=True, name=name, lane=queue, platform=True, **options)


def route(name: str, *_: Any, **__: Any) -> dict[str, str]:
    """CELERY_TASK_ROUTES: every message goes to the queue its task declares, also when beat sends it."""
    if name not in current_app.tasks:
        autodiscover_modules("tasks")  # a web process has not imported any task yet
    return {"queue": getattr(current_app.tasks.get(name), "lane", "interactive")}


def enqueue(name: str, **arguments: Any) -> None:
    """Ring for a task by name, after the commit, for the school active NOW. Raises NoSchool outside of one.

    Arguments must be JSON values. A broker that does not answer is logged, never raised.
    """
    _after_commit(name, context.current().schema, arguments)


def enqueue_later(name: str, *, seconds: float, **arguments: Any) -> None:
    """The same, to be heard after some seconds. For minutes at most: further away a sweeper finds the row."""
    _after_commit(name, context.current_schema() or context.PUBLIC, arguments, options={"countdown": seconds})


def ring_soon(name: str) -> None:
    """Ring, after the commit, for a task without arguments that looks for rows, in the school or platform active now.

    The caller never waits for the broker: a thread of this process rings, once for all that asked within BELL_PAUSE.
    A process that dies before it rang, or a broker that is away, is what sweepers are for.
    """
    schema, request_id = context.current_schema() or context.PUBLIC, requestinfo.current_request_id()
    transaction.on_commit(partial(BELL.ask, name, schema, request_id))


class Bell:
    """Asked for any number of times, rung once per name and school and pause."""

    def __init__(self, pause: float = 0.01) -> None:
        self.pause = pause  # seconds
        self._asked: dict[tuple[str, str], str] = {}
        self._changed = threading.Condition()
        self._ringer: threading.Thread | None = None
        self._process = 0

    def ask(self, name: str, schema: str, request_id: str) -> None:
        with self._changed:
            self._asked.setdefault((name, schema), request_id)
            if self._ringer is None or self._process != os.getpid():  # threads do not survive a fork
                self._process = os.getpid()
                self._ringer = threading.Thread(target=self._ring_for_ever, name="bell", daemon=True)
                self._ringer.start()
            self._changed.notify()

    def _ring_for_ever(self) -> None:
        while True:
            with self._changed:
                while not self._asked:
                    self._changed.wait()
                asked, self._asked = self._asked, {}
            for (name, schema), request_id in asked.items():
                _send(name, {}, {HEADER: schema, REQUEST_ID: request_id})
            time.sleep(self.pause)


BELL = Bell()


def enqueue_or_refuse(name: str, **arguments: Any) -> None:
    """The same for a job without a row of its own, outside of a transaction. Raises QueueAway when nobody hears it."""
    _after_commit(name, context.current().schema, arguments, has_row=False)


def enqueue_platform(name: str, **arguments: Any) -> None:
    """Ring for one of the platform's own tasks after the commit."""
    _after_commit(name, context.PUBLIC, arguments)


def _after_commit(
    name: str, schema: str, arguments: dict[str, Any], *, has_row: bool = True, options: dict[str, Any] | None = None
) -> None:
    headers = {HEADER: schema, REQUEST_ID: requestinfo.current_request_id()}
    transaction.on_commit(partial(_send if has_row else _send_or_refuse, name, arguments, headers, **(options or {})))


def _send(name: str, arguments: dict[str, Any], headers: dict[str, str], **options: Any) -> None:
    try:
        _send_or_refuse(name, arguments, headers, **options)
    except QueueAway:
        logger.warning("a sweeper rings again", extra={"task": name})


def _send_or_refuse(name: str, arguments: dict[str, Any], headers: dict[str, str], **options: Any) -> None:
    try:
        sent = {**headers, ASKED_AT: time.time() + options.get("countdown", 0)}
        current_app.send_task(name, kwargs=arguments, headers=sent, retry=False, **options)
    except (OperationalError, OSError) as away:
        logger.warning("the queue did not answer", extra={"task": name})
        raise QueueAway from away
