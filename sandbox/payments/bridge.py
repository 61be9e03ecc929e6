"""Bridge: items to read again, and webhooks that are signed without a time and have no id."""

import hashlib
import hmac
import json
import secrets
import time
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.payments.world import Body, Delivery, World

KINDS = ("item.refreshed", "item.created", "item.account.updated", "item.deleted", "user.deleted", "TEST_EVENT")
VERSION = "2025-01-15"


def add(world: World, account: str, **facts: Any) -> Body:
    """A user of Bridge by its uuid, with one linked bank."""
    known = world.accounts["bridge"].setdefault(account, {"uuid": account, "item": world.numbers(), "status": 0})
    known.update(facts)
    return known


def sign(secret: str, body: str) -> str:
    return f"v1={hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest().upper()}"


def notice(world: World, kind: str, user: str | None, at: float = 0.0) -> Body:
    known = world.accounts["bridge"].get(user or "", {"item": world.numbers(), "status": 0})
    content: Body = {} if kind == "TEST_EVENT" or user is None else {"user_uuid": user}
    if kind.startswith("item"):
        content |= {"item_id": known["item"]}
    if kind == "item.refreshed":
        content |= {"status_code": known["status"], "full_refresh": True, "refresh_trigger": "scheduler"}
    return {"content": content, "timestamp": int((at or time.time()) * 1000), "type": kind}


def deliveries(world: World, how: str, *, kind: str, account: str) -> list[Delivery]:
    secret = world.secrets["bridge"].test if how == "test" else world.secrets["bridge"].live
    if how == "wrong_signature":
        secret = "nobody-has-this-secret"
    if how in ("unknown_account", "forged"):
        account = str(uuid.uuid4())
    made = notice(world, kind, None if how == "no_account" else account, time.time() - 600 if how == "late" else 0.0)
    bodies = [made, made] if how == "twice" else [made]
    if how == "reordered":
        bodies = [made, {**made, "timestamp": made["timestamp"] - 60_000}]
    elif how == "other_body":
        bodies = [made, {**made, "content": {**made["content"], "status_code": 402}}]
    return [Delivery({"bridgeapi-signature": sign(secret, body)}, body) for body in map(json.dumps, bodies)]


# -- what it answers --------------------------------------------------------------------------------------


def _refused(status: int, code: str) -> JSONResponse:
    return JSONResponse({"errors": [{"code": code, "message": code}]}, status)


def _fault(request: Request) -> JSONResponse | None:
    if "bridge" in request.app.state.sandbox.payments.away:
        return _refused(503, "unavailable")
    if request.headers.get("bridge-version") != VERSION:
        return _refused(400, "invalid_version")
    if not (request.headers.get("client-id") and request.headers.get("client-secret")):
        return _refused(401, "unauthorized")
    return None


async def token(request: Request) -> JSONResponse:
    if fault := _fault(request):
        return fault
    world: World = request.app.state.sandbox.payments
    user = json.loads(await request.body() or b"{}").get("user_uuid")
    if user not in world.accounts["bridge"]:
        return _refused(404, "users.not_found")
    made = f"{user}.{secrets.token_urlsafe(16)}"
    world.tokens.add(made)
    return JSONResponse({"access_token": made, "user": {"uuid": user}}, 201)


async def item(request: Request) -> JSONResponse:
    if fault := _fault(request):
        return fault
    world: World = request.app.state.sandbox.payments
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    known = world.accounts["bridge"].get(given.partition(".")[0])
    if given not in world.tokens or known is None:
        return _refused(401, "unauthorized")
    if str(known["item"]) != request.path_params["id"]:
        return _refused(404, "items.not_found")
    facts = {"id": known["item"], "provider_id": 574, "status": known["status"], "status_code_info": "OK"}
    return JSONResponse(facts)


routes = [
    Route("/v3/aggregation/authorization/token", token, methods=["POST"]),
    Route("/v3/aggregation/items/{id}", item),
]
