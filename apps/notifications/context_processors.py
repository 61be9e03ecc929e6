"""The bell in the header: how much is unread, asked for only by pages that show it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .selectors import unread


def bell(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {"unread": SimpleLazyObject(lambda: unread(actor=actor) if actor else None)}
