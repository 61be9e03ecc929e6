"""How long queues and connected services make things wait, for Prometheus (INT-4)."""

import time
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Max, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from apps.integrations.contract import SERVICES
from apps.integrations.models import SchoolState
from apps.integrations.services.figures import figures_of
from apps.tenants.context import platform

from . import probes


def ages(queues: Sequence[str]) -> Iterable[Metric]:
    """The wait of the oldest job of each queue."""
    found: dict[str, float] = {}
    probes.ask({"queue ages": lambda: found.update(probes.broker_ages(list(queues), time.time()))})
    oldest = GaugeMetricFamily("campanile_queue_oldest_seconds", "How long the oldest job waits", labels=["queue"])
    for queue, seconds in found.items():
        oldest.add_metric([queue], max(0.0, seconds))
    yield oldest


def events() -> Iterator[Metric]:
    """Events of all schools, as their services were last looked at, with those of the platform itself."""
    with platform():
        schools = SchoolState.objects.aggregate(lag=Max("lag"), waiting=Sum("waiting"), dead=Sum("dead"))
        own = figures_of(list(SERVICES), timezone.now())
    lag = max([schools["lag"] or 0, *(one.lag for one in own)])
    waiting = (schools["waiting"] or 0) + sum(one.waiting for one in own)
    dead = (schools["dead"] or 0) + sum(one.dead for one in own)
    yield GaugeMetricFamily("campanile_events_oldest_seconds", "How late the longest waiting event is", value=lag)
    yield GaugeMetricFamily("campanile_events_waiting", "Events that wait to be applied", value=waiting)
    yield GaugeMetricFamily("campanile_events_given_up", "Events that somebody has to look at", value=dead)
