"""Who is at the desk. Everywhere else a device's cookies are not even read (apps.accounts.middleware.jar_of)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.middleware import DEVICE, jar_of
from apps.accounts.sessions import store_of
from apps.core import requestinfo

from .selectors import actor_at, desk_of
from .services import desk as services


class DeskMiddleware:
    """Sets `request.desk`, and under the desk's path `request.actor` and `request.user` to the person there.

    Read anew at every request: a device that was revoked, a person who was suspended, is out at once.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.desk = None
        if jar_of(request) is DEVICE:
            now = timezone.now()
            request.desk = found = desk_of(store_of(request).row, now)
            if found is not None:
                store_of(request).seen(now, request.META["REMOTE_ADDR"])
                services.seen(found, now)
                request.actor = actor_at(found, request_id=request.request_id, address=request.META["REMOTE_ADDR"])
                if request.actor.user_id and found.person:
                    request.user = found.person
                    requestinfo.bind(user=str(found.person.pk))
        return self.get_response(request)
