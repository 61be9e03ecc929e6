"""`make test`: the checks, then the tests, then what was skipped and why."""

import os
import subprocess
import sys
from pathlib import Path

from config.dev import checks, servers

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".run" / "test"


def run(arguments: list[str]) -> int:
    """The exit status. With arguments only those tests run, in one process and without the checks."""
    found = servers.ensure(FOLDER, durable=False)
    try:
        checked = 0 if arguments else checks.run()
        tested = _pytest(found, arguments or ["-n", "auto", "--dist", "loadfile"])
    finally:
        servers.stop(FOLDER, unless_used=True)
    if checked and not tested:
        print("\nThe tests pass; some of the checks above failed.", flush=True)
    return checked or tested


def _pytest(found: servers.Servers, arguments: list[str]) -> int:
    """`-rs` lists every skipped test with its reason."""
    environment = {
        **os.environ,
        **found.environment(),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONUTF8": "1",
    }
    print("\nTests", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", "-rs", *arguments], cwd=ROOT, env=environment).returncode
