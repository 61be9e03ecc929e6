"""From a session to somebody of support."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.bearer import token_of
from apps.core import requestinfo

from .services import visiting


class SupportMiddleware:
    """Stands after ActorMiddleware: only a browser in which nobody of the school is signed in can be support."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.support = None
        if request.school and request.actor.is_anonymous and token_of(request) is None:
            now = timezone.now()
            request.support = visit = visiting.visit_of(request, now=now)
            if visit is not None:
                request.actor = visit.actor
                request.session.seen(now, request.META["REMOTE_ADDR"])
                requestinfo.bind(support_grant=str(visit.grant.pk))
        return self.get_response(request)
