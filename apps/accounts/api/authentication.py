"""REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"]: ActorMiddleware knows the actor; here it is checked how."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.core.actor import Actor

from ..bearer import token_of
from ..csrf import PairedCsrfMiddleware


class BearerAuthentication(BaseAuthentication):
    """A token that opens nothing here is refused, also where nobody has to be signed in."""

    def authenticate(self, request: Request) -> tuple[Actor, Any] | None:
        if token_of(request._request) is None:
            return None
        actor: Actor = request._request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            raise exceptions.AuthenticationFailed
        return actor, "bearer"

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="campanile"'


class CookieAuthentication(BaseAuthentication):
    """A browser's session works too, with the CSRF token that pages send (IDN-4)."""

    def authenticate(self, request: Request) -> tuple[Actor, Any] | None:
        actor: Actor = request._request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            return None
        refuse_forged(request._request)
        return actor, "cookie"


def refuse_forged(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the request carries the token of its session and comes from this origin."""
    request.csrf_processing_done = False  # type: ignore[attr-defined]  # the view itself is exempt for bearers
    refused = _Check(_nothing).process_view(request, _checked, (), {})
    if refused is not None:
        raise exceptions.PermissionDenied


class _Check(PairedCsrfMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _checked() -> HttpResponse:
    """A view that is not exempt."""
    return HttpResponse()
