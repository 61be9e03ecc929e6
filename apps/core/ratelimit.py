"""How many requests one caller may send: a bucket per school and person, or address for who has not signed in."""

import ipaddress
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from .errors import DomainError

logger = logging.getLogger("campanile.ratelimit")

# One number per caller: the moment at which the bucket is full again. Redis's own clock, so that every worker of
# every machine counts alike, and one step, so that many at once do not slip through.
TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local interval, burst = 1 / ARGV[1], tonumber(ARGV[2])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)) + interval
local wait = full - now - burst * interval
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000) + 1000)
return '0'
"""
PAUSE = 5.0  # seconds for which a Redis that did not answer is not asked again
SMALLEST_NETWORK = 64  # bits: what one IPv6 household has for itself


class TooManyRequests(DomainError):
    """Wait. `retry_after` is in whole seconds."""

    code = "too-many-requests"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            _("Too many requests came from you in a short time. Wait a moment, then try again."),
            retry_after=retry_after,
        )
        self.retry_after = retry_after


@dataclass(slots=True)
class Buckets:
    """The buckets of all callers, in Redis. While Redis is away everything passes: pages matter more than limits."""

    _away_until: float = 0.0

    def take(self, caller: str, *, rate: float, burst: int) -> float:
        """Take one request out of the caller's bucket: 0, or how many seconds to wait until there is one again."""
        if time.monotonic() < self._away_until:
            return 0.0
        cache = caches["platform"]
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
        try:
            answer = client.eval(TAKE, 1, cache.make_key(f"rate:{caller}"), rate, burst)
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + PAUSE
            logger.warning("requests are not limited: Redis did not answer", extra={"error": type(error).__name__})
            return 0.0
        return float(answer)

    def forget_absence(self) -> None:
        """Ask Redis again at once (tests)."""
        self._away_until = 0.0


BUCKETS = Buckets()


def caller_of(request: HttpRequest) -> str:
    """A person wherever they are, else the address: a campus behind one address is many people, once signed in."""
    school = request.school.slug if request.school else "platform"
    person = request.actor.user_id
    return f"{school}:person:{person}" if person else f"{school}:address:{network(request.META['REMOTE_ADDR'])}"


def network(address: str) -> str:
    """The address, or its network for IPv6, where one caller has billions of addresses."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> SMALLEST_NETWORK << SMALLEST_NETWORK, SMALLEST_NETWORK)))


class RequestRateMiddleware:
    """Answers 429 with Retry-After to who sends too much (SEC-1). REQUEST_RATE = 0 turns it off.

    Stands after the actor is known, before any view. Files and health never get here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUEST_RATE <= 0:
            return self.get_response(request)
        wait = BUCKETS.take(caller_of(request), rate=settings.REQUEST_RATE, burst=settings.REQUEST_BURST)
        return refused(request, TooManyRequests(math.ceil(wait))) if wait else self.get_response(request)


def refused(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    """In the form the caller reads: problem details, a toast, or a page."""
    from .middleware import problem, toast

    response: HttpResponse
    if request.path.startswith(("/api/", "/scim/")):
        response = problem(error, request)
    elif request.htmx:
        response = toast(error)
    else:
        response = render(request, "errors/too_many_requests.html", {"error": error}, status=error.status)
    response["Retry-After"] = str(error.retry_after)
    return response
