"""Deliveries of the three providers: made for whoever asks, or posted to the product."""

from typing import Any

import httpx

from sandbox.microsoft.announcing import client
from sandbox.microsoft.directory import Refused
from sandbox.payments import bridge, helloasso, stripe
from sandbox.payments.world import HOWS, Delivery, World

PROVIDERS: dict[str, Any] = {"stripe": stripe, "helloasso": helloasso, "bridge": bridge}
ANSWER_SECONDS = 10


def address_of(world: World, provider: str) -> str:
    return world.addresses.get(provider) or f"{world.product_url}/api/v1/webhooks/{provider}"


def made(world: World, provider: str, how: str, kind: str, account: str) -> list[Delivery]:
    if provider not in PROVIDERS or how not in HOWS:
        raise Refused(f"providers are {', '.join(PROVIDERS)}; ways are {', '.join(HOWS)}")
    if not account:
        raise Refused("say which account it is about")
    return PROVIDERS[provider].deliveries(world, how, kind=kind or PROVIDERS[provider].KINDS[0], account=account)


async def send(world: World, provider: str, how: str, kind: str, account: str) -> list[dict[str, Any]]:
    """Posts them one after the other; what was answered to each."""
    address, answers = address_of(world, provider), []
    async with client(ANSWER_SECONDS) as http:
        for delivery in made(world, provider, how, kind, account):
            headers = {"content-type": "application/json", **delivery.headers}
            try:
                answer = await http.post(address, content=delivery.body.encode(), headers=headers)
                said = {"status": answer.status_code, "answer": answer.text[:300]}
            except httpx.HTTPError as fault:
                said = {"status": 0, "answer": type(fault).__name__}
            entry = {"provider": provider, "how": how, "kind": kind, "account": account, "address": address, **said}
            world.note(entry)
            answers.append(entry)
    return answers
