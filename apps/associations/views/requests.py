"""Asking for an association, and what the school answers."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Invalid
from apps.core.navigation import layout_of
from apps.core.ui import TimelineItem
from apps.core.web import done, form_page, page, requires

from .. import eligibility, selectors
from ..forms import RequestForm, TermForm, WordsForm, request_of
from ..models import WITH_FOUNDERS, Association, RequestEvent, RequestStep, Status
from ..permissions import ASSOCIATIONS_ASK, ASSOCIATIONS_DECIDE, ASSOCIATIONS_VIEW
from ..services import requests
from .common import crumbs, found, frame, url

FORM = "associations/request_form.html"
TONES = {"submitted": "info", "changes": "warn", "refused": "bad", "approved": "good"}
ICONS = {
    "started": "pencil", "submitted": "send", "comment": "message-square", "changes": "undo-2", "refused": "ban",
    "approved": "check",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(ASSOCIATIONS_ASK)
def request_start(request: HttpRequest) -> HttpResponse:
    form = RequestForm(request.POST or None, initial={"president": request.actor.email})
    context = {"crumbs": crumbs(request, None, (_("New association"), "")), **_form(request, form)}
    if request.method == "GET":
        return page(request, FORM, context)
    if form.is_valid():
        try:
            made = requests.start_request(actor=request.actor, founders=form.named, now=timezone.now(), **form.details)
            return done(request, to=url("request", made.pk), message=_("The draft is saved."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, FORM, context)


@require_http_methods(["GET", "POST"])
@requires(ASSOCIATIONS_VIEW)
def request_edit(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = requests.changeable(actor=request.actor, association_id=association_id, now=timezone.now())
    form = RequestForm(request.POST or None, initial=request_of(association))
    context = {
        "association": association,
        "crumbs": crumbs(request, association, (_("Edit"), "")),
        **_form(request, form),
    }
    if request.method == "GET":
        return page(request, FORM, context)
    if form.is_valid():
        try:
            requests.change_request(
                actor=request.actor, association_id=association_id, founders=form.named, now=timezone.now(),
                **form.details,
            )  # fmt: skip
            return done(request, to=url("request", association_id), message=_("The request was changed."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, FORM, context)


def _form(request: HttpRequest, form: RequestForm) -> dict:
    named = form.named if form.is_bound else _named_at_first(form)
    checks = requests.checks_of_named(named, asker=request.actor.user_id, now=timezone.now())
    return {"form": form, "layout": layout_of(request), "checks": checks, "sentence": eligibility.sentence(checks)}


def _named_at_first(form: RequestForm) -> list[tuple[str, str]]:
    others = str(form.initial.get("founders", "")).split()
    board = [(form.initial.get(code, ""), code) for code in ("president", "treasurer", "secretary")]
    return [(email, code) for email, code in [*board, *((email, "") for email in others)] if email]


@require_POST
@requires(ASSOCIATIONS_ASK)
def request_check(request: HttpRequest) -> HttpResponse:
    """The rules, while the form is filled in: a part of the form, asked for by HTMX."""
    checks = requests.checks_of_named(RequestForm(request.POST).named, asker=request.actor.user_id, now=timezone.now())
    context = {"checks": checks, "sentence": eligibility.sentence(checks)}
    return page(request, "associations/_checks.html", context)


@require_GET
@requires(ASSOCIATIONS_VIEW)
def request_detail(request: HttpRequest, association_id: UUID) -> HttpResponse:
    return page(request, "associations/request.html", _shown(request, association_id, WordsForm(), None))


def _shown(request: HttpRequest, association_id: UUID, words: WordsForm, term: TermForm | None) -> dict:
    now = timezone.now()
    association = requests.get_request(actor=request.actor, association_id=association_id, now=now)
    founders = list(association.founders.select_related("user"))
    mine = next((one for one in founders if one.user_id == request.actor.user_id), None)
    checks = requests.checks_of(association, now, all_accepted=True) if association.is_request else []
    today = selectors.today_at(association, now)
    return {
        **frame(request, association),
        "founders": founders,
        "mine": mine,
        "checks": checks,
        "sentence": eligibility.sentence(checks),
        "history": [_line(event) for event in association.history.all()],
        "with_founders": association.status in WITH_FOUNDERS,
        "may_change": association.status in WITH_FOUNDERS and mine is not None and mine.declined_at is None,
        "may_answer": mine is not None and association.status in (*WITH_FOUNDERS, Status.SUBMITTED),
        "may_decide": ASSOCIATIONS_DECIDE.allows(request.actor, association) and association.status == Status.SUBMITTED,
        "is_approved": association.status == Status.APPROVED,
        "words_form": words,
        "term_form": term or TermForm(initial={"starts_on": today, "ends_on": _end_of_year(today)}),
    }


def _line(event: RequestEvent) -> TimelineItem:
    return TimelineItem(
        when=event.at,
        title=RequestStep(event.step).label,
        icon=ICONS[event.step],
        tone=TONES.get(event.step, "neutral"),
        actor=event.actor,
        detail=event.text,
    )


def _end_of_year(today: date) -> date:
    """The next first of September: boards change with the school year."""
    coming = date(today.year, 9, 1)
    return coming if coming - today > timedelta(days=90) else date(today.year + 1, 9, 1)


@require_POST
@requires(ASSOCIATIONS_VIEW)
def request_submit(request: HttpRequest, association_id: UUID) -> HttpResponse:
    requests.submit_request(actor=request.actor, association_id=association_id, now=timezone.now())
    return done(request, to=url("request", association_id), message=_("The school has your request now."))


@require_POST
@requires(ASSOCIATIONS_VIEW)
def request_withdraw(request: HttpRequest, association_id: UUID) -> HttpResponse:
    requests.withdraw_request(actor=request.actor, association_id=association_id, now=timezone.now())
    return done(request, to=url("list"), message=_("The request was withdrawn."))


@require_POST
@requires(ASSOCIATIONS_VIEW)
def founding_answer(request: HttpRequest, association_id: UUID) -> HttpResponse:
    agree = request.POST.get("answer") == "yes"
    requests.answer_founding(actor=request.actor, association_id=association_id, agree=agree, now=timezone.now())
    said = _("You are a founder of this association.") if agree else _("You are not named any more.")
    return done(request, to=url("request", association_id) if agree else url("list"), message=said)


@require_POST
@requires(ASSOCIATIONS_VIEW)
def request_comment(request: HttpRequest, association_id: UUID) -> HttpResponse:
    return _said(request, association_id, requests.comment, _("Your comment was sent."))


@require_POST
@requires(ASSOCIATIONS_DECIDE)
def request_decide(request: HttpRequest, association_id: UUID) -> HttpResponse:
    found(request, association_id)
    if request.POST.get("act") == "refuse":
        return _said(request, association_id, requests.refuse_request, _("The request was refused."))
    return _said(request, association_id, requests.request_changes, _("The founders were asked for changes."))


def _said(request: HttpRequest, association_id: UUID, act, message: str) -> HttpResponse:
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            act(actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data)
            return done(request, to=url("request", association_id), message=message)
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "associations/request.html", _shown(request, association_id, form, None))


@require_POST
@requires(ASSOCIATIONS_DECIDE)
def request_approve(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association: Association = found(request, association_id)
    form = TermForm(request.POST)
    if form.is_valid():
        try:
            requests.approve_request(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            said = _("%(name)s is approved.") % {"name": association.name}
            return done(request, to=url("detail", association_id), message=said)
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "associations/request.html", _shown(request, association_id, WordsForm(), form))
