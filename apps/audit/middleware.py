"""Tells the row changes which request they belong to.

Ours instead of django-auditlog's, which believes X-Forwarded-For: a forged or odd one would end in a false
address or a 500.
"""

from django.http import HttpRequest, HttpResponse

from . import rowchanges


class RowChangesMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with rowchanges.during(request):
            return self.get_response(request)
