"""What fits no school, on the platform's pages: why, its content on demand, bound, replayed (PAY-8)."""

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.integrations.services import draining, watching
from apps.payments.models import ProviderAccount
from apps.tenants.context import activated, platform
from apps.tenants.models import ProviderBinding
from tests.integrations.providers import ACCOUNT, OTHER, Caller, answers_at, bind, drain, kept_by
from tests.people import admin


@pytest.fixture
def stripe(lumiere, fresh_sandbox, settings) -> Caller:
    answers_at(settings, fresh_sandbox)
    fresh_sandbox.account_at("stripe", ACCOUNT, state="restricted", name="BDE")
    return Caller(fresh_sandbox)


def test_from_the_alarm_to_the_school(console, stripe, lumiere):
    stripe.tell()
    stripe.tell(how="no_account")
    stripe.tell(OTHER)
    with platform():
        watching.watch(now=timezone.now())
    page = console.get("/integrations/").content.decode()
    assert 'id="service-stripe"' in page and "service=stripe&amp;state=held" in page
    assert 'id="service-helloasso"' in page and 'id="service-bridge"' in page, "set up, and has sent nothing yet"

    unknown, missing, other = kept_by()
    listed = console.get("/integrations/events/?state=held&reason=account-unknown").content.decode()
    assert unknown.event_id in listed and missing.event_id not in listed
    found = console.get(f"/integrations/events/?q={OTHER}").content.decode()
    assert other.event_id in found and unknown.event_id not in found
    address = f"/integrations/events/{unknown.reference}/"
    page = console.get(address).content.decode()
    assert f"/integrations/accounts/new/?account={ACCOUNT}" in page and "charges_enabled" not in page
    assert "charges_enabled" in console.get(f"{address}content/").content.decode()
    with platform():
        assert AuditEvent.objects.filter(act="integration.event_read").count() == 1

    console.post(f"{address}replay/")
    drain()
    assert [one.state for one in kept_by()] == ["held"] * 3
    form = {"provider": "stripe", "account": ACCOUNT, "mode": "live", "school": "lumiere", "name": "BDE"}
    for wrong in ({"account": "cus_1"}, {"school": "nowhere"}, {"provider": "microsoft"}, {"account": ""}):
        assert console.post("/integrations/accounts/new/", {**form, **wrong}).status_code == 422, wrong
    assert console.post("/integrations/accounts/new/", form).status_code == 302
    assert console.post("/integrations/accounts/new/", {**form, "school": "curie"}).status_code == 422
    assert "École Lumière" in console.get(f"{address}preview/").content.decode()
    console.post(f"{address}replay/")
    drain()
    assert kept_by()[0].outcome == "routed" and drain(lumiere) == 1
    with activated(lumiere):
        assert ProviderAccount.objects.get().state == "restricted"
        assert AuditEvent.objects.filter(act="integration.account_bound").count() == 1

    file = b"".join(console.get("/integrations/accounts/?csv=provider-accounts").streaming_content).decode()
    assert ACCOUNT in file and "lumiere" in file
    with platform():
        binding = ProviderBinding.objects.get(provider="stripe")
    assert ACCOUNT in console.get("/integrations/accounts/?q=bde").content.decode()
    for _twice in range(2):
        assert console.post(f"/integrations/accounts/{binding.pk}/release/").status_code == 302
    assert ACCOUNT not in console.get("/integrations/accounts/").content.decode()
    status = console.get("/api/v1/integrations/status").json()["services"]
    assert {"stripe": "held", "helloasso": "expecting-provider"}.items() <= {
        one["service"]: one["code"] for one in status
    }.items()


def test_many_are_brought_at_once_by_a_plan(console, stripe, lumiere):
    for _number in range(3):
        stripe.tell()
    bind(lumiere)
    answer = console.post("/integrations/events/acts/?state=held", {"act": "replay", "all_matching": "1"})
    from apps.integrations.models import EventPlan
    from apps.integrations.services import plans

    with platform():
        plan = EventPlan.objects.get()
        plans.work_on(run_id=plan.pk)
        plan.refresh_from_db()
        assert plan.outcomes == [["processed", "routed", 3]], answer.content
    assert console.post(f"/integrations/decisions/{plan.pk}/confirmation/").status_code == 302
    with platform():
        plans.work_on(run_id=plan.pk)
        draining.drain()
    assert [one.outcome for one in kept_by()] == ["routed"] * 3 and len(kept_by(lumiere)) == 3


def test_a_school_sees_its_own_and_no_quarantine(client, stripe, lumiere, settings):
    client.force_login(admin())
    stripe.tell()
    page = client.get("/integrations/").content.decode()
    assert "stripe" not in page.lower() and "helloasso" not in page.lower(), "not connected, so not spoken of"
    bind(lumiere)
    assert 'id="service-stripe"' in client.get("/integrations/").content.decode()
    page = client.get("/integrations/events/").content.decode()
    assert 'name="reason"' not in page and kept_by()[0].event_id not in page
    assert "Aucun compte pour l’instant" in client.get("/payment-accounts/").content.decode()
    stripe.tell()
    drain(lumiere)
    page = client.get("/payment-accounts/").content.decode()
    assert ACCOUNT in page and "requirements.past_due" in page
    assert client.get("/integrations/accounts/").status_code == 404
    settings.PROVIDER_SECRETS = {}
    with platform():
        from apps.integrations.services import health

        found = {one.service: one.code for one in health.look(timezone.now())}
    assert found["stripe"] == "held" and "helloasso" not in found
