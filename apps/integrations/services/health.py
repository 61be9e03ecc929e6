"""How each service does, judged in one place for the page, the API, the alarms and the platform's list (INT-7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from apps.core.actor import Actor
from apps.core.ui import Text
from apps.tenants import context
from apps.tenants.services.bindings import providers_of

from ..contract import SERVICES
from ..http.gate import breaker_states
from ..models import InboundAlarm, WebhookSecret
from ..permissions import on_platform, viewing
from ..providers.protocol import is_configured
from ..wording import advice_text, service_label
from .figures import Figures, figures_of

HEALTHY: Final = "healthy"
DEGRADED: Final = "degraded"
ERROR: Final = "error"
UNUSED: Final = "unused"
ORDER: Final = (UNUSED, HEALTHY, DEGRADED, ERROR)
CLOSED: Final = "closed"  # calls go through
TRYING: Final = "half-open"  # a few go through, to see whether the provider is well again
OPEN: Final = "open"  # it failed too often: calls are refused at once
BREAKERS: Final = (CLOSED, TRYING, OPEN)
MANY: Final = 0.5  # of a day's events given up: the service does not work
ENOUGH: Final = 5  # finished events that make a rate worth judging


@dataclass(frozen=True, slots=True)
class Health:
    """One service as people and programs see it. `code` says why it is in this state."""

    figures: Figures
    state: str
    code: str
    breaker: str
    has_secret: bool
    silent: bool = False

    @property
    def service(self) -> str:
        return self.figures.service

    @property
    def sends(self) -> bool:
        """It sends events; otherwise only we call it."""
        return self.service in SERVICES

    @property
    def label(self) -> Text:
        return service_label(self.service)

    @property
    def advice(self) -> Text:
        """What to do, in one sentence; "" when there is nothing to do."""
        return advice_text(self.code, {"dead": self.figures.dead, "lag": self.figures.lag, "held": self.figures.held})


def status(*, actor: Actor, now: datetime) -> list[Health]:
    """Every service of the active school, or of the platform. Raises Forbidden."""
    viewing().require(actor)
    return look(now)


def look(now: datetime) -> list[Health]:
    """The same for those who ask by themselves: four statements, whatever the number of events."""
    breakers = breakers_now()
    names = [*SERVICES, *sorted(set(breakers) - set(SERVICES))]
    providers = connected()
    keys = {**_keys(now), **{name: known for name, known in providers.items() if known or on_platform()}}
    strangers = {name for name, known in providers.items() if not known}
    silent = set(
        InboundAlarm.objects.filter(cleared_at=None, kind=InboundAlarm.Kind.SILENT).values_list("service", flat=True)
    )
    found = [one for one in figures_of(names, now) if one.last_event_at or one.service not in strangers]
    return [_judged(one, breakers.get(one.service, CLOSED), keys, one.service in silent) for one in found]


def connected() -> dict[str, bool]:
    """Providers, and whether they can reach the platform; in a school: whether it has an account there."""
    names = [name for name, service in SERVICES.items() if service.is_provider]
    if not on_platform():
        school_id = context.current().id
        bound = providers_of(school_id) if school_id else set()
        return {name: name in bound for name in names}
    return {name: is_configured(name) for name in names}


def breakers_now() -> dict[str, str]:
    """Providers that were called lately, and the worst state of their breakers here."""
    found: dict[str, str] = {}
    for one in breaker_states():
        found[one.provider] = max(one.state, found.get(one.provider, CLOSED), key=BREAKERS.index)
    return found


def worst(found: Iterable[Health]) -> str:
    """The state of all together."""
    return max((one.state for one in found), key=ORDER.index, default=UNUSED)


def _keys(now: datetime) -> Mapping[str, bool]:
    """Services that ever had a secret, and whether one is good now."""
    found: dict[str, bool] = {}
    for service, ends_at in WebhookSecret.objects.values_list("service", "ends_at"):
        found[service] = found.get(service, False) or ends_at is None or now < ends_at
    return found


def _judged(one: Figures, breaker: str, keys: Mapping[str, bool], silent: bool) -> Health:
    state, code = judge(one, breaker=breaker, keyless=keys.get(one.service) is False, silent=silent)
    known = SERVICES.get(one.service)
    if code == "no-secret" and known and known.is_provider:
        code = "not-configured"
    if state == HEALTHY and one.last_event_at is None:
        state, code = (HEALTHY, _expecting(one.service)) if keys.get(one.service) else (UNUSED, "unused")
        if breaker == CLOSED and one.service not in SERVICES:
            state, code = HEALTHY, ""
    return Health(one, state, code, breaker, keys.get(one.service, False), silent)


def _expecting(service: str) -> str:
    known = SERVICES.get(service)
    return "expecting-provider" if known and known.is_provider else "expecting"


def judge(one: Figures, *, breaker: str = CLOSED, keyless: bool = False, silent: bool = False) -> tuple[str, str]:
    """State and reason from the figures: the worst first."""
    rate = one.error_rate or 0.0
    rules = [
        (ERROR, "late", one.lag > settings.INTEGRATION_LAG_SECONDS),
        (ERROR, "breaker-open", breaker == OPEN),
        (ERROR, "failing", rate >= MANY and one.good + one.bad >= ENOUGH),
        (DEGRADED, "dead", one.dead > 0),
        (DEGRADED, "held", one.held > 0),
        (DEGRADED, "conflict", one.conflicts > 0),
        (DEGRADED, "silent", silent),
        (DEGRADED, "no-secret", keyless),
        (DEGRADED, "breaker-trying", breaker != CLOSED),
        (DEGRADED, "retrying", one.retrying > 0),
    ]
    return next(((state, code) for state, code, holds in rules if holds), (HEALTHY, ""))
