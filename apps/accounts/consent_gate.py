"""Who has not seen a text that everybody has to see is led to it, at the next page they open (IDN-12)."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.tenants.features import value

from .models import User
from .services.consents import REQUIRED_UP_TO

OPEN = ("/account/", "/sign-out/", "/set-language/", "/files/", "/guardian/", "/theme.css", "/static/", "/api/")


class ConsentGateMiddleware:
    """Costs no query: the number of the latest text stands with the school, what a person has seen with the person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_needed(request):
            url = reverse("accounts:consents") + f"?next={quote(request.path)}"
            if request.htmx:
                return HttpResponse(status=204, headers={"HX-Redirect": url})
            return redirect(url)
        return self.get_response(request)

    @staticmethod
    def is_needed(request: HttpRequest) -> bool:
        # what is sent is let through: nothing that was typed is lost
        if request.school is None or request.method not in ("GET", "HEAD") or request.path.startswith(OPEN):
            return False
        user = request.user
        return isinstance(user, User) and user.consents_seen < value(REQUIRED_UP_TO.key, request.school)
