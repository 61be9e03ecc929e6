"""Settings true in every environment. No secrets, no addresses, nothing that weakens production."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]

# --- apps: what lives in the platform's schema, what in each school's -----------------------------------

IN_BOTH = [
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "auditlog",
    "apps.accounts",
    "apps.audit",
    "apps.integrations",
    "apps.outgoing",
    "apps.notifications",
    "apps.files",
]
SHARED_APPS = [
    "apps.tenants",
    "apps.support",
    *IN_BOTH,
    "django.contrib.auth",
    "django.contrib.admin",
    "django_celery_beat",
]
TENANT_APPS = [
    *IN_BOTH,
    "apps.campuses",
    "apps.money",
    "apps.associations",
    "apps.sites",
    "apps.payments",
    "apps.devices",
    "apps.directory",
    "apps.roster",
]
WITHOUT_TABLES = [
    "django_tenants",
    "django.contrib.staticfiles",
    "django_htmx",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "template_partials",
    "csp",
    "apps.core",
    "apps.microsoft",
    "apps.portal",
    "apps.ops",
]
INSTALLED_APPS = [
    *WITHOUT_TABLES,
    *SHARED_APPS,
    *[app for app in TENANT_APPS if app not in SHARED_APPS],
]
TENANT_MODEL = "tenants.School"
TENANT_DOMAIN_MODEL = "tenants.Host"
TENANT_SYNC_ROUTER = "apps.tenants.router.SchoolRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
SKIP_PG_EXTRA_VALIDATION = True
PG_EXTRA_SEARCH_PATHS: list[str] = []
APPEND_ONLY_TABLES = [
    "audit_auditevent",
    "auditlog_logentry",
    "money_ledgertransaction",
    "money_ledgerentry",
    "money_ledgerseal",
    "money_document",
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the way of a request ------------------------------------------------------------------------------

MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "apps.core.middleware.ClientAddressMiddleware",
    "apps.core.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.OnlyUtf8Middleware",
    "apps.ops.middleware.HealthMiddleware",
    "apps.ops.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "apps.tenants.middleware.SchoolMiddleware",
    "apps.accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apps.accounts.csrf.PairedCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.ActorMiddleware",
    "apps.accounts.middleware.SecondStepMiddleware",
    "apps.devices.middleware.DeskMiddleware",
    "apps.accounts.known_browsers.KnownBrowserMiddleware",
    "apps.support.middleware.SupportMiddleware",
    "apps.accounts.standing_in.StandingInMiddleware",
    "apps.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.ratelimit.RequestRateMiddleware",
    "apps.accounts.consent_gate.ConsentGateMiddleware",
    "apps.accounts.idempotency.IdempotencyMiddleware",
    "apps.audit.middleware.RowChangesMiddleware",
    "apps.core.middleware.DomainErrorMiddleware",
    "apps.accounts.middleware.StepUpMiddleware",
]
ROOT_URLCONF = "config.urls.school"
PUBLIC_SCHEMA_URLCONF = "config.urls.platform"
ASSOCIATION_URLCONF = "config.urls.association"  # of an association's own domain: its public site, nothing else
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context_processors.shell",
                "apps.notifications.context_processors.bell",
            ],
        },
    }
]
ALLOWED_HOSTS = ["*"]  # SchoolMiddleware answers 404 for every host that is not in the hosts table
CSRF_TRUSTED_ORIGINS: list[str] = []  # stays empty: a wildcard would trust the other schools
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
TRUSTED_PROXY_HOPS = 0
REQUEST_RATE = 20.0  # requests per second that one person, or one address of visitors, may send to one school...
REQUEST_BURST = 200  # ...and how many at once after a pause

# --- sessions and cookies: host-only, unusable on another school's host ----------------------------------

SESSION_ENGINE = "apps.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-refresh"  # rotates at each use
ACCESS_COOKIE_NAME = "__Host-access"  # opens pages for a few minutes
DEVICE_COOKIE_NAME = "__Host-device-refresh"  # the same two of a shared device; read under DESK_PATH only
DEVICE_ACCESS_COOKIE_NAME = "__Host-device-access"
SHARED_DEVICE_COOKIE_NAME = "__Host-shared-device"  # this browser is a shared device: no sign-in without a fresh prompt
DESK_PATH = "/desk/"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # pages and programs of the same host read it; it is worthless without the session
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # seconds, from the sign-in
SESSION_IDLE_SECONDS = 2 * 3600
DEVICE_SESSION_SECONDS = 180 * 24 * 3600  # from the enrolment of a shared device
DEVICE_IDLE_SECONDS = 30 * 24 * 3600
ACCESS_TOKEN_SECONDS = 5 * 60
REFRESH_OVERLAP_SECONDS = 20  # for how long a used refresh token still leads to its successor
STEP_UP_SECONDS = 15 * 60  # for how long a proof of identity opens dangerous acts
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- signing in ----------------------------------------------------------------------------------------

LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.PasswordBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("given_name", "family_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "apps.accounts.breached.BreachedPasswordValidator"},
]
GEOIP_DATABASE = ""  # a file in MaxMind's format (.mmdb): the town of a session's address; docs/production.md
BREACHED_PASSWORDS_FILE = ""  # the list of Have I Been Pwned, ordered by hash; docs/passwords.md

# --- encrypted fields ------------------------------------------------------------------------------------

FIELD_KEYS: list[str] = []  # 32 bytes each in base64, newest first: the first encrypts, all decrypt

# --- the API: denied by default, JSON only, other sites only where their address matches a configured pattern -----

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.api.authentication.BearerAuthentication",
        "apps.accounts.api.authentication.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.core.api.policy.Declared"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.parsers.StrictJson"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.api.openapi.HouseSchema",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "apps.core.api.problems.as_problem",
    "UNAUTHENTICATED_USER": None,
    "STRICT_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Campanile",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "The interface for programs. How it behaves everywhere: docs/api.md.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["apps.core.api.openapi.finish"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "An access token of `auth/token`, or a credential (`cmp_…`) of a machine.",
            },
            "signature": {
                "type": "apiKey",
                "in": "header",
                "name": "webhook-signature",
                "description": "Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`.",
            },
        }
    },
}
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOWED_ORIGIN_REGEXES: list[str] = []
CORS_ALLOW_CREDENTIALS = False  # cookies of a person never serve another site's page
CORS_ALLOW_HEADERS = ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    "ETag", "Idempotent-Replayed", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID",
]  # fmt: skip

# --- security headers ----------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- languages -----------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- files ---------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "apps.core.bundle.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "apps.tenants.storage.SchoolFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/files/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes

# --- cache and jobs: Redis may be away or frozen at any moment -------------------------------------------

CACHE_KEY_FUNCTION = "apps.tenants.context.make_cache_key"
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_ROUTES = ["apps.tenants.jobs.route"]
CELERY_TASK_QUEUES_NAMES = ["interactive", "integration", "outgoing", "bulk", "nightly"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 900,
}
CELERY_RETRY_BACKOFF_BASE = 5.0  # seconds before the second attempt at an event; doubles with each...
CELERY_RETRY_BACKOFF_MAX = 3600.0  # ...up to this
CELERY_MAX_RETRIES = 8  # after the first attempt; then somebody has to look
INTEGRATION_LEASE_SECONDS = 60  # after which an event is free again whose worker was not heard of
INTEGRATION_LAG_SECONDS = 300  # that an event may wait for a worker before an alarm is raised
INTEGRATION_JOBS_PER_SCHOOL = 2  # jobs that work on one school's events at once
WEBHOOK_RATE_LIMIT_COUNT = 600  # requests per address, and per secret, ...
WEBHOOK_RATE_LIMIT_PERIOD = 60  # ...in so many seconds
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "apps.tenants.beat:PlatformScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-directory-runs": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"job": "directory.sweep"},
    },
    "purge-directory-changes": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=3, minute=40),
        "kwargs": {"job": "directory.purge"},
    },
    "directory-clock": {"task": "tenants.fan_out", "schedule": 60.0, "kwargs": {"job": "directory.clock"}},
    "directory-subscriptions": {
        "task": "tenants.fan_out",
        "schedule": 300.0,
        "kwargs": {"job": "directory.subscribe"},
    },
    "sweep-plans-about-people": {
        "task": "tenants.fan_out",
        "schedule": 60.0,
        "kwargs": {"job": "roster.sweep"},
    },
    "end-memberships": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=1, minute=10),
        "kwargs": {"job": "roster.end_memberships"},
    },
    "sweep-events": {"task": "tenants.fan_out", "schedule": 60.0, "kwargs": {"job": "integrations.sweep"}},
    "sweep-platform-events": {"task": "integrations.sweep_platform", "schedule": 60.0},
    "sweep-webhooks": {"task": "tenants.fan_out", "schedule": 60.0, "kwargs": {"job": "outgoing.sweep"}},
    "watch-webhooks": {"task": "tenants.fan_out", "schedule": 300.0, "kwargs": {"job": "outgoing.watch"}},
    "watch-events": {"task": "tenants.fan_out", "schedule": 300.0, "kwargs": {"job": "integrations.watch"}},
    "watch-platform-events": {"task": "integrations.watch_platform", "schedule": 300.0},
    "forget-events": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=3, minute=50),
        "kwargs": {"job": "integrations.forget"},
    },
    "forget-platform-events": {"task": "integrations.forget_platform", "schedule": crontab(hour=3, minute=55)},
    "reconcile-payments": {"task": "tenants.fan_out", "schedule": 300.0, "kwargs": {"job": "payments.reconcile"}},
    "compare-payments": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=4, minute=10),
        "kwargs": {"job": "payments.compare"},
    },
    "money-clock": {"task": "tenants.fan_out", "schedule": 60.0, "kwargs": {"job": "money.sweep"}},
    "verify-money": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=2, minute=20),
        "kwargs": {"job": "money.verify"},
    },
    "sweep-mail": {"task": "tenants.fan_out", "schedule": 60.0, "kwargs": {"job": "notifications.sweep"}},
    "sweep-platform-mail": {"task": "notifications.sweep_platform", "schedule": 60.0},
    "daily-summaries": {
        "task": "tenants.fan_out",
        "schedule": 600.0,
        "kwargs": {"job": "notifications.summaries"},
    },
    "daily-platform-summaries": {"task": "notifications.summaries_platform", "schedule": 600.0},
    "recheck-hosts": {"task": "tenants.recheck_hosts", "schedule": 3600.0},
    "sweep-files": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=3, minute=20),
        "kwargs": {"job": "files.sweep"},
    },
    "sweep-rights": {"task": "tenants.fan_out", "schedule": 60.0, "kwargs": {"job": "accounts.sweep_rights"}},
    "retention": {
        "task": "tenants.fan_out",
        "schedule": crontab(hour=2, minute=10),
        "kwargs": {"job": "accounts.retention"},
    },
    "sweep-job-runs": {"task": "tenants.sweep_job_runs", "schedule": 3600.0},
    "heartbeat": {"task": "ops.heartbeat", "schedule": 30.0},
    "audit-retention": {"task": "ops.audit_retention", "schedule": crontab(hour=2, minute=40)},
    "end-old-sessions": {
        "task": "tenants.fan_out",
        "schedule": 3600.0,
        "kwargs": {"job": "accounts.forget_expired_sessions"},
    },
    "end-old-platform-sessions": {"task": "accounts.forget_expired_of_platform", "schedule": 3600.0},
}

# --- calls to other services -----------------------------------------------------------------------------

OUTGOING_ALLOWED_TARGETS: list[str] = []  # "host:port" of a simulator that addresses given by people may name
FORCE_SERVICE_FAILURES = 0  # how many of each provider's first calls fail
ENABLE_RANDOM_FAILURES = False
RANDOM_FAILURE_RATE = 0.2
ADDED_LATENCY_MILLISECONDS = 0

# --- proofs of schools' own domains ----------------------------------------------------------------------

DNS_RESOLVER: list[str] = []  # "host:port", asked in order; empty: the servers of this machine

# --- payment providers -------------------------------------------------------------------------------------

PROVIDER_SECRETS: dict[str, dict[str, list[str]]] = {}  # provider -> "live" and "test" -> what they sign with
PROVIDER_ADDRESSES: dict[str, list[str]] = {}  # provider -> networks it calls from; empty: any
PROVIDER_TEST_EVENTS = False  # events of the providers' test modes may move something here
PROVIDER_APIS: dict[str, dict[str, dict[str, str]]] = {}  # provider -> mode -> "url" and what it knows us by

# --- Microsoft -----------------------------------------------------------------------------------------

MICROSOFT_LOGIN_URL = "https://login.microsoftonline.com"
MICROSOFT_GRAPH_URL = "https://graph.microsoft.com/v1.0"
MICROSOFT_GRAPH_SCOPE = "https://graph.microsoft.com/.default"
MICROSOFT_SUBSCRIPTION_MINUTES = 10_080  # life of a subscription to a group, renewed at half; Graph allows 41,760
MICROSOFT_JUST_IN_TIME_SCHOOLS = False  # an unknown organisation that allowed us gets a school of its own

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "msal": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
METRICS_TOKEN = ""  # who may read /metrics; empty: nobody, and nothing is counted
METRICS_MAX_SCHOOLS = 50  # schools with a label of their own
UI_CATALOGUE = False
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the e-mail address is unique without regard to case, by a constraint the check cannot see
    "security.W002",  # SecurityHeadersMiddleware sets X-Frame-Options
    "security.W003",  # PairedCsrfMiddleware is Django's own check, with the secret of the session
]
