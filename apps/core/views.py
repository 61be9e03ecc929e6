"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: explain, never show Django's technical page."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)
