"""Addresses: which school a host name opens, and the way back from a school to an address."""

import pickle
import re
import time

from django.conf import settings
from django.core.cache import caches

from . import context
from .models import Host, School

FOUND_FOR = 30  # seconds the cache remembers a host's school; a change of the school clears it at once
MISSING_FOR = 10
NEAR_FOR = 1.0  # seconds this process remembers what the cache said: so late it may see another process's change
NEAR_MOST = 5_000  # hosts; then the memory starts anew
HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
PORT = re.compile(r":[0-9]{0,5}\Z", re.ASCII)


def normal_host(raw: str) -> str:
    """A Host header without port, upper case and trailing dot; "" for what cannot be a host name."""
    name = raw.lower()
    if (port := PORT.search(name)) is not None:
        name = name[: port.start()]
    name = name.removesuffix(".")
    return name if HOST_NAME.fullmatch(name) else ""


_near: dict[str, tuple[float, bytes]] = {}  # until when, and the school as bytes: each request gets its own copy


def school_at(host: str) -> School | None:
    """The school that answers at this (normal) host name, whatever its status."""
    if not host:
        return None
    until, copy = _near.get(host, (0.0, b""))
    if time.monotonic() < until:
        found: School | None = pickle.loads(copy)  # noqa: S301  # written by this process, four lines below
        return found
    found = _from_cache(host)
    if len(_near) >= NEAR_MOST:
        _near.clear()
    _near[host] = (time.monotonic() + NEAR_FOR, pickle.dumps(found))
    return found


def _from_cache(host: str) -> School | None:
    cache, key = caches["platform"], f"host:{host}"
    remembered = cache.get(key)
    if remembered is not None:
        return remembered or None
    with context.platform():
        entry = Host.objects.select_related("tenant").filter(domain=host).first()
    school = entry.tenant if entry else None
    cache.set(key, school or False, FOUND_FOR if school else MISSING_FOR)
    return school


def forget(school: School) -> None:
    """Make the next request read the school anew (in other processes within NEAR_FOR): after every change of it."""
    with context.platform():
        names = list(Host.objects.filter(tenant=school).values_list("domain", flat=True))
    caches["platform"].delete_many([f"host:{name}" for name in names])
    for name in names:
        _near.pop(name, None)


def forget_all() -> None:
    """Empty this process's own memory of hosts."""
    _near.clear()


def is_platform(host: str) -> bool:
    return host == settings.PLATFORM_DOMAIN


def host_of(slug: str) -> str:
    return f"{slug}.{settings.PLATFORM_DOMAIN}"


def platform_url(path: str = "/") -> str:
    return f"{settings.PLATFORM_SCHEME}://{settings.PLATFORM_DOMAIN}{_port()}{path}"


def school_url(school: "School | context.Tenancy", path: str = "/") -> str:
    """An absolute address on the school's own host."""
    return f"{settings.PLATFORM_SCHEME}://{host_of(school.slug)}{_port()}{path}"


def _port() -> str:
    return f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
