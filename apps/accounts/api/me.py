"""The caller's own account: who they are, their profile, password and sessions."""

from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash

from apps.core.actor import Actor
from apps.core.api.doors import ApiView, api_public
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible
from apps.core.permissions import require_oneself

from ..models import User
from ..selectors import own_id, sessions_of
from ..services import lifecycle, passwords, profile
from . import calls
from .shapes import Ended, Me, OwnPassword, OwnProfile, Paging, SessionOut, SessionsQuery

TAG = "Your own account"
NEWEST = ("-last_seen_at", "-id")


def oneself(call: Call) -> Actor:
    """The person behind the call. Raises NotAuthenticated, NotWhileActing, NotVisible (a machine has no account)."""
    actor = call.require_signed_in()
    require_oneself(actor)
    own_id(actor)
    return actor


class MeView(ApiView):
    tag = TAG

    @operation("get_me", "Who you are", answer=Me, versioned=True)
    def get(self, call: Call) -> Any:
        """The caller, what they may do, and which parts of their profile they may change."""
        call.require_signed_in()
        return calls.me(call)

    @operation(
        "update_me",
        "Change your profile",
        body=OwnProfile,
        answer=Me,
        versioned=True,
        refusals=(404, 409),
        example={"language": "fr"},
    )
    def patch(self, call: Call) -> Any:
        """Only the fields that are sent change. What the school keeps to its directory is refused with 409
        `names-from-directory`; a machine has no profile (404).
        """
        actor, values = oneself(call), dict(call.body)
        with call.unchanged(lambda: calls.me(call), row(User, own_id(actor))):
            language = values.pop("language", None)
            if values:
                profile.change_profile(actor=actor, values=values)
            if language:
                profile.change_language(actor=actor, language=language)
        return calls.me(call)


class OwnPasswordView(ApiView):
    tag = TAG

    @operation("change_my_password", "Change your password", body=OwnPassword, status=204, refusals=(404,))
    def post(self, call: Call) -> None:
        """Every other session ends; the one of this request goes on."""
        actor = oneself(call)
        if actor.session_id is None:
            raise NotVisible
        user = passwords.change(actor=actor, keep_session=actor.session_id, now=call.now, **call.body)
        if call.request.session.row is not None:  # a browser: Django compares its session with the password
            update_session_auth_hash(call.request, user)


class OwnSessionsView(ApiView):
    tag = TAG

    @operation("list_my_sessions", "Your sessions", query=Paging, answer=page_type(SessionOut), refusals=(404,))
    def get(self, call: Call) -> Any:
        """The browsers and programs you are signed in with, the latest first."""
        return page_of(sessions_of(own_id(oneself(call)), call.now), call.query, NEWEST)

    @operation("end_my_sessions", "End your sessions", query=SessionsQuery, answer=Ended, refusals=(404,))
    def delete(self, call: Call) -> Any:
        """All of them, or all but the one of this request."""
        actor = oneself(call)
        if call.query["keep_current"] and actor.session_id:
            return {"ended": lifecycle.end_own_sessions(actor, keep=actor.session_id, now=call.now)}
        return {"ended": lifecycle.end_sessions(actor, [own_id(actor)])}


class OwnSessionView(ApiView):
    tag = TAG

    @operation("end_my_session", "End one of your sessions", status=204)
    def delete(self, call: Call, session_id: UUID) -> None:
        """One that has ended, or is not there, changes nothing."""
        lifecycle.end_session(oneself(call), session_id)


me = api_public("everybody may ask who they are; a visitor is told to sign in")(MeView)
own_password = api_public("everybody who is signed in changes their own password")(OwnPasswordView)
own_sessions = api_public("everybody who is signed in sees and ends their own sessions")(OwnSessionsView)
own_session = api_public("everybody who is signed in ends their own sessions")(OwnSessionView)
