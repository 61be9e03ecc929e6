"""A developer's machine and the demonstration. `python -m config.dev` passes the addresses of its servers."""

import os
from urllib.parse import urlsplit

from config.env import Env

from .base import *
from .services import broker_url, caches, databases

env = Env()

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY", default="local-only-" + "0123456789abcdef" * 4)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.names("FIELD_KEYS", default="bG9jYWwtb25seS1maWVsZC1rZXktMDEyMzQ1Njc4OWE=")  # local-only-…
PLATFORM_SCHEME = "http"
PLATFORM_DOMAIN = env.text("PLATFORM_DOMAIN", default="campanile.localhost")
PLATFORM_PORT = env.text("PORT", default="8000")

_default = env.text("DATABASE_URL", default="postgresql://campanile_app@127.0.0.1/campanile")
_owner = env.text("DATABASE_OWNER_URL", default=_default)
DATABASES = databases(env.database("DATABASE_URL", _default), env.database("DATABASE_OWNER_URL", _owner))
REDIS_URL = env.text("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

CELERY_RETRY_BACKOFF_BASE = float(env.text("CELERY_RETRY_BACKOFF_BASE", default="5"))
CELERY_MAX_RETRIES = env.number("CELERY_MAX_RETRIES", default=8)
INTEGRATION_LEASE_SECONDS = env.number("INTEGRATION_LEASE_SECONDS", default=60)
for _name in ("sweep-events", "sweep-platform-events"):
    CELERY_BEAT_SCHEDULE[_name]["schedule"] = float(env.number("INTEGRATION_SWEEP_SECONDS", default=60))
WEBHOOK_RATE_LIMIT_COUNT = env.number("WEBHOOK_RATE_LIMIT_COUNT", default=600)
WEBHOOK_RATE_LIMIT_PERIOD = env.number("WEBHOOK_RATE_LIMIT_PERIOD", default=60)

STATIC_ROOT = BASE_DIR / ".run" / "static"
MEDIA_ROOT = env.text("MEDIA_ROOT", default=str(BASE_DIR / ".run" / "media"))

EMAIL_HOST = env.text("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", default=8025)
EMAIL_TIMEOUT = 5  # seconds
DEFAULT_FROM_EMAIL = "Campanile <no-reply@campanile.localhost>"

SANDBOX_URL = _sandbox = env.text("SANDBOX_URL", default="http://localhost:8001")
MICROSOFT_LOGIN_URL = env.text("MICROSOFT_LOGIN_URL", default=f"{_sandbox}/microsoft")
MICROSOFT_GRAPH_URL = env.text("MICROSOFT_GRAPH_URL", default=f"{_sandbox}/graph/v1.0")
MICROSOFT_MAIL_CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000002"
MICROSOFT_SIGN_IN_CLIENT_ID = MICROSOFT_DIRECTORY_CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000001"
MICROSOFT_SIGN_IN_CLIENT_SECRET = MICROSOFT_DIRECTORY_CLIENT_SECRET = MICROSOFT_MAIL_CLIENT_SECRET = "sandbox-secret"

PROVIDER_SECRETS = {  # those of the simulator
    "stripe": {"live": ["whsec_sandbox_live"], "test": ["whsec_sandbox_test"]},
    "helloasso": {"live": ["sandbox-helloasso-key"], "test": ["sandbox-helloasso-test-key"]},
    "helloasso-url": {"live": ["sandbox-helloasso-address"], "test": []},
    "bridge": {"live": ["sandbox-bridge-secret"], "test": ["sandbox-bridge-test-secret"]},
}
PROVIDER_APIS = {
    "stripe": {
        "live": {"url": f"{_sandbox}/stripe", "key": "sk_live_sandbox"},
        "test": {"url": f"{_sandbox}/stripe", "key": "sk_test_sandbox"},
    },
    "helloasso": {
        mode: {
            "url": f"{_sandbox}/helloasso",
            "authorize_url": f"{_sandbox}/helloasso/authorize",
            "client_id": f"sandbox-{mode}",
            "client_secret": "sandbox-secret",
        }
        for mode in ("live", "test")
    },
    "bridge": {
        mode: {"url": f"{_sandbox}/bridge", "client_id": f"sandbox-{mode}", "client_secret": "sandbox-secret"}
        for mode in ("live", "test")
    },
}
PROVIDER_TEST_EVENTS = env.flag("PROVIDER_TEST_EVENTS", default=True)

OUTGOING_ALLOWED_TARGETS = env.names("OUTGOING_ALLOWED_TARGETS", default=urlsplit(_sandbox).netloc)
FORCE_SERVICE_FAILURES = env.number("FORCE_SERVICE_FAILURES", default=0)
ENABLE_RANDOM_FAILURES = env.flag("ENABLE_RANDOM_FAILURES", default=False)
RANDOM_FAILURE_RATE = float(env.text("RANDOM_FAILURE_RATE", default="0.2"))
ADDED_LATENCY_MILLISECONDS = env.number("ADDED_LATENCY_MILLISECONDS", default=0)

BREACHED_PASSWORDS_FILE = env.text("BREACHED_PASSWORDS_FILE", default="")
GEOIP_DATABASE = env.text("GEOIP_DATABASE", default="")
DNS_RESOLVER = env.names("DNS_RESOLVER", default="127.0.0.1:8053")

UI_CATALOGUE = True
SUPERADMIN_EMAIL = os.environ.get("SUPERADMIN_EMAIL", "")
SUPERADMIN_PASSWORD = os.environ.get("SUPERADMIN_PASSWORD", "")
env.finish()
