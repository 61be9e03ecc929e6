"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.i18n import set_language

from .web import public


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: explain, never show Django's technical page."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)


@public("visitors choose a language before they sign in")
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back (POST only; a GET changes nothing)."""
    return set_language(request)
