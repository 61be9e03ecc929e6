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
local found = {}
for place, key in ipairs(KEYS) do
  local full = math.max(now, tonumber(redis.call('GET', key) or 0)) + interval
  local wait = full - now - burst * interval
  if wait > 0.000001 then
    found[place] = {tostring(wait), tostring(full - interval - now)}
  else
    redis.call('SET', key, string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000) + 1000)
    found[place] = {'0', tostring(full - now)}
  end
end
return found
"""
PAUSE = 5.0  # seconds for which a Redis that did not answer is not asked again
OWN_LIMITS = ("/api/v1/webhooks/",)  # doors that count by themselves, per address and per secret (INT-8)
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


@dataclass(frozen=True, slots=True)
class Taken:
    """How one request found its bucket: seconds to wait, requests that are left, seconds until it is full again."""

    wait: float = 0.0
    left: int | None = None  # None: nobody counted
    full_in: float = 0.0


@dataclass(slots=True)
class Buckets:
    """The buckets of all callers, in Redis. While Redis is away everything passes: pages matter more than limits."""

    _away_until: float = 0.0

    def take(self, caller: str, *, rate: float, burst: int) -> float:
        """Take one request out of the caller's bucket: 0, or how many seconds to wait until there is one again."""
        return self.ask(caller, rate=rate, burst=burst).wait

    def take_all(self, callers: list[str], *, rate: float, burst: int) -> float:
        """Take one request out of each bucket, in one question to Redis: 0, or how many seconds to wait.

        What is taken out of one stays taken when another is empty.
        """
        return max((taken.wait for taken in self._ask(callers, rate, burst)), default=0.0)

    def ask(self, caller: str, *, rate: float, burst: int) -> Taken:
        """The same, with what is left."""
        return self._ask([caller], rate, burst)[0]

    def _ask(self, callers: list[str], rate: float, burst: int) -> list[Taken]:
        if time.monotonic() < self._away_until:
            return [Taken()] * len(callers)
        cache = caches["platform"]
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
        keys = [cache.make_key(f"rate:{caller}") for caller in callers]
        try:
            answers = client.eval(TAKE, len(keys), *keys, rate, burst)
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + PAUSE
            logger.warning("requests are not limited: Redis did not answer", extra={"error": type(error).__name__})
            return [Taken()] * len(callers)
        return [
            Taken(float(wait), max(0, int(burst - float(full_in) * rate + 1e-6)), float(full_in))
            for wait, full_in in answers
        ]

    def forget_absence(self) -> None:
        """Ask Redis again at once (tests)."""
        self._away_until = 0.0


BUCKETS = Buckets()


def caller_of(request: HttpRequest) -> str:
    """A person wherever they are, or a credential, else the address: a campus behind one address is many people."""
    school = request.school.slug if request.school else "platform"
    person = request.actor.user_id
    if request.actor.credential_id:
        return f"{school}:credential:{request.actor.credential_id}"
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

    Programs read in every answer what is left (draft-ietf-httpapi-ratelimit-headers). Stands after the actor is
    known, before any view. Files and health never get here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUEST_RATE <= 0 or request.path.startswith(OWN_LIMITS):
            return self.get_response(request)
        rate, burst = settings.REQUEST_RATE, settings.REQUEST_BURST
        taken = BUCKETS.ask(caller_of(request), rate=rate, burst=burst)
        is_refused = taken.wait > 0
        response = (
            refused(request, TooManyRequests(math.ceil(taken.wait))) if is_refused else self.get_response(request)
        )
        if taken.left is not None and request.path.startswith("/api/"):
            response["RateLimit-Policy"] = f'"requests";q={burst};w={math.ceil(burst / rate)}'
            response["RateLimit"] = f'"requests";r={taken.left};t={math.ceil(taken.full_in)}'
        return response


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
