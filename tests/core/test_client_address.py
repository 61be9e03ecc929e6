"""One middleware decides who is calling; no header a client can send changes it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.core.middleware import ClientAddressMiddleware

FORGED = "6.6.6.6"


def address(settings, hops: int, remote: str, **headers) -> str:
    settings.TRUSTED_PROXY_HOPS = hops
    seen = []
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)

    def answer(inner):
        seen.append((inner.META["REMOTE_ADDR"], [name for name in inner.META if "FORWARDED" in name]))
        return HttpResponse()

    ClientAddressMiddleware(answer)(request)
    assert seen[0][1] == [], "no library may read a forwarding header after this"
    return seen[0][0]


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP"])
def test_without_a_proxy_headers_mean_nothing(settings, header):
    assert address(settings, 0, "203.0.113.9", **{header: FORGED}) == "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, f"{FORGED}, 203.0.113.9", "203.0.113.9"),
        (2, f"{FORGED}, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "not an address", "10.0.0.2"),
        (1, "a", "10.0.0.2"),
        (2, FORGED, "10.0.0.2"),  # did not come through both of our proxies
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_behind_proxies_the_configured_hop_counts(settings, hops, forwarded, expected):
    assert address(settings, hops, "10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded) == expected


def test_a_socket_without_address_gets_one(settings):
    assert address(settings, 0, "") == "127.0.0.1"
