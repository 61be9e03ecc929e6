"""The directory page, and the runs with their changes."""

import json
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
from apps.audit.tables import Columns, csv_of
from apps.campuses.models import CampusRole
from apps.core import charts
from apps.core.components.formats import day_and_month, number
from apps.core.csvfile import csv_response
from apps.core.errors import Invalid
from apps.core.ui import Step
from apps.core.web import done, page, requires
from apps.tenants.zones import zone_of_school

from .. import presenting, selectors
from ..forms import ChangeFilter
from ..models import DirectoryChange, DirectoryRun
from ..permissions import DIRECTORY_MANAGE, DIRECTORY_RUN, DIRECTORY_VIEW
from ..services import alerts, deciding, drafts, exporting, requests, schedules, subscriptions

PER_PAGE = 25
RUNS_PER_PAGE = 15
MAPPING_COLUMNS: Columns = {
    "group": "group_name",
    "group_id": "group_id",
    "campus": "campus.name",
    "role": "role",
    "nested": "transitive",
    "people": "people",
    "active": "active",
}
LINK_PAGE = reverse_lazy("accounts:sign_in_settings")


@require_GET
@requires(DIRECTORY_VIEW)
def overview(request: HttpRequest) -> HttpResponseBase:
    runs = selectors.visible_runs(actor=request.actor)
    binding = selectors.binding()
    mapped = list(selectors.visible_mappings(actor=request.actor))
    if file := csv_of(request, "mappings", mapped, MAPPING_COLUMNS):
        return file
    waiting = selectors.run_that_waits(actor=request.actor)
    moving = next((run for run in runs[:5] if run.is_moving), waiting)
    now = timezone.now()
    known = schedules.schedule_of()
    context = {
        "binding": binding,
        "alerts": presenting.alert_views(alerts.standing(now=now)),
        "announcing": presenting.announcing(subscriptions.standing()),
        "schedule": known,
        "next_moment": schedules.next_moment(known, now, zone_of_school()),
        "link_url": LINK_PAGE if SCHOOL_LINK_MICROSOFT.allows(request.actor) else "",
        "mappings": mapped,
        "page_obj": Paginator(runs, RUNS_PER_PAGE).get_page(request.GET.get("page")),
        "job": presenting.job_of(moving) if moving else None,
        "waiting": waiting,
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
    campuses = selectors.campus_names()
    filter_form = ChangeFilter(request.GET, campuses=campuses)
    changes = selectors.changes_of(run=run, **filter_form.usable)
    shown = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_following(request, run),
        "filter_form": filter_form,
        "page_obj": shown,
        "rows": presenting.change_rows(shown, campuses, selectors.known_people(shown)),
        "may_select": run.state == "held" and not run.is_undo and DIRECTORY_RUN.allows(request.actor),
        "crumbs": [(_("Directory"), reverse("directory:overview")), (str(run.get_kind_display()), "")],
    }
    return page(request, "directory/run_detail.html", context, partial="changes")


@require_GET
@requires(DIRECTORY_VIEW)
def run_live(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What follows the run on its page: 204 while nothing new is to be seen, and no more questions after its end.

    A new state also tells the list of changes, which has filters and a place of its own, to load itself again.
    """
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    before = request.GET.get("v", "")
    if before == presenting.version_of(run):
        return HttpResponse(status=204)
    response = render(request, "directory/run_live.html", {**_following(request, run), "live": True})
    if before.partition("-")[0] != run.state:
        response["HX-Trigger"] = json.dumps({"run-changed": {}})
    return response


@require_GET
@requires(DIRECTORY_VIEW)
def run_export(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    rows = exporting.export_changes(actor=request.actor, run=run, wanted=_wanted(request))
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
    waits = preview and selectors.run_that_waits(actor=request.actor)
    said = _("This preview changes nothing. The held run still waits for your decision.") if waits else ""
    return done(request, to=_address(run), message=said)


@require_POST
@requires(DIRECTORY_RUN)
def run_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    selectors.get_run(actor=request.actor, run_id=run_id)
    run = requests.cancel_run(actor=request.actor, run_id=run_id, now=timezone.now())
    followed = bool(request.htmx) and request.htmx.current_url_abs_path.partition("?")[0] == _address(run)
    return done(
        request, to=_address(run), template="directory/run_progress.html",
        context={"job": presenting.job_of(run, followed=followed)}, message=_("The run stops before its next step."),
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


@require_POST
@requires(DIRECTORY_RUN)
def run_selection(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Leave single people of a held run out, keep them always, or put them back; or all that match the filters."""
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    act = {
        "leave_out": (deciding.leave_out, _("%(n)d lines are left out of this run.")),
        "keep_always": (deciding.keep_always, _("%(n)d people are kept always.")),
        "put_back": (deciding.put_back, _("%(n)d lines are part of this run again.")),
    }.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("Choose what to do with the selected people."))
    service, said = act
    number = service(actor=request.actor, run_id=run_id, change_ids=_selected(request, run), now=timezone.now())
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return done(request, to=_address(run) + query, message=said % {"n": number})


@require_POST
@requires(DIRECTORY_MANAGE)
def draft_save(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The mapping that a preview tried becomes real."""
    run = selectors.get_run(actor=request.actor, run_id=run_id)
    drafts.save_draft(actor=request.actor, run=run, now=timezone.now())
    return done(request, to="directory:overview", message=_("The mapping was saved. The next run applies it."))


# --- what several pages need -----------------------------------------------------------------------------


def _following(request: HttpRequest, run: DirectoryRun) -> dict[str, Any]:
    """What a run's page shows of the run itself, now and while it is followed."""
    return {
        "run": run,
        "job": presenting.job_of(run, followed=True),
        "version": presenting.version_of(run),
        "pause": presenting.pause_of(run, timezone.now()),
        "threshold": presenting.threshold_of(run),
        "draft": presenting.draft_of(run),
        "can_manage": DIRECTORY_MANAGE.allows(request.actor),
        "readings": _readings(run),
        "reasons": _reasons(run),
        "can_run": DIRECTORY_RUN.allows(request.actor),
        "may_retry": _may_retry(run),
        "undo": run.undo,
        "successor": selectors.successor(run),
    }


def _wanted(request: HttpRequest) -> dict[str, str]:
    return ChangeFilter(request.GET, campuses=selectors.campus_names()).usable


def _selected(request: HttpRequest, run: DirectoryRun) -> list[int]:
    """The lines that were chosen; what is no number is left out. The services look at lines of this run only."""
    if request.POST.get("all_matching"):
        return list(selectors.changes_of(run=run, **_wanted(request)).values_list("pk", flat=True))
    return [int(text) for text in request.POST.getlist("ids") if text.isascii() and text.isdigit() and len(text) < 19]


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
