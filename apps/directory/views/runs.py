"""The directory page, and the runs with their changes."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.permissions import SCHOOL_LINK_MICROSOFT
from apps.campuses.models import CampusRole
from apps.core import charts
from apps.core.components.formats import day_and_month, number
from apps.core.csvfile import csv_response
from apps.core.ui import Step
from apps.core.web import done, page, requires

from .. import presenting, selectors
from ..forms import ChangeFilter
from ..models import DirectoryChange, DirectoryRun
from ..permissions import DIRECTORY_MANAGE, DIRECTORY_RUN, DIRECTORY_VIEW
from ..services import alerts, exporting, requests, schedules

PER_PAGE = 25
RUNS_PER_PAGE = 15
LINK_PAGE = reverse_lazy("accounts:sign_in_settings")


@require_GET
@requires(DIRECTORY_VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    runs = selectors.visible_runs(actor=request.actor)
    binding = selectors.binding()
    mapped = list(selectors.visible_mappings(actor=request.actor))
    moving = next((run for run in runs[:5] if run.is_moving or run.state == "held"), None)
    now = timezone.now()
    known = schedules.schedule_of()
    context = {
        "binding": binding,
        "alerts": presenting.alert_views(alerts.standing(now=now)),
        "schedule": known,
        "next_moment": schedules.next_moment(known, now, schedules.zone_of_school()),
        "link_url": LINK_PAGE if SCHOOL_LINK_MICROSOFT.allows(request.actor) else "",
        "mappings": mapped,
        "page_obj": Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page")),
        "job": presenting.job_of(moving) if moving else None,
        "can_run": DIRECTORY_RUN.allows(request.actor),
        "can_manage": DIRECTORY_MANAGE.allows(request.actor),
        "steps": _steps(binding, mapped) if DIRECTORY_MANAGE.allows(request.actor) else [],
        "chart": _members_chart(),
    }
    return page(request, "directory/overview.html", context, partial="runs")


@require_GET
@requires(DIRECTORY_VIEW)
def run_detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    filter_form = ChangeFilter(request.GET)
    changes = selectors.changes_of(run=run, **filter_form.usable)
    shown = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "job": presenting.job_of(run),
        "threshold": presenting.threshold_of(run),
        "readings": _readings(run),
        "filter_form": filter_form,
        "page_obj": shown,
        "rows": presenting.change_rows(shown, selectors.campus_names()),
        "reasons": _reasons(run),
        "can_run": DIRECTORY_RUN.allows(request.actor),
        "may_retry": _may_retry(run),
        "undo": run.undo,
        "crumbs": [(_("Directory"), reverse("directory:overview")), (str(run.get_kind_display()), "")],
    }
    return page(request, "directory/run_detail.html", context, partial="changes")


@require_GET
@requires(DIRECTORY_VIEW)
def run_export(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    rows = exporting.export_changes(actor=request.actor, run=run, wanted=ChangeFilter(request.GET).usable)
    return csv_response(f"{request.school.slug}-directory-run-{run.created_at:%Y-%m-%d}.csv", exporting.COLUMNS, rows)


@require_GET
@requires(DIRECTORY_VIEW)
def run_progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The progress card alone; when the run has ended, the page around it is asked to load again."""
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    response = render(request, "directory/run_progress.html", {"job": presenting.job_of(run)})
    if not run.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(DIRECTORY_RUN)
def run_start(request: HttpRequest) -> HttpResponse:
    preview = request.POST.get("kind") == "preview"
    run = requests.request_run(actor=request.actor, now=timezone.now(), preview=preview)
    return done(request, to=_address(run))


@require_POST
@requires(DIRECTORY_RUN)
def run_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    selectors.get_run(actor=request.actor, run_id=run_id)
    run = requests.cancel_run(actor=request.actor, run_id=run_id, now=timezone.now())
    return done(
        request, to=_address(run), template="directory/run_progress.html", context={"job": presenting.job_of(run)},
        message=_("The run stops before its next step."),
    )  # fmt: skip


@require_POST
@requires(DIRECTORY_RUN)
def run_retry(request: HttpRequest, run_id: UUID) -> HttpResponse:
    selectors.get_run(actor=request.actor, run_id=run_id)
    run = requests.retry_run(actor=request.actor, run_id=run_id, now=timezone.now())
    return done(request, to=_address(run))


@require_POST
@requires(DIRECTORY_RUN)
def run_approve(request: HttpRequest, run_id: UUID) -> HttpResponse:
    selectors.get_run(actor=request.actor, run_id=run_id)
    run = requests.approve_run(actor=request.actor, run_id=run_id, now=timezone.now())
    return done(request, to=_address(run), message=_("Approved: the changes are being applied."))


@require_POST
@requires(DIRECTORY_RUN)
def run_refuse(request: HttpRequest, run_id: UUID) -> HttpResponse:
    selectors.get_run(actor=request.actor, run_id=run_id)
    run = requests.refuse_run(actor=request.actor, run_id=run_id, now=timezone.now())
    return done(request, to=_address(run), message=_("Refused: nothing was changed."))


@require_POST
@requires(DIRECTORY_RUN)
def run_undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask for the list of what taking this run back comes to; nothing is done before that list is approved."""
    selectors.get_run(actor=request.actor, run_id=run_id)
    undo = requests.request_undo(actor=request.actor, run_id=run_id, now=timezone.now())
    return done(request, to=_address(undo))


# --- what several pages need -----------------------------------------------------------------------------


def _steps(binding: object, mapped: list[Any]) -> list[Step]:
    """What is left to do before people arrive; nothing once the first run is done."""
    if selectors.has_run():
        return []
    campus_exists = bool(selectors.campus_names())
    map_url = reverse("directory:mapping_create")
    return [
        Step(_("Link your Microsoft organisation"), bool(binding), url=str(LINK_PAGE), action=_("Link")),
        Step(_("Create a campus"), campus_exists, url=reverse("campuses:create"), action=_("Create")),
        Step(_("Map a group to a campus"), bool(mapped), url=map_url, action=_("Map a group")),
        Step(_("Preview: see who would be added, and who not and why"), selectors.has_previewed()),
        Step(_("Run"), False),
    ]  # fmt: skip


def _members_chart() -> object:
    points = selectors.members_over_time()
    if len(points) < 2:
        return ""
    labels = [day_and_month(run.created_at) for run, _members in points]
    series = [charts.Series(_("People"), [members for _run, members in points])]
    return charts.line(_("Active people after each run"), labels, series)


def _readings(run: DirectoryRun) -> list[dict[str, Any]]:
    """Each mapping of the run with what it read, and what the run means for its campus."""
    campuses, counts = selectors.campus_names(), selectors.counts_by_campus(run=run)
    return [
        {
            "reading": reading,
            "campus": campuses.get(reading.campus_id, ""),
            "role": CampusRole(reading.role).label,
            "counts": counts.get(reading.campus_id, {}),
        }
        for reading in run.readings.all()
    ]


def _reasons(run: DirectoryRun) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{number(count)} · {DirectoryChange.Kind(kind).label}",
            "tone": presenting.KIND_LOOKS[kind][0],
            "reason": presenting.reason_text(reason),
            "url": f"?kind={kind}",
        }
        for kind, reason, count in selectors.counts_by_reason(run=run)
    ]


def _may_retry(run: DirectoryRun) -> bool:
    over = run.state in ("partial", "failed", "cancelled", "refused")
    return over and not (run.undoes and run.undoes.undo)  # taken back meanwhile by another undo


def _address(run: DirectoryRun) -> str:
    return reverse("directory:run", args=[run.pk])
