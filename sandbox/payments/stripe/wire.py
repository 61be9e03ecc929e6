"""How Stripe is spoken: brackets in forms, keys, connected accounts, idempotency, errors, expansion."""

import copy
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.payments.world import Body, World

KEYS = {"sk_live_sandbox": True, "sk_test_sandbox": False}
_PART = re.compile(r"\[([^\]]*)\]")


class Fault(Exception):
    """An answer in the shape of Stripe's errors."""

    def __init__(self, status: int, kind: str, message: str, code: str = "", param: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error: Body = {"type": kind, "message": message}
        self.error |= {name: value for name, value in (("code", code), ("param", param)) if value} | more


def invalid(message: str, code: str = "", param: str = "", status: int = 400) -> Fault:
    return Fault(status, "invalid_request_error", message, code, param)


def missing(what: str, id_: str) -> Fault:
    return invalid(f"No such {what}: '{id_}'", "resource_missing", "id", 404)


@dataclass(frozen=True)
class Call:
    """A request that got in: whose world, in which mode, for which connected account, with which parameters."""

    world: World
    live: bool
    account: str
    body: Body
    path: dict[str, str]
    expand: tuple[str, ...] = ()


Handler = Callable[[Call], Body]


def nested(pairs: list[tuple[str, str]]) -> Body:
    """`a[b][0]=c` as {"a": {"b": ["c"]}}."""
    root: Body = {}
    for name, value in pairs:
        parts = [name.partition("[")[0], *_PART.findall(name)]
        place = root
        for part in parts[:-1]:
            place = place.setdefault(part or str(len(place)), {})
        place[parts[-1] or str(len(place))] = value
    return _lists(root)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    made = {name: _lists(one) for name, one in value.items()}
    return list(made.values()) if made and all(name.isdigit() for name in made) else made


def answered(error: Fault) -> JSONResponse:
    return JSONResponse({"error": error.error}, error.status, headers={"request-id": "req_sandbox"})


def door(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """One operation: who asks is checked first, what was asked already under this key is not done again."""

    @wraps(handler)
    async def wrapped(request: Request) -> Response:
        try:
            call = await _opened(request)
            response = await _once(request, call, handler)
        except Fault as error:
            return answered(error)
        if request.method == "POST":
            request.app.state.sandbox.changed()
        return response

    return wrapped


async def _opened(request: Request) -> Call:
    world: World = request.app.state.sandbox.payments
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key not in KEYS:
        raise invalid("Invalid API Key provided", status=401)
    if "stripe" in world.away:
        raise Fault(503, "api_error", "Something went wrong on our side")
    account = request.headers.get("stripe-account", "")
    if account and (account not in world.accounts["stripe"] or world.accounts["stripe"][account]["gone"]):
        raise invalid("The provided key does not have access to this account", "account_invalid", status=403)
    if request.method == "POST" and "/v2/" in request.url.path:
        body = json.loads(await request.body() or b"{}")
    elif request.method == "POST":
        body = nested([(name, str(value)) for name, value in (await request.form()).multi_items()])
    else:
        body = nested(request.query_params.multi_items())
    expand = body.pop("expand", [])
    return Call(world, KEYS[key], account, body, dict(request.path_params), tuple(expand))


async def _once(request: Request, call: Call, handler: Handler) -> Response:
    key = request.headers.get("idempotency-key", "")
    if request.method != "POST" or not key:
        return _shown(call, handler(call))
    place = f"{call.live}:{call.account}:{key}"
    asked = hashlib.sha256(json.dumps([request.url.path, call.body], sort_keys=True).encode()).hexdigest()
    if known := call.world.repeated.get(place):
        if known["asked"] != asked:
            raise Fault(
                400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters"
            )
        return JSONResponse(known["said"], known["status"], headers={"idempotent-replayed": "true"})
    try:
        said, status = expanded(call.world, handler(call), call.expand), 200
    except Fault as error:
        if error.status != 402:  # what was not begun is not kept
            raise
        said, status = {"error": error.error}, 402
    call.world.repeated[place] = {"asked": asked, "status": status, "said": said}
    return JSONResponse(said, status, headers={"request-id": "req_sandbox"})


def _shown(call: Call, thing: Body) -> JSONResponse:
    return JSONResponse(expanded(call.world, thing, call.expand), headers={"request-id": "req_sandbox"})


def expanded(world: World, thing: Body, paths: tuple[str, ...]) -> Body:
    """A copy in which the ids at these paths are the things themselves."""
    made = copy.deepcopy(thing)
    for path in sorted(paths):
        _expand(world, [made], path.split("."))
    shown: Body = public(made)
    return shown


def public(value: Any) -> Any:
    """Without what only the simulator knows."""
    if isinstance(value, list):
        return [public(one) for one in value]
    if isinstance(value, dict):
        return {name: public(one) for name, one in value.items() if not name.startswith("_")}
    return value


def _expand(world: World, things: list[Body], parts: list[str]) -> None:
    name, rest = parts[0], parts[1:]
    for thing in things:
        value = thing.get(name)
        if isinstance(value, str) and value in world.objects:
            thing[name] = value = copy.deepcopy(world.objects[value])
        if not rest:
            continue
        if isinstance(value, list):
            _expand(world, value, rest)
        elif isinstance(value, dict):
            _expand(world, [value], rest)


def listed(call: Call, url: str, found: list[Body]) -> Body:
    """Newest first, by `limit` and `starting_after`, within `created`."""
    bounds = call.body.get("created") or {}
    since, until = int(bounds.get("gte", 0)), int(bounds.get("lte", 2**40))
    rows = [one for one in reversed(found) if since <= one["created"] <= until]
    after = call.body.get("starting_after")
    if after:
        ids = [one["id"] for one in rows]
        rows = rows[ids.index(after) + 1 :] if after in ids else []
    limit = min(int(call.body.get("limit", 10)), 100)
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[:limit]}


def only(body: Body, allowed: set[str]) -> None:
    """Refuses what Stripe does not know, as it does."""
    for name in body:
        if name not in allowed:
            raise invalid(f"Received unknown parameter: {name}", "parameter_unknown", name)


def number(body: Body, name: str, least: int = 0) -> int:
    try:
        value = int(body[name])
    except (KeyError, ValueError, TypeError):
        raise invalid(f"Invalid integer: {name}", "parameter_invalid_integer", name) from None
    if value < least:
        raise invalid(f"This value must be greater than or equal to {least}.", "parameter_invalid_integer", name)
    return value
