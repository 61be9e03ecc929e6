"""Programs of people and machines, at one school and at the platform."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import service_credentials
from apps.core.actor import Actor
from apps.core.api import openapi
from apps.tenants.context import platform
from apps.tenants.hosts import host_of
from tests.api.described import Program
from tests.conftest import HostClient
from tests.people import PASSWORD, admin, code_of, owner, with_authenticator
from tests.support.conftest import superadmin

SYSTEM = Actor.system("tests")


def token_of(client: HostClient, user: User, **more: str) -> str:
    body = json.dumps({"email": user.email, "password": PASSWORD, **more})
    answer = client.post("/api/v1/auth/token", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def program(school, user: User | None = None) -> Program:
    """A program in which this person has signed in."""
    client = Program(host_of(school.slug))
    if user is not None:
        client.token = token_of(HostClient(client.host), user)
        client.user = user
    return client


def machine(school, *codes: str, actor: Actor = SYSTEM) -> Program:
    now = timezone.now()
    made = service_credentials.create_credential(
        actor=actor, name="timetable", permissions=codes, expires_at=now + timedelta(days=1), now=now
    )
    return Program(host_of(school.slug), made.secret)


def platform_program(settings, user: User | None = None) -> Program:
    client = Program(settings.PLATFORM_DOMAIN, of=openapi.PLATFORM)
    if user is not None:
        with platform():
            code = code_of(with_authenticator(user))
        client.token = token_of(HostClient(client.host), user, code=code)
    return client


@pytest.fixture
def visitor(lumiere) -> Program:
    return program(lumiere)


@pytest.fixture
def boss(lumiere) -> Program:
    return program(lumiere, owner())


@pytest.fixture
def desk(lumiere) -> Program:
    return program(lumiere, admin())


@pytest.fixture
def console(db, settings) -> Program:
    return platform_program(settings, superadmin())
