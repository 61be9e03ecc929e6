"""What the pages of both hosts share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.tenants.permissions import BIND_ACCOUNTS

from ..permissions import keeping_secrets, managing, on_platform

Crumbs = list[tuple[Any, str]]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The layout of this host, and what the actor may do here."""
    return {
        "layout": "layouts/platform.html" if on_platform() else "layouts/school.html",
        "is_platform": on_platform(),
        "can_manage": managing().allows(request.actor),
        "can_bind": on_platform() and BIND_ACCOUNTS.allows(request.actor),
        "can_keep_secrets": keeping_secrets().allows(request.actor),
    }


def crumbs(*rest: tuple[Any, str]) -> Crumbs:
    return [(_("Connected services"), reverse("integrations:overview")), *rest]
