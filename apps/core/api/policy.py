"""REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"]: denied unless declared."""

from typing import Any

from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Declared(BasePermission):
    """Only views that say who may (doors.api_requires, doors.api_public) answer at all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        find = getattr(view, "declared_for", None)
        declared = find(request.method) if find else None
        if declared is None:
            return False
        if isinstance(declared, str):
            return True
        actor = request._request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            raise exceptions.NotAuthenticated
        declared.require_held(actor)
        return True
