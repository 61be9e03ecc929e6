"""Celery tasks that know their school, and the one way to start them.

A row in PostgreSQL is the truth; the queue is only a bell. So a broker that is away never fails the act that
rang: the row stays, and the sweeper of the owning app rings again.
"""

import logging
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
            result = work()
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
    """Declare a task of a school. `queue` is one of interactive, integration, bulk, nightly."""
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


def enqueue_or_refuse(name: str, **arguments: Any) -> None:
    """The same for a job without a row of its own, outside of a transaction. Raises QueueAway when nobody hears it."""
    _after_commit(name, context.current().schema, arguments, has_row=False)


def enqueue_platform(name: str, **arguments: Any) -> None:
    """Ring for one of the platform's own tasks after the commit."""
    _after_commit(name, context.PUBLIC, arguments)


def _after_commit(name: str, schema: str, arguments: dict[str, Any], *, has_row: bool = True) -> None:
    headers = {HEADER: schema, REQUEST_ID: requestinfo.current_request_id()}
    transaction.on_commit(partial(_send if has_row else _send_or_refuse, name, arguments, headers))


def _send(name: str, arguments: dict[str, Any], headers: dict[str, str]) -> None:
    try:
        _send_or_refuse(name, arguments, headers)
    except QueueAway:
        logger.warning("a sweeper rings again", extra={"task": name})


def _send_or_refuse(name: str, arguments: dict[str, Any], headers: dict[str, str]) -> None:
    try:
        current_app.send_task(name, kwargs=arguments, headers=headers, retry=False)
    except (OperationalError, OSError) as away:
        logger.warning("the queue did not answer", extra={"task": name})
        raise QueueAway from away
