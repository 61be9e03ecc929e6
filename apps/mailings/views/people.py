"""What those do who get announcements: read one, choose, end the mail of an association by the link in it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.errors import NotVisible
from apps.core.navigation import layout_of
from apps.core.web import done, page, public, signed_in

from .. import selectors
from ..presenting import reading
from ..services import unsubscribing


@signed_in("everybody who is signed in reads what was sent to themselves")
@require_GET
def read(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    announcement = selectors.received(actor=request.actor, announcement_id=announcement_id)
    context = {
        "layout": layout_of(request),
        "announcement": announcement,
        **reading(announcement, (get_language() or "fr")[:2]),
    }
    return page(request, "mailings/read.html", context)


@signed_in("everybody chooses whose announcements come to themselves by mail")
@require_http_methods(["GET", "POST"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    assert request.actor.user_id is not None  # signed_in
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        try:
            key = UUID(request.POST.get("association", ""))
        except ValueError:
            raise NotVisible from None
        unsubscribing.choose(actor=request.actor, association_id=key, wanted=wanted, now=timezone.now())
        said = _("Its mail comes again.") if wanted else _("No more mail of this association.")
        return done(request, to="mailings:subscriptions", message=said)
    rows = selectors.subscriptions(user_id=request.actor.user_id)
    return page(request, "mailings/subscriptions.html", {"layout": layout_of(request), "rows": rows})


@csrf_exempt  # a mail program sends the POST, without any cookie; the token is the proof
@public("the signed link that was mailed to a person ends the mail of one association to them, and does nothing else")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058. Mail programs and virus scanners open links by themselves, so a GET only shows a button."""
    try:
        if request.method == "POST":
            meant = unsubscribing.unsubscribe_by_link(
                token=token, now=timezone.now(), address=request.META["REMOTE_ADDR"]
            )
            return page(request, "mailings/unsubscribed.html", {"association": meant.association})
        meant = unsubscribing.read_link(token)
    except unsubscribing.LinkDead as dead:
        return page(request, "mailings/link_dead.html", {"problem": dead}, status=dead.status)
    return page(request, "mailings/unsubscribe.html", {"association": meant.association})
