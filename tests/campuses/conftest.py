import pytest
from django.utils import timezone

from apps.campuses.services import campuses
from apps.core.actor import Actor

ADMIN = Actor.system("tests")


@pytest.fixture
def paris(lumiere):
    return campuses.create_campus(actor=ADMIN, now=timezone.now(), name="Paris", code="PAR")


@pytest.fixture
def lyon(lumiere):
    return campuses.create_campus(actor=ADMIN, now=timezone.now(), name="Lyon", code="LYS")
