"""Documents of associations, and who sees how much of their money."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.associations.permissions import ASSOCIATIONS_OVERSEE, ASSOCIATIONS_VIEW
from apps.associations.selectors import get_association
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.money.sight import Level

from .. import selectors
from ..models import DocumentKind
from ..permissions import DOCUMENTS_POLICY, DOCUMENTS_REVIEW
from ..services import asking, kinds, reading, reviewing, sight
from .shapes import (
    LEVELS,
    Adopted,
    AskedOut,
    DocumentAcceptance,
    DocumentComment,
    DocumentKindChange,
    DocumentKindInput,
    DocumentKindOut,
    DocumentsWanted,
    DocumentVersionOut,
    MoneyLookInput,
    MoneyLookOut,
    SightInput,
    SightsOut,
    StandingsOut,
)

TAG = "Documents"


class KindsView(ApiView):
    tag = TAG

    @operation("list_document_kinds", "Kinds of documents", query=Paging, answer=page_type(DocumentKindOut))
    def get(self, call: Call) -> Any:
        """What the school asks of its associations, without what it archived."""
        return page_of(selectors.kinds(), call.query, ("position", "id"))

    @operation(
        "define_document_kind", "Define a kind of document", body=DocumentKindInput, answer=DocumentKindOut,
        status=201, example={"name": "Rapport moral", "renewed": "yearly"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """At the end of the list."""
        made = kinds.define_kind(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("documents_api:kind", args=[made.pk]))
        return made


class UsualView(ApiView):
    tag = TAG

    @operation("adopt_usual_document_kinds", "Start from the usual list", answer=Adopted)
    def post(self, call: Call) -> Any:
        """What is there already stays as it is."""
        return {"added": kinds.adopt_usual(actor=call.actor, now=call.now)}


class KindView(ApiView):
    tag = TAG

    @operation("get_document_kind", "One kind of document", answer=DocumentKindOut, versioned=True)
    def get(self, call: Call, kind_id: UUID) -> Any:
        """Archived or not."""
        return kinds.get_kind(actor=call.actor, kind_id=kind_id)

    @operation(
        "update_document_kind", "Change a kind of document", body=DocumentKindChange, answer=DocumentKindOut,
        versioned=True, example={"is_required": False},
    )  # fmt: skip
    def put(self, call: Call, kind_id: UUID) -> Any:
        """The fields that are sent. What was accepted keeps the day until which it counts."""
        shown = partial(kinds.get_kind, actor=call.actor, kind_id=kind_id)
        shown()
        with call.unchanged(shown, row(DocumentKind, kind_id)):
            kinds.change_kind(actor=call.actor, kind_id=kind_id, now=call.now, **call.body)
        return shown()


class KindArchiveView(ApiView):
    tag = TAG

    @operation("archive_document_kind", "Archive a kind of document", answer=DocumentKindOut)
    def post(self, call: Call, kind_id: UUID) -> Any:
        """Nobody is asked for it any more. Twice changes nothing."""
        return kinds.archive_kind(actor=call.actor, kind_id=kind_id, now=call.now)


class AssociationDocumentsView(ApiView):
    tag = TAG

    @operation("list_association_documents", "Documents of an association", answer=StandingsOut)
    def get(self, call: Call, association_id: UUID) -> Any:
        """As they are today at its seat, with every version. A look of the school is written down."""
        association = get_association(actor=call.actor, association_id=association_id, now=call.now)
        reading.enter(actor=call.actor, association=association, now=call.now)
        return {"documents": selectors.standings(association, call.now)}


class AcceptanceView(ApiView):
    tag = TAG

    @operation("accept_document", "Accept a document", body=DocumentAcceptance, answer=DocumentVersionOut)
    def post(self, call: Call, version_id: UUID) -> Any:
        """The newest version. Twice changes nothing."""
        return reviewing.accept(actor=call.actor, version_id=version_id, now=call.now, **call.body)


class DocumentChangesView(ApiView):
    tag = TAG

    @operation("ask_document_changes", "Ask for changes of a document", body=DocumentComment, answer=DocumentVersionOut)
    def post(self, call: Call, version_id: UUID) -> Any:
        """With what has to change: the board reads it. Twice changes nothing."""
        return reviewing.ask_changes(actor=call.actor, version_id=version_id, now=call.now, **call.body)


class AskingView(ApiView):
    tag = TAG

    @operation(
        "ask_for_documents", "Ask associations for documents", body=DocumentsWanted, answer=AskedOut, refusals=(404,)
    )
    def post(self, call: Call) -> Any:
        """Up to 200 associations at once; boards are told once. What is asked for already stays as it is."""
        return {"asked": asking.ask(actor=call.actor, now=call.now, **call.body)}


class SightView(ApiView):
    tag = TAG

    @operation("list_money_sights", "Who sees how much of associations' money", answer=SightsOut, versioned=True)
    def get(self, call: Call) -> Any:
        """At once, and after giving a reason."""
        return _sights()

    @operation("change_money_sight", "Choose what a role sees", body=SightInput, answer=SightsOut, versioned=True)
    def put(self, call: Call) -> Any:
        """Of the money of associations. Narrowing it ends looks that are open."""
        body = call.body
        with call.unchanged(_sights, sight.hold_rules):
            sight.change_rule(
                actor=call.actor, role=body["role"], level=LEVELS[body["level"]],
                with_reason=LEVELS[body["with_reason"]], now=call.now,
            )  # fmt: skip
        return _sights()


class MoneyLookView(ApiView):
    tag = TAG

    @operation("open_association_money", "See more of an association's money", body=MoneyLookInput, answer=MoneyLookOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """For an hour, with a reason that its board reads. For people, not for machines."""
        level = LEVELS[call.body["level"]]
        return sight.open_money(
            actor=call.actor, association_id=association_id, level=level, reason=call.body["reason"], now=call.now
        )


def _sights() -> dict[str, Any]:
    def name(level: int) -> str:
        return Level(level).name.lower()

    return {
        "roles": [
            {"role": str(role), "level": name(rule.level), "with_reason": name(rule.with_reason)}
            for role, rule in sight.rules().items()
        ]
    }


kind_list = api_requires(DOCUMENTS_REVIEW, post=DOCUMENTS_POLICY)(KindsView)
usual = api_requires(DOCUMENTS_POLICY)(UsualView)
kind = api_requires(DOCUMENTS_POLICY)(KindView)
kind_archive = api_requires(DOCUMENTS_POLICY)(KindArchiveView)
association_documents = api_requires(ASSOCIATIONS_VIEW)(AssociationDocumentsView)
acceptance = api_requires(DOCUMENTS_REVIEW)(AcceptanceView)
changes = api_requires(DOCUMENTS_REVIEW)(DocumentChangesView)
asking_many = api_requires(DOCUMENTS_REVIEW)(AskingView)
sights = api_requires(DOCUMENTS_POLICY)(SightView)
money_look = api_requires(ASSOCIATIONS_OVERSEE)(MoneyLookView)
