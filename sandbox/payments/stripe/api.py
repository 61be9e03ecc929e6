"""The operations of Stripe's API that are played."""

import time

from starlette.routing import Route

from sandbox.payments.stripe import accounts, money
from sandbox.payments.stripe.wire import Call, door, invalid, listed, missing, number, only
from sandbox.payments.world import Body

SESSION = {
    "mode", "line_items", "payment_intent_data", "client_reference_id", "metadata", "success_url", "cancel_url",
    "customer_email", "expires_at", "locale", "payment_method_types", "submit_type",
}  # fmt: skip
REFUND = {"payment_intent", "charge", "amount", "reason", "metadata", "refund_application_fee"}


def owned(call: Call, kind: str, id_: str = "") -> Body:
    """A thing of this account and mode; anybody else's is not there."""
    id_ = id_ or call.path["id"]
    found = call.world.objects.get(id_)
    wrong = found is None or found["object"] != kind or found["livemode"] != call.live
    if found is None or wrong or call.world.owners[id_] != call.account:
        raise missing(kind, id_)
    return found


def all_of(call: Call, kind: str, *filters: str) -> list[Body]:
    wanted = {name: call.body[name] for name in filters if name in call.body}
    return money.of_kind(call.world, kind, call.account, livemode=call.live, **wanted)


def create_session(call: Call) -> Body:
    body = call.body
    only(body, SESSION)
    known = call.world.accounts["stripe"].get(call.account)
    if known is None or known["state"] != "active":
        raise invalid("Your account cannot currently make charges.", "account_invalid")
    if body.get("mode") != "payment":
        raise invalid("Only mode=payment is played here.", "parameter_invalid_enum", "mode")
    for name in ("success_url", "line_items"):
        if not body.get(name):
            raise invalid(f"Missing required param: {name}", "parameter_missing", name)
    total, currency, lines = 0, "", []
    for line in body["line_items"]:
        price = line.get("price_data") or {}
        amount = number(price, "unit_amount") * number(line, "quantity", 1)
        total, currency = total + amount, str(price.get("currency", "")).lower()
        lines.append({"description": (price.get("product_data") or {}).get("name", ""), "amount_total": amount})
    if total < 50 or len(currency) != 3:
        raise invalid("The Checkout Session's total amount must convert to at least 50 cents.", "amount_too_small")
    data = body.get("payment_intent_data") or {}
    only(data, {"application_fee_amount", "metadata", "description"})
    if "application_fee_amount" in data:
        data["application_fee_amount"] = number(data, "application_fee_amount", 1)
        if data["application_fee_amount"] > total:
            raise invalid("The application fee cannot exceed the amount.")
    until = number(body, "expires_at") if "expires_at" in body else int(time.time()) + 86400
    if not time.time() + 1700 <= until <= time.time() + 86500:
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", param="expires_at"
        )
    prefix = "cs_live_" if call.live else "cs_test_"
    made = money.new(
        call.world, "checkout.session", prefix, call.account, call.live, mode="payment", status="open",
        payment_status="unpaid", amount_subtotal=total, amount_total=total, currency=currency, payment_intent=None,
        client_reference_id=body.get("client_reference_id"), metadata=body.get("metadata", {}), expires_at=until,
        success_url=body["success_url"], cancel_url=body.get("cancel_url"), customer=None,
        customer_email=body.get("customer_email"), customer_details=None, _intent=data, _lines=lines,
    )  # fmt: skip
    made["url"] = f"{call.world.public_url}/stripe/pay/{made['id']}"
    return made


def read_session(call: Call) -> Body:
    return money.open_session(call.world, owned(call, "checkout.session")["id"])


def expire_session(call: Call) -> Body:
    return money.expire(call.world, owned(call, "checkout.session"))


def list_sessions(call: Call) -> Body:
    return listed(call, "/v1/checkout/sessions", all_of(call, "checkout.session", "payment_intent", "status"))


def create_refund(call: Call) -> Body:
    only(call.body, REFUND)
    if intent := call.body.get("payment_intent"):
        charge_id = owned(call, "payment_intent", intent)["latest_charge"] or ""
    else:
        charge_id = call.body.get("charge", "")
    charge = owned(call, "charge", charge_id)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = number(call.body, "amount", 1) if "amount" in call.body else left
    facts = {"metadata": call.body.get("metadata", {}), "reason": call.body.get("reason")}
    with_fee = call.body.get("refund_application_fee") == "true"
    return money.refund(call.world, charge, amount, with_fee=with_fee, pending=call.world.slow_refunds, **facts)


def reader(kind: str):  # type: ignore[no-untyped-def]
    def read(call: Call) -> Body:
        return owned(call, kind)

    return read


def lister(kind: str, url: str, *filters: str):  # type: ignore[no-untyped-def]
    def read(call: Call) -> Body:
        return listed(call, url, all_of(call, kind, *filters))

    return read


def list_lines(call: Call) -> Body:
    """What was paid out with which payout only this list says, when it is asked for one."""
    found = all_of(call, "balance_transaction", "source", "type")
    if payout := call.body.get("payout"):
        found = [one for one in found if one["_payout"] == payout]
    return listed(call, "/v1/balance_transactions", found)


def balance(call: Call) -> Body:
    lines = money.of_kind(call.world, "balance_transaction", call.account, livemode=call.live)
    total = sum(one["net"] for one in lines)
    return {
        "object": "balance",
        "livemode": call.live,
        "available": [{"amount": total, "currency": "eur"}],
        "pending": [{"amount": 0, "currency": "eur"}],
    }


def read_event(call: Call) -> Body:
    return _event(call, "event")


def read_thin_event(call: Call) -> Body:
    return _event(call, "v2.core.event")


def _event(call: Call, kind: str) -> Body:
    known = call.world.events.get(call.path["id"])
    if known is None or known["livemode"] != call.live or known["object"] != kind:
        raise missing("event", call.path["id"])
    return known


def get(path: str, handler) -> Route:  # type: ignore[no-untyped-def]
    return Route(path, door(handler), methods=["GET"])


def post(path: str, handler) -> Route:  # type: ignore[no-untyped-def]
    return Route(path, door(handler), methods=["POST"])


routes = [
    get("/v1/accounts/{id}", accounts.read_first),
    get("/v1/events/{id}", read_event),
    post("/v2/core/accounts", accounts.create),
    post("/v2/core/account_links", accounts.create_link),
    get("/v2/core/accounts/{id}", accounts.read_second),
    get("/v2/core/events/{id}", read_thin_event),
    post("/v1/checkout/sessions", create_session),
    get("/v1/checkout/sessions", list_sessions),
    get("/v1/checkout/sessions/{id}", read_session),
    post("/v1/checkout/sessions/{id}/expire", expire_session),
    get("/v1/payment_intents", lister("payment_intent", "/v1/payment_intents")),
    get("/v1/payment_intents/{id}", reader("payment_intent")),
    get("/v1/charges", lister("charge", "/v1/charges", "payment_intent")),
    get("/v1/charges/{id}", reader("charge")),
    post("/v1/refunds", create_refund),
    get("/v1/refunds", lister("refund", "/v1/refunds", "payment_intent", "charge")),
    get("/v1/refunds/{id}", reader("refund")),
    get("/v1/disputes", lister("dispute", "/v1/disputes", "payment_intent", "charge")),
    get("/v1/disputes/{id}", reader("dispute")),
    get("/v1/payouts", lister("payout", "/v1/payouts", "status")),
    get("/v1/payouts/{id}", reader("payout")),
    get("/v1/balance", balance),
    get("/v1/balance_transactions", list_lines),
    get("/v1/balance_transactions/{id}", reader("balance_transaction")),
]
