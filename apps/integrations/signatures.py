"""The signatures of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and body.

Verified before the body is looked at. Times of the sender may be five minutes off.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

PREFIX: Final = "whsec_"
TOLERANCE: Final = 300  # seconds
SECRET_BYTES: Final = 32
LONGEST_ID: Final = 200
MOST_SIGNATURES: Final = 10
_DIGITS = re.compile(r"[0-9]{1,12}")
Key = TypeVar("Key")


class NotSigned(Exception):
    """Nobody who holds a live secret signed this, or not now. `reason` is for the log, never for the sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Signed:
    """The three headers of a message. Raises nothing: what is missing is empty."""

    message_id: str
    timestamp: str
    signatures: str

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Signed":
        return cls(*(headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")))


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature` for one secret."""
    return "v1," + base64.b64encode(_mac(key_of(secret), message_id, str(timestamp), body)).decode()


def verify(signed: Signed, body: bytes, secrets_of: Iterable[tuple[Key, str]], *, now: float) -> Key:
    """Whose secret signed it; any of several signatures will do. `now` in seconds since 1970. Raises NotSigned."""
    if not 0 < len(signed.message_id) <= LONGEST_ID or not _DIGITS.fullmatch(signed.timestamp):
        raise NotSigned("headers")
    if abs(now - int(signed.timestamp)) > TOLERANCE:
        raise NotSigned("time")
    given = _given(signed.signatures)
    if not given:
        raise NotSigned("no signature")
    found: list[Key] = []
    for key, secret in secrets_of:
        right = _mac(key_of(secret), signed.message_id, signed.timestamp, body)
        if sum(hmac.compare_digest(right, one) for one in given):  # all of them are looked at, whatever the first says
            found.append(key)
    if not found:
        raise NotSigned("signature")
    return found[0]


def key_of(secret: str) -> bytes:
    """The bytes of a secret as it is shown to people, with or without its prefix."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def _mac(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    return hmac.new(key, b".".join((message_id.encode(), timestamp.encode(), body)), hashlib.sha256).digest()


def _given(header: str) -> list[bytes]:
    found = []
    for part in header.split(" ")[:MOST_SIGNATURES]:
        version, _comma, text = part.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(text, validate=True))
            except (ValueError, binascii.Error):
                continue
    return found
