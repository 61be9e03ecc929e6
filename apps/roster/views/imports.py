"""Doors for people: lists of people in files."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.audit.tables import csv_of
from apps.core.csvfile import csv_response
from apps.core.errors import DomainError, Invalid
from apps.core.web import done, form_page, page, requires

from .. import presenting, selectors
from ..forms import ColumnsForm, UploadForm
from ..permissions import ROSTER_IMPORT, ROSTER_VIEW
from ..services import columns as meaning
from ..services import uploads

PER_PAGE = 15


@require_http_methods(["GET", "POST"])
@requires(ROSTER_VIEW)
def overview(request: HttpRequest) -> HttpResponseBase:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        ROSTER_IMPORT.require(request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file = uploads.upload_list(
                actor=request.actor, name=given.name or "", content=given.read(), now=timezone.now()
            )
            return done(request, to=reverse("roster:columns", args=[file.pk]))
        except DomainError as error:
            form.add_error("file", str(error))
    plans = selectors.visible_plans(actor=request.actor, kind="file")
    if taken := csv_of(request, "imports", plans.iterator(chunk_size=500), presenting.PLAN_COLUMNS):
        return taken
    moving = next((plan for plan in plans[:5] if plan.is_moving), None)
    context = {
        "form": form,
        "files": selectors.waiting_files(actor=request.actor),
        "page_obj": Paginator(plans, PER_PAGE).get_page(request.GET.get("page")),
        "job": presenting.job_of(moving) if moving else None,
        "can_import": ROSTER_IMPORT.allows(request.actor),
    }
    if form.is_bound:
        return form_page(request, "roster/imports.html", context)
    return page(request, "roster/imports.html", context, partial="plans")


@require_GET
@requires(ROSTER_VIEW)
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty list with the headings that are understood, to start from."""
    return csv_response("people.csv", [str(label) for label in meaning.FIELDS.values()], [])


@require_http_methods(["GET", "POST"])
@requires(ROSTER_IMPORT)
def columns(request: HttpRequest, file_id: UUID) -> HttpResponse:
    file = selectors.get_file(actor=request.actor, file_id=file_id)
    form = ColumnsForm(
        request.POST or None, header=file.header, guessed=meaning.guess(file.header), sample=file.sample,
        initial={"campus": request.GET.get("campus") or None},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            plan = uploads.start_import(
                actor=request.actor, file_id=file_id, columns=form.chosen, now=timezone.now(), **form.options
            )
            return done(request, to=reverse("roster:plan", args=[plan.pk]))
        except Invalid as error:
            form.refuse(error)
    context = {
        "file": file,
        "form": form,
        "steps": [_("Upload"), _("Columns"), _("Preview"), _("Import")],
        "crumbs": [(_("Imports"), reverse("roster:imports")), (file.name, "")],
    }
    show = form_page if form.is_bound else page
    return show(request, "roster/columns.html", context)


@require_POST
@requires(ROSTER_IMPORT)
def file_remove(request: HttpRequest, file_id: UUID) -> HttpResponse:
    selectors.get_file(actor=request.actor, file_id=file_id)
    uploads.remove_list(actor=request.actor, file_id=file_id, now=timezone.now())
    return done(request, to="roster:imports", message=_("The list was deleted."))
