"""What the board does: list, write with a preview, try out, let leave, follow, stop."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.associations.models import Association
from apps.associations.permissions import WORKSPACE
from apps.associations.views.common import crumbs, entered, found, frame
from apps.audit.tables import csv_of
from apps.core.errors import Invalid
from apps.core.ui import Tab
from apps.core.web import done, form_page, page, requires

from .. import selectors
from ..forms import AnnouncementForm, LeaveForm, RecipientFilter, SaveTextForm, StateFilter
from ..models import TEXT_FIELDS, Announcement, SavedText, State
from ..permissions import MAILINGS_CONTROL, MAILINGS_SEND
from ..presenting import ANNOUNCEMENT_COLUMNS, RECIPIENT_COLUMNS, job_of, outcome_label, reading, reason_label
from ..services import going, limits, writing
from .common import may_send, seen, url

PER_PAGE = 50


def _frame(request: HttpRequest, association: Association, *rest: tuple[Any, str]) -> dict[str, Any]:
    trail = crumbs(request, association, (_("Announcements"), url("list", association.pk) if rest else ""), *rest)
    return {**frame(request, association, "announcements"), "crumbs": trail}


@require_GET
@requires(WORKSPACE)
def announcement_list(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association, now = entered(request, association_id, "announcements"), timezone.now()
    filter_form = StateFilter(request.GET)
    rows = selectors.announcements_of(association)
    if not may_send(request.actor, association):
        rows = rows.exclude(state=State.DRAFT)
    shown = searched(rows, **filter_form.usable)
    if file := csv_of(request, "announcements", shown, ANNOUNCEMENT_COLUMNS):
        return file
    context = {
        **_frame(request, association),
        "page_obj": named(Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))),
        "filter_form": filter_form,
        "is_filtered": any(filter_form.usable.values()),
        "allowance": limits.allowance(association, now),
        "blocked": selectors.current_block(association, now),
        "can_send": MAILINGS_SEND.allows(request.actor, association),
        "can_control": MAILINGS_CONTROL.allows(request.actor, association),
        "views": views_of(association),
    }
    return page(request, "mailings/list.html", context, partial="list")


def searched(rows: Any, *, q: str, state: str) -> Any:
    for word in q.split()[:5]:
        rows = rows.filter(
            Q(title_fr__icontains=word) | Q(title_en__icontains=word) | Q(association__name__icontains=word)
        )
    return selectors.in_state(rows, state)


def named(rows: Any) -> Any:
    """Each with the state that it is shown in."""
    for row in rows:
        row.shown_state = selectors.shown_state(row)
    return rows


def views_of(association: Association) -> list[Tab]:
    return [
        Tab("list", _("Announcements"), url=url("list", association.pk)),
        Tab("texts", _("Saved texts"), url=url("texts", association.pk)),
    ]


@require_http_methods(["GET", "POST"])
@requires(MAILINGS_SEND)
def announcement_new(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = entered(request, association_id, "announcements")
    MAILINGS_SEND.require(request.actor, association)
    return _write(request, association, None)


@require_http_methods(["GET", "POST"])
@requires(MAILINGS_SEND)
def announcement_edit(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    announcement, association = seen(request, announcement_id)
    MAILINGS_SEND.require(request.actor, association)
    return _write(request, association, announcement)


def _write(request: HttpRequest, association: Association, announcement: Announcement | None) -> HttpResponse:
    """The same page for a new draft and for one that is there. "Preview" shows and saves nothing."""
    data = request.POST if request.method == "POST" else None
    form = AnnouncementForm(data, association=association, initial=_initial(request, association, announcement))
    title = _("Edit") if announcement else _("New announcement")
    context = {
        **_frame(request, association, (title, "")),
        "form": form,
        "announcement": announcement,
        "title": title,
        "saved": selectors.saved_texts(association),
        "previews": previews(form.data if data else form.initial),
    }
    if data is None:
        return page(request, "mailings/write.html", context)
    if form.is_valid() and request.POST.get("act") != "preview":
        try:
            facts: dict[str, Any] = {"actor": request.actor, "now": timezone.now(), **form.cleaned_data}
            if announcement:
                kept = writing.change(announcement_id=announcement.pk, **facts)
            else:
                kept = writing.write(association_id=association.pk, **facts)
            return done(request, to=url("detail", kept.pk), message=_("The draft is saved. Nothing was sent."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "mailings/write.html", context)


def _initial(request: HttpRequest, association: Association, announcement: Announcement | None) -> dict[str, Any]:
    if announcement:
        names = (*TEXT_FIELDS, "audience", "office_id", "channels")
        return {name: getattr(announcement, name) for name in names}
    wanted = request.GET.get("text", "")
    text = next((one for one in selectors.saved_texts(association) if str(one.pk) == wanted), None)
    return text.text_fields if text else {}


def previews(data: Any) -> list[dict[str, str]]:
    """Each language that something was typed in, as it will be read."""
    found = []
    for language, name in (("fr", _("French")), ("en", _("English"))):
        title, body = str(data.get(f"title_{language}") or ""), str(data.get(f"body_{language}") or "")
        if title.strip() or body.strip():
            found.append({"language": language, "name": name, "title": writing.one_line(title), "body": body})
    return found


@require_POST
@requires(MAILINGS_SEND)
def preview(request: HttpRequest, association_id: UUID) -> HttpResponse:
    """The part of the page beside the form, for what stands in it now. Nothing is saved."""
    association = found(request, association_id)
    MAILINGS_SEND.require(request.actor, association)
    context = {"association": association, "previews": previews(request.POST)}
    return page(request, "mailings/_preview.html", context)


@require_GET
@requires(WORKSPACE)
def announcement_detail(request: HttpRequest, announcement_id: UUID) -> HttpResponseBase:
    announcement, association = seen(request, announcement_id)
    filter_form = RecipientFilter(request.GET)
    rows = selectors.recipients_of(announcement, **filter_form.usable)
    if file := csv_of(request, "recipients", rows, RECIPIENT_COLUMNS):
        return file
    return page(request, "mailings/detail.html", _detail(request, announcement, association, rows), partial="list")


def _detail(request: HttpRequest, announcement: Any, association: Association, rows: Any) -> dict[str, Any]:
    now, filter_form = timezone.now(), RecipientFilter(request.GET)
    people = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in people:
        row.outcome_label, row.reason_label = outcome_label(row.outcome), reason_label(row.reason)
    is_sender = MAILINGS_SEND.allows(request.actor, association)
    controls = MAILINGS_CONTROL.allows(request.actor, association)
    state = announcement.state
    begun = announcement.started_at is not None
    return {
        **_frame(request, association, (announcement.title, "")),
        **reading(announcement, (get_language() or "fr")[:2]),
        "announcement": announcement,
        "shown_state": selectors.shown_state(announcement),
        "job": job_of(announcement) if begun else None,
        "page_obj": people,
        "filter_form": filter_form,
        "is_filtered": any(filter_form.usable.values()),
        "figures": selectors.figures(announcement) if begun else {},
        "reasons": selectors.reasons(announcement) if begun else [],
        "expected": 0 if begun else selectors.audience_of(announcement, now).count(),
        "allowance": limits.allowance(association, announcement.leaves_at or now, without=announcement.pk),
        "approval": limits.approval_reason(announcement, now) if state == State.DRAFT else "",
        "leave_form": LeaveForm(),
        "can_write": is_sender and state == State.DRAFT,
        "can_take_back": is_sender and state in going.ON_ITS_WAY,
        "can_stop": state == State.SENDING and (is_sender or controls),
        "school_stops": state in (State.SCHEDULED, State.SENDING) and controls and not is_sender,
        "can_decide": state == State.APPROVAL and controls,
    }


@require_GET
@requires(WORKSPACE)
def progress(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """The progress card alone, which asks again while something moves."""
    announcement, _association = seen(request, announcement_id, note_look=False)
    job = job_of(announcement) if announcement.started_at else None
    return page(request, "mailings/_job.html", {"job": job})


# --- acts ------------------------------------------------------------------------------------------------


@require_POST
@requires(MAILINGS_SEND)
def announcement_delete(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    _announcement, association = seen(request, announcement_id)
    writing.discard(actor=request.actor, announcement_id=announcement_id, now=timezone.now())
    return done(request, to=url("list", association.pk), message=_("The draft was deleted."))


@require_POST
@requires(MAILINGS_SEND)
def announcement_test(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    seen(request, announcement_id)
    address = writing.try_out(actor=request.actor, announcement_id=announcement_id, now=timezone.now())
    said = _("A test is on its way to %(address)s.") % {"address": address}
    return done(request, to=url("detail", announcement_id), message=said)


@require_POST
@requires(MAILINGS_SEND)
def announcement_submit(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    announcement, association = seen(request, announcement_id)
    form = LeaveForm(request.POST)
    if form.is_valid():
        try:
            gone = going.submit(
                actor=request.actor, announcement_id=announcement_id, now=timezone.now(), **form.cleaned_data
            )
            said = {
                State.APPROVAL: _("The school was asked to approve it."),
                State.SCHEDULED: _("It is on its way, or leaves at its moment."),
            }
            return done(request, to=url("detail", announcement_id), message=said.get(State(gone.state), ""))
        except Invalid as error:
            form.refuse(error)
    context = _detail(request, announcement, association, selectors.recipients_of(announcement))
    return form_page(request, "mailings/detail.html", {**context, "leave_form": form})


@require_POST
@requires(MAILINGS_SEND)
def announcement_take_back(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    seen(request, announcement_id)
    going.take_back(actor=request.actor, announcement_id=announcement_id, now=timezone.now())
    return done(request, to=url("detail", announcement_id), message=_("It is a draft again."))


@require_POST
@requires(WORKSPACE)
def announcement_stop(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """By the board, or by the school with a reason."""
    seen(request, announcement_id)
    going.stop(
        actor=request.actor, announcement_id=announcement_id, now=timezone.now(), reason=request.POST.get("reason", "")
    )
    return done(request, to=url("detail", announcement_id), message=_("Stopped. Nobody else gets it."))


# --- saved texts -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(MAILINGS_SEND)
def text_list(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = entered(request, association_id, "announcements")
    MAILINGS_SEND.require(request.actor, association)
    form = SaveTextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            writing.save_text(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            return done(request, to=url("texts", association_id), message=_("The text is saved."))
        except Invalid as error:
            form.refuse(error)
    rows = selectors.saved_texts(association)
    if file := csv_of(request, "saved-texts", rows, {"name": "name", "title": "title", "saved_at": "saved_at"}):
        return file
    context = {
        **_frame(request, association, (_("Saved texts"), "")),
        "texts": rows,
        "form": form,
        "views": views_of(association),
    }
    show = form_page if form.is_bound else page
    return show(request, "mailings/texts.html", context)


@require_POST
@requires(MAILINGS_SEND)
def text_delete(request: HttpRequest, text_id: UUID) -> HttpResponse:
    gone: SavedText = writing.delete_text(actor=request.actor, text_id=text_id, now=timezone.now())
    return done(request, to=url("texts", gone.association_id), message=_("The text was deleted."))
