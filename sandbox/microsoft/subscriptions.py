"""Change notifications: subscriptions with the validation handshake, renewal and end."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.microsoft.announcing import client, is_acceptable
from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.graph import GROUP_READ, METADATA, USER_BASIC, Answer, Call, endpoint
from sandbox.microsoft.query import bad

LONGEST = timedelta(minutes=41_760)
HANDSHAKE_SECONDS = 10


def _expiry(call: Call, text: Any) -> str:
    try:
        when = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        raise bad("expirationDateTime is not a date.", "ValidationError") from None
    now = datetime.fromtimestamp(call.state.now(), UTC)
    if when.tzinfo is None or not now < when <= now + LONGEST + timedelta(minutes=5):
        raise bad("Subscription expiration can only be in the next 41760 minutes.", "ValidationError")
    return str(text)


async def _shake_hands(address: str) -> None:
    """The address must send the token back as plain text, within ten seconds."""
    token = (
        f"Validation: Testing client application reachability for subscription Request-Id: {secrets.token_hex(8)} <&+%>"
    )
    try:
        async with client(HANDSHAKE_SECONDS) as http:
            answer = await http.post(address, params={"validationToken": token}, headers={"content-type": "text/plain"})
    except httpx.HTTPError as error:
        raise bad(f"Subscription validation request failed. {type(error).__name__}.", "ValidationError") from None
    kind = answer.headers.get("content-type", "")
    if answer.status_code != 200 or answer.text != token or not kind.startswith("text/plain"):
        raise bad(
            f"Subscription validation request failed. HTTP status code is '{answer.status_code}'.", "ValidationError"
        )


def _shown(subscription: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in subscription.items() if name != "tenantId"}


def _own(call: Call) -> dict[str, Any]:
    call.state.living_subscriptions()
    subscription = call.state.subscriptions.get(call.request.path_params["id"])
    if subscription is None or subscription["tenantId"] != call.organisation.tid:
        raise GraphError(404, "ResourceNotFound", "The object was not found.")
    return subscription


@endpoint("subscriptions")
async def subscriptions(call: Call) -> Answer:
    if call.request.method == "GET":
        own = [_shown(s) for s in call.state.living_subscriptions() if s["tenantId"] == call.organisation.tid]
        return {"@odata.context": f"{METADATA}subscriptions", "value": own}
    return await _create(call)


async def _create(call: Call) -> Answer:
    try:
        wanted = await call.request.json()
        resource, address, change = str(wanted["resource"]), str(wanted["notificationUrl"]), str(wanted["changeType"])
    except (ValueError, KeyError, TypeError):
        raise bad("resource, changeType and notificationUrl are required.", "InvalidRequest") from None
    call.require(USER_BASIC if resource.lstrip("/").lower().startswith("users") else GROUP_READ)
    expiry = _expiry(call, wanted.get("expirationDateTime"))
    if len(str(wanted.get("clientState") or "")) > 128:
        raise bad("clientState is too long.", "InvalidRequest")
    for url in filter(None, (address, wanted.get("lifecycleNotificationUrl"))):
        if not is_acceptable(str(url)):
            raise bad("The notification URL must use https.", "InvalidRequest")
        await _shake_hands(url)
    subscription = {
        "id": str(uuid.uuid4()),
        "resource": resource,
        "applicationId": call.access.client_id,
        "changeType": change,
        "clientState": wanted.get("clientState"),
        "notificationUrl": address,
        "lifecycleNotificationUrl": wanted.get("lifecycleNotificationUrl"),
        "expirationDateTime": expiry,
        "creatorId": call.access.client_id,
        "tenantId": call.organisation.tid,
    }
    call.state.subscriptions[subscription["id"]] = subscription
    call.state.changed()
    return JSONResponse({"@odata.context": f"{METADATA}subscriptions/$entity"} | _shown(subscription), 201)


@endpoint("subscriptions")
async def subscription(call: Call) -> Answer:
    own = _own(call)
    if call.request.method == "DELETE":
        del call.state.subscriptions[own["id"]]
        call.state.changed()
        return Response(status_code=204)
    if call.request.method == "PATCH":
        try:
            own["expirationDateTime"] = _expiry(call, (await call.request.json())["expirationDateTime"])
        except (ValueError, KeyError, TypeError):
            raise bad("expirationDateTime is required.", "InvalidRequest") from None
        call.state.changed()
    return {"@odata.context": f"{METADATA}subscriptions/$entity"} | _shown(own)


@endpoint("subscriptions")
async def reauthorize(call: Call) -> Answer:
    _own(call)
    return Response(status_code=204)


routes = [
    Route("/subscriptions", subscriptions, methods=["GET", "POST"]),
    Route("/subscriptions/{id}", subscription, methods=["GET", "PATCH", "DELETE"]),
    Route("/subscriptions/{id}/reauthorize", reauthorize, methods=["POST"]),
]
