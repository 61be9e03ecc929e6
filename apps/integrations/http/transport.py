"""Connections: a deadline over everything that happens on one, and a look at where a name really leads.

httpx bounds each reading of a socket; a server that sends a byte every few seconds is inside of that for ever. Here no
wait is longer than what is left of the call, also for the name and for the TLS handshake.
"""

import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpcore
import httpx

from .errors import AddressRefused, AnswerTooSlow
from .targets import is_allowed_here, is_public, require_target

MOST_LOOKUPS: Final = 32  # that hang at once in this process; the next one fails instead
_lookups = threading.BoundedSemaphore(MOST_LOOKUPS)
_time_left: ContextVar[Callable[[], float] | None] = ContextVar("time_left", default=None)


@contextmanager
def within(time_left: Callable[[], float]) -> Iterator[None]:
    """Everything on a connection of this thread ends when no time is left."""
    token = _time_left.set(time_left)
    try:
        yield
    finally:
        _time_left.reset(token)


def _at_most(timeout: float | None) -> float | None:
    left = _time_left.get()
    if left is None:
        return timeout
    seconds = left()
    if seconds <= 0:
        raise AnswerTooSlow("the call took longer than allowed")
    return seconds if timeout is None else min(timeout, seconds)


class BoundedStream(httpcore.NetworkStream):
    """A connection on which no single wait passes the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _at_most(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, _at_most(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Network(httpcore.NetworkBackend):
    """Looks a name up, checks where it leads, and connects to exactly the addresses that were checked."""

    def __init__(self, *, public_only: bool) -> None:
        self._public_only = public_only
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = look_up(host, port, _at_most(timeout))
        # one address inside is reason enough: a good one beside it is how the check would be passed by
        are_public = all(is_public(ipaddress.ip_address(address)) for address in addresses)
        if self._public_only and not are_public and not is_allowed_here(host.lower(), port):
            raise AddressRefused("internal")
        fault: Exception = httpcore.ConnectError("the name leads nowhere")
        for address in addresses:
            try:
                stream = self._sockets.connect_tcp(
                    address, port, timeout=_at_most(timeout), local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as missed:
                fault = missed
            else:
                return BoundedStream(stream)
        raise fault

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise httpcore.UnsupportedProtocol("no calls to sockets of this machine")


def look_up(host: str, port: int, timeout: float | None) -> list[str]:
    """The addresses of a name, in the resolver's order. The resolver has no time limit of its own, so a thread asks."""
    if not _lookups.acquire(blocking=False):
        raise httpcore.ConnectError("too many names are being looked up")
    found: queue.SimpleQueue[list[str] | OSError | ValueError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(answer[4][0]) for answer in answers)))
        except (OSError, ValueError) as fault:
            found.put(fault)
        finally:
            _lookups.release()

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        answer = found.get(timeout=timeout)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name was not found in time") from None
    if isinstance(answer, Exception):
        raise httpcore.ConnectError("the name was not found") from answer
    return answer


class Transport(httpx.HTTPTransport):
    """httpx on connections of the above. `public_only`: each address is checked, that of a redirect too."""

    def __init__(self, *, verify: ssl.SSLContext, public_only: bool) -> None:
        super().__init__(verify=verify, trust_env=False)
        self._public_only = public_only
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=Network(public_only=public_only),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._public_only:
            require_target(request.url)
        return super().handle_request(request)
