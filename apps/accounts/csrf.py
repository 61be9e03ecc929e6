"""Forged requests are refused: a token paired with the session, and the exact origin (SEC-1, IDN-4)."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest, _does_token_match  # type: ignore[attr-defined]

from . import tokens
from .models import Session

NEIGHBOURS = ("same-site", "cross-site")


class PairedCsrfMiddleware(CsrfViewMiddleware):
    """Django's check, with the secret of the session family instead of whatever the cookie jar holds.

    A visitor without a session is protected by Django's own cookie, which no neighbour can plant (`__Host-`).
    What the browser itself says about where a request comes from counts as well: a neighbouring school is the
    same site, so SameSite cookies do not help.
    """

    def _get_secret(self, request: HttpRequest) -> str | None:
        session = family_of(request)
        return tokens.csrf_secret(session) if session else super()._get_secret(request)  # type: ignore[misc]

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if session := family_of(request):  # it may have begun during this request
            request.META["CSRF_COOKIE"] = tokens.csrf_secret(session)
        super()._set_csrf_cookie(request, response)  # type: ignore[misc]

    def _check_token(self, request: HttpRequest) -> None:
        if request.headers.get("Sec-Fetch-Site", "") in NEIGHBOURS:
            raise RejectRequest("The request came from another site.")
        try:
            super()._check_token(request)  # type: ignore[misc]
        except RejectRequest:
            if not _made_under_an_old_key(request):
                raise

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        session = family_of(request)
        if session and request.COOKIES.get(settings.CSRF_COOKIE_NAME) != tokens.csrf_secret(session):
            request.META.setdefault("CSRF_COOKIE", tokens.csrf_secret(session))
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
        return super().process_response(request, response)


def _made_under_an_old_key(request: HttpRequest) -> bool:
    """A form that was opened before SECRET_KEY was rotated still belongs to this session."""
    session = family_of(request)
    sent = (request.POST.get("csrfmiddlewaretoken") if request.method == "POST" else "") or request.headers.get(
        "X-CSRFToken", ""
    )
    if session is None or len(sent) not in (32, 64) or not sent.isascii() or not sent.isalnum():
        return False
    return any(_does_token_match(sent, secret) for secret in tokens.csrf_secrets(session)[1:])


def family_of(request: HttpRequest) -> Session | None:
    return getattr(getattr(request, "session", None), "row", None)
