"""How the addresses of PostgreSQL, Redis and the mail server become Django settings, alike everywhere."""

from typing import Any
from urllib.parse import urlsplit


def databases(default: dict[str, Any], owner: dict[str, Any]) -> dict[str, Any]:
    """`default`: the application's role, through the pooler if there is one. `owner`: direct, for DDL."""
    common = {"ENGINE": "apps.tenants.backend", "DISABLE_SERVER_SIDE_CURSORS": False}
    return {
        "default": {**common, "CONN_MAX_AGE": 60, **default},
        "owner": {**common, **owner, "OPTIONS": {**owner.get("OPTIONS", {}), "as_owner": True}},
    }


def caches(redis_url: str) -> dict[str, Any]:
    """`default` keys carry the school; `platform` keys are shared by all schools (hosts, limits)."""
    from .base import CACHE_KEY_FUNCTION

    redis = {
        "BACKEND": "apps.core.cache.ForgivingRedisCache",
        "LOCATION": redis_url,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
    return {
        "default": {**redis, "KEY_FUNCTION": CACHE_KEY_FUNCTION},
        "platform": {**redis, "KEY_PREFIX": "platform"},
    }


def broker_url(redis_url: str) -> str:
    """Celery spells a socket address differently."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=1"
    return redis_url
