"""A superadmin on the platform's host, and the way from there into a school."""

import re

import pytest
from django.conf import settings

from apps.accounts.models import User
from apps.tenants.context import platform
from tests.conftest import HostClient, client_for
from tests.people import PASSWORD, code_of, with_authenticator

REASON = "The directory run does not end"
LINK = re.compile(r'href="[^"]*(/support/arrive/\?ticket=[^"]+)"')


def superadmin(email="sam@platform.example", **fields) -> User:
    with platform():
        return User.objects.create_user(
            email, PASSWORD, given_name="Sam", family_name="Durand", status="active", is_staff=True,
            is_superuser=True, **fields,
        )  # fmt: skip


@pytest.fixture
def sam(db) -> User:
    return superadmin()


@pytest.fixture
def desk(sam) -> HostClient:
    """Sam's browser on the platform's host."""
    return at_the_platform(sam)


def at_the_platform(user: User, password: str = PASSWORD) -> HostClient:
    """Signed in there with both factors: with one alone, nothing opens for a superadmin."""
    client = HostClient(settings.PLATFORM_DOMAIN)
    with platform():
        code = code_of(with_authenticator(user))
    assert client.post("/sign-in/", {"email": user.email, "password": password}).status_code == 302
    assert client.post("/sign-in/second-step/", {"code": code}).status_code == 302
    return client


def asked(desk, school, level="read", minutes=60, reason=REASON):
    return desk.post("/support/", {"school": str(school.pk), "level": level, "minutes": minutes, "reason": reason})


def ticket_of(desk, grant) -> str:
    answer = desk.post(f"/support/{grant.pk}/entry/")
    assert answer.status_code == 200, answer.content.decode()[:300]
    return LINK.search(answer.content.decode())[1]


def inside(desk, grant, school):
    """A browser that came in with the one-time link."""
    link = ticket_of(desk, grant)
    client = client_for(school)
    assert client.get(link).status_code == 200
    assert client.post("/support/arrive/", {"ticket": link.partition("ticket=")[2]}).status_code == 302
    return client
