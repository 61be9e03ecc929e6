"""Data protection, for administrators: requests to be erased, consent texts, periods of retention."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core.actor import SCHOOL
from apps.core.csvfile import csv_response
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.core.records import BLANK, DELETE, REGISTRY, Record
from apps.core.ui import Tab
from apps.core.web import done, form_page, page, requires
from apps.tenants import features

from .. import purposes
from ..forms import ConsentTextForm, DecisionForm, EraseForm, PeriodsForm
from ..models import ErasureCase, RetentionRun, Tombstone
from ..permissions import CONSENTS_MANAGE, PEOPLE_ERASE, RETENTION_MANAGE
from ..selectors import get_person, visible_erasures
from ..services import consents, erasure, own_data, retention
from ..services.erasure import Line
from .common import put_errors


def _tabs() -> list[Tab]:
    return [
        Tab("erasures", _("Erasure"), url=reverse("accounts:erasures")),
        Tab("consents", _("Consents"), url=reverse("accounts:consent_list")),
        Tab("retention", _("Retention"), url=reverse("accounts:retention")),
    ]


# --- erasure ---------------------------------------------------------------------------------------------


CASE_COLUMNS: Columns = {
    "person": "label",
    "person_id": "user_id",
    "why": "origin",
    "requested_at": "requested_at",
    "requested_by": "requested_by",
    "state": "state",
}


@require_GET
@requires(PEOPLE_ERASE)
def erasure_list(request: HttpRequest) -> HttpResponseBase:
    every, tombstones = visible_erasures(request.actor), Tombstone.objects.order_by("-erased_at")
    if not PEOPLE_ERASE.allows(request.actor, SCHOOL):  # whom they were of, nobody knows any more
        tombstones = tombstones.none()
    if file := csv_of(request, "erasures", every, CASE_COLUMNS) or csv_of(
        request, "tombstones", tombstones, {"person_id": "user_id", "erased_at": "erased_at"}
    ):
        return file
    cases = Paginator(every, 25).get_page(request.GET.get("page"))
    context = {"tabs": _tabs(), "cases": cases, "tombstones": tombstones[:50]}
    return page(request, "accounts/erasures.html", context)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A step as people read it."""

    title: object
    words: object
    rows: int
    label: object
    tone: str
    because: object


def _shown(line: Line) -> ShownLine:
    party = line.role
    labels = {DELETE: (_("Deleted"), "bad"), BLANK: (_("Without the name"), "warn")}
    label, tone = labels.get(line.act, (_("Kept"), "info"))
    because = party.because or (line.record.basis if line.act != DELETE else "")
    return ShownLine(line.record.purpose, party.words, line.rows, label, tone, because)


def _lines(case: ErasureCase) -> Iterator[ShownLine]:
    return (_shown(Line(**line)) for line in case.lines if line["table"] in REGISTRY)


@require_GET
@requires(PEOPLE_ERASE)
def erasure_detail(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _case_page(request, _case(request, case_id), DecisionForm())


def _case(request: HttpRequest, case_id: UUID) -> ErasureCase:
    case = visible_erasures(request.actor).filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    return case


def _case_page(request: HttpRequest, case: ErasureCase, form: DecisionForm) -> HttpResponse:
    context = {
        "case": case,
        "lines": list(_lines(case)),
        "form": form,
        "crumbs": [(_("Data protection"), reverse("accounts:erasures")), (str(case), "")],
    }
    answer = form_page if form.errors else page
    return answer(request, "accounts/erasure.html", context)


@require_POST
@requires(PEOPLE_ERASE)
def erasure_decide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    case, form = _case(request, case_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _case_page(request, case, form)
    approve = request.POST.get("answer") == "approve"
    try:
        erasure.decide(
            actor=request.actor, case_id=case_id, approve=approve, note=form.cleaned_data["note"], now=timezone.now()
        )
    except erasure.NoReason as refused:
        form.add_error("note", str(refused))
        return _case_page(request, case, form)
    message = _("The erasure is being carried out.") if approve else _("The request is refused. The person reads why.")
    return done(request, to=reverse("accounts:erasure", args=[case_id]), message=message)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PEOPLE_ERASE)
def person_erase(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """What erasing this person would do; and, with a reason, doing it."""
    person = get_person(request.actor, user_id)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case = erasure.erase_directly(
                actor=request.actor, user_id=user_id, reason=form.cleaned_data["reason"], now=timezone.now()
            )
            return done(
                request, to=reverse("accounts:erasure", args=[case.pk]), message=_("The erasure is being carried out.")
            )
        except DomainError as refused:
            if refused.status in (403, 404):
                raise
            form.add_error(None, str(refused))
    lines = erasure.lines_for(own_data.subject_of(person))
    context = {
        "person": person,
        "lines": [_shown(line) for line in lines],
        "form": form,
        "crumbs": [(_("Data protection"), reverse("accounts:erasures")), (person.name, "")],
    }
    answer = form_page if form.errors else page
    return answer(request, "accounts/person_erase.html", context)


@require_POST
@requires(PEOPLE_ERASE)
def tombstone_lift(request: HttpRequest, tombstone_id: UUID) -> HttpResponse:
    erasure.lift_tombstone(actor=request.actor, tombstone_id=tombstone_id, now=timezone.now())
    return done(request, to="accounts:erasures", message=_("The next directory run or import may bring them in again."))


# --- consents --------------------------------------------------------------------------------------------


@require_GET
@requires(CONSENTS_MANAGE)
def consent_list(request: HttpRequest) -> HttpResponse:
    context = {"tabs": _tabs(), "figures": consents.figures(actor=request.actor)}
    return page(request, "accounts/consent_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CONSENTS_MANAGE)
def consent_publish(request: HttpRequest, purpose: str) -> HttpResponse:
    versions = list(consents.versions_of(actor=request.actor, purpose=purpose))
    declared = purposes.REGISTRY[purpose]
    names = ("title_fr", "title_en", "body_fr", "body_en")
    initial = {name: getattr(versions[0], name) for name in names} if versions else None
    form = ConsentTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            consents.publish_text(
                actor=request.actor,
                school_id=request.school.pk,
                purpose=purpose,
                words=form.cleaned_data,
                now=timezone.now(),
            )
            return done(request, to="accounts:consent_list", message=_("The new version is published."))
        except Invalid as refused:
            put_errors(form, refused)
    context = {
        "purpose": declared,
        "versions": versions,
        "form": form,
        "crumbs": [(_("Consents"), reverse("accounts:consent_list")), (str(declared.label), "")],
    }
    answer = form_page if form.errors else page
    return answer(request, "accounts/consent_publish.html", context)


@require_GET
@requires(CONSENTS_MANAGE)
def consent_export(request: HttpRequest) -> HttpResponseBase:
    rows = consents.export(actor=request.actor, now=timezone.now())
    filename = f"{request.school.slug}-consents-{timezone.localdate().isoformat()}.csv"
    return csv_response(filename, consents.EXPORT_COLUMNS, rows)


# --- retention -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A line of the table of periods."""

    entry: Record
    key: str
    days: int
    default: int
    minimum: int
    maximum: int
    own: int | None
    field: Any = None

    @property
    def title(self) -> str:
        return capfirst(str(self.entry.purpose or self.entry.model._meta.verbose_name_plural))

    @property
    def words(self) -> object:
        return self.entry.period.words if self.entry.period else self.entry.kept


def _period_lines(request: HttpRequest) -> list[PeriodLine]:
    retention.declare_settings()
    lines, shown = [], set()
    for entry in REGISTRY.values():
        key = retention.key_of(entry)
        if key in shown:
            continue
        shown |= {key} - {""}
        period = entry.period
        own = features.own_value(features.known(key), request.school.settings) if key else None
        lines.append(
            PeriodLine(
                entry, key, retention.days_of(entry), period.days if period else 0,
                period.minimum if period else 0, period.maximum if period else 0, own,
            )
        )  # fmt: skip
    # what speaks of people first; the rest is there to be complete
    return sorted(lines, key=lambda line: (not line.entry.is_about_people, str(line.entry.group), line.title))


PERIOD_COLUMNS: Columns = {
    "group": "entry.group",
    "what": "title",
    "basis": "entry.basis",
    "kept": "words",
    "days": "days",
    "minimum": "minimum",
    "maximum": "maximum",
}
NIGHT_COLUMNS: Columns = {
    "started_at": "started_at",
    "rows": "total",
    "expected": "expected",
    "state": "state",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RETENTION_MANAGE)
def retention_table(request: HttpRequest) -> HttpResponseBase:
    lines = _period_lines(request)
    form = PeriodsForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        retention.change_periods(actor=request.actor, school_id=request.school.pk, values=form.cleaned_data)
        return done(request, to="accounts:retention", message=_("The periods are saved."))
    runs = RetentionRun.objects.all()
    if file := csv_of(request, "periods", lines, PERIOD_COLUMNS) or csv_of(request, "nights", runs, NIGHT_COLUMNS):
        return file
    context = {
        "tabs": _tabs(),
        "form": form,
        "lines": [(line, form[line.key] if line.key else None) for line in lines],
        "runs": runs[:10],
    }
    answer = form_page if form.errors else page
    return answer(request, "accounts/retention.html", context)


@require_GET
@requires(RETENTION_MANAGE)
def retention_preview(request: HttpRequest) -> HttpResponse:
    """The dry run: what this night's run would delete, row by row."""
    due = retention.dry_run(now=timezone.now())
    context = {
        "tables": [(REGISTRY[label], len(keys), sorted(map(str, keys))[:200]) for label, keys in sorted(due.items())],
        "total": sum(map(len, due.values())),
        "crumbs": [(_("Retention"), reverse("accounts:retention")), (_("What the next run deletes"), "")],
    }
    return page(request, "accounts/retention_preview.html", context)
