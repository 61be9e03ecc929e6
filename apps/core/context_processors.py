"""What every layout needs, read lazily so that error pages cost nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": getattr(request, "actor", None),
        "school": getattr(request, "school", None),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "platform_domain": settings.PLATFORM_DOMAIN,
        "request_id": getattr(request, "request_id", ""),
    }


def _navigation(request: HttpRequest) -> Any:
    from .navigation import visible

    return visible(request)
