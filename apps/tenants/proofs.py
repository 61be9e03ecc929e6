"""The proof that a domain is a school's: a TXT record that only its owner can publish."""

import logging
from enum import StrEnum

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

TIMEOUT = 3.0  # seconds for the whole question, however many servers are asked

logger = logging.getLogger("campanile.domains")


class Proof(StrEnum):
    FOUND = "found"
    MISSING = "missing"  # the DNS answered, and the record is not there
    UNREACHABLE = "unreachable"  # the DNS did not answer: this says nothing about the record


def look_up(name: str, expected: str) -> Proof:
    """Whether one of the TXT records of `name` is exactly `expected`."""
    try:
        answer = resolver().resolve(name, "TXT", lifetime=TIMEOUT, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Proof.MISSING
    except (dns.exception.DNSException, OSError) as error:
        logger.info("the DNS did not answer", extra={"name_asked": name, "error": type(error).__name__})
        return Proof.UNREACHABLE
    texts = {b"".join(record.strings).strip() for record in answer}
    return Proof.FOUND if expected.encode() in texts else Proof.MISSING


def resolver() -> dns.resolver.Resolver:
    """The servers of DNS_RESOLVER ("host:port, ..."), or the machine's own."""
    if not settings.DNS_RESOLVER:
        return dns.resolver.Resolver()
    chosen = dns.resolver.Resolver(configure=False)
    servers: list[str | dns.nameserver.Nameserver] = [_server(address) for address in settings.DNS_RESOLVER]
    chosen.nameservers = servers
    return chosen


def _server(address: str) -> dns.nameserver.Nameserver:
    host, _, port = address.rpartition(":")
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port)) if host else dns.nameserver.Do53Nameserver(port)
