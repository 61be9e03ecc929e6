"""Events of Stripe, snapshot and thin, and how they are signed."""

import copy
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

from sandbox.payments.stripe.accounts import first_api
from sandbox.payments.stripe.wire import public
from sandbox.payments.world import Body, Delivery, World

API_VERSION = "2026-10-28.endive"
THIN = "v2.core.account[requirements].updated"
KINDS = ("account.updated", THIN, "checkout.session.completed", "charge.refunded", "account.application.deauthorized")


def sign(secret: str, body: str, at: float) -> str:
    mac = hmac.new(secret.encode(), f"{int(at)}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={mac}"


def event(
    world: World, kind: str, account: str | None, *, live: bool = True, at: float = 0.0, thing: Body | None = None
) -> Body:
    """An event as it is sent and can be read again; `thing`: what it shows as it is at this moment."""
    at = at or time.time()
    made = (
        _thin(world, kind, account, live, at)
        if kind.startswith("v2.")
        else _snapshot(world, kind, account, live, at, thing)
    )
    world.events[made["id"]] = made
    return made


def _snapshot(world: World, kind: str, account: str | None, live: bool, at: float, thing: Body | None) -> Body:
    if thing is not None:
        thing = copy.deepcopy(public(thing))
    elif kind.startswith("account.") and kind != "account.application.deauthorized":
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


def signed(world: World, made: Body) -> Delivery:
    """An event as it goes out now."""
    secret = world.secrets["stripe"].live if made["livemode"] else world.secrets["stripe"].test
    body = json.dumps(made)
    return Delivery({"stripe-signature": sign(secret, body, time.time())}, body)
