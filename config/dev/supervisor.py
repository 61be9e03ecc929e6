"""Runs the processes of the demonstration: starts them, starts again what dies, ends them all.

Each child leads a process group of its own and its output goes to `<folder>/log/<name>.log`. What was started is
written to `<folder>/processes.json` with the time of its start, so that `stop` finds leftovers even after the
supervisor itself was killed, and never touches a process that merely got an old number.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ENDS_WITHIN = 12  # seconds a child has to end by itself
LONGEST_PAUSE = 30  # seconds before a child that keeps dying is started again
STEADY = 60  # seconds after which a child counts as well again
LOG_LIMIT = 20_000_000  # bytes; an older, longer log is replaced at the start


class ChildProblem(Exception):
    """A child does not work; the message shows the end of its log."""


@dataclass(frozen=True)
class Child:
    """One process. It works when `is_ready` and when its log has the words `says_when_ready`."""

    name: str
    command: list[str]
    is_ready: Callable[[], bool] = lambda: True
    says_when_ready: str = ""
    ready_within: float = 60  # seconds


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    again_at: float = 0


@dataclass
class Supervisor:
    folder: Path
    environment: dict[str, str]
    cwd: Path
    say: Callable[[str], None] = print
    running: dict[str, _Running] = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)
    in_front: subprocess.Popen[bytes] | None = None

    def start(self, *children: Child) -> None:
        """Start all, then wait until each works. Raises ChildProblem, or returns early when told to end."""
        said_before = {child.name: self._size_of_log(child.name) for child in children}
        for child in children:
            self.running[child.name] = _Running(child, self._spawn(child), time.monotonic())
            self._remember()
        for child in children:
            self._wait_until_ready(child, said_before[child.name])

    def _wait_until_ready(self, child: Child, said_before: int) -> None:
        process = self.running[child.name].process
        deadline = time.monotonic() + child.ready_within
        while not self.ending.is_set():
            if process.poll() is not None:
                raise ChildProblem(
                    f"{child.name} ended at once ({_how(process.returncode)}). {self.end_of_log(child.name)}"
                )
            if child.is_ready() and child.says_when_ready in self._said_since(child.name, said_before):
                return
            if time.monotonic() > deadline:
                raise ChildProblem(
                    f"{child.name} does not answer after {child.ready_within:.0f} s. {self.end_of_log(child.name)}"
                )
            self.ending.wait(0.1)

    def run(self, name: str, command: list[str]) -> int:
        """Run a command to its end; its output goes to the log, lines that start with `@ ` to the user."""
        with self._log(name) as log:
            process = self.in_front = self._popen(command, stdout=subprocess.PIPE, stderr=log)
            self.running[name] = _Running(Child(name, command), process, time.monotonic())
            self._remember()
            for line in process.stdout or ():
                if line.startswith(b"@ "):
                    self.say(line[2:].decode(errors="replace").rstrip())
                else:
                    log.write(line)
                    log.flush()
            status = process.wait()
        self.in_front = None
        self.running.pop(name)
        self._remember()
        return status

    def watch(self) -> None:
        """Start again what dies, later and later, until told to end."""
        while not self.ending.wait(0.5):
            for entry in self.running.values():
                self._look_after(entry)

    def _look_after(self, entry: _Running) -> None:
        now = time.monotonic()
        if entry.process.poll() is None:
            if entry.deaths and now - entry.started > STEADY:
                entry.deaths = 0
            return
        if not entry.again_at:
            _end_group(entry.process.pid, self.folder)
            pause = min(2**entry.deaths, LONGEST_PAUSE)
            entry.deaths += 1
            entry.again_at = now + pause
            self.say(
                f"{entry.child.name} ended ({_how(entry.process.returncode)}); starting it again in {pause} s. "
                f"Log: {self.log_path(entry.child.name)}"
            )
        elif now >= entry.again_at:
            entry.process, entry.started, entry.again_at = self._spawn(entry.child), now, 0
            self._remember()

    def end(self) -> None:
        """End the children, the last one first."""
        for entry in reversed(list(self.running.values())):
            _end_child(entry.process, self.folder)
        self.running.clear()
        (self.folder / "processes.json").unlink(missing_ok=True)

    # -- details --

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        with self._log(child.name) as log:
            return self._popen(child.command, stdout=log, stderr=log)

    def _popen(self, command: list[str], **output: object) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment, "CAMPANILE_STARTED_FOR": str(self.folder)}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            command, cwd=self.cwd, env=environment, stdin=subprocess.DEVNULL, start_new_session=True, **output
        )

    def log_path(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def _log(self, name: str):  # type: ignore[no-untyped-def]
        path = self.log_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        is_long = path.exists() and path.stat().st_size > LOG_LIMIT
        return path.open("wb" if is_long else "ab")

    def _size_of_log(self, name: str) -> int:
        path = self.log_path(name)
        return path.stat().st_size if path.exists() and path.stat().st_size <= LOG_LIMIT else 0

    def _said_since(self, name: str, position: int) -> str:
        with self.log_path(name).open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def end_of_log(self, name: str, lines: int = 15) -> str:
        path = self.log_path(name)
        text = path.read_text(errors="replace").splitlines()[-lines:] if path.exists() else []
        return f"The end of {path}:\n" + "\n".join(f"    {line}" for line in text)

    def _remember(self) -> None:
        known = [{"name": "supervisor", **_identity(os.getpid())}]
        known += [{"name": name, **_identity(entry.process.pid)} for name, entry in self.running.items()]
        unfinished = self.folder / "processes.json.unfinished"
        unfinished.write_text(json.dumps(known))
        unfinished.replace(self.folder / "processes.json")


# --- only one supervisor for a folder --------------------------------------------------------------------


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Whether we are the only supervisor of this folder. The kernel frees the place when a process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def stop(folder: Path, *, ends_within: float = 60) -> bool:
    """End the supervisor of this folder, then whatever it left behind. True if there was anything."""
    known = _known(folder)
    found = False
    for entry in known:
        if entry["name"] == "supervisor" and entry["pid"] != os.getpid() and _is_same(entry):
            found = True
            process = psutil.Process(entry["pid"])
            process.terminate()
            if not _wait_for(lambda process=process: not _is_alive(process), ends_within):  # type: ignore[misc]
                process.kill()
    for entry in known:
        if entry["name"] != "supervisor" and not _is_taken_by_another(entry):
            found = _end_group(entry["pid"], folder) or found
    (folder / "processes.json").unlink(missing_ok=True)
    return found


def _known(folder: Path) -> list[dict]:
    try:
        return json.loads((folder / "processes.json").read_text())
    except (FileNotFoundError, ValueError):
        return []


def _identity(pid: int) -> dict[str, object]:
    try:
        return {"pid": pid, "started": psutil.Process(pid).create_time()}
    except psutil.Error:
        return {"pid": pid, "started": 0}


def _is_same(entry: dict) -> bool:
    """Whether the process of this entry still lives: the number alone may have been given to another one."""
    try:
        process = psutil.Process(entry["pid"])
        return abs(process.create_time() - entry["started"]) < 1 and _is_alive(process)
    except psutil.Error:
        return False


def _is_taken_by_another(entry: dict) -> bool:
    try:
        process = psutil.Process(entry["pid"])
        return _is_alive(process) and abs(process.create_time() - entry["started"]) >= 1
    except psutil.Error:
        return False


# --- ending ----------------------------------------------------------------------------------------------


def _end_child(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Ask the leader, which ends its own children in good order; then end what is left of the group."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    _end_group(process.pid, folder)


def _end_group(leader: int, folder: Path) -> bool:
    """End every process of the group that was started for this folder. True if there was one."""
    members = _members(leader, folder)
    if not members:
        return False
    # a leader ends its own children in good order; without it each is asked
    for member in [member for member in members if member.pid == leader] or members:
        with contextlib.suppress(psutil.Error):
            member.terminate()
    if not _wait_for(lambda: not _members(leader, folder), ENDS_WITHIN):
        for member in _members(leader, folder):
            with contextlib.suppress(psutil.Error):
                member.kill()
        _wait_for(lambda: not _members(leader, folder), ENDS_WITHIN)
    return True


def _members(leader: int, folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError, PermissionError):
            in_group = os.getpgid(process.pid) == leader and _is_alive(process)
            if in_group and process.environ().get("CAMPANILE_STARTED_FOR") == str(folder):
                found.append(process)
    return found


def _is_alive(process: psutil.Process) -> bool:
    """A zombie has ended: its parent may be slow to ask for the result."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _how(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit {status}"


def end_on_signals(supervisor: Supervisor) -> None:
    """Ctrl-C, `make stop` and a closed terminal end the supervisor in good order."""

    def _end(number: int, frame: object) -> None:
        if supervisor.ending.is_set() and number == signal.SIGINT:
            sys.exit("Still ending; what is left is ended by `make stop`.")
        supervisor.ending.set()
        if supervisor.in_front:
            supervisor.in_front.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
