"""Faults that an operator asks for by environment, to see how the product bears them (INT-6). Never in production."""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

import httpx
from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError

logger = logging.getLogger("campanile.outgoing")

REMEMBERED: Final = 3600  # seconds after which the first calls fail again
_here: Counter[str] = Counter()
_lock = threading.Lock()


class SimulatedFailure(httpx.ConnectError):
    """FORCE_SERVICE_FAILURES or ENABLE_RANDOM_FAILURES wanted this call to fail."""


def before_call(provider: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait, or raise SimulatedFailure, as the settings say."""
    if settings.ADDED_LATENCY_MILLISECONDS:
        sleep(settings.ADDED_LATENCY_MILLISECONDS / 1000)
    forced = bool(settings.FORCE_SERVICE_FAILURES) and _number_of(provider) <= settings.FORCE_SERVICE_FAILURES
    chance = settings.ENABLE_RANDOM_FAILURES and random.random() < settings.RANDOM_FAILURE_RATE  # noqa: S311
    if forced or chance:
        logger.warning("a failure is simulated", extra={"provider": provider})
        raise SimulatedFailure("simulated")


def _number_of(provider: str) -> int:
    """The how-manieth call of this provider it is, over all processes while Redis answers."""
    cache = caches["platform"]
    key = cache.make_key(f"simulated:{provider}")
    try:
        redis = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
        with redis.pipeline() as steps:
            steps.incr(key)
            steps.expire(key, REMEMBERED, nx=True)
            return int(steps.execute()[0])
    except (RedisError, OSError):
        with _lock:
            _here[provider] += 1
            return _here[provider]
