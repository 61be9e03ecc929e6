"""Who can do what and why, as a function of the day: against a model, and against what requests are really allowed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts import rights
from apps.accounts.models import CustomRole, Grant, User
from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for
from apps.campuses.models import Campus
from apps.campuses.services import campuses, memberships
from apps.core.actor import SCHOOL, Actor, Role, Scope
from apps.core.errors import Forbidden
from apps.core.permissions import REGISTRY
from apps.tenants import hosts
from apps.tenants.context import platform
from apps.tenants.models import School
from tests.conftest import client_for
from tests.people import acting, admin, auditor, owner, person

SYSTEM = Actor.system("tests")
ZONES = ["Europe/Paris", "Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati", "America/St_Johns", "UTC"]
DAY = date(2027, 3, 28)  # the night in which Paris has no 02:30
DAYS = st.one_of(st.none(), st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n)))
OWN = {"readers": {"people.view", "audit.view"}, "registry": {"people.view", "people.invite"}}
BUILT_IN = ["owner", "admin", "auditor", "campus-manager", "member"]
PLACES = ["school", "lyon", "paris"]
GRANTS = st.lists(st.tuples(st.sampled_from([*BUILT_IN, *OWN]), st.sampled_from(PLACES), DAYS, DAYS), max_size=6)


def put_time_zone(school, zone: str) -> None:
    with platform():
        School.objects.filter(pk=school.pk).update(time_zone=zone)
    hosts.forget(school)
    hosts.forget_all()


def modelled(grants, day: date, places: dict[str, Scope]) -> dict[str, set[Scope]]:
    """The whole rule in one breath: a grant counts from its first to its last day, and gives what its role gives."""
    found: dict[str, set[Scope]] = {}
    for role, place, start, end in grants:
        if (start and day < start) or (end and end < day):
            continue
        for code, permission in REGISTRY.items():
            if Role.SUPERADMIN in permission.roles:
                continue
            if (code in OWN[role]) if role in OWN else (Role(role) in permission.roles):
                found.setdefault(code, set()).add(places[place])
    return found


@given(grants=GRANTS, zone=st.sampled_from(ZONES), minutes=st.integers(-3 * 1440, 3 * 1440), active=st.booleans())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rights_are_those_of_the_model_at_every_minute_in_every_time_zone(lumiere, grants, zone, minutes, active):
    usable = [g for g in grants if not (g[2] and g[3] and g[3] < g[2]) and not (g[0] in OWN and (g[1] == "school"))]
    usable = list({(role, place): (role, place, a, b) for role, place, a, b in usable}.values())
    moment = datetime.combine(DAY, time(12), UTC) + timedelta(minutes=minutes)
    local_day = moment.astimezone(ZoneInfo(zone)).date()
    with transaction.atomic():
        put_time_zone(lumiere, zone)
        places = {"school": SCHOOL}
        for name in ("lyon", "paris"):
            places[name] = Scope("campus", Campus.objects.create(name=name, code=name[:3].upper()).pk)
        own = {
            name: CustomRole.objects.create(name=name, permissions=["audit.view", *codes], scope_kind="campus")
            for name, codes in OWN.items()
        }
        user = person(status="active" if active else "suspended")
        for role, place, start, end in usable:
            Grant.objects.create(
                user=user,
                role="custom" if role in own else role,
                custom_role=own.get(role),
                scope_kind=places[place].kind,
                scope_id=places[place].id,
                starts_on=start,
                ends_on=end,
            )
        with time_machine.travel(moment, tick=False):
            assert school_day(timezone.now()) == local_day
            actor = actor_for(user)
            told = rights.effective(user, local_day)
        # "audit.view" makes no sense at a campus, so a role given there does not give it
        expected = modelled(usable, local_day, places) if active else {}
        for name in ("readers", "registry"):
            del own[name]
        expected = {
            code: {
                scope
                for scope in scopes
                if code != "audit.view" or scope == SCHOOL or built_in_gives(usable, code, scope, local_day, places)
            }
            for code, scopes in expected.items()
        }
        assert told == {code: frozenset(scopes) for code, scopes in expected.items() if scopes}
        for code, permission in REGISTRY.items():
            for scope in (None, *places.values()):
                scopes = told.get(code, frozenset())
                may = (
                    bool(scopes)
                    if scope is None
                    else SCHOOL in scopes or not scopes.isdisjoint(permission.scope(scope))
                )
                assert permission.allows(actor, scope) == may, f"{code} at {scope}"
        transaction.set_rollback(True)
    hosts.forget_all()


def built_in_gives(grants, code, scope, day, places) -> bool:
    return any(
        role not in OWN and places[place] == scope and Role(role) in REGISTRY[code].roles
        for role, place, start, end in grants
        if not ((start and day < start) or (end and end < day))
    )


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_grant_begins_and_ends_at_the_schools_midnight(lumiere, zone):
    """Through the door, where the server's day is another one."""
    put_time_zone(lumiere, zone)
    user = person()
    Grant.objects.create(user=user, role="auditor", scope_kind="school", starts_on=DAY, ends_on=DAY)
    midnight = datetime.combine(DAY, time(0), ZoneInfo(zone))
    answers = []
    for moment in (-1, 1, 24 * 60 - 1, 24 * 60 + 1):
        with time_machine.travel(midnight.astimezone(UTC) + timedelta(minutes=moment), tick=False):
            client = client_for(lumiere)
            client.force_login(user)
            answers.append(client.get("/audit/").status_code)
    assert answers == [403, 200, 200, 403]


# --- the pages -------------------------------------------------------------------------------------------


@pytest.fixture
def lyon(lumiere) -> Campus:
    return campuses.create_campus(actor=SYSTEM, name="Campus Lyon", code="LYO", now=timezone.now())


def test_the_page_of_a_permission_names_people_places_periods_and_reasons(client, lumiere, lyon):
    client.force_login(owner())
    today = school_day(timezone.now())
    manager, later, before, granted = (person(family_name=name) for name in ("Manages", "Later", "Before", "Granted"))
    memberships.add_member(actor=SYSTEM, campus_id=lyon.pk, user_id=manager.pk, role="manager", now=timezone.now())
    Grant.objects.create(user=later, role="admin", starts_on=today + timedelta(days=3), granted_by="Zoé")
    Grant.objects.create(user=before, role="admin", ends_on=today - timedelta(days=3), granted_by="Zoé")
    Grant.objects.create(user=granted, role="auditor", granted_by="Hélène", note="audit of 2026")
    page = client.get("/roles/matrix/people.view/").content.decode()
    for text in ("Manages", "Campus Lyon", "Later", "Not yet", "Before", "Expired", "Hélène", "audit of 2026"):
        assert text in page, text
    found = {h.user.family_name: h for h in rights.holders(
        actor=acting(owner()), permission=REGISTRY["people.view"], day=today
    )}  # fmt: skip
    assert found["Manages"].source.kind == "membership"
    assert (found["Later"].state, found["Before"].state) == ("future", "expired")
    tomorrow = (today + timedelta(days=4)).isoformat()
    assert "Not yet" not in client.get(f"/roles/matrix/people.view/?on={tomorrow}").content.decode()


def test_a_right_that_follows_from_a_mapped_group_says_so(lumiere, lyon):
    from apps.campuses.models import CampusMembership

    user = person()
    CampusMembership.objects.create(
        user=user, campus=lyon, role="manager", source="directory", cause="listed",
        first_seen_at=timezone.now(), last_seen_at=timezone.now(),
    )  # fmt: skip
    found = rights.sources(user_ids=[user.pk])
    assert {source.kind for source in found} == {"mapping"}
    assert all("Campus Lyon" in source.why for source in found)


def test_the_page_of_a_person_gives_every_reason(client, lumiere, lyon):
    client.force_login(owner())
    user = auditor()
    Grant.objects.create(user=user, role="admin", granted_by="Hélène", note="while Zoé is away")
    page = client.get(f"/roles/people/{user.pk}/").content.decode()
    assert "Auditor" in page and "Administrator" in page and "while Zoé is away" in page
    held, _sources = rights.rights_of(actor=acting(owner()), user=user, day=school_day(timezone.now()))
    by_code = {right.permission.code: right for right in held}
    assert len(by_code["audit.view"].holders) == 2
    assert len(by_code["people.suspend"].holders) == 1
    User.objects.filter(pk=user.pk).update(status="suspended")
    user.refresh_from_db()
    assert rights.rights_of(actor=acting(owner()), user=user, day=school_day(timezone.now()))[0] == []


def test_what_the_matrix_tells_is_what_requests_may(lumiere, lyon):
    """Everybody in turn: the page's rights against `Permission.allows`."""
    today = school_day(timezone.now())
    manager = person()
    memberships.add_member(actor=SYSTEM, campus_id=lyon.pk, user_id=manager.pk, role="manager", now=timezone.now())
    for user in (owner(), admin(), auditor(), manager, person()):
        told = rights.effective(user, today)
        actor = actor_for(user)
        assert {code for code, p in REGISTRY.items() if p.allows(actor)} == set(told)


def test_the_cells_of_the_matrix_are_what_somebody_with_that_role_may(lumiere, lyon):
    """Each column against a person who holds this role and no other: the built-in ones, and one of the school's own."""
    today = school_day(timezone.now())
    own = CustomRole.objects.create(name="Readers", permissions=["audit.view", "people.view"], scope_kind="school")
    reader, manager, member = person(), person(), person()
    Grant.objects.create(user=reader, role="custom", custom_role=own)
    for user, role in ((manager, "manager"), (member, "member")):
        memberships.add_member(actor=SYSTEM, campus_id=lyon.pk, user_id=user.pk, role=role, now=timezone.now())
    holders = {
        Role.OWNER: owner(), Role.ADMIN: admin(), Role.AUDITOR: auditor(), Role.CAMPUS_MANAGER: manager,
        Role.MEMBER: member,
    }  # fmt: skip
    rows = rights.matrix(actor=acting(holders[Role.OWNER]))
    assert len(rows) > 20
    # being a member is everybody's: what members may, managers may as well
    everybody = {row.permission.code for row in rows if dict(row.built_in)[Role.MEMBER]}
    for role, user in holders.items():
        ticked = {row.permission.code for row in rows if dict(row.built_in)[role]}
        also = everybody if role is Role.CAMPUS_MANAGER else set()
        assert ticked | also == set(rights.effective(user, today)), role
    assert {row.permission.code for row in rows if dict(row.own)[own]} == set(rights.effective(reader, today))


def test_the_export_has_one_line_for_each_reason(client, lumiere):
    client.force_login(owner())
    user = person(given_name="=Eve", family_name="Formula")
    Grant.objects.create(user=user, role="auditor", granted_by="Hélène")
    text = b"".join(client.get("/roles/matrix/export.csv?q=audit.view")).decode()
    lines = [line for line in text.splitlines() if "Formula" in line]
    assert len(lines) == 1
    assert '"audit.view"' in lines[0] and "'=Eve" in lines[0] and '"current"' in lines[0]


def test_search_and_wrong_values(client, lumiere):
    client.force_login(owner())
    assert "people.suspend" in client.get("/roles/matrix/?q=suspend").content.decode()
    assert "audit.view" not in client.get("/roles/matrix/?q=suspend").content.decode()
    for path in ("/roles/matrix/?on=yesterday", "/roles/matrix/?on=0001-01-01", "/roles/people/?q=%00&page=-1"):
        assert client.get(path).status_code == 200
    for path in ("/roles/matrix/no.such/", "/roles/matrix/schools.create/"):
        assert client.get(path).status_code == 404


def test_a_member_sees_none_of_it(client, lumiere):
    client.force_login(person())
    for path in ("/roles/matrix/", "/roles/people/", "/roles/own/", "/roles/matrix/export.csv"):
        assert client.get(path).status_code == 403
    with pytest.raises(Forbidden):
        rights.matrix(actor=acting(person()))
