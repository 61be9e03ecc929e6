"""Every route of a school's host x every role: the answer is the one the declared permission gives.

The routes and the permissions are read from the code, so a new route is in the matrix the moment it exists.
"""

import pytest

from apps.core.actor import Role
from apps.core.permissions import REGISTRY
from tests.architecture.routes import SCHOOL
from tests.conftest import client_for
from tests.people import person, with_role

ROLES = {
    "visitor": None,
    "member": Role.MEMBER,
    "campus manager": Role.CAMPUS_MANAGER,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
    "owner": Role.OWNER,
}
GUARDED = [route for route in SCHOOL if getattr(route.view, "permission", None)]


@pytest.fixture(params=list(ROLES))
def role(request):
    return request.param


@pytest.fixture
def browser_of(lumiere, role):
    client = client_for(lumiere)
    if ROLES[role] is not None:
        client.force_login(with_role(ROLES[role]))
    return client


def sent_to_sign_in(answer) -> bool:
    """A page leads to the sign-in page; the API says 401."""
    return answer.status_code == 401 or (answer.status_code == 302 and "/sign-in" in answer["Location"])


def test_every_route_answers_each_role_as_declared(browser_of, role):
    wrong = []
    for route in GUARDED:
        answer = browser_of.get(route.path)
        if answer.status_code == 405:
            answer = browser_of.post(route.path)
        allowed = ROLES[role] in route.view.permission.roles
        if role == "visitor":
            right = sent_to_sign_in(answer)
        elif allowed:
            right = answer.status_code != 403 and not sent_to_sign_in(answer) and answer.status_code < 500
        else:
            right = answer.status_code == 403
        if not right:
            wrong.append(f"{role} at {route}: {answer.status_code}, declared {route.view.permission.code}")
    assert not wrong, "\n".join(wrong)


def test_a_person_without_any_role_gets_into_nothing_guarded(lumiere):
    client = client_for(lumiere)
    client.force_login(person())
    open_to_all = {route for route in GUARDED if Role.MEMBER in route.view.permission.roles}
    answers = {str(route): client.get(route.path).status_code for route in set(GUARDED) - open_to_all}
    assert set(answers.values()) <= {403, 405}, answers


def test_the_matrix_covers_roles_and_permissions():
    """A control: every built-in role of a school is a row, and something is guarded."""
    carried_by_others = {Role.SUPERADMIN, Role.SYSTEM, Role.CUSTOM, Role.SERVICE, Role.DESK}
    assert {role for role in ROLES.values() if role} == set(Role) - carried_by_others
    assert len(GUARDED) > 20
    assert {route.view.permission.code for route in GUARDED} <= set(REGISTRY)
