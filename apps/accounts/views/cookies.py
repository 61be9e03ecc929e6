"""The cookie that binds a way to Microsoft and back to one browser."""

from django.http import HttpResponse

from ..services.microsoft_sign_in import FLOW_LIVES, Departure

FLOW_COOKIE = "__Host-flow"


def keep(response: HttpResponse, departure: Departure) -> None:
    response.set_cookie(
        FLOW_COOKIE,
        departure.browser,
        max_age=int(FLOW_LIVES.total_seconds()),
        secure=True,
        httponly=True,
        samesite="Lax",
    )
