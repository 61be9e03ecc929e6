"""Every page a person can open: it answers, is accessible, keeps the content security policy and fits the window.

The pages are read from the URL table. A page that is new and not visited here fails the build.
"""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.core.actor import SCHOOL, Actor, Role
from apps.tenants import hosts
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.architecture.routes import PLATFORM
from tests.architecture.routes import SCHOOL as SCHOOL_ROUTES
from tests.browser import DESKTOP, PHONE, Visit, axe, collect_complaints
from tests.people import PASSWORD, person, with_role

pytestmark = pytest.mark.browser

NOT_PAGES = {
    "document": "a PDF, tests/money",
    "statement_pdf": "a PDF, tests/money",
    "robots": "plain text",
    "favicon": "a picture",
    "manifest": "JSON",
    "logo": "a picture",
    "file": "a picture or a download, tests/files",
    "consent_export": "a CSV file, tests/rights",
    "export_progress": "a part of the page of one's own data, polled by it",
    "export_download": "leads to a file, tests/rights",
    "guardian": "needs a link of a mail; tests/accounts/test_locked_and_back_in_a_browser.py",
    "theme": "a style sheet",
    "people_export": "a CSV file, tests/portal",
    "kind_page": "a mail inside of a frame, with rules of its own; tests/notifications",
    "matrix_export": "a CSV file, tests/accounts",
    "event_export": "a CSV file, tests/audit",
    "run_export": "a CSV file, tests/directory",
    "history_export": "a CSV file, tests/directory",
    "template": "a CSV file, tests/roster",
    "export": "a CSV file, tests/roster",
    "failed_rows": "a CSV file, tests/roster",
    "live": "an event stream of the run's page",
    "unlock": "needs a link of a mail; tests/accounts/test_locked_and_back_in_a_browser.py",
    "email_confirm": "needs a link of a mail; tests/accounts/test_locked_and_back_in_a_browser.py",
    "email_undo": "needs a link of a mail; tests/accounts/test_locked_and_back_in_a_browser.py",
    "break_glass": "needs a link of the command line; tests/accounts",
    "act_as": "for the platform's people under a support grant; tests/support",
    "enrolled": "the tablet is sent here once; tests/devices",
    "progress": "a part of the run's page, polled by it",
    "plan_progress": "a part of the plan's page, polled by it",
    "group_count": "a figure in the form of a mapping, asks Microsoft",
    "mapping_create": "asks Microsoft; tests/directory/test_editor_in_a_browser.py",
    "campus_groups": "a part of the campus page",
    "helloasso_back": "the way back from HelloAsso; tests/payments",
    "back": "the way back from Stripe leads to the account's page; tests/payments",
    "microsoft_start": "goes to Microsoft at once; tests/accounts",
    "microsoft_link": "goes to Microsoft at once; tests/accounts",
    "confirm_microsoft": "goes to Microsoft at once; tests/accounts",
    "link_identity": "goes to Microsoft at once; tests/accounts",
    "invitation_microsoft": "goes to Microsoft at once; tests/accounts",
    "arrive": "the hand-off; tests/accounts",
    "desk_photo": "a picture, tests/devices",
    "pulse": "a tablet asks whether anything changed; tests/devices",
    "reopen_microsoft": "goes to Microsoft at once; tests/devices",
    "reopen_arrive": "the hand-off; tests/devices",
    "callback": "Microsoft comes back here; tests/accounts",
    "consent": "Microsoft comes back here; tests/accounts",
    "front_channel_logout": "Microsoft loads it in a frame; tests/accounts",
    "signed_out": "Microsoft comes back here; tests/accounts",
    "search": "opened with words below",
    "school_find": "answers a form with a redirect",
    "status_details": "for superadmins; tests/tenants/test_admin_in_a_browser.py",
    "may_issue": "the edge server asks; tests/tenants",
    "authenticator": "needs an app that is being set up; tests/accounts",
    "second_step": "between the two factors; tests/accounts",
    "second_factor_set_up": "between the two factors; tests/accounts",
    "reset": "needs a link of a mail; tests/accounts/test_locked_and_back_in_a_browser.py",
    "invitation": "needs a link of a mail; tests/accounts/test_pages_in_a_browser.py",
}
#: JSON for programs.
MACHINES = {"api", "api_nothing", "scim"}  # and everything whose namespace ends with _api
# every width, scheme and language once: what goes wrong with one does not depend on the others
LOOKS = [(DESKTOP, "light", "en"), (PHONE, "dark", "fr")]
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def is_page(route) -> bool:
    """Something that a GET answers with HTML: not the catalogue (tests/ui), not a door for forms only."""
    space, _, name = route.name.rpartition(":")
    if "catalogue" in name or name in NOT_PAGES or space in MACHINES or space.endswith("_api"):
        return False
    return not only_posts(route)


def only_posts(route) -> bool:
    """`require_POST` and its kin refuse GET before anything else."""
    view = route.view
    while hasattr(view, "__wrapped__"):
        if getattr(view, "__closure__", None):
            methods = [cell.cell_contents for cell in view.__closure__ if isinstance(cell.cell_contents, list | tuple)]
            if any(allowed in (["POST"], ("POST",)) for allowed in methods):
                return True
        view = view.__wrapped__
    return False


OPENED_BY_ID = {
    "associations:detail": lambda ids: f"/associations/{ids['association']}/",
    "associations:workspace": lambda ids: f"/associations/{ids['association']}/workspace/",
    "associations:members": lambda ids: f"/associations/{ids['association']}/members/",
    "associations:board": lambda ids: f"/associations/{ids['association']}/board/",
    "associations:office_create": lambda ids: f"/associations/{ids['association']}/offices/",
    "associations:office": lambda ids: f"/associations/offices/{ids['office']}/",
    "associations:edit": lambda ids: f"/associations/{ids['association']}/edit/",
    "associations:school": lambda ids: f"/associations/{ids['association']}/school/",
    "associations:request": lambda ids: f"/associations/{ids['asked']}/request/",
    "associations:request_edit": lambda ids: f"/associations/{ids['asked']}/request/edit/",
    "associations:campaign": lambda ids: f"/associations/renewals/{ids['campaign']}/",
    "sites:site": lambda ids: "/site/cinema/",
    "sites:edit": lambda ids: f"/associations/{ids['association']}/site/",
    "sites:as": lambda ids: f"/associations/{ids['association']}/site/as/visitor/",
    "associations:confirm": lambda ids: f"/associations/confirm/{ids['renewal_link']}/",
    "money:treasury": lambda ids: f"/money/{ids['treasury']}/",
    "money:orders": lambda ids: f"/money/{ids['treasury']}/orders/",
    "money:order_new": lambda ids: f"/money/{ids['treasury']}/orders/new/",
    "money:order": lambda ids: f"/money/orders/{ids['order']}/",
    "money:record_payment": lambda ids: f"/money/orders/{ids['order']}/payment/",
    "money:refund": lambda ids: f"/money/orders/{ids['order']}/refund/",
    "money:ledger": lambda ids: f"/money/{ids['treasury']}/ledger/",
    "money:reverse": lambda ids: f"/money/{ids['treasury']}/ledger/2/correction/",
    "money:statement": lambda ids: f"/money/{ids['treasury']}/statement/",
    "money:move": lambda ids: f"/money/{ids['treasury']}/moving/",
    "money:freeze": lambda ids: f"/money/{ids['treasury']}/freezing/",
    "portal:person": lambda ids: f"/people/{ids['person']}/",
    "accounts:person_erase": lambda ids: f"/data-protection/people/{ids['person']}/",
    "accounts:consent_publish": lambda ids: "/data-protection/consents/photo/",
    "campuses:detail": lambda ids: f"/campuses/{ids['campus']}/",
    "campuses:edit": lambda ids: f"/campuses/{ids['campus']}/edit/",
    "campuses:domains": lambda ids: f"/campuses/{ids['campus']}/domains/",
    "campuses:places": lambda ids: f"/campuses/{ids['campus']}/places/",
    "campuses:place_edit": lambda ids: f"/campuses/{ids['campus']}/places/{ids['place']}/",
    "campuses:membership": lambda ids: f"/memberships/{ids['membership']}/",
    "audit:event_detail": lambda ids: f"/audit/{ids['event']}/",
    "accounts:permission": lambda ids: "/roles/matrix/people.view/",
    "accounts:person_rights": lambda ids: f"/roles/people/{ids['person']}/",
    "accounts:own_role": lambda ids: f"/roles/own/{ids['role']}/",
    "accounts:own_role_archive": lambda ids: f"/roles/own/{ids['role']}/archive/",
    "devices:detail": lambda ids: f"/devices/{ids['device']}/",
    "devices:edit": lambda ids: f"/devices/{ids['device']}/edit/",
    "directory:run": lambda ids: f"/directory/runs/{ids['run']}/",
    "directory:mapping": lambda ids: f"/directory/mappings/{ids['mapping']}/",
    "accounts:erasure": lambda ids: f"/data-protection/erasures/{ids['erasure']}/",
    "notifications:message": lambda ids: f"/messages/{ids['message']}/",
    "notifications:kind": lambda ids: "/messages/texts/directory_alert/",
    "integrations:event": lambda ids: f"/integrations/events/{ids['inbound']}/",
    "integrations:event_content": lambda ids: f"/integrations/events/{ids['inbound']}/content/",
    "integrations:event_preview": lambda ids: f"/integrations/events/{ids['inbound']}/preview/",
    "integrations:plan": lambda ids: f"/integrations/decisions/{ids['decision']}/",
    "outgoing:endpoint": lambda ids: f"/webhooks/{ids['endpoint']}/",
    "outgoing:change": lambda ids: f"/webhooks/{ids['endpoint']}/change/",
    "outgoing:secrets": lambda ids: f"/webhooks/{ids['endpoint']}/secrets/",
    "outgoing:replay_many": lambda ids: f"/webhooks/{ids['endpoint']}/again/?since=2026-01-01",
    "outgoing:delivery": lambda ids: f"/webhooks/{ids['endpoint']}/deliveries/{ids['webhook']}/",
    "outgoing:delivery_content": lambda ids: f"/webhooks/{ids['endpoint']}/deliveries/{ids['webhook']}/content/",
    "payments:account": lambda ids: f"/payment-accounts/{ids['payment_account']}/",
    "payments:pay": lambda ids: f"/orders/{ids['order_by_card']}/card/",
    "payments:waiting": lambda ids: f"/orders/{ids['order_by_card']}/card/back/",
    "roster:columns": lambda ids: f"/imports/files/{ids['file']}/",
    "roster:plan": lambda ids: f"/plans/{ids['plan']}/",
    "roster:promotion": lambda ids: f"/school-year/promotions/{ids['promotion']}/",
    "roster:group_map": lambda ids: f"/provisioning/groups/{ids['provisioned']}/",
}
EXTRA = ["/search/?q=martin", "/people/?q=nobody-at-all", "/people/?status=suspended", "/audit/?q=nothing-like-it"]


@pytest.fixture
def furnished(live, new_school):
    """A committed school with a bit of everything, and the ids of it."""
    from apps.accounts.models import CustomRole, ErasureCase, Grant
    from apps.audit.models import AuditEvent
    from apps.campuses.services import campuses, memberships
    from apps.devices.models import Device
    from apps.directory.models import DirectoryChange, DirectoryRun, GroupMapping

    school, actor, now = new_school("page"), Actor.system("tests", surface="command"), timezone.now()
    with activated(school):
        owner = with_role(Role.OWNER, email="owner.of@page.example", locale="en")
        someone = person("camille.martin@page.example", locale="en", family_name="Martin-" + "Longuenom" * 6)
        campus = campuses.create_campus(
            actor=actor, name="Campus de Clermont-Ferrand et des Volcans d’Auvergne", code="CFE", now=now
        )
        membership = memberships.add_member(
            actor=actor, campus_id=campus.pk, user_id=someone.pk, role="member", now=now
        )
        run = DirectoryRun.objects.create(
            tenant_id="t", requested_by="tests", state="held", hold_reason="threshold", affected=1, population=1,
            created_at=now, finished_at=now, counts={"deactivated": 1},
        )  # fmt: skip
        DirectoryChange.objects.create(
            run=run, kind="deactivated", action="remove", reason="left_group", user_id=someone.pk, campus_id=campus.pk,
            name=someone.get_full_name(), email=someone.email,
        )  # fmt: skip
        role = CustomRole.objects.create(name="Registry of the whole " + "school " * 8, permissions=["people.view"])
        Grant.objects.create(user=someone, role="custom", custom_role=role, granted_by="tests")
        ids = {
            "role": role.pk,
            "person": someone.pk,
            "campus": campus.pk,
            "membership": membership.pk,
            "place": campuses.add_place(actor=actor, campus_id=campus.pk, name="Amphithéâtre " * 6, now=now).pk,
            "mapping": GroupMapping.objects.create(
                group_id="g-1", group_name="Students of Clermont " + "and of the volcanoes " * 5, campus=campus
            ).pk,
            "erasure": ErasureCase.objects.create(
                user_id=someone.pk, label=str(someone), origin="person", state="held", reason="I leave. " * 40,
                requested_at=now, requested_by=str(someone), requested_by_id=someone.pk,
            ).pk,
            **brought_in(someone, campus, now),
            "message": told(owner, now),
            **said_by_services(now),
            **told_to_others(now),
            **associated(someone, owner, campus, now),
            **paid_by_card(now),
            **paid_and_owed(owner, now),
            "device": Device.objects.create(name="Bar tablet", scope_kind="campus", scope_id=campus.pk).pk,
            "event": AuditEvent.objects.order_by("-at").first().pk,
            "run": run.pk,
        }  # fmt: skip
    return school, owner, someone, ids


def told(owner, now):
    """A long notice under the bell, a message that failed, an address that mail came back from: the message's id."""
    from apps.notifications.models import CommunicationLog, SuppressedAddress
    from apps.notifications.services import send

    title = "The run of the campus of Clermont-Ferrand " + "and of the volcanoes " * 8
    log = send(
        template="directory_alert", to=owner.email, user_id=owner.pk, language="en", cause="page", link="/directory/",
        context={"name": "Ada", "school_name": "École", "title": title, "text": "x", "url": "https://x.example/"},
    )  # fmt: skip
    CommunicationLog.objects.filter(pk=log.pk).update(state="failed", error="SMTPDataError 554", failed_at=now)
    SuppressedAddress.objects.create(address="a" * 60 + "@page.example", reason="550 5.1.1 no such user " * 9)
    return log.pk


def said_by_services(now) -> dict:
    """An event that was given up and contradicted, with long words, and a decision about it: the ids of them."""
    from apps.integrations.models import EventPlan, InboundEvent

    body = '{"data":{"external_id":"P1","given_name":"' + "Jean-Christophe " * 12 + '"}}'
    event = InboundEvent.objects.create(
        service="user-service", event_id="evt_" + "x" * 150, kind="user.updated", body=body, body_hash="a" * 64,
        state="dead", outcome="person-unknown", detail="Nobody here has this external_id yet. " * 6, attempts=9,
        conflicts=2, conflict_body=body, conflict_at=now, occurred_at=now, received_at=now, finished_at=now,
    )  # fmt: skip
    plan = EventPlan.objects.create(
        kind="replay", wanted={"state": "dead"}, requested_by="tests " * 20, state="held", created_at=now, to_apply=1,
        counts={"updated": 1},
    )  # fmt: skip
    return {"inbound": event.reference, "decision": plan.pk}


def associated(someone, owner, campus, now) -> dict:
    """An association with long words, whose president is somebody, a request, a campaign: the ids of them."""
    from datetime import timedelta

    from apps.associations.models import Association, RenewalCampaign
    from apps.associations.services import renewals, requests
    from apps.sites.models import Site

    today, long = timezone.localdate(), "Association des anciens et futurs élèves " + "du cinéma " * 7
    facts = {"kind": "culture", "seat": campus, "created_at": now, "purpose": "Voir des films, encore et encore. " * 30}
    made = Association.objects.create(
        name=long,
        slug="cinema",
        visibility="public",
        status="approved",
        opens_on=today,
        rna="W751234567",
        siret="73282932000074",
        **facts,
    )
    requests.usual_offices(made)
    office = made.offices.get(code="president")
    office.mandates.create(
        user=someone, starts_on=today, ends_on=today + timedelta(days=300), named_at=now, named_by="tests " * 20
    )
    text = (
        "# Bonjour\n\nUn **mot** "
        + "interminable" * 20
        + "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n"
        + "x" * 200
        + "\n```"
    )
    Site.objects.create(
        association=made, tagline={"fr": "Le cinéma, ensemble. " * 7}, about={"fr": text}, practical={"en": text},
        for_members={"fr": text}, contact_email="cinema@asso.example", website="https://asso.example/" + "y" * 150,
        shows_board=True, published_at=now, changed_at=now, changed_by="tests " * 20,
    )  # fmt: skip
    made.memberships.create(user=someone, state="member", source="founder", asked_at=now, joined_at=now)
    made.memberships.create(user=person(), state="pending", source="asked", asked_at=now, words="Bonjour ! " * 40)
    asked = Association.objects.create(
        name=f"Seconde {long}", slug="seconde", status="changes_requested", submitted_at=now, **facts
    )
    asked.founders.create(user=someone, office="president", named_at=now, accepted_at=now)
    asked.founders.create(user=owner, named_at=now, accepted_at=now)
    asked.history.create(step="comment", text="Encore un mot. " * 40, actor="tests", at=now)
    campaign = RenewalCampaign.objects.create(
        name="2026-2027", deadline=today, delisted_on=today + timedelta(days=30), started_at=now
    )
    renewal = campaign.renewals.create(association=made)
    return {
        "association": made.pk,
        "office": office.pk,
        "asked": asked.pk,
        "campaign": campaign.pk,
        "renewal_link": renewals.token_for(renewal, someone.pk),
    }


def told_to_others(now) -> dict:
    """A failing endpoint with long words, and what it was to be told: the ids of them."""
    from apps.core.actor import Actor
    from apps.outgoing.models import OutgoingEvent, WebhookEndpoint
    from apps.outgoing.services import secrets

    endpoint = WebhookEndpoint.objects.create(
        name="Emploi du temps " + "de la rentrée " * 5, url="https://example.org/" + "x" * 300, state="disabled",
        because="failing", kinds=["campus.created", "membership.started", "subscription.changed"], failing_since=now,
        created_by="tests " * 20,
    )  # fmt: skip
    secrets.make(endpoint, Actor.system("tests"))
    event = OutgoingEvent.objects.create(
        event_id="evt_" + "f" * 32, kind="campus.created", happened_at=now, data={"name": "x" * 200}
    )
    event.deliveries.get().tries.create(at=now, status=503, answer="<html>" + "y" * 400, milliseconds=123_456)
    endpoint.alarms.create(kind="disabled", opened_at=now)
    return {"endpoint": endpoint.pk, "webhook": event.event_id}


def paid_and_owed(owner, now) -> dict:
    """A treasury with long words: an order paid in cash, one that waits, money moved: the ids of them."""
    from apps.money.services import orders, treasuries
    from apps.money.services.orders import Line

    actor = Actor.system("tests", surface="command")
    treasury = treasuries.school_treasury(actor=actor, now=now)
    lines = [Line("Sweat-shirt " + "extraordinairement " * 6, 123_456_789, 3, "TVA non applicable " * 4)]
    wish = {"actor": actor, "treasury_id": treasury.pk, "lines": lines, "now": now, "buyer_email": owner.email}
    paid = orders.create_order(**wish, buyer_name="Longuenom-" * 12)
    orders.record_payment(actor=actor, order_id=paid.pk, method="cash", amount=paid.total, now=now, reference="N" * 90)
    treasuries.move(
        actor=actor, treasury_id=treasury.pk, from_="cash", to="bank", amount=5000, key="k", note="Note " * 40, now=now
    )
    orders.create_order(**wish, buyer_name="Camille Martin")
    return {"treasury": treasury.pk, "order": paid.pk}


def paid_by_card(now) -> dict:
    """An account with trouble, payouts and long words, and an order to be paid there: the ids of them."""
    from apps.core.actor import Actor
    from apps.money.services.orders import Line, create_order
    from apps.money.services.treasuries import school_treasury
    from apps.payments.models import ProviderAccount

    boss = Actor.system("tests")
    treasury = school_treasury(actor=boss, now=now)
    account = ProviderAccount.objects.create(
        provider="stripe", external_id="acct_" + "x" * 60, name="Bureau des étudiants " + "de la rentrée " * 5,
        state="restricted", problems=["identity document of the representative " * 3] * 3, read_at=now,
        treasury=treasury, is_default=True, connected_at=now, balance_there=123_456, balance_here=-5,
    )  # fmt: skip
    for number, state in enumerate(("paid", "failed", "pending")):
        account.payouts.create(
            external_id=f"po_{number}" + "y" * 40, amount=10_000 + number, other=5 * number, currency="EUR",
            state=state, arrives_on=now.date(), read_at=now,
        )  # fmt: skip
    for kind in ("difference", "access"):
        account.alarms.create(kind=kind, opened_at=now)
    order = create_order(
        actor=boss, treasury_id=treasury.pk, lines=[Line("Voyage de fin d’année " * 8, 12_345, 2)], now=now,
        buyer_name="Camille Martin",
    )  # fmt: skip
    return {"payment_account": account.pk, "order_by_card": order.pk}


def brought_in(someone, campus, now) -> dict:
    """A file, what it would do, a promotion, a group of a program: the ids of them."""
    from apps.campuses.models import Promotion
    from apps.roster.models import FailedRow, ImportFile, ProvisionedGroup, RosterChange, RosterPlan

    name = "Liste des inscrits " + "de la rentrée " * 8 + ".csv"
    file = ImportFile.objects.create(
        name=name, content=b"email;nom\na@b.fr;A\n", size=20, header=["email", "nom"], sample=[["a@b.fr", "A"]],
        delimiter=";", encoding="utf-8", created_at=now,
    )  # fmt: skip
    plan = RosterPlan.objects.create(
        kind="file", label=name, requested_by="tests", created_at=now, state="held", file=file, to_apply=1,
        counts={"added": 1},
    )  # fmt: skip
    RosterChange.objects.create(run=plan, kind="added", subject="person", key=str(someone.pk), row=1)
    FailedRow.objects.create(
        plan=plan, row=2, cells=["not-an-address", "B"], errors=[{"field": "email", "code": "email", "value": "x" * 80}]
    )
    return {
        "file": file.pk,
        "plan": plan.pk,
        "promotion": Promotion.objects.create(name="Bachelor 1 " + "informatique " * 3).pk,
        "provisioned": ProvisionedGroup.objects.create(
            name="All staff " + "of the school " * 6, campus=campus, created_at=now, changed_at=now
        ).pk,
    }


def signed_in(browser, live, school, user, width, scheme, language):
    with activated(school):
        user.locale = language
        user.save()
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale=language
    )
    page = context.new_page()
    page.goto(live.url(school, "/sign-in/"))
    page.locator("input[name=email]").fill(user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form[action$='/sign-in/'] button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return context


WIDE = """() => [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((one) => `${one.tagName}.${one.className}`).slice(0, 6).join(' > ')"""


def faults_of(visit, path) -> list[str]:
    found = [f"{path}: answered {visit.status}"] if visit.status != 200 else []
    found += [f"{path}: {violation}" for violation in axe(visit.page)]
    found += [f"{path}: {text}" for text in visit.complaints]
    if visit.overflow() > 0:
        found.append(f"{path}: {visit.overflow()} pixels wider than the window: {visit.page.evaluate(WIDE)}")
    return found


def addresses(ids) -> list[str]:
    pages = [route for route in SCHOOL_ROUTES if is_page(route)]
    assert {route.name for route in pages if route.has_object} == set(OPENED_BY_ID), (
        "an id for every page that needs one"
    )
    plain = [route.path for route in pages if not route.has_object]
    return sorted({*plain, *(make(ids) for make in OPENED_BY_ID.values()), *EXTRA})


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_every_page_of_a_school(browser, open_page, live, furnished, width, scheme, language):
    school, owner, _, ids = furnished
    context = signed_in(browser, live, school, owner, width, scheme, language)
    faults = []
    for path in addresses(ids):
        visit = open_page(live.url(school, path), context=context)
        faults += faults_of(visit, path)
        visit.page.close()
    context.close()
    assert faults == []


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_what_a_member_and_a_visitor_see(browser, open_page, live, furnished, width, scheme, language):
    school, _, someone, ids = furnished
    context = signed_in(browser, live, school, someone, width, scheme, language)
    faults = []
    mine = [
        f"/associations/{ids['association']}/{page}"
        for page in ("", "workspace/", "members/", "board/", "edit/", "site/")
    ]
    for path in ("/home/", "/account/", "/associations/", "/associations/new/", *mine):
        faults += faults_of(open_page(live.url(school, path), context=context), path)
    forbidden = open_page(live.url(school, "/settings/"), context=context)
    assert forbidden.status == 403
    faults += axe(forbidden.page)
    context.close()
    for path in ("/site/", "/site/cinema/", "/sign-in/", "/password/forgotten/", "/password/check-mail/"):
        faults += faults_of(open_page(live.url(school, path), width=width, scheme=scheme), path)
    lost = open_page(live.url(school, "/no-such-page/"), width=width, scheme=scheme)
    assert lost.status == 404
    faults += axe(lost.page)
    for route in PLATFORM:
        if is_page(route) and route.name != "accounts:sign_out":
            path = route.path
            faults += faults_of(open_page(live.platform_url(path), width=width, scheme=scheme), path)
    assert faults == []


CLOSED = ("500", "errors/school_cancelled", "errors/school_not_ready", "errors/school_pending")


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_pages_of_a_school_that_is_closed_and_of_a_fault(browser, live, new_school, width, scheme, language):
    """Suspended for real; the others put into the browser at the same address, with the assets of the product."""
    school = new_school("shut")
    with platform():
        School.objects.filter(pk=school.pk).update(status="suspended", status_before="active", locale=language)
    hosts.forget(school)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, faults = context.new_page(), []
    visit = Visit(page, 200, collect_complaints(page))
    assert page.goto(live.url(school, "/people/")).status == 403
    assert (
        page.locator("h1").inner_text() == {"en": "This school is paused", "fr": "Cette école est en pause"}[language]
    )
    assert [text for text in visit.complaints if "status of 403" not in text] == []
    visit.complaints.clear()
    faults += faults_of(visit, "suspended")
    for name in CLOSED:
        with translation.override(language):
            html = render_to_string(f"{name}.html", {"school": school})
        page.route("**/closed/", lambda route, _request, html=html: route.fulfill(body=html, content_type="text/html"))
        page.goto(live.platform_url("/closed/"))
        assert page.locator("h1").is_visible()
        faults += faults_of(visit, name)
        page.unroute("**/closed/")
    context.close()
    assert faults == []


def test_the_palette_is_opened_searched_and_left_by_keyboard(browser, live, furnished):
    school, owner, someone, _ = furnished
    context = signed_in(browser, live, school, owner, DESKTOP, "light", "en")
    page = context.pages[0]
    palette = page.locator("#palette")
    page.keyboard.press("Control+k")
    palette.locator("[role=option][aria-selected=true]").wait_for()
    first = palette.locator("[role=option][aria-selected=true]").inner_text()
    page.keyboard.press("ArrowDown")
    assert palette.locator("[role=option][aria-selected=true]").inner_text() != first
    page.keyboard.press("Escape")
    assert not palette.is_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("longuenom")
    palette.locator("[role=option][aria-selected=true]", has_text="Longuenom").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{someone.pk}/")
    context.close()


def test_headers_of_every_answer(live, furnished):
    school, _, _, ids = furnished
    wrong = []
    with live.client(school) as client:
        for path in [*addresses(ids), "/no-such-page/", "/static/ui/favicon.svg", "/robots.txt"]:
            answer = client.get(path)
            for name, value in HEADERS.items():
                if answer.headers.get(name) != value:
                    wrong.append(f"{path}: {name} is {answer.headers.get(name)!r}")
            if "content-security-policy" not in answer.headers:
                wrong.append(f"{path}: no content security policy")
            if "unsafe" in answer.headers.get("content-security-policy", ""):
                wrong.append(f"{path}: unsafe in the content security policy")
            personal = not path.startswith("/static/") and path not in PUBLIC_AND_CACHED
            if personal and "no-store" not in answer.headers.get("cache-control", ""):
                wrong.append(f"{path}: may be cached: {answer.headers.get('cache-control')!r}")
            for cookie in answer.headers.get_list("set-cookie"):
                if not (cookie.startswith("__Host-") and "Secure" in cookie and "Path=/" in cookie):
                    wrong.append(f"{path}: cookie {cookie.split('=')[0]}")
    assert wrong == []


PUBLIC_AND_CACHED = {"/robots.txt", "/manifest.webmanifest", "/favicon.ico", "/theme.css"}


def test_nothing_is_left_out():
    """A control: the walk finds the pages, and the list of what is not a page is not stale."""
    names = {route.name.split(":")[-1] for route in [*SCHOOL_ROUTES, *PLATFORM]}
    assert set(NOT_PAGES) <= names, set(NOT_PAGES) - names
    assert len([route for route in SCHOOL_ROUTES if is_page(route)]) > 15
    assert SCHOOL
