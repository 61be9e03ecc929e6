"""The product as processes: web, worker and simulator, for a real browser and for tests that kill things.

`live` runs for the whole session against this run's database; schools come from `new_school`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.sandbox_fixture import Simulator

ROOT = Path(__file__).resolve().parents[1]
QUEUES = "interactive,integration,outgoing,bulk,nightly"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url(alias: str) -> str:
    """The address of this run's database, for a process that reads it from the environment."""
    entry = settings.DATABASES[alias]
    parts = {
        "host": entry["HOST"],
        "port": entry["PORT"],
        "user": entry["USER"],
        "password": entry["PASSWORD"],
    }
    query = "&".join(f"{key}={value}" for key, value in parts.items() if value)
    return f"postgresql:///{entry['NAME']}?{query}"


@dataclass
class Live:
    """The running product. `port` is the one every host name is reached at."""

    port: int
    sandbox: Simulator
    logs: Path
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database_url("default"),
            "DATABASE_OWNER_URL": database_url("owner"),
            "PORT": str(self.port),
            "SANDBOX_URL": self.sandbox.url,
            "DNS_RESOLVER": f"127.0.0.1:{self.sandbox.dns_port}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.sandbox.smtp_port),
        }

    def start(self, name: str, *command: str) -> subprocess.Popen:
        log = (self.logs / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        return self.processes[name]

    def start_web(self) -> None:
        bind = f"127.0.0.1:{self.port}"
        self.start("web", "gunicorn", "config.wsgi", "--bind", bind, "--threads", "8", "--worker-class", "gthread")
        self.wait_for_web()

    def wait_for_web(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz/live", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError(f"the web process did not start:\n{self.log('web')}")

    def start_worker(self, name: str = "worker") -> subprocess.Popen:
        return self.start(name, "celery", "-A", "config", "worker", "-Q", QUEUES, "-c", "2", "-l", "INFO")

    def kill(self, name: str) -> None:
        """kill -9 of the process and everything it started."""
        process = self.processes.pop(name, None)
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        if process:
            process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for name, process in list(self.processes.items()):
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill(name)

    def log(self, name: str) -> str:
        path = self.logs / f"{name}.log"
        return path.read_text(errors="replace")[-6000:] if path.exists() else ""

    def url(self, school, path: str = "/") -> str:
        return f"http://{school.slug}.{settings.PLATFORM_DOMAIN}:{self.port}{path}"

    def platform_url(self, path: str = "/") -> str:
        return f"http://{settings.PLATFORM_DOMAIN}:{self.port}{path}"

    def client(self, school=None) -> httpx.Client:
        """An HTTP client for one host: Python does not resolve *.localhost, so the Host header is set."""
        host = f"{school.slug}." if school else ""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"host": f"{host}{settings.PLATFORM_DOMAIN}:{self.port}"},
            trust_env=False,
            timeout=30,
        )


_running: list[Live] = []


@pytest.fixture
def no_worker():
    """For tests that read the queue themselves: this session's worker, if there is one, must not be quicker."""
    stopped = [one for one in _running if "worker" in one.processes]
    for one in stopped:
        one.kill("worker")
    yield
    for one in stopped:
        one.start_worker()


@pytest.fixture(scope="session")
def live(django_db_setup, sandbox, tmp_path_factory):
    running = Live(free_port(), sandbox, tmp_path_factory.mktemp("live"))
    try:
        running.start_web()
        running.start_worker()
        _running.append(running)
        yield running
    finally:
        _running.clear()
        running.stop()


@pytest.fixture
def microsoft(settings, fresh_sandbox):
    """The simulator as this process's Microsoft and mail server, emptied before the test."""
    settings.MICROSOFT_LOGIN_URL = fresh_sandbox.microsoft_url
    settings.MICROSOFT_GRAPH_URL = fresh_sandbox.graph_url
    settings.DNS_RESOLVER = [f"127.0.0.1:{fresh_sandbox.dns_port}"]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", fresh_sandbox.smtp_port
    return fresh_sandbox


def wait_until(condition, *, seconds: float = 30, every: float = 0.1, message: str = ""):
    """Poll until the condition answers something true; the answer. Fails with the message after the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(every)
    raise AssertionError(message or f"not within {seconds} seconds")


__all__ = ["Live", "live", "microsoft", "wait_until"]
