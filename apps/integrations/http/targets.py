"""Which addresses may be called when a person wrote them: https, an ordinary port, a name that leads to the internet.

The name is checked here; what it leads to is checked at each connection (transport.py), because a name may lead
somewhere else a second later.
"""

import ipaddress
import re
from typing import Final

import httpx
from django.conf import settings

from .errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS: Final = frozenset({443, 8443})
LONGEST: Final = 2000
NOT_PUBLIC_ENDINGS: Final = frozenset(
    {"localhost", "localdomain", "local", "internal", "lan", "home", "corp", "arpa", "onion", "invalid", "test"}
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")

# The special blocks of IPv4, and the address at which a large cloud answers its machines.
NOT_PUBLIC_V4: Final = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    )
)  # fmt: skip
# Only this part of IPv6 is the internet; not in it: blocks for protocols, documents, and carriers of IPv4 addresses.
PUBLIC_V6: Final = ipaddress.IPv6Network("2000::/3")
NOT_PUBLIC_V6: Final = tuple(
    ipaddress.IPv6Network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})  # the middle of an interface id that ends in an IPv4 address


def is_public(address: Address) -> bool:
    """Whether this leads to the internet and nowhere else. In doubt it does not."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in NOT_PUBLIC_V4)
    if address.scope_id or address not in PUBLIC_V6 or any(address in block for block in NOT_PUBLIC_V6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in ISATAP


def require_target(url: str | httpx.URL) -> httpx.URL:
    """The address as it will be called. Raises AddressRefused; says nothing yet of where its name leads."""
    if len(str(url)) > LONGEST:
        raise AddressRefused("long")
    try:
        target = httpx.URL(url)
        host = target.raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, ValueError, TypeError):
        raise AddressRefused("malformed") from None
    if target.userinfo or "@" in target.netloc.decode("ascii", "replace"):
        raise AddressRefused("credentials")
    port = {"https": 443, "http": 80}.get(target.scheme, 0) if target.port is None else target.port
    if is_allowed_here(host, port):
        if target.scheme not in ("http", "https"):
            raise AddressRefused("scheme")
        return target
    if target.scheme != "https":
        raise AddressRefused("scheme")
    if port not in PORTS:
        raise AddressRefused("port")
    if fault := _fault_of_name(host):
        raise AddressRefused(fault)
    return target


def is_allowed_here(host: str, port: int) -> bool:
    """OUTGOING_ALLOWED_TARGETS names "host:port" of a simulator here; production refuses to start with it."""
    return f"{host}:{port}" in settings.OUTGOING_ALLOWED_TARGETS


def _fault_of_name(host: str) -> str:
    """Names only: numbers have many spellings (decimal, octal, short, mapped), and no certificate."""
    if ":" in host:
        return "number"
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return "name"
    if _NUMERIC.fullmatch(labels[-1]):
        return "number"
    return "name" if len(labels) < 2 or labels[-1] in NOT_PUBLIC_ENDINGS else ""
