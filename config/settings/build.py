"""While the image is built: enough to collect static files and compile messages. No database, no secrets."""

from .base import *

SECRET_KEY = "used-while-building-only"
STATIC_ROOT = BASE_DIR / "build" / "static-root"  # where production looks
DATABASES = {"default": {"ENGINE": "apps.tenants.backend", "NAME": "none"}}
