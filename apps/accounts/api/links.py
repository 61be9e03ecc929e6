"""For whoever holds a mailed link: accepting an invitation, a new password. What is asked tells nothing of accounts."""

from typing import Any

from rest_framework import serializers

from apps.core.api.doors import ApiView, api_public
from apps.core.api.fields import Output
from apps.core.api.operations import Call, operation

from ..services import invitations, passwords
from ..services.limits import ASK_AGAIN, LINK_ADDRESS
from .shapes import Acceptance, Address, LinkToken, NewPassword, Person

TAG = "Invitations and passwords"


class Asked(Output):
    """The same for every address."""

    status = serializers.ChoiceField(["accepted"])


ASKED = {"status": "accepted"}


class AcceptView(ApiView):
    tag = TAG

    @operation("accept_invitation", "Accept an invitation", body=Acceptance, answer=Person, refusals=(404, 410))
    def post(self, call: Call) -> Any:
        """Sets the password and opens the account; sign in with it then. The link works once, for 48 hours."""
        LINK_ADDRESS.spend(call.request.META["REMOTE_ADDR"])
        return invitations.accept_with_password(actor=call.actor, **call.body, now=call.now)


class AskAgainView(ApiView):
    tag = TAG

    @operation("renew_invitation", "Ask for a new link", body=LinkToken, answer=Asked, status=202, refusals=(404, 410))
    def post(self, call: Call) -> Any:
        """Whoever holds an expired link has a new one sent, to the invited address only."""
        LINK_ADDRESS.spend(call.request.META["REMOTE_ADDR"])
        ASK_AGAIN.spend(call.body["token"])
        invitations.ask_again(actor=call.actor, token=call.body["token"], now=call.now)
        return ASKED


class ForgottenView(ApiView):
    tag = TAG

    @operation("request_password_reset", "Forgotten password", body=Address, answer=Asked, status=202, refusals=(503,))
    def post(self, call: Call) -> Any:
        """A link goes to the address if it is one of an account. The answer is the same for every address."""
        passwords.require_offered()
        address = call.request.META["REMOTE_ADDR"]
        passwords.request_reset(actor=call.actor, email=call.body["email"], address=address, now=call.now)
        return ASKED


class ResetView(ApiView):
    tag = TAG

    @operation("reset_password", "Set a new password by a mailed link", body=NewPassword, status=204, refusals=(410,))
    def post(self, call: Call) -> None:
        """Every session ends; sign in with the new password then. The link works once, for an hour."""
        LINK_ADDRESS.spend(call.request.META["REMOTE_ADDR"])
        passwords.reset(actor=call.actor, **call.body, now=call.now)


accept = api_public("the token of the mailed link is its holder's proof")(AcceptView)
ask_again = api_public("an expired link only makes a new one go to the invited address")(AskAgainView)
forgotten = api_public("somebody who forgot the password is not signed in")(ForgottenView)
reset = api_public("the link that was mailed is its holder's proof")(ResetView)
