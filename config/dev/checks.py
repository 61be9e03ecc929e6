"""`make check`: everything that can be said about the code without running the tests."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from config.dev import servers

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
# a production environment in which nothing is missing or weak; none of it is a real secret
GOOD_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "Xc3bV0kP2vN8qR5tW1xZ4aC7eG0iK3mO6sU9yB2dF5hJ8lQ1nT4wV7",
    "FIELD_KEYS": "3rLm0mV1yq8C5xGf7wJbH2kTzQeUoPnR9sYdXaIcBEs=",
    "PLATFORM_DOMAIN": "campanile.school-platform.org",
    "DATABASE_URL": "postgresql://campanile_app:q8Rw2Zx5@pooler:6432/campanile",
    "DATABASE_OWNER_URL": "postgresql://campanile_owner:y3Tn7Lk1@database:5432/campanile",
    "REDIS_URL": "redis://redis:6379/0",
    "MEDIA_ROOT": "/srv/media",
    "EMAIL_HOST": "mail.school-platform.org",
    "DEFAULT_FROM_EMAIL": "no-reply@school-platform.org",
    "MICROSOFT_SIGN_IN_CLIENT_ID": "5b1f0c9e-7d42-4a86-9e3b-2c8d6f4a1b07",
    "MICROSOFT_SIGN_IN_CLIENT_SECRET": "mR7~kX2vQ9pL4wT8nZ5c",
    "MICROSOFT_DIRECTORY_CLIENT_ID": "8e6a2d4c-1f95-4b37-a0c8-9d7e5b3f6a12",
    "MICROSOFT_DIRECTORY_CLIENT_SECRET": "tG4~yB8jH1sD6fM3xV9u",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    hint: str = ""


def all_checks() -> list[Check]:
    python = [sys.executable, "-m"]
    manage = [sys.executable, "manage.py"]
    test = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    return [
        Check("types", [*python, "mypy"]),
        Check("import contracts", [*_program("lint-imports"), "--no-cache"]),
        Check("lint", [*python, "ruff", "check", "--quiet", "."], hint="`.venv/bin/ruff check --fix .` repairs many."),
        Check("format", [*python, "ruff", "format", "--check", "--quiet", "."], hint="Run `.venv/bin/ruff format .`"),
        Check("templates", [*python, "djlint", "templates", "apps", "--lint", "--quiet"]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"], test),
        Check("translations", [*manage, "messages", "--check"], test),
        Check("openapi", [*manage, "openapi", "--check"], test, "Run `make openapi`, and look at what changed."),
        Check("clients", [*python, "config.dev.clients", "--check"], hint="Run `make clients`."),
        Check("requirements", [*python, "config.dev.checks"], hint="Run `make requirements`."),
        Check("production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], GOOD_PRODUCTION),
    ]


def _program(name: str) -> list[str]:
    return [sys.executable, str(Path(sys.executable).parent / name)]


def run() -> int:
    """Run all checks, two at a time; the exit status. Prints what failed, in full."""
    found = servers.ensure(ROOT / ".run" / "test", durable=False)
    prepare = [sys.executable, "manage.py", "prepare_database", "--verbosity", "0"]
    environment = {**os.environ, **found.environment(), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run(prepare, cwd=ROOT, env=environment, check=True)  # the check of migrations asks the database
    print("Checks", flush=True)
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for check, (done, seconds) in zip(
            all_checks(), pool.map(lambda c: _run_one(c, found), all_checks()), strict=True
        ):
            good = done.returncode == 0
            print(f"  {'ok    ' if good else 'FAILED'} {check.name:<22}{seconds:5.1f} s", flush=True)
            if not good:
                failed.append((check, done.stdout))
    for check, output in failed:
        print(f"\n--- {check.name}: {' '.join(check.command)}\n{output.strip()}\n{check.hint}".rstrip(), flush=True)
    return 1 if failed else 0


def _run_one(check: Check, found: servers.Servers) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    environment = {**os.environ, **found.environment(), **check.environment, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        check.command, cwd=ROOT, env=environment, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done, time.monotonic() - began


# --- requirements: pinned, hashed, and in step with what was asked for ---------------------------------------

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def requirement_faults(folder: Path = REQUIREMENTS) -> list[str]:
    """Why requirements/*.txt may not be installed, one line per fault."""
    found = []
    pins = {name: _pins(folder / f"{name}.txt") for name in ("base", "dev", "sandbox", "uv")}
    for name, pinned in pins.items():
        found += _faults_of_file(folder / f"{name}.txt") + _below_the_floor(f"{name}.txt", pinned)
        for wanted, version in _wanted(folder / f"{name}.in"):
            if wanted not in pinned:
                found.append(f"{name}.in asks for {wanted}, {name}.txt does not pin it")
            elif version and version != pinned[wanted]:
                found.append(f"{name}.in asks for {wanted} {version}, {name}.txt pins {pinned[wanted]}")
    for name in ("base", "sandbox"):
        for package, version in pins[name].items():
            if pins["dev"].get(package) != version:
                found.append(f"{name}.txt pins {package} {version}, dev.txt {pins['dev'].get(package, 'nothing')}")
    return found


#: Below these versions a known vulnerability is open: what an advisory said is checked here without asking anybody.
FLOORS = {
    "celery": ("5.2.2", "CVE-2021-23727, commands stored in a result"),
    "django": ("5.2.19", "CVE-2026-113593 and others, private pages in the page cache"),
    "django-tenants": ("4.0.1", "schema names that differ in case only"),
    "djangorestframework": ("3.15.2", "CVE-2024-21520, scripts in the browsable API"),
    "gunicorn": ("22.0.0", "CVE-2024-1135, request smuggling"),
    "sentry-sdk": ("1.14.0", "CVE-2023-28117, session cookies sent along"),
}


def _below_the_floor(file: str, pins: dict[str, str]) -> list[str]:
    found = []
    for package, (floor, because) in FLOORS.items():
        if package in pins and _numbers(pins[package]) < _numbers(floor):
            found.append(f"{file} pins {package} {pins[package]}, which is older than {floor}: {because}")
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _faults_of_file(path: Path) -> list[str]:
    found = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text()):
        if PIN.match(block) and "--hash=sha256:" not in block:
            found.append(f"{path.name}: {block.split()[0]} has no hash")
        if "://" in block:
            found.append(f"{path.name} records an address: {block.split()[0]}")
    return found


def _pins(path: Path) -> dict[str, str]:
    return {_canonical(name): version for name, version in PIN.findall(path.read_text())}


def _wanted(path: Path) -> list[tuple[str, str]]:
    """Package and exact version ("" when it is left open) of each line."""
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    found = []
    for line in lines:
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(?:==([^\s;]+))?", line):
            found.append((_canonical(match[1]), match[2] or ""))
    return [(name, version) for name, version in found if not name.startswith("-")]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    problems = requirement_faults()
    print("\n".join(problems))
    sys.exit(1 if problems else 0)
