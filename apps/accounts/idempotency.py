"""Middleware: a POST of the API with an Idempotency-Key is done once, however often it is sent."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from apps.core.errors import Refusal
from apps.core.middleware import problem
from apps.tenants.jobs import QueueAway

from .models import KeptAnswer
from .services import repeats

HEADER = "Idempotency-Key"


class IdempotencyMiddleware:
    """For callers who are known: a visitor's key would be anybody's. Stands after the actor and the request rate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        is_meant = request.method == "POST" and request.path.startswith("/api/v1/")
        if key is None or not is_meant or request.actor.is_anonymous or request.actor.read_only:
            return self.get_response(request)
        try:
            return self.once(request, key)
        except Refusal as refused:
            return problem(refused, request)

    def once(self, request: HttpRequest, key: str) -> HttpResponse:
        fingerprint = repeats.fingerprint_of(request)
        if calls_out(request):
            return self.remembered(request, key, fingerprint)
        try:
            with transaction.atomic():
                kept, is_new = repeats.begin(actor=request.actor, key=key, fingerprint=fingerprint, now=timezone.now())
                if not is_new:
                    return again(kept)
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                else:
                    repeats.keep(kept, response)
        except QueueAway:  # raised after the commit: nobody heard what was asked for
            repeats.forget(actor=request.actor, key=key)
            raise
        return response

    def remembered(self, request: HttpRequest, key: str, fingerprint: str) -> HttpResponse:
        """An operation that asks a provider: no transaction waits for the provider. It is safe to repeat by itself;
        the key sees to it that the first answer is given again. Of two at once both ask, and one answer counts.
        """
        now = timezone.now()
        if kept := repeats.known(actor=request.actor, key=key, fingerprint=fingerprint, now=now):
            return again(kept)
        response = self.get_response(request)
        if not 200 <= response.status_code < 300:
            return response
        with transaction.atomic():
            kept, is_new = repeats.begin(actor=request.actor, key=key, fingerprint=fingerprint, now=now)
            if is_new:
                repeats.keep(kept, response)
        return response if is_new else again(kept)


def calls_out(request: HttpRequest) -> bool:
    """Whether the view at this address asks somebody outside (ApiView.calls_out)."""
    try:
        return getattr(resolve(request.path_info, getattr(request, "urlconf", None)).func, "calls_out", False)
    except Resolver404:
        return False


def again(kept: KeptAnswer) -> HttpResponse:
    """The first answer once more, and that it is one."""
    return HttpResponse(kept.body, status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})
