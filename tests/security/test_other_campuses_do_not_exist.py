"""For a manager of one campus: what lies at another campus, in another school, or nowhere is answered alike (Z2)."""

import pytest
from django.utils import timezone

from apps.campuses.services import campuses, memberships
from apps.core.actor import Actor
from apps.tenants.context import activated
from tests.architecture.routes import NOBODY, SCHOOL
from tests.conftest import client_for
from tests.people import person
from tests.security.test_ids_of_another_school import seen

SYSTEM = Actor.system("tests")
WITH_ID = [route for route in SCHOOL if "<uuid:" in route.pattern]


def campus_with_somebody(name):
    campus = campuses.create_campus(actor=SYSTEM, name=name, code=name[:3].upper(), now=timezone.now())
    someone = person(f"someone@{name.lower()}.example")
    membership = memberships.add_member(
        actor=SYSTEM, campus_id=campus.pk, user_id=someone.pk, role="member", now=timezone.now()
    )
    place = campuses.add_place(actor=SYSTEM, campus_id=campus.pk, name="Room", now=timezone.now())
    return {"campus_id": campus.pk, "user_id": someone.pk, "membership_id": membership.pk, "place_id": place.pk}


def path_of(route, ids) -> str:
    path = "/" + route.pattern
    for name, value in ids.items():
        path = path.replace(f"<uuid:{name}>", str(value))
    return path


@pytest.mark.parametrize("method", ["get", "post"])
def test_they_cannot_be_told_apart(lumiere, curie, method):
    home, away = campus_with_somebody("Lyon"), campus_with_somebody("Paris")
    with activated(curie):
        abroad = campus_with_somebody("Strasbourg")
    manager = person()
    memberships.add_member(
        actor=SYSTEM, campus_id=home["campus_id"], user_id=manager.pk, role="manager", now=timezone.now()
    )
    client = client_for(lumiere)
    client.force_login(manager)
    nowhere = dict.fromkeys(home, NOBODY)
    asked = [route for route in WITH_ID if "<" not in path_of(route, nowhere)]
    told = []
    for route in asked:
        answers = [seen(client, method, path_of(route, ids)) for ids in (nowhere, away, abroad)]
        if answers[1] != answers[0] or answers[2] != answers[0]:
            told.append(f"{method} {route}: {[status for status, _body in answers]}")
    assert told == []
    assert len(asked) > 8
    at_home = [seen(client, "get", path_of(route, home))[0] for route in asked]
    assert 200 in at_home  # a control: at home it exists
