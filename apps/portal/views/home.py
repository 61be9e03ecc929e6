"""The first page of a school, and the home of its members."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.associations.permissions import ASSOCIATIONS_VIEW
from apps.associations.selectors import held_ids, memberships_of_person
from apps.core.errors import NotVisible
from apps.core.navigation import sections_for
from apps.core.web import page, public, to_sign_in

from .. import dashboard, home
from ..permissions import DASHBOARD_VIEW, SEARCH_USE


@require_GET
@public("visitors are sent to the sign-in page, everybody else to what is theirs")
def front_page(request: HttpRequest) -> HttpResponse:
    if request.actor.is_anonymous:
        return to_sign_in(request)
    if not DASHBOARD_VIEW.allows(request.actor):
        return redirect("portal:campus_home")
    figures = dashboard.dashboard(actor=request.actor, school=request.school, now=timezone.now())
    return page(request, "portal/dashboard.html", {"dashboard": figures, "now": timezone.now()})


@require_GET
@public("visitors are sent to the sign-in page; everybody who is signed in has a home")
def campus_home(request: HttpRequest) -> HttpResponse:
    if request.actor.is_anonymous:
        return to_sign_in(request)
    if request.actor.user_id is None:  # a role that somebody looks through, or support: there is no person to greet
        return redirect(_first_page(request))
    context = {
        "me": home.own_account(user_id=request.actor.user_id),
        "cards": home.campus_cards(user_id=request.actor.user_id, first=request.host_campus_id),
        "works_here": SEARCH_USE.allows(request.actor),
        "sees_associations": ASSOCIATIONS_VIEW.allows(request.actor),
        "associations": memberships_of_person(user_id=request.actor.user_id),
        "boards": held_ids(request.actor),
    }
    return page(request, "portal/home.html", context)


def _first_page(request: HttpRequest) -> str:
    """The first place of the navigation that somebody without an account may go to. Raises NotVisible."""
    links = [link for section in sections_for(request.actor, request.path) for link in section.links]
    first = next((link.url for link in links if link.url != request.path), "")
    if not first:
        raise NotVisible(_("This role alone opens no page: what members see belongs to a person."))
    return first
