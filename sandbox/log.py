"""What the providers were asked: a journal that tests read and people look at. Secrets are not kept."""

import hashlib
import time
from collections import deque
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode

KEPT = 5000
SECRET_FIELDS = {"client_secret", "client_assertion", "code", "code_verifier", "refresh_token", "password"}


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


def masked_headers(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    shown = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "authorization":
            scheme, _, secret = value.partition(" ")
            value = f"{scheme} ***{fingerprint(secret)}"
        elif name in ("cookie", "x-vault-token"):
            value = "***"
        shown[name] = value
    return shown


def masked_form(body: bytes) -> str:
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, "***" if name in SECRET_FIELDS else value) for name, value in pairs], safe="*:/")


class RequestLog:
    """The last calls of the providers' addresses, oldest first."""

    def __init__(self) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._numbers = count(1)

    def begin(self, scope: dict[str, Any]) -> dict[str, Any]:
        headers = masked_headers(scope["headers"])
        path = scope["path"]
        entry = {
            "number": next(self._numbers),
            "at": time.time(),
            "provider": path.split("/")[1],
            "method": scope["method"],
            "path": path,
            "query": scope["query_string"].decode("latin-1"),
            "host": headers.get("host", ""),
            "headers": headers,
            "bearer": "authorization" in headers,
            "operation": None,
            "tid": None,
            "page": None,
            "faults": [],
            "body": None,
            "status": None,
            "seconds": None,
            "complete": False,
        }
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        self.entries.clear()

    def found(self, **wanted: str | None) -> list[dict[str, Any]]:
        path = wanted.pop("path", None)
        return [
            entry
            for entry in self.entries
            if (not path or path in entry["path"])
            and all(not value or _same(entry[name], value) for name, value in wanted.items())
        ]


def _same(value: Any, wanted: str) -> bool:
    return value == wanted or str(value or "").startswith(f"{wanted}.")
