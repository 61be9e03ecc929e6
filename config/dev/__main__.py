"""`python -m config.dev <command>`: what the Makefile calls. `python -m config.dev` lists the commands."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from config.dev import servers

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run"
FOLDERS = {"demo": RUN / "demo", "test": RUN / "test"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    embedded = commands.add_parser("servers", help="start or stop the embedded PostgreSQL and Redis only")
    embedded.add_argument("act", choices=["start", "stop"])
    embedded.add_argument("which", choices=sorted(FOLDERS), nargs="?", default="test")
    chosen = parser.parse_args(arguments)
    try:
        return COMMANDS[chosen.command](chosen)
    except servers.ServerProblem as problem:
        print(problem, file=sys.stderr)
        return 1


def run_servers(chosen: argparse.Namespace) -> int:
    """start: print what to `eval` in a shell. stop: end them."""
    folder = FOLDERS[chosen.which]
    if chosen.act == "stop":
        print("Stopped." if servers.stop(folder) else "Nothing was running.")
        return 0
    for name, value in servers.ensure(folder, durable=chosen.which == "demo").environment().items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


COMMANDS = {"servers": run_servers}

if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
