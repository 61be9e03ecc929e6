"""Makes .venv and installs the pinned requirements. Needs nothing but Python 3.11 and its standard library.

    python3 config/dev/bootstrap.py

`make` runs this when requirements/ changed. Each package is checked against its recorded hash. uv does the
work because it is fast; where it finds no packages (it does not read pip's configuration) pip does it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"


class Problem(Exception):
    """The installation cannot go on; the message says what to do."""


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - someone may call this with an older one
        print(f"Campanile needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    try:
        make_environment()
        install()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    (VENV / ".stamp").touch()
    return 0


def make_environment() -> None:
    if works(PYTHON):
        return
    say("Making the virtual environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    made = run(sys.executable, "-m", "venv", VENV)
    if made.returncode == 0 and has_pip():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if uv := shutil.which("uv"):
        if run(uv, "venv", "--quiet", "--python", sys.executable, VENV).returncode == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise Problem(
        f"This Python ({sys.executable}) cannot make a virtual environment with pip.\n"
        f"On Debian and Ubuntu:  sudo apt-get install python{version}-venv\n"
        "Or install uv (https://docs.astral.sh/uv/) and try again.\n\n" + made.stdout.strip()
    )


def install() -> None:
    say("Installing the pinned packages (some 60 MB at the first time)")
    sync = find_uv()
    attempts: list[list[str]] = []
    if sync:
        command = [sync, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON)]
        attempts.append([*command, "requirements/dev.txt"])
    if has_pip():
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        attempts.append([*pip, "-r", "requirements/dev.txt"])
    said = []
    for attempt in attempts:
        done = run(*attempt)
        said.append("$ " + " ".join(map(str, attempt)) + "\n" + done.stdout)
        if done.returncode == 0:
            return
    LOG.write_text("\n".join(said))
    raise Problem(
        f"The packages could not be installed. Is the package index reachable? The end of {LOG}:\n"
        + "\n".join(LOG.read_text().splitlines()[-15:])
    )


def find_uv() -> str | None:
    """The pinned uv, installed with pip; else one on PATH; else none, and pip does the whole work."""
    inside = VENV / "bin" / "uv"
    if has_pip():
        pinned = "requirements/uv.txt"
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", pinned)
    return str(inside) if works(inside, "--version") else shutil.which("uv")


def has_pip() -> bool:
    return works(PYTHON, "-m", "pip", "--version")


def works(program: Path, *arguments: str) -> bool:
    try:
        return run(program, *(arguments or ("-c", ""))).returncode == 0
    except OSError:
        return False


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_PYTHON_DOWNLOADS": "never", "PYTHONUTF8": "1"}
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def say(text: str) -> None:
    print(f"  {text} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
