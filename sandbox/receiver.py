"""Programs of somebody else that are sent webhooks: each name under /receiver/ is one, and answers as it was told to.

The headers are checked as Standard Webhooks says, when the receiver was given the secret.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.wire import transport_of

TOLERANCE = 300
KEPT = 5_000
LARGEST = 1024 * 1024


@dataclass
class Receiver:
    """How one receiver answers. `times`: so often, then 204 again; None for ever. `lines`: answers by turn."""

    status: int = 204
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cut: bool = False
    times: int | None = None
    secret: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)

    def turn(self) -> bool:
        """Whether this answer is as told, and not the usual one."""
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


def verdict(secret: str, headers: Any, body: bytes) -> str:
    """ "good", or what is wrong with the signature; "unchecked" without a secret."""
    if not secret:
        return "unchecked"
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isdigit():
        return "headers missing"
    if abs(time.time() - int(timestamp)) > TOLERANCE:
        return "too old"
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return "the secret is none"
    right = base64.b64encode(hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest())
    given = headers.get("webhook-signature", "").split(" ")
    return "good" if any(hmac.compare_digest(one, f"v1,{right.decode()}") for one in given) else "wrong signature"


async def receive(request: Request) -> Response:
    state = request.app.state.sandbox
    name = request.path_params["name"]
    receiver = state.receivers.setdefault(name, Receiver())
    body = await request.body()
    if len(body) > LARGEST:
        return Response("too large", 413)
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    shown = {one: request.headers.get(one, "") for one in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    usual = not receiver.turn()
    entry = {
        "at": time.time(),
        "headers": {**shown, "user-agent": request.headers.get("user-agent", "")},
        "said": said,
        "body": body.decode("utf-8", "replace"),
        "verdict": verdict(receiver.secret, request.headers, body),
        "status": 204 if usual else receiver.status,
    }
    receiver.messages.append(entry)
    del receiver.messages[:-KEPT]
    if usual:
        return Response(status_code=204)
    if receiver.seconds:
        await asyncio.sleep(receiver.seconds)
    if receiver.cut:
        transport_of(request.scope).abort()
    return Response(receiver.text or None, receiver.status, headers=receiver.headers)


routes = [Route("/{name}", receive, methods=["POST"])]
