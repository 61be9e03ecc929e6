"""One real object of every kind, so that attacks reach what comes after "does it exist?"."""

from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import CustomRole, Grant, Invitation, Session
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain, Campus, CampusMembership, MembershipEvent, Place, Promotion
from apps.devices.models import Device
from apps.directory.models import DirectoryRun, GroupMapping
from apps.outgoing.models import OutgoingEvent, WebhookEndpoint
from apps.roster.models import ImportFile, RosterChange, RosterPlan
from apps.support.models import SupportGrant
from apps.tenants.context import activated, platform
from apps.tenants.models import Host, School
from tests.architecture.routes import CONVERTER, NOBODY, SAMPLES, Route
from tests.people import person
from tests.rights.seeding import make

#: What the id of a route is of, by its name, or by app and name where apps use one name for different things. The
#: rows of `ids` below come first. A name that stands in neither fails tests/security/test_ids_of_another_school.py.
KINDS = {
    "account_id": "payments.ProviderAccount",
    "address_id": "notifications.SuppressedAddress",
    "association_id": "associations.Association",
    "associations membership_id": "associations.Membership",
    "campaign_id": "associations.RenewalCampaign",
    "case_id": "accounts.ErasureCase",
    "credential_id": "accounts.ServiceCredential",
    "decision_id": "directory.ConflictDecision",
    "document_id": "money.Document",
    "export_id": "accounts.DataExport",
    "files file_id": "files.StoredFile",
    "identity_id": "accounts.Identity",
    "integrations plan_id": "integrations.EventPlan",
    "integrations reference": "integrations.InboundEvent",
    "integrations secret_id": "integrations.WebhookSecret",
    "list_id": "roster.ImportFile",
    "log_id": "notifications.CommunicationLog",
    "mandate_id": "associations.Mandate",
    "message_id": "notifications.CommunicationLog",
    "notice_id": "notifications.CommunicationLog",
    "office_id": "associations.Office",
    "order_id": "money.Order",
    "outgoing secret_id": "outgoing.EndpointSecret",
    "passkey_id": "accounts.Passkey",
    "provisioned_id": "roster.ProvisionedGroup",
    "renewal_id": "associations.Renewal",
    "tombstone_id": "accounts.Tombstone",
    "treasury_id": "money.Treasury",
}
ISSUED = {
    "seller": "BDE", "legal": [], "buyer": "Ada", "order": "O-1", "currency": "EUR", "lines": [], "total": 0,
    "methods": [],
}  # fmt: skip
#: What a row needs besides something acceptable in every column.
GIVEN: dict[str, dict[str, Any]] = {"money.Document": {"number": 1, "year": 2027, "content": ISSUED}}
#: Rows of the platform that are about a school.
OF_A_SCHOOL = {
    "host_id": lambda school: Host.objects.create(
        tenant=school, domain="own.lumiere.example", purpose="school", state="pending", token="t" * 32
    ),
    "portal domain_id": lambda school: Host.objects.create(
        tenant=school, domain="api.lumiere.example", purpose="school", state="pending", token="t" * 32
    ),
    "org_id": lambda school: School.objects.get(pk=school.pk),
    "support grant_id": lambda school: SupportGrant.objects.create(
        school=school, asked_by_id=NOBODY, asked_by="Sam", asked_by_email="sam@platform.example", level="read",
        reason="A real reason", minutes=60, asked_at=timezone.now(), needs_approval=True,
    ),
}  # fmt: skip


class Things(dict[str, Any]):
    """Ids of one school's things by the names that routes give them; made when they are asked for."""

    def __init__(self, school: School, known: dict[str, Any]) -> None:
        super().__init__(known)
        self.school = school

    def of(self, route: Route, name: str) -> Any:
        app = route.name.partition(":")[0].removesuffix("_api")
        wanted = next((key for key in (f"{app} {name}", name) if key in {*self, *KINDS, *OF_A_SCHOOL}), "")
        if wanted and wanted not in self:
            if wanted in OF_A_SCHOOL:
                with platform():
                    self[wanted] = OF_A_SCHOOL[wanted](self.school).pk
            else:
                with activated(self.school):
                    self[wanted] = make(KINDS[wanted], **GIVEN.get(KINDS[wanted], {})).pk
        return self.get(wanted)


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
    return Things(lumiere, {
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
    })  # fmt: skip


def address(route: Route, ids: dict) -> str:
    """The path of a thing that is there; with `{}`, of one that is not."""

    def filled(match) -> str:
        found = ids.of(route, match["name"]) if isinstance(ids, Things) else None
        return str(found or SAMPLES[match["kind"] or "str"])

    return "/" + CONVERTER.sub(filled, route.pattern)
