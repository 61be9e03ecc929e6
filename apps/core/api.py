"""API doors: who may, declared as on pages; refusals as problem details (RFC 9457); everything is denied by default."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from .errors import Forbidden, Refusal
from .middleware import problem
from .permissions import Permission

View = Callable[..., HttpResponseBase]
CODES = {400: "bad-request", 401: "not-signed-in", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
         406: "not-acceptable", 413: "too-large", 415: "unsupported-media-type", 429: "too-many-requests"}  # fmt: skip


class Declared(BasePermission):
    """Only views that say who may (`api_requires`, `api_public`) answer at all."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        declared = getattr(view, "declared", None)
        if declared is None:
            return False
        if isinstance(declared, str):
            return True
        actor = request._request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            raise exceptions.NotAuthenticated
        declared.require_held(actor)
        return True


def api_requires(permission: Permission) -> Callable[[type[APIView]], View]:
    """A class-based API view for actors who hold this permission somewhere; the service decides about the thing."""
    return lambda view: _route(view, permission)


def api_public(reason: str) -> Callable[[type[APIView]], View]:
    """The only way to leave an API view open; the reason is shown by the route guard test."""
    return lambda view: _route(view, reason)


def _route(view: type[APIView], declared: Permission | str) -> View:
    inner = view.as_view(declared=declared)

    @wraps(inner)
    def route(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return inner(request, *args, **kwargs)

    route.csrf_exempt = True  # type: ignore[attr-defined]  # CookieAuthentication checks it where cookies are used
    if isinstance(declared, str):
        route.public_reason = declared  # type: ignore[attr-defined]
    else:
        route.permission = declared  # type: ignore[attr-defined]
    return route


class ApiView(APIView):
    """What every view of the API has in common."""

    declared: Permission | str | None = None  # given by api_requires and api_public


def as_problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST_FRAMEWORK["EXCEPTION_HANDLER"]: one error format. None lets what is a fault of ours become a 500."""
    request = context["request"]._request
    if isinstance(error, Refusal):
        response = problem(error, request)
        if (wait := error.details.get("retry_after")) is not None:
            response["Retry-After"] = str(wait)
        return response
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        return problem(Forbidden(), request)
    elif isinstance(error, RequestDataTooBig):
        return plain_problem(request, 413, _("What you sent is too large."))
    if not isinstance(error, exceptions.APIException):
        return None
    status = 422 if isinstance(error, exceptions.ValidationError) else error.status_code
    text = _("Some of the values need to be corrected.") if status == 422 else str(error.detail)
    response = plain_problem(request, status, text, errors=error.detail if status == 422 else None)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response.status_code = 401
        response["WWW-Authenticate"] = 'Bearer realm="campanile"'
    return response


def plain_problem(request: HttpRequest, status: int, text: str, errors: Any = None) -> JsonResponse:
    code = CODES.get(status, "invalid" if status == 422 else "refused")
    body = {
        "type": f"urn:campanile:{code}",
        "title": text,
        "status": status,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    if isinstance(errors, dict):
        body["errors"] = {name: _texts(found) for name, found in errors.items()}
    elif errors:
        body["errors"] = {"body": _texts(errors)}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _texts(found: Any) -> list[str]:
    return [str(entry) for entry in found] if isinstance(found, list) else [str(found)]
