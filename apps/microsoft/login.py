"""The door to Microsoft's login host: msal speaks to it through our own HTTP client and only there.

msal insists on https and on Microsoft's own host name. It is given the real addresses; this module translates
them to `login_url` and back, so that the same code path runs against Microsoft and against a simulator.
"""

import json
import re
from typing import Any, Final

import httpx
import msal

from apps.integrations import http

from .registration import REAL_LOGIN_URL, MicrosoftApp

ORGANISATIONS: Final = "organizations"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LIMITS = http.Limits(seconds=20.0, size=1024 * 1024, tries=1)

# Everything that msal, which trusts its provider, raises on answers that make no sense or do not come.
MSAL_FAULTS = (ValueError, RuntimeError, KeyError, IndexError, TypeError, AttributeError, OSError)


class LoginUnavailable(Exception):
    """The login host does not answer, or asks for patience."""


class LoginConfused(Exception):
    """The login host sent something that is not its protocol."""


def is_guid(value: object) -> bool:
    return isinstance(value, str) and GUID.fullmatch(value) is not None


def require_tenant(tenant_id: str) -> str:
    """A tenant becomes a path segment of addresses that receive our secret: nothing else may pass."""
    if tenant_id == ORGANISATIONS or is_guid(tenant_id):
        return tenant_id
    raise ValueError("a Microsoft organisation is named by its id in lower case")


class LoginHttp:
    """What msal needs of an HTTP client, on ours. A connection per call survives a fork."""

    def __init__(self, login_url: str) -> None:
        self._login_url = login_url

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self._call("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self._call("POST", url, **options)

    def close(self) -> None:
        """Nothing is kept open."""

    def _call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        data: dict[str, Any] | None = None,
    ) -> httpx.Response:
        if not url.startswith(REAL_LOGIN_URL + "/"):
            raise LoginConfused("an address outside the login host")
        try:
            with http.client("microsoft-login", limits=LIMITS) as web:
                address = to_configured(url, self._login_url)
                answer = web.request(method, address, headers=headers, params=params, data=data)
        except httpx.RequestError as fault:
            raise LoginUnavailable(type(fault).__name__) from fault
        if answer.status_code == 429 or answer.status_code >= 500:
            raise LoginUnavailable(f"status {answer.status_code}")
        return self._understood(answer)

    def _understood(self, answer: httpx.Response) -> httpx.Response:
        """Only JSON objects reach msal: it logs whole answers, tokens included, that it cannot parse."""
        try:
            body = json.loads(answer.content)
        except ValueError:
            raise LoginConfused("not JSON") from None
        if not isinstance(body, dict):
            raise LoginConfused("not an object")
        text = json.dumps(_to_real(body, self._login_url))
        return httpx.Response(answer.status_code, headers=answer.headers, text=text)


def to_configured(url: str, login_url: str) -> str:
    """Microsoft's address as the one that is configured."""
    return login_url + url.removeprefix(REAL_LOGIN_URL) if url.startswith(REAL_LOGIN_URL + "/") else url


def _to_real(body: dict[str, Any], login_url: str) -> dict[str, Any]:
    return {
        name: REAL_LOGIN_URL + value.removeprefix(login_url)
        if isinstance(value, str) and value.startswith(login_url + "/")
        else value
        for name, value in body.items()
    }


def msal_client(app: MicrosoftApp, tenant_id: str, *, secret: str) -> Any:
    """A msal application with a memory of its own. It asks the login host for its endpoints at once."""
    return msal.ConfidentialClientApplication(
        app.client_id,
        client_credential=secret,
        authority=f"{REAL_LOGIN_URL}/{require_tenant(tenant_id)}",
        instance_discovery=False,
        http_client=LoginHttp(app.login_url),
        http_cache={},
        client_capabilities=["CP1"],
        exclude_scopes=["offline_access"],
    )
