"""One person: change, disable, delete, restore, groups."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import control
from sandbox.microsoft import sessions
from sandbox.microsoft.directory import GLOBAL_ADMINISTRATOR, Organisation, now_text
from sandbox.pages.doing import Form, act, organisation_of, page
from sandbox.state import State

EDITED = (
    "givenName",
    "surname",
    "displayName",
    "mail",
    "userPrincipalName",
    "department",
    "jobTitle",
    "officeLocation",
)


def address(organisation: Organisation, id_: str) -> str:
    return f"/organisations/{organisation.tid}/people/{id_}"


@page
def show(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    organisation = organisation_of(request)
    person = organisation.person(request.path_params["id"])
    mine = [group for id_, group in organisation.groups.items() if person["id"] in organisation.members[id_]]
    return "person.html", {
        "organisation": organisation,
        "person": person,
        "edited": EDITED,
        "admin": organisation.is_admin(person["id"]),
        "sessions": sessions.of_person(state, organisation.tid, person["id"]),
        "mine": mine,
        "others": [group for group in organisation.groups.values() if group not in mine],
    }


@act
def add(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation = organisation_of(request)
    common = {name: form[name] for name in ("domain", "department") if form.get(name)}
    wanted = {"count": int(form.get("count") or 1), "common": common, "group": form.get("group") or None}
    if not 1 <= wanted["count"] <= 100_000:
        raise ValueError("Between 1 and 100,000 people at once.")
    if form.get("givenName") or form.get("surname"):
        person = {name: form[name] for name in ("givenName", "surname", "mail") if form.get(name)}
        wanted |= {"count": 0, "people": [person], "common": {}}
    made = control.add_people(organisation, wanted)
    if len(made) == 1:
        return address(organisation, made[0]["id"]), f"{made[0]['displayName']} was added."
    return f"/organisations/{organisation.tid}", f"{len(made):,} people were added."


@act
def change(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation, id_ = organisation_of(request), request.path_params["id"]
    before = organisation.person(id_)
    fields: dict[str, Any] = {
        name: form[name] or None for name in EDITED if name in form and form[name] != (before.get(name) or "")
    }
    if fields.get("userPrincipalName", "x") is None or fields.get("displayName", "x") is None:
        raise ValueError("A person needs a display name and a user principal name.")
    fields |= {"accountEnabled": "accountEnabled" in form, "userType": "Guest" if "guest" in form else "Member"}
    fields["roles"] = [GLOBAL_ADMINISTRATOR] if "admin" in form else []
    person = organisation.change_person(id_, **fields)
    return address(organisation, id_), f"{person['displayName']} was saved."


@act
def switch(request: Request, state: State, form: Form) -> tuple[str, str]:
    """Disable, enable, delete, restore; back to where the button was."""
    organisation, id_ = organisation_of(request), request.path_params["id"]
    name, what = organisation.person(id_)["displayName"], form.get("what", "")
    back = form.get("back") or address(organisation, id_)
    if what in ("disable", "enable"):
        organisation.change_person(id_, accountEnabled=what == "enable")
    elif what == "revoke":
        organisation.change_person(id_, signInSessionsValidFromDateTime=now_text())
    elif what == "delete":
        organisation.delete_person(id_)
    elif what == "restore":
        organisation.restore_person(id_)
    elif what == "forever":
        organisation.delete_person(id_, forever=True)
        back = f"/organisations/{organisation.tid}"
    else:
        raise ValueError(f"A person cannot be {what!r}.")
    said = {
        "revoke": "signed out everywhere",
        "disable": "disabled",
        "enable": "enabled",
        "restore": "restored",
        "forever": "deleted for good",
    }
    return back, f"{name} was {said.get(what, 'deleted')}."


@act
def groups(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation, id_ = organisation_of(request), request.path_params["id"]
    group = organisation.group(form.get("group", ""))
    if form.get("what") == "leave":
        organisation.change_members(group["id"], remove=[id_])
        return address(organisation, id_), f"No longer in {group['displayName']}."
    organisation.change_members(group["id"], add=[id_])
    return address(organisation, id_), f"Now in {group['displayName']}."


ONE = "/organisations/{tid}/people/{id}"
routes = [
    Route("/organisations/{tid}/people", add, methods=["POST"]),
    Route(ONE, show),
    Route(f"{ONE}/change", change, methods=["POST"]),
    Route(f"{ONE}/switch", switch, methods=["POST"]),
    Route(f"{ONE}/groups", groups, methods=["POST"]),
]
