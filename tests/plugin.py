"""Loaded before Django's settings are read: gives the tests their own PostgreSQL and Redis.

With DATABASE_URL and REDIS_URL set, those servers are used instead. Every pytest process has its own database
and its own key prefix, so that several can run at once.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    os.environ.setdefault("TEST_RUN", f"t{os.getpid()}")
    if not ("DATABASE_URL" in os.environ and "REDIS_URL" in os.environ):
        from config.dev.servers import ensure

        servers = ensure(ROOT / ".run" / "test", durable=False)
        os.environ.setdefault("DATABASE_URL", servers.database_url)
        os.environ.setdefault("DATABASE_OWNER_URL", servers.owner_url)
        os.environ.setdefault("REDIS_URL", servers.redis_url)


if "PYTEST_XDIST_WORKER" in os.environ:
    # a worker inherits its parent's servers, never its database or keys
    os.environ["TEST_RUN"] = f"t{os.getpid()}"
prepare()
