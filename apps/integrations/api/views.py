"""Webhooks of our own contract: sender and signature first, then the body, then the rows, then the answer."""

import logging
import math
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from apps.core.api.doors import ApiView, api_public
from apps.core.api.fields import Output
from apps.core.api.operations import described
from apps.core.api.problems import plain_problem
from apps.core.ratelimit import BUCKETS, TooManyRequests, network

from ..contract import SERVICES
from ..reading import LARGEST, Malformed, read
from ..services import receiving, secrets
from ..signatures import NotSigned, Signed, verify

logger = logging.getLogger("campanile.integrations")


class VerdictOut(Output):
    """What became of one event."""

    id = serializers.CharField()
    status = serializers.ChoiceField(["accepted", "duplicate", "conflict", "invalid"])
    errors = serializers.ListField(child=serializers.CharField(), required=False)  # type: ignore[assignment]


class Verdicts(Output):
    """Of one event its verdict alone; of many the counts, and each verdict in `results`."""

    id = serializers.CharField(required=False)
    status = serializers.CharField(required=False)
    errors = serializers.ListField(child=serializers.CharField(), required=False)  # type: ignore[assignment]
    accepted = serializers.IntegerField(required=False)
    duplicate = serializers.IntegerField(required=False)
    conflict = serializers.IntegerField(required=False)
    invalid = serializers.IntegerField(required=False)
    results = VerdictOut(many=True, required=False)


class WebhookView(ApiView):
    """One service of our own contract sends events here, one or many at once (INT-1).

    202: at least one event was accepted and is safe; 200: all were known already; 409: the same id was sent before
    with other content; 422: nothing could be accepted. Each event's verdict is in the answer.
    """

    authentication_classes: list[type] = []  # the signature is the proof
    parser_classes: list[type] = []  # the raw bytes are what was signed
    service = ""
    tag = "Webhooks in"
    proof = "signature"

    def post(self, request: Request) -> HttpResponse:
        http = request._request
        body = sent_to(http)
        if isinstance(body, HttpResponse):
            return body
        now = timezone.now()
        try:
            secret = verify(Signed.of(http.headers), body, secrets.live_secrets(self.service, now), now=time.time())
        except NotSigned as refused:
            return not_signed(http, self.service, refused)
        within_limits(caller(http), f"secret:{secret.pk}")
        secrets.note_use(secret, now)
        try:
            items, is_batch = read(body, SERVICES[self.service])
        except Malformed as wrong:
            return plain_problem(http, 400, str(wrong))
        verdicts = receiving.receive(self.service, items, secret_id=secret.pk, now=now)
        return _answer(verdicts, is_batch)


def caller(http: HttpRequest) -> str:
    return f"address:{network(http.META['REMOTE_ADDR'])}"


def sent_to(http: HttpRequest) -> bytes | HttpResponse:
    """The raw body, of which never more than the largest is read; or why it is refused."""
    if http.headers.get("Content-Encoding", "identity") != "identity":
        return plain_problem(http, 415, _("Send the body without compression."))
    body = http.read(LARGEST + 1)
    return body if len(body) <= LARGEST else plain_problem(http, 413, _("What you sent is too large."))


def not_signed(http: HttpRequest, service: str, refused: NotSigned) -> HttpResponse:
    within_limits(caller(http))
    logger.warning("a webhook was not signed", extra={"service": service, "reason": refused.reason})
    return plain_problem(http, 401, _("The signature is missing, too old or not one of a live secret."))


def within_limits(*callers: str) -> None:
    """Raise TooManyRequests for who sends more than WEBHOOK_RATE_LIMIT_COUNT in WEBHOOK_RATE_LIMIT_PERIOD seconds.

    Address and secret are counted in one question to Redis, so after the signature; what that costs before is bounded
    by the largest body, and by the edge server's own limit.
    """
    count, period = settings.WEBHOOK_RATE_LIMIT_COUNT, settings.WEBHOOK_RATE_LIMIT_PERIOD
    if count <= 0:
        return
    if wait := BUCKETS.take_all([f"webhook:{caller}" for caller in callers], rate=count / period, burst=count):
        raise TooManyRequests(math.ceil(wait))


def _answer(verdicts: list[receiving.Verdict], is_batch: bool) -> HttpResponse:
    counts: dict[str, int] = {"accepted": 0, "duplicate": 0, "conflict": 0, "invalid": 0}
    for verdict in verdicts:
        counts[verdict.status] += 1
    if counts["accepted"]:
        status = 202
    elif counts["duplicate"]:
        status = 200
    else:
        status = 409 if counts["conflict"] else 422
    said: dict[str, Any] = {**counts, "results": [verdict.as_json() for verdict in verdicts]}
    return JsonResponse(said if is_batch else verdicts[0].as_json(), status=status)


def door(service: str) -> Any:
    """The view of one service. A class of its own, so that the API document names each."""
    name = "".join(part.title() for part in service.split("-")) + "WebhookView"

    @described(
        f"send_{service.replace('-', '_')}_events",
        f"Events of the {service}",
        WebhookView.__doc__ or "",
        body={"application/json": {"type": ["object", "array"]}},
        answers=dict.fromkeys((200, 202, 409, 422), Verdicts),
        refusals=(400, 401, 413, 415, 429),
    )
    def post(self: Any, request: Request) -> HttpResponse:
        return WebhookView.post(self, request)

    view = type(name, (WebhookView,), {"service": service, "post": post, "__doc__": WebhookView.__doc__})
    return api_public("services prove themselves by the signature of what they send")(view)


user_service = door("user-service")
payment_service = door("payment-service")
communication_service = door("communication-service")
