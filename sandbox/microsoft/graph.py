"""Graph v1.0: organisation, people, groups and their members."""

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.microsoft.directory import Organisation
from sandbox.microsoft.errors import GraphError, graph_error_body
from sandbox.microsoft.faults import BREAKS, Page, Trouble, spoil
from sandbox.microsoft.oidc import AccessToken
from sandbox.microsoft.paging import Cursor, Reading, followed, link, ordered, page_size, wrong_address
from sandbox.microsoft.query import Item, bad, filtered, searched, selected, sorting
from sandbox.microsoft.tokens import pairwise_subject
from sandbox.microsoft.trouble import BrokenResponse, graph_error_of, note, plain_answer, take
from sandbox.portraits import portrait
from sandbox.state import State

USER_READ = {"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
USER_BASIC = USER_READ | {"User.ReadBasic.All"}
GROUP_READ = {
    "GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
    "GroupMember.ReadBasic.All", "Group.ReadBasic.All",
}  # fmt: skip
ORGANIZATION_READ = {
    "Organization.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "User.Read",
}
BASIC_PROPERTIES = {"id", "displayName", "givenName", "surname", "mail", "userPrincipalName"}
METADATA = "https://graph.microsoft.com/v1.0/$metadata#"


@dataclass
class Call:
    """One accepted request: who asks, of which organisation, and what trouble is due."""

    request: Request
    state: State
    access: AccessToken
    organisation: Organisation
    operation: str
    trouble: Trouble

    @property
    def query(self) -> Any:
        return self.request.query_params

    @property
    def eventual(self) -> bool:
        return self.request.headers.get("consistencylevel", "").lower() == "eventual"

    @property
    def permissions(self) -> set[str]:
        """What the app may do now; for a person's token, what it was given."""
        if self.access.oid:
            return set(self.access.permissions)
        return set(self.organisation.consents.get(self.access.client_id, ()))

    def require(self, any_of: set[str]) -> None:
        if not self.permissions & any_of:
            raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


@dataclass
class Paged:
    """A page that the endpoint decorator completes with links and spoils with faults."""

    cursor: Cursor
    items: Callable[[Cursor], list[Item]]
    body: dict[str, Any]
    word: str = "$skiptoken"


Answer = dict[str, Any] | Response | Paged
Handler = Callable[[Call], Awaitable[Answer]]


# -- the door ---------------------------------------------------------------------------------------------


def _authenticated(request: Request, state: State) -> AccessToken:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    access = state.access_tokens.get(token) if scheme.lower() == "bearer" else None
    if not token:
        raise _unauthenticated("Access token is empty.")
    if access is None or access.tid not in state.organisations:
        raise _unauthenticated("Access token validation failure. Invalid audience or signature.")
    if access.dead or access.expires <= state.now():
        raise _unauthenticated("Lifetime validation failed, the token is expired.")
    return access


def _unauthenticated(message: str) -> GraphError:
    return GraphError(401, "InvalidAuthenticationToken", message, {"www-authenticate": 'Bearer realm=""'})


def _page_number(request: Request, state: State) -> int:
    ticket = request.query_params.get("$skiptoken", "")
    cursor = state.links.get(ticket) if ticket else None
    return cursor.number if isinstance(cursor, Cursor) else 1


def endpoint(operation: str) -> Callable[[Handler], Callable[[Request], Awaitable[Response]]]:
    """Bearer check, faults, error bodies, ids in headers: the same for every address."""

    def decorate(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def wrapped(request: Request) -> Response:
            ids = {"request-id": str(uuid.uuid4())}
            ids["client-request-id"] = request.headers.get("client-request-id", ids["request-id"])
            try:
                response = await _answer(request, operation, handler)
            except GraphError as error:
                response = JSONResponse(graph_error_body(error, ids), error.status, headers=error.headers)
            if not isinstance(response, BrokenResponse):
                response.headers.update(ids | {"x-ms-resource-unit": "1"})
            return response

        return wrapped

    return decorate


async def _answer(request: Request, operation: str, handler: Handler) -> Response:
    state: State = request.app.state.sandbox
    note(request, operation=operation)
    access = _authenticated(request, state)
    number = _page_number(request, state)
    trouble = take(request, access.tid, operation, number)
    await asyncio.sleep(trouble.seconds)
    fault = trouble.answer
    if fault and fault.kind not in BREAKS:
        if fault.kind == "token_expired":
            access.dead = True
        error = graph_error_of(fault, f"{state.graph_url}{_restart(request)}", access.tid)
        if error:
            raise error
        return plain_answer(fault) or JSONResponse({}, 500)
    call = Call(request, state, access, state.organisations[access.tid], operation, trouble)
    answer = await handler(call)
    if isinstance(answer, Paged):
        answer = _completed(call, answer)
    response = (
        answer if isinstance(answer, Response) else JSONResponse(answer, media_type="application/json; charset=utf-8")
    )
    return BrokenResponse(response, fault.kind) if fault else response


def _restart(request: Request) -> str:
    """Where a client starts again after a 410."""
    path = request.url.path.removeprefix("/graph/v1.0")
    return f"{path}?$deltatoken=" if path.endswith("/delta") else path


def _completed(call: Call, paged: Paged) -> dict[str, Any]:
    cursor, state = paged.cursor, call.state
    body = paged.body | {"value": paged.items(cursor)}
    if not cursor.last:
        body = paged.body | {
            "@odata.nextLink": link(state, cursor.at(cursor.number + 1), paged.word),
            "value": body["value"],
        }
        body.pop("@odata.deltaLink", None)
    page = Page(
        body,
        cursor.number,
        link(state, cursor, paged.word),
        lambda number: link(state, cursor.at(number), paged.word),
        lambda: paged.items(cursor.at(cursor.number - 1)) if cursor.number > 1 else [],
        lambda address, how: wrong_address(state, address, how),
    )
    spoil(page, call.trouble.changes)
    return page.body


# -- organisation and people ------------------------------------------------------------------------------


@endpoint("organization")
async def organization(call: Call) -> Answer:
    call.require(ORGANIZATION_READ)
    organisation = call.organisation
    domains = sorted({person["userPrincipalName"].rsplit("@", 1)[1] for person in organisation.people.values()})
    value = {
        "id": organisation.tid,
        "displayName": organisation.name,
        "tenantType": "AAD",
        "countryLetterCode": "FR",
        "city": organisation.city,
        "preferredLanguage": "fr",
        "createdDateTime": "2019-06-03T09:00:00Z",
        "verifiedDomains": [
            {"name": domain, "isDefault": domain == organisation.domain, "isInitial": False, "type": "Managed"}
            for domain in ([organisation.domain] + [d for d in domains if d != organisation.domain])
        ],
    }
    return {"@odata.context": f"{METADATA}organization", "value": [value]}


def shown_person(call: Call, person: Item, select: tuple[str, ...], *, typed: bool = False) -> Item:
    """A person as far as the permissions let see: with too few, only the id and the type."""
    head: Item = {"@odata.type": "#microsoft.graph.user"} if typed else {}
    permissions = call.permissions
    if permissions & USER_READ:
        return head | {name: person.get(name) for name in select}
    allowed = BASIC_PROPERTIES if permissions & USER_BASIC else {"id"}
    head = head or ({} if allowed is BASIC_PROPERTIES else {"@odata.type": "#microsoft.graph.user"})
    return head | {name: person.get(name) if name in allowed else None for name in select}


def shown_group(group: Item, select: tuple[str, ...], *, typed: bool = False) -> Item:
    head: Item = {"@odata.type": "#microsoft.graph.group"} if typed else {}
    return head | {name: group.get(name) for name in select if name != "members"}


@endpoint("me")
async def me(call: Call) -> Answer:
    if not call.access.oid:
        raise bad("/me request is only valid with delegated authentication flow.", "BadRequest")
    person = call.organisation.people[call.access.oid]
    names = selected("user", call.query.get("$select"))
    return {"@odata.context": f"{METADATA}users/$entity"} | {name: person.get(name) for name in names}


@endpoint("userinfo")
async def userinfo(call: Call) -> Answer:
    """The OpenID Connect address: less than the ID token says, as at Microsoft (no oid, no tid)."""
    if not call.access.oid:
        raise bad("userinfo is only valid with delegated authentication flow.", "BadRequest")
    person = call.organisation.people[call.access.oid]
    subject = pairwise_subject(call.access.client_id, call.organisation.tid, person["id"])
    names = {"name": "displayName", "given_name": "givenName", "family_name": "surname", "email": "mail"}
    return {"sub": subject} | {claim: person[name] for claim, name in names.items()}


def _listing(call: Call, kind: str, path: str, show: Callable[[Item, tuple[str, ...]], Item]) -> Answer:
    """One of the two great lists, filtered and sorted once, at its first page."""
    things = call.organisation.people if kind == "user" else call.organisation.groups
    if ticket := call.query.get("$skiptoken"):
        cursor = followed(call.state, ticket, call.operation, call.organisation.tid)
    else:
        cursor = Cursor(_first_listing(call, kind, path))
    reading = cursor.reading

    def items(at: Cursor) -> list[Item]:
        return [
            show(thing, reading.extra["select"])
            for id_ in at.ids
            if (thing := things.get(id_)) and not thing["deletedDateTime"]
        ]

    body: dict[str, Any] = {"@odata.context": f"{METADATA}{kind}s"}
    if reading.extra["count"] and cursor.number == 1:
        body["@odata.count"] = len(reading.ids)
    return Paged(cursor, items, body)


def _first_listing(call: Call, kind: str, path: str) -> Reading:
    organisation, query = call.organisation, call.query
    keep = filtered(kind, query.get("$filter"))
    find = searched(query.get("$search"), eventual=call.eventual)
    size = page_size(organisation, query.get("$top"))
    select = selected(kind, query.get("$select"))
    things = organisation.people if kind == "user" else organisation.groups
    found = [thing for thing in things.values() if not thing["deletedDateTime"] and keep(thing) and find(thing)]
    if order := sorting(query.get("$orderby"), kind):
        found.sort(key=lambda thing: str(thing.get(order[0]) or "").lower(), reverse=order[1])
    ids = ordered(call.state, organisation, tuple(thing["id"] for thing in found))
    count = query.get("$count") == "true" and call.eventual
    return Reading(call.operation, organisation.tid, path, ids, size, {"select": select, "count": count})


@endpoint("users")
async def users(call: Call) -> Answer:
    call.require(USER_BASIC)
    return _listing(call, "user", "/users", lambda person, select: shown_person(call, person, select))


@endpoint("user")
async def user(call: Call) -> Answer:
    call.require(USER_BASIC)
    person = call.organisation.find_person(call.request.path_params["id"])
    if person is None:
        raise _no_resource(call.request.path_params["id"])
    select = selected("user", call.query.get("$select"))
    return {"@odata.context": f"{METADATA}users/$entity"} | shown_person(call, person, select)


PHOTO_READ = USER_READ | {"ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All"}


def _photo_of(call: Call) -> bytes:
    call.require(PHOTO_READ)
    person = call.organisation.find_person(call.request.path_params["id"])
    if person is None:
        raise _no_resource(call.request.path_params["id"])
    photo = call.organisation.photos.get(person["id"])
    if photo is None:
        raise GraphError(404, "ImageNotFound", "Exception of type 'Microsoft.Fast.Profile.Core.Exception' was thrown.")
    return bytes.fromhex(photo) if photo else portrait(person["id"])


def _etag_of(photo: bytes) -> str:
    return f'W/"{hashlib.sha256(photo).hexdigest()[:32]}"'


@endpoint("photo")
async def photo(call: Call) -> Answer:
    """What is known of a photo: its mark changes with it."""
    data = _photo_of(call)
    return {
        "@odata.context": f"{METADATA}users('{call.request.path_params['id']}')/photo/$entity",
        "@odata.mediaContentType": "image/jpeg",
        "@odata.mediaEtag": _etag_of(data),
        "id": "240X240",
        "height": 240,
        "width": 240,
    }


@endpoint("photo_value")
async def photo_value(call: Call) -> Answer:
    data = _photo_of(call)
    return Response(data, media_type="image/jpeg", headers={"etag": _etag_of(data)})


@endpoint("users_count")
async def users_count(call: Call) -> Answer:
    call.require(USER_BASIC)
    return _count(call, len(call.organisation.living()))


@endpoint("groups")
async def groups(call: Call) -> Answer:
    call.require(GROUP_READ)
    return _listing(call, "group", "/groups", shown_group)


@endpoint("groups_count")
async def groups_count(call: Call) -> Answer:
    call.require(GROUP_READ)
    return _count(call, len(call.organisation.groups))


def _no_resource(id_: str) -> GraphError:
    message = f"Resource '{id_}' does not exist or one of its queried reference-property objects are not present."
    return GraphError(404, "Request_ResourceNotFound", message)


def _the_group(call: Call) -> Item:
    call.require(GROUP_READ)
    group = call.organisation.groups.get(call.request.path_params["id"])
    if group is None:
        raise _no_resource(call.request.path_params["id"])
    return group


@endpoint("group")
async def group(call: Call) -> Answer:
    shown = shown_group(_the_group(call), selected("group", call.query.get("$select")))
    return {"@odata.context": f"{METADATA}groups/$entity"} | shown


# -- members ----------------------------------------------------------------------------------------------


def _count(call: Call, number: int) -> Response:
    if not call.eventual:
        raise bad("$count is not currently supported.", "Request_BadRequest")
    for fault in call.trouble.changes:
        if fault.kind == "wrong_count":
            number += int(fault.number("by", -1))
    return PlainTextResponse(str(number))


def _member_ids(call: Call, reach: str, *, cast: bool) -> tuple[str, ...]:
    id_ = _the_group(call)["id"]
    if cast:
        if not call.eventual:
            raise bad("The specified cast needs the header 'ConsistencyLevel: eventual'.")
        return call.organisation.users_of(id_, reach)
    return call.organisation.direct(id_) if reach == "direct" else call.organisation.transitive(id_)


def _members(call: Call, reach: str, *, cast: bool) -> Answer:
    if ticket := call.query.get("$skiptoken"):
        _the_group(call)
        cursor = followed(call.state, ticket, call.operation, call.organisation.tid)
    else:
        cursor = Cursor(_first_members(call, reach, cast=cast))
    reading = cursor.reading

    def items(at: Cursor) -> list[Item]:
        shown = (_shown_member(call, id_, reading.extra["select"], typed=not cast) for id_ in at.ids)
        return [item for item in shown if item is not None]

    body: dict[str, Any] = {"@odata.context": f"{METADATA}{'users' if cast else 'directoryObjects'}"}
    if reading.extra["count"] and cursor.number == 1:
        body["@odata.count"] = len(reading.ids)
    return Paged(cursor, items, body)


def _first_members(call: Call, reach: str, *, cast: bool) -> Reading:
    query = call.query
    ids = _member_ids(call, reach, cast=cast)
    select = selected("user", query.get("$select"))
    if text := query.get("$filter"):
        if not call.eventual:
            raise bad("$filter on members needs the header 'ConsistencyLevel: eventual'.")
        keep = filtered("user", text)
        ids = tuple(id_ for id_ in ids if keep(call.organisation.people.get(id_, {})))
    # Later pages live at the same resource in its other spelling: a client that rebuilds addresses is found out.
    word = "members" if reach == "direct" else "transitiveMembers"
    path = f"/groups('{call.request.path_params['id']}')/{word}{'/microsoft.graph.user' if cast else ''}"
    size = page_size(call.organisation, query.get("$top"))
    count = query.get("$count") == "true" and call.eventual
    ids = ordered(call.state, call.organisation, ids)
    return Reading(call.operation, call.organisation.tid, path, ids, size, {"select": select, "count": count})


def _shown_member(call: Call, id_: str, select: tuple[str, ...], *, typed: bool) -> Item | None:
    """None for someone who has gone since the first page."""
    organisation = call.organisation
    if person := organisation.people.get(id_):
        return None if person["deletedDateTime"] else shown_person(call, person, select, typed=typed)
    if nested := organisation.groups.get(id_):
        return {"@odata.type": "#microsoft.graph.group", "id": id_, "displayName": nested["displayName"]}
    if device := organisation.devices.get(id_):
        return {"@odata.type": "#microsoft.graph.device", "id": id_, "displayName": device["displayName"]}
    return None


@endpoint("members")
async def members(call: Call) -> Answer:
    return _members(call, "direct", cast=False)


@endpoint("members")
async def member_users(call: Call) -> Answer:
    return _members(call, "direct", cast=True)


@endpoint("transitive_members")
async def transitive_members(call: Call) -> Answer:
    return _members(call, "transitive", cast=False)


@endpoint("transitive_members")
async def transitive_member_users(call: Call) -> Answer:
    return _members(call, "transitive", cast=True)


@endpoint("nested_groups")
async def nested_groups(call: Call) -> Answer:
    """The groups inside a group, however deep: the cast to microsoft.graph.group."""
    if not call.eventual:
        raise bad("The specified cast needs the header 'ConsistencyLevel: eventual'.")
    if ticket := call.query.get("$skiptoken"):
        cursor = followed(call.state, ticket, call.operation, call.organisation.tid)
    else:
        group, organisation = _the_group(call), call.organisation
        ids = tuple(id_ for id_ in organisation.transitive(group["id"]) if organisation.kind(id_) == "group")
        path = f"/groups('{group['id']}')/transitiveMembers/microsoft.graph.group"
        select = selected("group", call.query.get("$select"))
        size = page_size(organisation, call.query.get("$top"))
        cursor = Cursor(Reading(call.operation, organisation.tid, path, ids, size, {"select": select}))

    def items(at: Cursor) -> list[Item]:
        known = call.organisation.groups
        return [shown_group(known[id_], at.reading.extra["select"]) for id_ in at.ids if id_ in known]

    return Paged(cursor, items, {"@odata.context": f"{METADATA}groups"})


def counting(reach: str, *, cast: bool) -> Callable[[Request], Awaitable[Response]]:
    @endpoint("members_count")
    async def members_count(call: Call) -> Answer:
        return _count(call, len(_member_ids(call, reach, cast=cast)))

    return members_count
