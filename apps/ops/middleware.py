"""Health answers before host, school and database are looked at."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse

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
        body = {"status": "unavailable" if faults else "ready", "parts": parts}
        return JsonResponse(body, status=503 if faults else 200)
