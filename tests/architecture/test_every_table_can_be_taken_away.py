"""Every table of the product has a CSV export, or a written reason why not (UX-1)."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from apps.associations.models import Association, RenewalCampaign
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus
from apps.devices.models import Device
from apps.integrations.models import EventPlan
from apps.outgoing.models import OutgoingEvent, WebhookEndpoint
from apps.payments.models import ProviderAccount
from tests.conftest import client_for
from tests.money.conftest import treasury_with_an_order
from tests.people import owner

TEMPLATES = Path("templates")
TABLE = re.compile(r"<table\b")
EXPORT = re.compile(r'{% csv_link "([\w-]+)" %}|{% url "\w+:\w*export\w*"')
#: Tables that are no lists of the school: (template, how many of its tables) -> why there is no file.
WITHOUT = {
    ("money/order.html", 1): "the lines of one order: they stand on its receipt",
    ("accounts/account.html", 1): "one's own sessions: in the archive of one's own data",
    ("accounts/_erasure_lines.html", 1): "what one act is about to do; what it did stands in the audit trail",
    ("accounts/own_role_archive.html", 1): "who loses a role by this one act: the same as in the list of grants",
    ("directory/mapping_form.html", 1): "a draft that nobody has saved; once previewed, its run has a file",
    ("directory/campus_groups.html", 1): "a part of the mappings, which have a file",
    ("roster/columns.html", 1): "the first lines of the file that was just uploaded",
    ("roster/plan.html", 2): "a sum of the changes below, which have a file; unusable rows have one of their own",
    ("portal/person_detail.html", 1): "one person: their archive of own data",
    (
        "ops/status.html",
        2,
    ): "the state of this moment; over time: the metrics, and the file of all runs in the platform's admin",
    ("admin/app_list.html", 1): "Django's menu",
    ("api/fields.html", 1): "the description of the API, which is a file (openapi.json)",
    ("core/catalogue/", 0): "examples of components",
    ("emails/", 0): "tables of a layout",
}


def templates():
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def exempt(name: str) -> int | None:
    """How many tables of a template need no file; None: all of them."""
    for (start, number), _why in WITHOUT.items():
        if name.startswith(start):
            return number or None
    return 0


def faults() -> list[str]:
    found = []
    for name in templates():
        text, allowed = (TEMPLATES / name).read_text(), exempt(name)
        tables, exports = len(TABLE.findall(text)), len(EXPORT.findall(text))
        if allowed is not None and tables > exports + allowed:
            found.append(
                f"{name}: {tables} tables, {exports} exports: add csv_of and csv_link (docs/ui.md), or a reason here"
            )
    return found


def test_every_table_has_a_file_or_a_reason():
    assert faults() == []


def test_the_reasons_are_not_stale():
    for (start, number), _why in WITHOUT.items():
        texts = [(TEMPLATES / name).read_text() for name in templates() if name.startswith(start)]
        assert any(TABLE.search(text) for text in texts), start
        if number:
            assert sum(len(TABLE.findall(text)) for text in texts) >= number, start


def test_control_a_table_without_either_is_found(monkeypatch):
    monkeypatch.setattr(f"{__name__}.TABLE", re.compile(r"<thead>|<table\b"))
    assert len(faults()) > 10


# --- and the files are files -----------------------------------------------------------------------------------

FORMULA = '=HYPERLINK("http://evil.example")'
PAGES = {
    "associations": "/associations/",
    "oversight": "/associations/oversight/",
    "campaigns": "/associations/renewals/",
    "renewals": "/associations/renewals/{campaign}/",
    "looks": "/associations/{association}/workspace/",
    "members": "/associations/{association}/members/",
    "mandates": "/associations/{association}/board/",
    "campuses": "/campuses/",
    "domains": "/campuses/{campus}/domains/",
    "places": "/campuses/{campus}/places/",
    "invitations": "/invitations/",
    "grants": "/roles/",
    "rights": "/roles/people/",
    "rights-of-person": "/roles/people/{owner}/",
    "holders": "/roles/matrix/people.view/",
    "own-roles": "/roles/own/",
    "lockouts": "/lockouts/",
    "subscriptions": "/subscriptions/",
    "payment-accounts": "/payment-accounts/",
    "payouts": "/payment-accounts/{account}/",
    "treasuries": "/money/",
    "orders": "/money/{treasury}/orders/",
    "ledger": "/money/{treasury}/ledger/",
    "statement": "/money/{treasury}/statement/",
    "my-payments": "/money/mine/",
    "credentials": "/settings/programs/",
    "erasures": "/data-protection/",
    "tombstones": "/data-protection/",
    "periods": "/data-protection/retention/",
    "nights": "/data-protection/retention/",
    "devices": "/devices/",
    "pins": "/devices/pins/",
    "mappings": "/directory/",
    "messages": "/messages/",
    "conflicts": "/directory/conflicts/",
    "decisions": "/directory/conflicts/",
    "events": "/integrations/events/",
    "decision": "/integrations/decisions/{plan}/",
    "webhook-secrets": "/integrations/secrets/",
    "webhook-endpoints": "/webhooks/",
    "webhook-events": "/webhooks/events/",
    "webhook-deliveries": "/webhooks/{endpoint}/",
    "webhook-attempts": "/webhooks/{endpoint}/deliveries/{event}/",
    "endpoint-secrets": "/webhooks/{endpoint}/secrets/",
    "imports": "/imports/",
    "groups": "/provisioning/",
    "held-plans": "/provisioning/",
    "promotions": "/school-year/",
    "turns": "/school-year/",
    "support": "/settings/support/",
}
"""Where each table is."""
ON_THE_PLATFORM = {
    "school-states": "tests/integrations/test_pages.py",
    "provider-accounts": "tests/integrations/test_quarantine_pages.py",
}
"""Tables on the platform's host, and where their files are tried."""


def names() -> set[str]:
    texts = ((TEMPLATES / name).read_text() for name in templates())
    return {found for text in texts for found in EXPORT.findall(text) if found}


def test_every_name_is_tried_here():
    assert names() == set(PAGES) | set(ON_THE_PLATFORM)


@pytest.fixture
def school(lumiere):
    """Things whose names are formulas, and somebody who sees all of it."""
    boss = owner(given_name=FORMULA, family_name="+1")
    campus = Campus.objects.create(name=FORMULA, code="X")
    campus.places.create(name=FORMULA)
    Device.objects.create(name=FORMULA, scope_kind="campus", scope_id=campus.pk)
    plan = EventPlan.objects.create(kind="discard", state="done", created_at=timezone.now())
    plan.changes.create(kind="updated", name=FORMULA)
    endpoint = WebhookEndpoint.objects.create(name=FORMULA, url="https://example.org/", created_by=FORMULA)
    event = OutgoingEvent.objects.create(event_id="evt_1", kind="campus.created", happened_at=timezone.now())
    event.deliveries.get().tries.create(at=timezone.now(), status=500, answer=FORMULA)
    treasury = treasury_with_an_order(FORMULA, boss)
    account = ProviderAccount.objects.create(
        provider="stripe", external_id="acct_1", name=FORMULA, state="active", read_at=timezone.now(), treasury=treasury
    )
    account.payouts.create(external_id=FORMULA, amount=1, currency="EUR", state="paid", read_at=timezone.now())
    client = client_for(lumiere)
    client.force_login(boss)
    association = Association.objects.create(
        name=FORMULA, slug="x", kind="other", purpose=FORMULA, status="approved", opens_on=date(2020, 1, 1),
        created_at=timezone.now(),
    )  # fmt: skip
    association.memberships.create(user=boss, state="member", source="added", asked_at=timezone.now())
    campaign = RenewalCampaign.objects.create(
        name=FORMULA, deadline=date(2020, 1, 1), delisted_on=date(2020, 2, 1), started_at=timezone.now()
    )
    campaign.renewals.create(association=association, how="override", reason=FORMULA, settled_at=timezone.now())
    ids = {"association": association.pk, "campaign": campaign.pk}
    ids |= {"campus": campus.pk, "owner": boss.pk, "plan": plan.pk, "endpoint": endpoint.pk, "event": event.event_id}
    ids |= {"treasury": treasury.pk, "account": account.pk}
    return client, ids


def test_every_file_is_csv_without_formulas_and_stands_in_the_trail(school):
    client, ids = school
    faults, seen = [], 0
    for name, path in PAGES.items():
        answer = client.get(path.format(**ids), {"csv": name})
        if answer.status_code != 200 or "text/csv" not in answer["Content-Type"]:
            faults.append(f"{name}: {answer.status_code} {answer['Content-Type']} at {path}")
            continue
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        header, *rows = list(csv.reader(io.StringIO(text)))
        faults += [f"{name}: a line of another length" for row in rows if len(row) != len(header)]
        cells = [cell for row in rows for cell in row]
        faults += [f"{name}: {cell}" for cell in cells if cell.startswith(("=", "+", "@"))]
        seen += sum("HYPERLINK" in cell for cell in cells)
        event = AuditEvent.objects.filter(act="table.exported").latest("at")
        if event.data["table"] != name:
            faults.append(f"{name}: not in the audit trail")
    assert faults == []
    assert seen >= 5, "a control: formulas were there, behind a quote mark"


def test_filters_and_places_of_the_page_count(lumiere, school):
    client, _ids = school
    Campus.objects.filter(code="X").update(archived_at=timezone.now())
    assert b"HYPERLINK" not in b"".join(client.get("/campuses/?csv=campuses").streaming_content)
    assert client.get("/campuses/?csv=nothing-of-this-name").headers["Content-Type"].startswith("text/html")
    locked = client.get("/devices/pins/?csv=pins&only=locked&page=9")
    assert b"".join(locked.streaming_content).decode("utf-8-sig").strip() == '"person","email","has_pin","is_locked"'
    assert AuditEvent.objects.filter(act="table.exported").latest("at").data["filters"] == {"only": "locked"}
