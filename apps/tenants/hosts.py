"""Addresses: which school a host name opens, and the way back from a school to an address."""

import pickle
import re
import time
from dataclasses import dataclass
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host name opens: a school, seen from one of its campuses when the name is a campus's own, or nothing of
    it but the public site of one of its associations."""

    school: School
    is_own: bool = False  # a domain of the school, not the platform's
    campus_id: UUID | None = None
    association_id: UUID | None = None


_near: dict[str, tuple[float, bytes]] = {}  # until when, and the answer as bytes: each request gets its own copy


def school_at(host: str) -> School | None:
    """The school that answers at this (normal) host name, whatever its status."""
    found = answer_at(host)
    return found.school if found else None


def answer_at(host: str) -> Answer | None:
    """What this (normal) host name opens. Claimed, withdrawn and unknown names open nothing."""
    if not host:
        return None
    until, copy = _near.get(host, (0.0, b""))
    if time.monotonic() < until:
        found: Answer | None = pickle.loads(copy)  # noqa: S301  # written by this process, four lines below
        return found
    found = _from_cache(host)
    if len(_near) >= NEAR_MOST:
        _near.clear()
    _near[host] = (time.monotonic() + NEAR_FOR, pickle.dumps(found))
    return found


def _from_cache(host: str) -> Answer | None:
    cache, key = caches["platform"], _key(host)
    remembered = cache.get(key)
    if remembered is not None:
        return remembered or None
    with context.platform():
        verified = Host.objects.select_related("tenant").filter(domain=host, state=Host.State.VERIFIED)
        entry = verified.first()
    answer = Answer(entry.tenant, entry.is_own, entry.campus_id, entry.association_id) if entry else None
    cache.set(key, answer or False, FOUND_FOR if answer else MISSING_FOR)
    return answer


def _key(host: str) -> str:
    return f"opens:{host}"


def forget(school: School) -> None:
    """Make the next request read the school anew (in other processes within NEAR_FOR): after every change of it."""
    with context.platform():
        names = list(Host.objects.filter(tenant=school).values_list("domain", flat=True))
    forget_names(*names)


def forget_names(*names: str) -> None:
    """Make the next request ask the table again what these names open."""
    caches["platform"].delete_many([_key(name) for name in names])
    for name in names:
        _near.pop(name, None)


def forget_all() -> None:
    """Empty this process's own memory of hosts."""
    _near.clear()


def is_platform(host: str) -> bool:
    return host == settings.PLATFORM_DOMAIN


def is_served(host: str) -> bool:
    """Whether a visitor of this (normal) host finds something: the platform, or an open school."""
    if is_platform(host):
        return True
    answer = answer_at(host)
    return answer is not None and answer.school.is_open


def host_of(slug: str) -> str:
    return f"{slug}.{settings.PLATFORM_DOMAIN}"


def platform_url(path: str = "/") -> str:
    return f"{settings.PLATFORM_SCHEME}://{settings.PLATFORM_DOMAIN}{_port()}{path}"


def is_under_platform(host: str) -> bool:
    """The platform's own name, or one below it: the platform gives these, nobody claims them."""
    return host == settings.PLATFORM_DOMAIN or host.endswith(f".{settings.PLATFORM_DOMAIN}")


def school_url(school: "School | context.Tenancy", path: str = "/", *, host: str = "") -> str:
    """An absolute address on the school's host under the platform.

    With `host`, on that one, but only while it is one of this school's verified names.
    """
    name = host if host and _opens(host, school) else host_of(school.slug)
    return f"{settings.PLATFORM_SCHEME}://{name}{_port()}{path}"


def _opens(host: str, school: "School | context.Tenancy") -> bool:
    """Asked of the table, not of the cache: a withdrawn name must not receive anybody's ticket."""
    with context.platform():
        return Host.objects.filter(domain=host, tenant_id=school.pk, state=Host.State.VERIFIED).exists()


def _port() -> str:
    return f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
