"""Start the simulator: `python -m sandbox --port 8001 --smtp-port 8025`."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path

import uvicorn

from sandbox.app import make_app
from sandbox.control import reset
from sandbox.mail import smtp_protocol
from sandbox.nameserver import NameServer
from sandbox.payments.telling import WAYS
from sandbox.state import State
from sandbox.wire import Protocol

PRODUCT_URL = "http://campanile.localhost:8000"
ENVIRONMENT_NAMES = ("ENV", "ENVIRONMENT", "DJANGO_ENV", "CAMPANILE_ENV", "DEPLOYMENT")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8001, help="HTTP port; 0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=8025, help="port of the mailbox; 0 takes a free one")
    parser.add_argument("--dns-port", type=int, default=8053, help="UDP port of the name server; 0 takes a free one")
    parser.add_argument("--public-url", help="address in links and issuers (default http://localhost:PORT)")
    parser.add_argument(
        "--product-url",
        default=PRODUCT_URL,
        help="where payment providers send webhooks (default %(default)s)",
    )
    parser.add_argument(
        "--webhooks", choices=list(WAYS), default="held", help="how they go out by themselves (default %(default)s)"
    )
    parser.add_argument("--state-dir", type=Path, help="keep edits, mail and keys here")
    parser.add_argument("--seed", choices=["demo", "empty"], default="demo", help="what is there at first")
    parser.add_argument("--ready-file", type=Path, help="written with the ports as soon as all listen")
    return parser.parse_args()


def listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio switches off Nagle's algorithm: otherwise each answer takes 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sys.exit(f"The simulator cannot listen on {host}:{port}: {error.strerror}. Choose another port.")
    sock.listen(128)
    sock.setblocking(False)
    return sock


def listening_udp(host: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.bind((host, port))
    except OSError as error:
        sys.exit(f"The simulator cannot listen on {host}:{port} (UDP): {error.strerror}. Choose another port.")
    sock.setblocking(False)
    return sock


def refuse_production() -> None:
    for name in ENVIRONMENT_NAMES:
        if os.environ.get(name, "").lower() in ("production", "prod"):
            sys.exit(f"The simulator does not start in production ({name}={os.environ[name]}).")
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        sys.exit("The simulator does not start in production (DJANGO_SETTINGS_MODULE).")


def prepared_state(options: argparse.Namespace, port: int) -> State:
    if options.state_dir:
        options.state_dir.mkdir(parents=True, exist_ok=True)
    public_url = options.public_url or f"http://localhost:{port}"
    state = State(public_url, options.state_dir, options.product_url, options.webhooks)
    if not state.load():
        reset(state, options.seed)
        state.save()
    state.mailbox.on_arrival = state.changed
    return state


class Server(uvicorn.Server):
    """uvicorn ends the process by the signal itself, before anything could be saved; we only ask it to stop."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def stop(self) -> None:
        self.force_exit, self.should_exit = self.should_exit, True


async def serve(options: argparse.Namespace) -> None:
    web = listening(options.host, options.port)
    trap = listening(options.host, 0)  # where a nextLink with a wrong port leads, so that a leak is seen
    post = listening(options.host, options.smtp_port)
    questions = listening_udp(options.host, options.dns_port)
    port = web.getsockname()[1]
    state = prepared_state(options, port)
    state.trap_port = trap.getsockname()[1]
    loop = asyncio.get_running_loop()
    name_server, _ = await loop.create_datagram_endpoint(partial(NameServer, state), sock=questions)
    smtp = await asyncio.get_running_loop().create_server(partial(smtp_protocol, state.mailbox), sock=post)
    config = uvicorn.Config(
        make_app(state), http=Protocol, log_level="warning", access_log=False, timeout_graceful_shutdown=1,
        server_header=False, lifespan="off",
    )  # fmt: skip
    server = Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    ports = {
        "port": port,
        "smtp_port": post.getsockname()[1],
        "trap_port": state.trap_port,
        "dns_port": questions.getsockname()[1],
    }
    announcing = asyncio.create_task(announce(server, options, ports))
    try:
        await server.serve(sockets=[web, trap])
    finally:
        announcing.cancel()
        smtp.close()
        name_server.close()
        state.save()


async def announce(server: uvicorn.Server, options: argparse.Namespace, ports: dict[str, int]) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    where = f"http://localhost:{ports['port']}/"
    print(f"Simulator: {where}  (mail on port {ports['smtp_port']}, DNS on {ports['dns_port']})", flush=True)
    if options.ready_file:
        fresh = options.ready_file.with_suffix(".new")
        fresh.write_text(json.dumps(ports))
        os.replace(fresh, options.ready_file)


def main() -> None:
    refuse_production()
    asyncio.run(serve(arguments()))


if __name__ == "__main__":
    main()
