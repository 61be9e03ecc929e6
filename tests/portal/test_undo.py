"""After a single act that has a way back, the message offers it: the ordinary act (UX-1)."""

import html
import re

import pytest
from django.utils import timezone

from apps.accounts.models import CustomRole, Grant, User
from apps.accounts.rules import school_day
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus, CampusMembership
from apps.core.actor import Role
from tests.conftest import client_for
from tests.devices.conftest import at
from tests.people import owner, person, with_role

FORM = re.compile(r'<div class="toast[^>]*>.*?<form method="post" action="([^"]+)">(.*?)</form>', re.S)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def boss(lumiere):
    client = client_for(lumiere)
    client.cookies["__Host-language"] = "en"
    client.force_login(owner())
    return client


@pytest.fixture
def campus(lumiere):
    return Campus.objects.create(name="Lyon", code="LYO")


def offered(client, path, **values):
    """Do it, follow to the page; the form of the way back: where to, and what it says."""
    page = client.post(path, values, follow=True).content.decode()
    messages = FORM.findall(page)
    if not messages:
        return None
    where, content = messages[-1]  # the latest
    fields: dict[str, list[str]] = {}
    for name, value in FIELD.findall(content):
        if name != "csrfmiddlewaretoken":
            fields.setdefault(name, []).append(html.unescape(value))
    return html.unescape(where), fields


def there_and_back(client, state, path, **values) -> None:
    before = state()
    way = offered(client, path, **values)
    assert state() != before, "a control: the act does something"
    assert way, "a way back is offered"
    acts = AuditEvent.objects.count()
    assert client.post(*way).status_code == 302
    assert state() == before
    assert AuditEvent.objects.count() > acts, "the way back is an act like any other"


def test_a_campus(boss, campus):
    there_and_back(boss, lambda: bool(Campus.objects.get().archived_at), f"/campuses/{campus.pk}/archive/")
    boss.post(f"/campuses/{campus.pk}/archive/")
    there_and_back(boss, lambda: bool(Campus.objects.get().archived_at), f"/campuses/{campus.pk}/restoration/")


def test_a_domain_and_a_place(boss, campus):
    place = campus.places.create(name='Studio "1" & co <b>', capacity=24)
    domain = campus.domains.create(domain="etu.lumiere.example")
    places = lambda: list(campus.places.values_list("name", "capacity"))  # noqa: E731
    there_and_back(boss, places, f"/campuses/{campus.pk}/places/{place.pk}/removal/")
    domains = lambda: list(campus.domains.values_list("domain", flat=True))  # noqa: E731
    there_and_back(boss, domains, f"/campuses/{campus.pk}/domains/{domain.pk}/removal/")


@pytest.mark.parametrize(
    ("state", "act"),
    [("active", "suspension"), ("active", "end"), ("ended", "restoration"), ("suspended", "restoration")],
)
def test_a_membership(boss, campus, state, act):
    membership = at(campus, person(), state=state)
    there_and_back(boss, lambda: CampusMembership.objects.get().state, f"/memberships/{membership.pk}/{act}/")


def test_the_role_of_a_membership(boss, campus):
    membership = at(campus, person())
    path = f"/memberships/{membership.pk}/role/"
    there_and_back(boss, lambda: CampusMembership.objects.get().role, path, role="staff")


def test_a_person_and_people(boss):
    one, two = person(), person()
    status = lambda: sorted(User.objects.filter(pk__in=[one.pk, two.pk]).values_list("status", flat=True))  # noqa: E731
    there_and_back(boss, status, f"/people/{one.pk}/suspension/", reason="a mistake")
    there_and_back(boss, status, "/people/acts/", act="suspend", ids=[one.pk, two.pk])
    User.objects.filter(pk=one.pk).update(status="suspended")
    there_and_back(boss, status, f"/people/{one.pk}/reinstatement/")


def test_what_has_no_exact_way_back_offers_none(boss, campus):
    gone = person(status="suspended")
    assert offered(boss, f"/people/{gone.pk}/suspension/") is None
    membership = at(campus, gone, state="suspended")
    assert offered(boss, f"/memberships/{membership.pk}/end/") is None, "it would come back active"
    departed = person(status="departed")
    assert offered(boss, f"/people/{departed.pk}/reinstatement/") is None, "the way back would be another state"


def test_a_role_of_every_kind(boss, campus):
    own = CustomRole.objects.create(name="Registry", permissions=["people.view"], scope_kind="campus")
    today = school_day(timezone.now())
    user = person()
    grants = [
        with_role(Role.AUDITOR).grants.get(),
        Grant.objects.create(
            user=user, role="campus-manager", scope_kind="campus", scope_id=campus.pk, ends_on=today, note="Été & co"
        ),
        Grant.objects.create(user=user, role="custom", custom_role=own, scope_kind="campus", scope_id=campus.pk),
    ]
    facts = ("user", "role", "custom_role", "scope_kind", "scope_id", "starts_on", "ends_on", "note")
    state = lambda: sorted(map(str, Grant.objects.values_list(*facts)))  # noqa: E731
    for grant in grants:
        there_and_back(boss, state, f"/roles/grants/{grant.pk}/revoke/")


def test_the_way_back_asks_for_the_rights_of_its_act(boss, campus, lumiere):
    way = offered(boss, f"/campuses/{campus.pk}/archive/")
    member = client_for(lumiere)
    member.force_login(person())
    assert member.post(*way).status_code == 403
