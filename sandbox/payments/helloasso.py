"""HelloAsso: the token, organisations, payments and orders to read again, and notifications without an id."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.payments.world import Body, Delivery, World

KINDS = ("Organization", "Payment", "Order", "Form")
CLIENTS = ("sandbox-live", "sandbox-test")
CLIENT_SECRET = "sandbox-secret"


def add(world: World, account: str, **facts: Any) -> Body:
    """An association by the short name in its addresses; `verified`: it may be paid."""
    known = world.accounts["helloasso"].setdefault(
        account, {"slug": account, "name": account.upper(), "verified": True}
    )
    known.update(facts)
    return known


def sign(secret: str, body: str) -> str:
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


def notice(world: World, kind: str, slug: str | None, *, exists: bool = True, state: str = "Authorized") -> Body:
    number = world.numbers()
    data: Body
    if kind == "Organization":
        data = {"organizationSlug": slug, "name": "As the notice says"}
    elif kind == "Form":
        data = {"organizationSlug": slug, "formSlug": f"form-{number}", "formType": "Membership", "state": "Public"}
    elif kind == "Order":
        data = {"id": number, "organizationSlug": slug, "formType": "Checkout", "amount": {"total": 2000}}
    else:
        data = {
            "id": number,
            "amount": 2000,
            "date": datetime.now(UTC).isoformat(),
            "state": state,
            "order": {"id": number + 100_000, "formType": "Checkout", "organizationSlug": slug},
            "payer": {"email": "ada@example.test", "firstName": "Ada", "lastName": "Byron"},
        }
    if slug is None:
        data.pop("organizationSlug", None)
        data.get("order", {}).pop("organizationSlug", None)
    if exists and kind in ("Payment", "Order"):
        world.things[(f"{kind.lower()}s", str(number))] = data
    return {"eventType": kind, "data": data, "metadata": {}}


def deliveries(world: World, how: str, *, kind: str, account: str) -> list[Delivery]:
    key = world.secrets["helloasso"].test if how == "test" else world.secrets["helloasso"].live
    if how in ("wrong_signature", "late"):  # nothing in it says when: a late one is like any other
        key = key if how == "late" else "nobody-has-this-key"
    if how == "unknown_account":
        account = world.new_id("association-")
    made = notice(world, kind, None if how == "no_account" else account, exists=how != "forged")
    if how == "forged" and kind == "Organization":
        made["data"]["name"] = "A name that nobody gave it"
    bodies = [made, made] if how == "twice" else [made]
    if how == "reordered":
        bodies = [{**made, "data": {**made["data"], "state": "Refunded"}}, made]
    elif how == "other_body":
        bodies = [made, {**made, "metadata": {"other": "content"}}]
    return [_signed(key, json.dumps(body)) for body in bodies]


def _signed(key: str, body: str) -> Delivery:
    return Delivery({"x-ha-signature": sign(key, body)}, body)


# -- what it answers --------------------------------------------------------------------------------------


async def token(request: Request) -> JSONResponse:
    world: World = request.app.state.sandbox.payments
    form = await request.form()
    if "helloasso" in world.away:
        return JSONResponse({"message": "away"}, 503)
    if form.get("client_id") not in CLIENTS or form.get("client_secret") != CLIENT_SECRET:
        return JSONResponse({"error": "unauthorized_client"}, 401)
    made = secrets.token_urlsafe(24)
    world.tokens.add(made)
    return JSONResponse(
        {"access_token": made, "refresh_token": secrets.token_urlsafe(24), "token_type": "bearer", "expires_in": 1800}
    )


def _opened(request: Request) -> World | JSONResponse:
    world: World = request.app.state.sandbox.payments
    if "helloasso" in world.away:
        return JSONResponse({"message": "away"}, 503)
    if request.headers.get("authorization", "").removeprefix("Bearer ") not in world.tokens:
        return JSONResponse({"message": "Unauthorized"}, 401)
    return world


async def organisation(request: Request) -> JSONResponse:
    world = _opened(request)
    if isinstance(world, JSONResponse):
        return world
    known = world.accounts["helloasso"].get(request.path_params["slug"])
    if known is None:
        return JSONResponse({"message": "Not found"}, 404)
    facts = {"organizationSlug": known["slug"], "name": known["name"], "isAuthenticated": known["verified"]}
    return JSONResponse(facts)


async def thing(request: Request) -> JSONResponse:
    world = _opened(request)
    if isinstance(world, JSONResponse):
        return world
    known = world.things.get((request.path_params["kind"], request.path_params["id"]))
    return JSONResponse(known) if known else JSONResponse({"message": "Not found"}, 404)


routes = [
    Route("/oauth2/token", token, methods=["POST"]),
    Route("/v5/organizations/{slug}", organisation),
    Route("/v5/{kind}/{id}", thing),
]
