"""The settings page "Own domain", and what the edge server asks."""

import pytest
from django.utils import timezone

from apps.associations.models import Association
from apps.campuses.models import Campus
from apps.tenants.context import platform
from apps.tenants.models import Host, School
from tests.conftest import HostClient, client_for, forget_cached
from tests.people import admin, owner, person
from tests.tenants.test_own_domain import NAME, claim, dns, opens, verified

__all__ = ["dns"]
PAGE = "/settings/domains/"


@pytest.fixture
def browser(lumiere):
    client = client_for(lumiere)
    client.cookies["__Host-language"] = "en"
    client.force_login(owner())
    return client


def only_host():
    with platform():
        return Host.objects.exclude(purpose="subdomain").get()


def test_from_the_claim_to_the_open_door_and_back(browser, lumiere, dns):
    answer = browser.post(PAGE, {"domain": "Campus.Lumiere.example.", "campus": ""}, follow=True)
    host = only_host()
    shown = answer.content.decode()
    assert host.record_name in shown and host.record_value in shown and "lumiere.campanile.localhost" in shown
    answer = browser.post(f"{PAGE}{host.pk}/check/", follow=True)
    assert "was not found" in answer.content.decode() and opens() is None
    dns.publish(host.record_name, host.record_value)
    answer = browser.post(f"{PAGE}{host.pk}/check/", follow=True)
    assert f"{NAME} is verified." in answer.content.decode() and opens() == "lumiere"
    browser.post(f"{PAGE}{host.pk}/removal/")
    assert opens() is None


def test_an_outage_is_said_and_changes_nothing(browser, lumiere, dns):
    host = claim(lumiere)
    dns.dns_outage("servfail")
    answer = browser.post(f"{PAGE}{host.pk}/check/", follow=True)
    assert answer.status_code == 200 and "The DNS did not answer" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "x", "192.0.2.1", "curie.campanile.localhost", "a\x00b.example"])
def test_a_name_that_cannot_be_is_said_at_its_field(browser, typed):
    answer = browser.post(PAGE, {"domain": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors["domain"]


def test_a_name_of_another_school_is_said_at_its_field(browser, curie, dns):
    verified(dns, curie)
    answer = browser.post(PAGE, {"domain": NAME})
    assert answer.status_code == 422 and "Another school" in answer.content.decode()


def test_only_campuses_of_the_school_are_offered_and_accepted(browser, dns):
    lyon = Campus.objects.create(name="Lyon", code="LYO")
    assert browser.post(PAGE, {"domain": NAME, "campus": "018f3b5e-0000-7000-8000-000000000000"}).status_code == 422
    assert browser.post(PAGE, {"domain": NAME, "campus": str(lyon.pk)}).status_code == 302
    assert only_host().campus_id == lyon.pk
    assert "Opens campus Lyon" in browser.get(PAGE).content.decode()


def test_an_association_can_be_what_it_opens(browser, dns):
    now = timezone.now()
    club = Association.objects.create(
        name="Ciné-club", slug="cine-club", kind="culture", purpose="Voir des films.", status="approved",
        created_at=now, opens_on=now.date(),
    )  # fmt: skip
    assert "Ciné-club" in browser.get(PAGE).content.decode()
    unknown = "association:018f3b5e-0000-7000-8000-000000000000"
    assert browser.post(PAGE, {"domain": NAME, "campus": unknown}).status_code == 422
    assert browser.post(PAGE, {"domain": NAME, "campus": f"association:{club.pk}"}).status_code == 302
    assert (only_host().association_id, only_host().campus_id) == (club.pk, None)
    assert "Opens the site of Ciné-club" in browser.get(PAGE).content.decode()


def test_members_do_not_get_in(lumiere, dns):
    client = client_for(lumiere)
    client.force_login(person())
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"domain": NAME}).status_code == 403


def test_settings_lead_there(browser):
    assert PAGE in browser.get("/settings/").content.decode()


def test_a_session_of_one_host_is_none_on_the_other(lumiere, dns):
    """The cookie is the host's alone; with it, the own domain is the school like any other host of it."""
    verified(dns, lumiere)
    forget_cached()
    client = HostClient(NAME)
    assert client.get(PAGE).status_code == 302
    client.force_login(admin())
    assert client.get(PAGE).status_code == 200


# --- the edge server --------------------------------------------------------------------------------------


def may_issue(domain, **more):
    forget_cached()
    answer = HostClient("campanile.localhost").get("/edge/may-issue", {"domain": domain, **more})
    assert answer.content.decode() == {200: "yes\n", 404: "no\n"}[answer.status_code]
    return answer.status_code == 200


def test_certificates_are_for_hosts_that_answer(lumiere, dns):
    host = claim(lumiere)
    assert not may_issue(NAME)
    dns.publish(host.record_name, host.record_value)
    from tests.tenants.test_own_domain import verify

    verify(lumiere, host)
    assert may_issue(NAME) and may_issue(NAME.upper()) and may_issue(f"{NAME}.")
    assert may_issue("lumiere.campanile.localhost") and may_issue("campanile.localhost")


@pytest.mark.parametrize("domain", ["", "nobody.campanile.localhost", "x.y.example", "a\x00b", "127.0.0.1", "é" * 900])
def test_no_certificate_for_anything_else(lumiere, domain):
    assert not may_issue(domain)


def test_no_certificate_for_a_school_that_is_not_open(curie):
    with platform():
        School.objects.filter(pk=curie.pk).update(status="suspended", status_before="active")
    assert not may_issue("curie.campanile.localhost")


def test_the_question_is_only_answered_on_the_platform(client):
    assert client.get("/edge/may-issue", {"domain": "campanile.localhost"}).status_code == 404
