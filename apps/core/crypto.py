"""Sealing text that the database must not show (OPS-4): AES-256-GCM, versioned keys, bound to its place.

`FIELD_KEYS` holds the keys, newest first: the first seals, all of them open. A sealed text names its key, so keys
can be added and, once nothing is sealed with them any more, removed (docs/runbooks/rotate-keys.md). The place (school,
model, field, row) is authenticated but not stored: the same bytes moved elsewhere do not open.
"""

import base64
import hashlib
import hmac
import json
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FORMAT = "s1"
NONCE = 12  # bytes
Place = tuple[str, ...]


class CannotOpen(Exception):
    """Sealed with a key that is not in FIELD_KEYS, changed, or moved from another place."""


def seal(text: str, place: Place) -> str:
    """Text for this place only, under the newest key. Sealing twice gives two different results."""
    key_id = newest_key()
    nonce = os.urandom(NONCE)
    body = _keys()[key_id].encrypt(nonce, text.encode("utf-8", "surrogatepass"), _bound(place))
    return f"{FORMAT}.{key_id}.{base64.urlsafe_b64encode(nonce + body).decode()}"


def unseal(sealed: str, place: Place) -> str:
    """The text that was sealed for exactly this place. Raises CannotOpen."""
    key = _keys().get(key_of(sealed))
    if key is None:
        raise CannotOpen(f"sealed with the key {key_of(sealed)!r}, which is not in FIELD_KEYS")
    try:
        text = sealed.rsplit(".", 1)[1]
        body = base64.urlsafe_b64decode(text)
        if base64.urlsafe_b64encode(body).decode() != text:  # there is one way to write it, so one row means one text
            raise ValueError
        return key.decrypt(body[:NONCE], body[NONCE:], _bound(place)).decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError):
        raise CannotOpen("changed, or sealed for another place") from None


def derived_keys(purpose: str) -> dict[str, bytes]:
    """A key for this purpose out of each key, by the names of the keys, newest first: for keyed hashes (PINs)."""
    raw = [base64.b64decode(key, altchars=b"-_", validate=True) for key in settings.FIELD_KEYS]
    return {
        name: hmac.digest(key, f"campanile:{purpose}".encode(), "sha256")
        for name, key in zip(_keys(), raw, strict=True)
    }


def key_of(sealed: str) -> str:
    """The id of the key a text was sealed with. Raises CannotOpen for what was never sealed."""
    parts = sealed.split(".")
    if len(parts) != 3 or parts[0] != FORMAT:
        raise CannotOpen("not a sealed text")
    return parts[1]


def newest_key() -> str:
    """The id of the key that seals."""
    return next(iter(_keys()))


def known_keys() -> list[str]:
    """The ids of all keys, newest first. An id is a fingerprint: it tells nothing about its key."""
    return list(_keys())


def _keys() -> dict[str, AESGCM]:
    return _parsed(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=8)
def _parsed(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    raw = [base64.b64decode(key, altchars=b"-_", validate=True) for key in keys]
    return {hashlib.sha256(b"campanile field key " + key).hexdigest()[:8]: AESGCM(key) for key in raw}


def _bound(place: Place) -> bytes:
    return json.dumps([FORMAT, *place]).encode()
