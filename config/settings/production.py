"""Production. Fails closed: a missing or weak value stops the start, and every fault is listed at once."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from config.env import Env

from .base import *
from .examples import fault_of_address, fault_of_client_id, fault_of_database
from .providers import is_hidden, is_network, provider_apis, provider_secrets
from .services import broker_url, caches, databases

env = Env()

DEBUG = False  # not readable from the environment, on purpose
SECRET_KEY = env.secret("SECRET_KEY", at_least=50)
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS", at_least=50)  # former ones: what they signed stays good
FIELD_KEYS = env.keys("FIELD_KEYS")
PLATFORM_SCHEME = "https"
PLATFORM_DOMAIN = env.text("PLATFORM_DOMAIN").lower()
PLATFORM_PORT = ""
TRUSTED_PROXY_HOPS = env.number("TRUSTED_PROXY_HOPS", default=1)
REQUEST_RATE = env.number("REQUEST_RATE", default=20)
REQUEST_BURST = env.number("REQUEST_BURST", default=200)

CELERY_RETRY_BACKOFF_BASE = env.number("CELERY_RETRY_BACKOFF_BASE", default=5)
CELERY_RETRY_BACKOFF_MAX = env.number("CELERY_RETRY_BACKOFF_MAX", default=3600)
CELERY_MAX_RETRIES = env.number("CELERY_MAX_RETRIES", default=8)
INTEGRATION_JOBS_PER_SCHOOL = env.number("INTEGRATION_JOBS_PER_SCHOOL", default=2)
WEBHOOK_RATE_LIMIT_COUNT = env.number("WEBHOOK_RATE_LIMIT_COUNT", default=600)
WEBHOOK_RATE_LIMIT_PERIOD = env.number("WEBHOOK_RATE_LIMIT_PERIOD", default=60)

DATABASES = databases(env.database("DATABASE_URL"), env.database("DATABASE_OWNER_URL"))
REDIS_URL = env.text("REDIS_URL")
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

STATIC_ROOT = env.text("STATIC_ROOT", default=str(BASE_DIR / "build" / "static-root"))
MEDIA_ROOT = env.text("MEDIA_ROOT")

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")

MICROSOFT_SIGN_IN_CLIENT_ID = env.text("MICROSOFT_SIGN_IN_CLIENT_ID")
MICROSOFT_SIGN_IN_CLIENT_SECRET = env.secret("MICROSOFT_SIGN_IN_CLIENT_SECRET", at_least=16)
MICROSOFT_DIRECTORY_CLIENT_ID = env.text("MICROSOFT_DIRECTORY_CLIENT_ID")
MICROSOFT_DIRECTORY_CLIENT_SECRET = env.secret("MICROSOFT_DIRECTORY_CLIENT_SECRET", at_least=16)
# without these two no school can send from a mailbox of its own
MICROSOFT_MAIL_CLIENT_ID = env.text("MICROSOFT_MAIL_CLIENT_ID", default="")
MICROSOFT_MAIL_CLIENT_SECRET = env.text("MICROSOFT_MAIL_CLIENT_SECRET", default="")
# a mounted secret is checked at the start and read anew at each use: it is rotated without a deploy
MICROSOFT_SIGN_IN_CLIENT_SECRET_FILE = env.text("MICROSOFT_SIGN_IN_CLIENT_SECRET_FILE", default="")
MICROSOFT_DIRECTORY_CLIENT_SECRET_FILE = env.text("MICROSOFT_DIRECTORY_CLIENT_SECRET_FILE", default="")
MICROSOFT_MAIL_CLIENT_SECRET_FILE = env.text("MICROSOFT_MAIL_CLIENT_SECRET_FILE", default="")
MICROSOFT_JUST_IN_TIME_SCHOOLS = env.flag("MICROSOFT_JUST_IN_TIME_SCHOOLS", default=False)
MICROSOFT_LOGIN_URL = env.text("MICROSOFT_LOGIN_URL", default=MICROSOFT_LOGIN_URL)
MICROSOFT_GRAPH_URL = env.text("MICROSOFT_GRAPH_URL", default=MICROSOFT_GRAPH_URL)

PROVIDER_SECRETS = provider_secrets(env)
PROVIDER_APIS = provider_apis(env)
PROVIDER_ADDRESSES = {
    "helloasso": env.names("HELLOASSO_ADDRESSES", default=""),
    "bridge": env.names("BRIDGE_ADDRESSES", default=""),
}
PROVIDER_TEST_EVENTS = env.flag("PROVIDER_TEST_EVENTS", default=False)

BREACHED_PASSWORDS_FILE = env.text("BREACHED_PASSWORDS_FILE", default="")
GEOIP_DATABASE = env.text("GEOIP_DATABASE", default="")
DNS_RESOLVER = env.names("DNS_RESOLVER", default="")

CORS_ALLOWED_ORIGIN_REGEXES = env.names("CORS_ORIGIN_PATTERNS", default="")
for _pattern in CORS_ALLOWED_ORIGIN_REGEXES:
    env.forbid(
        not (_pattern.startswith("^https://") and _pattern.endswith("$")) or ".*" in _pattern,
        f"CORS_ORIGIN_PATTERNS: {_pattern!r} must begin with ^https://, end with $ and not contain .*",
    )

SUPERADMIN_EMAIL = env.text("SUPERADMIN_EMAIL", default="")
SUPERADMIN_PASSWORD = env.text("SUPERADMIN_PASSWORD", default="")
SENTRY_DSN = env.text("SENTRY_DSN", default="")
METRICS_TOKEN = env.text("METRICS_TOKEN", default="")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

env.forbid(
    bool(PLATFORM_DOMAIN) and ("." not in PLATFORM_DOMAIN or PLATFORM_DOMAIN.endswith((".localhost", "."))),
    "PLATFORM_DOMAIN must be a real domain name, such as campanile.example.org",
)
# a value that was copied from .env.example or from the demonstration is as good as none
for _name, _fault in (
    ("PLATFORM_DOMAIN", fault_of_address(PLATFORM_DOMAIN)),
    ("EMAIL_HOST", fault_of_address(EMAIL_HOST)),
    ("DEFAULT_FROM_EMAIL", fault_of_address(DEFAULT_FROM_EMAIL)),
    ("DATABASE_URL", fault_of_database(DATABASES["default"])),
    ("DATABASE_OWNER_URL", fault_of_database(DATABASES["owner"])),
    ("MICROSOFT_SIGN_IN_CLIENT_ID", fault_of_client_id(MICROSOFT_SIGN_IN_CLIENT_ID)),
    ("MICROSOFT_DIRECTORY_CLIENT_ID", fault_of_client_id(MICROSOFT_DIRECTORY_CLIENT_ID)),
    ("MICROSOFT_MAIL_CLIENT_ID", fault_of_client_id(MICROSOFT_MAIL_CLIENT_ID)),
):
    env.forbid(bool(_fault), f"{_name} {_fault}")
env.forbid(
    bool(MEDIA_ROOT) and (not Path(MEDIA_ROOT).is_absolute() or (BASE_DIR / ".run") in Path(MEDIA_ROOT).parents),
    "MEDIA_ROOT must be a whole path, and not the demonstration's, which `make clean` deletes",
)
env.forbid(SECRET_KEY in SECRET_KEY_FALLBACKS, "SECRET_KEY_FALLBACKS must not repeat SECRET_KEY")
env.forbid(len(SECRET_KEY.split()) > 1, "SECRET_KEY must not contain spaces or line breaks")
env.forbid(
    bool(BREACHED_PASSWORDS_FILE) and not os.access(BREACHED_PASSWORDS_FILE, os.R_OK),
    "BREACHED_PASSWORDS_FILE names a file that cannot be read",
)
env.forbid(
    bool(GEOIP_DATABASE) and not os.access(GEOIP_DATABASE, os.R_OK), "GEOIP_DATABASE names a file that cannot be read"
)
env.forbid(
    CELERY_RETRY_BACKOFF_BASE < 1 or CELERY_RETRY_BACKOFF_MAX < CELERY_RETRY_BACKOFF_BASE,
    "CELERY_RETRY_BACKOFF_BASE must be 1 or more, CELERY_RETRY_BACKOFF_MAX not less",
)
env.forbid(not 0 <= CELERY_MAX_RETRIES <= 50, "CELERY_MAX_RETRIES must be between 0 and 50")
env.forbid(not 1 <= INTEGRATION_JOBS_PER_SCHOOL <= 16, "INTEGRATION_JOBS_PER_SCHOOL must be between 1 and 16")
env.forbid(
    WEBHOOK_RATE_LIMIT_COUNT < 1 or WEBHOOK_RATE_LIMIT_PERIOD < 1,
    "WEBHOOK_RATE_LIMIT_COUNT and WEBHOOK_RATE_LIMIT_PERIOD must be 1 or more",
)
for _name in (
    "FORCE_SERVICE_FAILURES",
    "ENABLE_RANDOM_FAILURES",
    "RANDOM_FAILURE_RATE",
    "ADDED_LATENCY_MILLISECONDS",
    "OUTGOING_ALLOWED_TARGETS",
):
    env.forbid(
        env.text(_name, default="").lower() not in ("", "0", "false"),
        f"{_name} is for rehearsals on a developer's machine and must not be set here",
    )
for _secrets in PROVIDER_SECRETS["helloasso-url"].values():
    env.forbid(
        not all(is_hidden(_secret) for _secret in _secrets),
        "HELLOASSO_URL_SECRETS: each has 43 letters, digits, - and _, so that logs hide it (docs/production.md)",
    )
for _name, _blocks in PROVIDER_ADDRESSES.items():
    for _block in _blocks:
        env.forbid(not is_network(_block), f"{_name.upper()}_ADDRESSES: {_block!r} is no network, such as 192.0.2.0/24")
env.forbid(TRUSTED_PROXY_HOPS < 0, "TRUSTED_PROXY_HOPS must be 0 or more")
env.forbid(0 < len(METRICS_TOKEN) < 24, "METRICS_TOKEN must have at least 24 characters")
env.forbid(REQUEST_RATE < 1 or REQUEST_BURST < 20, "REQUEST_RATE must be 1 or more, REQUEST_BURST 20 or more")
env.forbid(
    bool(REDIS_URL) and urlsplit(REDIS_URL).scheme not in ("redis", "rediss", "unix"),
    "REDIS_URL must start with redis://, rediss:// or unix://",
)
for _name, _url in (
    ("MICROSOFT_LOGIN_URL", MICROSOFT_LOGIN_URL),
    ("MICROSOFT_GRAPH_URL", MICROSOFT_GRAPH_URL),
):
    _host = urlsplit(_url).hostname or ""
    env.forbid(
        not (_url.startswith("https://") and _host.endswith((".microsoftonline.com", ".microsoft.com"))),
        f"{_name} must be an https address of Microsoft",
    )
env.forbid(
    bool(DATABASES["default"].get("USER")) and DATABASES["default"].get("USER") == DATABASES["owner"].get("USER"),
    "DATABASE_URL and DATABASE_OWNER_URL must use two different roles: the application must not own its tables",
)
env.finish()
