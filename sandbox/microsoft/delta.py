"""Delta queries: everything once, then what the journal says since the last link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.microsoft.directory import Change, Organisation
from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.graph import (
    GROUP_READ,
    METADATA,
    USER_BASIC,
    Answer,
    Call,
    Paged,
    endpoint,
    shown_group,
    shown_person,
)
from sandbox.microsoft.paging import Cursor, Reading, followed
from sandbox.microsoft.query import Item, bad, filtered, selected

ITEMS_PER_PAGE = 200
MEMBERS_PER_ITEM = 200  # a larger group comes in several parts, over several pages


@dataclass(frozen=True)
class Point:
    """What a deltaLink remembers."""

    operation: str
    tid: str
    seen: int  # lines of the journal
    select: tuple[str, ...]
    only: str | None


def _gone(call: Call) -> GraphError:
    path = call.request.url.path.removeprefix("/graph/v1.0")
    return GraphError(
        410, "resyncRequired", "Resync required.", {"location": f"{call.state.graph_url}{path}?$deltatoken="}
    )


def _refuse_unsupported(call: Call) -> None:
    for name in ("$top", "$orderby", "$expand", "$search"):
        if name in call.query:
            raise bad(f"The query parameter '{name}' is not supported in delta queries.", "Request_BadRequest")


def _delta(
    call: Call, kind: str, first: Callable[[Point], list[Item]], later: Callable[[Point, list[Change]], list[Item]]
) -> Answer:
    """A first round, a later round, or a further page of either."""
    _refuse_unsupported(call)
    if ticket := call.query.get("$skiptoken"):
        cursor = followed(call.state, ticket, call.operation, call.organisation.tid)
    else:
        cursor = Cursor(_round(call, kind, first, later))
    point = cursor.reading.extra["next"]
    link = (
        f"{call.state.graph_url}/{kind}s/delta?$deltatoken={call.state.links.issue('dLtA', point)}"
        if cursor.last
        else ""
    )
    body = {"@odata.context": f"{METADATA}{kind}s(delta)", "@odata.deltaLink": link}
    return Paged(cursor, lambda at: list(at.ids), body)  # type: ignore[arg-type]


def _round(call: Call, kind: str, first: Any, later: Any) -> Reading:
    organisation = call.organisation
    token = call.query.get("$deltatoken")
    only = call.query.get("$filter")
    seen = len(organisation.journal)
    if token and token != "latest":
        point = _known_point(call, token)
        changes = organisation.journal[point.seen :]
        if any(fault.kind == "replayed_change" for fault in call.trouble.changes):
            changes = organisation.journal[max(0, point.seen - 10) :]
        items = later(point, changes)
    else:
        point = Point(call.operation, organisation.tid, seen, selected(kind, call.query.get("$select")), only)
        items = [] if token == "latest" else first(point)
    following = Point(point.operation, point.tid, seen, point.select, point.only)
    size = min(ITEMS_PER_PAGE, max(1, organisation.page_size))
    return Reading(call.operation, organisation.tid, f"/{kind}s/delta", tuple(items), size, {"next": following})


def _known_point(call: Call, token: str) -> Point:
    point = call.state.links.get(token)
    if not isinstance(point, Point) or (point.operation, point.tid) != (call.operation, call.organisation.tid):
        raise _gone(call)
    return point


# -- groups -----------------------------------------------------------------------------------------------


def _member_item(organisation: Organisation, id_: str, removed: bool = False) -> Item:
    item: Item = {"@odata.type": f"#microsoft.graph.{organisation.kind(id_)}", "id": id_}
    return item | {"@removed": {"reason": "deleted"}} if removed else item


def _whole_group(organisation: Organisation, point: Point, group: Item) -> list[Item]:
    shown = shown_group(group, point.select)
    if "members" not in point.select:
        return [shown]
    ids = organisation.direct(group["id"])
    parts = [ids[start : start + MEMBERS_PER_ITEM] for start in range(0, len(ids), MEMBERS_PER_ITEM)] or [()]
    return [shown | {"members@delta": [_member_item(organisation, id_) for id_ in part]} for part in parts]


@endpoint("groups_delta")
async def groups_delta(call: Call) -> Answer:
    call.require(GROUP_READ)
    organisation = call.organisation

    def first(point: Point) -> list[Item]:
        keep = filtered("group", point.only)
        return [
            item
            for group in organisation.groups.values()
            if keep(group)
            for item in _whole_group(organisation, point, group)
        ]

    def later(point: Point, changes: list[Change]) -> list[Item]:
        keep = filtered("group", point.only)
        touched: dict[str, dict[str, str]] = {}
        for change in changes:
            if change.kind != "user" and keep({"id": change.id}):
                members = touched.setdefault(change.id, {})
                if change.kind == "member":
                    members[change.member] = change.removed
        return [item for id_, members in touched.items() for item in _changed_group(organisation, point, id_, members)]

    return _delta(call, "group", first, later)


def _changed_group(organisation: Organisation, point: Point, id_: str, members: dict[str, str]) -> list[Item]:
    """The group, several times over when many joined or left: with a part of them each, so also on several pages."""
    group = organisation.groups.get(id_)
    if group is None:
        return [{"id": id_, "@removed": {"reason": "deleted"}}]
    shown = shown_group(group, point.select)
    if not members or "members" not in point.select:
        return [shown]
    items = [_member_item(organisation, member, bool(removed)) for member, removed in members.items()]
    size = min(MEMBERS_PER_ITEM, max(1, organisation.page_size))
    return [shown | {"members@delta": items[start : start + size]} for start in range(0, len(items), size)]


# -- people -----------------------------------------------------------------------------------------------


@endpoint("users_delta")
async def users_delta(call: Call) -> Answer:
    call.require(USER_BASIC)
    organisation = call.organisation

    def first(point: Point) -> list[Item]:
        keep = filtered("user", point.only)
        return [shown_person(call, person, point.select) for person in organisation.living() if keep(person)]

    def later(point: Point, changes: list[Change]) -> list[Item]:
        last = {change.id: change for change in changes if change.kind == "user"}
        return [_changed_person(call, point, change) for change in last.values()]

    return _delta(call, "user", first, later)


def _changed_person(call: Call, point: Point, change: Change) -> Item:
    person = call.organisation.people.get(change.id)
    if person is None or person["deletedDateTime"]:
        return {"id": change.id, "@removed": {"reason": change.removed or "changed"}}
    return shown_person(call, person, point.select)
