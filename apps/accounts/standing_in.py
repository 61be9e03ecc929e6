"""Middleware: whoever is in another's place sees with their rights, and whoever only looks writes nothing."""

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import requestinfo
from apps.core.errors import ReadOnly
from apps.core.middleware import DomainErrorMiddleware

from .bearer import token_of
from .services import standing_in

logger = logging.getLogger("campanile.permissions")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
WRITES = re.compile(r"\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate|copy)\s", re.IGNORECASE)
BEGINS_READING = re.compile(r"\s*(?:select|explain|show|savepoint|release|rollback|set|declare|fetch|close)\b", re.I)
AUDIT = re.compile(r'\s*insert\s+into\s+"audit_auditevent"', re.IGNORECASE)


class StandingInMiddleware:
    """Stands after the actor is known. `request.place` says whose place it is, for the banner.

    Two walls around somebody who only looks: unsafe methods are refused for every view but those that end the stay
    (`while_looking`), on pages, API and everything else; and no statement of such a request writes, except into the
    audit trail, so that a view that writes on GET is refused too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.place, request.place_ended, request.may_write = None, False, True
        if request.school and token_of(request) is None:  # cookies do not count beside a program's token
            standing_in.seat(request, now=timezone.now())
        actor = request.actor
        if actor.acting_for:
            requestinfo.bind(behind=actor.acting_for, acting=actor.acting_as)
        if not actor.read_only:
            return self.get_response(request)
        request.may_write = False
        with connection.execute_wrapper(partial(nothing_is_written, request)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.place_ended:
            messages.info(request, _("Your stay in somebody else's place is over: you are yourself again."))
        if not request.actor.read_only:
            return None
        request.may_write = getattr(view, "while_looking", False)
        if request.method in SAFE or request.may_write:
            return None
        logger.warning("refused", extra={"permission": "read-only", "actor": request.actor.label})
        return DomainErrorMiddleware(self.get_response).process_exception(request, ReadOnly())


def while_looking(view: Callable[..., Any]) -> Callable[..., Any]:
    """For the few views that end a stay, or the session: also somebody who only looks may send them."""
    view.while_looking = True  # type: ignore[attr-defined]
    return view


def nothing_is_written(request: HttpRequest, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    text = sql if isinstance(sql, str) else str(sql)
    if not request.may_write and not BEGINS_READING.match(text) and WRITES.search(text) and not AUDIT.match(text):
        raise ReadOnly
    return execute(sql, params, many, context)
