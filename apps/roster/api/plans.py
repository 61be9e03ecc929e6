"""Lists of people: upload, say what the columns mean, look, approve; and every plan about people."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from ..models import ImportFile
from ..permissions import ROSTER_IMPORT, ROSTER_VIEW
from ..selectors import changes_of, failed_rows, get_file, get_plan, visible_plans
from ..services import columns as meaning
from ..services import plans as services
from ..services import uploads
from ..wording import fault_text
from .shapes import (
    ChangeOfPlan,
    FailedRowOut,
    ImportInput,
    LeftOut,
    ListInput,
    ListOut,
    PlanChangeQuery,
    PlanOut,
    PlanQuery,
)

TAG = "Imports"
NEWEST = ("-created_at", "-id")
#: act -> what it is called, what it does
ACTS: dict[str, tuple[str, str]] = {
    "cancel": ("Stop a plan", "It stops before its next step; what was applied stays."),
    "approve": ("Approve a plan", "It does what its list says. Twice changes nothing."),
    "refuse": ("Refuse a plan", "It is thrown away; nothing was done."),
    "undo": ("Take a plan back", "Answers the plan that will do it: computed, shown, held until it is approved."),
}


def _list(file: Any) -> dict[str, Any]:
    facts = {name: getattr(file, name) for name in ("id", "name", "size", "header", "created_at")}
    return {**facts, "guessed": meaning.guess(file.header)}


def _one_list(call: Call, list_id: UUID) -> dict[str, Any]:
    return _list(get_file(actor=call.actor, file_id=list_id))


class ListsView(ApiView):
    tag = TAG

    @operation("upload_list", "Upload a list", body=ListInput, answer=ListOut, status=201, refusals=(409,))
    def post(self, call: Call) -> Any:
        """Kept until it is imported, a day at most. Nothing is imported yet."""
        file = uploads.upload_list(actor=call.actor, name=call.body["name"], content=call.body["content"], now=call.now)
        call.created(reverse("roster_api:list", args=[file.pk]))
        return _list(file)


class ListView(ApiView):
    tag = TAG

    @operation("get_list", "One uploaded list", answer=ListOut, versioned=True)
    def get(self, call: Call, list_id: UUID) -> Any:
        """Its headings and what they seem to mean."""
        return _one_list(call, list_id)

    @operation("delete_list", "Delete an uploaded list", status=204, thing=ListOut, versioned=True)
    def delete(self, call: Call, list_id: UUID) -> None:
        """One that was imported stays with its import."""
        shown = partial(_one_list, call, list_id)
        shown()
        with call.unchanged(shown, row(ImportFile, list_id)):
            uploads.remove_list(actor=call.actor, file_id=list_id, now=call.now)


class ImportsView(ApiView):
    tag = TAG

    @operation(
        "start_import",
        "Import a list",
        body=ImportInput,
        answer=PlanOut,
        status=202,
        refusals=(404, 410),
        example={"list_id": "018f3b5e-0000-7000-8000-000000000000", "columns": ["given_name", "family_name", "email"]},
    )
    def post(self, call: Call) -> Any:
        """The plan is computed and shown first; approve it to apply it."""
        sent = dict(call.body)
        plan = uploads.start_import(actor=call.actor, file_id=sent.pop("list_id"), now=call.now, **sent)
        call.created(reverse("roster_api:plan", args=[plan.pk]))
        return plan


class PlansView(ApiView):
    tag = TAG

    @operation("list_plans", "Plans about people", query=PlanQuery, answer=page_type(PlanOut))
    def get(self, call: Call) -> Any:
        """Imports, turns of the school year, and what a provider asked for; newest first."""
        return page_of(visible_plans(actor=call.actor, kind=call.query["kind"]), call.query, NEWEST)


class PlanView(ApiView):
    tag = TAG

    @operation("get_plan", "One plan", answer=PlanOut, versioned=True)
    def get(self, call: Call, plan_id: UUID) -> Any:
        """With `If-None-Match` it is cheap to follow."""
        return get_plan(actor=call.actor, plan_id=plan_id)


class ChangesView(ApiView):
    tag = TAG

    @operation("list_plan_changes", "What a plan changes", query=PlanChangeQuery, answer=page_type(ChangeOfPlan))
    def get(self, call: Call, plan_id: UUID) -> Any:
        """Line by line, in the order in which they are applied."""
        plan, wanted = get_plan(actor=call.actor, plan_id=plan_id), call.query
        found = changes_of(plan=plan, kind=wanted["kind"], reason=wanted["reason"], search=wanted["q"])
        return page_of(found, wanted, ("id",))


class ChoiceView(ApiView):
    tag = TAG

    @operation(
        "choose_plan_change",
        "Leave a line out of a plan",
        body=LeftOut,
        answer=ChangeOfPlan,
        example={"left_out": True},
    )
    def post(self, call: Call, plan_id: UUID, change_id: int) -> Any:
        """Of a plan that waits for a decision; or take it in again. Twice changes nothing."""
        get_plan(actor=call.actor, plan_id=plan_id)
        return services.set_aside(
            actor=call.actor, run_id=plan_id, change_id=change_id, aside=call.body["left_out"], now=call.now
        )


class FailedView(ApiView):
    tag = TAG

    @operation("list_failed_rows", "Rows that were not taken in", query=Paging, answer=page_type(FailedRowOut))
    def get(self, call: Call, plan_id: UUID) -> Any:
        """As they stood in the file, with what is wrong, in the order of the file."""
        page = page_of(failed_rows(plan=get_plan(actor=call.actor, plan_id=plan_id)), call.query, ("row", "id"))
        page["results"] = [
            {"row": one.row, "cells": one.cells, "faults": [str(fault_text(fault)) for fault in one.errors]}
            for one in page["results"]
        ]
        return page


def act(name: str) -> Any:
    """The view of one act on a plan; which permission it needs depends on the kind of the plan."""
    summary, text = ACTS[name]

    def post(self: Any, call: Call, plan_id: UUID) -> Any:
        desk: Any = services.desk_of(get_plan(actor=call.actor, plan_id=plan_id))
        service: Callable[..., Any] = desk.request_undo if name == "undo" else getattr(desk, name)
        return service(actor=call.actor, run_id=plan_id, now=call.now)

    post.__doc__ = text
    members = {"tag": TAG, "post": operation(f"{name}_plan", summary, answer=PlanOut)(post)}
    return api_requires(ROSTER_VIEW)(type(f"{name.title()}PlanView", (ApiView,), members))


lists = api_requires(ROSTER_IMPORT)(ListsView)
one_list = api_requires(ROSTER_VIEW, delete=ROSTER_IMPORT)(ListView)
imports = api_requires(ROSTER_IMPORT)(ImportsView)
plans = api_requires(ROSTER_VIEW)(PlansView)
plan = api_requires(ROSTER_VIEW)(PlanView)
changes = api_requires(ROSTER_VIEW)(ChangesView)
choice = api_requires(ROSTER_VIEW)(ChoiceView)
failed = api_requires(ROSTER_VIEW)(FailedView)
cancel, approve, refuse, undo = (act(name) for name in ACTS)
