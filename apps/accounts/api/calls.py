"""What several operations about people need."""

from typing import Any

from apps.core.actor import SCHOOL, Role, Scope
from apps.core.permissions import REGISTRY

from .. import selectors
from ..services import invitations, profile
from ..wording import name_of_held


def scope_of(sent: dict[str, Any]) -> Scope:
    return Scope(sent["scope_kind"], sent["scope_id"]) if sent["scope_id"] else SCHOOL


def invited(call: Any) -> Any:
    """Invite as the page does; the invitation."""
    sent = call.body
    return invitations.invite(
        actor=call.actor,
        email=sent["email"],
        role=Role(sent["role"]),
        custom_role_id=sent["custom_role_id"],
        scope=scope_of(sent),
        given_name=sent["given_name"],
        family_name=sent["family_name"],
        language=sent["language"],
        now=call.now,
    )


def me(call: Any) -> dict[str, Any]:
    """The caller, as they are shown to themselves."""
    actor = call.actor
    names = selectors.places() if call.request.school else {}
    roles = [
        {
            "role": held.role.value,
            "name": str(name_of_held(held)),
            "scope_kind": held.scope.kind,
            "scope_id": held.scope.id,
            "place": selectors.place_name(held.scope, names),
        }
        for held in actor.held
    ]
    codes = sorted(one.code for one in REGISTRY.values() if one.allows(actor))
    return {**_person(call), "roles": roles, "permissions": codes}


def _person(call: Any) -> dict[str, Any]:
    names = ("given_name", "family_name", "department", "job_title")
    if call.actor.user_id is None:
        nobody = dict.fromkeys(("email", "status", "language", *names), "")
        return {"kind": "machine", "id": None, "name": call.actor.label, "editable": [], **nobody}
    user = selectors.get_person(call.actor, selectors.own_id(call.actor))
    shown = {name: getattr(user, name) for name in ("id", "name", "email", "status", *names)}
    editable = ["language", *profile.editable_columns(user)]
    return {"kind": "person", "language": user.locale, "editable": editable, **shown}
