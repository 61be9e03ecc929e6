"""Our registrations with Microsoft: one for sign-in, one for the directory, one for mail and calendars."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

logger = logging.getLogger(__name__)

REAL_LOGIN_URL = "https://login.microsoftonline.com"
REAL_GRAPH_URL = "https://graph.microsoft.com/v1.0"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"


class NotConfigured(DomainError):
    """The platform has no registration with Microsoft for this purpose."""

    code = "microsoft-not-configured"
    status = 503


@dataclass(frozen=True, slots=True)
class MicrosoftApp:
    """One app registration. Secrets are tried in order: a new one can be added before the old one dies."""

    client_id: str
    client_secrets: tuple[str, ...] = field(repr=False)
    login_url: str = REAL_LOGIN_URL
    graph_url: str = REAL_GRAPH_URL
    graph_scope: str = GRAPH_SCOPE


def sign_in_app() -> MicrosoftApp:
    return _registration("SIGN_IN")


def directory_app() -> MicrosoftApp:
    return _registration("DIRECTORY")


def mail_app() -> MicrosoftApp:
    return _registration("MAIL")


def is_configured(purpose: str = "SIGN_IN") -> bool:
    """Whether people can be offered this at all."""
    return bool(_setting(purpose, "CLIENT_ID") and _secrets(purpose))


def _registration(purpose: str) -> MicrosoftApp:
    if not is_configured(purpose):
        raise NotConfigured(
            _("Microsoft is not set up on this platform. Ask the people who operate it to add the registration."),
            purpose=purpose,
        )
    return MicrosoftApp(
        client_id=str(_setting(purpose, "CLIENT_ID")),
        client_secrets=_secrets(purpose),
        login_url=str(getattr(settings, "MICROSOFT_LOGIN_URL", REAL_LOGIN_URL)).rstrip("/"),
        graph_url=str(getattr(settings, "MICROSOFT_GRAPH_URL", REAL_GRAPH_URL)).rstrip("/"),
        graph_scope=str(getattr(settings, "MICROSOFT_GRAPH_SCOPE", GRAPH_SCOPE)),
    )


def _secrets(purpose: str) -> tuple[str, ...]:
    """Current secret first. A secret in a file is read anew each time: it is rotated without a deploy."""
    if path := _setting(purpose, "CLIENT_SECRET_FILE"):
        return _lines(_read(Path(str(path))).splitlines())
    value = _setting(purpose, "CLIENT_SECRET")
    return _lines([value] if isinstance(value, str) else value)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as fault:
        logger.error("a file with a Microsoft secret cannot be read", extra={"fault": type(fault).__name__})
        return ""


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value.strip() for value in values if value.strip())


def _setting(purpose: str, name: str) -> str | Iterable[str]:
    value: str | Iterable[str] = getattr(settings, f"MICROSOFT_{purpose}_{name}", "") or ""
    return value
