"""A cache that is away is a miss, never an error."""

from apps.core.cache import ForgivingRedisCache


def test_answers_without_redis(caplog):
    away = ForgivingRedisCache(
        "unix:///nowhere/valkey.sock", {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}}
    )
    assert away.get("key", "default") == "default"
    away.set("key", "value")
    away.delete_many(["key"])
    assert away.get_many(["key"]) == {}
    assert "the cache did not answer" in caplog.text
