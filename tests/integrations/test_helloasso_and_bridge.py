"""HelloAsso and Bridge: what they say is a hint; who they are, and whose it is, is proven first (PAY-8, W1, W7)."""

import hashlib
import hmac
import json

import pytest

from apps.integrations.services import draining
from apps.payments.models import ProviderAccount
from apps.tenants.context import activated
from tests.integrations.providers import Caller, answers_at, bind, drain, kept_by

give_back = draining._give_back
SLUG, OTHER_SLUG = "bde-lumiere", "bde-curie"
USER = "766b2f5d-a942-492c-9ea7-2e5aa88cb672"
KEY, ADDRESS = "sandbox-helloasso-key", "sandbox-helloasso-address"


@pytest.fixture
def helloasso(db, fresh_sandbox, lumiere, settings) -> Caller:
    answers_at(settings, fresh_sandbox)
    fresh_sandbox.account_at("helloasso", SLUG, name="BDE Lumière")
    bind(lumiere, SLUG, "helloasso")
    return Caller(fresh_sandbox, "helloasso")


@pytest.fixture
def bridge(db, fresh_sandbox, lumiere, settings) -> Caller:
    answers_at(settings, fresh_sandbox)
    fresh_sandbox.account_at("bridge", USER)
    bind(lumiere, USER, "bridge")
    return Caller(fresh_sandbox, "bridge")


def accounts_of(school) -> list[tuple]:
    with activated(school):
        return list(ProviderAccount.objects.values_list("provider", "external_id", "state", "name"))


def signed(body: str, key: str = KEY) -> dict[str, str]:
    return {"x-ha-signature": hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()}


def test_the_documented_signatures(helloasso, bridge, settings):
    """The vectors of the providers' own documents."""
    settings.PROVIDER_SECRETS = {"helloasso": {"live": ["ha_test_key"]}, "bridge": {"live": ["br_test"]}}
    body = '{"eventType":"Payment","data":{"id":15222,"state":"Authorized"}}'
    vector = {"x-ha-signature": "4cd386047a1c7f821d34fcf7413b0a16e89988ee4ee7b74db4509ea4a0dc8b82"}
    assert helloasso.post(body, vector).status_code == 200
    body = '{"content":{"item_id":42,"user_uuid":"u-1"},"timestamp":1700000000000,"type":"item.created"}'
    vector = "v1=A6D064589E2A84CFD3BFDE3723D1BDAFFAD8FC3DDFE94FA304B199BAB02E294F"
    for header in (vector, vector.lower(), f"v1=00,{vector}", f"v0=1, {vector}"):
        assert bridge.post(body, {"bridgeapi-signature": header}).status_code == 200
    for header in ("", "v1=", "v1", vector[:-1], vector.replace("v1", "v2"), "v1=" + "0" * 64, "v1=é"):
        assert bridge.post(body, {"bridgeapi-signature": header}).status_code == 401, header


def test_an_organisation_is_read_again_and_a_forged_one_moves_nothing(helloasso, lumiere, curie):
    (answer,) = helloasso.tell(SLUG, "Organization", "forged")  # with a name that nobody gave it
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    drain(lumiere)
    assert accounts_of(lumiere) == [("helloasso", SLUG, "active", "BDE Lumière")], "as HelloAsso says, not the notice"
    assert not kept_by() and not kept_by(curie)


@pytest.mark.parametrize("kind", ["Payment", "Order"])
def test_a_payment_that_helloasso_does_not_know_is_given_up(helloasso, lumiere, kind):
    helloasso.tell(SLUG, kind)
    helloasso.tell(SLUG, kind, "forged")
    drain(lumiere)
    real, forged = kept_by(lumiere)
    assert (real.state, real.outcome) == ("ignored", "not-handled")
    assert (forged.state, forged.outcome) == ("dead", "not-at-provider")
    assert not accounts_of(lumiere)


def test_a_payment_of_another_association_is_given_up(helloasso, lumiere, curie):
    """Well signed, with the name of one school's account and the number of another's payment."""
    bind(curie, OTHER_SLUG, "helloasso")
    foreign = json.loads(helloasso.simulator.deliveries("helloasso", OTHER_SLUG, "Payment")[0]["body"])
    foreign["data"]["order"]["organizationSlug"] = SLUG
    body = json.dumps(foreign)
    helloasso.post(body, signed(body))
    drain(lumiere)
    assert [(one.state, one.outcome) for one in kept_by(lumiere)] == [("dead", "accounts-contradict")]
    foreign["data"]["organizationSlug"] = OTHER_SLUG  # two names in one notice: it goes nowhere
    body = json.dumps(foreign)
    assert helloasso.post(body, signed(body)).json()["status"] == "quarantined"
    assert [one.outcome for one in kept_by()] == ["accounts-contradict"] and not kept_by(curie)


def test_who_is_no_partner_needs_the_secret_end_of_the_address(helloasso, lumiere, settings):
    (sent,) = helloasso.simulator.deliveries("helloasso", SLUG, "Payment")
    for end in ("", "/nearly", f"/{ADDRESS}x"):
        assert helloasso.post(sent["body"], {}, end=end).status_code == 401, end
    settings.PROVIDER_ADDRESSES = {"helloasso": ["51.138.206.200"]}
    assert helloasso.post(sent["body"], {}, end=f"/{ADDRESS}").status_code == 401, "from somewhere else"
    assert not kept_by(lumiere) and not kept_by()
    there = {"REMOTE_ADDR": "51.138.206.200"}
    assert helloasso.post(sent["body"], {}, end=f"/{ADDRESS}", **there).json()["status"] == "accepted"
    assert helloasso.post(sent["body"], sent["headers"]).json()["status"] == "duplicate", "a signature is proof enough"
    wrong = {"x-ha-signature": "0" * 64}
    assert helloasso.post(sent["body"], wrong, end=f"/{ADDRESS}", **there).status_code == 401


def test_helloasso_is_asked_again_when_it_is_away_or_forgot_the_token(helloasso, lumiere):
    helloasso.simulator.away("helloasso")
    helloasso.tell(SLUG, "Organization")
    drain(lumiere)
    assert [(one.state, one.outcome) for one in kept_by(lumiere)] == [("waiting", "provider-away")]
    helloasso.simulator.away()
    helloasso.tell(SLUG, "Payment")
    helloasso.tell(SLUG, "Payment", "wrong_signature")
    drain(lumiere)
    assert [one.state for one in kept_by(lumiere)] == ["waiting", "ignored"]
    helloasso.simulator.reset()  # knows the token no more
    helloasso.simulator.account_at("helloasso", SLUG)
    helloasso.tell(SLUG, "Payment")
    drain(lumiere)
    assert [one.state for one in kept_by(lumiere)] == ["waiting", "ignored", "ignored"]


def test_a_slow_provider_gives_its_turn_back(helloasso, lumiere, monkeypatch):
    """What there was no time for has not been tried: no attempt is counted, and it comes next."""
    monkeypatch.setattr(draining, "SLICE", 0.0)
    given_back = []
    monkeypatch.setattr(draining, "_give_back", lambda event: given_back.append(event.id) or give_back(event))
    for _number in range(3):
        helloasso.tell(SLUG, "Payment")
    assert drain(lumiere) == 3
    assert len(given_back) == 3 and [one.attempts for one in kept_by(lumiere)] == [1, 1, 1]


def test_bridge_is_kept_and_known_again(bridge, lumiere, curie):
    for how in ("good", "twice", "other_body", "reordered", "late", "test", "unknown_account", "wrong_signature"):
        bridge.tell(USER, "item.refreshed", how)
    bridge.tell(USER, "TEST_EVENT")
    drain(lumiere)
    kept = kept_by(lumiere)
    assert {(one.state, one.outcome) for one in kept} == {("ignored", "not-handled")}
    assert len({one.event_id for one in kept}) == len(kept) and sum(one.conflicts for one in kept) == 1
    assert sorted((one.state, one.outcome) for one in kept_by()) == [
        ("held", "account-unknown"), ("held", "account-unknown"), ("ignored", "ping"),
    ]  # fmt: skip
    assert not kept_by(curie)


BANKS = ("item.created", "item.refreshed", "item.account.updated")


def sent_by(bridge, kind, **content) -> None:
    """Well signed, with this content in it."""
    notice = json.loads(bridge.simulator.deliveries("bridge", USER, kind)[0]["body"])
    notice["content"] |= content
    body = json.dumps(notice)
    mac = hmac.new(b"sandbox-bridge-secret", body.encode(), hashlib.sha256).hexdigest()
    assert bridge.post(body, {"bridgeapi-signature": f"v1={mac}"}).json()["status"] == "accepted"


@pytest.mark.parametrize("kind", BANKS)
def test_a_bank_of_somebody_else_at_bridge_is_given_up(bridge, lumiere, kind):
    """The user is of this school, the bank is another's: only Bridge can say so, and it is asked."""
    other = bridge.simulator.account_at("bridge", "ffffffff-d942-492c-9ea7-2e5aa88cb672")
    bridge.tell(USER, kind)
    sent_by(bridge, kind, item_id=other["item"])
    sent_by(bridge, kind, item_id=999_999)
    sent_by(bridge, kind, item_id="../../x")
    drain(lumiere)
    assert [(one.state, one.outcome) for one in kept_by(lumiere)] == [
        ("ignored", "not-handled"), *[("dead", "not-at-provider")] * 3
    ]  # fmt: skip


def test_an_end_that_bridge_does_not_confirm_is_given_up(bridge, lumiere):
    bridge.tell(USER, "item.deleted")
    bridge.tell(USER, "user.deleted")
    drain(lumiere)
    assert {(one.state, one.outcome) for one in kept_by(lumiere)} == {("dead", "still-at-provider")}
    sent_by(bridge, "item.deleted", item_id=999_999)
    (gone,) = bridge.simulator.deliveries("bridge", USER, "user.deleted")
    bridge.simulator.reset()  # Bridge has nobody any more
    assert bridge.post(gone["body"], gone["headers"]).json()["status"] == "accepted"
    drain(lumiere)
    assert [(one.state, one.outcome) for one in kept_by(lumiere)][2:] == [("ignored", "not-handled")] * 2


def test_bridge_is_asked_again_when_it_is_away_and_never_without_a_key(bridge, lumiere, settings):
    bridge.simulator.away("bridge")
    bridge.tell(USER, "item.refreshed")
    drain(lumiere)
    assert [(one.state, one.outcome) for one in kept_by(lumiere)] == [("waiting", "provider-away")]
    bridge.simulator.away()
    settings.PROVIDER_APIS = {**settings.PROVIDER_APIS, "bridge": {}}
    bridge.tell(USER, "item.created")
    drain(lumiere)
    assert kept_by(lumiere)[1].outcome == "provider-refuses"


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"eventType": "Payment"}', '{"eventType": "Payment", "data": []}',
     '{"eventType": "a b", "data": {}}', '{"eventType": "x", "data": {"a": "\\u0000"}}', "[" * 9_000],
)  # fmt: skip
def test_hostile_notices_are_refused_even_when_signed(helloasso, bridge, body):
    assert helloasso.post(body, signed(body)).status_code == 400
    mac = hmac.new(b"sandbox-bridge-secret", body.encode(), hashlib.sha256).hexdigest()
    assert bridge.post(body, {"bridgeapi-signature": f"v1={mac}"}).status_code == 400
    assert not kept_by()


@pytest.mark.parametrize(
    "data",
    [{"id": "../../x"}, {"id": [1]}, {"id": True}, {"id": -1, "organizationSlug": SLUG}, {"organizationSlug": 7},
     {"organizationSlug": SLUG, "id": 10**17}, {"organizationSlug": SLUG.upper(), "date": "never"},
     {"order": "x", "payer": 5}, {"organizationSlug": "x" * 300, "meta": {"updatedAt": "9999-12-31T00:00:00Z"}}],
    ids=str,
)  # fmt: skip
def test_strange_notices_move_nothing(helloasso, lumiere, data):
    body = json.dumps({"eventType": "Payment", "data": data})
    assert helloasso.post(body, signed(body)).status_code == 200
    drain(lumiere)
    assert {one.state for one in kept_by(lumiere)} <= {"dead"} and {one.state for one in kept_by()} <= {"held"}
    assert not accounts_of(lumiere)
