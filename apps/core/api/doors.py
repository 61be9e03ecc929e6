"""Who may use an API view, declared as on pages: a permission, or a reason to be public; for each method if need be."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from rest_framework.views import APIView

from ..permissions import Permission

View = Callable[..., HttpResponseBase]
Declared = Permission | str


def api_requires(permission: Permission, **by_method: Permission) -> Callable[[type["ApiView"]], View]:
    """A class-based API view for actors who hold this permission somewhere; the service decides about the thing.

    `post=PEOPLE_INVITE`: this method needs another one.
    """
    return lambda view: _route(view, permission, {name.upper(): one for name, one in by_method.items()})


def api_public(reason: str) -> Callable[[type["ApiView"]], View]:
    """The only way to leave an API view open; the reason is shown by the route guard test."""
    return lambda view: _route(view, reason, {})


def _route(view: type["ApiView"], declared: Declared, by_method: dict[str, Permission]) -> View:
    inner = view.as_view(declared=declared, by_method=by_method)

    @wraps(inner)
    def route(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return inner(request, *args, **kwargs)

    route.csrf_exempt = True  # type: ignore[attr-defined]  # CookieAuthentication checks it where cookies are used
    route.calls_out = view.calls_out  # type: ignore[attr-defined]
    if isinstance(declared, str):
        route.public_reason = declared  # type: ignore[attr-defined]
    else:
        route.permission = declared  # type: ignore[attr-defined]
        route.by_method = by_method  # type: ignore[attr-defined]
    return route


class ApiView(APIView):
    """What every view of the API has in common. `tag`: the chapter of the description it stands in; `proof`: how its
    callers show who they are, when it is by no bearer token. `calls_out`: its POST asks somebody outside and is safe to
    repeat, so an Idempotency-Key holds no transaction open meanwhile.
    """

    declared: Declared | None = None  # given by api_requires and api_public
    by_method: dict[str, Permission] = {}
    tag = ""
    proof = ""
    calls_out = False

    def declared_for(self, method: str) -> Declared | None:
        """The permission, or the reason to be public, of one method."""
        return self.by_method.get("GET" if method == "HEAD" else method, self.declared)
