"""Conflicts about addresses, an administrator's decisions, and single lines of a held run."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_of_list, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible

from .. import selectors
from ..models import ConflictDecision
from ..permissions import DIRECTORY_MANAGE, DIRECTORY_RUN, DIRECTORY_VIEW
from ..services import conflicts as services
from ..services import deciding
from .shapes import Adjusted, AdjustmentInput, ConflictOut, DecisionInput, DecisionOut

TAG = "Directory"
LATEST = ("-decided_at", "-id")
ADJUST = {"leave_out": deciding.leave_out, "keep_always": deciding.keep_always, "put_back": deciding.put_back}


class ConflictsView(ApiView):
    tag = TAG

    @operation("list_conflicts", "Conflicts about addresses", query=Paging, answer=page_type(ConflictOut))
    def get(self, call: Call) -> Any:
        """Those of the last reading that nobody has decided about since."""
        found = selectors.open_conflicts(actor=call.actor)
        return page_of_list(found, call.query, lambda one: (one.object_id, one.email))


class ConflictDecisionView(ApiView):
    tag = TAG

    @operation(
        "decide_conflict", "Decide about a conflict", body=DecisionInput, answer=DecisionOut, status=201,
        example={"choice": "leave"},
    )  # fmt: skip
    def post(self, call: Call, object_id: str) -> Any:
        """The next run follows it. `same` and `address` change who can sign in as somebody: they want a fresh proof
        of identity. The same decision again changes nothing.
        """
        made = services.decide_conflict(actor=call.actor, object_id=object_id, now=call.now, **call.body)
        call.created(reverse("directory_api:conflict_decision", args=[made.pk]))
        return made


class DecisionsView(ApiView):
    tag = TAG

    @operation("list_conflict_decisions", "Decisions about conflicts", query=Paging, answer=page_type(DecisionOut))
    def get(self, call: Call) -> Any:
        """The latest first."""
        return page_of(selectors.decisions(actor=call.actor), call.query, LATEST)


class DecisionView(ApiView):
    tag = TAG

    @operation("get_conflict_decision", "One decision", answer=DecisionOut, versioned=True)
    def get(self, call: Call, decision_id: UUID) -> Any:
        """As it stands in the list."""
        return _decision(call, decision_id)

    @operation("reopen_conflict", "Take a decision back", status=204, thing=DecisionOut, versioned=True)
    def delete(self, call: Call, decision_id: UUID) -> None:
        """The next run asks again. What the decision did to an account stays. Twice changes nothing."""
        with call.unchanged(partial(_decision, call, decision_id), row(ConflictDecision, decision_id)):
            services.reopen_conflict(actor=call.actor, decision_id=decision_id, now=call.now)


def _decision(call: Call, decision_id: UUID) -> ConflictDecision:
    found = selectors.decisions(actor=call.actor).filter(pk=decision_id).first()
    if found is None:
        raise NotVisible
    return found


class AdjustmentView(ApiView):
    tag = TAG

    @operation(
        "adjust_run", "Take single people out of a held run", body=AdjustmentInput, answer=Adjusted,
        example={"act": "leave_out", "change_ids": [17, 18]},
    )  # fmt: skip
    def post(self, call: Call, run_id: UUID) -> Any:
        """`leave_out`: this time only; `keep_always`: of deactivations, and the memberships are pinned; `put_back`:
        what was left out. Lines of other runs are not touched. Twice changes nothing.
        """
        selectors.get_run(actor=call.actor, run_id=run_id)
        act = ADJUST[call.body["act"]]
        return {"changes": act(actor=call.actor, run_id=run_id, change_ids=call.body["change_ids"], now=call.now)}


conflict_list = api_requires(DIRECTORY_VIEW)(ConflictsView)
decision_of = api_requires(DIRECTORY_MANAGE)(ConflictDecisionView)
decisions = api_requires(DIRECTORY_VIEW)(DecisionsView)
decision = api_requires(DIRECTORY_VIEW, delete=DIRECTORY_MANAGE)(DecisionView)
adjustment = api_requires(DIRECTORY_RUN)(AdjustmentView)
