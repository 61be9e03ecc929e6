"""Health and figures: answered before host, school and database are looked at."""

import logging
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.crypto import constant_time_compare

from apps.core.counters import COUNTERS

from . import probes

logger = logging.getLogger("campanile.health")


class HealthMiddleware:
    """`/healthz/live`: this process answers. `/healthz/ready`: so do the parts it needs; else 503 names them.

    Any Host header will do, because whoever asks (a load balancer, a kubelet) uses an address. Nothing of a
    school is in the answers. Live never looks at anything: a database that is away is no reason to restart us.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz/live":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/healthz/ready":
            return self.ready()
        return self.get_response(request)

    @staticmethod
    def ready() -> HttpResponse:
        answers = probes.ask(probes.READY)
        faults = {answer.name: answer.fault for answer in answers if not answer.ok}
        if faults:
            logger.warning("not ready", extra={"faults": faults})
        parts = {answer.name: answer.fault or "ok" for answer in answers}
        # how the lockout of sign-in counts: in Redis for all processes, or each process in its own memory (IDN-6)
        lockout = "memory" if COUNTERS.is_away or "redis" in faults else "redis"
        body = {
            "status": "unavailable" if faults else "ready",
            "parts": parts,
            "lockout_store": lockout,
            "degraded": ["lockout"] if lockout == "memory" else [],
        }
        return JsonResponse(body, status=503 if faults else 200)


class MetricsMiddleware:
    """`/metrics` for Prometheus, with `Authorization: Bearer METRICS_TOKEN` only; counts every other request.

    Without the token, or while none is set, the address does not exist.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics":
            return self.metrics(request)
        if not settings.METRICS_TOKEN:
            return self.get_response(request)
        from . import metrics

        started = time.perf_counter()
        response = self.get_response(request)
        metrics.note_request(request, response, time.perf_counter() - started)
        return response

    @staticmethod
    def metrics(request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("Authorization", "")
        if not settings.METRICS_TOKEN or not constant_time_compare(offered, f"Bearer {settings.METRICS_TOKEN}"):
            return HttpResponseNotFound("There is nothing at this address.\n", content_type="text/plain")
        from . import metrics

        return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)
