"""The directory, the page of an association, joining and leaving."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core.navigation import layout_of
from apps.core.web import done, page, requires

from .. import selectors
from ..forms import DirectoryFilter
from ..models import Joining, MembershipState
from ..permissions import ASSOCIATIONS_ASK, ASSOCIATIONS_OVERSEE, ASSOCIATIONS_VIEW
from ..services import members
from .common import crumbs, found, frame, url

PER_PAGE = 24
COLUMNS: Columns = {
    "association": "name",
    "kind": "kind",
    "purpose": "purpose",
    "seat": lambda row: row.seat.name if row.seat else "",
    "members": "member_count",
    "joining": "joining",
}


@require_GET
@requires(ASSOCIATIONS_VIEW)
def association_list(request: HttpRequest) -> HttpResponseBase:
    now, filter_form = timezone.now(), DirectoryFilter(request.GET)
    rows = selectors.listed_associations(actor=request.actor, now=now)
    shown = selectors.searched(rows, **filter_form.usable)
    if file := csv_of(request, "associations", shown, COLUMNS):
        return file
    mine = selectors.memberships_of_person(user_id=request.actor.user_id) if request.actor.user_id else []
    context = {
        "layout": layout_of(request),
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "filter_form": filter_form,
        "is_filtered": any(filter_form.usable.values()),
        "states": {row.association_id: row.state for row in mine},
        "requests": selectors.requests_of(actor=request.actor),
        "can_ask": ASSOCIATIONS_ASK.allows(request.actor) and request.actor.user_id is not None,
        "oversees": ASSOCIATIONS_OVERSEE.allows(request.actor),
    }
    return page(request, "associations/list.html", context, partial="list")


@require_GET
@requires(ASSOCIATIONS_VIEW)
def association_detail(request: HttpRequest, association_id: UUID) -> HttpResponse:
    now, association = timezone.now(), found(request, association_id)
    if association.is_request:
        return redirect(url("request", association_id))
    mine = selectors.own_membership(association, request.actor)
    context = {
        **frame(request, association, "detail"),
        "board": selectors.board_on(association, selectors.today_at(association, now)),
        "mine": mine,
        "is_member": mine is not None and mine.state == MembershipState.MEMBER,
        "is_pending": mine is not None and mine.state == MembershipState.PENDING,
        "is_free": association.joining == Joining.FREE,
        "is_closed": association.joining == Joining.CLOSED,
        "is_person": request.actor.user_id is not None,
        "crumbs": crumbs(request, association),
    }
    return page(request, "associations/detail.html", context)


@require_POST
@requires(ASSOCIATIONS_VIEW)
def association_join(request: HttpRequest, association_id: UUID) -> HttpResponse:
    made = members.join(
        actor=request.actor, association_id=association_id, words=request.POST.get("words", ""), now=timezone.now()
    )
    joined = made.state == MembershipState.MEMBER
    said = _("Welcome: you are a member now.") if joined else _("The board has your request and answers you.")
    return done(request, to=url("detail", association_id), message=said)


@require_POST
@requires(ASSOCIATIONS_VIEW)
def association_leave(request: HttpRequest, association_id: UUID) -> HttpResponse:
    members.leave(actor=request.actor, association_id=association_id, now=timezone.now())
    return done(request, to=url("list"), message=_("You are no member any more."))
