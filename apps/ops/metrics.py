"""Figures for Prometheus (OPS-1). Off, and without any cost, while METRICS_TOKEN is empty.

Requests are counted in each web process (merged through PROMETHEUS_MULTIPROC_DIR). Jobs and calls to providers are
counted in Redis, because workers answer no requests: losing them looks like a restart, which Prometheus knows how to
read. Everything else is looked at when it is asked for. A school is a label only for jobs and directory runs, and only
the METRICS_MAX_SCHOOLS oldest ones by name: the rest is "other".
"""

import logging
import os
import time
from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from apps.directory.models import DirectoryRun
from apps.integrations.http import breaker_states
from apps.notifications.models import CommunicationLog
from apps.tenants.context import Tenancy, activated, platform
from apps.tenants.models import FleetState, School

from . import probes, queue_metrics

logger = logging.getLogger("campanile.metrics")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
OTHER = "other"
CALLS = "metrics:calls"  # the same of calls to providers: "count provider outcome", "seconds provider"
JOBS = "metrics:jobs"  # a hash in Redis: "task outcome school" -> how many; seconds under "seconds task"
FRESH_FOR = 60.0  # seconds for which the schools are not asked again
PATIENCE = 2.0  # seconds that asking them may take; who is left out is counted
QUEUES = tuple(settings.CELERY_TASK_QUEUES_NAMES)


def enabled() -> bool:
    return bool(settings.METRICS_TOKEN)


# --- requests ------------------------------------------------------------------------------------------


@cache
def request_metrics() -> tuple[CollectorRegistry, Counter, Histogram]:
    """Made at first use, so that a process without metrics writes no files."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        os.makedirs(folder, exist_ok=True)
    registry = CollectorRegistry()
    labels = ["route", "method", "status"]
    count = Counter("campanile_requests", "Requests answered", labels, registry=registry)
    seconds = Histogram(
        "campanile_request_seconds", "How long answers took", ["route", "method"], registry=registry, buckets=BUCKETS
    )
    return registry, count, seconds


def note_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """By the name of the route, never by its path: paths are without number."""
    match = request.resolver_match
    route = match.view_name if match else "none"
    method = request.method if request.method in METHODS else "other"
    _registry, count, duration = request_metrics()
    count.labels(route, method, f"{response.status_code // 100}xx").inc()
    duration.labels(route, method).observe(seconds)


# --- jobs ----------------------------------------------------------------------------------------------


def note_job(*, task: str, outcome: str, seconds: float, school: Tenancy | None) -> None:
    """A receiver of `job_ended`. A Redis that is away loses a figure, never a job."""
    if not enabled():
        return
    slug = school.slug if school and school.slug else "platform"
    try:
        client, key = _hash(JOBS)
        with client.pipeline(transaction=False) as steps:
            steps.hincrby(key, f"count {task} {outcome.replace(' ', '-')} {slug}", 1)
            steps.hincrbyfloat(key, f"seconds {task}", round(seconds, 4))
            steps.execute()
    except (RedisError, OSError):
        logger.warning("a job was not counted: Redis did not answer", extra={"task": task})


def _hash(name: str) -> tuple[Any, str]:
    store = caches["platform"]
    return store._cache.get_client(write=True), store.make_key(name)  # type: ignore[attr-defined]


def _fields(name: str) -> dict[str, float]:
    client, key = _hash(name)
    return {field.decode(): float(value) for field, value in client.hgetall(key).items()}


def _job_figures(named: set[str]) -> Iterator[Metric]:
    count = CounterMetricFamily("campanile_jobs", "Jobs that ended", labels=["task", "outcome", "school"])
    spent = CounterMetricFamily("campanile_job_seconds", "How long jobs took, together", labels=["task"])
    try:
        fields = _fields(JOBS)
    except (RedisError, OSError):
        return
    totals: dict[tuple[str, str, str], float] = defaultdict(float)
    for field, value in sorted(fields.items()):
        kind, task, *rest = field.split(" ")
        if kind == "seconds":
            spent.add_metric([task], value)
        else:
            totals[task, rest[0], _label(rest[1], named)] += value
    for labels, value in totals.items():
        count.add_metric(labels, value)
    yield count
    yield spent


def _label(slug: str, named: set[str]) -> str:
    return slug if slug in named or slug == "platform" else OTHER


# --- calls to providers ----------------------------------------------------------------------------------


def note_outgoing(*, provider: str, outcome: str, seconds: float, **_more: object) -> None:
    """A receiver of `call_ended`. Names of providers and outcomes are written in our code: few, whatever happens."""
    if not enabled():
        return
    try:
        client, key = _hash(CALLS)
        with client.pipeline(transaction=False) as steps:
            steps.hincrby(key, f"count {provider} {outcome}", 1)
            steps.hincrbyfloat(key, f"seconds {provider}", round(seconds, 4))
            steps.execute()
    except (RedisError, OSError):
        logger.warning("a call was not counted: Redis did not answer", extra={"provider": provider})


def _call_figures() -> Iterator[Metric]:
    count = CounterMetricFamily("campanile_calls", "Calls to providers that ended", labels=["provider", "outcome"])
    spent = CounterMetricFamily("campanile_call_seconds", "How long calls took, together", labels=["provider"])
    breakers = GaugeMetricFamily(
        "campanile_breakers", "Circuit breakers of a provider in a state", labels=["provider", "state"]
    )
    try:
        fields = _fields(CALLS)
    except (RedisError, OSError):
        return
    for field, value in sorted(fields.items()):
        kind, provider, *rest = field.split(" ")
        if kind == "seconds":
            spent.add_metric([provider], value)
        else:
            count.add_metric([provider, rest[0]], value)
    with platform():
        states = Counts((one.provider, one.state) for one in breaker_states())
    for (provider, state), number in sorted(states.items()):
        breakers.add_metric([provider, state], number)
    yield from (count, spent, breakers)


# --- what is looked at when asked ----------------------------------------------------------------------


class Now(Collector):
    """Parts, queues, schools: read when Prometheus asks, the schools at most once a minute."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        well = {answer.name: answer.ok for answer in probes.ask(probes.READY)}
        up = GaugeMetricFamily("campanile_up", "1 when a part we depend on answers", labels=["part"])
        for name, ok in well.items():
            up.add_metric([name], float(ok))
        yield up
        if well["broker"]:
            yield from _queue_figures()
            yield from queue_metrics.ages(QUEUES)
        named: set[str] = set()
        if well["database"] and well["migrations"]:
            try:
                named, figures = school_figures()
                yield from figures
                yield from queue_metrics.events()
            except DatabaseError:
                logger.warning("the schools could not be asked for their figures", exc_info=True)
        if well["redis"]:
            yield from _job_figures(named)
            yield from _call_figures()


def _queue_figures() -> Iterator[Metric]:
    lengths: dict[str, int] = {}
    probes.ask({"queue lengths": lambda: lengths.update(probes.broker_lengths(list(QUEUES)))})
    waiting = GaugeMetricFamily("campanile_queue_length", "Jobs that wait", labels=["queue"])
    for queue, length in lengths.items():
        waiting.add_metric([queue], length)
    yield waiting


_schools: list[tuple[float, set[str], list[Metric]]] = []


def school_figures() -> tuple[set[str], list[Metric]]:
    """The schools with a label of their own, and the figures of all: at most one reading a minute per process."""
    if not _schools or time.monotonic() - _schools[0][0] > FRESH_FOR:
        _schools[:] = [(time.monotonic(), *_read_schools())]
    return _schools[0][1], _schools[0][2]


def forget() -> None:
    """Ask the schools anew next time (tests)."""
    _schools.clear()


def _read_schools() -> tuple[set[str], list[Metric]]:
    with platform():
        schools = list(School.objects.filter(ready=True, status__in=School.OPEN).order_by("created_at", "slug"))
        failed = FleetState.objects.filter(state=FleetState.State.FAILED).count()
    named = {school.slug for school in schools[: settings.METRICS_MAX_SCHOOLS]}
    until, asked, mail = time.monotonic() + PATIENCE, 0, 0
    ages: dict[str, float] = {}
    for school in schools:
        if time.monotonic() > until:
            break
        age, waiting = _figures_of(school)
        asked, mail = asked + 1, mail + waiting
        if age is not None:
            label = _label(school.slug, named)
            ages[label] = max(age, ages.get(label, 0.0))
    oldest = GaugeMetricFamily(
        "campanile_directory_run_age_seconds",
        "Since the last directory run that was done; the oldest one of the others together",
        labels=["school"],
    )
    for label, age in ages.items():
        oldest.add_metric([label], age)
    return named, [
        oldest,
        GaugeMetricFamily("campanile_mail_waiting", "Messages that wait to be sent, all schools", value=mail),
        GaugeMetricFamily("campanile_schools", "Open schools", value=len(schools)),
        GaugeMetricFamily(
            "campanile_schools_not_asked", "Open schools not in these figures", value=len(schools) - asked
        ),
        GaugeMetricFamily("campanile_schemas_failed", "Schemas whose migration failed", value=failed),
    ]


def _figures_of(school: School) -> tuple[float | None, int]:
    with activated(school):
        done = DirectoryRun.objects.filter(kind=DirectoryRun.Kind.FULL, state="done").order_by("-created_at")
        last = done.values_list("finished_at", flat=True).first()
        waiting = CommunicationLog.objects.filter(state=CommunicationLog.State.QUEUED, daily=False).count()
    return (timezone.now() - last).total_seconds() if last else None, waiting


# --- the answer ----------------------------------------------------------------------------------------


def exposition() -> bytes:
    """Everything, in Prometheus's text format."""
    now = CollectorRegistry()
    now.register(Now())
    return _requests() + generate_latest(now)


def _requests() -> bytes:
    registry = request_metrics()[0]
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
