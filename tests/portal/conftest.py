"""A school with campuses and people in them."""

import pytest
from django.db import connection
from django.utils import timezone

from apps.campuses.models import Campus, CampusMembership, CampusRole, MembershipEvent, Place
from tests.conftest import client_for
from tests.people import admin, person


def place_at(campus, user, role=CampusRole.MEMBER, state="active", **fields) -> CampusMembership:
    """A membership with its first event, as a service would leave it."""
    now = timezone.now()
    fields = {"source": "manual", "cause": "admin", **fields}
    membership = CampusMembership.objects.create(
        user=user, campus=campus, role=role, state=state, first_seen_at=now, last_seen_at=now, **fields
    )
    MembershipEvent.objects.create(membership=membership, to_state=state, to_role=role, actor="tests", at=now, **fields)
    return membership


@pytest.fixture(autouse=True)
def _only_people_of_the_test(lumiere):
    """The school comes with an invited owner, who would be in every count."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_invitation; DELETE FROM accounts_user")


@pytest.fixture
def lyon(lumiere):
    campus = Campus.objects.create(name="Lyon", code="LYO", address="1 quai Claude-Bernard")
    Place.objects.create(campus=campus, name="Amphithéâtre A", capacity=120)
    return campus


@pytest.fixture
def paris(lumiere):
    return Campus.objects.create(name="Paris", code="PAR")


@pytest.fixture
def student(lyon):
    user = person(given_name="Inès", family_name="Garçon", email="ines@lumiere.example")
    place_at(lyon, user)
    return user


@pytest.fixture
def manager(lyon):
    user = person(given_name="Marc", family_name="Lefèvre", email="marc@lumiere.example")
    place_at(lyon, user, role=CampusRole.MANAGER)
    return user


@pytest.fixture
def as_person(lumiere, settings):
    """A browser in which somebody is signed in: `as_person(user).get("/")`."""

    def sign_in(user, **options):
        client = client_for(lumiere, **options)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def office(as_person):
    """An administrator's browser."""
    return as_person(admin(given_name="Nora", family_name="Admin"))
