"""Doors for people: a plan about people, whatever it came from: look, confirm, cancel, undo, take away."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.components.formats import number
from apps.core.csvfile import csv_response
from apps.core.plan import State
from apps.core.web import done, page, requires

from .. import presenting, selectors
from ..forms import ChangeFilter
from ..models import RosterChange, RosterPlan
from ..permissions import ROSTER_VIEW
from ..services import exporting
from ..services import plans as services
from ..wording import fault_text

PER_PAGE = 25
FAILED_SHOWN = 50


@require_GET
@requires(ROSTER_VIEW)
def detail(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    filter_form = ChangeFilter(request.GET)
    names = selectors.names()
    changes = selectors.changes_of(plan=plan, **filter_form.usable)
    shown = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    failed = selectors.failed_rows(plan=plan)
    may = services.PERMISSIONS[plan.kind].allows(request.actor)
    context = {
        "plan": plan,
        "title": presenting.title_of(plan),
        "job": presenting.job_of(plan),
        "figures": presenting.row_figures(plan) if plan.rows else [],
        "turns": _turns(plan, names),
        "filter_form": filter_form,
        "page_obj": shown,
        "rows": presenting.change_rows(shown, names),
        "reasons": _reasons(plan),
        "failed": [(row, [fault_text(fault) for fault in row.errors]) for row in failed[:FAILED_SHOWN]],
        "failed_count": failed.count(),
        "can_decide": may,
        "can_undo": may and plan.may_be_undone,
        "undo": plan.undo,
        "waits": plan.state == State.HELD,
        "can_leave_out": may
        and plan.state == State.HELD
        and plan.kind == RosterPlan.Kind.ROLLOVER
        and not plan.is_undo,
        "crumbs": [*_crumbs(plan), (presenting.title_of(plan), "")],
    }
    return page(request, "roster/plan.html", context, partial="changes")


@require_GET
@requires(ROSTER_VIEW)
def progress(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The progress card alone; when the plan rests, the page around it is asked to load again."""
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    response = render(request, "roster/progress.html", {"job": presenting.job_of(plan)})
    if not plan.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(ROSTER_VIEW)
def confirm(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    services.desk_of(plan).approve(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(request, to=_address(plan), message=_("Confirmed: the changes are being applied."))


@require_POST
@requires(ROSTER_VIEW)
def refuse(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    services.desk_of(plan).refuse(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(request, to=_address(plan), message=_("Thrown away: nothing was changed."))


@require_POST
@requires(ROSTER_VIEW)
def cancel(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    plan = services.desk_of(plan).cancel(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(
        request, to=_address(plan), template="roster/progress.html", context={"job": presenting.job_of(plan)},
        message=_("It stops before its next step."),
    )  # fmt: skip


@require_POST
@requires(ROSTER_VIEW)
def undo(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    taken_back = services.desk_of(plan).request_undo(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(request, to=_address(taken_back))


@require_POST
@requires(ROSTER_VIEW)
def set_aside(request: HttpRequest, plan_id: UUID, change_id: int) -> HttpResponse:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    aside = request.POST.get("aside") != "no"
    change = services.set_aside(
        actor=request.actor, run_id=plan_id, change_id=change_id, aside=aside, now=timezone.now()
    )
    if not request.htmx:
        return done(request, to=_address(plan))
    row = presenting.change_rows([change], selectors.names())[0]
    return render(request, "roster/change_row.html", {"plan": plan, "row": row, "can_leave_out": True})


@require_GET
@requires(ROSTER_VIEW)
def export(request: HttpRequest, plan_id: UUID) -> HttpResponseBase:
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    rows = exporting.export_changes(actor=request.actor, plan=plan, wanted=ChangeFilter(request.GET).usable)
    name = f"{request.school.slug}-{plan.kind}-{plan.created_at:%Y-%m-%d}.csv"
    return csv_response(name, exporting.COLUMNS, _as_shown(rows, selectors.names()))


def _as_shown(rows: Iterator[RosterChange], names: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for change in rows:
        facts = "; ".join(f"{label}: {old} → {new}" for label, old, new in presenting.fields_of(change, names))
        yield (
            change.row, change.name, change.email, change.get_kind_display(), names.get(str(change.campus_id), ""),
            presenting.reason_text(change.reason), facts, "" if not change.overtaken else _("not applied"),
        )  # fmt: skip


@require_GET
@requires(ROSTER_VIEW)
def failed_rows(request: HttpRequest, plan_id: UUID) -> HttpResponseBase:
    """The rows as they stood in the file, with what is wrong as one more column: to correct and upload again."""
    plan = selectors.get_plan(actor=request.actor, plan_id=plan_id)
    header, rows = exporting.export_failed(actor=request.actor, plan=plan)
    lines = ([row.row, *row.cells, "; ".join(fault_text(fault) for fault in row.errors)] for row in rows)
    name = f"{request.school.slug}-failed-rows-{plan.created_at:%Y-%m-%d}.csv"
    return csv_response(name, [_("Row"), *header, _("Error")], lines)


def _turns(plan: RosterPlan, names: dict[str, str]) -> list[dict[str, Any]]:
    if plan.kind != RosterPlan.Kind.ROLLOVER or plan.is_undo:
        return []
    places = {promotion: place for place, promotion in enumerate(names)}
    turns = sorted(selectors.turns_of(plan=plan), key=lambda turn: places.get(turn[0], len(places)))
    return [
        {"id": before, "before": names.get(before, ""), "after": names.get(after, ""), "count": count}
        for before, after, count in turns
    ]


def _reasons(plan: RosterPlan) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{number(count)} · {RosterChange.Kind(kind).label}",
            "tone": presenting.KIND_LOOKS[kind][0],
            "reason": presenting.reason_text(reason),
            "url": f"?kind={kind}",
        }
        for kind, reason, count in selectors.counts_by_reason(plan=plan)
    ]


def _crumbs(plan: RosterPlan) -> list[tuple[str, str]]:
    label, name = {
        RosterPlan.Kind.FILE: (_("Imports"), "roster:imports"),
        RosterPlan.Kind.ROLLOVER: (_("School year"), "roster:year"),
        RosterPlan.Kind.SCIM: (_("Provisioning"), "roster:provisioning"),
    }[RosterPlan.Kind(plan.kind)]
    return [(label, reverse(name))]


def _address(plan: RosterPlan) -> str:
    return reverse("roster:plan", args=[plan.pk])
