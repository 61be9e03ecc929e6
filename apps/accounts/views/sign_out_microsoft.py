"""On the platform's host: Microsoft says that somebody signed out there, and sends people back who did."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from apps.core.actor import Actor
from apps.core.web import public
from apps.tenants.hosts import school_url

from ..services import microsoft_sign_in, microsoft_sign_out


@public("Microsoft's sign-out page loads this in a frame; who does not know the id of a session ends nothing")
@require_GET
def front_channel(request: HttpRequest) -> HttpResponse:
    """The registered LogoutUrl. Answers alike whether or not anything ended."""
    microsoft_sign_out.end_by_provider(
        issuer=request.GET.get("iss", "")[:300],
        session_id=request.GET.get("sid", "")[:200],
        actor=Actor(label="Microsoft", request_id=request.request_id, address=request.META["REMOTE_ADDR"]),
        now=timezone.now(),
    )
    response = HttpResponse("signed out\n", content_type="text/plain")
    login = urlsplit(settings.MICROSOFT_LOGIN_URL)
    response._csp_replace = {"frame-ancestors": [f"{login.scheme}://{login.netloc}"]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response


@public("whoever signed out at Microsoft comes back to the sign-in page of their school")
@require_safe
def came_back(request: HttpRequest) -> HttpResponse:
    school = microsoft_sign_in.school_of_state(request.GET.get("state", "")[:40] + ".")
    return redirect(school_url(school, "/sign-in/") if school else "/")
