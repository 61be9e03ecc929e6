"""A school with a Microsoft organisation, people in both, and a browser that walks to Microsoft and back."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from apps.accounts.models import Identity, User
from apps.tenants.context import platform
from apps.tenants.models import ProviderBinding
from tests.conftest import HostClient, client_for
from tests.people import person

TID = "11111111-1111-4111-8111-111111111111"
OTHER_TID = "22222222-2222-4222-8222-222222222222"


@dataclass
class Organisation:
    """The simulator's organisation of École Lumière, with Camille in both worlds."""

    microsoft: object
    tid: str
    camille: dict
    user: User
    school: object = None

    def identity_of(self, user: User, person: dict) -> Identity:
        return Identity.objects.create(
            user=user,
            issuer=f"{self.microsoft.microsoft_url}/{self.tid}/v2.0",
            tenant_id=self.tid,
            object_id=person["id"],
            upn=person["userPrincipalName"],
        )


def bind(school, tid: str, name: str = "École Lumière") -> ProviderBinding:
    with platform():
        return ProviderBinding.objects.create(provider="microsoft", external_id=tid, school=school, name=name)


@pytest.fixture
def organisation(lumiere, microsoft):
    microsoft.add_organisation("École Lumière", tid=TID, domain="lumiere.example")
    camille = microsoft.add_people(
        TID,
        people=[{"givenName": "Camille", "surname": "Moreau", "userPrincipalName": "camille@lumiere.example"}],
    )[0]
    bind(lumiere, TID)
    user = person("camille@lumiere.example", given_name="Camille", family_name="Moreau", password=None)
    found = Organisation(microsoft, TID, camille, user, lumiere)
    found.identity_of(user, camille)
    return found


@pytest.fixture
def stranger(microsoft, organisation):
    """Another organisation, of nobody here, with a person of the same address."""
    microsoft.add_organisation("Institut Curie", tid=OTHER_TID, domain="curie.example")
    return microsoft.add_people(
        OTHER_TID,
        people=[{"givenName": "Camille", "surname": "Moreau", "mail": "camille@lumiere.example"}],
    )[0]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def in_english(client):
    """The texts that tests look for are the English ones."""
    client.cookies["__Host-language"] = "en"
    return client


@pytest.fixture
def client(client):
    return in_english(client)


@dataclass
class Walk:
    """One browser: a client for the school's host and one for the platform's."""

    client: HostClient
    platform_client: HostClient
    microsoft: object

    def leave(self, path: str = "/sign-in/microsoft/") -> str:
        """To Microsoft; the address of its page."""
        answer = self.client.get(path)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return answer["Location"]

    def at_microsoft(self, url: str, who: str | None) -> dict:
        """Choose this person there; the parameters Microsoft sends the browser back with."""
        back = self.microsoft.sign_in(url, who)
        assert back.url.endswith("/sso/callback"), back.url
        return back.params

    def callback(self, params: dict) -> "object":
        return self.platform_client.get("/sso/callback", params)

    def ticket(self, who: str | None, path: str = "/sign-in/microsoft/") -> str:
        """All the way to the address on the school's host that would sign in."""
        answer = self.callback(self.at_microsoft(self.leave(path), who))
        assert answer.status_code == 302, answer.content.decode()[:2000]
        assert urlsplit(answer["Location"]).hostname == self.client.host
        return path_of(answer["Location"])

    def sign_in(self, who: str | None, path: str = "/sign-in/microsoft/"):
        return self.client.get(self.ticket(who, path))


@pytest.fixture
def walk(client, platform_client, microsoft):
    return Walk(client, platform_client, microsoft)


@pytest.fixture
def walk_in(platform_client, microsoft):
    """A second browser, of any school."""
    return lambda school: Walk(in_english(client_for(school)), platform_client, microsoft)


def signed_in_as(client) -> str | None:
    """The address of the person this browser is signed in as."""
    answer = client.get("/account/")
    return answer.context["me"].email if answer.status_code == 200 else None
