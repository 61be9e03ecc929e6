"""Notifications of HelloAsso: without an id and without a time, signed for partners."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from sandbox.payments.world import Body, Delivery, World

KINDS = ("Organization", "Payment", "Order", "Form")


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


def signed(world: World, made: Body) -> Delivery:
    """A notification as it goes out now."""
    return _signed(world.secrets["helloasso"].live, json.dumps({k: v for k, v in made.items() if k != "account"}))
