"""A small real HTTP server whose answers a test writes itself, and that remembers what reached it."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class Reply:
    status: int = 200
    body: object = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None  # send so many bytes of the announced body, then close

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Call:
    method: str
    target: str  # as it stood in the request line
    headers: dict[str, str]
    form: dict[str, str]
    connection: int  # the client's port: the same number is the same connection

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "")


class Scripted:
    """`answer` gets each Call and gives a Reply."""

    def __init__(self, answer: Callable[[Call], Reply] | None = None, address: str = "127.0.0.1") -> None:
        self.answer = answer or (lambda call: Reply(404, {"error": {"code": "nothing-here"}}))
        self.calls: list[Call] = []
        self._server = _QuietServer((address, 0), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://{address}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    def paths(self) -> list[str]:
        return [call.path for call in self.calls]


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up early is what several tests are about."""


def _handler(scripted: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, self.path, headers, form, self.client_address[1])
            scripted.calls.append(call)
            self._send(scripted.answer(call))

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

        def _send(self, reply: Reply) -> None:
            content = reply.content()
            kind = "application/json" if not isinstance(reply.body, bytes) else "application/octet-stream"
            headers = {"content-type": kind, "content-length": str(len(content))}
            headers |= {name.lower(): value for name, value in reply.headers.items()}
            self.send_response_only(reply.status)
            headers.setdefault("date", self.date_time_string())
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if reply.cut_at is None:
                self.wfile.write(content)
            else:
                self.wfile.write(content[: reply.cut_at])
                self.wfile.flush()
                self.close_connection = True

        def log_message(self, *arguments) -> None:
            pass

    return Handler


class Microsoft(Scripted):
    """A login host that gives out tokens `token-1`, `token-2`, ... and a Graph whose answers are scripted."""

    def __init__(self) -> None:
        super().__init__(self._route)
        self.login_url = f"{self.url}/login"
        self.graph_url = f"{self.url}/v1.0"
        self.graph: Callable[[Call], Reply] = lambda call: Reply(200, {"value": []})
        self.token: Callable[[Call], Reply] = self._next_token
        self.granted = 0

    def _route(self, call: Call) -> Reply:
        if call.path.endswith("/.well-known/openid-configuration"):
            base = f"{self.login_url}/{call.path.split('/')[2]}"
            return Reply(
                200,
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                },
            )
        if call.path.endswith("/oauth2/v2.0/token"):
            return self.token(call)
        return self.graph(call)

    def _next_token(self, call: Call) -> Reply:
        self.granted += 1
        return Reply(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": f"token-{self.granted}-canary"})

    @property
    def graph_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path.startswith("/v1.0")]

    @property
    def token_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path.endswith("/oauth2/v2.0/token")]


class VirtualTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
