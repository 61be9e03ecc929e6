"""Who may use an API view, declared as on pages: a permission, or a reason to be public."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from rest_framework.views import APIView

from ..permissions import Permission

View = Callable[..., HttpResponseBase]


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
