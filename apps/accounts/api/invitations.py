"""For those who invite: the list, a new one, again, no more."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from ..models import Invitation
from ..permissions import PEOPLE_INVITE
from ..selectors import get_invitation, invitations_in_state
from ..services import invitations
from . import calls
from .shapes import InvitationOut, InvitationQuery, Invite

TAG = "Invitations and passwords"
NEWEST = ("-created_at", "-id")
EXAMPLE = {"email": "camille@school.example", "given_name": "Camille", "role": "auditor"}


class InvitationsView(ApiView):
    tag = TAG

    @operation("list_invitations", "Invitations", query=InvitationQuery, answer=page_type(InvitationOut))
    def get(self, call: Call) -> Any:
        """Those of your places, the newest first."""
        found = invitations_in_state(call.actor, call.query.get("state", ""))
        return page_of(found, call.query, NEWEST)

    @operation("invite", "Invite somebody", body=Invite, answer=InvitationOut, status=201, example=EXAMPLE)
    def post(self, call: Call) -> Any:
        """Makes a pending account and mails a link that is good once, for 48 hours. Inviting a pending person again
        replaces the earlier link. An address that has an account is refused with 409 `already-here`.
        """
        made = calls.invited(call)
        call.created(reverse("accounts_api:invitation", args=[made.pk]))
        return made


class InvitationView(ApiView):
    tag = TAG

    @operation("get_invitation", "One invitation", answer=InvitationOut, versioned=True)
    def get(self, call: Call, invitation_id: UUID) -> Any:
        """Its state follows from `accepted_at`, `revoked_at` and `expires_at`."""
        return get_invitation(call.actor, invitation_id)

    @operation(
        "revoke_invitation", "Revoke an invitation", status=204, thing=InvitationOut, versioned=True,
        refusals=(409, 410),
    )  # fmt: skip
    def delete(self, call: Call, invitation_id: UUID) -> None:
        """Its link opens nothing any more. Twice changes nothing; an accepted one stays accepted (410)."""
        shown = partial(get_invitation, call.actor, invitation_id)
        shown()
        with call.unchanged(shown, row(Invitation, invitation_id)):
            invitations.revoke(actor=call.actor, invitation_id=invitation_id, now=call.now)


class ResendView(ApiView):
    tag = TAG

    @operation("resend_invitation", "Send a new link", answer=InvitationOut, refusals=(410,))
    def post(self, call: Call, invitation_id: UUID) -> Any:
        """Good for another 48 hours; the earlier link stops working."""
        return invitations.resend(actor=call.actor, invitation_id=invitation_id, now=call.now)


invitation_list = api_requires(PEOPLE_INVITE)(InvitationsView)
invitation = api_requires(PEOPLE_INVITE)(InvitationView)
resend = api_requires(PEOPLE_INVITE)(ResendView)
