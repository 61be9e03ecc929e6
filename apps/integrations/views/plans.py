"""Decisions about many events: their list with what would happen, confirm, cancel, take back."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.tables import csv_of
from apps.core.plan import State
from apps.core.web import done, page

from .. import presenting, selectors
from ..models import EventPlan
from ..services import plans
from .common import crumbs, frame

PER_PAGE = 25


@require_safe
def detail(request: HttpRequest, plan_id: UUID) -> HttpResponseBase:
    plan = selectors.plan_by_id(actor=request.actor, plan_id=plan_id)
    changes = plan.changes.order_by("pk")
    if file := csv_of(request, "decision", changes.iterator(), presenting.CHANGE_COLUMNS):
        return file
    shown = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    facts = frame(request)
    context: dict[str, Any] = {
        **facts,
        "plan": plan,
        "title": presenting.title_of(plan),
        "job": presenting.job_of(plan),
        "outcomes": presenting.outcomes_of(plan),
        "page_obj": shown,
        "rows": [presenting.ChangeRow(change) for change in shown],
        "waits": plan.state == State.HELD,
        "can_undo": facts["can_manage"] and plan.may_be_undone and not plans.why_fixed(plan),
        "fixed": plans.why_fixed(plan),
        "undo": plan.undo,
        "crumbs": crumbs((_("Events"), reverse("integrations:events")), (presenting.title_of(plan), "")),
    }
    return page(request, "integrations/plan.html", context, partial="changes")


@require_safe
def progress(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The progress card alone; when the plan rests, the page around it is asked to load again."""
    plan = selectors.plan_by_id(actor=request.actor, plan_id=plan_id)
    response = render(request, "integrations/progress.html", {"job": presenting.job_of(plan)})
    if not plan.is_moving:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def confirm(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = plans.desk().approve(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(request, to=_address(plan), message=_("Confirmed: it is being done."))


@require_POST
def refuse(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = plans.desk().refuse(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(request, to=_address(plan), message=_("Thrown away: nothing was changed."))


@require_POST
def cancel(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = plans.desk().cancel(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(
        request, to=_address(plan), template="integrations/progress.html", context={"job": presenting.job_of(plan)},
        message=_("It stops before its next step."),
    )  # fmt: skip


@require_POST
def undo(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    plan = plans.desk().request_undo(actor=request.actor, run_id=plan_id, now=timezone.now())
    return done(request, to=_address(plan))


def _address(plan: EventPlan) -> str:
    return reverse("integrations:plan", args=[plan.pk])
