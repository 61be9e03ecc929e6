"""Our own validation of Microsoft's ID tokens. msal checks the nonce and nothing else.

Every promise of the checklist is one line of `validate_id_token`; a token passes all or nobody is signed in.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from apps.integrations import http

from .login import is_guid
from .refusals import Reason

PERSONAL_ACCOUNTS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
ALGORITHM: Final = "RS256"
SKEW_SECONDS: Final = 120
LONGEST_TOKEN: Final = 16 * 1024
SMALLEST_KEY_BITS: Final = 2048


class InvalidToken(Exception):
    """A token that proves nothing. The text names the rule, never a value of the token."""

    def __init__(self, rule: str, reason: Reason = Reason.NOT_TRUSTED) -> None:
        super().__init__(rule)
        self.rule = rule
        self.reason = reason


class KeysUnavailable(Exception):
    """Microsoft's signing keys could not be read and none are remembered."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: RSAPublicKey
    issuer: str  # "" = any; may hold the placeholder {tenantid}


class SigningKeys:
    """The public keys of one login host: remembered a day, asked again for an unknown one, rarely.

    At most every half minute: a token's `kid` is written by whoever wrote the token.
    """

    LIFETIME: Final = 24 * 3600.0
    STALE_LIFETIME: Final = 48 * 3600.0
    PAUSE: Final = 30.0

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[str, SigningKey] = {}
        self._read_at: float | None = None
        self._asked_again_at: float | None = None

    def find(self, kid: str) -> SigningKey | None:
        with self._lock:
            if self._age() > self.LIFETIME:
                self._read()
            elif kid not in self._keys and self._may_ask_again():
                self._asked_again_at = self._clock()
                self._read()
            return self._keys.get(kid)

    def _age(self) -> float:
        return float("inf") if self._read_at is None else self._clock() - self._read_at

    def _may_ask_again(self) -> bool:
        return self._asked_again_at is None or self._clock() - self._asked_again_at >= self.PAUSE

    def _read(self) -> None:
        """Replace what is remembered. An outage keeps known keys for another day, not for ever."""
        try:
            with http.client("microsoft-keys", limits=http.Limits(seconds=10.0, size=1024 * 1024)) as web:
                answer = web.get(self._url)
            if answer.status_code != 200:
                raise KeysUnavailable(f"status {answer.status_code}")
            keys = _usable_keys(answer.json())
        except (httpx.RequestError, ValueError, KeysUnavailable) as fault:
            if self._age() > self.STALE_LIFETIME:
                raise KeysUnavailable("the signing keys cannot be read") from fault
            return
        if keys:
            self._keys, self._read_at = keys, self._clock()
        elif self._age() > self.STALE_LIFETIME:
            raise KeysUnavailable("the key document holds no usable key")


def _usable_keys(document: Any) -> dict[str, SigningKey]:
    """RSA signature keys of sufficient length, by kid. Anything else in the document is passed over."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("not a key document")
    found: dict[str, SigningKey] = {}
    for entry in listed:
        if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not isinstance(entry.get("kid"), str):
            continue
        if entry.get("use", "sig") != "sig" or entry.get("alg", ALGORITHM) != ALGORITHM:
            continue
        public = {name: entry[name] for name in ("kty", "n", "e") if name in entry}
        try:
            key = RSAAlgorithm.from_jwk(public)
        except (jwt.InvalidKeyError, ValueError):
            continue
        if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_KEY_BITS:
            found[entry["kid"]] = SigningKey(key, str(entry.get("issuer") or ""))
    return found


_known: dict[str, SigningKeys] = {}
_known_lock = threading.Lock()


def signing_keys(login_url: str) -> SigningKeys:
    """The keys of a login host, shared by the threads of this process."""
    with _known_lock:
        url = f"{login_url}/organizations/discovery/v2.0/keys"
        return _known.setdefault(url, SigningKeys(url))


def forget_signing_keys() -> None:
    """For tests and for an operator's emergency: the next sign-in reads the keys again."""
    with _known_lock:
        _known.clear()


def nonce_on_the_wire(nonce: str) -> str:
    """msal sends and expects the hash of the nonce that it keeps."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be ours. No `tenant_id`: any organisation, but never personal accounts."""

    client_id: str
    login_url: str
    nonce: str
    tenant_id: str | None
    now: datetime


def validate_id_token(token: object, expected: Expected, keys: SigningKeys) -> dict[str, Any]:
    """The claims of a token that satisfies every rule, else InvalidToken. The signature comes first."""
    claims, key_issuer = _signed_claims(token, keys)
    _check_audience(claims, expected)
    _check_times(claims, expected.now.timestamp())
    _check_nonce(claims, expected.nonce)
    _check_issuer(claims, expected, key_issuer)
    _check_person(claims)
    return claims


def _signed_claims(token: object, keys: SigningKeys) -> tuple[dict[str, Any], str]:
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
        raise InvalidToken("token: missing, too long or not text")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise InvalidToken("header: unreadable") from None
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM:
        raise InvalidToken("alg: only RS256")
    if header.get("typ", "JWT") != "JWT" or "crit" in header or "b64" in header:
        raise InvalidToken("header: not a plain JWT")
    if not isinstance(kid, str) or not 0 < len(kid) <= 200:
        raise InvalidToken("kid: missing")
    signing = keys.find(kid)
    if signing is None:
        raise InvalidToken("kid: unknown")
    try:
        payload = jwt.PyJWS().decode(token, signing.key, algorithms=[ALGORITHM])
        claims = json.loads(payload)
    except jwt.InvalidTokenError:
        raise InvalidToken("signature: wrong") from None
    except (ValueError, RecursionError):
        raise InvalidToken("claims: not JSON") from None
    if not isinstance(claims, dict):
        raise InvalidToken("claims: not an object")
    return claims, signing.issuer


def _check_audience(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("aud") != expected.client_id:
        raise InvalidToken("aud: another application")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise InvalidToken("azp: another application")
    if claims.get("ver") != "2.0":
        raise InvalidToken("ver: not 2.0")


def _check_times(claims: dict[str, Any], now: float) -> None:
    expires, not_before, issued = (_moment(claims, name) for name in ("exp", "nbf", "iat"))
    if now >= expires + SKEW_SECONDS:
        raise InvalidToken("exp: in the past", Reason.EXPIRED)
    if now < not_before - SKEW_SECONDS:
        raise InvalidToken("nbf: in the future")
    if now < issued - SKEW_SECONDS:
        raise InvalidToken("iat: in the future")
    if expires <= issued:
        raise InvalidToken("exp: before iat")


def _moment(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    # bool is an int in Python; NaN compares false with everything and would pass each check.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise InvalidToken(f"{name}: not a time")
    return float(value)


def _check_nonce(claims: dict[str, Any], nonce: str) -> None:
    said = claims.get("nonce")
    if not nonce or not isinstance(said, str) or not said.isascii():
        raise InvalidToken("nonce: missing")
    if not hmac.compare_digest(said, nonce_on_the_wire(nonce)):
        raise InvalidToken("nonce: of another sign-in")


def _check_issuer(claims: dict[str, Any], expected: Expected, key_issuer: str) -> None:
    tenant = claims.get("tid")
    if not is_guid(tenant):
        raise InvalidToken("tid: not an organisation")
    issuer = f"{expected.login_url}/{tenant}/v2.0"
    if claims.get("iss") != issuer:
        raise InvalidToken("iss: not the organisation's")
    if key_issuer and key_issuer.replace("{tenantid}", str(tenant)) != issuer:
        raise InvalidToken("iss: signed with the key of another issuer")
    if tenant == PERSONAL_ACCOUNTS:
        raise InvalidToken("tid: personal accounts", Reason.PERSONAL_ACCOUNT)
    if expected.tenant_id is not None and tenant != expected.tenant_id:
        raise InvalidToken("tid: another organisation", Reason.WRONG_ORGANISATION)


def _check_person(claims: dict[str, Any]) -> None:
    if not is_guid(claims.get("oid")):
        raise InvalidToken("oid: not a person")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise InvalidToken("sub: missing")
