"""Error bodies as Microsoft writes them."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse


@dataclass(frozen=True, slots=True)
class Code:
    status: int
    error: str
    text: str
    suberror: str = ""


def _documented() -> dict[int, Code]:
    lines = (Path(__file__).parent / "aadsts.txt").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]
    return {int(number): Code(int(status), error, text, suberror) for number, status, error, suberror, text in rows}


AADSTS = _documented()


class AadError(Exception):
    """An error of the identity provider, by its AADSTS number."""

    def __init__(self, code: int, detail: str = ""):
        self.code = code
        self.known = AADSTS.get(code, Code(400, "invalid_request", "The request is not valid."))
        self.text = f"{self.known.text} {detail}".strip()

    def described(self, correlation: str = "") -> str:
        """The long text, as it comes in `error_description`."""
        trace, fresh, stamp = _trace()
        return _description(self, trace, correlation or fresh, stamp)


def _description(error: AadError, trace: str, correlation: str, stamp: str) -> str:
    lines = [f"AADSTS{error.code}: {error.text}", f"Trace ID: {trace}", f"Correlation ID: {correlation}"]
    return "\r\n".join([*lines, f"Timestamp: {stamp}"])


def _trace() -> tuple[str, str, str]:
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return str(uuid.uuid4()), str(uuid.uuid4()), stamp


def aad_response(error: AadError, request: Request | None = None) -> JSONResponse:
    trace, correlation, stamp = _trace()
    correlation = (request and request.headers.get("client-request-id")) or correlation
    body: dict[str, Any] = {
        "error": error.known.error,
        "error_description": _description(error, trace, correlation, stamp),
        "error_codes": [error.code],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={error.code}",
    }
    if error.known.suberror:
        body["suberror"] = error.known.suberror
    return JSONResponse(body, error.known.status, headers={"cache-control": "no-store"})


class GraphError(Exception):
    """An error of Graph."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None):
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


def graph_error_body(error: GraphError, ids: dict[str, str]) -> dict[str, Any]:
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    inner = {"date": stamp, "request-id": ids["request-id"], "client-request-id": ids["client-request-id"]}
    return {"error": {"code": error.code, "message": error.message, "innerError": inner}}
