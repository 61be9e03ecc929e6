"""The cookie that binds a way to Microsoft and back to one browser."""

from django.http import HttpRequest, HttpResponse

from ..credentials import new_secret
from ..services.microsoft_sign_in import FLOW_LIVES, Departure

FLOW_COOKIE = "__Host-flow"
PASSKEY_COOKIE = "__Host-passkey"  # binds a passkey's challenge to one browser


def keep(response: HttpResponse, departure: Departure) -> None:
    response.set_cookie(
        FLOW_COOKIE,
        departure.browser,
        max_age=int(FLOW_LIVES.total_seconds()),
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def browser_of(request: HttpRequest) -> str:
    """What names this browser to a passkey's challenge; a new name when it has none."""
    return request.COOKIES.get(PASSKEY_COOKIE, "")[:100] or new_secret()


def keep_browser(response: HttpResponse, browser: str) -> HttpResponse:
    response.set_cookie(PASSKEY_COOKIE, browser, max_age=600, secure=True, httponly=True, samesite="Lax")
    return response
