"""Every route of a school's host x everybody who may come: the answer is the one the declared permission gives.

The routes and the permissions are read from the code, so a new route is in the matrix the moment it exists. The rows
are the built-in roles, a role of the school's own, grants that do not hold today, support of the platform with both
levels, and somebody who looks through another's eyes.
"""

import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import CustomRole, Grant
from apps.campuses.models import Campus
from apps.core.actor import SCHOOL as WHOLE_SCHOOL
from apps.core.actor import Actor, Held, Role
from apps.core.logs import JsonFormatter
from apps.core.permissions import REGISTRY
from apps.devices.permissions import AT_DESKS, DESK_USE
from apps.roster.permissions import ROSTER_PROVISION
from tests.architecture.routes import PLATFORM, SCHOOL
from tests.conftest import HostClient, client_for
from tests.devices.conftest import member, new_tablet
from tests.people import admin, auditor, person, with_role
from tests.roster.scim import credential
from tests.support.conftest import asked, at_the_platform, inside, superadmin

ROLES = {
    "visitor": None,
    "member": Role.MEMBER,
    "campus manager": Role.CAMPUS_MANAGER,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
    "owner": Role.OWNER,
}
GUARDED = [route for route in SCHOOL if getattr(route.view, "permission", None)]
OWN_ROLE = ("people.view", "people.invite", "roles.view")
#: What support must never hold, written down once more, apart from the code that decides it.
NOT_FOR_SUPPORT = {
    "roles.grant", "roles.define", "support.manage", "sessions.end", "school.link_microsoft", "school.domains",
    "people.view_as",
}  # fmt: skip


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


def answer_of(client, route):
    answer = client.get(route.path)
    return client.post(route.path) if answer.status_code == 405 else answer


def gets_in(answer) -> bool:
    return answer.status_code != 403 and not sent_to_sign_in(answer) and answer.status_code < 500


def test_every_route_answers_each_role_as_declared(browser_of, role):
    wrong = []
    for route in GUARDED:
        answer = answer_of(browser_of, route)
        allowed = ROLES[role] in route.view.permission.roles
        if role == "visitor":
            right = sent_to_sign_in(answer)
        elif allowed:
            right = gets_in(answer)
        else:
            right = answer.status_code == 403
        if not right:
            wrong.append(f"{role} at {route}: {answer.status_code}, declared {route.view.permission.code}")
    assert not wrong, "\n".join(wrong)


def test_every_method_of_the_api_answers_each_role_as_declared(browser_of, role):
    """Where reading and changing need different permissions, each is asked for its own."""
    wrong, split = [], [route for route in SCHOOL if getattr(route.view, "by_method", None)]
    assert len(split) > 3
    for route, (method, permission) in ((one, entry) for one in split for entry in one.view.by_method.items()):
        answer = browser_of.generic(method, route.path, b"{}", "application/json", headers={"if-match": "*"})
        if role == "visitor":
            right = answer.status_code == 401
        elif ROLES[role] in permission.roles:
            right = gets_in(answer)
        else:
            right = answer.status_code == 403
        if not right:
            wrong.append(f"{role}, {method} {route}: {answer.status_code}, declared {permission.code}")
    assert not wrong, "\n".join(wrong)


def refused_by_the_service(answer, route) -> bool:
    """Each rule of the school has a permission of its own; support holds that of the page, but not all of these. And
    nobody but a person joins an association."""
    return route.name in ("portal:rules_change", "associations:join") and answer.status_code == 403


# --- those who hold something else than a built-in role --------------------------------------------------


def own_role(lumiere):
    role = CustomRole.objects.create(name="Registry", permissions=[*OWN_ROLE, "schools.create"], scope_kind="school")
    user = person()
    Grant.objects.create(user=user, role="custom", custom_role=role, scope_kind="school")
    return signed_in(lumiere, user), set(OWN_ROLE)


def expired(lumiere):
    user, today = person(), timezone.localdate()
    Grant.objects.create(user=user, role="admin", ends_on=today - timedelta(days=2))
    Grant.objects.create(user=user, role="owner", starts_on=today + timedelta(days=2))
    return signed_in(lumiere, user), set()


def archived(lumiere):
    role = CustomRole.objects.create(name="Gone", permissions=list(OWN_ROLE), archived_at=timezone.now())
    user = person()
    Grant.objects.create(user=user, role="custom", custom_role=role, scope_kind="school")
    return signed_in(lumiere, user), set()


def support(level):
    def come(lumiere):
        from apps.support.models import SupportGrant
        from apps.tenants.context import platform

        desk = at_the_platform(superadmin())
        asked(desk, lumiere, level)
        with platform():
            grant = SupportGrant.objects.get()
        like = Role.AUDITOR if level == "read" else Role.ADMIN
        codes = {code for code, p in REGISTRY.items() if like in p.roles and not p.sudo} - NOT_FOR_SUPPORT
        return inside(desk, grant, lumiere), codes | ({"people.act_as"} if level == "act" else set())

    return come


def looking(lumiere):
    client = signed_in(lumiere, admin())
    client.post(f"/roles/people/{auditor().pk}/view-as/")
    return client, {code for code, p in REGISTRY.items() if Role.AUDITOR in p.roles}


def signed_in(school, user):
    client = client_for(school)
    client.force_login(user)
    return client


OTHERS = {
    "role of the school's own": own_role,
    "grants that do not hold today": expired,
    "archived role": archived,
    "support, reading": support("read"),
    "support, acting": support("act"),
    "looking as an auditor": looking,
}
READING = {"support, reading", "looking as an auditor"}


@pytest.mark.parametrize("who", OTHERS)
def test_every_route_answers_everybody_else_as_declared(lumiere, who):
    client, codes = OTHERS[who](lumiere)
    wrong = []
    for route in GUARDED:
        read, sent = client.get(route.path), client.post(route.path)
        only_post = read.status_code == 405
        permission = route.view.permission
        if who in READING:
            right = sent.status_code == 403 and (only_post or gets_in(read) == (permission.code in codes))
        else:
            answer = sent if only_post else read
            right = gets_in(answer) or (who == "support, acting" and refused_by_the_service(answer, route))
            right = right if permission.code in codes else answer.status_code == 403
        if not right:
            wrong.append(f"{who} at {route}: GET {read.status_code}, POST {sent.status_code}, {permission.code}")
    assert not wrong, "\n".join(wrong)


# --- machines and shared devices, over HTTP ------------------------------------------------------------------


def declared_for_machines(route) -> str:
    """The permission a machine needs at this address; "" where no machine has any business."""
    if route.pattern.startswith("scim/"):
        return ROSTER_PROVISION.code
    return route.view.permission.code if route.pattern.startswith("api/") else ""


FOR_MACHINES = [*GUARDED, *(route for route in SCHOOL if route.pattern.startswith("scim/"))]


@pytest.mark.parametrize("codes", [["people.view"], ["roster.provision"], ["audit.view"]], ids="+".join)
def test_every_route_answers_a_machine_as_declared(lumiere, codes):
    secret, client = credential(*codes, actor=Actor.system("tests")), client_for(lumiere)
    bearer = {"authorization": f"Bearer {secret}"}
    wrong = []
    for route in FOR_MACHINES:
        answer = client.get(route.path, headers=bearer)
        if answer.status_code == 405:
            answer = client.post(route.path, headers=bearer)
        needed = declared_for_machines(route)
        if not needed:
            right = sent_to_sign_in(answer)  # a bearer token opens no page
        elif needed in codes:
            right = gets_in(answer) or answer.status_code == 501  # SCIM's word for what it does not offer
        else:
            right = answer.status_code == 403
        if not right:
            wrong.append(f"{codes} at {route}: {answer.status_code}, needed {needed or 'a person'}")
    assert not wrong, "\n".join(wrong)


AT_DESK = [route for route in SCHOOL if getattr(route.view, "desk_permission", None)]


@pytest.mark.parametrize("given", [list(AT_DESKS), ["desk.language"], []], ids=["everything", "one", "nothing"])
def test_every_route_answers_whoever_is_at_a_desk_as_declared(lumiere, given):
    """Somebody who is an auditor elsewhere has no PIN; a member at the desk has what the device gives, and no more."""
    campus = Campus.objects.create(name="Lyon", code="LYO")
    tablet, user = new_tablet(lumiere, campus, permissions=tuple(given)).enrol(), member(campus)
    wrong = []
    for route in AT_DESK:
        if tablet.who() is None:  # the route before was the one by which people leave
            tablet.come_in(user)
        needed = route.view.desk_permission.code
        answer = tablet.client.get(route.path)
        answer = tablet.act(route.path) if answer.status_code == 405 else answer
        allowed = needed in {*given, DESK_USE.code}
        if (answer.status_code in (200, 204, 302)) is not allowed or (not allowed and answer.status_code != 403):
            wrong.append(f"at a desk with {given}, {route}: {answer.status_code}, needed {needed}")
    tablet.come_in(user)
    for route in GUARDED:
        if not sent_to_sign_in(answer_of(tablet.client, route)):
            wrong.append(f"at a desk, {route}: the device's cookies count at the desk only")
    assert not wrong, "\n".join(wrong)


def test_the_rows_of_machines_and_desks_have_columns():
    """A control."""
    assert {declared_for_machines(route) for route in FOR_MACHINES} > {"", "people.view", "roster.provision"}
    assert {route.view.desk_permission.code for route in AT_DESK} == {*AT_DESKS, DESK_USE.code}


def test_every_route_of_the_platform_is_for_superadmins(lumiere, settings):
    """Its own staff without the role is refused; a visitor, and an owner with the cookies of a school, are nobody."""
    from apps.tenants.context import platform

    staff, boss = superadmin("lea@platform.example"), superadmin()
    desks = {"superadmin": at_the_platform(boss), "staff": at_the_platform(staff)}
    with platform():
        type(staff).objects.filter(pk=staff.pk).update(is_superuser=False)
    desks |= {name: HostClient(settings.PLATFORM_DOMAIN) for name in ("visitor", "owner")}
    desks["owner"].cookies = signed_in(lumiere, with_role(Role.OWNER)).cookies
    guarded = [route for route in PLATFORM if getattr(route.view, "permission", None)]
    assert len(guarded) > 3 and all(route.view.permission.roles == {Role.SUPERADMIN} for route in guarded)
    wrong = []
    for who, route in ((who, route) for who in desks for route in guarded):
        answer = answer_of(desks[who], route)
        right = {"superadmin": gets_in(answer), "staff": answer.status_code == 403}.get(who, sent_to_sign_in(answer))
        if not right:
            wrong.append(f"{who} at {route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [Role.SERVICE, Role.DESK, Role.CUSTOM])
def test_who_is_told_what_they_may_by_name_may_nothing_else(role):
    """Machines, shared devices, roles of the school's own: no permission names them, so only names count."""
    for code, permission in REGISTRY.items():
        bare, named = (
            Actor(label="x", held=(Held(role, WHOLE_SCHOOL, permissions=frozenset(codes)),)) for codes in ((), (code,))
        )
        assert role not in permission.roles
        assert not permission.allows(bare)
        assert permission.allows(named)
        assert [p.code for p in REGISTRY.values() if p.allows(named)] == [code]


# --- refusals are written down ---------------------------------------------------------------------------


class Lines(logging.Handler):
    """The lines as they are written out, with the facts of the request that they belong to."""

    def __init__(self):
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def written(caplog):
    """Every line that the product writes in its own settings, whatever the level of this run."""
    handler = Lines()
    logging.getLogger("campanile").addHandler(handler)
    with caplog.at_level(logging.INFO, "campanile"):
        yield handler.lines
    logging.getLogger("campanile").removeHandler(handler)


def test_every_refusal_is_logged_with_who_where_and_what(lumiere, written):
    user = with_role(Role.MEMBER)
    client = signed_in(lumiere, user)
    answers = {route: answer_of(client, route) for route in GUARDED}
    refused = {route: answer for route, answer in answers.items() if answer.status_code == 403}
    assert len(refused) > 20
    for route, answer in refused.items():
        mine = [line for line in written if line.get("request_id") == answer["X-Request-ID"]]
        why = [line for line in mine if line["event"] == "refused"]
        assert why, route
        assert (why[0]["actor"], why[0]["school"], why[0]["user"]) == (user.name, lumiere.slug, str(user.pk)), route
        assert why[0]["permission"] == route.view.permission.code
        ended = [line for line in mine if line["event"] == "request"]
        assert ended and (ended[0]["route"], ended[0]["status"]) == (route.name, 403), route


def test_a_person_without_any_role_gets_into_nothing_guarded(lumiere):
    client = client_for(lumiere)
    client.force_login(person())
    open_to_all = {route for route in GUARDED if Role.MEMBER in route.view.permission.roles}
    answers = {str(route): client.get(route.path).status_code for route in set(GUARDED) - open_to_all}
    assert set(answers.values()) <= {403, 405}, answers


def test_the_matrix_covers_roles_and_permissions():
    """A control: every built-in role of a school is a row, and something is guarded."""
    carried_by_others = {Role.SUPERADMIN, Role.SYSTEM, Role.CUSTOM, Role.SERVICE, Role.DESK, Role.OFFICE}
    assert {role for role in ROLES.values() if role} == set(Role) - carried_by_others
    assert len(GUARDED) > 20
    assert {route.view.permission.code for route in GUARDED} <= set(REGISTRY)
