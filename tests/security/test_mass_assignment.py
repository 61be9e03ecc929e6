"""Every field of the tables behind a form, sent with it: only what the form shows is changed (ASVS 15.3.3)."""

import json
import re
import uuid
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from apps.accounts.models import CustomRole, Grant, Invitation, User
from apps.campuses.models import Campus
from apps.core.actor import Actor
from apps.core.api import openapi
from apps.support.models import SupportGrant
from apps.tenants.context import platform
from apps.tenants.models import School
from tests.conftest import client_for
from tests.people import admin, owner, person
from tests.support.conftest import asked, desk, sam  # noqa: F401 - fixtures

MARK = uuid.UUID("018f3b5e-dead-7000-8000-00000000beef")


def everything(model: type[models.Model]) -> dict[str, Any]:
    """A value for each field that would be accepted, and noticed, if the field were."""
    found: dict[str, Any] = {}
    for field in model._meta.get_fields():
        if not isinstance(field, models.Field):
            continue
        names = {field.name, field.attname}
        match field:
            case models.BooleanField():
                value: Any = "true"
            case models.UUIDField() | models.ForeignKey():
                value = str(MARK)
            case models.DateTimeField():
                value = "2001-02-03 04:05"
            case models.DateField():
                value = "2001-02-03"
            case models.IntegerField():
                value = "77"
            case _:
                value = field.choices[-1][0] if field.choices else "forged"
        found |= dict.fromkeys(names, value)
    return found


def row(thing: models.Model) -> dict[str, Any]:
    return type(thing).objects.filter(pk=thing.pk).values().get()  # type: ignore[attr-defined]


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


@pytest.fixture
def boss(lumiere):
    return owner()


@pytest.fixture
def client(lumiere, boss):
    browser = client_for(lumiere)
    browser.force_login(boss)
    return browser


def test_of_ones_own_account(client, boss):
    before = row(boss)
    form = {**everything(User), "given_name": "Ada", "family_name": "Lovelace", "language": "fr"}
    assert client.post("/account/", form).status_code == 302
    assert changed(before, row(boss)) <= {
        "given_name",
        "family_name",
        "locale",
        "search",
        "department",
        "job_title",
        "own_fields",
    }
    assert row(boss)["status"] == "active" and not row(boss)["is_superuser"]


def test_of_a_grant(client, boss):
    user = person()
    form = {**everything(Grant), "email": user.email, "role": "auditor", "scope": "school", "starts_on": "",
            "ends_on": "", "note": "real"}  # fmt: skip
    assert client.post("/roles/grants/", form).status_code == 302
    grant = Grant.objects.get(user=user)
    assert (grant.granted_by_id, grant.granted_by, grant.scope_kind, grant.custom_role) == (
        boss.pk, boss.name, "school", None,
    )  # fmt: skip
    assert grant.pk != MARK and grant.granted_at.year > 2001


def test_of_a_role_of_the_schools_own(client, boss):
    form = {**everything(CustomRole), "name": "Registry", "description": "d", "permissions": ["people.view"]}
    assert client.post("/roles/own/new/?kind=campus", form).status_code == 302
    role = CustomRole.objects.get()
    assert (role.scope_kind, role.created_by, role.archived_at) == ("campus", boss.name, None)
    before = row(role)
    assert client.post(f"/roles/own/{role.pk}/", {**form, "name": "Office", "scope_kind": "school"}).status_code == 302
    assert changed(before, row(role)) == {"name", "changed_at"}


def test_of_an_invitation(client, boss):
    form = {**everything(Invitation), **everything(User), "email": "new@lumiere.example", "role": "auditor",
            "scope": "school", "given_name": "N", "family_name": "N"}  # fmt: skip
    assert client.post("/invitations/", form).status_code == 302
    invited = Invitation.objects.get(email="new@lumiere.example")
    assert (invited.invited_by_id, invited.accepted_at, invited.revoked_at) == (boss.pk, None, None)
    assert (invited.user.status, invited.user.is_superuser) == ("pending", False)


def test_of_a_campus(client):
    form = {**everything(Campus), "name": "Nantes", "code": "NTE", "time_zone": "Europe/Paris",
            "default_role": "member", "hue": "200", "address": ""}  # fmt: skip
    assert client.post("/campuses/new/", form).status_code == 302
    campus = Campus.objects.get(code="NTE")
    assert campus.pk != MARK and campus.archived_at is None


def test_of_the_school(client, lumiere):
    with platform():
        before = row(School.objects.get(pk=lumiere.pk))
    form = {**everything(School), "name": "École Lumière", "locale": "fr", "time_zone": "Europe/Paris", "hue": "12"}
    assert client.post("/settings/", form).status_code == 302
    with platform():
        assert changed(before, row(School.objects.get(pk=lumiere.pk))) <= {"hue", "locale", "time_zone"}


def test_of_support_access(desk, sam, lumiere):  # noqa: F811
    form = {**everything(SupportGrant), "school": str(lumiere.pk), "level": "read", "minutes": "60",
            "reason": "A real reason for it"}  # fmt: skip
    assert desk.post("/support/", form).status_code == 302
    with platform():
        grant = SupportGrant.objects.get()
    assert (grant.asked_by_id, grant.needs_approval, grant.decided_by, grant.ended_at) == (sam.pk, False, "", None)
    assert grant.ends_at is not None and grant.ends_at.year > 2001


def test_of_a_decision_about_support(desk, lumiere):  # noqa: F811
    asked(desk, lumiere)
    with platform():
        grant = SupportGrant.objects.get()
        before = row(grant)
    browser = client_for(lumiere)
    browser.force_login(admin())
    assert browser.post(f"/settings/support/{grant.pk}/end/", everything(SupportGrant)).status_code == 302
    with platform():
        assert changed(before, row(grant)) == {"ended_at", "ended_by"}
        assert abs((row(grant)["ended_at"] - timezone.now()).total_seconds()) < 60


# --- the API: what an operation does not name, it does not take -----------------------------------------------------


def taking_bodies() -> list[tuple[str, str]]:
    """Every operation of a school's host that reads JSON of its caller."""
    found = []
    for path, item in openapi.as_json(openapi.SCHOOL)["paths"].items():
        for method, operation in item.items():
            kinds = operation.get("requestBody", {}).get("content", {})
            if "application/json" in kinds and "/webhooks/" not in path:
                found.append((method, path))
    return found


TAKING = taking_bodies()
NUMBERS = {"version", "sequence", "change_id"}  # names of what is no UUID


@pytest.mark.parametrize(("method", "path"), TAKING)
def test_no_operation_takes_a_field_that_it_does_not_name(client, method, path):
    """So no column of any table can be slipped in, whatever it is called."""
    address = re.sub(r"\{(\w+)\}", lambda name: "1" if name[1] in NUMBERS else str(MARK), path)
    body = json.dumps({"is_superuser_of_the_house": True})
    answer = getattr(client, method)(address, body, content_type="application/json", headers={"if-match": "*"})
    assert answer.status_code == 422, answer.content[:300]
    assert "is_superuser_of_the_house" in answer.json()["errors"]


def test_control_there_are_such_operations():
    assert len(TAKING) > 30 and {method for method, _path in TAKING} >= {"post", "patch"}


def test_control_the_values_would_be_noticed(lumiere):
    """What is sent differs from what is stored, in every column that a form could reach."""
    user = person()
    sent = everything(User)
    stored = row(user)
    assert {name for name in ("status", "is_superuser", "is_staff", "external_id") if str(stored[name]) != sent[name]}
    assert Actor.system("x").acting_for == ""
