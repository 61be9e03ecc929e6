"""What the pages of sign-in have in common."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from apps.core.errors import DomainError, Invalid
from apps.core.web import page
from apps.core.web import signed_in as signed_in

from ..services import second_step
from ..services.limits import TooManyAttempts


def onward(request: HttpRequest, path: str) -> HttpResponse:
    """After a first factor: to where the person wanted, or to the second step, which leads there."""
    return redirect("accounts:second_step" if second_step.keep_path(request, path) else path)


def safe_path(wanted: str) -> str:
    """An address on this very host, or nothing: never another host, school or scheme."""
    if len(wanted) > 500 or not wanted.startswith("/") or not wanted.isprintable():
        return ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def nothing_kept(response: HttpResponse) -> HttpResponse:
    """After signing out the browser forgets what it has of our pages (A10), also for its "back" button.

    Not "cookies": a browser would empty the jars of the neighbouring schools too, which are the same site.
    """
    response["Clear-Site-Data"] = '"cache"'
    return response


def refusal_page(request: HttpRequest, refused: DomainError, context: dict[str, Any]) -> HttpResponse:
    """Why somebody is not signed in, and when to try again if that is known."""
    response = page(request, "accounts/sign_in_refused.html", {"error": refused, **context}, status=refused.status)
    if isinstance(refused, TooManyAttempts):
        response["Retry-After"] = str(refused.retry_after)
    return response


def put_errors(form: forms.Form, refused: Invalid) -> None:
    """The refusal of a service, beside the fields it speaks of."""
    for name, errors in refused.fields.items():
        for error in errors:
            form.add_error(name if name in form.fields else None, str(error))
    if not refused.fields:
        form.add_error(None, str(refused))
