"""Directory runs: start, follow, decide, take back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type

from ..permissions import DIRECTORY_RUN, DIRECTORY_VIEW
from ..selectors import changes_of, get_run, runs_matching
from ..services import requests
from .shapes import ChangeOut, ChangeQuery, RunInput, RunOut, RunQuery

TAG = "Directory"
NEWEST = ("-created_at", "-id")
#: act -> what it is called, what it does, the service
ACTS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "cancel": ("Stop a run", "It stops before its next step; what was applied stays.", requests.cancel_run),
    "retry": (
        "Go on with a run",
        "Where its last page was read, or as a new run where that is not possible.",
        requests.retry_run,
    ),
    "approve": ("Approve a held run", "It does what its list says. Twice changes nothing.", requests.approve_run),
    "refuse": ("Refuse a held run", "Its plan is thrown away; nothing was done.", requests.refuse_run),
    "undo": (
        "Take a run back",
        "Answers the run that will do it: computed, shown, and held until it is approved.",
        requests.request_undo,
    ),
}


class RunsView(ApiView):
    tag = TAG

    @operation("list_runs", "Directory runs", query=RunQuery, answer=page_type(RunOut))
    def get(self, call: Call) -> Any:
        """Newest first."""
        return page_of(runs_matching(actor=call.actor, wanted=call.query), call.query, NEWEST)

    @operation("start_run", "Start a run or a preview", body=RunInput, answer=RunOut, status=202)
    def post(self, call: Call) -> Any:
        """Follow it at its address. While one is under way, that one is answered."""
        run = requests.request_run(actor=call.actor, now=call.now, preview=call.body["kind"] == "preview")
        call.created(reverse("directory_api:run", args=[run.pk]))
        return run


class RunView(ApiView):
    tag = TAG

    @operation("get_run", "One run", answer=RunOut, versioned=True)
    def get(self, call: Call, run_id: UUID) -> Any:
        """With `If-None-Match` it is cheap to follow."""
        return get_run(actor=call.actor, run_id=run_id)


class ChangesView(ApiView):
    tag = TAG

    @operation("list_run_changes", "What a run changes", query=ChangeQuery, answer=page_type(ChangeOut))
    def get(self, call: Call, run_id: UUID) -> Any:
        """Line by line, in the order in which they are applied."""
        run, wanted = get_run(actor=call.actor, run_id=run_id), call.query
        found = changes_of(
            run=run,
            kind=wanted["kind"],
            reason=wanted["reason"],
            search=wanted["q"],
            campus=str(wanted["campus"]) if "campus" in wanted else "",
        )
        return page_of(found, wanted, ("id",))


def act(name: str) -> Any:
    """The view of one act on a run."""
    summary, text, service = ACTS[name]

    def post(self: Any, call: Call, run_id: UUID) -> Any:
        get_run(actor=call.actor, run_id=run_id)
        return service(actor=call.actor, run_id=run_id, now=call.now)

    post.__doc__ = text
    members = {"tag": TAG, "post": operation(f"{name}_run", summary, answer=RunOut)(post)}
    return api_requires(DIRECTORY_RUN)(type(f"{name.title()}View", (ApiView,), members))


runs = api_requires(DIRECTORY_VIEW, post=DIRECTORY_RUN)(RunsView)
run = api_requires(DIRECTORY_VIEW)(RunView)
changes = api_requires(DIRECTORY_VIEW)(ChangesView)
cancel, retry, approve, refuse, undo = (act(name) for name in ACTS)
