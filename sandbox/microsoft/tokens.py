"""ID tokens: right ones, and each wrong one that a verifier must refuse."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jwt

from sandbox.microsoft.directory import Organisation
from sandbox.microsoft.keys import b64url

if TYPE_CHECKING:
    from sandbox.state import State

PERSONAL_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"
NOWHERE = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"


def issuer(state: "State", tid: str) -> str:
    return f"{state.microsoft_url}/{tid}/v2.0"


def pairwise_subject(client_id: str, tid: str, oid: str) -> str:
    return b64url(hashlib.sha256(f"{client_id}/{tid}/{oid}".encode()).digest())


def claims_of(
    state: "State", organisation: Organisation, person: dict[str, Any], *, client_id: str, nonce: str | None, sid: str
) -> dict[str, Any]:
    """The claims of a v2.0 ID token for this person of this organisation."""
    now = int(state.now())
    claims = {
        "aud": client_id,
        "auth_time": now,  # an optional claim: this page always asks
        "iss": issuer(state, organisation.tid),
        "login_hint": login_hint(organisation.tid, person["id"]),  # an optional claim too
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "name": person["displayName"],
        "oid": person["id"],
        "preferred_username": person["userPrincipalName"],
        "rh": "1.AAAA.",
        "sid": sid,
        "sub": pairwise_subject(client_id, organisation.tid, person["id"]),
        "tid": organisation.tid,
        "uti": b64url(uuid.uuid4().bytes),
        "ver": "2.0",
    }
    if person["mail"]:
        claims["email"] = person["mail"]
    if person["userType"] == "Guest":
        claims["idp"] = f"https://sts.windows.net/{NOWHERE}/"
    if nonce:
        claims["nonce"] = nonce
    if roles := organisation.roles.get(person["id"]):
        claims["wids"] = roles
    return claims


def login_hint(tid: str, oid: str) -> str:
    """Opaque to the app: this page alone reads it."""
    return f"O.{b64url(f'{tid}/{oid}'.encode())}"


class Draft:
    """A token before it is signed, for the wrong hands to change."""

    def __init__(self, state: "State", claims: dict[str, Any]):
        self.state = state
        self.claims = claims
        self.headers: dict[str, Any] = {"kid": state.keys.current.kid, "x5t": state.keys.current.kid}
        self.sign: Callable[[Draft], str] = sign_properly

    def other_tid(self) -> str:
        return next((tid for tid in self.state.organisations if tid != self.claims["tid"]), NOWHERE)


def sign_properly(draft: Draft) -> str:
    return jwt.encode(draft.claims, draft.state.keys.current.pem.decode(), algorithm="RS256", headers=draft.headers)


def sign_with_rogue_key(draft: Draft) -> str:
    return jwt.encode(draft.claims, draft.state.keys.rogue.pem.decode(), algorithm="RS256", headers=draft.headers)


def sign_with_embedded_key(draft: Draft) -> str:
    """The attacker's own key travels in the header, and is right."""
    draft.headers["jwk"] = draft.state.keys.rogue.jwk("")
    draft.headers["kid"] = draft.state.keys.rogue.kid
    return sign_with_rogue_key(draft)


def _joined(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(b64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))


def sign_not_at_all(draft: Draft) -> str:
    return _joined({"typ": "JWT", **draft.headers, "alg": "none"}, draft.claims) + "."


def sign_hs256_with_public_key(draft: Draft) -> str:
    """The classic confusion: the public key taken as a shared secret."""
    body = _joined({"typ": "JWT", **draft.headers, "alg": "HS256"}, draft.claims)
    key = draft.state.keys.current.public_pem
    return f"{body}.{b64url(hmac.new(key, body.encode(), hashlib.sha256).digest())}"


def sign_then_change(draft: Draft) -> str:
    """A good signature of other claims."""
    head, _, signature = sign_properly(draft).split(".")
    changed = draft.claims | {"name": f"{draft.claims['name']} (changed)"}
    return f"{head}.{b64url(json.dumps(changed).encode())}.{signature}"


def _signer(sign: Callable[[Draft], str]) -> Callable[[Draft], None]:
    def wrong(draft: Draft) -> None:
        draft.sign = sign

    return wrong


def _claims(**values: Any) -> Callable[[Draft], None]:
    def wrong(draft: Draft) -> None:
        draft.claims.update(values)

    return wrong


def _without(*names: str) -> Callable[[Draft], None]:
    def wrong(draft: Draft) -> None:
        for name in names:
            draft.claims.pop(name, None)

    return wrong


def _shifted(seconds: int) -> Callable[[Draft], None]:
    def wrong(draft: Draft) -> None:
        for name in ("iat", "nbf", "exp"):
            draft.claims[name] += seconds

    return wrong


def _issuer_of_other_tenant(draft: Draft) -> None:
    draft.claims["iss"] = issuer(draft.state, draft.other_tid())


def _other_tid(draft: Draft) -> None:
    draft.claims["tid"] = draft.other_tid()


def _personal_account(draft: Draft) -> None:
    draft.claims |= {"tid": PERSONAL_ACCOUNTS, "iss": issuer(draft.state, PERSONAL_ACCOUNTS)}


def _version_1(draft: Draft) -> None:
    draft.claims |= {"ver": "1.0", "upn": draft.claims["preferred_username"]}


def _unknown_kid(draft: Draft) -> None:
    draft.headers |= {"kid": "no-such-key", "x5t": "no-such-key"}


def _without_kid(draft: Draft) -> None:
    draft.headers.clear()


def _nothing(draft: Draft) -> None:
    """Handled where the token response is made."""


WRONG: dict[str, tuple[str, Callable[[Draft], None]]] = {
    "wrong_audience": ("aud is another app", _claims(aud="bbbbbbbb-0000-4000-8000-00000000000b")),
    "wrong_issuer": ("iss is another provider", _claims(iss="https://login.example/v2.0")),
    "issuer_of_other_tenant": ("iss names another organisation than tid", _issuer_of_other_tenant),
    "other_tid": ("tid is another organisation, iss is right", _other_tid),
    "other_organisation": ("a perfect token, but of a person of another organisation", _nothing),
    "unknown_organisation": ("a perfect token of an organisation nobody knows", lambda draft: draft.claims.update(
        tid=NOWHERE, iss=issuer(draft.state, NOWHERE))),
    "expired": ("exp was two hours ago", _shifted(-3 * 3600)),
    "not_yet_valid": ("nbf is in one hour", _shifted(3600)),
    "wrong_signature": ("signed with another key, under the published kid", _signer(sign_with_rogue_key)),
    "changed_payload": ("the claims were changed after signing", _signer(sign_then_change)),
    "alg_none": ("alg none, no signature", _signer(sign_not_at_all)),
    "hs256_with_public_key": ("HS256, the public key as the secret", _signer(sign_hs256_with_public_key)),
    "embedded_key": ("the key comes in the token's own header", _signer(sign_with_embedded_key)),
    "unknown_kid": ("kid is not published", _unknown_kid),
    "missing_kid": ("no kid", _without_kid),
    "missing_nonce": ("no nonce", _without("nonce")),
    "wrong_nonce": ("the nonce of another sign-in", _claims(nonce="0" * 64)),
    "missing_oid": ("no oid", _without("oid")),
    "missing_tid": ("no tid", _without("tid")),
    "missing_sub": ("no sub", _without("sub")),
    "missing_exp": ("no exp", _without("exp")),
    "missing_aud": ("no aud", _without("aud")),
    "missing_iss": ("no iss", _without("iss")),
    "personal_account": ("tid and iss of personal accounts", _personal_account),
    "version_1": ("ver is 1.0", _version_1),
    "no_id_token": ("the answer has no id_token", _nothing),
    "malformed": ("the id_token is not a JWT", _signer(lambda draft: "this.is.not-a-token")),
}  # fmt: skip


def id_token(
    state: "State", claims: dict[str, Any], wrong: str | None = None, changes: dict[str, Any] | None = None
) -> str:
    """Sign these claims; wrong in the way that is asked for. `changes` are set (None: removed) before."""
    draft = Draft(state, dict(claims))
    for name, value in (changes or {}).items():
        draft.claims[name] = value
        if value is None:
            del draft.claims[name]
    if wrong:
        WRONG[wrong][1](draft)
    return draft.sign(draft)


def client_info(tid: str, oid: str) -> str:
    return base64.urlsafe_b64encode(json.dumps({"uid": oid, "utid": tid}).encode()).decode().rstrip("=")
