"""Dockerfile and compose.yaml, as far as they can be judged without a container engine."""

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib.metadata import packages_distributions
from pathlib import Path

import psycopg
import pytest
import yaml

from config.dev.checks import GOOD_PRODUCTION, _pins

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILES = [ROOT / "Dockerfile", ROOT / "deploy" / "pgbouncer" / "Dockerfile"]
OURS = {"web", "worker", "worker-outgoing", "worker-bulk", "beat", "migrate"}
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


def instructions(path: Path) -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", path.read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0].upper(), line.split(None, 1)[1]) for line in lines]


def stages(path: Path) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for instruction, text in instructions(path):
        if instruction == "FROM":
            current = found.setdefault(text.split(" AS ")[-1], [])
        current.append((instruction, text))
    return found


def test_the_services_of_the_product_are_there():
    assert set(SERVICES) == OURS | {"postgres", "pgbouncer", "redis", "simulator", "edge", "flower"}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_restarts_has_limits_and_is_watched(name):
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert limits["cpus"]
    assert limits["memory"]
    if name == "migrate":
        assert service["restart"] == "no"
        return
    assert service["restart"] == "unless-stopped"
    in_image = "the health check is the image's"
    assert "healthcheck" in service or in_image in (ROOT / "compose.yaml").read_text().split(f"  {name}:\n")[1]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"postgres"}))
def test_each_service_runs_without_root_and_without_rights(name):
    service = SERVICES[name]
    assert not service["user"].startswith(("0", "root"))
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_image_is_taken_by_the_name_latest():
    images = [service["image"] for service in SERVICES.values()]
    images += [text.split()[0] for path in DOCKERFILES for word, text in instructions(path) if word == "FROM"]
    own = {stage for path in DOCKERFILES for stage in stages(path)}
    for image in set(images) - own:
        assert ":" in image, f"{image} has no tag"
        assert not image.endswith(":latest")


def test_web_and_workers_start_after_the_migrations():
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert SERVICES[name]["depends_on"]["redis"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_beside_the_edge_the_web_and_the_simulator_are_published_and_only_to_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.pop("edge") == ["80:8080", "443:8443"]
    assert set(published) == {"web", "simulator", "flower"}
    flower = " ".join(SERVICES["flower"]["command"])
    assert "/run/secrets/flower_auth" in flower and SERVICES["flower"]["profiles"] == ["flower"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    for name in ("postgres", "pgbouncer", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_secrets_are_files_and_each_is_declared_and_made():
    made = (ROOT / "deploy" / "make-secrets").read_text()
    for name, service in SERVICES.items():
        environment = service.get("environment", {})
        mounted = set(service.get("secrets", []))
        for variable, value in environment.items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in mounted, f"{name}: {variable} is not mounted"
            assert not re.search(r"SECRET|PASSWORD|TOKEN", variable) or variable.endswith("_FILE"), variable
        assert mounted <= set(COMPOSE["secrets"])
    assert all(re.search(rf"\b{secret}\b", made) for secret in COMPOSE["secrets"])


def names_production_reads() -> set[str]:
    text = "".join((ROOT / "config" / "settings" / f"{name}.py").read_text() for name in ("production", "base"))
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text)) | {"DJANGO_SETTINGS_MODULE"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_exists_in_the_production_settings(name):
    known = names_production_reads() | {"SANDBOX_URL"}  # tried below
    assert {variable.removesuffix("_FILE") for variable in SERVICES[name]["environment"]} <= known


def test_the_variables_of_compose_are_enough_for_production():
    """Only names that compose passes, with good values: the settings must load; with one less they must not."""
    passed = {variable.removesuffix("_FILE") for variable in SERVICES["web"]["environment"]}
    environment = {name: value for name, value in GOOD_PRODUCTION.items() if name in passed}
    assert load_production(environment).returncode == 0
    assert b"SECRET_KEY is required" in load_production({**environment, "SECRET_KEY": ""}).stderr


def load_production(environment):
    return subprocess.run(
        [sys.executable, "-c", "import config.settings.production"],
        cwd=ROOT, capture_output=True, env={"PATH": os.environ["PATH"], **environment},
    )  # fmt: skip


def test_with_the_local_settings_the_containers_find_the_simulator():
    """Under the name by which the browser finds it too: what a token says about its issuer is compared."""
    simulator = SERVICES["simulator"]
    [public] = [word.partition("=")[2] for word in simulator["command"] if word.startswith("--public-url=")]
    assert public.partition("://")[2].split(":")[0] in simulator["networks"]["inside"]["aliases"]
    passed = {name: value for name, value in SERVICES["web"]["environment"].items() if "${" not in value}
    given = {name: value for name, value in passed.items() if not name.endswith("_FILE")}
    told = subprocess.run(
        [sys.executable, "-c", "from config.settings import local; print(local.MICROSOFT_LOGIN_URL)"],
        cwd=ROOT, capture_output=True, text=True, env={"PATH": os.environ["PATH"], **given},
    )  # fmt: skip
    assert told.stdout.strip() == f"{public}/microsoft", told.stderr
    offered = subprocess.run([sys.executable, "-m", "sandbox", "--help"], cwd=ROOT, capture_output=True, text=True)
    wanted = {word.partition("=")[0] for word in simulator["command"] if word.startswith("--")}
    assert {option for option in wanted if option not in offered.stdout} == set()


def test_every_variable_a_person_sets_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked - example == set()


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_what_is_copied_exists_and_is_not_ignored(path):
    known = set(stages(path))
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for word, text in instructions(path):
        if word != "COPY":
            continue
        words = text.split()
        if words[0].startswith("--from="):
            assert words[0].removeprefix("--from=") in known
            continue
        for source in words[:-1]:
            assert (path.parent / source).exists(), f"{source} does not exist"
            if path.parent == ROOT:
                assert f"!{source.split('/')[0]}" in ignored, f"{source} is not sent to the builder"


def test_the_images_hold_no_build_tools_run_without_root_and_are_watched():
    for name in ("campanile", "simulator"):
        final = stages(ROOT / "Dockerfile")[name]
        assert not [text for word, text in final if word == "RUN" and re.search(r"\bpip\b|apt-get", text)]
        assert [text for word, text in final if word == "USER"] == ["10001:10001"]
        assert [text for word, text in final if word == "HEALTHCHECK"]
    for path in DOCKERFILES:
        for _word, text in [entry for entry in instructions(path) if "pip install" in entry[1]]:
            assert "--require-hashes" in text


def imported(*folders: str) -> set[str]:
    """The names of other people's packages that the code names, wherever in a module it does."""
    found = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        if path.is_relative_to(ROOT / "config" / "dev"):
            continue  # the commands of a developer's machine
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).split(".")[0])
    return found - set(sys.stdlib_module_names) - {"apps", "config", "sandbox"}


@pytest.mark.parametrize(("folders", "pins"), [(("apps", "config"), "base"), (("sandbox",), "sandbox")])
def test_the_images_install_what_their_code_imports(folders, pins):
    pinned = set(_pins(ROOT / "requirements" / f"{pins}.txt"))
    owners = packages_distributions()
    missing = {
        name
        for name in imported(*folders)
        if pinned.isdisjoint(owner.lower().replace("_", "-") for owner in owners.get(name, []))
    }
    assert missing == set(), f"add them to requirements/{pins}.in"


def test_the_simulators_packages_are_those_it_was_tested_with():
    sandbox, dev = _pins(ROOT / "requirements" / "sandbox.txt"), _pins(ROOT / "requirements" / "dev.txt")
    assert sandbox.items() <= dev.items()


def copied(stage: str) -> list[str]:
    """The paths of the repository that a stage of the Dockerfile takes."""
    taken = [text.split() for word, text in stages(ROOT / "Dockerfile")[stage] if word == "COPY"]
    return [source for words in taken if not words[0].startswith("--from=") for source in words[:-1]]


def test_what_is_copied_is_enough_to_start(tmp_path):
    """As the image does: built with the settings of the build; then pages and jobs load, with an address for a file."""
    for name in copied("files"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    built = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.build"}
    for command in ("messages --compile", "collectstatic --noinput --verbosity 0"):
        run_here(tmp_path, ["manage.py", *command.split()], built)
    environment = " ".join(text for word, text in stages(ROOT / "Dockerfile")["campanile"] if word == "ENV")
    assert "STATIC_ROOT=/srv/campanile/build/static-root" in environment
    start = {"PATH": os.environ["PATH"], "STATIC_ROOT": str(tmp_path / "build" / "static-root")}
    trying_out = {"DJANGO_SETTINGS_MODULE": "config.settings.local"}  # with `--profile simulator`
    run_here(tmp_path, ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], {**start, **GOOD_PRODUCTION})
    for settings in (GOOD_PRODUCTION, trying_out):
        pages, jobs = (run_here(tmp_path, ["-c", code], {**start, **settings}).split() for code in (START, JOBS))
        assert int(pages[0]) > 10 and re.fullmatch(r"/static/ui/favicon\.[0-9a-f]+\.svg", pages[1])
        assert int(jobs[0]) > 20


def run_here(folder: Path, arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


START = """
import config.wsgi
from django.templatetags.static import static
from django.urls import get_resolver
print(len(get_resolver().url_patterns), static("ui/favicon.svg"))
"""
JOBS = """
import django; django.setup()
from config.celery import app
app.loader.import_default_modules()
print(len([name for name in app.tasks if not name.startswith("celery.")]))
"""


def test_the_simulator_starts_from_what_is_copied(tmp_path):
    for name in copied("simulator"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "--help"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.pooler
@pytest.mark.skipif(not PGBOUNCER, reason="pgbouncer is not installed: .ci/run installs it")
def test_the_pooler_starts_with_our_configuration_and_speaks_to_the_database(tmp_path):
    """The committed file, with only addresses replaced; through it a statement reaches PostgreSQL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
    folder = tmp_path / "pooler"
    folder.mkdir()
    users = folder / "userlist.txt"
    users.write_text('"campanile_app" "a ""quoted"" password"\n')
    text = (ROOT / "deploy" / "pgbouncer" / "pgbouncer.ini").read_text()
    for old, new in (
        ("host=postgres port=5432 dbname=campanile", f"host={where['host']} dbname={where['dbname']}"),
        ("listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1"),
        ("listen_port = 6432", f"listen_port = {port}"),
        ("/run/pgbouncer/userlist.txt", str(users)),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "pgbouncer.ini").write_text(text)
    account = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    if account:
        open_to_all(folder)
    with (folder / "log").open("wb") as log:
        pooler = subprocess.Popen([PGBOUNCER, str(folder / "pgbouncer.ini")], stdout=log, stderr=log, **account)
    try:
        address = f"host=127.0.0.1 port={port} dbname=campanile user=campanile_app"
        with connect(f"{address} password='a \"quoted\" password'", folder / "log") as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("campanile_app",)
        with pytest.raises(psycopg.OperationalError, match="auth|password"):
            psycopg.connect(f"{address} password=wrong")
    finally:
        pooler.terminate()
        pooler.wait(10)


def open_to_all(folder: Path) -> None:
    """pytest's folders are closed to other accounts; the pooler refuses root."""
    for path in (folder, *folder.iterdir()):
        os.chown(path, 65534, 65534)
    for parent in folder.parents:
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o755)


def connect(address: str, log: Path) -> psycopg.Connection:
    deadline = time.monotonic() + 10
    while True:
        try:
            return psycopg.connect(address, prepare_threshold=None)
        except psycopg.OperationalError as problem:
            if time.monotonic() > deadline:
                raise AssertionError(f"{problem}\n{log.read_text()}") from problem
            time.sleep(0.1)
