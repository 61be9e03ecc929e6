"""The simulator's DNS, asked over UDP by a real resolver."""

import dns.nameserver
import dns.resolver
import pytest

from tests.sandbox_fixture import SimulatorRefused


@pytest.fixture
def resolver(fresh_sandbox):
    asking = dns.resolver.Resolver(configure=False)
    asking.nameservers = [dns.nameserver.Do53Nameserver("127.0.0.1", fresh_sandbox.dns_port)]
    yield asking
    fresh_sandbox.dns_outage(None)


def texts(resolver, name):
    return [b"".join(record.strings).decode() for record in resolver.resolve(name, "TXT", lifetime=2)]


def test_records_are_answered_as_they_were_set(resolver, fresh_sandbox):
    values = ["campanile=abc", 'é "quoted" \\ back', "x" * 600]
    fresh_sandbox.publish("_campanile.School.example.", *values)
    assert sorted(texts(resolver, "_CAMPANILE.school.example")) == sorted(values)
    assert fresh_sandbox.names_asked() == ["_campanile.school.example"]


def test_a_name_without_the_record_and_a_name_that_is_none(resolver, fresh_sandbox):
    fresh_sandbox.publish("_campanile.school.example", "x")
    with pytest.raises(dns.resolver.NoAnswer):
        texts(resolver, "school.example")
    fresh_sandbox.publish("_campanile.school.example")
    with pytest.raises(dns.resolver.NXDOMAIN):
        texts(resolver, "_campanile.school.example")


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("servfail", dns.resolver.NoNameservers),
        ("refused", dns.resolver.NoNameservers),
        ("silent", dns.resolver.LifetimeTimeout),
    ],
)
def test_outages(resolver, fresh_sandbox, kind, seen):
    fresh_sandbox.publish("school.example", "x")
    fresh_sandbox.dns_outage(kind)
    with pytest.raises(seen):
        texts(resolver, "school.example")


def test_wrong_input_is_refused(fresh_sandbox):
    for body in ({}, {"name": "a..b", "values": []}, {"name": "a.example", "values": "x"}, {"name": 1, "values": []}):
        with pytest.raises(SimulatorRefused, match=" 400 "):
            fresh_sandbox.control("PUT", "/dns", body)
    with pytest.raises(SimulatorRefused, match="no outage"):
        fresh_sandbox.dns_outage("earthquake")
