"""It accepts a token that follows every rule and refuses a token that breaks one, whichever.

The keys come over real HTTP from a key document like Microsoft's; every case changes one thing of a good token.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from apps.microsoft.refusals import Reason
from apps.microsoft.tokens import (
    PERSONAL_ACCOUNTS,
    Expected,
    InvalidToken,
    SigningKeys,
    nonce_on_the_wire,
    validate_id_token,
)
from tests.microsoft.scripted import Reply, Scripted

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CLIENT = "aaaaaaaa-0000-4000-8000-000000000001"
TENANT = "44444444-4444-4444-8444-444444444444"
OTHER = "55555555-5555-4555-8555-555555555555"
LOGIN = "https://login.microsoftonline.com"
NONCE = "nonce-of-this-flow"

OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
THEIRS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)
OTHER_ISSUER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key, kid, **more):
    issuer = {"issuer": f"{LOGIN}/{{tenantid}}/v2.0"}
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", **issuer, **more}


KEY_DOCUMENT = {
    "keys": [
        public(OURS, "k1"),
        public(SHORT, "short"),
        public(OTHER_ISSUER, "personal", issuer=f"{LOGIN}/{PERSONAL_ACCOUNTS}/v2.0"),
        public(OURS, "encryption", use="enc"),
        public(OURS, "other-alg", alg="RS512"),
        {"kty": "oct", "kid": "shared", "use": "sig", "k": base64.urlsafe_b64encode(b"s" * 32).decode()},
    ]
}


@pytest.fixture(scope="module")
def keys():
    with Scripted(lambda call: Reply(200, KEY_DOCUMENT)) as server:
        yield SigningKeys(f"{server.url}/keys")


def claims(**changes):
    at = int(NOW.timestamp())
    good = {
        "ver": "2.0",
        "iss": f"{LOGIN}/{TENANT}/v2.0",
        "aud": CLIENT,
        "exp": at + 3600,
        "nbf": at,
        "iat": at,
        "tid": TENANT,
        "oid": "66666666-6666-4666-8666-666666666666",
        "sub": "pairwise",
        "nonce": nonce_on_the_wire(NONCE),
        "preferred_username": "ada@lumiere.example",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not Ellipsis}


def signed(payload=None, key=OURS, alg="RS256", **header):
    return jwt.encode(payload or claims(), key, algorithm=alg, headers={"kid": "k1", **header})


def check(token, keys, **expected):
    defaults = {"client_id": CLIENT, "login_url": LOGIN, "nonce": NONCE, "tenant_id": TENANT, "now": NOW}
    return validate_id_token(token, Expected(**{**defaults, **expected}), keys)


def b64(data) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header, payload, sign=lambda text: b""):
    text = f"{b64(header)}.{b64(payload)}"
    return f"{text}.{b64(sign(text.encode()))}"


def hmac_with(secret):
    return lambda text: hmac.new(secret, text, hashlib.sha256).digest()


def pem():
    return OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def tampered():
    head, _, signature = signed().split(".")
    return f"{head}.{b64(claims(oid='77777777-7777-4777-8777-777777777777'))}.{signature}"


AT = int(NOW.timestamp())
HS256 = {"alg": "HS256", "typ": "JWT", "kid": "k1"}

WRONG_SIGNATURES = {
    "alg none": lambda: by_hand({"alg": "none", "typ": "JWT", "kid": "k1"}, claims()),
    "alg None, other case": lambda: by_hand({"alg": "nOnE", "typ": "JWT", "kid": "k1"}, claims()),
    "no alg": lambda: by_hand({"typ": "JWT", "kid": "k1"}, claims()),
    "HS256 with the public key": lambda: by_hand(HS256, claims(), hmac_with(pem())),
    "HS256 with the shared key": lambda: by_hand({**HS256, "kid": "shared"}, claims(), hmac_with(b"s" * 32)),
    "RS384": lambda: signed(alg="RS384"),
    "PS256": lambda: signed(alg="PS256"),
    "RS256 announced, RS512 signed": lambda: ".".join([b64({"alg": "RS256", "typ": "JWT", "kid": "k1"}),
                                                      *signed(alg="RS512").split(".")[1:]]),
    "key of a stranger": lambda: signed(key=THEIRS),
    "unknown kid": lambda: signed(key=THEIRS, kid="k9"),
    "no kid": lambda: by_hand({"alg": "RS256", "typ": "JWT"}, claims()),
    "kid is a number": lambda: by_hand({"alg": "RS256", "typ": "JWT", "kid": 1}, claims()),
    "kid is endless": lambda: signed(kid="k" * 3000),
    "key travels in the header": lambda: signed(key=THEIRS, kid="k9", jwk=public(THEIRS, "k9")),
    "key of 1024 bits": lambda: by_hand(
        {"alg": "RS256", "typ": "JWT", "kid": "short"}, claims(),
        lambda text: SHORT.sign(text, padding.PKCS1v15(), hashes.SHA256())),
    "encryption key": lambda: signed(kid="encryption"),
    "key of another algorithm": lambda: signed(kid="other-alg"),
    "key of another issuer": lambda: signed(key=OTHER_ISSUER, kid="personal"),
    "critical extension": lambda: signed(crit=["exp"]),
    "an access token's type": lambda: signed(typ="at+jwt"),
    "payload changed": tampered,
    "signature cut off": lambda: signed().rsplit(".", 1)[0] + ".",
    "two parts": lambda: signed().rsplit(".", 1)[0],
    "five parts": lambda: signed() + ".a.b",
    "not a token": lambda: "this.is.not-a-token",
    "empty": lambda: "",
    "nothing": lambda: None,
    "a dictionary": lambda: claims(),
    "bytes": lambda: signed().encode(),
    "far too long": lambda: signed(claims(name="x" * 20000)),
    "claims are a list": lambda: jwt.PyJWS().encode(b"[]", OURS, "RS256", headers={"kid": "k1"}),
    "claims are no JSON": lambda: jwt.PyJWS().encode(b"{", OURS, "RS256", headers={"kid": "k1"}),
    "claims nested without end": lambda: jwt.PyJWS().encode(
        b"[" * 5000 + b"]" * 5000, OURS, "RS256", headers={"kid": "k1"}),
}  # fmt: skip

WRONG_CLAIMS = {
    "aud: another application": {"aud": "bbbbbbbb-0000-4000-8000-000000000001"},
    "aud: missing": {"aud": ...},
    "aud: ours among others": {"aud": [CLIENT, "bbbbbbbb-0000-4000-8000-000000000001"]},
    "aud: other case": {"aud": CLIENT.upper()},
    "azp: another application": {"azp": "bbbbbbbb-0000-4000-8000-000000000001"},
    "ver: 1.0": {"ver": "1.0"},
    "ver: missing": {"ver": ...},
    "ver: a number": {"ver": 2.0},
    "iss: missing": {"iss": ...},
    "iss: another provider": {"iss": f"https://login.example/{TENANT}/v2.0"},
    "iss: another organisation": {"iss": f"{LOGIN}/{OTHER}/v2.0"},
    "iss: the placeholder": {"iss": f"{LOGIN}/{{tenantid}}/v2.0"},
    "iss: version 1": {"iss": f"https://sts.windows.net/{TENANT}/"},
    "iss: begins alike": {"iss": f"{LOGIN}.evil.example/{TENANT}/v2.0"},
    "iss: plain http": {"iss": f"http://login.microsoftonline.com/{TENANT}/v2.0"},
    "iss: slash at the end": {"iss": f"{LOGIN}/{TENANT}/v2.0/"},
    "tid: missing": {"tid": ...},
    "tid: another, iss ours": {"tid": OTHER},
    "tid: not a GUID": {"tid": "contoso", "iss": f"{LOGIN}/contoso/v2.0"},
    "tid: climbs": {"tid": f"../{TENANT}", "iss": f"{LOGIN}/../{TENANT}/v2.0"},
    "tid: another organisation": {"tid": OTHER, "iss": f"{LOGIN}/{OTHER}/v2.0"},
    "tid: personal": {"tid": PERSONAL_ACCOUNTS, "iss": f"{LOGIN}/{PERSONAL_ACCOUNTS}/v2.0"},
    "oid: missing": {"oid": ...},
    "oid: not a GUID": {"oid": "ada"},
    "oid: empty": {"oid": ""},
    "oid: a list": {"oid": ["66666666-6666-4666-8666-666666666666"]},
    "sub: missing": {"sub": ...},
    "sub: empty": {"sub": ""},
    "exp: missing": {"exp": ...},
    "exp: two minutes ago": {"exp": AT - 120, "iat": AT - 3600, "nbf": AT - 3600},
    "exp: yesterday": {"exp": AT - 86400, "iat": AT - 90000, "nbf": AT - 90000},
    "exp: text": {"exp": str(AT + 3600)},
    "exp: true": {"exp": True},
    "exp: endless": {"exp": float("inf")},
    "exp: not a number": {"exp": float("nan")},
    "exp: before iat": {"exp": AT - 10, "iat": AT},
    "nbf: missing": {"nbf": ...},
    "nbf: in 121 seconds": {"nbf": AT + 121},
    "iat: missing": {"iat": ...},
    "iat: in 121 seconds": {"iat": AT + 121},
    "nonce: missing": {"nonce": ...},
    "nonce: of another sign-in": {"nonce": nonce_on_the_wire("another")},
    "nonce: not hashed": {"nonce": NONCE},
    "nonce: empty": {"nonce": ""},
    "nonce: a number": {"nonce": 1},
    "nonce: not ascii": {"nonce": "é" * 64},
}


def test_a_good_token_is_accepted(keys):
    """The control of all cases below, of those written by hand too."""
    by_our_hand = by_hand(
        {"alg": "RS256", "typ": "JWT", "kid": "k1"},
        claims(),
        lambda text: OURS.sign(text, padding.PKCS1v15(), hashes.SHA256()),
    )
    assert check(by_our_hand, keys)["tid"] == TENANT
    assert check(signed(), keys)["oid"] == "66666666-6666-4666-8666-666666666666"


@pytest.mark.parametrize("how", WRONG_SIGNATURES)
def test_a_token_not_signed_by_microsoft_is_refused(how, keys):
    with pytest.raises(InvalidToken):
        check(WRONG_SIGNATURES[how](), keys)


@pytest.mark.parametrize("how", WRONG_CLAIMS)
def test_a_properly_signed_token_that_says_something_wrong_is_refused(how, keys):
    with pytest.raises(InvalidToken) as refused:
        check(signed(claims(**WRONG_CLAIMS[how])), keys)
    assert refused.value.rule.split(":")[0] in {how.split(":")[0], "tid", "iss"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": AT - 119, "iat": AT - 3600, "nbf": AT - 3600}, id="expired within the skew"),
        pytest.param({"nbf": AT + 120, "iat": AT + 120}, id="issued within the skew"),
        pytest.param({"azp": CLIENT}, id="azp is us"),
        pytest.param({"exp": AT + 3600.5}, id="a fraction of a second"),
        pytest.param({"groups": ["x"], "wids": ["y"], "unknown": {"a": 1}}, id="claims we do not know"),
    ],
)
def test_what_the_rules_allow_is_accepted(changes, keys):
    assert check(signed(claims(**changes)), keys)


def test_any_organisation_may_link_itself_but_no_personal_account(keys):
    elsewhere = claims(tid=OTHER, iss=f"{LOGIN}/{OTHER}/v2.0")
    assert check(signed(elsewhere), keys, tenant_id=None)["tid"] == OTHER
    personal = claims(tid=PERSONAL_ACCOUNTS, iss=f"{LOGIN}/{PERSONAL_ACCOUNTS}/v2.0")
    with pytest.raises(InvalidToken) as refused:
        check(signed(personal), keys, tenant_id=None)
    assert refused.value.reason is Reason.PERSONAL_ACCOUNT


@pytest.mark.parametrize(
    "tid", ["contoso", "", f"../{TENANT}", TENANT.upper().replace("4", "A"), f"{TENANT}\n", "common"]
)
def test_what_names_no_organisation_cannot_be_linked(tid, keys):
    with pytest.raises(InvalidToken, match="tid"):
        check(signed(claims(tid=tid, iss=f"{LOGIN}/{tid}/v2.0")), keys, tenant_id=None)


def test_an_empty_nonce_of_the_flow_never_matches(keys):
    with pytest.raises(InvalidToken):
        check(signed(claims(nonce=nonce_on_the_wire(""))), keys, nonce="")


def test_the_caller_s_clock_decides(keys):
    with pytest.raises(InvalidToken):
        check(signed(), keys, now=NOW + timedelta(hours=2))


def test_enough_cases_are_tried():
    assert len(WRONG_SIGNATURES) + len(WRONG_CLAIMS) >= 40
