"""`make demo`: the whole product on this machine, with two schools and the simulator of the providers."""

import json
import os
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import psutil

from config.dev import servers, supervisor
from config.dev.supervisor import Child, ChildProblem, Supervisor

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".run" / "demo"
DOMAIN = "campanile.localhost"
SCHOOLS = ("lumiere", "curie")


class DemoProblem(Exception):
    """The demonstration cannot run; the message says what to do."""


@dataclass(frozen=True)
class Ports:
    web: int

    @property
    def sandbox(self) -> int:
        return self.web + 1

    @property
    def mail(self) -> int:
        return self.web + 25

    @property
    def dns(self) -> int:
        return self.web + 53

    @classmethod
    def from_environment(cls) -> "Ports":
        text = os.environ.get("PORT", "8000")
        if not text.isdigit() or not 1024 <= int(text) <= 65000:
            raise DemoProblem(f"PORT must be a number from 1024 to 65000, not {text!r}: make demo PORT=8000")
        return cls(int(text))

    def require_free(self) -> None:
        for port in (self.web, self.sandbox, self.mail, self.dns):
            if not _is_free(port):
                raise DemoProblem(
                    f"Port {port} is in use{_by_whom(port)}. The demonstration needs {self.web}, {self.sandbox}, "
                    f"{self.mail} and {self.dns}. End that program (`make stop`, if it is an older demonstration), "
                    f"or choose other ports: make demo PORT={self.web + 1000}"
                )


def run() -> int:
    """Everything, until Ctrl-C or `make stop`. The exit status of `make demo`."""
    try:
        ports = Ports.from_environment()
        with supervisor.only_one(FOLDER) as alone:
            if not alone:
                raise DemoProblem(f"The demonstration already runs. {_last_ready()}`make stop` ends it.")
            if supervisor.stop(FOLDER):
                say("Ended what an earlier demonstration had left")
            ports.require_free()
            return _run_alone(ports)
    except (DemoProblem, ChildProblem, servers.ServerProblem) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1


def _run_alone(ports: Ports) -> int:
    runner = Supervisor(FOLDER, environment={}, cwd=ROOT, say=say)
    supervisor.end_on_signals(runner)
    began = time.monotonic()
    try:
        say("Starting PostgreSQL and Redis")
        runner.environment.update(_environment(ports, servers.ensure(FOLDER, durable=True)))
        _start_all(runner, ports)
        if not runner.ending.is_set():
            _announce(ports, time.monotonic() - began)
            runner.watch()
        return 0
    finally:
        say("Ending everything")
        runner.end()
        servers.stop(FOLDER)


def _environment(ports: Ports, found: servers.Servers) -> dict[str, str]:
    return {
        **found.environment(),
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "PORT": str(ports.web),
        "PLATFORM_DOMAIN": DOMAIN,
        "SANDBOX_URL": f"http://localhost:{ports.sandbox}",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports.mail),
        "DNS_RESOLVER": f"127.0.0.1:{ports.dns}",
        "MEDIA_ROOT": str(FOLDER / "media"),
        "PYTHONUNBUFFERED": "1",
    }


def _start_all(runner: Supervisor, ports: Ports) -> None:
    """The simulator first: preparing the data may read it."""
    steps: list[tuple[str, Any]] = [
        ("Starting the simulator of Microsoft and the mailbox", lambda: runner.start(_sandbox(ports))),
        ("Preparing the database", lambda: _prepare(runner)),
        ("Starting the web server, the workers and the clock", lambda: runner.start(_web(ports), *_background())),
    ]
    for text, step in steps:
        if runner.ending.is_set():
            return
        say(text)
        step()


def _prepare(runner: Supervisor) -> None:
    status = runner.run("prepare", [sys.executable, "-m", "config.dev.prepare", str(FOLDER)])
    if status != 0 and not runner.ending.is_set():
        raise ChildProblem(f"Preparing the database failed. {runner.end_of_log('prepare', lines=30)}")


def _sandbox(ports: Ports) -> Child:
    command = ["-m", "sandbox", "--port", str(ports.sandbox), "--smtp-port", str(ports.mail)]
    command += ["--dns-port", str(ports.dns)]
    command += ["--state-dir", str(FOLDER / "sandbox"), "--product-url", f"http://campanile.localhost:{ports.web}"]
    command += ["--webhooks", "now"]
    return Child("simulator", [sys.executable, *command], lambda: not _is_free(ports.sandbox))


def _web(ports: Ports) -> Child:
    binds = [f"127.0.0.1:{ports.web}", *([f"[::1]:{ports.web}"] if _has_ipv6() else [])]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2"]
    command += ["--threads", "8", "--graceful-timeout", "5", "--timeout", "60", "--no-control-socket"]
    command += [word for bind in binds for word in ("--bind", bind)]
    return Child("web", command, lambda: _answers(f"http://127.0.0.1:{ports.web}/healthz/live"))


def _background() -> list[Child]:
    """Three workers: neither a long directory run nor a receiver that hangs delays what somebody waits for."""
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    return [
        Child("worker", [*celery, *_worker("fast", "interactive,integration", processes=2)], says_when_ready=" ready."),
        Child("worker-outgoing", [*celery, *_worker("outgoing", "outgoing", processes=1)], says_when_ready=" ready."),
        Child("worker-bulk", [*celery, *_worker("bulk", "bulk,nightly", processes=1)], says_when_ready=" ready."),
        Child("beat", [*celery, "beat", "--pidfile", "", "-l", "INFO"], says_when_ready="beat: Starting"),
    ]


def _worker(name: str, queues: str, *, processes: int) -> list[str]:
    return ["worker", "-n", f"{name}@%h", "-Q", queues, "-c", str(processes), "-l", "INFO"]


# --- what the user reads ---------------------------------------------------------------------------------


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def _announce(ports: Ports, seconds: float) -> None:
    platform = f"http://{DOMAIN}:{ports.web}"
    schools = {school: f"http://{school}.{DOMAIN}:{ports.web}" for school in SCHOOLS}
    simulator = f"http://localhost:{ports.sandbox}"
    places = {"platform": platform, "schools": schools, "simulator": simulator, "signins": _sign_ins()}
    (FOLDER / "ready.json").write_text(json.dumps(places, indent=2))
    lines = ["", f"Ready: {'  '.join([platform, *schools.values()])}", ""]
    lines += _sign_in_lines()
    lines += [
        f"  simulator and mailbox: {simulator}/",
        f"  logs: {FOLDER.relative_to(ROOT)}/log/    started in {seconds:.0f} s    Ctrl-C or `make stop` ends it",
        "",
    ]
    text = "\n".join(lines)
    (FOLDER / "ready.txt").write_text(text)
    print(text, flush=True)


def _sign_ins() -> list[dict[str, str]]:
    """Who signs in where: what `manage.py demo_data --json` said."""
    try:
        return list(json.loads((FOLDER / "signins.json").read_text())["signins"])
    except (FileNotFoundError, ValueError, KeyError):
        return []


def _sign_in_lines() -> list[str]:
    keys = ("who", "where", "email", "password", "then")
    rows = [[str(person.get(key, "")) for key in keys] for person in _sign_ins()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(keys))] if rows else []
    return [
        "  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _last_ready() -> str:
    try:
        return (FOLDER / "ready.txt").read_text().strip() + "\n"
    except FileNotFoundError:
        return ""


# --- the machine's network -------------------------------------------------------------------------------


def _is_free(port: int) -> bool:
    """Whether we could listen there (a connection that is being closed does not count)."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), *(((socket.AF_INET6, "::1"),) if _has_ipv6() else ())):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _by_whom(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
            if listens and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass  # other people's processes are not shown to us
    return ""


def _answers(url: str) -> bool:
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False
