"""`/vault/v1/…`: reading a secret, and signing in as a role, with Vault's status codes and error bodies."""

import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TOKEN = "sandbox-vault-token"
ROLE_ID = "aaaaaaaa-0000-4000-8000-0000000000a1"
SECRET_ID = "aaaaaaaa-0000-4000-8000-0000000000a2"


@dataclass
class Vault:
    """Key-value stores by mount, the tokens that may read, and whether it is sealed."""

    stores: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)  # mount -> path -> versions
    version_one: set[str] = field(default_factory=set)  # mounts of the old kind
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    forbidden: set[str] = field(default_factory=set)  # "mount/path" that the policy leaves out
    sealed: bool = False

    def write(self, mount: str, path: str, data: dict[str, Any] | None) -> None:
        """A new version; None deletes the newest."""
        versions = self.stores.setdefault(mount, {}).setdefault(path, [])
        if data is not None:
            versions.append({"data": data, "created": time.time(), "deleted": 0.0})
        elif versions:
            versions[-1]["deleted"] = time.time()


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z") if at else ""


def _errors(status: int, *texts: str) -> JSONResponse:
    return JSONResponse({"errors": list(texts)}, status)


def _answer(**parts: Any) -> JSONResponse:
    return JSONResponse({"request_id": secrets.token_hex(16), "lease_id": "", "renewable": False, **parts})


def _vault(request: Request) -> Vault:
    return request.app.state.sandbox.vault


async def read_data(request: Request) -> JSONResponse:
    vault, mount, path = _vault(request), request.path_params["mount"], request.path_params["path"]
    if vault.sealed:
        return _errors(503, "Vault is sealed")
    if request.headers.get("x-vault-token") not in vault.tokens or f"{mount}/{path}" in vault.forbidden:
        return _errors(403, "permission denied")
    if mount not in vault.stores:
        return _errors(404, f'no handler for route "{mount}/data/{path}". route entry not found.')
    versions = vault.stores[mount].get(path)
    if not versions:
        return _errors(404)
    newest = versions[-1]
    if mount in vault.version_one:
        return _answer(data=newest["data"], lease_duration=2764800)
    metadata = {
        "created_time": _moment(newest["created"]),
        "deletion_time": _moment(newest["deleted"]),
        "destroyed": False,
        "version": len(versions),
        "custom_metadata": None,
    }
    if newest["deleted"]:
        return JSONResponse({"data": {"data": None, "metadata": metadata}}, 404)
    return _answer(data={"data": newest["data"], "metadata": metadata}, lease_duration=0)


async def sign_in(request: Request) -> JSONResponse:
    vault = _vault(request)
    if vault.sealed:
        return _errors(503, "Vault is sealed")
    try:
        body = json.loads(await request.body())
    except ValueError:
        return _errors(400, "error parsing JSON")
    if (body.get("role_id"), body.get("secret_id")) != (ROLE_ID, SECRET_ID):
        return _errors(400, "invalid role or secret ID")
    token = "hvs." + secrets.token_urlsafe(24)
    vault.tokens.add(token)
    return _answer(data=None, auth={"client_token": token, "policies": ["default"], "lease_duration": 3600})


routes = [
    Route("/auth/approle/login", sign_in, methods=["POST", "PUT"]),
    Route("/{mount}/data/{path:path}", read_data),
]
