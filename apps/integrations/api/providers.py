"""Webhooks of providers, on the platform's host: each in its own protocol, all through the same inbox.

What is proven and has the shape of an event is kept and answered 200, also what fits no school: a provider that hears
anything else tries for days, and then switches the endpoint off.
"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from apps.core.api.doors import ApiView, api_public
from apps.core.api.fields import Output
from apps.core.api.operations import described
from apps.core.api.problems import plain_problem

from ..providers import PROVIDERS
from ..providers.protocol import Request as Sent
from ..reading import Malformed
from ..services import routing
from ..signatures import NotSigned
from .views import caller, not_signed, sent_to, within_limits


class Kept(Output):
    """What became of the event: `quarantined` fits no school yet."""

    id = serializers.CharField()
    status = serializers.ChoiceField(["accepted", "duplicate", "conflict", "quarantined"])


class ProviderView(ApiView):
    """A provider tells what happened at the accounts of schools. 200: it is kept, whatever it is about."""

    authentication_classes: list[type] = []  # the provider's own proof
    parser_classes: list[type] = []  # the raw bytes are what was signed
    service = ""
    tag = "Webhooks in"
    proof = "signature"

    def post(self, request: Request, path_secret: str = "") -> HttpResponse:
        http, provider, now = request._request, PROVIDERS[self.service], timezone.now()
        body = sent_to(http)
        if isinstance(body, HttpResponse):
            return body
        try:
            proof = provider.prove(Sent(http.headers, body, http.META["REMOTE_ADDR"], path_secret), now)
        except NotSigned as refused:
            return not_signed(http, self.service, refused)
        within_limits(caller(http), f"secret:{proof.key}")
        try:
            notice = provider.read(body, proof, now)
        except Malformed as wrong:
            return plain_problem(http, 400, str(wrong))
        verdict = routing.take(self.service, notice, now=now)
        return JsonResponse({"id": verdict.event_id, "status": verdict.status})


def door(service: str, label: str, operation: str) -> Any:
    """The view of one provider. A class of its own, so that the API document names each."""

    @described(
        operation,
        label,
        ProviderView.__doc__ or "",
        body={"application/json": {"type": "object"}},
        answers={200: Kept},
        refusals=(400, 401, 413, 415, 429),
    )
    def post(self: Any, request: Request, path_secret: str = "") -> HttpResponse:
        return ProviderView.post(self, request, path_secret)

    name = "".join(part.title() for part in operation.split("_")) + "View"
    view = type(name, (ProviderView,), {"service": service, "post": post, "__doc__": ProviderView.__doc__})
    return api_public("providers prove themselves by the signature of what they send")(view)


stripe = door("stripe", "Events of Stripe", "send_stripe_events")
bridge = door("bridge", "Events of Bridge", "send_bridge_events")
helloasso = door("helloasso", "Notifications of HelloAsso, signed", "send_helloasso_events")
helloasso_address = door(
    "helloasso", "Notifications of HelloAsso at an address with a secret end", "send_helloasso_address_events"
)
