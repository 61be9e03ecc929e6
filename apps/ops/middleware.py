"""Health answers before host, school and database are looked at."""

from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz/live":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)
