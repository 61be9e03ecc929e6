"""Stripe: accounts by both APIs, events to read again, and signed webhooks, snapshot and thin."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.payments.world import Body, Delivery, World

API_VERSION = "2026-10-28.endive"
STATES = ("pending", "active", "restricted", "rejected")
KEYS = {"sk_live_sandbox": True, "sk_test_sandbox": False}
THIN = "v2.core.account[requirements].updated"
KINDS = ("account.updated", THIN, "checkout.session.completed", "charge.refunded", "account.application.deauthorized")


def add(world: World, account: str, **facts: Any) -> Body:
    """An account; `state` is one of STATES, `gone`: it has left the platform."""
    known = world.accounts["stripe"].setdefault(
        account, {"id": account, "state": "pending", "name": "BDE", "gone": False}
    )
    known.update(facts)
    return known


def sign(secret: str, body: str, at: float) -> str:
    mac = hmac.new(secret.encode(), f"{int(at)}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={mac}"


def event(world: World, kind: str, account: str | None, *, live: bool = True, at: float = 0.0) -> Body:
    """An event as it is sent and can be read again."""
    at = at or time.time()
    made = (
        _thin(world, kind, account, live, at) if kind.startswith("v2.") else _snapshot(world, kind, account, live, at)
    )
    world.events[made["id"]] = made
    return made


def _snapshot(world: World, kind: str, account: str | None, live: bool, at: float) -> Body:
    thing: Body
    if kind.startswith("account.") and kind != "account.application.deauthorized":
        thing = first_api(world.accounts["stripe"].get(account or "", {"id": account, "state": "pending", "name": ""}))
    elif kind == "account.application.deauthorized":
        thing = {"id": "ca_sandbox", "object": "application", "name": "Campanile"}
    else:
        thing = {
            "id": world.new_id("cs_" if kind.startswith("checkout") else "ch_"),
            "object": "checkout.session" if kind.startswith("checkout") else "charge",
            "amount_total": 1500,
            "currency": "eur",
            "livemode": live,
            "customer_details": {"email": "ada@example.test"},
        }
    made = {
        "id": world.new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(at),
        "livemode": live,
        "pending_webhooks": 1,
        "type": kind,
        "request": {"id": world.new_id("req_"), "idempotency_key": None},
        "data": {"object": thing},
    }
    return made | ({"account": account} if account else {})


def _thin(world: World, kind: str, account: str | None, live: bool, at: float) -> Body:
    made = {
        "id": world.new_id("evt_"),
        "object": "v2.core.event",
        "type": kind,
        "created": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "livemode": live,
        "context": account,
        "reason": {"type": "request", "request": {"id": world.new_id("req_"), "idempotency_key": "k"}},
    }
    if account:
        related = {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"}
        made["related_object"] = related
    return made


def deliveries(world: World, how: str, *, kind: str, account: str) -> list[Delivery]:
    """What goes out, in this order, to show how the receiver takes it."""
    live, now = how != "test", time.time()
    secret = world.secrets["stripe"].live if live else world.secrets["stripe"].test
    if how == "wrong_signature":
        secret = "whsec_nobody_has_this"
    if how in ("unknown_account", "forged"):
        account = world.new_id("acct_")
    made = event(world, kind, None if how == "no_account" else account, live=live)
    bodies = [json.dumps(made)]
    if how == "twice":
        bodies.append(json.dumps(made | ({"pending_webhooks": 0} if "pending_webhooks" in made else {})))
    elif how == "other_body":
        bodies.append(json.dumps(made | {"request": {"id": "req_other", "idempotency_key": None}, "reason": None}))
    elif how == "reordered":
        bodies.append(json.dumps(event(world, kind, account, live=live, at=now - 60)))
    at = now - 600 if how == "late" else now
    return [Delivery({"stripe-signature": sign(secret, body, at)}, body) for body in bodies]


# -- what it answers --------------------------------------------------------------------------------------


def first_api(known: Body) -> Body:
    state = known["state"]
    reasons = {"restricted": "requirements.past_due", "rejected": "rejected.fraud"}
    due = [] if state == "active" else ["individual.verification.document"]
    return {
        "id": known["id"],
        "object": "account",
        "business_profile": {"name": known["name"]},
        "charges_enabled": state == "active",
        "payouts_enabled": state == "active",
        "details_submitted": state != "pending",
        "requirements": {"currently_due": due, "past_due": [], "disabled_reason": reasons.get(state)},
    }


def second_api(known: Body, included: list[str], live: bool) -> Body:
    """Parts that were not asked for are null."""
    state = known["state"]
    details = [] if state == "active" else [{"code": "requirements_past_due", "resolution": "provide_info"}]
    capability = {"status": state, "status_details": details}
    entries = [] if state == "active" else [{"awaiting_action_from": "user", "description": "identity document"}]
    return {
        "id": known["id"],
        "object": "v2.core.account",
        "display_name": known["name"],
        "livemode": live,
        "configuration": {"merchant": {"applied": True, "capabilities": {"card_payments": capability}}}
        if "configuration.merchant" in included
        else None,
        "requirements": {"entries": entries} if "requirements" in included else None,
    }


def _refused(status: int, kind: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"type": kind, "message": message}}, status, headers={"request-id": "req_sandbox"})


def _opened(request: Request) -> tuple[World, bool] | JSONResponse:
    world: World = request.app.state.sandbox.payments
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key not in KEYS:
        return _refused(401, "invalid_request_error", "Invalid API Key provided")
    if "stripe" in world.away:
        return _refused(503, "api_error", "Something went wrong on our side")
    return world, KEYS[key]


async def account(request: Request) -> JSONResponse:
    opened = _opened(request)
    if isinstance(opened, JSONResponse):
        return opened
    world, live = opened
    known = world.accounts["stripe"].get(request.path_params["id"])
    if known is None or known["gone"]:
        return _refused(403, "invalid_request_error", "The provided key does not have access to this account")
    if "/v1/" in request.url.path:
        return JSONResponse(first_api(known))
    included = [value for name, value in request.query_params.multi_items() if name.startswith("include[")]
    return JSONResponse(second_api(known, included, live))


async def read_event(request: Request) -> JSONResponse:
    opened = _opened(request)
    if isinstance(opened, JSONResponse):
        return opened
    world, live = opened
    known = world.events.get(request.path_params["id"])
    is_second = "/v2/" in request.url.path
    if known is None or known["livemode"] != live or (known["object"] == "v2.core.event") != is_second:
        return _refused(404, "invalid_request_error", "No such event")
    return JSONResponse(known)


routes = [
    Route("/v1/accounts/{id}", account),
    Route("/v1/events/{id}", read_event),
    Route("/v2/core/accounts/{id}", account),
    Route("/v2/core/events/{id}", read_event),
]
