"""`python -m config.dev <command>`: what the Makefile calls."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from config.dev import checks, demo, servers, supervisor, tests

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run"
FOLDERS = {"demo": RUN / "demo", "test": RUN / "test", "bench": RUN / "bench"}
CACHES = ("build", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".pytest_cache")


def main(arguments: list[str] | None = None) -> int:
    """The exit status. Words after `test` go to pytest."""
    parser = argparse.ArgumentParser(prog="python -m config.dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_act, text) in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=name != "test")
    embedded = commands.choices["servers"]
    embedded.add_argument("act", choices=["start", "stop"])
    embedded.add_argument("which", choices=sorted(FOLDERS), nargs="?", default="test")
    commands.choices["bench"].add_argument("name")
    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.command not in ("test", "bench"):
        parser.error(f"what is {' '.join(rest)}?")
    chosen.rest = rest
    try:
        return COMMANDS[chosen.command][0](chosen)
    except servers.ServerProblem as problem:
        print(problem, file=sys.stderr)
        return 1


def run_demo(_chosen: argparse.Namespace) -> int:
    return demo.run()


def run_test(chosen: argparse.Namespace) -> int:
    _compile_messages()
    return tests.run(chosen.rest)


def run_check(_chosen: argparse.Namespace) -> int:
    _compile_messages()
    return checks.run()


def run_stop(_chosen: argparse.Namespace) -> int:
    """The servers of tests or benchmarks that run at this moment are left to them."""
    ended = [supervisor.stop(FOLDERS["demo"]), servers.stop(FOLDERS["demo"])]
    ended += [servers.stop(FOLDERS[name], unless_used=True) for name in ("test", "bench")]
    print("Stopped." if any(ended) else "Nothing was running.")
    return 0


def run_clean(chosen: argparse.Namespace) -> int:
    run_stop(chosen)
    for folder in FOLDERS.values():
        servers.remove(folder)
    for folder in (RUN, *(ROOT / name for name in CACHES)):
        shutil.rmtree(folder, ignore_errors=True)
    if RUN.exists():
        print(f"{RUN} could not be deleted completely: parts of it belong to another account.", file=sys.stderr)
        return 1
    return 0


def run_servers(chosen: argparse.Namespace) -> int:
    """start: print what to `eval` in a shell. stop: end them."""
    folder = FOLDERS[chosen.which]
    if chosen.act == "stop":
        print("Stopped." if servers.stop(folder) else "Nothing was running.")
        return 0
    for name, value in servers.ensure(folder, durable=chosen.which != "test").environment().items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def run_requirements(_chosen: argparse.Namespace) -> int:
    """Versions that are pinned stay, unless the .in file asks for another."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--python-version", "3.11", "--universal"]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"]
    for name in ("base", "dev", "sandbox", "uv"):
        done = subprocess.run([*command, f"{name}.in", "-o", f"{name}.txt"], cwd=ROOT / "requirements")
        if done.returncode != 0:
            return done.returncode
    return 0


def run_bench(chosen: argparse.Namespace) -> int:
    """A benchmark has servers of its own that write to the disk as real ones do. Words after the name are its own."""
    environment = {**os.environ, **servers.ensure(FOLDERS["bench"], durable=True).environment()}
    try:
        command = [sys.executable, "-m", "bench", chosen.name, *chosen.rest]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode
    finally:
        servers.stop(FOLDERS["bench"], unless_used=True)


def run_screenshots(_chosen: argparse.Namespace) -> int:
    return subprocess.run([sys.executable, "-m", "config.dev.screenshots"], cwd=ROOT).returncode


def run_openapi(_chosen: argparse.Namespace) -> int:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.build"}
    return subprocess.run([sys.executable, "manage.py", "openapi"], cwd=ROOT, env=environment).returncode


def run_audit(_chosen: argparse.Namespace) -> int:
    from config.dev import audit

    return audit.run()


def run_sbom(_chosen: argparse.Namespace) -> int:
    from config.dev import sbom

    return sbom.run()


def _compile_messages() -> None:
    from apps.core.translations import compile_catalogue

    compile_catalogue(ROOT)


COMMANDS = {
    "demo": (run_demo, "run the demonstration until Ctrl-C"),
    "test": (run_test, "all checks and all tests; words after it go to pytest and leave the checks out"),
    "check": (run_check, "lint, types, import contracts, templates, migrations, translations, settings"),
    "stop": (run_stop, "end everything that demo and test started"),
    "clean": (run_clean, "stop, then delete data, test servers and caches"),
    "servers": (run_servers, "start or stop the embedded PostgreSQL and Redis only"),
    "requirements": (run_requirements, "pin requirements/*.in again"),
    "bench": (run_bench, "run one benchmark"),
    "openapi": (run_openapi, "make docs/openapi again from the code"),
    "audit": (run_audit, "look up published vulnerabilities of the pinned packages"),
    "sbom": (run_sbom, "make build/sbom.json, the bill of materials of what production installs"),
    "screenshots": (run_screenshots, "make docs/screenshots again from the running demonstration"),
}

if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
