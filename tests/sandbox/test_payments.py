"""Stripe, HelloAsso and Bridge as their real clients see them: only the address is another one (INT-10)."""

import json

import httpx
import pytest
import stripe

from tests.sandbox_fixture import SimulatorRefused

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


def test_stripes_client_makes_an_account_and_lets_it_be_filled_in(client, fresh_sandbox):
    made = client.v2.core.accounts.create(
        {
            "contact_email": "tresorier@asso.test", "display_name": "BDE", "dashboard": "full",
            "identity": {"country": "fr", "entity_type": "non_profit"},
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "defaults": {
                "currency": "eur", "locales": ["fr-FR"],
                "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"},
            },
            "include": ["configuration.merchant", "requirements"],
        },
        {"idempotency_key": "account-1"},
    )  # fmt: skip
    assert made.configuration.merchant.capabilities.card_payments.status == "pending"
    case = {"refresh_url": "http://x.localhost/again", "return_url": "http://x.localhost/back"}
    link = client.v2.core.account_links.create(
        {"account": made.id, "use_case": {"type": "account_onboarding", "account_onboarding": case}}
    )
    with httpx.Client(trust_env=False) as web:
        assert "Set up payments" in web.get(link.url).text
        assert web.post(link.url, data={"answer": "finish"}).headers["location"] == case["return_url"]
        assert web.get(link.url).headers["location"] == case["refresh_url"], "a link is good once"
    again = client.v2.core.accounts.retrieve(made.id, {"include": ["configuration.merchant"]})
    assert again.configuration.merchant.capabilities.card_payments.status == "active"
    assert [one["kind"] for one in fresh_sandbox.told("stripe")] == [
        "account.updated", "v2.core.account[requirements].updated",
    ]  # fmt: skip


def order(client, amount: int = 2500, key: str = "", **more):
    price = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "Adhésion"}}
    params = {
        "mode": "payment", "line_items": [{"price_data": price, "quantity": 1}], "client_reference_id": "o1",
        "payment_intent_data": {"application_fee_amount": 60}, "metadata": {"order": "o1"},
        "success_url": "http://x.localhost/back?sid={CHECKOUT_SESSION_ID}", "cancel_url": "http://x.localhost/no",
        **more,
    }  # fmt: skip
    options = {"stripe_account": ACCOUNT} | ({"idempotency_key": key} if key else {})
    return client.v1.checkout.sessions.create(params, options)


def test_stripes_client_takes_a_payment_from_the_page_to_the_bank(client, fresh_sandbox):
    fresh_sandbox.account_at("stripe", ACCOUNT, state="active")
    of = {"stripe_account": ACCOUNT}
    session = order(client)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    with httpx.Client(trust_env=False) as web:
        assert "declined" in web.post(session.url, data={"answer": "decline"}).text
        assert web.post(session.url, data={"answer": "pay"}).headers["location"].endswith(f"sid={session.id}")
        assert "complete" in web.get(session.url).text
    expand = {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    session = client.v1.checkout.sessions.retrieve(session.id, expand, of)
    charge = session.payment_intent.latest_charge
    line = charge.balance_transaction
    assert (session.payment_status, charge.amount, line.fee, line.net) == ("paid", 2500, 63 + 60, 2500 - 123)
    assert {one.type: one.amount for one in line.fee_details} == {"stripe_fee": 63, "application_fee": 60}
    back = client.v1.refunds.create(
        {"payment_intent": session.payment_intent.id, "amount": 1000, "refund_application_fee": True}, of
    )
    assert back.status == "succeeded"
    fresh_sandbox.act("stripe", "pay_out", ACCOUNT)
    (payout,) = client.v1.payouts.list({}, of).data
    lines = client.v1.balance_transactions.list({"payout": payout.id, "limit": 2}, of)
    found = list(lines.auto_paging_iter())
    assert [one.type for one in found] == ["payout", "refund", "charge"] and lines.has_more
    assert payout.amount == 2500 - 123 - 1000 + 24 and sum(one.net for one in found) == 0
    assert [one["kind"] for one in fresh_sandbox.told("stripe")] == [
        "payment_intent.created", "charge.failed", "payment_intent.payment_failed", "charge.succeeded",
        "payment_intent.succeeded", "checkout.session.completed", "refund.created", "charge.refunded",
        "payout.created", "payout.paid",
    ]  # fmt: skip
    for one in fresh_sandbox.told("stripe"):
        event = client.construct_event(one["body"], one["headers"]["stripe-signature"], "whsec_sandbox_live")
        assert event.account == ACCOUNT


def test_keys_disputes_and_what_stripe_refuses(client, fresh_sandbox):
    with pytest.raises(stripe.InvalidRequestError, match="cannot currently make charges"):
        order(client)
    fresh_sandbox.account_at("stripe", ACCOUNT, state="active")
    fresh_sandbox.account_at("stripe", "acct_1Other", state="active")
    of = {"stripe_account": ACCOUNT}
    session = order(client, key="once")
    assert order(client, key="once").id == session.id
    with pytest.raises(stripe.IdempotencyError):
        order(client, 2600, key="once")
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        order(client, invented="x")
    for options in ({}, {"stripe_account": "acct_1Other"}):
        with pytest.raises(stripe.InvalidRequestError, match="No such checkout.session"):
            client.v1.checkout.sessions.retrieve(session.id, {}, options)
    with pytest.raises(stripe.PermissionError):
        client.v1.checkout.sessions.retrieve(session.id, {}, {"stripe_account": "acct_nobody"})
    fresh_sandbox.act("stripe", "pay", session.id)
    intent = client.v1.checkout.sessions.retrieve(session.id, {}, of).payment_intent
    charge = client.v1.payment_intents.retrieve(intent, {}, of).latest_charge
    dispute = fresh_sandbox.act("stripe", "dispute", charge)
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"payment_intent": intent}, of)
    fresh_sandbox.act("stripe", "win", dispute["id"])
    (won,) = client.v1.disputes.list({"payment_intent": intent}, of).data
    assert (won.status, [one.net for one in won.balance_transactions]) == ("won", [-4500, 4500])
    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        client.v1.refunds.create({"payment_intent": intent, "amount": 9999}, of)
    late = order(client)
    fresh_sandbox.act("stripe", "expire", late.id)
    assert client.v1.checkout.sessions.retrieve(late.id, {}, of).status == "expired"
    with pytest.raises(SimulatorRefused, match="expired"):
        fresh_sandbox.act("stripe", "pay", late.id)
    fresh_sandbox.away("stripe")
    with pytest.raises(stripe.APIError):
        client.v1.payouts.list({}, of)
