"""Endpoints at the simulator's receivers, and the clock of the deliveries."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from apps.core.actor import Actor
from apps.outgoing.models import WebhookEndpoint
from apps.outgoing.services import delivering, secrets
from apps.outgoing.services.secrets import Made
from tests.breakers import forget_breakers


class World:
    """Endpoints that listen, what they heard, and time that passes when it is told to."""

    def __init__(self, sandbox) -> None:
        self.sandbox = sandbox
        self.passed = timedelta()
        self.names: list[str] = []

    @property
    def now(self) -> datetime:
        return timezone.now() + self.passed

    def endpoint(self, name: str = "timetable", kinds: list[str] | None = None, **answers) -> Made:
        """An enabled endpoint at a receiver that answers like this and checks the signatures."""
        url = self.sandbox.receiver(name, **answers)
        endpoint = WebhookEndpoint.objects.create(name=name, url=url, kinds=kinds or [])
        made = secrets.make(endpoint, Actor.system("tests"))
        self.answer(name, secret=made.secret, **answers)
        self.names.append(name)
        return made

    def answer(self, name: str, **answers) -> None:
        self.sandbox.receiver(name, **answers)

    def heard(self, name: str = "timetable") -> list[dict]:
        return self.sandbox.received(name)

    def types(self, name: str = "timetable") -> list[str]:
        return [one["said"]["type"] for one in self.heard(name)]

    def deliver(self) -> int:
        """One job, at this world's time."""
        return delivering.deliver(lambda: self.now)

    def later(self, **span) -> int:
        """Time passes, then one job."""
        self.passed += timedelta(**span)
        forget_breakers()
        return self.deliver()


@pytest.fixture
def world(lumiere, sandbox, settings):
    settings.OUTGOING_ALLOWED_TARGETS = [f"localhost:{sandbox.port}"]
    forget_breakers()
    world = World(sandbox)
    for name in ("timetable", "library"):
        sandbox.control("DELETE", f"/receivers/{name}")
    return world
