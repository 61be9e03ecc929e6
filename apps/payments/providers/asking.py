"""Calls to payment providers: bounded, and shorter than the lease of the event that they are about."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.integrations import http

LIMITS: Final = http.Limits(seconds=15, size=1024 * 1024, tries=2)


class ProviderAway(DomainError):
    """It did not answer, or not with an answer: later it may."""

    code = "provider-away"

    def __init__(self) -> None:
        super().__init__(_("The provider did not answer. It is asked again."))


class ProviderRefuses(DomainError):
    """It does not know us, or we have no key for it: somebody has to look at the configuration."""

    code = "provider-refuses"

    def __init__(self) -> None:
        super().__init__(_("The provider does not let us ask. Check its key on the server."))


class ProviderSaysNo(DomainError):
    """It understood, and will not: asking the same again does not help. `said` is its own code and sentence."""

    code = "provider-says-no"

    def __init__(self, said: str = "") -> None:
        text = _("The payment provider refuses this: %(said)s Try another way of paying, or ask the treasurer.")
        super().__init__(text % {"said": said[:300] or "—"})
        self.said = said


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the provider knows it at this moment."""

    state: str
    read_at: datetime
    name: str = ""
    problems: list[str] = field(default_factory=list)


def api_of(provider: str, is_live: bool | None) -> dict[str, str]:
    """Where and as whom we ask. Raises ProviderRefuses."""
    found = settings.PROVIDER_APIS.get(provider, {}).get("live" if is_live else "test")
    if not found:
        raise ProviderRefuses
    return found


def answer_of(response: httpx.Response) -> dict[str, Any] | None:
    """What it said; None: it knows nothing of it, or nothing for us. Raises ProviderAway, ProviderRefuses."""
    if response.status_code in (403, 404, 410):
        return None
    if response.status_code == 401:
        raise ProviderRefuses
    if response.status_code != 200:
        raise ProviderAway
    try:
        said = response.json()
    except ValueError:
        raise ProviderAway from None
    if not isinstance(said, dict):
        raise ProviderAway
    return said


def client(provider: str, url: str, headers: dict[str, str]) -> http.OutgoingClient:
    return http.client(provider, url, limits=LIMITS, headers=headers)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def mapped(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
