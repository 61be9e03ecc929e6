"""Fifty forged headers behind no, one and two proxies: limiter, lockout, audit and log see one address (0.10)."""

import json
import logging

import pytest

from apps.accounts.services import limits
from apps.audit.models import AuditEvent
from apps.core import ratelimit
from apps.core.counters import COUNTERS
from apps.core.logs import JsonFormatter
from tests.conftest import client_for

CLIENT = "203.0.113.9"
PROXIES = ["10.0.0.1", "10.0.0.2"]
VALUES = [
    "6.6.6.6", "127.0.0.1", "::1", "a", "", " ", ",", ",,,", "unknown", "_hidden", "6.6.6.6:80", "[2001:db8::1]",
    "[2001:db8::1]:443", "2001:db8::1", "::ffff:6.6.6.6", "0.0.0.0", "255.255.255.255", "1.2.3", "01.02.03.04",
    "6.6.6.6, 7.7.7.7", "6.6.6.6,7.7.7.7,8.8.8.8", "for=6.6.6.6", 'for="[::1]"', "localhost", "x" * 4000, "é",
    "\t6.6.6.6", "6.6.6.6;proto=https", "-", "null", "1" * 400, "fe80::1%eth0",
]  # fmt: skip
OTHERS = [
    {"HTTP_FORWARDED": "for=6.6.6.6"}, {"HTTP_X_REAL_IP": "6.6.6.6"}, {"HTTP_X_CLIENT_IP": "6.6.6.6"},
    {"HTTP_CF_CONNECTING_IP": "6.6.6.6"}, {"HTTP_TRUE_CLIENT_IP": "6.6.6.6"}, {"HTTP_CLIENT_IP": "6.6.6.6"},
    {"HTTP_X_CLUSTER_CLIENT_IP": "6.6.6.6"}, {"HTTP_X_FORWARDED": "6.6.6.6"}, {"HTTP_FORWARDED_FOR": "6.6.6.6"},
    {"HTTP_X_ORIGINATING_IP": "6.6.6.6"}, {"HTTP_X_REMOTE_IP": "6.6.6.6"}, {"HTTP_X_REMOTE_ADDR": "6.6.6.6"},
    {"HTTP_VIA": "6.6.6.6"}, {"HTTP_FASTLY_CLIENT_IP": "6.6.6.6"}, {"HTTP_X_PROXYUSER_IP": "6.6.6.6"},
    {"HTTP_X_APPENGINE_USER_IP": "6.6.6.6"}, {"HTTP_X_AZURE_CLIENTIP": "6.6.6.6"}, {"HTTP_X_HOST": "6.6.6.6"},
]  # fmt: skip
FORGED = [*({"HTTP_X_FORWARDED_FOR": value} for value in VALUES), *OTHERS]


def as_it_arrives(hops: int, forged: dict) -> dict:
    """Each of our proxies adds who spoke to it at the end of what the caller wrote."""
    headers = dict(forged)
    if hops == 0:
        return {**headers, "REMOTE_ADDR": CLIENT}
    spoke = [CLIENT, *PROXIES][:hops]
    written = headers.pop("HTTP_X_FORWARDED_FOR", None)
    chain = ", ".join(spoke) if written is None else f"{written}, {', '.join(spoke)}"
    return {**headers, "HTTP_X_FORWARDED_FOR": chain, "REMOTE_ADDR": PROXIES[hops - 1]}


@pytest.fixture
def lines():
    """What the log would hold, as it would be written."""
    kept = []

    class Keep(logging.Handler):
        def emit(self, entry):
            kept.append(json.loads(JsonFormatter().format(entry)))

    logger, handler = logging.getLogger("campanile.request"), Keep(logging.INFO)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield kept
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_one_address_everywhere(lumiere, settings, monkeypatch, lines, hops):
    assert len(FORGED) == 50
    settings.TRUSTED_PROXY_HOPS = hops
    buckets, callers = [], ratelimit.caller_of
    monkeypatch.setattr(ratelimit, "caller_of", lambda request: buckets.append(callers(request)) or buckets[-1])
    tried = []
    exceeded = limits.Limit.exceeded
    monkeypatch.setattr(
        limits.Limit, "exceeded", lambda self, subject, **more: tried.append(subject) or exceeded(self, subject, **more)
    )
    client = client_for(lumiere)
    for number, forged in enumerate(FORGED):
        answer = client.post(
            "/sign-in/",
            {"email": f"nobody{number}@lumiere.example", "password": "wrong"},
            **as_it_arrives(hops, forged),
        )
        assert answer.status_code == 422, forged
    assert set(buckets) == {f"lumiere:address:{CLIENT}"}
    assert tried == [CLIENT] * 50
    audited = AuditEvent.objects.filter(act="session.refused").values_list("address", flat=True)
    assert list(audited) == [CLIENT] * 50
    assert [line["address"] for line in lines] == [CLIENT] * 50


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_a_forged_header_buys_no_more_attempts(lumiere, settings, hops):
    settings.TRUSTED_PROXY_HOPS = hops
    client = client_for(lumiere)
    answers = [
        client.post(
            "/sign-in/", {"email": "camille@lumiere.example", "password": "wrong"}, **as_it_arrives(hops, forged)
        )
        for forged in FORGED
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 45
    [lock] = COUNTERS.locks()
    assert lock.label == "camille@lumiere.example"


def test_control_with_a_wrong_number_of_proxies_the_forgery_would_be_believed(lumiere, settings):
    """As a product that takes the left-most, or trusts a header nobody of ours wrote."""
    settings.TRUSTED_PROXY_HOPS = 1
    client = client_for(lumiere)
    forged = {"REMOTE_ADDR": CLIENT, "HTTP_X_FORWARDED_FOR": "6.6.6.6"}
    client.post("/sign-in/", {"email": "a@lumiere.example", "password": "wrong"}, **forged)
    assert AuditEvent.objects.get(act="session.refused").address == "6.6.6.6"
