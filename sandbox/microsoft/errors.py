"""Error bodies as Microsoft writes them."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse


@dataclass(frozen=True, slots=True)
class Code:
    status: int
    error: str
    text: str
    suberror: str = ""


AADSTS = {
    16000: Code(400, "interaction_required", "User account does not exist in the tenant and cannot access the app."),
    50011: Code(400, "invalid_request", "The redirect URI specified in the request does not match the redirect URIs configured for the application."),
    50020: Code(400, "invalid_grant", "User account from identity provider does not exist in tenant and cannot access the application in that tenant."),
    50033: Code(400, "temporarily_unavailable", "A transient error has occurred. Please try again."),
    50034: Code(400, "invalid_grant", "The user account does not exist in the directory."),
    50053: Code(400, "invalid_grant", "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."),
    50055: Code(400, "invalid_grant", "The password is expired."),
    50057: Code(400, "invalid_grant", "The user account is disabled."),
    50058: Code(400, "login_required", "A silent sign-in request was sent but no user is signed in."),
    50072: Code(400, "interaction_required", "User needs to enroll for second factor authentication."),
    50076: Code(400, "interaction_required", "Due to a configuration change made by your administrator, you must use multi-factor authentication.", "basic_action"),
    50079: Code(400, "interaction_required", "User needs to enroll for second factor authentication."),
    50105: Code(400, "interaction_required", "The signed in user is not assigned to a role for the application."),
    50173: Code(400, "invalid_grant", "The provided grant has expired due to it being revoked."),
    50194: Code(400, "invalid_request", "Application is not configured as a multi-tenant application."),
    50196: Code(400, "server_error", "The server terminated an operation because it encountered a client request loop."),
    53003: Code(400, "access_denied", "Access has been blocked by Conditional Access policies."),
    54005: Code(400, "invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."),
    65001: Code(400, "invalid_grant", "The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.", "consent_required"),
    65004: Code(400, "access_denied", "User declined to consent to access the app."),
    70000: Code(400, "invalid_grant", "Provided grant is invalid or malformed."),
    70002: Code(401, "invalid_client", "The client is not authorized to use this grant."),
    70003: Code(400, "unsupported_grant_type", "The app requested an unsupported grant type."),
    70008: Code(400, "invalid_grant", "The provided authorization code or refresh token has expired due to inactivity."),
    70011: Code(400, "invalid_scope", "The provided value for the input parameter 'scope' is not valid."),
    70043: Code(400, "invalid_grant", "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.", "bad_token"),
    90002: Code(400, "invalid_request", "Tenant not found. Check to make sure you have the correct tenant ID."),
    90006: Code(400, "temporarily_unavailable", "The service is temporarily unavailable. Please try again."),
    90014: Code(400, "invalid_request", "The required field is missing from the credential or request."),
    90094: Code(400, "consent_required", "An administrator of the organisation has set a policy that prevents you from granting the permissions that the app requests."),
    501481: Code(400, "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in the authorization request."),
    650056: Code(400, "unauthorized_client", "Misconfigured application."),
    700016: Code(400, "unauthorized_client", "Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."),
    7000215: Code(401, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID."),
    7000222: Code(401, "invalid_client", "The provided client secret keys are expired."),
}  # fmt: skip


class AadError(Exception):
    """An error of the identity provider, by its AADSTS number."""

    def __init__(self, code: int, detail: str = ""):
        self.code = code
        self.known = AADSTS.get(code, Code(400, "invalid_request", "The request is not valid."))
        self.text = f"{self.known.text} {detail}".strip()

    def described(self) -> str:
        trace, correlation, stamp = _trace()
        return f"AADSTS{self.code}: {self.text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {stamp}"


def _trace() -> tuple[str, str, str]:
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return str(uuid.uuid4()), str(uuid.uuid4()), stamp


def aad_response(error: AadError, request: Request | None = None) -> JSONResponse:
    trace, correlation, stamp = _trace()
    correlation = (request and request.headers.get("client-request-id")) or correlation
    body: dict[str, Any] = {
        "error": error.known.error,
        "error_description": f"AADSTS{error.code}: {error.text}\r\nTrace ID: {trace}\r\n"
        f"Correlation ID: {correlation}\r\nTimestamp: {stamp}",
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
