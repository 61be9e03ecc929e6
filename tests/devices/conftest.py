"""A campus with people, and tablets: browsers of their own."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from apps.campuses.models import Campus, CampusMembership
from apps.core.actor import Actor, Scope
from apps.devices.models import Device
from apps.devices.permissions import AT_DESKS
from apps.devices.services import devices, pins
from apps.devices.services.devices import Wanted
from tests.accounts.conftest import organisation, walk  # noqa: F401  # fixtures
from tests.conftest import client_for
from tests.people import person

SYSTEM = Actor.system("tests")
PIN, WRONG = "4071", "9163"


def at(campus, user, role="member", **fields) -> CampusMembership:
    now = timezone.now()
    fields = {"state": "active", "source": "manual", "cause": "admin", **fields}
    return CampusMembership.objects.create(
        user=user, campus=campus, role=role, first_seen_at=now, last_seen_at=now, **fields
    )


def give_pin(user, pin: str = PIN) -> None:
    pins._set(actor=SYSTEM, user=user, pin=pin, way="tests", now=timezone.now())


def member(campus, pin: str = PIN, **fields):
    """An active member of the campus with a PIN (or, with an empty one, without)."""
    user = person(locale="en", **fields)
    at(campus, user)
    if pin:
        give_pin(user, pin)
    return user


def make_device(campus, name: str = "Bar tablet", **fields) -> Device:
    values = {"permissions": tuple(AT_DESKS), "idle_seconds": 60, **fields}
    wanted = Wanted(name=name, scope=Scope("campus", campus.pk), **values)
    return devices.create_device(actor=SYSTEM, wanted=wanted, now=timezone.now())


@dataclass
class Tablet:
    """One browser and the device it is enrolled as."""

    client: object
    device: Device

    def enrol(self):
        code = devices.make_code(actor=SYSTEM, device_id=self.device.pk, now=timezone.now())
        answer = self.client.post("/desk/enrol/", {"code": code})
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return self

    def pick(self, user):
        return self.client.post("/desk/pick/", {"person": user.pk})

    def type(self, pin: str = PIN):
        return self.client.post("/desk/pin/", {"pin": pin})

    def come_in(self, user, pin: str = PIN):
        self.pick(user)
        answer = self.type(pin)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        assert self.who() == user.email
        return self

    def act(self, path: str, **values):
        """A form of the desk, as its page would send it."""
        self.device.refresh_from_db()
        return self.client.post(path, {"visit": self.device.visit_id or "", **values})

    def shows(self) -> str:
        """The name of the page the tablet is on now."""
        answer = self.client.get("/desk/", follow=True)
        names = [name for template in answer.templates if (name := template.name)]
        return next((n.removeprefix("devices/").removesuffix(".html") for n in names if n.startswith("devices/")), "")

    def who(self) -> str | None:
        """Who is at the desk, as the server sees this browser."""
        answer = self.client.get("/desk/")
        desk = getattr(answer.wsgi_request, "desk", None)
        return desk.person.email if desk and desk.visit else None


@pytest.fixture
def campus(lumiere):
    return Campus.objects.create(name="Lyon", code="LYO", address="1 quai Claude Bernard")


@pytest.fixture
def camille(campus):
    return member(campus, given_name="Camille", family_name="Moreau")


@pytest.fixture
def sacha(campus):
    return member(campus, pin="8305", given_name="Sacha", family_name="Petit")


def new_tablet(school, campus, **fields) -> Tablet:
    client = client_for(school)
    client.cookies["__Host-language"] = "en"
    return Tablet(client, make_device(campus, **fields))


@pytest.fixture
def tablet(lumiere, campus):
    return new_tablet(lumiere, campus).enrol()
