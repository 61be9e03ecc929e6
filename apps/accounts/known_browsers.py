"""Browsers in which somebody signed in before. An attacker who tries an account elsewhere does not lock them.

The cookie proves nothing about who is there: it only gives this browser its own count of attempts for the accounts
that signed in with it. It is signed, and worthless at another school or for another account.
"""

import time
from collections.abc import Callable

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from apps.tenants.context import current_schema

from .credentials import new_secret
from .services.limits import same

COOKIE = "__Host-known"
GOOD_FOR = 180 * 24 * 3600  # seconds after the last sign-in with it
MOST_ACCOUNTS = 5  # people who share one computer; the latest stay
LONGEST = 2_000
Entry = tuple[str, str, int]  # account, this browser's own name for it, when it signed in


def name_of(request: HttpRequest, email: str) -> str:
    """The secret name of this browser for this account, or "" when nobody signed in to it here."""
    wanted = _account(email)
    return next((name for account, name, _at in _entries(request) if account == wanted), "")


def any_name_of(request: HttpRequest) -> str:
    """The secret name of this browser, whoever signed in with it; "" when nobody did."""
    return next((name for _account, name, _at in _entries(request)), "")


def remember(request: HttpRequest, email: str) -> None:
    """Somebody proved to be this account here: the answer to this request carries the cookie."""
    request.signed_in_here = email  # type: ignore[attr-defined]


def _account(email: str) -> str:
    """Names nobody to whoever reads the cookie."""
    return salted_hmac(f"known-browser:{current_schema()}", same(email), algorithm="sha256").hexdigest()[:32]


def _salt() -> str:
    return f"campanile.known-browser:{current_schema()}"


def _entries(request: HttpRequest) -> list[Entry]:
    cookie = request.COOKIES.get(COOKIE, "")
    if not cookie or len(cookie) > LONGEST:
        return []
    try:
        kept = signing.loads(cookie, salt=_salt(), max_age=GOOD_FOR)
        entries = [(str(account), str(name), int(at)) for account, name, at in kept]
    except (signing.BadSignature, ValueError, TypeError):
        return []
    oldest = time.time() - GOOD_FOR
    return [entry for entry in entries if entry[2] > oldest]


class KnownBrowserMiddleware:
    """Gives the cookie to a browser in which somebody has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        email = getattr(request, "signed_in_here", "")
        if email:
            account = _account(email)
            others = [entry for entry in _entries(request) if entry[0] != account]
            entries = [(account, new_secret(), int(time.time())), *others][:MOST_ACCOUNTS]
            response.set_cookie(
                COOKIE,
                signing.dumps(entries, salt=_salt(), compress=True),
                max_age=GOOD_FOR,
                secure=True,
                httponly=True,
                samesite="Lax",
            )
        return response
