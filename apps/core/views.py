"""Pages that belong to no app."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: explain, never show Django's technical page."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Any) -> Any:
    """An address that no pattern of ours matches, such as one with a line break."""
    from .api.problems import plain_problem

    if request.path.startswith("/api/"):
        return plain_problem(request, 404, _("There is nothing at this address."))
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Any) -> Any:
    """What Django itself refuses to read, in the form the caller reads."""
    from .api.problems import plain_problem

    if request.path.startswith("/api/"):
        return plain_problem(request, 400, _("The request could not be understood."))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> Any:
    from .api.problems import plain_problem

    if request.path.startswith("/api/"):
        return plain_problem(request, 500, _("The fault is on our side and has been recorded. Try again in a moment."))
    return defaults.server_error(request)
