"""Stripe, HelloAsso and Bridge as their real clients see them: only the address is another one (INT-10)."""

import json

import httpx
import pytest
import stripe

ACCOUNT, SLUG, USER = "acct_1Sim", "bde", "766b2f5d-a942-492c-9ea7-2e5aa88cb672"


@pytest.fixture
def client(fresh_sandbox) -> stripe.StripeClient:
    fresh_sandbox.account_at("stripe", ACCOUNT, state="restricted", name="BDE")
    return stripe.StripeClient("sk_live_sandbox", base_addresses={"api": f"{fresh_sandbox.url}/stripe"})


def test_stripes_client_reads_accounts_and_events_by_both_apis(client, fresh_sandbox):
    old = client.v1.accounts.retrieve(ACCOUNT)
    assert (old.charges_enabled, old.requirements["disabled_reason"]) == (False, "requirements.past_due")
    bare = client.v2.core.accounts.retrieve(ACCOUNT)
    assert bare.configuration is None, "what was not asked for is null"
    new = client.v2.core.accounts.retrieve(ACCOUNT, {"include": ["configuration.merchant"]})
    assert new.configuration.merchant.capabilities.card_payments.status == "restricted"
    for kind, read in (
        ("account.updated", client.v1.events.retrieve),
        ("v2.core.account[requirements].updated", client.v2.core.events.retrieve),
    ):
        sent = json.loads(fresh_sandbox.deliveries("stripe", ACCOUNT, kind)[0]["body"])
        assert read(sent["id"]).type == kind
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_other", base_addresses={"api": f"{fresh_sandbox.url}/stripe"}).v1.accounts.retrieve("a")
    fresh_sandbox.account_at("stripe", ACCOUNT, gone=True)
    with pytest.raises(stripe.PermissionError):
        client.v1.accounts.retrieve(ACCOUNT)


def test_stripes_client_takes_what_is_sent(client, fresh_sandbox):
    (one,) = fresh_sandbox.deliveries("stripe", ACCOUNT, "account.updated")
    event = client.construct_event(one["body"], one["headers"]["stripe-signature"], "whsec_sandbox_live")
    assert (event.account, event.livemode, event.data.object.id) == (ACCOUNT, True, ACCOUNT)
    (one,) = fresh_sandbox.deliveries("stripe", ACCOUNT, "v2.core.account[requirements].updated", "test")
    notice = client.parse_event_notification(one["body"], one["headers"]["stripe-signature"], "whsec_sandbox_test")
    assert (notice.livemode, notice.related_object.id) == (False, ACCOUNT)
    (one,) = fresh_sandbox.deliveries("stripe", ACCOUNT, "account.updated", "late")
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(one["body"], one["headers"]["stripe-signature"], "whsec_sandbox_live")


def test_helloasso_and_bridge_answer_as_documented(fresh_sandbox):
    fresh_sandbox.account_at("helloasso", SLUG, name="BDE")
    fresh_sandbox.account_at("bridge", USER, status=1010)
    payment = json.loads(fresh_sandbox.deliveries("helloasso", SLUG, "Payment")[0]["body"])["data"]
    with httpx.Client(base_url=fresh_sandbox.url, trust_env=False) as web:
        assert web.get(f"/helloasso/v5/organizations/{SLUG}").status_code == 401
        form = {"grant_type": "client_credentials", "client_id": "sandbox-live", "client_secret": "sandbox-secret"}
        token = web.post("/helloasso/oauth2/token", data=form).json()
        bearer = {"authorization": f"{token['token_type']} {token['access_token']}".replace("bearer", "Bearer")}
        assert web.get(f"/helloasso/v5/organizations/{SLUG}", headers=bearer).json()["name"] == "BDE"
        assert web.get(f"/helloasso/v5/payments/{payment['id']}", headers=bearer).json() == payment
        assert web.get("/helloasso/v5/payments/1", headers=bearer).status_code == 404

        ours = {"bridge-version": "2025-01-15", "client-id": "a", "client-secret": "b"}
        where = "/bridge/v3/aggregation"
        assert web.post(f"{where}/authorization/token", json={"user_uuid": USER}).status_code == 400
        made = web.post(f"{where}/authorization/token", json={"user_uuid": USER}, headers=ours)
        notice = json.loads(fresh_sandbox.deliveries("bridge", USER, "item.refreshed")[0]["body"])
        reading = {**ours, "authorization": f"Bearer {made.json()['access_token']}"}
        item = web.get(f"{where}/items/{notice['content']['item_id']}", headers=reading).json()
        assert (made.status_code, item["status"]) == (201, 1010)
        fresh_sandbox.away("bridge")
        assert web.get(f"{where}/items/1", headers=reading).status_code == 503


def test_the_page_sends_and_says_what_was_answered(fresh_sandbox):
    address = fresh_sandbox.receiver("payments")
    fresh_sandbox.control("PUT", "/payments", {"addresses": {"stripe": address}})
    with httpx.Client(base_url=fresh_sandbox.url, trust_env=False, follow_redirects=True) as web:
        sent = {"provider": "stripe", "account": ACCOUNT, "kind": "account.updated", "how": "twice"}
        page = web.post("/payments/send", data=sent)
        assert "Answered 204, 204." in page.text
        assert "say which account" in web.post("/payments/send", data={**sent, "account": ""}).text
        assert "acct_new" in web.post("/payments/accounts", data={"provider": "stripe", "account": "acct_new"}).text
    first, again = fresh_sandbox.received("payments")
    assert first["said"]["id"] == again["said"]["id"]
