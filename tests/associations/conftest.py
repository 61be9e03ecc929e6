"""A school with a campus, enrolled students, and associations in the state a test needs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Membership, Office
from apps.associations.services import board, requests
from apps.campuses.models import Campus
from apps.campuses.services import memberships
from apps.core.actor import Actor
from tests.people import person

SCHOOL_SAYS = Actor.system("tests")
FAR = timedelta(days=365)


@pytest.fixture
def lyon(lumiere):
    return Campus.objects.create(name="Lyon", code="LYO", time_zone="Europe/Paris")


@pytest.fixture
def student(lyon):
    """Makes an enrolled student."""

    def make(email="", **fields):
        user = person(email, **fields)
        memberships.add_member(actor=SCHOOL_SAYS, user_id=user.pk, campus_id=lyon.pk, role="member", now=timezone.now())
        return user

    return make


WORDS = {"name": "Ciné-club", "kind": "culture", "purpose": "Voir des films ensemble.", "visibility": "school"}


@pytest.fixture
def asked(student):
    """A draft of a president with a treasurer and a third founder: (association, president, treasurer, third)."""

    def make(agreed=True, **fields):
        president, treasurer, third = student(), student(), student()
        association = requests.start_request(
            actor=actor_for(president),
            now=timezone.now(),
            founders=[(president.email, "president"), (treasurer.email, "treasurer"), (third.email, "")],
            **{**WORDS, **fields},
        )
        if agreed:
            for one in (treasurer, third):
                agree(association, one)
        return association, president, treasurer, third

    return make


def agree(association, user):
    requests.answer_founding(actor=actor_for(user), association_id=association.pk, agree=True, now=timezone.now())


@pytest.fixture
def club(asked, lyon):
    """An active association: (association, president, treasurer, third)."""

    def make(starts_on: date | None = None, ends_on: date | None = None, **fields):
        association, president, treasurer, third = asked(**{"seat_id": lyon.pk, **fields})
        now, today = timezone.now(), timezone.localdate()
        requests.submit_request(actor=actor_for(president), association_id=association.pk, now=now)
        requests.approve_request(
            actor=SCHOOL_SAYS, association_id=association.pk, now=now, starts_on=starts_on or today - timedelta(days=1),
            ends_on=ends_on or today + FAR,
        )  # fmt: skip
        return Association.objects.get(pk=association.pk), president, treasurer, third

    return make


def office(association, code) -> Office:
    return association.offices.get(code=code)


def named(association, user, *, name="Events", codes=("associations.workspace",), starts_on=None, ends_on=None):
    """Somebody in an office of their own, appointed by the school."""
    today = timezone.localdate()
    made = board.define_office(
        actor=SCHOOL_SAYS, association_id=association.pk, name=name, permissions=codes, now=timezone.now()
    )
    return board.appoint(
        actor=SCHOOL_SAYS, office_id=made.pk, email=user.email, now=timezone.now(),
        starts_on=starts_on or today - timedelta(days=1), ends_on=ends_on or today + FAR,
    )  # fmt: skip


def state_of(association, user) -> str:
    return Membership.objects.get(association=association, user=user).state
