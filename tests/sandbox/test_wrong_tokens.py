"""Each wrong ID token is wrong in exactly the way it says; the next one is right again."""

import jwt
import pytest

from tests.sandbox import client
from tests.sandbox.test_sign_in import STUDENT, checked
from tests.sandbox_fixture import CURIE, LUMIERE

REFUSED = {
    "wrong_audience": jwt.InvalidAudienceError,
    "wrong_issuer": jwt.InvalidIssuerError,
    "issuer_of_other_tenant": jwt.InvalidIssuerError,
    "other_organisation": jwt.InvalidIssuerError,
    "unknown_organisation": jwt.InvalidIssuerError,
    "personal_account": jwt.InvalidIssuerError,
    "expired": jwt.ExpiredSignatureError,
    "not_yet_valid": jwt.ImmatureSignatureError,
    "wrong_signature": jwt.InvalidSignatureError,
    "changed_payload": jwt.InvalidSignatureError,
    "alg_none": jwt.InvalidAlgorithmError,
    "hs256_with_public_key": jwt.InvalidAlgorithmError,
    "embedded_key": KeyError,
    "unknown_kid": KeyError,
    "missing_kid": KeyError,
    "missing_sub": jwt.MissingRequiredClaimError,
    "missing_exp": jwt.MissingRequiredClaimError,
    "missing_aud": jwt.MissingRequiredClaimError,
    "missing_iss": jwt.MissingRequiredClaimError,
    "malformed": jwt.DecodeError,
}
SEEN_IN_CLAIMS = {
    "other_tid": lambda claims: claims["tid"] != LUMIERE,
    "missing_nonce": lambda claims: "nonce" not in claims,
    "wrong_nonce": lambda claims: claims["nonce"] != "the-nonce",
    "missing_oid": lambda claims: "oid" not in claims,
    "missing_tid": lambda claims: "tid" not in claims,
    "version_1": lambda claims: claims["ver"] == "1.0",
}


@pytest.fixture
def demo(sandbox):
    sandbox.reset("demo")
    return sandbox


def next_token(simulator) -> dict:
    code = client.code_answer(simulator, STUDENT).params["code"]
    return client.token_request(simulator, code=code).json()


def test_every_kind_is_covered_here(demo):
    assert set(demo.wrong_token_kinds()) == set(REFUSED) | set(SEEN_IN_CLAIMS) | {"no_id_token"}


@pytest.mark.parametrize("how", REFUSED)
def test_a_verifier_refuses(demo, how):
    demo.wrong_token(how, tid=LUMIERE)
    with pytest.raises(REFUSED[how]):
        checked(demo, next_token(demo)["id_token"])
    assert checked(demo, next_token(demo)["id_token"])["oid"] == STUDENT


@pytest.mark.parametrize("how", SEEN_IN_CLAIMS)
def test_a_good_signature_carries_wrong_claims(demo, how):
    demo.wrong_token(how)
    assert SEEN_IN_CLAIMS[how](checked(demo, next_token(demo)["id_token"]))
    assert not SEEN_IN_CLAIMS[how](checked(demo, next_token(demo)["id_token"]))


def test_a_token_of_another_organisation_is_perfect_there(demo):
    demo.wrong_token("other_organisation", tid=LUMIERE)
    assert checked(demo, next_token(demo)["id_token"], CURIE)["tid"] == CURIE


def test_the_id_token_can_be_left_out(demo):
    demo.wrong_token("no_id_token")
    assert "id_token" not in next_token(demo)


def test_a_wish_for_one_organisation_waits_for_it(demo):
    demo.wrong_token("expired", tid=CURIE)
    assert checked(demo, next_token(demo)["id_token"])


def test_single_claims_can_be_changed(demo):
    demo.control("POST", "/wrong-tokens", {"claims": {"email": "Someone@Else.example", "name": None}})
    claims = checked(demo, next_token(demo)["id_token"])
    assert claims["email"] == "Someone@Else.example"
    assert "name" not in claims
