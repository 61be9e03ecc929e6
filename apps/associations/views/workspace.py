"""The inner pages of an association: dashboard, members, board, details."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid, NotVisible
from apps.core.ui import Step, Tab
from apps.core.web import done, form_page, page, requires

from .. import eligibility, selectors
from ..forms import AddForm, AppointForm, DetailsForm, MemberFilter, OfficeForm, ReasonForm, details_of
from ..models import Association, Mandate, Membership, MembershipState, Office
from ..permissions import APPOINT, ASSOCIATIONS_VIEW, EDIT, MEMBERS_MANAGE, WORKSPACE
from ..services import board, life, looks, members, renewals
from .common import crumbs, entered, faults, found, frame, is_late, url

PER_PAGE = 50
SOON = timedelta(days=60)
MEMBER_COLUMNS: Columns = {
    "family_name": "user.family_name",
    "given_name": "user.given_name",
    "email": "user.email",
    "state": "state",
    "source": "source",
    "asked_at": "asked_at",
    "member_since": "joined_at",
    "ended_at": "ended_at",
}
BOARD_COLUMNS: Columns = {
    "office": "office.title",
    "name": "user.name",
    "email": "user.email",
    "from": "starts_on",
    "until": "ends_on",
    "named_by": "named_by",
    "ended_because": "ended_because",
}
LOOK_COLUMNS: Columns = {"when": "at", "who": "actor_label", "page": lambda row: row.data.get("page", "")}


@require_GET
@requires(WORKSPACE)
def workspace(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    now, association = timezone.now(), entered(request, association_id, "workspace")
    today = selectors.today_at(association, now)
    seen = looks.looks_at(association)
    if file := csv_of(request, "looks", seen, LOOK_COLUMNS):
        return file
    renewal = selectors.open_renewal(association)
    waits = renewals.missing(renewal, now) if renewal else []
    checks = eligibility.of_associations([association], {association.pk: today})[association.pk]
    current = selectors.board_on(association, today)
    mine = request.actor.user_id
    context = {
        **frame(request, association, "workspace"),
        "board": current,
        "steps": _to_do(association, faults(checks), current, today),
        "checks": checks,
        "sentence": eligibility.sentence(checks),
        "renewal": renewal,
        "waits": waits,
        "confirms_now": any(one.user and one.user.pk == mine for one in waits),
        "late": is_late(association, now),
        "looks": seen[:10],
        "board_until": min((mandate.ends_on for mandate in current), default=None),
    }
    return page(request, "associations/workspace.html", context)


def _to_do(association: Association, red: list, current: list[Mandate], today) -> list[Step]:
    """What the board should look at, worked out from what is there."""
    pending, held = association.pending_count, {m.office_id for m in current}  # type: ignore[attr-defined]
    vacant = [o.title for o in association.offices.filter(archived_at=None, confirms=True) if o.pk not in held]
    ending = [m for m in current if m.ends_on - today <= SOON]
    asked = ngettext("%(n)d person asks to join", "%(n)d people ask to join", pending) % {"n": pending}
    steps = [
        Step(asked if pending else _("Every request to join is answered"), not pending,
             f"{url('members', association.pk)}?state=pending", _("Answer")),
        Step(_("The rules of the school are kept"), not red, text=eligibility.sentence(red)),
        Step(_("Every office that confirms renewals is held"), not vacant, url("board", association.pk),
             _("Appoint"), ", ".join(vacant)),
        Step(_("No mandate ends in the next sixty days"), not ending, url("board", association.pk), _("Look"),
             ", ".join(f"{m.office.title}: {m.user.name}" for m in ending)),
    ]  # fmt: skip
    return steps


# --- members ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(WORKSPACE)
def member_list(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = entered(request, association_id, "members")
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.add_member(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            return done(request, to=url("members", association_id), message=_("The person is a member now."))
        except Invalid as error:
            form.refuse(error)
    wanted, filter_form = request.GET.get("state", ""), MemberFilter(request.GET)
    filter_form.is_valid()
    state = wanted if wanted in MembershipState.values else MembershipState.MEMBER
    rows = selectors.members_of(association, search=filter_form.cleaned_data.get("q", ""), state=state)
    if file := csv_of(request, "members", rows, MEMBER_COLUMNS):
        return file
    counted = {"": association.member_count, "pending": association.pending_count}  # type: ignore[attr-defined]
    context = {
        **frame(request, association, "members"),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filter_form": filter_form,
        "state": state,
        "state_tabs": [
            Tab("", _("Members"), counted[""]),
            Tab("pending", _("Asked to join"), counted["pending"]),
            Tab("left", _("Left")),
            Tab("refused", _("Not admitted")),
        ],
        "add_form": form,
    }
    show = form_page if form.is_bound else page
    return show(request, "associations/members.html", context, partial="list")


@require_POST
@requires(MEMBERS_MANAGE)
def member_decide(request: HttpRequest, membership_id: UUID, act: str) -> HttpResponse:
    membership = Membership.objects.filter(pk=membership_id).first()
    if membership is None:
        raise NotVisible
    acts: dict[str, tuple[Any, str]] = {
        "admit": (members.admit, _("The person is a member now.")),
        "refuse": (members.refuse, _("The request was refused.")),
        "remove": (members.remove, _("The person is no member any more.")),
    }
    do, said = acts[act]
    do(actor=request.actor, membership_id=membership_id, now=timezone.now())
    to = url("members", membership.association_id)
    return done(request, to=to if act == "remove" else f"{to}?state=pending", message=said)


# --- board -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(WORKSPACE)
def board_page(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = entered(request, association_id, "board")
    today = selectors.today_at(association, timezone.now())
    initial = {"starts_on": today, "ends_on": today + timedelta(days=365), "office_id": request.GET.get("office")}
    form = AppointForm(request.POST or None, association=association, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            board.appoint(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return done(request, to=url("board", association_id), message=_("The person is appointed."))
        except Invalid as error:
            form.refuse(error)
    rows = selectors.mandates_of(association)
    if file := csv_of(request, "mandates", rows, BOARD_COLUMNS):
        return file
    context = {
        **frame(request, association, "board"),
        "mandates": [(mandate, _state_on(mandate, today)) for mandate in rows],
        "offices": association.offices.filter(archived_at=None),
        "form": form,
        "reason_form": ReasonForm(),
        "me": request.actor.user_id,
    }
    show = form_page if form.is_bound else page
    return show(request, "associations/board.html", context)


def _state_on(mandate: Mandate, day) -> str:
    if day < mandate.starts_on:
        return "pending"
    return "active" if day < mandate.ends_on else "ended"


@require_POST
@requires(ASSOCIATIONS_VIEW)
def mandate_end(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    mandate = board.end_mandate(
        actor=request.actor, mandate_id=mandate_id, reason=request.POST.get("reason", ""), now=timezone.now()
    )
    stays = mandate.user_id != request.actor.user_id
    to = url("board" if stays else "detail", mandate.office.association_id)
    return done(request, to=to, message=_("The mandate has ended, and its rights with it."))


@require_http_methods(["GET", "POST"])
@requires(APPOINT)
def office_create(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = found(request, association_id)
    form = OfficeForm(request.POST or None, codes=board.choices(request.actor, association))
    context = _office_page(request, association, form, _("New office"))
    if request.method == "GET":
        return page(request, "associations/office.html", context)
    if form.is_valid():
        try:
            board.define_office(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            return done(request, to=url("board", association_id), message=_("The office was added."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "associations/office.html", context)


@require_http_methods(["GET", "POST"])
@requires(APPOINT)
def office_edit(request: HttpRequest, office_id: UUID) -> HttpResponse:
    office = Office.objects.filter(pk=office_id).first()
    if office is None:
        raise NotVisible
    association = found(request, office.association_id)
    codes = sorted({*board.choices(request.actor, association), *office.permissions})
    initial = {"name": office.title, "permissions": office.permissions, "confirms": office.confirms}
    form = OfficeForm(request.POST or None, codes=codes, initial=initial)
    context = {**_office_page(request, association, form, office.title), "office": office}
    if request.method == "GET":
        APPOINT.require(request.actor, association)
        return page(request, "associations/office.html", context)
    if form.is_valid():
        try:
            board.change_office(actor=request.actor, office_id=office_id, now=timezone.now(), **form.cleaned_data)
            return done(request, to=url("board", association.pk), message=_("The office was changed."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "associations/office.html", context)


def _office_page(request: HttpRequest, association: Association, form: OfficeForm, title: str) -> dict[str, Any]:
    trail = crumbs(request, association, (_("Board"), url("board", association.pk)), (title, ""))
    return {**frame(request, association), "form": form, "title": title, "crumbs": trail}


@require_POST
@requires(APPOINT)
def office_archive(request: HttpRequest, office_id: UUID) -> HttpResponse:
    office = board.archive_office(actor=request.actor, office_id=office_id, now=timezone.now())
    return done(request, to=url("board", office.association_id), message=_("The office is not in use any more."))


# --- details and renewal ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(EDIT)
def association_edit(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = found(request, association_id)
    form = DetailsForm(request.POST or None, initial=details_of(association))
    context = {
        **frame(request, association), "form": form, "crumbs": crumbs(request, association, (_("Edit"), "")),
    }  # fmt: skip
    if request.method == "GET":
        EDIT.require(request.actor, association)
        return page(request, "associations/edit.html", context)
    if form.is_valid():
        try:
            life.edit_association(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            return done(request, to=url("detail", association_id), message=_("The association was changed."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "associations/edit.html", context)


@require_POST
@requires(ASSOCIATIONS_VIEW)
def renewal_confirm(request: HttpRequest, renewal_id: UUID) -> HttpResponse:
    renewal = renewals.confirm(actor=request.actor, renewal_id=renewal_id, now=timezone.now())
    said = _("Confirmed. The association is renewed.") if renewal.settled_at else _("Confirmed. Others have still to.")
    return done(request, to=url("detail", renewal.association_id), message=said)


@require_POST
@requires(WORKSPACE)
def renewal_remind(request: HttpRequest, renewal_id: UUID) -> HttpResponse:
    sent, already = renewals.remind(actor=request.actor, renewal_id=renewal_id, now=timezone.now())
    said = ngettext("%(n)d person was reminded.", "%(n)d people were reminded.", sent) % {"n": sent}
    if already:
        more = ngettext(
            "%(n)d was written to today already.", "%(n)d were written to today already.", already
        ) % {"n": already}  # fmt: skip
        said = f"{said} {more}" if sent else more
    return done(request, to=request.POST.get("to") if _is_ours(request) else url("list"), message=said)


def _is_ours(request: HttpRequest) -> bool:
    to = request.POST.get("to", "")
    return to.startswith("/associations/") and "//" not in to
