"""What the school sees and decides: who sent what to how many, approval, blocks."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.associations.views.common import found
from apps.audit.tables import csv_of
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, requires

from .. import selectors
from ..forms import BlockForm, StateFilter
from ..models import State
from ..permissions import MAILINGS_CONTROL, MAILINGS_OVERSEE
from ..presenting import ANNOUNCEMENT_COLUMNS
from ..services import control, going
from .board import named, searched
from .common import seen, url

PER_PAGE = 50


@require_GET
@requires(MAILINGS_OVERSEE)
def oversight(request: HttpRequest) -> HttpResponseBase:
    filter_form = StateFilter(request.GET)
    everything = selectors.all_announcements(actor=request.actor, now=timezone.now())
    rows = searched(everything, **filter_form.usable)
    if file := csv_of(request, "all-announcements", rows, ANNOUNCEMENT_COLUMNS):
        return file
    context = {
        "page_obj": named(Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))),
        "filter_form": filter_form,
        "is_filtered": any(filter_form.usable.values()),
        "waiting": everything.filter(state=State.APPROVAL),
    }
    return page(request, "mailings/oversight.html", context, partial="list")


@require_POST
@requires(MAILINGS_CONTROL)
def decide(request: HttpRequest, announcement_id: UUID, act: str) -> HttpResponse:
    seen(request, announcement_id)
    now = timezone.now()
    if act == "approve":
        going.approve(actor=request.actor, announcement_id=announcement_id, now=now)
        return done(request, to=url("detail", announcement_id), message=_("Approved. The board was told."))
    going.give_back(
        actor=request.actor, announcement_id=announcement_id, reason=request.POST.get("reason", ""), now=now
    )
    return done(request, to="mailings:oversight", message=_("Returned to the board with your reason."))


@require_POST
@requires(MAILINGS_CONTROL)
def block(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = found(request, association_id)
    form = BlockForm(request.POST)
    if form.is_valid():
        try:
            control.block(actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data)
            said = _("The association may send nothing until then. Its board was told.")
            return done(request, to=url("list", association_id), message=said)
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "mailings/block.html", {"association": association, "form": form})


@require_POST
@requires(MAILINGS_CONTROL)
def unblock(request: HttpRequest, association_id: UUID) -> HttpResponse:
    found(request, association_id)
    control.unblock(actor=request.actor, association_id=association_id, now=timezone.now())
    return done(request, to=url("list", association_id), message=_("The association may send again."))
