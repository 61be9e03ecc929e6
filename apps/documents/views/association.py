"""The documents of one association: handing in, reading, deciding; its logo."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.associations.models import Association
from apps.associations.permissions import ASSOCIATIONS_VIEW, EDIT
from apps.associations.views.common import crumbs, found, frame
from apps.audit.tables import Columns, csv_of
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.core.web import done, form_page, page, requires
from apps.files.links import download_url

from .. import selectors
from ..models import Decision
from ..permissions import DOCUMENTS_REVIEW
from ..services import handing_in, logos, reading, reviewing
from ..terms import Standing

COLUMNS: Columns = {
    "document": "title",
    "required": "is_required",
    "state": "state",
    "due": "due_on",
    "overdue": "is_overdue",
    "version": lambda row: row.newest.number if row.newest else "",
    "file": lambda row: row.newest.filename if row.newest else "",
    "sha256": lambda row: row.newest.sha256 if row.newest else "",
    "uploaded_at": lambda row: row.newest.uploaded_at if row.newest else "",
    "uploaded_by": lambda row: row.newest.uploaded_by if row.newest else "",
    "decided_by": lambda row: row.newest.decided_by if row.newest else "",
    "comment": lambda row: row.newest.comment if row.newest else "",
    "valid_until": lambda row: row.newest.valid_until if row.newest else "",
}


@require_GET
@requires(ASSOCIATIONS_VIEW)
def documents(request: HttpRequest, association_id: UUID) -> HttpResponseBase:
    association = _entered(request, association_id)
    rows = selectors.standings(association, timezone.now())
    if file := csv_of(request, "documents", rows, COLUMNS):
        return file
    return page(request, "documents/association.html", _context(request, association, rows))


def _entered(request: HttpRequest, association_id: UUID) -> Association:
    """Found, and the school's look written down."""
    association = found(request, association_id)
    reading.enter(actor=request.actor, association=association, now=timezone.now())
    return association


def _context(request: HttpRequest, association: Association, rows: list[Standing], **more: Any) -> dict[str, Any]:
    return {
        **frame(request, association, "documents"),
        "rows": rows,
        "may_send": selectors.may_send(request.actor, association),
        "may_review": DOCUMENTS_REVIEW.allows(request.actor, association),
        "may_edit_logo": not association.is_request and EDIT.allows(request.actor, association),
        "crumbs": crumbs(request, association, (_("Documents"), "")),
        "waiting": Decision.WAITING,
        "ask_url": f"{reverse('documents:ask')}?ids={association.pk}",
        **more,
    }


@require_POST
@requires(ASSOCIATIONS_VIEW)
def hand_in(request: HttpRequest, association_id: UUID) -> HttpResponse:
    """`of`: the kind, or (with a leading "d") the dossier of something the school asked for besides."""
    association = found(request, association_id)
    facts: dict[str, Any] = {"actor": request.actor, "association_id": association_id, "now": timezone.now()}
    given = request.POST.get("of", "")
    facts["dossier_id" if given.startswith("d:") else "kind_id"] = _uuid(given.removeprefix("d:"))
    try:
        version = handing_in.hand_in(**facts, upload=request.FILES.get("file"))
    except NotVisible:
        raise
    except DomainError as error:
        rows = selectors.standings(association, timezone.now())
        said = _sentence(error)
        return form_page(
            request, "documents/association.html", _context(request, association, rows, fault=said, fault_of=given)
        )
    said = _("Handed in. The school reads it now.")
    if version.same_as_id:
        said = _("Handed in, and accepted by itself: it is the file that was accepted before.")
    return done(request, to=reverse("documents:association", args=[association_id]), message=said)


@require_GET
@requires(ASSOCIATIONS_VIEW)
def download(request: HttpRequest, version_id: UUID) -> HttpResponse:
    version = reading.read(actor=request.actor, version_id=version_id, now=timezone.now())
    return redirect(download_url(version.file_id))


@require_POST
@requires(DOCUMENTS_REVIEW)
def accept(request: HttpRequest, version_id: UUID) -> HttpResponse:
    try:
        until = parse_date(request.POST.get("valid_until", ""))
    except ValueError as error:
        raise Invalid(fields={"valid_until": [_("Enter a day.")]}) from error
    version = reviewing.accept(actor=request.actor, version_id=version_id, valid_until=until, now=timezone.now())
    return done(request, to=_back(request, version.dossier.association_id), message=_("The document is accepted."))


@require_POST
@requires(DOCUMENTS_REVIEW)
def ask_changes(request: HttpRequest, version_id: UUID) -> HttpResponse:
    words = request.POST.get("comment", "")
    version = reviewing.ask_changes(actor=request.actor, version_id=version_id, comment=words, now=timezone.now())
    return done(request, to=_back(request, version.dossier.association_id), message=_("The board was told."))


def _back(request: HttpRequest, association_id: UUID) -> str:
    if request.POST.get("to") == "review":
        return reverse("documents:review")
    return reverse("documents:association", args=[association_id])


@require_POST
@requires(EDIT)
def logo(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = found(request, association_id)
    picture = None if request.POST.get("remove") else request.FILES.get("picture")
    try:
        if picture is None and not request.POST.get("remove"):
            raise Invalid(_("Choose a picture."))
        logos.change_logo(actor=request.actor, association_id=association_id, picture=picture, now=timezone.now())
    except NotVisible:
        raise
    except DomainError as error:
        rows = selectors.standings(association, timezone.now())
        return form_page(request, "documents/association.html", _context(request, association, rows, logo_fault=error))
    said = _("The logo is changed.") if picture else _("The logo is removed.")
    return done(request, to=reverse("documents:association", args=[association_id]), message=said)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotVisible from None


def _sentence(error: DomainError) -> str:
    faults = [str(one) for texts in error.fields.values() for one in texts] if isinstance(error, Invalid) else []
    return " ".join(faults) or str(error)
