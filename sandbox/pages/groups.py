"""One group and its members."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.microsoft.directory import Organisation, Refused, slug
from sandbox.pages.doing import Form, act, organisation_of, page
from sandbox.state import State

SHOWN = 100


def address(organisation: Organisation, id_: str) -> str:
    return f"/organisations/{organisation.tid}/groups/{id_}"


def _members(organisation: Organisation, ids: tuple[str, ...], search: str) -> list[dict[str, Any]]:
    """Name, kind and address of each member that matches."""
    found = []
    for id_ in ids:
        thing = organisation.people.get(id_) or organisation.groups.get(id_) or organisation.devices[id_]
        if slug(search) in slug(f"{thing['displayName']} {thing.get('mail') or ''}"):
            found.append({"kind": organisation.kind(id_), **thing})
    return found


@page
def show(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    organisation = organisation_of(request)
    group = organisation.group(request.path_params["id"])
    search = request.query_params.get("search", "")
    members = _members(organisation, organisation.direct(group["id"]), search)
    parents = [other for id_, other in organisation.groups.items() if group["id"] in organisation.members[id_]]
    return "group.html", {
        "organisation": organisation,
        "group": group,
        "search": search,
        "members": members[:SHOWN],
        "found": len(members),
        "users": len(organisation.users_of(group["id"], "transitive")),
        "direct": len(organisation.direct(group["id"])),
        "parents": parents,
        "others": [other for other in organisation.groups.values() if other["id"] != group["id"]],
    }


@act
def add(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation = organisation_of(request)
    if not form.get("displayName"):
        raise ValueError("A group needs a name.")
    group = organisation.add_group(form["displayName"])
    return address(organisation, group["id"]), f"{group['displayName']} was added."


@act
def change(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation, id_ = organisation_of(request), request.path_params["id"]
    if form.get("what") == "delete":
        organisation.delete_group(id_)
        return f"/organisations/{organisation.tid}", "The group was deleted."
    if not form.get("displayName"):
        raise ValueError("A group needs a name.")
    organisation.change_group(id_, displayName=form["displayName"], description=form.get("description") or None)
    return address(organisation, id_), "The group was saved."


@act
def members(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation, id_ = organisation_of(request), request.path_params["id"]
    if remove := form.get("remove"):
        organisation.change_members(id_, remove=[remove])
        return address(organisation, id_), "One member less."
    if nested := form.get("nested"):
        organisation.change_members(id_, add=[nested])
        return address(organisation, id_), "The group is now a member."
    person = organisation.find_person(form.get("person", ""))
    if person is None:
        raise Refused(f"Nobody in {organisation.name} has the address or id {form.get('person', '')!r}.")
    organisation.change_members(id_, add=[person["id"]])
    return address(organisation, id_), f"{person['displayName']} is now a member."


ONE = "/organisations/{tid}/groups/{id}"
routes = [
    Route("/organisations/{tid}/groups", add, methods=["POST"]),
    Route(ONE, show),
    Route(f"{ONE}/change", change, methods=["POST"]),
    Route(f"{ONE}/members", members, methods=["POST"]),
]
