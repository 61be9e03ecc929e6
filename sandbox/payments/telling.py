"""What happened is told by webhooks: at once, late, twice, in the wrong order, or never.

`held`: nothing goes out by itself; whoever plays the product's part asks for what there is.
"""

import asyncio
from typing import Any

import httpx

from sandbox.payments.world import Body, World

WAYS = {
    "now": "at once, in order",
    "late": "after half a minute",
    "doubled": "everything twice",
    "reordered": "what belongs together in the wrong order",
    "lost": "never",
    "held": "only when asked for",
}
WAITS = {"now": 0.05, "doubled": 0.05, "reordered": 1.0, "late": 30.0}
AGAIN = (2.0, 10.0, 60.0)  # seconds after which what was not taken is sent again
_tasks: set[asyncio.Task[Any]] = set()


def tell(world: World, provider: str, made: Body) -> None:
    way = world.telling.get(provider, "held")
    world.told.append({"provider": provider, "made": made, "way": way})
    del world.told[:-2000]
    if way in WAITS:
        world.waiting.setdefault(provider, []).append(made)
        _spawn(_soon(world, provider, way))


def tell_again(world: World, provider: str, made: Body) -> None:
    _spawn(_post(world, provider, made))


def _spawn(work: Any) -> None:
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _soon(world: World, provider: str, way: str) -> None:
    await asyncio.sleep(WAITS[way])
    batch, world.waiting[provider] = world.waiting.get(provider, []), []
    if way == "reordered":
        batch.reverse()
    for made in batch:
        for _ in range(2 if way == "doubled" else 1):
            await _post(world, provider, made)


async def _post(world: World, provider: str, made: Body) -> None:
    from sandbox.payments import sending  # which knows the providers, and they know this module

    address, kind = sending.address_of(world, provider), str(made.get("type") or made.get("eventType"))
    for pause in (*AGAIN, 0.0):
        delivery = sending.PROVIDERS[provider].signed(world, made)
        headers = {"content-type": "application/json", **delivery.headers}
        try:
            async with sending.client(sending.ANSWER_SECONDS) as http:
                answer = await http.post(address, content=delivery.body.encode(), headers=headers)
            status, said = answer.status_code, answer.text[:300]
        except httpx.HTTPError as fault:
            status, said = 0, type(fault).__name__
        entry = {"provider": provider, "how": "by itself", "kind": kind, "account": str(made.get("account") or "")}
        world.note({**entry, "address": address, "status": status, "answer": said})
        if 200 <= status < 300 or not pause:
            return
        await asyncio.sleep(pause)
