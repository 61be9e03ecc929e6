"""A school's own domain opens it after a proof in the DNS, and only then; the DNS is a real one, over UDP."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.tenants import hosts
from apps.tenants.context import activated, platform
from apps.tenants.models import Host
from apps.tenants.services import domains
from apps.tenants.services.domains import DnsUnreachable, DomainTaken, ProofMissing
from tests.conftest import HostClient, forget_cached
from tests.people import acting, admin, auditor, person

NAME = "campus.lumiere.example"
NOW = timezone.now()


def opens(name=NAME):
    """What a visitor of this host finds: the slug of a school, or None for a plain 404."""
    forget_cached()
    answer = HostClient(name).get("/sign-in/")
    if answer.status_code == 404:
        assert answer["Content-Type"] == "text/plain"
        return None
    assert answer.status_code == 200
    return answer.wsgi_request.tenancy.slug


def admin_of(school):
    with activated(school):
        return acting(admin(email=f"admin-{uuid4().hex[:6]}@{school.slug}.example"))


def claim(school, name=NAME, **fields):
    actor = fields.pop("actor", None) or admin_of(school)
    with activated(school):
        return domains.claim_domain(actor=actor, school_id=school.pk, domain=name, now=NOW, **fields)


def verify(school, host, actor=None, now=NOW):
    actor = actor or admin_of(school)
    with activated(school):
        return domains.verify_domain(actor=actor, school_id=school.pk, host_id=host.pk, now=now)


def verified(dns, school, name=NAME, **fields):
    host = claim(school, name, **fields)
    dns.publish(host.record_name, host.record_value)
    return verify(school, host)


def recheck(now):
    with platform():
        return domains.recheck_all(now=now)


def reread(host):
    with platform():
        return Host.objects.get(pk=host.pk)


@pytest.fixture
def dns(microsoft):
    yield microsoft
    microsoft.dns_outage(None)


# --- proof ------------------------------------------------------------------------------------------------


def test_a_claimed_name_opens_nothing(lumiere, dns):
    host = claim(lumiere)
    assert host.state == "pending" and opens() is None


def test_a_published_proof_opens_the_school_and_only_it(lumiere, curie, dns):
    host = verified(dns, lumiere)
    assert host.state == "verified" and opens() == "lumiere"
    assert opens("lumiere.campanile.localhost") == "lumiere"
    assert opens("lumiere.example") is None and opens(f"x.{NAME}") is None
    assert f"_campanile.{NAME}" in dns.names_asked()


@pytest.mark.parametrize("name", ["CAMPUS.Lumiere.Example", f"{NAME}.", f"{NAME}:8000"])
def test_a_visitor_may_write_the_name_differently(lumiere, dns, name):
    verified(dns, lumiere)
    assert opens(name) == "lumiere"


def test_an_accented_name_is_asked_for_and_answered_as_the_dns_writes_it(lumiere, dns):
    host = verified(dns, lumiere, "École.example.")
    assert host.domain == "xn--cole-9oa.example"
    assert opens("xn--cole-9oa.example") == "lumiere"
    assert opens("école.example") is None  # browsers never send it


@pytest.mark.parametrize(
    "texts",
    [[], ["campanile=wrong"], ["v=spf1 -all"], ["campanile="], ["x campanile=TOKEN"], ["campanile=TOKENx"]],
    ids=["none", "wrong token", "another record", "empty", "something before", "something behind"],
)
def test_anything_but_the_exact_proof_opens_nothing(lumiere, dns, texts):
    host = claim(lumiere)
    dns.publish(host.record_name, *[text.replace("TOKEN", host.token) for text in texts])
    dns.publish(host.domain, host.record_value)  # at the wrong name
    with pytest.raises(ProofMissing, match=host.record_name):
        verify(lumiere, host)
    assert reread(host).state == "pending" and opens() is None


def test_the_proof_may_stand_among_other_records(lumiere, dns):
    host = claim(lumiere)
    dns.publish(host.record_name, "v=spf1 -all", "x" * 400, host.record_value)
    assert verify(lumiere, host).state == "verified"


@pytest.mark.parametrize("kind", ["servfail", "refused", "silent"])
def test_a_dns_that_does_not_answer_decides_nothing(lumiere, dns, kind):
    host = claim(lumiere)
    dns.publish(host.record_name, host.record_value)
    dns.dns_outage(kind)
    with pytest.raises(DnsUnreachable):
        verify(lumiere, host)
    assert opens() is None
    dns.dns_outage(None)
    assert verify(lumiere, host).state == "verified"


# --- two schools, one name --------------------------------------------------------------------------------


def test_a_claim_does_not_keep_the_owner_out(lumiere, curie, dns):
    first, second = claim(curie), claim(lumiere)
    assert first.token != second.token
    dns.publish(second.record_name, second.record_value)
    with pytest.raises(ProofMissing):
        verify(curie, first)
    verify(lumiere, second)
    assert opens() == "lumiere"


def test_a_verified_name_is_taken_also_with_a_proof(lumiere, curie, dns):
    late = claim(curie)
    mine = verified(dns, lumiere)
    dns.publish(late.record_name, late.record_value, mine.record_value)
    with pytest.raises(DomainTaken):
        verify(curie, late)
    assert opens() == "lumiere"


def test_a_school_that_comes_later_is_told_at_once(lumiere, curie, dns):
    verified(dns, lumiere)
    with pytest.raises(DomainTaken):
        claim(curie)


def test_the_database_refuses_a_second_verified_row(lumiere, curie, dns):
    late = claim(curie)
    verified(dns, lumiere)
    with pytest.raises(IntegrityError, match="one_verified_school_per_domain"), transaction.atomic(), platform():
        Host.objects.filter(pk=late.pk).update(state="verified")


def test_a_school_claims_a_name_once(lumiere, dns):
    claim(lumiere)
    with pytest.raises(Invalid):
        claim(lumiere, f"{NAME.upper()}.")


# --- watching ---------------------------------------------------------------------------------------------


def test_a_lost_proof_ends_the_name_after_three_checks_over_a_day(lumiere, dns):
    host = verified(dns, lumiere)
    dns.publish(host.record_name)
    for hours in (1, 2, 3, 20):
        recheck(NOW + timedelta(hours=hours))
        assert opens() == "lumiere", hours
    assert recheck(NOW + timedelta(hours=24)).withdrawn == 0  # missing for 23 hours
    assert recheck(NOW + timedelta(hours=25)).withdrawn == 1
    assert reread(host).state == "withdrawn" and opens() is None


def test_a_day_alone_is_not_enough(lumiere, dns):
    host = verified(dns, lumiere)
    dns.publish(host.record_name)
    recheck(NOW + timedelta(hours=1))
    recheck(NOW + timedelta(hours=30))
    assert opens() == "lumiere"
    recheck(NOW + timedelta(hours=31))
    assert opens() is None


def test_a_proof_that_comes_back_in_time_begins_anew(lumiere, dns):
    host = verified(dns, lumiere)
    dns.publish(host.record_name)
    for hours in (1, 2):
        recheck(NOW + timedelta(hours=hours))
    dns.publish(host.record_name, host.record_value)
    recheck(NOW + timedelta(hours=24))
    assert (reread(host).failures, reread(host).missing_since) == (0, None)
    dns.publish(host.record_name)
    recheck(NOW + timedelta(hours=26))
    assert opens() == "lumiere"


@pytest.mark.parametrize("kind", ["servfail", "refused"])
def test_an_outage_of_the_dns_never_counts(lumiere, dns, kind):
    host = verified(dns, lumiere)
    dns.dns_outage(kind)
    for day in range(1, 6):
        assert recheck(NOW + timedelta(days=day)).unreachable == 1
    assert reread(host).failures == 0 and opens() == "lumiere"


def test_a_run_asks_only_what_is_due_and_not_more_than_it_may(lumiere, dns):
    for number in range(3):
        verified(dns, lumiere, f"n{number}.lumiere.example")
    assert recheck(NOW + timedelta(minutes=10)).confirmed == 0
    with platform():
        assert domains.recheck_all(now=NOW + timedelta(hours=1), most=2).confirmed == 2
        assert domains.recheck_all(now=NOW + timedelta(hours=1), most=2).confirmed == 1


def test_the_clock_runs_it(lumiere, dns):
    from apps.tenants.tasks import recheck_hosts

    verified(dns, lumiere)
    with platform():
        Host.objects.filter(domain=NAME).update(asked_at=None)
    assert recheck_hosts()["confirmed"] == 1


def test_a_withdrawn_name_can_be_proven_again(lumiere, dns):
    host = verified(dns, lumiere)
    actor = admin_of(lumiere)
    domains.withdraw_domain(actor=actor, school_id=lumiere.pk, host_id=host.pk, reason="moved", now=NOW)
    assert opens() is None
    assert verify(lumiere, host).state == "verified" and opens() == "lumiere"


def test_a_removed_name_is_free_for_others(lumiere, curie, dns):
    host = verified(dns, lumiere)
    domains.remove_domain(actor=admin_of(lumiere), school_id=lumiere.pk, host_id=host.pk)
    assert opens() is None
    verified(dns, curie)
    assert opens() == "curie"


def test_each_act_takes_effect_at_the_next_request(new_school, dns):
    """What a host opens, or that it opens nothing, is remembered for a while; the act makes it forget."""
    school = new_school()
    name = f"{school.slug}.example"
    visitor, actor = HostClient(name), admin_of(school)
    host = claim(school, name, actor=actor)
    assert visitor.get("/sign-in/").status_code == 404
    dns.publish(host.record_name, host.record_value)
    verify(school, host, actor=actor)
    assert visitor.get("/sign-in/").status_code == 200
    with activated(school):
        domains.remove_domain(actor=actor, school_id=school.pk, host_id=host.pk)
    assert visitor.get("/sign-in/").status_code == 404


# --- who may, and what is kept ----------------------------------------------------------------------------


@pytest.mark.parametrize("someone", [auditor, person])
def test_only_owner_and_admin_may(lumiere, dns, someone):
    host, actor = claim(lumiere), acting(someone())
    facts = {"actor": actor, "school_id": lumiere.pk}
    with pytest.raises(Forbidden):
        domains.claim_domain(**facts, domain="other.example", now=NOW)
    with pytest.raises(Forbidden):
        domains.verify_domain(**facts, host_id=host.pk, now=NOW)
    with pytest.raises(Forbidden):
        domains.remove_domain(**facts, host_id=host.pk)


def test_a_domain_of_another_school_is_not_there(lumiere, curie, dns):
    theirs, actor = claim(curie), admin_of(lumiere)
    with pytest.raises(NotVisible):
        domains.verify_domain(actor=actor, school_id=lumiere.pk, host_id=theirs.pk, now=NOW)
    with pytest.raises(NotVisible):
        domains.remove_domain(actor=actor, school_id=lumiere.pk, host_id=theirs.pk)


def test_the_address_on_the_platform_cannot_be_removed(lumiere):
    with platform():
        given = Host.objects.get(tenant=lumiere)
    assert given.state == "verified"
    with pytest.raises(NotVisible):
        domains.remove_domain(actor=admin_of(lumiere), school_id=lumiere.pk, host_id=given.pk)


def test_every_step_is_in_both_audit_trails(lumiere, dns):
    host = verified(dns, lumiere)
    domains.withdraw_domain(actor=admin_of(lumiere), school_id=lumiere.pk, host_id=host.pk, reason="moved", now=NOW)
    domains.remove_domain(actor=admin_of(lumiere), school_id=lumiere.pk, host_id=host.pk)
    expected = ["own_domain.claimed", "own_domain.removed", "own_domain.verified", "own_domain.withdrawn"]
    for place in (activated(lumiere), platform()):
        with place:
            events = AuditEvent.objects.filter(act__startswith="own_domain.", target_label=NAME)
            assert sorted(events.values_list("act", flat=True)) == expected


def test_a_school_has_so_many_domains(lumiere, dns, monkeypatch):
    monkeypatch.setattr(domains, "MOST_PER_SCHOOL", 1)
    claim(lumiere)
    with pytest.raises(domains.TooManyDomains):
        claim(lumiere, "second.example")


# --- a campus's own host ----------------------------------------------------------------------------------


def test_a_campus_host_opens_the_school_with_that_campus(lumiere, dns):
    campus = uuid4()
    verified(dns, lumiere, campus_id=campus)
    forget_cached()
    request = HostClient(NAME).get("/sign-in/").wsgi_request
    assert (request.tenancy.slug, request.host_campus_id) == ("lumiere", campus)
    assert HostClient("lumiere.campanile.localhost").get("/sign-in/").wsgi_request.host_campus_id is None


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/people/", "/api/v1/users/me", "/scim/v2/Users", "/healthz/live-not", "/ui/"]
)
def test_an_associations_host_opens_nothing_of_the_school(lumiere, dns, path):
    association = uuid4()
    verified(dns, lumiere, association_id=association)
    forget_cached()
    answer = HostClient(NAME).get(path)
    assert answer.status_code == 404
    assert answer.wsgi_request.host_association_id == association
    assert HostClient("lumiere.campanile.localhost").get("/sign-in/").wsgi_request.host_association_id is None


def test_a_host_opens_one_thing(lumiere, dns):
    host = verified(dns, lumiere, association_id=uuid4())
    assert host.purpose == "association"
    for wrong in ({"purpose": "school"}, {"association_id": None}, {"campus_id": uuid4()}):
        with pytest.raises(IntegrityError), transaction.atomic(), platform():
            Host.objects.filter(pk=host.pk).update(**wrong)


def test_hsts_on_an_own_domain_does_not_speak_for_its_subdomains(lumiere, dns, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 1000, True
    verified(dns, lumiere)
    forget_cached()
    assert HostClient(NAME).get("/sign-in/", secure=True)["Strict-Transport-Security"] == "max-age=1000"
    given = HostClient("lumiere.campanile.localhost").get("/sign-in/", secure=True)
    assert "includeSubDomains" in given["Strict-Transport-Security"]


# --- addresses --------------------------------------------------------------------------------------------


def test_addresses_stay_on_the_platform_unless_the_name_is_verified_and_the_schools(lumiere, curie, dns):
    given = hosts.school_url(lumiere, "/x")
    host = claim(lumiere)
    assert hosts.school_url(lumiere, "/x", host=NAME) == given
    dns.publish(host.record_name, host.record_value)
    verify(lumiere, host)
    assert NAME in hosts.school_url(lumiere, "/x", host=NAME)
    assert NAME not in hosts.school_url(lumiere, "/x")
    assert NAME not in hosts.school_url(curie, "/x", host=NAME)
