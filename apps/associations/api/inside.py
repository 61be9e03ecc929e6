"""Boards, members and renewals of associations."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging, Reason
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible

from .. import selectors
from ..models import Association, Office, RenewalCampaign
from ..permissions import (
    APPOINT,
    ASSOCIATIONS_DECIDE,
    ASSOCIATIONS_VIEW,
    MEMBERS_MANAGE,
    RENEWALS_MANAGE,
    WORKSPACE,
)
from ..services import board, looks, members, renewals
from .associations import facts, shown
from .shapes import (
    CampaignInput,
    CampaignOut,
    JoinInput,
    MandateInput,
    MandateOut,
    MemberInput,
    MemberOut,
    MemberQuery,
    OfficeChange,
    OfficeInput,
    OfficeOut,
    Reminded,
    RenewalOut,
    Why,
)

BOARDS, MEMBERS, RENEWALS = "Boards of associations", "Members of associations", "Renewals of associations"


def entered(call: Call, association_id: UUID, what: str) -> Association:
    """Of the board, or of the school, whose look is written down."""
    association = shown(call, association_id)
    looks.enter(actor=call.actor, association=association, what=what, now=call.now)
    return association


# --- boards ----------------------------------------------------------------------------------------------


class OfficesView(ApiView):
    tag = BOARDS

    @operation("list_offices", "Offices of an association", query=Paging, answer=page_type(OfficeOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """Also those that are not in use any more."""
        association = entered(call, association_id, "board")
        return page_of(association.offices.all(), call.query, ("position", "id"))

    @operation(
        "define_office", "Add an office", body=OfficeInput, answer=OfficeOut, status=201, refusals=(404,),
        example={"name": "Events", "permissions": ["associations.workspace"]},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """Its permissions are some that you hold at this association."""
        made = board.define_office(**facts(call, association_id), **call.body)
        call.created(reverse("associations_api:office", args=[made.pk]))
        return made


class OfficeView(ApiView):
    tag = BOARDS

    @operation("get_office", "One office", answer=OfficeOut, versioned=True)
    def get(self, call: Call, office_id: UUID) -> Any:
        """What it allows its holder."""
        return _office(call, office_id)

    @operation(
        "update_office", "Change an office", body=OfficeChange, answer=OfficeOut, versioned=True, refusals=(409,),
        example={"permissions": ["associations.workspace"]},
    )  # fmt: skip
    def patch(self, call: Call, office_id: UUID) -> Any:
        """Who holds it has the new permissions at once. What is added must be yours to give."""
        seen = partial(_office, call, office_id)
        seen()
        with call.unchanged(seen, row(Office, office_id)):
            known = seen()
            values = {"name": known.title, "permissions": known.permissions, "confirms": known.confirms, **call.body}
            board.change_office(actor=call.actor, office_id=office_id, now=call.now, **values)
        return seen()

    @operation("archive_office", "Use an office no more", status=204, thing=OfficeOut, versioned=True, refusals=(409,))
    def delete(self, call: Call, office_id: UUID) -> None:
        """Once nobody holds it. Twice changes nothing."""
        seen = partial(_office, call, office_id)
        seen()
        with call.unchanged(seen, row(Office, office_id)):
            board.archive_office(actor=call.actor, office_id=office_id, now=call.now)


class MandatesView(ApiView):
    tag = BOARDS

    @operation("list_mandates", "Mandates of an association", query=Paging, answer=page_type(MandateOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """Past, present and coming, in the order in which they begin."""
        rows = selectors.mandates_of(entered(call, association_id, "board"))
        return page_of(rows, call.query, ("starts_on", "id"))

    @operation(
        "appoint", "Appoint somebody to an office", body=MandateInput, answer=MandateOut, status=201, refusals=(404,),
        example={
            "office_id": "018f3b5e-0000-7000-8000-000000000000", "email": "camille@school.example",
            "starts_on": "2026-09-01", "ends_on": "2027-09-01",
        },
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """Its rights begin and end with these days. Nobody appoints themselves."""
        association = shown(call, association_id)
        if not association.offices.filter(pk=call.body["office_id"]).exists():
            raise NotVisible
        made = board.appoint(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("associations_api:mandates", args=[association_id]))
        return made


class MandateEndView(ApiView):
    tag = BOARDS

    @operation("end_mandate", "End a mandate today", body=Why, answer=MandateOut)
    def post(self, call: Call, mandate_id: UUID) -> Any:
        """Its rights are gone at once. Your own, or one that is yours to give. Twice changes nothing."""
        return board.end_mandate(actor=call.actor, mandate_id=mandate_id, now=call.now, **call.body)


def _office(call: Call, office_id: UUID) -> Office:
    found = Office.objects.filter(pk=office_id).first()
    if found is None:
        raise NotVisible
    entered(call, found.association_id, "board")
    return found


# --- members ---------------------------------------------------------------------------------------------


class MembersView(ApiView):
    tag = MEMBERS

    @operation("list_members", "Members of an association", query=MemberQuery, answer=page_type(MemberOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """Those of one state, in the order in which they came."""
        association = entered(call, association_id, "members")
        rows = selectors.members_of(association, search=call.query["q"], state=call.query["state"])
        return page_of(rows, call.query, ("asked_at", "id"))

    @operation(
        "add_member", "Add somebody to an association", body=MemberInput, answer=MemberOut, status=201,
        refusals=(404,), example={"email": "camille@school.example"},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """Somebody active in the school. Who is a member stays as they are."""
        made = members.add_member(**facts(call, association_id), **call.body)
        call.created(reverse("associations_api:members", args=[association_id]))
        return made


class JoiningView(ApiView):
    tag = MEMBERS

    @operation("join_association", "Join, or ask to", body=JoinInput, answer=MemberOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """For oneself. Twice changes nothing."""
        return members.join(**facts(call, association_id), **call.body)


class LeavingView(ApiView):
    tag = MEMBERS

    @operation("leave_association", "Leave, or take a request back", answer=MemberOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """For oneself. Twice changes nothing."""
        return members.leave(**facts(call, association_id))


class AdmissionView(ApiView):
    tag = MEMBERS

    @operation("admit_member", "Admit somebody who asked", answer=MemberOut)
    def post(self, call: Call, membership_id: UUID) -> Any:
        """Twice changes nothing."""
        return members.admit(actor=call.actor, membership_id=membership_id, now=call.now)


class MemberRefusalView(ApiView):
    tag = MEMBERS

    @operation("refuse_member", "Do not admit somebody who asked", answer=MemberOut)
    def post(self, call: Call, membership_id: UUID) -> Any:
        """They may ask again. Twice changes nothing."""
        return members.refuse(actor=call.actor, membership_id=membership_id, now=call.now)


class RemovalView(ApiView):
    tag = MEMBERS

    @operation("remove_member", "End a membership of an association", body=Reason, answer=MemberOut)
    def post(self, call: Call, membership_id: UUID) -> Any:
        """Not of who holds an office. Twice changes nothing."""
        return members.remove(actor=call.actor, membership_id=membership_id, now=call.now, **call.body)


# --- renewals --------------------------------------------------------------------------------------------


class CampaignsView(ApiView):
    tag = RENEWALS

    @operation("list_renewal_campaigns", "Campaigns", query=Paging, answer=page_type(CampaignOut))
    def get(self, call: Call) -> Any:
        """The latest first."""
        RENEWALS_MANAGE.require(call.actor)
        return page_of(selectors.campaigns(), call.query, ("-started_at", "-id"))

    @operation(
        "start_renewal_campaign", "Start a campaign", body=CampaignInput, answer=CampaignOut, status=201,
        example={"name": "2026-2027", "deadline": "2026-11-30"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """Every active association is asked, its officers are written to. The same name again changes nothing."""
        made = renewals.start_campaign(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("associations_api:renewals", args=[made.pk]))
        return selectors.campaigns().get(pk=made.pk)


class RenewalsView(ApiView):
    tag = RENEWALS

    @operation("list_renewals", "Renewals of a campaign", query=Paging, answer=page_type(RenewalOut))
    def get(self, call: Call, campaign_id: UUID) -> Any:
        """One for each association that was active when it began."""
        campaign = RenewalCampaign.objects.filter(pk=campaign_id).first()
        if campaign is None:
            raise NotVisible
        return page_of(selectors.renewals_of(campaign), call.query, ("id",))


class ConfirmationView(ApiView):
    tag = RENEWALS

    @operation("confirm_renewal", "Confirm that an association goes on", answer=RenewalOut)
    def post(self, call: Call, renewal_id: UUID) -> Any:
        """By an officer whose office confirms. Twice changes nothing."""
        return renewals.confirm(actor=call.actor, renewal_id=renewal_id, now=call.now)


class ReminderView(ApiView):
    tag = RENEWALS

    @operation("remind_officers", "Remind the officers who are missing", answer=Reminded)
    def post(self, call: Call, renewal_id: UUID) -> Any:
        """Only them, and each once a day at most."""
        sent, already = renewals.remind(actor=call.actor, renewal_id=renewal_id, now=call.now)
        return {"sent": sent, "already": already}


class RenewalApprovalView(ApiView):
    tag = RENEWALS

    @operation("approve_renewal", "Approve changed legal details", answer=RenewalOut)
    def post(self, call: Call, renewal_id: UUID) -> Any:
        """Once every officer confirmed. Twice changes nothing."""
        return renewals.approve_changes(actor=call.actor, renewal_id=renewal_id, now=call.now)


class OverrideView(ApiView):
    tag = RENEWALS

    @operation("override_renewal", "Renew without the missing confirmations", body=Why, answer=RenewalOut)
    def post(self, call: Call, renewal_id: UUID) -> Any:
        """With a reason. Twice changes nothing."""
        return renewals.override(actor=call.actor, renewal_id=renewal_id, now=call.now, **call.body)


offices = api_requires(WORKSPACE, post=APPOINT)(OfficesView)
office = api_requires(WORKSPACE, patch=APPOINT, delete=APPOINT)(OfficeView)
mandates = api_requires(WORKSPACE, post=APPOINT)(MandatesView)
mandate_end = api_requires(ASSOCIATIONS_VIEW)(MandateEndView)
members_list = api_requires(WORKSPACE, post=MEMBERS_MANAGE)(MembersView)
joining = api_requires(ASSOCIATIONS_VIEW)(JoiningView)
leaving = api_requires(ASSOCIATIONS_VIEW)(LeavingView)
admission = api_requires(MEMBERS_MANAGE)(AdmissionView)
refusal = api_requires(MEMBERS_MANAGE)(MemberRefusalView)
removal = api_requires(MEMBERS_MANAGE)(RemovalView)
campaigns = api_requires(RENEWALS_MANAGE)(CampaignsView)
campaign_renewals = api_requires(RENEWALS_MANAGE)(RenewalsView)
confirmation = api_requires(ASSOCIATIONS_VIEW)(ConfirmationView)
reminder = api_requires(WORKSPACE)(ReminderView)
renewal_approval = api_requires(ASSOCIATIONS_DECIDE)(RenewalApprovalView)
override = api_requires(ASSOCIATIONS_DECIDE)(OverrideView)
