"""What the pages of the tablet have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.core.permissions import Permission
from apps.core.web import View, public

from ..machine import NotNow, State
from ..services import desk as services


def to_start(request: HttpRequest) -> HttpResponse:
    """The one page that always shows where the device is."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("devices:desk")})
    return redirect("devices:desk")


def on_device(view: View) -> View:
    """Only on an enrolled tablet; anybody else is sent to its first page, which says what to do."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.desk is None:
            return to_start(request)
        try:
            return view(request, *args, **kwargs)
        except NotNow:
            return to_start(request)

    return public("only a browser that holds the session of a shared device gets past")(guarded)


def at_desk(permission: Permission) -> Callable[[View], View]:
    """Only the person at the desk, with this right of the desk. Whatever they do counts against idleness.

    A form names the visit it was shown in: one that the person before left open does nothing for the next.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            desk = request.desk
            if desk.state != State.DESK or desk.visit is None:
                return to_start(request)
            if request.method == "POST" and request.POST.get("visit") != str(desk.visit.pk):
                return to_start(request)
            permission.require(request.actor, desk.device.scope)
            services.act(desk, timezone.now())
            return view(request, *args, **kwargs)

        ready = on_device(guarded)
        ready.desk_permission = permission  # type: ignore[attr-defined]  # read by tests
        return ready

    return decorate
