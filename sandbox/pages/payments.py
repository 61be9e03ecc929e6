"""Stripe, HelloAsso and Bridge: their accounts, and buttons that send an event in whichever way."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.microsoft.directory import Refused
from sandbox.pages.doing import Form, act, going, page, state_of
from sandbox.payments import sending
from sandbox.payments.stripe import STATES
from sandbox.payments.world import HOWS
from sandbox.state import State

SHOWN = 30


@page
def payments(request: Request, state: State) -> tuple[str, dict[str, Any]]:
    world = state.payments
    found = {
        name: {"kinds": module.KINDS, "accounts": world.accounts[name], "address": sending.address_of(world, name)}
        for name, module in sending.PROVIDERS.items()
    }
    sent = list(reversed(world.sent[-SHOWN:]))
    return "payments.html", {"found": found, "hows": HOWS, "states": STATES, "sent": sent, "away": world.away}


async def send(request: Request) -> Response:
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    world = state_of(request).payments
    try:
        facts = (form.get("provider", ""), form.get("how", ""), form.get("kind", ""), form.get("account", ""))
        answers = await sending.send(world, *facts)
    except Refused as error:
        return going("/payments", refused=str(error))
    return going("/payments", said=f"Answered {', '.join(str(one['status']) for one in answers)}.")


@act
def add(request: Request, state: State, form: Form) -> tuple[str, str]:
    provider, account = form.get("provider", ""), form.get("account", "")
    if provider not in sending.PROVIDERS or not account:
        raise Refused("An account has a provider and an id.")
    facts = {"state": form["state"]} if provider == "stripe" and form.get("state") in STATES else {}
    sending.PROVIDERS[provider].add(state.payments, account, **facts)
    return "/payments", f"{account} is there."


@act
def settings(request: Request, state: State, form: Form) -> tuple[str, str]:
    provider = form.get("provider", "")
    if provider not in sending.PROVIDERS:
        raise Refused("There is no such provider.")
    state.payments.addresses[provider] = form.get("address", "")
    (state.payments.away.add if form.get("away") else state.payments.away.discard)(provider)
    return "/payments", f"{provider} sends to {sending.address_of(state.payments, provider)}."


routes = [
    Route("/payments", payments),
    Route("/payments/send", send, methods=["POST"]),
    Route("/payments/accounts", add, methods=["POST"]),
    Route("/payments/settings", settings, methods=["POST"]),
]
