"""Doors for Microsoft Graph: the handshake of a subscription, and its notifications. On the platform's host.

An unknown address is answered like any page that is not there. A wrong secret is answered like a right one.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core.web import public
from apps.tenants import context

from .services import subscriptions
from .services.subscriptions import Entry

LARGEST = 256 * 1024  # bytes; Microsoft sends at most a few hundred notifications of some 500 bytes at once
LONGEST_TOKEN = 2048
MOST_ENTRIES = 1000


class NotANotification(ValueError):
    """The body is not what Microsoft sends."""


@csrf_exempt
@require_POST
@public("Microsoft calls here; the address is unguessable and every notification carries a secret")
def microsoft(request: HttpRequest, token: str) -> HttpResponse:
    """Echo the validation token as text, or write the notifications down: 202 means that they are in the database."""
    school = subscriptions.school_at(token)
    if school is None:
        return HttpResponseNotFound("There is nothing at this address.\n", content_type="text/plain")
    if "validationToken" in request.GET:
        return _echo(request.GET["validationToken"])
    body = _body(request)
    if body is None:
        return HttpResponse("The body is too large.\n", content_type="text/plain", status=413)
    try:
        entries = read(body)
    except NotANotification:
        return HttpResponse("This is no notification.\n", content_type="text/plain", status=400)
    with context.activated(school):
        subscriptions.receive(token=token, entries=entries, now=timezone.now())
    return HttpResponse(status=202)


def read(body: bytes) -> list[Entry]:
    """The notifications of a body. What cannot be one raises NotANotification; a single bad entry is left out."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise NotANotification from None
    listed = sent.get("value") if isinstance(sent, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_ENTRIES:
        raise NotANotification
    return [_entry(item) for item in listed if isinstance(item, dict)]


def _entry(item: dict[str, Any]) -> Entry:
    return Entry(
        subscription_id=_text(item, "subscriptionId"),
        client_state=_text(item, "clientState"),
        tenant_id=_text(item, "tenantId") or _text(item, "organizationId"),
        lifecycle=_text(item, "lifecycleEvent"),
        notice_id=_text(item, "id"),
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value[:200] if isinstance(value, str) else ""


def _echo(token: str) -> HttpResponse:
    if not 0 < len(token) <= LONGEST_TOKEN:
        return HttpResponse("This is no validation token.\n", content_type="text/plain", status=400)
    return HttpResponse(token, content_type="text/plain; charset=utf-8")


def _body(request: HttpRequest) -> bytes | None:
    """The body, or None as soon as it is larger than anything Microsoft sends."""
    body = request.read(LARGEST + 1)
    return None if len(body) > LARGEST else body
