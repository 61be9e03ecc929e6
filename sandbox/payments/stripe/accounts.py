"""Accounts of Stripe by both of its APIs, and the links by which somebody fills one in."""

import time
from datetime import UTC, datetime

from sandbox.payments.stripe.wire import Call, invalid, missing
from sandbox.payments.world import Body, World

STATES = ("pending", "active", "restricted", "rejected")
PARTS = ("configuration.merchant", "requirements", "defaults", "identity")
REQUIRED = ("contact_email", "display_name", "dashboard", "identity", "configuration", "defaults")


def add(world: World, account: str, **facts: object) -> Body:
    """An account; `state` is one of STATES, `gone`: it has left the platform."""
    known = world.accounts["stripe"].setdefault(
        account, {"id": account, "state": "pending", "name": "BDE", "gone": False}
    )
    known.update(facts)
    return known


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
        "applied_configurations": ["merchant"],
        "contact_email": known.get("email"),
        "created": known.get("created", "2026-09-01T08:00:00.000Z"),
        "dashboard": "full",
        "display_name": known["name"],
        "livemode": live,
        "metadata": known.get("metadata", {}),
        "configuration": {"merchant": {"applied": True, "capabilities": {"card_payments": capability}}}
        if "configuration.merchant" in included
        else None,
        "requirements": {"entries": entries} if "requirements" in included else None,
        "defaults": known.get("defaults", {}) if "defaults" in included else None,
        "identity": known.get("identity", {}) if "identity" in included else None,
    }


def of(call: Call) -> Body:
    known = call.world.accounts["stripe"].get(call.path["id"])
    if known is None or known["gone"]:
        raise invalid("The provided key does not have access to this account", "account_invalid", status=403)
    return known


def read_first(call: Call) -> Body:
    return first_api(of(call))


def read_second(call: Call) -> Body:
    return second_api(of(call), call.body.get("include", []), call.live)


def create(call: Call) -> Body:
    """As a platform for direct charges makes them: who bears fees and losses is said, and a country."""
    included = call.body.get("include", [])
    for name in call.body:
        if name not in (*REQUIRED, "include", "metadata"):
            raise invalid(f"Received unknown parameter: {name}", "parameter_unknown", name)
    for name in REQUIRED:
        if not call.body.get(name):
            raise invalid(f"Missing required param: {name}", "parameter_missing", name)
    if not (call.body["identity"].get("country") and call.body["defaults"].get("responsibilities")):
        raise invalid("Missing required param: identity.country", "parameter_missing", "identity.country")
    if unknown := [one for one in included if one not in PARTS]:
        raise invalid(f"Invalid include: {unknown[0]}", "parameter_invalid_enum", "include")
    made = add(
        call.world, call.world.new_id("acct_1"), name=call.body["display_name"], email=call.body["contact_email"],
        created=_moment(time.time()), identity=call.body["identity"], defaults=call.body["defaults"],
        metadata=call.body.get("metadata", {}), live=call.live,
    )  # fmt: skip
    return second_api(made, included, call.live)


def create_link(call: Call) -> Body:
    """Good once, for some minutes: it is the person who opens it that is let in."""
    account, case = call.body.get("account", ""), call.body.get("use_case") or {}
    if account not in call.world.accounts["stripe"]:
        raise missing("account", account)
    facts = case.get(case.get("type", ""), {})
    if case.get("type") not in ("account_onboarding", "account_update") or not facts.get("refresh_url"):
        raise invalid("Missing required param: use_case", "parameter_missing", "use_case")
    ticket = call.world.new_id("setup_")
    call.world.links[ticket] = {
        "account": account, "return_url": facts.get("return_url"), "refresh_url": facts["refresh_url"],
        "until": time.time() + 300, "live": call.live,
    }  # fmt: skip
    return {
        "object": "v2.core.account_link",
        "account": account,
        "url": f"{call.world.public_url}/stripe/setup/{ticket}",
        "created": _moment(time.time()),
        "expires_at": _moment(time.time() + 300),
        "livemode": call.live,
        "use_case": case,
    }


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
