"""$batch: up to twenty calls in one; each has its own answer and its own trouble."""

import json
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from sandbox.microsoft.errors import GraphError
from sandbox.microsoft.graph import Answer, Call, endpoint

MOST = 20


def _bad(message: str) -> GraphError:
    return GraphError(400, "BadRequest", message)


def _well_formed(call: Any) -> bool:
    """An object with the parts that a call has, each of its type."""
    kinds = {"id": str, "url": str, "method": str}
    optional = {"headers": dict, "dependsOn": list}
    return (
        isinstance(call, dict)
        and all(isinstance(call.get(name), kind) for name, kind in kinds.items())
        and all(isinstance(call.get(name), kind | None) for name, kind in optional.items())
        and call["method"].isascii()
        and "[" not in call["url"]
    )


async def _calls(request: Request) -> list[dict[str, Any]]:
    try:
        calls = (await request.json())["requests"]
    except (ValueError, KeyError, TypeError):
        raise _bad("Invalid batch payload format.") from None
    if not isinstance(calls, list) or not all(map(_well_formed, calls)):
        raise _bad("Invalid batch payload format.")
    if len(calls) > MOST:
        raise _bad(f"Number of batch request steps exceeds the maximum value of {MOST}.")
    if len({call["id"] for call in calls}) != len(calls):
        raise _bad("Request Id cannot be repeated in a batch request.")
    return calls


async def _run(call: Call, inner: dict[str, Any]) -> dict[str, Any]:
    """One call of the batch, through the same routes."""
    address = urlsplit(inner["url"])
    path = f"/graph/v1.0/{address.path.lstrip('/')}"
    headers = {
        name.lower(): str(value).encode("ascii", "replace").decode()
        for name, value in (inner.get("headers") or {}).items()
    }
    headers["authorization"] = call.request.headers["authorization"]
    body = json.dumps(inner["body"]).encode() if "body" in inner else b""
    scope = call.request.scope | {
        "method": inner["method"].upper(),
        "path": path,
        "root_path": "",
        "query_string": address.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    scope.pop("sandbox.entry", None)
    scope.pop("path_params", None)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await call.request.app.router(scope, receive, send)
    return _collected(inner["id"], sent)


def _collected(id_: str, sent: list[dict[str, Any]]) -> dict[str, Any]:
    text = b"".join(message.get("body", b"") for message in sent[1:])
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    try:
        body: Any = json.loads(text) if text else None
    except ValueError:
        body = text.decode("utf-8", "replace")
    kept = {name: value for name, value in headers.items() if name in ("retry-after", "location", "content-type")}
    return {"id": id_, "status": sent[0]["status"], "headers": kept, "body": body}


@endpoint("batch")
async def batch(call: Call) -> Answer:
    calls = await _calls(call.request)
    answers: dict[str, dict[str, Any]] = {}
    for inner in calls:
        if any(answers.get(str(needed), {"status": 424})["status"] >= 400 for needed in inner.get("dependsOn") or []):
            error = {"error": {"code": "FailedDependency", "message": "A call that this one depends on has failed."}}
            answers[inner["id"]] = {"id": inner["id"], "status": 424, "headers": {}, "body": error}
            continue
        answers[inner["id"]] = await _run(call, inner)
    return {"responses": list(reversed(answers.values()))}  # the order of answers is free: not the one of the calls
