"""The owner's way in when Microsoft is none (docs/runbooks/break-glass.md)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.core.web import page, public

from ..services import break_glass
from ..services.break_glass import GlassLinkInvalid
from .common import onward


@public("the single-use link that the platform made for this owner is the proof")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link does nothing yet: chat programs open links too."""
    now = timezone.now()
    try:
        if request.method != "POST":
            return page(request, "accounts/break_glass.html", {"link": break_glass.find_usable(token, now)})
        break_glass.sign_in(request, token=token, now=now)
    except GlassLinkInvalid as refused:
        return page(request, "accounts/link_problem.html", {"error": refused}, status=refused.status)
    return onward(request, "/")
