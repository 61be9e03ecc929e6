"""What the pages share."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ..permissions import WEBHOOKS_MANAGE, WEBHOOKS_OPERATE

Crumbs = list[tuple[Any, str]]


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the actor may do here."""
    return {
        "can_manage": WEBHOOKS_MANAGE.allows(request.actor),
        "can_operate": WEBHOOKS_OPERATE.allows(request.actor),
    }


def crumbs(*rest: tuple[Any, str]) -> Crumbs:
    return [(_("Webhooks sent"), reverse("outgoing:list")), *rest]
