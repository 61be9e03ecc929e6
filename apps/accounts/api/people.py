"""What somebody else's account has: the roles they were given, the sessions they have."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.actor import Role
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Reason
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible

from ..models import Grant
from ..permissions import ROLES_GRANT, ROLES_VIEW, SECOND_FACTOR_RESET, SESSIONS_END
from ..selectors import get_person, grants_of, sessions_of
from ..services import lifecycle, roles
from . import calls
from .shapes import Ended, Give, GrantOut, Paging, SessionOut

TAG = "People"
IN_ORDER, NEWEST = ("granted_at", "id"), ("-last_seen_at", "-id")


class RolesView(ApiView):
    tag = TAG

    @operation("list_user_roles", "Roles given to a person", query=Paging, answer=page_type(GrantOut))
    def get(self, call: Call, user_id: UUID) -> Any:
        """In the order in which they were given. What follows from a campus membership stands with the membership."""
        get_person(call.actor, user_id)
        return page_of(grants_of(user_id), call.query, IN_ORDER)

    @operation(
        "give_role", "Give a role", body=Give, answer=GrantOut, status=201, example={"role": "auditor", "note": "2027"}
    )
    def post(self, call: Call, user_id: UUID) -> Any:
        """Only what you hold yourself, and never to yourself. Given again, its period and note change."""
        sent = call.body
        get_person(call.actor, user_id)
        made = roles.grant_role(
            actor=call.actor,
            user_id=user_id,
            role=Role(sent["role"]),
            custom_role_id=sent["custom_role_id"],
            scope=calls.scope_of(sent),
            starts_on=sent["starts_on"],
            ends_on=sent["ends_on"],
            note=sent["note"],
            now=call.now,
        )
        call.created(reverse("accounts_api:user_role", args=[user_id, made.pk]))
        return made


class RoleView(ApiView):
    tag = TAG

    @operation("get_user_role", "One role given to a person", answer=GrantOut, versioned=True)
    def get(self, call: Call, user_id: UUID, grant_id: UUID) -> Any:
        """Who gave it, when, and for how long."""
        return self._grant(call, user_id, grant_id)

    @operation(
        "take_role_back", "Take a role back", query=Reason, status=204, thing=GrantOut, versioned=True, refusals=(409,)
    )
    def delete(self, call: Call, user_id: UUID, grant_id: UUID) -> None:
        """A school keeps one owner who can sign in (409 `last-owner`)."""
        shown = partial(self._grant, call, user_id, grant_id)
        shown()
        with call.unchanged(shown, row(Grant, grant_id)):
            roles.revoke_role(actor=call.actor, grant_id=grant_id, reason=call.query["reason"], now=call.now)

    @staticmethod
    def _grant(call: Call, user_id: UUID, grant_id: UUID) -> Any:
        get_person(call.actor, user_id)
        grant = grants_of(user_id).filter(pk=grant_id).first()
        if grant is None:
            raise NotVisible
        return grant


class SessionsView(ApiView):
    tag = TAG

    @operation("list_user_sessions", "Sessions of a person", query=Paging, answer=page_type(SessionOut))
    def get(self, call: Call, user_id: UUID) -> Any:
        """The browsers and programs a person is signed in with, the latest first."""
        person = get_person(call.actor, user_id)
        SESSIONS_END.require(call.actor, person)
        return page_of(sessions_of(user_id, call.now), call.query, NEWEST)

    @operation("end_user_sessions", "Sign a person out everywhere", query=Reason, answer=Ended)
    def delete(self, call: Call, user_id: UUID) -> Any:
        """Every session ends at once; the person may sign in again."""
        get_person(call.actor, user_id)
        return {"ended": lifecycle.end_sessions(call.actor, [user_id], call.query["reason"])}


class SecondFactorView(ApiView):
    tag = TAG

    @operation("reset_second_factor", "Take somebody's second step away", body=Reason, status=204)
    def post(self, call: Call, user_id: UUID) -> None:
        """For a person who lost theirs: every factor goes, every session ends, the person is told by mail."""
        get_person(call.actor, user_id)
        lifecycle.reset_second_factor(call.actor, user_id, call.body["reason"], now=call.now)


class SessionView(ApiView):
    tag = TAG

    @operation("end_user_session", "End one session of a person", status=204)
    def delete(self, call: Call, user_id: UUID, session_id: UUID) -> None:
        """One that has ended changes nothing."""
        get_person(call.actor, user_id)
        if not sessions_of(user_id, call.now).filter(pk=session_id).exists():
            return
        lifecycle.end_session(call.actor, session_id)


user_roles = api_requires(ROLES_VIEW, post=ROLES_GRANT)(RolesView)
user_role = api_requires(ROLES_VIEW, delete=ROLES_GRANT)(RoleView)
user_sessions = api_requires(SESSIONS_END)(SessionsView)
second_factor = api_requires(SECOND_FACTOR_RESET)(SecondFactorView)
user_session = api_requires(SESSIONS_END)(SessionView)
