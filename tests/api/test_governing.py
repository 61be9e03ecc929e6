"""Credentials, roles of the school's own, locks, support access, the audit trail and the school's rules."""

import json
from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import KeptAnswer, ServiceCredential
from apps.audit.models import AuditEvent
from apps.support.models import SupportGrant
from apps.tenants.context import platform
from tests.api.conftest import machine, program
from tests.api.described import Program
from tests.people import PASSWORD, admin, auditor, person


def test_a_machine_gets_its_secret_once(lumiere, desk):
    expires = (timezone.now() + timedelta(days=30)).isoformat()
    body = {"name": "timetable", "permissions": ["people.view"], "expires_at": expires}
    made = desk.send("credentials", body, idempotency_key="k1")
    secret = made.json()["secret"]
    assert made.status_code == 201 and Program(desk.host, secret).get_("users").status_code == 200
    assert desk.send("credentials", body, idempotency_key="k1").json()["secret"] == secret, "a lost answer is not lost"
    assert ServiceCredential.objects.count() == 1
    assert secret not in repr(KeptAnswer.objects.values()), "sealed"
    address = made["Location"].removeprefix("/api/v1/")
    shown = desk.get_(address)
    assert secret not in shown.content.decode() and shown.json()["counting"] == ["people.view"]
    assert secret not in desk.get_("credentials").content.decode()
    assert desk.delete_(address).status_code == 204
    assert Program(desk.host, secret).get_("users").status_code == 401
    assert desk.send("credentials", {**body, "permissions": ["roles.grant"]}).status_code == 422


def test_a_credential_is_taken_over(lumiere, desk):
    machine(lumiere, "people.view")
    row = ServiceCredential.objects.get()
    assert desk.send(f"credentials/{row.pk}/adoption").json()["created_by"] == desk.user.name


def test_a_machine_makes_no_machines(lumiere):
    """What wants a proof of identity is for people."""
    assert machine(lumiere, "people.view").get_("credentials").status_code == 403


def test_a_role_of_the_school_s_own(desk):
    made = desk.send("roles", {"name": "Registry", "permissions": ["people.view"]})
    address = made["Location"].removeprefix("/api/v1/")
    changed = desk.change(address, {"permissions": ["people.invite", "people.view"]}, desk.get_(address)["ETag"])
    assert changed.json()["permissions"] == ["people.invite", "people.view"]
    user = person()
    given = {"role": "custom", "custom_role_id": made.json()["id"]}
    assert desk.send(f"users/{user.pk}/roles", given).status_code == 201
    assert str(user.pk) in desk.get_("grants?limit=200").content.decode()
    assert desk.delete_(f"{address}?reason=over").status_code == 204
    assert desk.get_(address).json()["archived_at"] and str(user.pk) not in desk.get_("grants").content.decode()
    codes = [one["code"] for one in desk.get_("permissions").json()["results"]]
    assert "people.view" in codes and "schools.create" not in codes


def test_locked_sign_ins(lumiere, desk):
    user = person()
    visitor = program(lumiere)
    for _ in range(6):
        last = visitor.send("auth/token", {"email": user.email, "password": "wrong"})
    assert last.status_code == 429 and int(last["Retry-After"]) > 0
    (lock,) = desk.get_("lockouts").json()["results"]
    assert lock["who"] == user.email
    assert desk.send("lockouts", {"key": lock["key"]}).status_code == 204
    assert visitor.send("auth/token", {"email": user.email, "password": PASSWORD}).status_code == 200


def test_the_audit_trail_is_filtered_and_paged(lumiere, desk):
    for number in range(3):
        desk.send("users", {"email": f"n{number}@lumiere.example"})
    events = desk.get_("audit-events?act=invitation.sent&surface=api&limit=2").json()
    assert len(events["results"]) == 2 and events["next"]
    one = events["results"][0]
    assert desk.get_(f"audit-events/{one['id']}").json() == one
    assert desk.get_(f"audit-events?actor={desk.user.pk}&q=n1@lumiere").json()["results"][0]["target_label"] == (
        "n1@lumiere.example"
    )
    assert desk.get_("audit-events?since=0001-01-01").status_code == 422
    assert program(lumiere, auditor()).get_("audit-events").status_code == 200
    assert program(lumiere, person()).get_("audit-events").status_code == 403


def test_support_access_from_asking_to_ending(lumiere, desk, console):
    asked = console.send(
        "support-grants",
        {"org_id": str(lumiere.pk), "level": "read", "minutes": 60, "reason": "The run does not end"},
    )
    assert asked.status_code == 201 and asked.json()["state"] == "active"
    address = f"support-grants/{asked.json()['id']}"
    assert [row["id"] for row in desk.get_("support-grants").json()["results"]] == [asked.json()["id"]]
    assert desk.send(f"{address}/refusal").status_code == 409
    assert desk.delete_(f"{address}?reason=enough").status_code == 204
    assert desk.get_(address).json()["state"] == "ended"
    assert console.get_("support-grants").json()["results"][0]["state"] == "ended"
    with platform():
        SupportGrant.objects.update(ended_at=None, starts_at=None, ends_at=None, needs_approval=True)
    assert desk.send(f"{address}/approval").json()["state"] == "active"
    assert console.delete_(address).status_code == 204


def test_the_rules_of_a_school(lumiere, desk):
    path = f"orgs/{lumiere.pk}/rules"
    seen = desk.get_(path)
    changed = desk.change(path, {"values": {"sessions.idle_minutes": 45}}, seen["ETag"])
    assert changed.json()["values"]["sessions.idle_minutes"] == 45
    assert desk.change(path, {"values": {"sessions.idle_minutes": 1}}).status_code == 422
    assert desk.change(path, {"values": {"nothing.known": 1}}).status_code == 422
    back = desk.change(path, {"values": {"sessions.idle_minutes": None}})
    assert back.json() == seen.json()
    assert AuditEvent.objects.filter(act="school.rules_changed", surface="api").count() == 2
    assert "password" not in json.dumps(seen.json())


def test_adminless(lumiere):
    """A control: the same calls as somebody without a role are refused."""
    nobody = program(lumiere, person())
    for path in ("credentials", "roles", "grants", "lockouts", "audit-events", "support-grants", "campuses", "plans"):
        assert nobody.get_(path).status_code == 403, path
    assert admin()
