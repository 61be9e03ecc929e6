"""What stands under one's own bell, and what one wants to hear of."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.navigation import layout_of
from apps.core.web import done, form_page, page, signed_in

from .. import kinds, selectors
from ..forms import PreferencesForm
from ..services import notices, preferences

OWN = "everybody who is signed in reads what was sent to themselves"


@signed_in(OWN)
@require_GET
def centre(request: HttpRequest) -> HttpResponse:
    found = selectors.notices(
        actor=request.actor, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {"layout": layout_of(request), "notices": found}
    return page(request, "notifications/centre.html", context, partial="list")


@signed_in(OWN)
@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Read, and onward to the thing itself; its link was checked to be a path of this host when it was written."""
    notice = notices.open_notice(actor=request.actor, notice_id=notice_id, now=timezone.now())
    if request.POST.get("only") == "read" or not notice.link:
        return done(request, to="notifications:centre")
    return redirect(notice.link)


@signed_in(OWN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = notices.read_all(actor=request.actor, now=timezone.now())
    message = ngettext("%(n)s notification is read now.", "%(n)s notifications are read now.", count) % {"n": count}
    return done(request, to="notifications:centre", message=message)


@signed_in(OWN)
@require_http_methods(["GET", "POST"])
def preferences_page(request: HttpRequest) -> HttpResponse:
    assert request.actor.user_id is not None  # signed_in
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, wanted=preferences.all_of(request.actor.user_id)
    )
    if request.method == "POST" and form.is_valid():
        preferences.change(actor=request.actor, values=form.chosen)
        return done(request, to="notifications:preferences", message=_("Your choice is saved."))
    answer = form_page if request.method == "POST" else page
    locked = [category for category in kinds.categories() if not category.optional]
    return answer(
        request,
        "notifications/preferences.html",
        {"layout": layout_of(request), "form": form, "locked": locked},
    )
