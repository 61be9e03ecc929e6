"""My data: what is kept, an archive of it, being erased, consents; and the page of a guardian."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.components.formats import day
from apps.core.errors import DomainError, Invalid
from apps.core.ui import JobView
from apps.core.web import done, form_page, page, public
from apps.files.links import download_url
from apps.tenants.features import value

from ..forms import BirthDateForm, ErasureRequestForm, GuardianForm
from ..models import DataExport, ErasureCase, User
from ..permissions import PEOPLE_VIEW
from ..rules import GUARDIAN_NEEDED, OWN_BIRTH_DATE
from ..selectors import get_person, own_id
from ..services import consents, erasure, exporting, own_data
from ..services.limits import LINK_ADDRESS
from ..services.publication import is_minor
from .common import put_errors, safe_path, signed_in

OWN = "everybody who is signed in sees what is kept of them, and decides about it"


def _me(request: HttpRequest) -> User:
    return get_person(request.actor, own_id(request.actor))


def _layout(request: HttpRequest) -> str:
    return "layouts/school.html" if PEOPLE_VIEW.allows(request.actor) else "layouts/member.html"


def _data_page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    me, now = _me(request), timezone.now()
    exports = DataExport.objects.filter(user=me)
    context = {
        "me": me,
        "layout": _layout(request),
        "groups": own_data.readable(own_data.subject_of(me), most=20),
        "job": _job(export) if (export := exports.first()) else None,
        "export": exports.filter(state=DataExport.State.DONE, expires_at__gt=now).first(),
        "case": ErasureCase.objects.filter(user_id=me.pk).first(),
        "standings": consents.standings(me),
        "is_minor": is_minor(me, today=timezone.localdate(now)),
        "may_enter_birth_date": me.birth_date is None and value(OWN_BIRTH_DATE.key),
        "guardian_needed": value(GUARDIAN_NEEDED.key),
        "erasure_form": forms.get("erasure_form") or ErasureRequestForm(),
        "birth_form": forms.get("birth_form") or BirthDateForm(),
        "guardian_form": forms.get("guardian_form") or GuardianForm(initial={"guardian_email": me.guardian_email}),
        "consent_error": forms.get("consent_error", ""),
    }
    answer = form_page if status == 422 else page
    return answer(request, "accounts/my_data.html", context)


@signed_in(OWN)
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    return _data_page(request)


# --- the archive -----------------------------------------------------------------------------------------


def _job(export: DataExport) -> JobView:
    message = ""
    if export.state == DataExport.State.DONE and export.expires_at:
        message = _("Ready. It can be fetched until %(day)s.") % {"day": day(export.expires_at)}
    elif export.state == DataExport.State.FAILED:
        message = _("It could not be made. Ask for it again; if that fails too, tell your school.")
    return JobView(
        id=export.pk,
        state=export.state,
        label=_("Archive of your data"),
        done=export.done,
        total=export.total or None,
        message=message,
        poll_url=reverse("accounts:export_progress", args=[export.pk]),
    )


@signed_in(OWN)
@require_POST
def export_request(request: HttpRequest) -> HttpResponse:
    exporting.request_export(actor=request.actor, now=timezone.now())
    return done(request, to="accounts:my_data", message=_("Your archive is being made. This page shows how far it is."))


@signed_in(OWN)
@require_GET
def export_progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    export = exporting.own_export(actor=request.actor, export_id=export_id)
    return page(request, "accounts/export_progress.html", {"job": _job(export), "export": export})


@signed_in(OWN)
@require_GET
def export_download(request: HttpRequest, export_id: UUID) -> HttpResponse:
    now = timezone.now()
    file = exporting.own_download(actor=request.actor, export_id=export_id, now=now)
    return redirect(download_url(file.pk, now=now))


# --- erasure ---------------------------------------------------------------------------------------------


@signed_in(OWN)
@require_POST
def erasure_request(request: HttpRequest) -> HttpResponse:
    form = ErasureRequestForm(request.POST)
    if not form.is_valid():
        return _data_page(request, erasure_form=form, status=422)
    erasure.request_erasure(actor=request.actor, reason=form.cleaned_data["reason"], now=timezone.now())
    return done(request, to="accounts:my_data", message=_("Your request is on its way to your school."))


@signed_in(OWN)
@require_POST
def erasure_withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    erasure.withdraw_request(actor=request.actor, case_id=case_id, now=timezone.now())
    return done(request, to="accounts:my_data", message=_("Your request is withdrawn."))


# --- consents --------------------------------------------------------------------------------------------


@signed_in(OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def consents_page(request: HttpRequest) -> HttpResponse:
    """The texts that are new to this person, one answer each."""
    me = _me(request)
    asked = consents.unseen(me)
    error = ""
    if request.method == "POST":
        answers = {
            one.purpose.code: request.POST.get(one.purpose.code) == "yes"
            for one in asked
            if request.POST.get(one.purpose.code) in ("yes", "no")
        }
        missing = [one for one in asked if one.purpose.required and not answers.get(one.purpose.code)]
        if missing:
            error = _("Confirm that you have read: %(title)s.") % {"title": missing[0].title}
        else:
            try:
                consents.answer(actor=request.actor, answers=answers, now=timezone.now(), seen_all=True)
                return redirect(safe_path(request.POST.get("next", "")) or "/")
            except DomainError as refused:
                error = str(refused)
    context = {
        "layout": _layout(request),
        "asked": asked,
        "error": error,
        "next": safe_path(request.GET.get("next", "") or request.POST.get("next", "")),
    }
    return page(request, "accounts/consents.html", context, status=422 if error else 200)


@signed_in(OWN)
@require_POST
def consent_change(request: HttpRequest, purpose: str) -> HttpResponse:
    given = request.POST.get("given") == "yes"
    try:
        consents.answer(actor=request.actor, answers={purpose: given}, now=timezone.now())
    except consents.GuardianNeeded as refused:
        return _data_page(request, consent_error=str(refused), status=422)
    message = _("Your consent is noted.") if given else _("Your consent is withdrawn.")
    return done(request, to=reverse("accounts:my_data") + "#consents", message=message)


@signed_in(OWN)
@require_POST
def birth_date(request: HttpRequest) -> HttpResponse:
    form = BirthDateForm(request.POST)
    if form.is_valid():
        try:
            consents.change_own_birth_date(
                actor=request.actor, birth_date=form.cleaned_data["birth_date"], now=timezone.now()
            )
            return done(request, to="accounts:my_data", message=_("Your birth date is saved."))
        except Invalid as refused:
            put_errors(form, refused)
    return _data_page(request, birth_form=form, status=422)


@signed_in(OWN)
@require_POST
def guardian_change(request: HttpRequest) -> HttpResponse:
    form = GuardianForm(request.POST)
    if form.is_valid():
        try:
            consents.change_guardian(actor=request.actor, email=form.cleaned_data["guardian_email"], now=timezone.now())
            return done(request, to="accounts:my_data", message=_("Your guardian's e-mail is saved."))
        except Invalid as refused:
            put_errors(form, refused)
    return _data_page(request, guardian_form=form, status=422)


# --- the guardian ----------------------------------------------------------------------------------------


@public("the link that was mailed is the guardian's proof")
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponseBase:
    now = timezone.now()
    try:
        if request.method == "POST":
            LINK_ADDRESS.spend(request.META["REMOTE_ADDR"])
            confirm = request.POST.get("answer") == "yes"
            consents.answer_as_guardian(actor=request.actor, secret=token, confirm=confirm, now=now)
            return page(request, "accounts/guardian_done.html", {"confirmed": confirm})
        asked = consents.open_guardian_request(token, now)
        context = {"asked": asked, "standings": consents.texts_of(asked)}
        return page(request, "accounts/guardian.html", context)
    except consents.GuardianLinkUsed as refused:
        return page(request, "accounts/link_problem.html", {"error": refused, "token": ""}, status=refused.status)
