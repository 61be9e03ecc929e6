"""The one way out to other services: short timeouts, bounded answers, no redirects, a log without secrets.

The settings keep httpx and httpcore quiet: they log addresses with their query and headers of answers.
A later circuit breaker belongs into `OutgoingClient.send`: every call of every provider passes there.
"""

import logging
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx

from apps.core.requestinfo import current_request_id

from .hooks import call_ended

logger = logging.getLogger(__name__)

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
PASSING_STATUS = frozenset({502, 503, 504})
USER_AGENT = "Campanile"


class AnswerTooLarge(httpx.RequestError):
    """The other side sent more than this call may receive."""


class AnswerTooSlow(httpx.TimeoutException):
    """The other side kept sending, but not within the time of the whole call."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost: seconds to the last byte, bytes after decompression, tries in all."""

    seconds: float = 30.0
    size: int = 16 * 1024 * 1024
    tries: int = 3


class OutgoingClient(httpx.Client):
    """An `httpx.Client` whose every call is bounded, logged and, when that is safe, tried again.

    Only idempotent methods are repeated, only after a fault that a second try can mend. Redirects are answers
    like any other: following one is a decision of the caller.
    """

    def __init__(
        self,
        name: str,
        *,
        limits: Limits,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.name = name
        self.limits = limits
        self._sleep = sleep
        self._clock = clock

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        tries = self.limits.tries if request.method in IDEMPOTENT else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                response = self._send_once(request, attempt, stream=stream, **options)
            except httpx.TransportError:
                if last:
                    raise
            else:
                if last or response.status_code not in PASSING_STATUS:
                    return response
                response.close()
            self._sleep(random.uniform(0.5, 1.0) * 0.2 * 2**attempt)  # noqa: S311 - spreads load, guards nothing
        raise AssertionError("unreachable: the last try returns or raises")

    def _send_once(self, request: httpx.Request, attempt: int, *, stream: bool, **options: Any) -> httpx.Response:
        started = self._clock()
        try:
            response = super().send(request, stream=True, **options)
            if not stream:
                response = self._read(request, response, started)
        except httpx.RequestError as fault:
            self._log(request, attempt, started, fault=type(fault).__name__)
            raise
        self._log(request, attempt, started, status=response.status_code)
        return response

    def _read(self, request: httpx.Request, response: httpx.Response, started: float) -> httpx.Response:
        """The whole answer, decompressed, or an error as soon as it passes a limit."""
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.limits.size:
                    raise AnswerTooLarge("the answer is larger than allowed", request=request)
                if self._clock() - started > self.limits.seconds:
                    raise AnswerTooSlow("the answer took longer than allowed", request=request)
        finally:
            response.close()
        transfer = {"content-encoding", "transfer-encoding", "content-length"}
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in transfer]
        return httpx.Response(response.status_code, headers=headers, content=bytes(body), request=request)

    def _log(self, request: httpx.Request, attempt: int, started: float, *, status: int = 0, fault: str = "") -> None:
        call_ended.send(provider=self.name, well=0 < status < 500)
        level = logging.INFO if 0 < status < 400 else logging.WARNING
        logger.log(
            level,
            "outgoing call",
            extra={
                "provider": self.name,
                "method": request.method,
                "host": request.url.netloc.decode("ascii"),
                "path": request.url.path,
                "query_names": sorted(request.url.params.keys()),
                "status": status or None,
                "fault": fault or None,
                "milliseconds": round((self._clock() - started) * 1000),
                "attempt": attempt,
                "request_id": current_request_id(),
            },
        )


def client(
    name: str,
    base_url: str = "",
    *,
    connect_seconds: float = 3.0,
    read_seconds: float = 10.0,
    limits: Limits | None = None,
    headers: dict[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> OutgoingClient:
    """A client for one provider. Close it, or use it in a `with` block.

    The environment is not trusted: a proxy variable or a `.netrc` entry must not see or add credentials.
    """
    return OutgoingClient(
        name,
        limits=limits or Limits(),
        sleep=sleep,
        clock=clock,
        base_url=base_url,
        timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
        headers={"user-agent": USER_AGENT, **(headers or {})},
        follow_redirects=False,
        trust_env=False,
        verify=_trusted_authorities(),
    )


@lru_cache
def _trusted_authorities() -> ssl.SSLContext:
    """Reading the list of authorities takes far longer than making a client; it is read once per process."""
    return httpx.create_ssl_context(trust_env=False)
