"""A real PgBouncer in transaction mode, in front of the test server."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings

PORT = 6432
POOL_SIZE = 2  # server connections per role: eight threads must share two


def program() -> str | None:
    """Debian keeps it where an ordinary PATH does not look."""
    return shutil.which("pgbouncer", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


@contextlib.contextmanager
def running() -> Iterator[Path]:
    """The folder of its socket. As root it runs as `nobody`: PgBouncer refuses root."""
    account = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-", dir="/tmp"))
    try:
        _configure(folder)
        if account:
            for path in (folder, *folder.iterdir()):
                os.chown(path, account["user"], account["group"])
        log = (folder / "log").open("wb")
        process = subprocess.Popen(
            [program(), str(folder / "pgbouncer.ini")],
            cwd="/",
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            **account,
        )
        try:
            _wait(folder, process)
            yield folder
        finally:
            process.terminate()
            process.wait(timeout=20)
            log.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path) -> None:
    owner, application = settings.DATABASES["owner"], settings.DATABASES["default"]
    server = {"host": owner["HOST"] or "127.0.0.1", "port": owner["PORT"] or "5432", "dbname": owner["NAME"]}
    address = " ".join(f"{name}={value}" for name, value in server.items())
    (folder / "users").write_text(
        "".join(f'"{entry["USER"]}" "{entry["PASSWORD"]}"\n' for entry in (owner, application))
    )
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{owner['NAME']} = {address}\n"
        "[pgbouncer]\n"
        f"listen_addr =\nlisten_port = {PORT}\nunix_socket_dir = {folder}\n"
        f"auth_type = trust\nauth_file = {folder}/users\n"
        f"pool_mode = transaction\ndefault_pool_size = {POOL_SIZE}\nmax_client_conn = 200\n"
        "ignore_startup_parameters = extra_float_digits\n"
    )


def _wait(folder: Path, process: subprocess.Popen) -> None:
    for _ in range(200):
        with contextlib.suppress(psycopg.OperationalError), _connect(folder):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PgBouncer did not start:\n{(folder / 'log').read_text()}")


def _connect(folder: Path) -> psycopg.Connection:
    entry = settings.DATABASES["default"]
    return psycopg.connect(host=str(folder), port=PORT, user=entry["USER"], dbname=entry["NAME"], connect_timeout=5)
