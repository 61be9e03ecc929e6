"""The page behind the link in the mail of a renewal: it shows, and confirms when its button is pressed."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.core.web import page, public

from ..services import renewals


@public("the link that was mailed to an officer is the proof; it confirms one renewal and opens nothing else")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs and virus scanners open links by themselves, so a GET never confirms."""
    now = timezone.now()
    try:
        invitation = renewals.read_link(token, now)
        if request.method == "POST":
            done = renewals.confirm_by_link(token=token, now=now, address=request.META["REMOTE_ADDR"])
            return page(request, "associations/confirmed.html", {"renewal": done})
    except renewals.LinkDead as dead:
        return page(request, "associations/link_dead.html", {"problem": dead}, status=dead.status)
    return page(request, "associations/confirm.html", {"invitation": invitation})
