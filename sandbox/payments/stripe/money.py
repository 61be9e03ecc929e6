"""What happens to money at Stripe. Every act changes the things, books it on the balance, and tells it by events.

Only direct charges are played: things belong to a connected account. A card costs 1.5 % and 25 cents, a dispute 20 €.
"""

import time
from typing import Any

from sandbox.payments import telling
from sandbox.payments.stripe import notices
from sandbox.payments.stripe.wire import invalid
from sandbox.payments.world import Body, World

DISPUTE_FEE = 2000
METHODS = {"card": "card", "sepa": "sepa_debit"}


def fee_of(amount: int) -> int:
    return round(amount * 15 / 1000) + 25


def keep(world: World, thing: Body, account: str) -> Body:
    world.objects[thing["id"]] = thing
    world.owners[thing["id"]] = account
    return thing


def new(world: World, kind: str, prefix: str, owner: str, live: bool, /, **facts: Any) -> Body:
    made = {"id": world.new_id(prefix), "object": kind, "created": int(time.time()), "livemode": live, **facts}
    return keep(world, made, owner)


def of_kind(world: World, kind: str, account: str, /, **facts: Any) -> list[Body]:
    """Oldest first."""
    return [
        one for id_, one in world.objects.items()
        if one["object"] == kind and world.owners[id_] == account
        and all(one.get(name) == value for name, value in facts.items())
    ]  # fmt: skip


def tell(world: World, kind: str, thing: Body) -> None:
    account = world.owners[thing["id"]]
    telling.tell(world, "stripe", notices.event(world, kind, account, live=thing["livemode"], thing=thing))


def booked(world: World, kind: str, source: Body, amount: int, fees: dict[str, int] | None = None) -> Body:
    """A line of the balance."""
    details = [
        {"type": name, "amount": fee, "currency": source["currency"], "description": name}
        for name, fee in (fees or {}).items() if fee
    ]  # fmt: skip
    fee = sum(one["amount"] for one in details)
    return new(
        world, "balance_transaction", "txn_", world.owners[source["id"]], source["livemode"], type=kind,
        reporting_category=kind, amount=amount, fee=fee, net=amount - fee, fee_details=details, status="available",
        currency=source["currency"], source=source["id"], available_on=int(time.time()), _payout=None,
    )  # fmt: skip


# -- paying -----------------------------------------------------------------------------------------------


def open_session(world: World, id_: str) -> Body:
    session = world.objects.get(id_)
    if session is None or session["object"] != "checkout.session":
        raise invalid(f"No such checkout.session: '{id_}'", "resource_missing", status=404)
    if session["status"] == "open" and session["expires_at"] <= time.time():
        expire(world, session)
    return session


def require_open(session: Body) -> None:
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.")


def expire(world: World, session: Body) -> Body:
    require_open(session)
    session["status"], session["url"] = "expired", None
    if session["payment_intent"]:
        intent = world.objects[session["payment_intent"]]
        if intent["status"] not in ("succeeded", "canceled"):
            intent["status"] = "canceled"
            tell(world, "payment_intent.canceled", intent)
    tell(world, "checkout.session.expired", session)
    return session


def _intent(world: World, session: Body) -> Body:
    """Made at the first try to pay, as Stripe does."""
    if session["payment_intent"]:
        return world.objects[session["payment_intent"]]
    data = session["_intent"]
    made = new(
        world, "payment_intent", "pi_", world.owners[session["id"]], session["livemode"],
        amount=session["amount_total"], amount_received=0, currency=session["currency"], latest_charge=None,
        status="requires_payment_method", last_payment_error=None, metadata=data.get("metadata", {}),
        application_fee_amount=data.get("application_fee_amount"), description=data.get("description"),
    )  # fmt: skip
    session["payment_intent"] = made["id"]
    tell(world, "payment_intent.created", made)
    return made


def _charge(world: World, session: Body, intent: Body, method: str, **facts: Any) -> Body:
    made = new(
        world, "charge", "ch_", world.owners[session["id"]], session["livemode"], amount=intent["amount"],
        amount_captured=0, amount_refunded=0, currency=intent["currency"], payment_intent=intent["id"], paid=False,
        captured=True, refunded=False, disputed=False, balance_transaction=None, application_fee=None,
        application_fee_amount=intent["application_fee_amount"], failure_code=None, failure_message=None,
        metadata=intent["metadata"], billing_details={"email": session["customer_details"]["email"]},
        payment_method_details={"type": METHODS[method]}, status="pending",
    ) | facts  # fmt: skip
    intent["latest_charge"] = made["id"]
    return keep(world, made, world.owners[session["id"]])


def _succeed(world: World, intent: Body, charge: Body) -> None:
    share = intent["application_fee_amount"] or 0
    charge["status"], charge["paid"], charge["amount_captured"] = "succeeded", True, charge["amount"]
    fees = {"stripe_fee": fee_of(charge["amount"]), "application_fee": share}
    charge["balance_transaction"] = booked(world, "charge", charge, charge["amount"], fees)["id"]
    if share:
        fee = new(
            world, "application_fee", "fee_", world.owners[charge["id"]], charge["livemode"], amount=share,
            amount_refunded=0, currency=charge["currency"], charge=charge["id"], refunded=False,
            account=world.owners[charge["id"]],
        )  # fmt: skip
        charge["application_fee"] = fee["id"]
    intent["status"], intent["amount_received"] = "succeeded", charge["amount"]
    tell(world, "charge.succeeded", charge)
    tell(world, "payment_intent.succeeded", intent)


def pay(world: World, session: Body, method: str = "card", email: str = "") -> Body:
    """By card at once; by direct debit the session is complete and the money comes days later, or not."""
    require_open(session)
    session["customer_details"] = {"email": email or session["customer_email"] or "ada@example.test"}
    intent = _intent(world, session)
    charge = _charge(world, session, intent, method)
    session["status"], session["url"] = "complete", None
    if method == "card":
        _succeed(world, intent, charge)
        session["payment_status"] = "paid"
    else:
        intent["status"] = "processing"
        tell(world, "payment_intent.processing", intent)
    tell(world, "checkout.session.completed", session)
    return session


def debit(world: World, session: Body, succeeds: bool) -> Body:
    """The word of the bank on a direct debit."""
    intent = world.objects[session["payment_intent"]]
    if intent["status"] != "processing":
        raise invalid("This payment is not processing.")
    charge = world.objects[intent["latest_charge"]]
    if succeeds:
        _succeed(world, intent, charge)
        session["payment_status"] = "paid"
        tell(world, "checkout.session.async_payment_succeeded", session)
    else:
        _fail(world, intent, charge, "insufficient_funds")
        tell(world, "checkout.session.async_payment_failed", session)
    return session


def _fail(world: World, intent: Body, charge: Body, code: str) -> None:
    charge["status"], charge["failure_code"], charge["failure_message"] = "failed", code, "Your card was declined."
    intent["status"] = "requires_payment_method"
    intent["last_payment_error"] = {
        "type": "card_error", "code": "card_declined", "decline_code": code, "message": "Your card was declined.",
    }  # fmt: skip
    tell(world, "charge.failed", charge)
    tell(world, "payment_intent.payment_failed", intent)


def decline(world: World, session: Body, code: str = "insufficient_funds") -> Body:
    """The page stays open: another card may be tried."""
    require_open(session)
    session["customer_details"] = {"email": session["customer_email"] or "ada@example.test"}
    intent = _intent(world, session)
    _fail(world, intent, _charge(world, session, intent, "card"), code)
    return session


def challenge(world: World, session: Body) -> Body:
    """The bank asks for a proof, and nobody gives it."""
    require_open(session)
    intent = _intent(world, session)
    intent["status"] = "requires_action"
    tell(world, "payment_intent.requires_action", intent)
    return session


# -- back -------------------------------------------------------------------------------------------------


def refund(world: World, charge: Body, amount: int, *, with_fee: bool, pending: bool = False, **facts: Any) -> Body:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise invalid("This charge has not succeeded.", "charge_not_succeeded")
    if charge["disputed"] and any(one["status"] != "won" for one in disputes_of(world, charge)):
        raise invalid("The charge has been charged back.", "charge_disputed")
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    if amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})")
    made = new(
        world, "refund", "re_", world.owners[charge["id"]], charge["livemode"], amount=amount,
        currency=charge["currency"], charge=charge["id"], payment_intent=charge["payment_intent"],
        status="pending" if pending else "succeeded", failure_reason=None, balance_transaction=None,
        failure_balance_transaction=None, **facts,
    )  # fmt: skip
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    back = 0
    if with_fee and charge["application_fee"]:
        fee = world.objects[charge["application_fee"]]
        back = round(fee["amount"] * charge["amount_refunded"] / charge["amount"]) - fee["amount_refunded"]
        fee["amount_refunded"] += back
    line = booked(world, "refund", made, -amount, {"application_fee": -back})
    made["balance_transaction"] = line["id"]
    tell(world, "refund.created", made)
    tell(world, "charge.refunded", charge)
    return made


def end_refund(world: World, made: Body, succeeds: bool) -> Body:
    """The bank of the payer took it, or sent it back: then the money is on the balance again."""
    made["status"] = "succeeded" if succeeds else "failed"
    if succeeds:
        tell(world, "refund.updated", made)
        return made
    charge = world.objects[made["charge"]]
    charge["amount_refunded"] -= made["amount"]
    charge["refunded"] = False
    made["failure_reason"] = "expired_or_canceled_card"
    made["failure_balance_transaction"] = booked(world, "refund_failure", made, made["amount"])["id"]
    tell(world, "refund.failed", made)
    return made


def disputes_of(world: World, charge: Body) -> list[Body]:
    return of_kind(world, "dispute", world.owners[charge["id"]], charge=charge["id"])


def dispute(world: World, charge: Body, reason: str = "fraudulent") -> Body:
    if charge["disputed"] or not charge["paid"]:
        raise invalid("This charge cannot be disputed.")
    made = new(
        world, "dispute", "dp_", world.owners[charge["id"]], charge["livemode"], amount=charge["amount"],
        currency=charge["currency"], charge=charge["id"], payment_intent=charge["payment_intent"], reason=reason,
        status="needs_response", is_charge_refundable=False, balance_transactions=[],
        evidence_details={"due_by": int(time.time()) + 7 * 86400},
    )  # fmt: skip
    charge["disputed"] = True
    tell(world, "charge.dispute.created", made)
    line = booked(world, "adjustment", made, -made["amount"], {"stripe_fee": DISPUTE_FEE})
    made["balance_transactions"].append(line)
    tell(world, "charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(world: World, made: Body, won: bool) -> Body:
    if made["status"] in ("won", "lost"):
        raise invalid("This dispute is closed.")
    made["status"] = "won" if won else "lost"
    tell(world, "charge.dispute.closed", made)
    if won:
        line = booked(world, "adjustment", made, made["amount"], {"stripe_fee": -DISPUTE_FEE})
        made["balance_transactions"].append(line)
        tell(world, "charge.dispute.funds_reinstated", made)
    return made


# -- paid out ---------------------------------------------------------------------------------------------


def pay_out(world: World, account: str, live: bool) -> Body:
    """Everything on the balance, as Stripe does by itself every day."""
    lines = of_kind(world, "balance_transaction", account, _payout=None, livemode=live)
    total = sum(one["net"] for one in lines)
    if total <= 0:
        raise invalid("You have insufficient funds in your Stripe account.", "balance_insufficient")
    made = new(
        world, "payout", "po_", account, live, amount=total, currency=lines[0]["currency"], status="paid",
        arrival_date=int(time.time()) + 2 * 86400, automatic=True, balance_transaction=None, failure_code=None,
        failure_balance_transaction=None, method="standard", type="bank_account", statement_descriptor="STRIPE",
    )  # fmt: skip
    line = booked(world, "payout", made, -total)
    made["balance_transaction"] = line["id"]
    for one in (*lines, line):
        one["_payout"] = made["id"]
    tell(world, "payout.created", made)
    tell(world, "payout.paid", made)
    return made


def fail_payout(world: World, made: Body) -> Body:
    if made["status"] == "failed":
        raise invalid("This payout failed already.")
    made["status"], made["failure_code"] = "failed", "account_closed"
    made["failure_balance_transaction"] = booked(world, "payout_failure", made, made["amount"])["id"]
    tell(world, "payout.failed", made)
    return made


def change_account(world: World, account: str, state: str) -> None:
    """And tell it by both APIs, as Stripe does."""
    known = world.accounts["stripe"][account]
    known["state"] = state
    for kind in ("account.updated", notices.THIN):
        made = notices.event(world, kind, account, live=known.get("live", True))
        telling.tell(world, "stripe", made)
