"""Associations, the requests for them, and what the school decides."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging, Reason
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from .. import eligibility, selectors
from ..models import Association, Founder
from ..permissions import ASSOCIATIONS_ASK, ASSOCIATIONS_DECIDE, ASSOCIATIONS_VIEW, EDIT
from ..services import life, looks, requests
from .shapes import (
    Answer,
    Approval,
    AssociationChange,
    AssociationInput,
    AssociationOut,
    AssociationQuery,
    ChecksOut,
    FounderOut,
    FoundersInput,
    RequestInput,
    RequestOut,
    Told,
    Why,
    Words,
)

TAG = "Associations"
EXAMPLE = {
    "name": "Ciné-club",
    "kind": "culture",
    "purpose": "Films, every Thursday.",
    "founders": [{"email": "camille@school.example", "office": "president"}],
}
TERM = {"starts_on": "2026-09-01", "ends_on": "2027-09-01"}


def shown(call: Call, association_id: UUID) -> Association:
    return selectors.get_association(actor=call.actor, association_id=association_id, now=call.now)


def facts(call: Call, association_id: UUID) -> dict[str, Any]:
    return {"actor": call.actor, "association_id": association_id, "now": call.now}


def pairs(founders: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["email"], one["office"]) for one in founders]


class AssociationsView(ApiView):
    tag = TAG

    @operation("list_associations", "Associations", query=AssociationQuery, answer=page_type(AssociationOut))
    def get(self, call: Call) -> Any:
        """By name: those you see, oversee or take part in, whatever their status."""
        rows = selectors.with_members(selectors.visible_associations(actor=call.actor, now=call.now))
        wanted = {"words": call.query["q"], "kind": call.query["kind"], "campus": call.query["campus"]}
        return page_of(selectors.searched(rows, **wanted), call.query, ("name", "id"))

    @operation(
        "ask_for_association", "Ask for a new association", body=RequestInput, answer=AssociationOut, status=201,
        example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """A draft. Founders are asked to agree by themselves; sending it to the school is another operation."""
        body = dict(call.body)
        founders = pairs(body.pop("founders"))
        made = requests.start_request(actor=call.actor, founders=founders, now=call.now, **body)
        call.created(reverse("associations_api:association", args=[made.pk]))
        return shown(call, made.pk)


class AssociationView(ApiView):
    tag = TAG

    @operation("get_association", "One association", answer=AssociationOut, versioned=True)
    def get(self, call: Call, association_id: UUID) -> Any:
        """Or the request for one, for its founders and those who oversee."""
        return shown(call, association_id)

    @operation(
        "update_association", "Change an association", body=AssociationChange, answer=AssociationOut, versioned=True,
        refusals=(409,), example={"joining": "free"},
    )  # fmt: skip
    def patch(self, call: Call, association_id: UUID) -> Any:
        """Legal details that change are read by the school at the next renewal."""
        return _changed(call, association_id, life.edit_association)


def _asked(call: Call, association_id: UUID) -> Association:
    """A request as a founder sees it, or whoever oversees."""
    requests.get_request(**facts(call, association_id))
    return shown(call, association_id)


class RequestView(ApiView):
    tag = TAG

    @operation("get_association_request", "One request", answer=RequestOut, versioned=True)
    def get(self, call: Call, association_id: UUID) -> Any:
        """With its founders: what changing it, or them, must be based on."""
        return _asked(call, association_id)

    @operation(
        "update_association_request", "Change a request", body=AssociationInput, answer=RequestOut, versioned=True,
        refusals=(409,),
    )  # fmt: skip
    def put(self, call: Call, association_id: UUID) -> Any:
        """By a founder, while it is a draft or the school asked for changes."""
        seen = partial(_asked, call, association_id)
        seen()
        with call.unchanged(seen, row(Association, association_id)):
            requests.change_request(**facts(call, association_id), **call.body)
        return seen()

    @operation(
        "withdraw_association_request", "Withdraw a request", status=204, thing=RequestOut, versioned=True,
        refusals=(409,),
    )  # fmt: skip
    def delete(self, call: Call, association_id: UUID) -> None:
        """By a founder. The draft and what was said about it are deleted."""
        seen = partial(_asked, call, association_id)
        seen()
        with call.unchanged(seen, row(Association, association_id)):
            requests.withdraw_request(**facts(call, association_id))


class FoundersView(ApiView):
    tag = TAG

    @operation("list_founders", "Founders of a request", query=Paging, answer=page_type(FounderOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """Who is named, and who agreed."""
        found = requests.get_request(**facts(call, association_id))
        return page_of(found.founders.all(), call.query, ("named_at", "id"))

    @operation(
        "name_founders", "Name the founders", body=FoundersInput, answer=RequestOut, versioned=True, refusals=(409,),
        example={"founders": [{"email": "camille@school.example", "office": "president"}]},
    )  # fmt: skip
    def put(self, call: Call, association_id: UUID) -> Any:
        """Exactly these. Who is named anew, or for another office, is asked to agree. The version is that of the
        request (`get_association_request`).
        """
        seen = partial(_asked, call, association_id)
        seen()
        with call.unchanged(seen, row(Association, association_id)):
            requests.change_request(**facts(call, association_id), founders=pairs(call.body["founders"]))
        return seen()


class FoundingView(ApiView):
    tag = TAG

    @operation("answer_founding", "Agree to be a founder, or decline", body=Answer, answer=FounderOut)
    def post(self, call: Call, association_id: UUID) -> Founder:
        """For oneself only."""
        return requests.answer_founding(**facts(call, association_id), agree=call.body["agree"])


class EligibilityView(ApiView):
    tag = TAG

    @operation("get_eligibility", "What the rules of the school say now", answer=ChecksOut)
    def get(self, call: Call, association_id: UUID) -> Any:
        """Of a request or an association: worked out at this moment, never stored."""
        association = shown(call, association_id)
        if association.is_request:
            checks = requests.checks_of(association, call.now, all_accepted=True)
        else:
            looks.enter(actor=call.actor, association=association, what="workspace", now=call.now)
            day = selectors.today_at(association, call.now)
            checks = eligibility.of_associations([association], {association.pk: day})[association.pk]
        return {"sentence": eligibility.sentence(checks), "checks": checks}


class SubmissionView(ApiView):
    tag = TAG

    @operation("submit_association", "Send a request to the school", answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Refused with a sentence that says what is missing. Twice changes nothing."""
        requests.submit_request(**facts(call, association_id))
        return shown(call, association_id)


class CommentsView(ApiView):
    tag = TAG

    @operation("comment_on_association", "Comment on a request", body=Words, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """By its founders and those who decide."""
        requests.comment(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class ChangesView(ApiView):
    tag = TAG

    @operation("request_association_changes", "Ask the founders for changes", body=Words, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """The founders may change the request again. Twice changes nothing."""
        requests.request_changes(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class RefusalView(ApiView):
    tag = TAG

    @operation("refuse_association", "Refuse a request", body=Words, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """With a reason that the founders read. Twice changes nothing."""
        requests.refuse_request(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class ApprovalView(ApiView):
    tag = TAG

    @operation("approve_association", "Approve a request", body=Approval, answer=AssociationOut, example=TERM)
    def post(self, call: Call, association_id: UUID) -> Any:
        """The founders become members; those named for an office hold it on these days. Twice changes nothing."""
        requests.approve_request(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class FreezeView(ApiView):
    tag = TAG

    @operation("freeze_association", "Freeze an association", body=Why, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Its board may look and change nothing. Twice changes nothing."""
        life.freeze(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class UnfreezingView(ApiView):
    tag = TAG

    @operation("unfreeze_association", "Lift the freezing", body=Reason, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Twice changes nothing."""
        life.unfreeze(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class DormancyView(ApiView):
    tag = TAG

    @operation("rest_association", "Make an association dormant", body=Why, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Not listed, takes nobody in. Twice changes nothing."""
        life.make_dormant(**facts(call, association_id), **call.body)
        return shown(call, association_id)


class WakingView(ApiView):
    tag = TAG

    @operation("wake_association", "Wake a dormant association", answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Twice changes nothing."""
        life.wake(**facts(call, association_id))
        return shown(call, association_id)


class FarewellView(ApiView):
    tag = TAG

    @operation("tell_association_members", "Tell the members that their association ends", answer=Told)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Each is told once, however often it is asked for."""
        return {"members": life.send_farewell(**facts(call, association_id))}


class DissolutionView(ApiView):
    tag = TAG

    @operation("dissolve_association", "Dissolve an association", body=Why, answer=AssociationOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Refused with what has to be done first. Twice changes nothing."""
        life.dissolve(**facts(call, association_id), **call.body)
        return shown(call, association_id)


def _changed(call: Call, association_id: UUID, service: Any) -> Association:
    seen = partial(shown, call, association_id)
    seen()
    with call.unchanged(seen, row(Association, association_id)):
        service(**facts(call, association_id), **call.body)
    return seen()


associations = api_requires(ASSOCIATIONS_VIEW, post=ASSOCIATIONS_ASK)(AssociationsView)
association = api_requires(ASSOCIATIONS_VIEW, patch=EDIT)(AssociationView)
request = api_requires(ASSOCIATIONS_VIEW)(RequestView)
founders = api_requires(ASSOCIATIONS_VIEW)(FoundersView)
founding = api_requires(ASSOCIATIONS_VIEW)(FoundingView)
eligibility_now = api_requires(ASSOCIATIONS_VIEW)(EligibilityView)
submission = api_requires(ASSOCIATIONS_VIEW)(SubmissionView)
comments = api_requires(ASSOCIATIONS_VIEW)(CommentsView)
changes = api_requires(ASSOCIATIONS_DECIDE)(ChangesView)
refusal = api_requires(ASSOCIATIONS_DECIDE)(RefusalView)
approval = api_requires(ASSOCIATIONS_DECIDE)(ApprovalView)
freeze = api_requires(ASSOCIATIONS_DECIDE)(FreezeView)
unfreezing = api_requires(ASSOCIATIONS_DECIDE)(UnfreezingView)
dormancy = api_requires(ASSOCIATIONS_DECIDE)(DormancyView)
waking = api_requires(ASSOCIATIONS_DECIDE)(WakingView)
farewell = api_requires(ASSOCIATIONS_DECIDE)(FarewellView)
dissolution = api_requires(ASSOCIATIONS_DECIDE)(DissolutionView)
