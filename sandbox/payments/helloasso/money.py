"""What happens to money at HelloAsso: intents that are paid, payments that go back, and the bank on the 10th."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.microsoft.directory import Missing, Refused
from sandbox.payments import telling
from sandbox.payments.world import Body, World

LIFE = timedelta(minutes=15)
REQUIRED = ("totalAmount", "initialAmount", "itemName", "backUrl", "errorUrl", "returnUrl", "containsDonation")


def now() -> str:
    return datetime.now(UTC).isoformat()


def tell(world: World, kind: str, data: Body, metadata: Body) -> None:
    slug = data.get("organizationSlug") or data["order"]["organizationSlug"]
    telling.tell(world, "helloasso", {"eventType": kind, "data": data, "metadata": metadata, "account": slug})


def open_intent(world: World, slug: str, body: Body) -> Body:
    missing = [name for name in REQUIRED if body.get(name) is None]
    if missing:
        raise Refused(f"{missing[0]}: required")
    if body["totalAmount"] != body["initialAmount"] + sum(one["amount"] for one in body.get("terms") or []):
        raise Refused("totalAmount: must be the initial amount and the terms")
    if not 1 <= len(body["itemName"]) <= 250 or body["totalAmount"] <= 0:
        raise Refused("itemName or totalAmount: out of range")
    number = world.numbers()
    made = {
        "id": number, "metadata": body.get("metadata"), "_slug": slug, "_asked": body, "_order": None,
        "_until": (datetime.now(UTC) + LIFE).isoformat(),
        "redirectUrl": f"{world.public_url}/helloasso/checkout/{number}",
    }  # fmt: skip
    world.things["intents", str(number)] = made
    return made


def intent_of(world: World, id_: str) -> Body:
    found = world.things.get(("intents", id_))
    if found is None:
        raise Missing(f"no checkout intent {id_}")
    return found


def is_open(intent: Body) -> bool:
    return intent["_order"] is None and datetime.fromisoformat(intent["_until"]) > datetime.now(UTC)


def pay(world: World, id_: str, tip: int = 0) -> Body:
    """The tip of the payer is HelloAsso's, not the association's."""
    intent = intent_of(world, id_)
    if not is_open(intent):
        raise Refused("this intent is paid or over")
    asked, slug, order_id, payment_id = intent["_asked"], intent["_slug"], world.numbers(), world.numbers()
    payer = {"email": "ada@example.test", "firstName": "Ada", "lastName": "Byron", **(asked.get("payer") or {})}
    about = {"id": order_id, "formType": "Checkout", "formSlug": "default", "organizationSlug": slug}
    payment = {
        "id": payment_id, "amount": asked["initialAmount"], "amountTip": tip, "date": now(), "paymentMeans": "Card",
        "state": "Authorized", "cashOutState": "MoneyIn", "refundOperations": [], "order": about, "payer": payer,
        "meta": {"createdAt": now(), "updatedAt": now()},
    }  # fmt: skip
    order = {
        **about, "date": now(), "checkoutIntentId": intent["id"], "payer": payer, "payments": [payment],
        "items": [{"id": world.numbers(), "amount": asked["initialAmount"], "type": "Payment", "state": "Processed"}],
        "amount": {"total": asked["initialAmount"], "vat": 0, "discount": 0},
    }  # fmt: skip
    world.things["payments", str(payment_id)], world.things["orders", str(order_id)] = payment, order
    intent["_order"] = order_id
    tell(world, "Order", order, intent["metadata"] or {})
    _tell_payment(world, payment)
    return payment


def refund(world: World, payment: Body, amount: int) -> Body:
    left = payment["amount"] - sum(one["amount"] for one in payment["refundOperations"])
    if payment["state"] not in ("Authorized", "Registered") or not 0 < amount <= left:
        raise Refused("this payment cannot be refunded")
    payment["refundOperations"].append(
        {"id": world.numbers(), "amount": amount, "amountTip": 0, "status": "PROCESSED", "meta": {"createdAt": now()}}
    )
    if amount == left:
        payment["state"] = "Refunded"
    _tell_payment(world, payment)
    return payment


def dispute(world: World, payment: Body) -> Body:
    payment["state"] = "Contested"
    _tell_payment(world, payment)
    return payment


def cash_out(world: World, slug: str) -> Body:
    """What came in goes to the bank on the 10th of the next month."""
    day = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=10)
    out = 0
    for (kind, _id), one in list(world.things.items()):
        if kind == "payments" and one.get("cashOutState") == "MoneyIn" and one["order"]["organizationSlug"] == slug:
            one["cashOutState"], one["cashOutDate"] = "CashedOut", day.isoformat()
            out += one["amount"] - sum(back["amount"] for back in one["refundOperations"])
            _tell_payment(world, one)
    return {"amount": out, "date": day.isoformat()}


def _tell_payment(world: World, payment: Body) -> None:
    payment["meta"]["updatedAt"] = now()
    order = world.things["orders", str(payment["order"]["id"])]
    intent = world.things["intents", str(order["checkoutIntentId"])]
    tell(world, "Payment", payment, intent["metadata"] or {})


def act(world: World, name: str, id_: str, **facts: Any) -> Body:
    if name == "cash_out":
        return cash_out(world, id_)
    if name == "pay":
        return pay(world, id_, **facts)
    payment = world.things.get(("payments", id_))
    if payment is None:
        raise Missing(f"no payment {id_}")
    if name == "refund":
        return refund(world, payment, facts.get("amount") or payment["amount"])
    if name == "dispute":
        return dispute(world, payment)
    raise Refused("acts are pay, refund, dispute, cash_out")
