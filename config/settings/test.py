"""Tests: the local settings, with a cheap password hash and no file names that change with content."""

from .local import *

DEBUG = False
PLATFORM_PORT = ""
PASSWORD_HASHERS = ["apps.accounts.hashers.FastArgon2Hasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LOGGING = {**LOGGING, "root": {"handlers": ["out"], "level": "WARNING"}}
