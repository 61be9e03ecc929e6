"""The status of a school changes only along the table, with a reason, and both trails say so."""

import ast
import itertools
from pathlib import Path

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Held, Role
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from apps.tenants.services import lifecycle
from tests.tenants.conftest import COMMAND, fresh

S = School.Status
ALLOWED = {
    "pending": "trial active suspended cancelled",
    "trial": "active past_due suspended cancelled",
    "active": "past_due suspended cancelled",
    "past_due": "active suspended cancelled",
    "suspended": "pending trial active past_due cancelled",
    "cancelled": "active purged",
    "purged": "",
}


def put(school, status):
    values = {"status": status, "status_before": "active" if status == S.SUSPENDED else ""}
    with platform():
        School.objects.filter(pk=school.pk).update(**values)


def call(service, school, **options):
    return service(actor=COMMAND, school_id=school.pk, now=timezone.now(), **options)


def trail(place, act):
    with place:
        return list(AuditEvent.objects.filter(act=act).values_list("changes", "reason"))


@pytest.mark.parametrize(("before", "after"), list(itertools.product(S.values, S.values)))
def test_the_table_of_transitions(lumiere, before, after):
    put(lumiere, before)
    school = fresh(lumiere)
    if after == S.SUSPENDED:
        school.status_before = before
    if after in ALLOWED[before].split():
        lifecycle._move(COMMAND, school, after, "school.activated", timezone.now())
        assert fresh(lumiere).status == after
    else:
        with pytest.raises(lifecycle.WrongStatus):
            lifecycle._move(COMMAND, school, after, "school.activated", timezone.now())
        assert fresh(lumiere).status == before


@pytest.mark.parametrize("before", ["pending", "trial", "active", "past_due"])
def test_suspend_and_resume_come_back_to_what_was(lumiere, before):
    put(lumiere, before)
    call(lifecycle.suspend, lumiere, reason="unpaid")
    suspended = fresh(lumiere)
    assert (suspended.status, suspended.status_before) == ("suspended", before) and suspended.suspended_at
    call(lifecycle.resume, lumiere, reason="paid")
    resumed = fresh(lumiere)
    assert (resumed.status, resumed.status_before, resumed.suspended_at) == (before, "", None)
    for place in (platform, lambda: activated(lumiere)):
        assert trail(place(), "school.suspended") == [({"status": [before, "suspended"]}, "unpaid")]
        assert trail(place(), "school.resumed") == [({"status": ["suspended", before]}, "paid")]


@pytest.mark.parametrize("service", [lifecycle.suspend, lifecycle.resume])
def test_repeating_changes_and_records_nothing(lumiere, service):
    call(lifecycle.suspend, lumiere, reason="unpaid")
    if service is lifecycle.resume:
        call(lifecycle.resume, lumiere, reason="paid")
    call(service, lumiere, reason="again")
    assert len(trail(platform(), "school.suspended")) == 1


@pytest.mark.parametrize("status", ["cancelled", "purged"])
def test_what_is_over_is_neither_suspended_nor_resumed(lumiere, status):
    put(lumiere, status)
    for service in (lifecycle.suspend, lifecycle.resume):
        with pytest.raises(lifecycle.WrongStatus):
            call(service, lumiere, reason="x")
    assert fresh(lumiere).status == status


@pytest.mark.parametrize("service", [lifecycle.suspend, lifecycle.resume])
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_reason_is_required(lumiere, service, reason):
    with pytest.raises(Invalid) as refused:
        call(service, lumiere, reason=reason)
    assert "reason" in refused.value.fields


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPERADMIN, Role.SYSTEM)])
def test_only_superadmins_may(lumiere, role):
    actor = Actor(label="somebody", held=(Held(role),))
    for service in (lifecycle.suspend, lifecycle.resume):
        with pytest.raises(Forbidden):
            service(actor=actor, school_id=lumiere.pk, reason="x", now=timezone.now())
    with pytest.raises(Forbidden):
        lifecycle.resend_invitation(actor=actor, school_id=lumiere.pk, now=timezone.now())
    assert fresh(lumiere).status == "active"


def test_an_unknown_school(db):
    from uuid import uuid4

    with pytest.raises(NotVisible):
        lifecycle.suspend(actor=COMMAND, school_id=uuid4(), reason="x", now=timezone.now())


def test_an_accepted_owner_is_not_invited_again(lumiere):
    with pytest.raises(lifecycle.WrongStatus):
        call(lifecycle.resend_invitation, lumiere)


def test_a_new_invitation_is_recorded_in_both_trails(lumiere):
    put(lumiere, S.PENDING)
    call(lifecycle.resend_invitation, lumiere)
    for place in (platform(), activated(lumiere)):
        assert len(trail(place, "school.owner_invited")) == 1


def test_a_school_is_never_deleted(lumiere):
    with pytest.raises(NotImplementedError):
        fresh(lumiere).delete()


def statuses_written(source: str) -> list[int]:
    """Lines that give a school another status: an attribute set, or an update or creation that names it."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        for target in node.targets if isinstance(node, ast.Assign) else []:
            if isinstance(target, ast.Attribute) and target.attr == "status" and "school" in ast.unparse(target.value):
                lines.append(node.lineno)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("update", "create")
        ):
            named = {keyword.arg for keyword in node.keywords}
            if "status" in named and "School." in ast.unparse(node.func.value):
                lines.append(node.lineno)
    return lines


def test_nothing_but_the_state_machine_writes_a_status():
    found = {str(path): lines for path in Path("apps").rglob("*.py") if (lines := statuses_written(path.read_text()))}
    assert set(found) == {"apps/tenants/services/lifecycle.py"}, found


@pytest.mark.parametrize("line", ["school.status = 'active'", "School.objects.filter(pk=x).update(status='active')"])
def test_a_status_written_elsewhere_would_be_seen(line):
    assert statuses_written(line) == [1]
