"""Schools, for superadmins on the platform's host: the same services as in Django's admin."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from .. import selectors
from ..models import School
from ..permissions import CHANGE_SCHOOL, CHANGE_STATUS, CREATE_SCHOOL, INVITE_OWNER, VIEW_SCHOOLS
from ..services import details, lifecycle, provisioning
from .shapes import NewOrg, OrgChange, OrgOfPlatform, OrgQuery, Why

TAG = "Organisations"
BY_NAME = ("name", "id")


def columns(sent: dict[str, Any]) -> dict[str, Any]:
    return {("locale" if name == "language" else name): value for name, value in sent.items()}


class OrgsView(ApiView):
    tag = TAG

    @operation("list_orgs", "Schools", query=OrgQuery, answer=page_type(OrgOfPlatform))
    def get(self, call: Call) -> Any:
        """Every school, by name."""
        found = selectors.find_schools(actor=call.actor, words=call.query["q"], status=call.query.get("status", ""))
        return page_of(found, call.query, BY_NAME)

    @operation(
        "create_org",
        "Create a school",
        body=NewOrg,
        answer=OrgOfPlatform,
        status=201,
        refusals=(503,),
        example={"slug": "lumiere", "name": "École Lumière", "owner_email": "direction@lumiere.example"},
    )
    def post(self, call: Call) -> Any:
        """Its tables, base data and the invitation of its first owner. The same again finishes what was begun and
        changes nothing when all is done.
        """
        school = provisioning.provision_school(actor=call.actor, now=call.now, **columns(call.body))
        call.created(reverse("tenants_api:org", args=[school.pk]))
        return school


class OrgView(ApiView):
    tag = TAG

    @operation("get_org", "One school", answer=OrgOfPlatform, versioned=True)
    def get(self, call: Call, org_id: UUID) -> Any:
        """Never its data."""
        return selectors.get_school(actor=call.actor, school_id=org_id)

    @operation(
        "update_org",
        "Change a school",
        body=OrgChange,
        answer=OrgOfPlatform,
        versioned=True,
        example={"plan": "campus"},
    )
    def patch(self, call: Call, org_id: UUID) -> Any:
        """Only the fields that are sent change."""
        shown = partial(selectors.get_school, actor=call.actor, school_id=org_id)
        shown()
        with call.unchanged(shown, row(School, org_id)):
            details.change_school(actor=call.actor, school_id=org_id, values=columns(call.body))
        return shown()

    @operation(
        "delete_org", "Cancel a school", query=Why, status=204, thing=OrgOfPlatform, versioned=True, refusals=(409,)
    )
    def delete(self, call: Call, org_id: UUID) -> None:
        """Nobody of the school can sign in any more. Its data stays; nothing is purged by this."""
        shown = partial(selectors.get_school, actor=call.actor, school_id=org_id)
        shown()
        with call.unchanged(shown, row(School, org_id)):
            lifecycle.cancel(actor=call.actor, school_id=org_id, reason=call.query["reason"], now=call.now)


class SuspensionView(ApiView):
    tag = TAG

    @operation("suspend_org", "Suspend a school", body=Why, answer=OrgOfPlatform, example={"reason": "Not paid"})
    def post(self, call: Call, org_id: UUID) -> Any:
        """Nobody of the school can sign in until it is resumed; the data stays. Twice changes nothing."""
        return lifecycle.suspend(actor=call.actor, school_id=org_id, reason=call.body["reason"], now=call.now)


class ResumptionView(ApiView):
    tag = TAG

    @operation("resume_org", "Resume a school", body=Why, answer=OrgOfPlatform, example={"reason": "Paid"})
    def post(self, call: Call, org_id: UUID) -> Any:
        """It opens again as it was before it was suspended."""
        return lifecycle.resume(actor=call.actor, school_id=org_id, reason=call.body["reason"], now=call.now)


class OwnerInvitationView(ApiView):
    tag = TAG

    @operation("resend_owner_invitation", "Invite the first owner again", answer=OrgOfPlatform)
    def post(self, call: Call, org_id: UUID) -> Any:
        """A new link, good for 48 hours; the one before stops working."""
        return lifecycle.resend_invitation(actor=call.actor, school_id=org_id, now=call.now)


orgs = api_requires(VIEW_SCHOOLS, post=CREATE_SCHOOL)(OrgsView)
org = api_requires(VIEW_SCHOOLS, patch=CHANGE_SCHOOL, delete=CHANGE_STATUS)(OrgView)
suspension = api_requires(CHANGE_STATUS)(SuspensionView)
resumption = api_requires(CHANGE_STATUS)(ResumptionView)
owner_invitation = api_requires(INVITE_OWNER)(OwnerInvitationView)
