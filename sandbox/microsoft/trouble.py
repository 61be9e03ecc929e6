"""Turning faults into what a client sees on the wire."""

import asyncio
import base64
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from sandbox.microsoft.answers import send_back
from sandbox.microsoft.errors import AadError, GraphError, aad_response
from sandbox.microsoft.faults import BREAKS, Fault, Trouble
from sandbox.wire import transport_of

Handler = Callable[[Request], Awaitable[Response]]

HTML_PAGE = """<!DOCTYPE html>
<html><head><title>Service</title></head><body><h1>Our services aren't available right now</h1></body></html>"""

# status, code, message
GRAPH_ERRORS = {
    "too_many_requests": (429, "TooManyRequests", "Too many requests."),
    "server_error": (500, "Service_InternalServerError", "Encountered an internal server error."),
    "bad_gateway": (502, "BadGateway", "Bad gateway."),
    "unavailable": (503, "ServiceUnavailable", "The service is temporarily unavailable."),
    "gateway_timeout": (504, "GatewayTimeout", "The gateway timed out."),
    "forbidden": (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    "not_found": (404, "Request_ResourceNotFound", "The resource does not exist."),
    "gone": (410, "resyncRequired", "Resync required."),
    "sync_state_not_found": (400, "syncStateNotFound", "The sync state generation is not found."),
    "page_token_expired": (400, "Directory_ExpiredPageToken", "The specified page token value has expired."),
    "token_expired": (401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    "claims_challenge": (401, "InvalidAuthenticationToken", "Continuous access evaluation resulted in challenge."),
}


class BrokenResponse(Response):
    """The right answer, which does not arrive whole."""

    def __init__(self, whole: Response, how: str):
        super().__init__(bytes(whole.body), whole.status_code, media_type="application/json")
        self.how = how

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        half = self.body[: max(1, len(self.body) // 2)]
        length = len(half) if self.how == "truncated" else len(self.body)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": half, "more_body": self.how != "truncated"})
        if self.how == "truncated":
            return
        await asyncio.sleep(0.02)  # let the first half arrive
        transport = transport_of(scope)
        if self.how == "reset":
            wire = transport.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            transport.close()
        await receive()


def note(request: Request, **facts: Any) -> None:
    """Write what is known of this call into the journal."""
    request.scope.get("sandbox.entry", {}).update(facts)


def take(request: Request, tid: str, operation: str, page: int = 1) -> Trouble:
    """The faults for this call, which is noted."""
    trouble = request.app.state.sandbox.faults.take(tid, operation, page, request.url.path)
    note(request, tid=tid, operation=operation, page=page, faults=trouble.names)
    return trouble


def retry_header(fault: Fault, default: float | None) -> dict[str, str]:
    """`retry_after` null means: no header."""
    value = fault.params.get("retry_after", default)
    if value is None:
        return {}
    return {"retry-after": str(value)}


def graph_error_of(fault: Fault, restart: str, tid: str) -> GraphError | None:
    """The Graph error of an answering fault, or None when it is no error body."""
    headers = _headers(fault, restart, tid)
    if fault.kind == "status":
        status, code = int(fault.number("status", 500)), fault.params.get("code", "UnknownError")
        return GraphError(status, code, fault.params.get("message", ""), headers)
    known = GRAPH_ERRORS.get(fault.kind)
    return GraphError(*known, headers) if known else None


def _headers(fault: Fault, restart: str, tid: str) -> dict[str, str]:
    if fault.kind == "too_many_requests":
        return retry_header(fault, 1) | {
            "x-ms-throttle-scope": f"Tenant_Application/ReadWrite/aaaaaaaa-0000-4000-8000-000000000001/{tid}",
            "x-ms-throttle-information": "ResourceUnitLimitExceeded",
            "x-ms-throttle-limit-percentage": "1.4",
        }
    if fault.kind == "gone":
        return {"location": restart}
    if fault.kind == "token_expired":
        return {"www-authenticate": 'Bearer realm=""'}
    if fault.kind == "claims_challenge":
        return {"www-authenticate": _challenge()}
    return retry_header(fault, None)


def _challenge() -> str:
    claims = base64.b64encode(
        json.dumps({"access_token": {"nbf": {"essential": True, "value": "1700000000"}}}).encode()
    )
    where = "https://login.microsoftonline.com/common/oauth2/authorize"
    return f'Bearer realm="", authorization_uri="{where}", error="insufficient_claims", claims="{claims.decode()}"'


def plain_answer(fault: Fault) -> Response | None:
    """Answers that look the same everywhere."""
    if fault.kind == "html":
        return HTMLResponse(HTML_PAGE, 200)
    if fault.kind == "empty_body":
        return Response(b"", 200, media_type="application/json")
    if fault.kind == "redirect":
        return RedirectResponse(fault.params.get("location", "https://elsewhere.example/"), 302)
    return None


# -- identity ---------------------------------------------------------------------------------------------


def _identity_answer(request: Request, fault: Fault, operation: str) -> Response:
    if fault.kind == "aadsts":
        return _identity_error(request, AadError(int(fault.number("code", 65001))), operation)
    if answer := plain_answer(fault):
        return answer
    error = graph_error_of(fault, str(request.url), "")
    if error is None:
        return JSONResponse({"error": "server_error"}, 500)
    if error.status >= 500:
        return HTMLResponse(HTML_PAGE, error.status, headers=error.headers)
    name = (
        "temporarily_unavailable"
        if error.status == 429
        else "invalid_client"
        if error.status == 401
        else "invalid_request"
    )
    body = {"error": name, "error_description": f"AADSTS90000: {error.message}", "error_codes": [90000]}
    return JSONResponse(body, error.status, headers=error.headers)


def _identity_error(request: Request, error: AadError, operation: str) -> Response:
    if operation in ("authorize", "adminconsent") and "redirect_uri" in request.query_params:
        name = error.known.suberror or error.known.error
        return send_back(request, {"error": name, "error_description": error.described()})
    return aad_response(error, request)


def troubled(operation: str | Callable[[Request], Awaitable[str]]) -> Callable[[Handler], Handler]:
    """An identity endpoint that faults can disturb."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def wrapped(request: Request) -> Response:
            name = operation if isinstance(operation, str) else await operation(request)
            trouble = take(request, request.path_params.get("tenant", "*"), name)
            await asyncio.sleep(trouble.seconds)
            fault = trouble.answer
            if fault and fault.kind not in BREAKS:
                return _identity_answer(request, fault, name)
            response = await handler(request)
            return BrokenResponse(response, fault.kind) if fault else response

        return wrapped

    return decorate
