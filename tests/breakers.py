"""Circuit breakers of the product as in a quiet hour, for this process and those that run beside it."""

import os

from django.core.cache import caches


def forget_breakers() -> None:
    from apps.integrations.http.gate import GATE

    GATE.forget()
    redis = caches["platform"]._cache.get_client(write=True)
    if keys := list(redis.scan_iter(match=f"{os.environ['TEST_RUN']}:platform:*:breaker:*", count=1000)):
        redis.delete(*keys)
