"""From a session to an Actor, and the language of the answer."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from apps.core.actor import Actor


class ActorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = Actor.anonymous(request_id=request.request_id, address=request.META["REMOTE_ADDR"])
        return self.get_response(request)


class LanguageMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override("en"):
            request.LANGUAGE_CODE = "en"
            return self.get_response(request)
