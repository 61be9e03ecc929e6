"""Everything that can be made to happen at Stripe, by name: for tests and for buttons."""

from collections.abc import Callable
from typing import Any

from sandbox.microsoft.directory import Missing, Refused
from sandbox.payments.stripe import money
from sandbox.payments.stripe.wire import Fault
from sandbox.payments.world import Body, World

Act = Callable[[World, Body], Body]
ACTS: dict[str, tuple[str, Act]] = {
    "pay": ("checkout.session", money.pay),
    "pay_by_debit": ("checkout.session", lambda world, one: money.pay(world, one, "sepa")),
    "debit_succeeds": ("checkout.session", lambda world, one: money.debit(world, one, True)),
    "debit_fails": ("checkout.session", lambda world, one: money.debit(world, one, False)),
    "decline": ("checkout.session", money.decline),
    "challenge": ("checkout.session", money.challenge),
    "expire": ("checkout.session", money.expire),
    "dispute": ("charge", money.dispute),
    "win": ("dispute", lambda world, one: money.close_dispute(world, one, True)),
    "lose": ("dispute", lambda world, one: money.close_dispute(world, one, False)),
    "refund_succeeds": ("refund", lambda world, one: money.end_refund(world, one, True)),
    "refund_fails": ("refund", lambda world, one: money.end_refund(world, one, False)),
    "fail_payout": ("payout", money.fail_payout),
}


def act(world: World, name: str, id_: str, **facts: Any) -> Body:
    """`refund` of a charge and `pay_out` of an account take facts of their own."""
    try:
        if name == "pay_out":
            return money.pay_out(world, _account(world, id_), facts.get("live", True))
        if name == "refund":
            charge = _thing(world, "charge", id_)
            amount = facts.get("amount") or charge["amount_captured"] - charge["amount_refunded"]
            return money.refund(world, charge, amount, with_fee=facts.get("with_fee", False), metadata={}, reason=None)
        if name not in ACTS:
            raise Refused(f"acts are {', '.join((*ACTS, 'refund', 'pay_out'))}")
        kind, does = ACTS[name]
        return does(world, _thing(world, kind, id_))
    except Fault as fault:
        raise Refused(str(fault)) from None


def possible(world: World, thing: Body) -> list[str]:
    """What can happen to it next, for buttons."""
    kind, status = thing["object"], thing.get("status")
    if kind == "checkout.session" and status == "open":
        return ["pay", "pay_by_debit", "decline", "challenge", "expire"]
    if kind == "checkout.session" and thing["payment_status"] == "unpaid" and thing["payment_intent"]:
        waits = world.objects[thing["payment_intent"]]["status"] == "processing"
        return ["debit_succeeds", "debit_fails"] if waits else []
    if kind == "charge" and status == "succeeded" and not thing["refunded"]:
        return ["refund"] if thing["disputed"] else ["refund", "dispute"]
    if kind == "dispute" and status == "needs_response":
        return ["win", "lose"]
    if kind == "refund":
        return ["refund_succeeds", "refund_fails"] if status == "pending" else ["refund_fails"] * (status != "failed")
    return ["fail_payout"] if kind == "payout" and status == "paid" else []


def _thing(world: World, kind: str, id_: str) -> Body:
    found = world.objects.get(id_)
    if found is None or found["object"] != kind:
        raise Missing(f"no {kind} {id_}")
    return found


def _account(world: World, id_: str) -> str:
    if id_ not in world.accounts["stripe"]:
        raise Missing(f"no account {id_}")
    return id_
