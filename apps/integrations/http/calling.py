"""The client itself: how one call goes, from the gate to its line in the log."""

import logging
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

import httpx

from apps.core.requestinfo import current_request_id
from apps.tenants import context

from ..hooks import call_ended
from . import simulation
from .errors import AnswerTooLarge, AnswerTooSlow, CircuitOpen, NothingSent, TooBusy
from .gate import GATE, Entry, Outcome, Rule
from .gate_rules import BUSY, OPEN
from .transport import Transport, within

logger = logging.getLogger("apps.integrations.http")

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
PASSING_STATUS: Final = frozenset({502, 503, 504})
OUR_FAULT: Final = (NothingSent, AnswerTooLarge, httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.PoolTimeout)
USER_AGENT: Final = "Campanile"
LEASE_BEYOND: Final = 5.0  # seconds that a place is held longer than a call may take
ASK_FOR_PLACE: Final = 0.05  # seconds between two questions


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost: seconds to the last byte of the last try, bytes after decompression, tries in all."""

    seconds: float = 30.0
    size: int = 16 * 1024 * 1024
    tries: int = 3


class OutgoingClient(httpx.Client):
    """An `httpx.Client` whose every call is bounded, logged and, when that is safe, tried again.

    Only idempotent methods are repeated, only after a fault that a second try can mend, not before the moment the
    other side names, and only where that fits into the time of the call. Redirects are answers like any other:
    following one is a decision of the caller. With `stream=True` the bounds hold until the headers are there.
    """

    def __init__(
        self,
        name: str,
        *,
        limits: Limits,
        rule: Rule,
        scope: str,
        says_path: bool = True,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.name = name
        self.limits = limits
        self.rule = rule
        self.scope = scope
        self.says_path = says_path
        self._sleep = sleep
        self._clock = clock

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        until = self._clock() + self.limits.seconds
        tries = self.limits.tries if request.method in IDEMPOTENT else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries
            pause = random.uniform(0.5, 1.0) * 0.2 * 2**attempt  # noqa: S311 - spreads load, guards nothing
            try:
                response = self._send_once(request, attempt, until, stream=stream, **options)
            except httpx.TransportError as fault:
                if last or isinstance(fault, OUR_FAULT) or self._clock() + pause >= until:
                    raise
            else:
                asked = retry_after(response)
                if last or not _is_passing(response, asked) or self._clock() + max(pause, asked or 0.0) >= until:
                    return response
                pause = max(pause, asked or 0.0)
                response.close()
            self._sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    def _send_once(
        self, request: httpx.Request, attempt: int, until: float, *, stream: bool, **options: Any
    ) -> httpx.Response:
        entry = self._enter(until)
        started, outcome = self._clock(), "void"
        try:
            with within(lambda: until - self._clock()):
                response = self._exchange(request, until, stream=stream, **options)
        except httpx.RequestError as fault:
            outcome = "void" if isinstance(fault, OUR_FAULT) else "bad"
            self._log(request, attempt, started, fault=type(fault).__name__)
            raise
        else:
            outcome = "bad" if response.status_code >= 500 and response.status_code != 501 else "good"
            self._log(request, attempt, started, status=response.status_code)
            return response
        finally:
            GATE.leave(entry, self.name, self.scope, self.rule, _outcome(outcome))

    def _enter(self, until: float) -> Entry:
        """A place, or CircuitOpen at once, or TooBusy after a bounded wait."""
        waited = 0.0
        lease = max(until - self._clock(), 0.0) + LEASE_BEYOND
        while True:
            entry = GATE.enter(self.name, self.scope, self.rule, lease=lease)
            if entry.said == OPEN:
                raise CircuitOpen(self.name, entry.wait)
            if entry.said != BUSY:
                return entry
            if waited >= self.rule.waits or self._clock() >= until:
                raise TooBusy(self.name)
            self._sleep(ASK_FOR_PLACE)
            waited += ASK_FOR_PLACE

    def _exchange(self, request: httpx.Request, until: float, *, stream: bool, **options: Any) -> httpx.Response:
        simulation.before_call(self.name, sleep=self._sleep)
        if request_id := current_request_id():
            request.headers.setdefault("x-request-id", request_id)
        try:
            response = super().send(request, stream=True, **options)
            return response if stream else self._read(request, response, until)
        except httpx.TimeoutException as late:
            if self._clock() < until or isinstance(late, AnswerTooSlow):
                raise
            raise AnswerTooSlow("the call took longer than allowed", request=request) from late

    def _read(self, request: httpx.Request, response: httpx.Response, until: float) -> httpx.Response:
        """The whole answer, decompressed, or an error as soon as it passes a limit."""
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.limits.size:
                    raise AnswerTooLarge("the answer is larger than allowed", request=request)
                if self._clock() > until:
                    raise AnswerTooSlow("the answer took longer than allowed", request=request)
        finally:
            response.close()
        transfer = {"content-encoding", "transfer-encoding", "content-length"}
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in transfer]
        return httpx.Response(response.status_code, headers=headers, content=bytes(body), request=request)

    def _log(self, request: httpx.Request, attempt: int, started: float, *, status: int = 0, fault: str = "") -> None:
        seconds = self._clock() - started
        told = f"{status // 100}xx" if status else fault
        call_ended.send(provider=self.name, well=0 < status < 500, outcome=told, seconds=seconds)
        level = logging.INFO if 0 < status < 400 else logging.WARNING
        logger.log(
            level,
            "outgoing call",
            extra={
                "provider": self.name,
                "method": request.method,
                "host": request.url.netloc.decode("ascii"),
                "path": request.url.path if self.says_path else None,
                "query_names": sorted(request.url.params.keys()),
                "status": status or None,
                "fault": fault or None,
                "milliseconds": round(seconds * 1000),
                "attempt": attempt,
                "request_id": current_request_id(),
            },
        )


def retry_after(response: httpx.Response) -> float | None:
    """The pause in seconds that the other side asks for, or None."""
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 8:
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _is_passing(response: httpx.Response, asked: float | None) -> bool:
    return response.status_code in PASSING_STATUS or (response.status_code == 429 and asked is not None)


def _outcome(word: str) -> Outcome:
    return "good" if word == "good" else "bad" if word == "bad" else "void"


def client(
    name: str,
    base_url: str = "",
    *,
    connect_seconds: float = 3.0,
    read_seconds: float = 10.0,
    limits: Limits | None = None,
    rule: Rule | None = None,
    of_school: bool = False,
    account: str = "",
    public_only: bool = False,
    says_path: bool = True,
    headers: dict[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> OutgoingClient:
    """A client for one provider. Close it, or use it in a `with` block.

    `of_school`: the account at the provider is the active school's, so its failures are nobody else's (`account` tells
    several of one school apart). `public_only`: the address was given by a person, see targets.py. `says_path`: the log
    has the path; not where it may be a secret by itself.
    The environment is not trusted: a proxy variable or a `.netrc` entry must not see or add credentials.
    """
    return OutgoingClient(
        name,
        limits=limits or Limits(),
        rule=rule or Rule(),
        scope="/".join(part for part in (context.current_schema(), account) if part) if of_school else "",
        says_path=says_path,
        sleep=sleep,
        clock=clock,
        base_url=base_url,
        timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
        headers={"user-agent": USER_AGENT, **(headers or {})},
        follow_redirects=False,
        trust_env=False,
        transport=Transport(verify=_trusted_authorities(), public_only=public_only),
    )


@lru_cache
def _trusted_authorities() -> ssl.SSLContext:
    """Reading the list of authorities takes far longer than making a client; it is read once per process."""
    return httpx.create_ssl_context(trust_env=False)
