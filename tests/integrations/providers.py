"""Events of payment providers: made and signed by the simulator, posted to the platform's host."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from apps.core.actor import Actor
from apps.integrations.models import InboundEvent
from apps.integrations.services import draining
from apps.tenants.context import activated, platform
from apps.tenants.services.bindings import bind_account

COMMAND = Actor.system("tests", surface="command")
ACCOUNT, OTHER = "acct_1Lumiere", "acct_1Curie"


def bind(school: Any, account: str = ACCOUNT, provider: str = "stripe", **options: Any) -> None:
    with platform():
        bind_account(
            actor=COMMAND, school_id=school.pk, provider=provider, account=account, now=timezone.now(), **options
        )


def answers_at(settings: Any, simulator: Any) -> None:
    """What is read again is read at this simulator."""
    apis = settings.PROVIDER_APIS
    settings.PROVIDER_APIS = {
        provider: {
            mode: {
                **facts,
                "url": f"{simulator.url}/{provider}",
                "authorize_url": f"{simulator.url}/{provider}/authorize",
            }
            for mode, facts in modes.items()
        }
        for provider, modes in apis.items()
    }


@dataclass
class Caller:
    """One provider, calling the platform."""

    simulator: Any
    provider: str = "stripe"
    client: Client = field(default_factory=Client)

    def tell(self, account: str = ACCOUNT, kind: str = "", how: str = "good") -> list[Any]:
        """Each delivery's answer."""
        sent = self.simulator.deliveries(self.provider, account, kind, how)
        return [self.post(one["body"], one["headers"]) for one in sent]

    def post(self, body: str | bytes, headers: dict[str, str], host: str = "", end: str = "", **extra: Any) -> Any:
        return self.client.post(
            f"/api/v1/webhooks/{self.provider}{end}",
            data=body,
            content_type="application/json",
            headers={**headers, "host": host or django_settings.PLATFORM_DOMAIN},
            **extra,
        )


def kept_by(school: Any = None) -> list[InboundEvent]:
    """The inbox of a school, or of the platform, oldest first."""
    with activated(school) if school else platform():
        return list(InboundEvent.objects.order_by("id"))


def drain(school: Any = None) -> int:
    with activated(school) if school else platform():
        return draining.drain()
