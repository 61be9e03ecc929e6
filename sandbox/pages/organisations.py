"""All organisations, and one of them: settings, people, groups."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import control
from sandbox.microsoft.directory import DIRECTORY_PERMISSIONS
from sandbox.pages.doing import Form, act, organisation_of, page
from sandbox.state import CLIENT_ID, State

PEOPLE_SHOWN = 60
PERMISSIONS = [
    "GroupMember.Read.All",
    "User.Read.All",
    "User.ReadBasic.All",
    "Organization.Read.All",
    "Directory.Read.All",
]


@page
def home(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    summaries = [control.summary(organisation) for organisation in state.organisations.values()]
    waiting = [fault for fault in state.faults.queue if not fault.spent]
    return "home.html", {"organisations": summaries, "client_id": CLIENT_ID, "waiting": waiting}


@act
def reset(request: Request, state: State, form: Form) -> tuple[str, str]:
    control.reset(state, form.get("seed", "demo"))
    return "/", "Everything is as at the beginning." if form.get("seed") != "empty" else "Everything is gone."


@act
def add(request: Request, state: State, form: Form) -> tuple[str, str]:
    if not form.get("name"):
        raise ValueError("An organisation needs a name.")
    given = {name: form[name] for name in ("name", "domain", "tid", "city") if form.get(name)}
    made = control.add_organisation(state, given | {"consented": "consented" in form})
    return f"/organisations/{made.tid}", f"{made.name} was added."


@page
def show(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    organisation = organisation_of(request)
    search = request.query_params.get("search", "")
    deleted = "deleted" in request.query_params
    found = organisation.search_people(search, PEOPLE_SHOWN + 1, deleted=deleted)
    if deleted:
        found = [
            person for person in organisation.search_people(search, 10**6, deleted=True) if person["deletedDateTime"]
        ]
    return "organisation.html", {
        "organisation": organisation,
        "search": search,
        "deleted": deleted,
        "people": found[:PEOPLE_SHOWN],
        "more": len(found) > PEOPLE_SHOWN,
        "groups": [control.group_summary(organisation, group) for group in organisation.groups.values()],
        "granted": organisation.consents.get(CLIENT_ID),
        "permissions": PERMISSIONS,
    }


@act
def change(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation = organisation_of(request)
    settings = {name: form[name] for name in ("name", "domain", "city") if form.get(name)}
    size = int(form.get("page_size") or organisation.page_size)
    control.change_settings(organisation, settings | {"page_size": size, "shuffle": "shuffle" in form})
    return f"/organisations/{organisation.tid}", "The settings were saved."


@act
def consent(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation = organisation_of(request)
    chosen = [name for name in PERMISSIONS if name in form]
    organisation.consents.pop(CLIENT_ID, None)
    if "given" in form:
        organisation.consents[CLIENT_ID] = chosen or list(DIRECTORY_PERMISSIONS)
    said = "The app may read this." if "given" in form else "The consent was taken away."
    return f"/organisations/{organisation.tid}", said


@act
def remove(request: Request, state: State, form: Form) -> tuple[str, str]:
    organisation = organisation_of(request)
    del state.organisations[organisation.tid]
    return "/", f"{organisation.name} was removed."


routes = [
    Route("/", home),
    Route("/reset", reset, methods=["POST"]),
    Route("/organisations", add, methods=["POST"]),
    Route("/organisations/{tid}", show),
    Route("/organisations/{tid}/settings", change, methods=["POST"]),
    Route("/organisations/{tid}/consent", consent, methods=["POST"]),
    Route("/organisations/{tid}/remove", remove, methods=["POST"]),
]
