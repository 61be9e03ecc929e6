"""HTML doors: the permission marker, and the shapes of an answer."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from .permissions import Permission, require_oneself

View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people who could do this somewhere get in; the service decides about the thing itself."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor.is_anonymous:
                return to_sign_in(request)
            permission.require_held(request.actor)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the route guard test
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """The only way to leave a view open. The reason is shown by the route guard test."""

    def decorate(view: View) -> View:
        view.public_reason = reason  # type: ignore[attr-defined]
        return view

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """For pages about oneself: everybody who is signed in, whatever their roles.

    Never for somebody who acts for another: sessions, factors, password and data are the person's own affair.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor.acting_for:
                require_oneself(request.actor)
            if request.actor.user_id is None:
                return to_sign_in(request)
            return view(request, *args, **kwargs)

        return public(reason)(guarded)

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page and back afterwards, also out of an HTMX fragment."""
    address = redirect_to_login(_wanted_page(request))["Location"]
    if request.session_ended:
        address += f"&ended={request.session_ended}"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _wanted_page(request: HttpRequest) -> str:
    if request.htmx:
        return _page_around(request)
    return request.get_full_path() if request.method == "GET" else "/"


def _page_around(request: HttpRequest) -> str:
    """The page a fragment was asked for from, as HTMX says; a header that is no address says nothing."""
    try:
        return request.htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """A read: the whole page, or only its named part when HTMX asks for it."""
    name = f"{template}#{partial}" if partial and wants_part(request) else template
    response = render(request, name, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """HTMX asked for a part; a boosted link or restored history wants the whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def form_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str | None = None
) -> HttpResponse:
    """A form with errors: 422, so that HTMX and machines know it was not accepted."""
    return page(request, template, context, partial=partial, status=422)


def undo_by(route: str, /, *args: Any, **values: Any) -> str:
    """The ordinary act that leads back: where its form is sent, and what it says, as a query.

    The page makes a form of it. So an undo asks for the rights of that act, and stands in the audit trail as that act.
    """
    said = {key: value for key, value in values.items() if value not in (None, "", False)}
    return reverse(route, args=args) + (f"?{urlencode(said, doseq=True)}" if said else "")


def done(
    request: HttpRequest,
    *,
    to: Any,
    message: object = "",
    template: str | None = None,
    context: dict[str, Any] | None = None,
    partial: str | None = None,
    undo: str = "",
) -> HttpResponse:
    """A write that worked: HTMX gets the changed part and a toast, a plain form a redirect and a message.

    `undo` (`undo_by(...)`) puts the way back beside the message.
    """
    if message and (template is None or not request.htmx):
        messages.success(request, str(message), extra_tags=f"undo:{undo}" if undo else "")
    if not request.htmx:
        return redirect(to)
    if template is None:
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to)})
    response = render(request, f"{template}#{partial}" if partial else template, context or {})
    if message:
        response["HX-Trigger"] = json.dumps({"toast": {"text": str(message), "kind": "success", "undo": undo}})
    return response
