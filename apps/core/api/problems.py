"""REST_FRAMEWORK["EXCEPTION_HANDLER"]: one error format, problem details (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from ..errors import Forbidden, Refusal
from ..middleware import problem

CODES = {400: "bad-request", 401: "not-signed-in", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
         406: "not-acceptable", 413: "too-large", 415: "unsupported-media-type", 429: "too-many-requests",
         500: "our-fault"}  # fmt: skip


def as_problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The answer to a refusal. None lets what is a fault of ours become a 500."""
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
