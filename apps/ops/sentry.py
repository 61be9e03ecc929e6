"""Errors to Sentry, when a SENTRY_DSN is set: with the school as tag, without people and without secrets."""

from typing import Any

from django.conf import settings

from apps.core import requestinfo
from apps.core.logs import redacted

PERSONAL = ("user", "cookies", "env")


def install() -> None:
    """Start Sentry's client. Without a DSN nothing is loaded."""
    dsn = getattr(settings, "SENTRY_DSN", "")
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(dsn, **options())


def options() -> dict[str, Any]:
    return {
        "include_local_variables": False,  # they hold tokens, rows, whole requests
        "max_request_body_size": "never",
        "before_send": prepared,
        "before_breadcrumb": lambda crumb, _hint: redacted(crumb),
    }


def prepared(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """The event as it may leave: tagged, and without what names a person or opens a door."""
    request = event.get("request") or {}
    for name in PERSONAL:
        event.pop(name, None)
        request.pop(name, None)
    request.pop("data", None)
    clean = redacted(event)
    assert isinstance(clean, dict)
    facts = requestinfo.current()
    tags = {name: facts[name] for name in ("school", "request_id", "job_id") if facts.get(name)}
    clean["tags"] = {**(clean.get("tags") or {}), **tags}
    return clean
