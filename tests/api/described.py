"""A client that believes nothing: every answer must be one that docs/openapi describes, to the last key."""

import json
import re
from copy import deepcopy
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from apps.core.api import openapi
from tests.conftest import HostClient

BASE = "/api/v1/"


@lru_cache(maxsize=2)
def closed(host: str) -> dict[str, Any]:
    """The description, in which an object has the keys that are named and no others."""
    found = deepcopy(openapi.as_json(host))
    for schema in found["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return found


def operation_at(host: str, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """The described operation at an address; fixed paths before those with a variable."""
    for template in sorted(closed(host)["paths"], key=lambda one: one.count("{")):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            found = closed(host)["paths"][template].get(method.lower())
            return (template, found) if found else None
    return None


def resolved(host: str, entry: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in entry:
        found: Any = closed(host)
        for part in entry["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        entry = found
    return entry


def check(host: str, method: str, path: str, response: Any) -> None:
    found = operation_at(host, method, path)
    if found is None:
        assert response.status_code in (404, 405), f"{method} {path} is not described: {response.status_code}"
        assert response["Content-Type"] == "application/problem+json"
        return
    template, operation = found
    status = str(response.status_code)
    assert status in operation["responses"], f"{method} {template} does not describe {status}: {response.content[:300]}"
    described = resolved(host, operation["responses"][status])
    for name, header in described.get("headers", {}).items():
        if name in ("ETag", "X-Request-ID"):
            assert name in response, f"{method} {template} {status} promises {name}"
        resolved(host, header)
    if not described.get("content"):
        assert response.content == b"", f"{method} {template} {status} has a body"
        return
    kind, entry = next(iter(described["content"].items()))
    assert response["Content-Type"] == kind, f"{method} {template} {status}: {response['Content-Type']}"
    schema = {**entry["schema"], "components": closed(host)["components"]}
    faults = [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(schema).iter_errors(response.json())]
    assert not faults, f"{method} {template} {status}\n" + "\n".join(faults)


class Program(HostClient):
    """Speaks JSON below /api/v1/ with a bearer token (or none), and checks each answer."""

    def __init__(self, host: str, token: str = "", *, of: str = openapi.SCHOOL) -> None:
        super().__init__(host)
        self.token, self.of = token, of

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["authorization"] = f"Bearer {self.token}"
        data = b"" if body is None else json.dumps(body).encode()
        address = BASE + path
        response = self.generic(method, address, data, "application/json", headers=sent)
        check(self.of, method, urlsplit(address).path, response)
        return response

    def get_(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def send(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def change(self, path: str, body: Any, tag: str = "*", **headers: str) -> Any:
        return self.call("PATCH", path, body, if_match=tag, **headers)

    def delete_(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)
