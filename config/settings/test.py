"""Tests: the local settings, with a cheap password hash and no file names that change with content."""

from .local import *

DEBUG = False
PLATFORM_PORT = env.text("PORT", default="")  # set for processes that a browser talks to
REQUEST_RATE, REQUEST_BURST = 10_000.0, 1_000_000  # tests are quicker than people
WEBHOOK_RATE_LIMIT_COUNT = 1_000_000
PASSWORD_HASHERS = ["apps.accounts.hashers.FastArgon2Hasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LOGGING = {**LOGGING, "root": {"handlers": ["out"], "level": "WARNING"}}

# several test runs share one Redis: each has its own keys and queues
_RUN = os.environ.get("TEST_RUN", "test")
for _cache in CACHES.values():
    _cache["KEY_PREFIX"] = f"{_RUN}:{_cache.get('KEY_PREFIX', '')}"
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{_RUN}:"
