"""The site of an association, for programs of its board."""

from functools import partial
from typing import Any
from uuid import UUID

from apps.associations.models import Association
from apps.associations.permissions import EDIT
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.operations import Call, operation
from apps.core.api.versions import row

from .. import selectors
from ..models import Site
from ..services import editing
from .shapes import SiteChange, SiteOut

TAG = "Associations"


def _site(call: Call, association_id: UUID) -> Site:
    return selectors.editable(actor=call.actor, association_id=association_id, now=call.now)[1]


class SiteView(ApiView):
    tag = TAG

    @operation("get_association_site", "Site of an association", answer=SiteOut, versioned=True)
    def get(self, call: Call, association_id: UUID) -> Any:
        """Empty until its board writes something."""
        return _site(call, association_id)

    @operation(
        "update_association_site", "Write the site of an association", body=SiteChange, answer=SiteOut, versioned=True,
        refusals=(409,),
    )  # fmt: skip
    def patch(self, call: Call, association_id: UUID) -> Any:
        """Only the fields that are sent change; a published site shows it at once."""
        shown = partial(_site, call, association_id)
        shown()
        with call.unchanged(shown, row(Association, association_id)):
            editing.save_site(
                actor=call.actor, association_id=association_id, version=shown().version, fields=call.body, now=call.now
            )
        return shown()


class PublishingView(ApiView):
    tag = TAG

    @operation("publish_association_site", "Publish the site", answer=SiteOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Whoever the visibility of the association names reads it. Twice changes nothing."""
        _site(call, association_id)
        return editing.publish_site(actor=call.actor, association_id=association_id, now=call.now)


class WithdrawalView(ApiView):
    tag = TAG

    @operation("withdraw_association_site", "Withdraw the site", answer=SiteOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Only the board reads it any more. Twice changes nothing."""
        _site(call, association_id)
        editing.withdraw_site(actor=call.actor, association_id=association_id, now=call.now)
        return _site(call, association_id)


site = api_requires(EDIT)(SiteView)
publishing = api_requires(EDIT)(PublishingView)
withdrawal = api_requires(EDIT)(WithdrawalView)
