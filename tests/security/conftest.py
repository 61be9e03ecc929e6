"""One real object of every kind, so that attacks reach what comes after "does it exist?"."""

import pytest
from django.utils import timezone

from apps.accounts.models import CustomRole, Grant, Invitation, Session
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain, Campus, CampusMembership, MembershipEvent, Place, Promotion
from apps.devices.models import Device
from apps.directory.models import DirectoryRun, GroupMapping
from apps.outgoing.models import OutgoingEvent, WebhookEndpoint
from apps.roster.models import ImportFile, RosterChange, RosterPlan
from tests.architecture.routes import CONVERTER, SAMPLES, Route
from tests.people import person


@pytest.fixture
def ids(lumiere):
    """By the names that routes give their ids."""
    now, user = timezone.now(), person()
    campus = Campus.objects.create(name="Lyon", code="LYO")
    membership = CampusMembership.objects.create(
        user=user, campus=campus, state="active", source="manual", cause="admin", first_seen_at=now, last_seen_at=now
    )
    MembershipEvent.objects.create(
        membership=membership, to_state="active", to_role="member", source="manual", cause="admin", actor="t", at=now
    )
    file = ImportFile.objects.create(
        name="a.csv", content=b"email\na@b.fr\n", size=13, header=["email"], sample=[["a@b.fr"]], created_at=now
    )
    plan = RosterPlan.objects.create(
        kind="file", label="a.csv", requested_by="t", created_at=now, state="held", file=file
    )
    change = RosterChange.objects.create(run=plan, kind="added", subject="person", key=str(user.pk))
    endpoint = WebhookEndpoint.objects.create(name="Timetable", url="https://example.org/hooks")
    told = OutgoingEvent.objects.create(event_id="evt_1", kind="campus.created", happened_at=now)
    return {
        "file_id": file.pk,
        "plan_id": plan.pk,
        "change_id": change.pk,
        "promotion_id": Promotion.objects.create(name="B1").pk,
        "user_id": user.pk,
        "campus_id": campus.pk,
        "membership_id": membership.pk,
        "domain_id": ApprovedDomain.objects.create(campus=campus, domain="lumiere.example").pk,
        "place_id": Place.objects.create(campus=campus, name="A").pk,
        "device_id": Device.objects.create(name="Bar", scope_kind="campus", scope_id=campus.pk).pk,
        "mapping_id": GroupMapping.objects.create(group_id="g", group_name="g", campus=campus).pk,
        "run_id": DirectoryRun.objects.create(tenant_id="t", requested_by="t", created_at=now).pk,
        "grant_id": Grant.objects.create(user=user, role="auditor", scope_kind="school").pk,
        "role_id": CustomRole.objects.create(name="Registry", permissions=["people.view"]).pk,
        "invitation_id": Invitation.objects.latest("created_at").pk,
        "session_id": Session.objects.create(
            user=user, data="", last_seen_at=now, expires_at=now.replace(year=now.year + 1)
        ).pk,
        "event_id": AuditEvent.objects.latest("at").pk,
        "endpoint_id": endpoint.pk,
        "webhook_id": told.event_id,
    }


def address(route: Route, ids: dict) -> str:
    def filled(match) -> str:
        return str(ids.get(match["name"]) or SAMPLES[match["kind"] or "str"])

    return "/" + CONVERTER.sub(filled, route.pattern)
