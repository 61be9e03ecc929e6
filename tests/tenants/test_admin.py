"""The console of superadmins: who enters, what they see, and that every act goes through its service."""

import re

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.directory.models import DirectoryAlert
from apps.files.models import StoredFile
from apps.notifications.models import CommunicationLog
from apps.tenants.admin import site
from apps.tenants.context import activated, platform
from apps.tenants.models import FleetState, School
from tests import people
from tests.conftest import HostClient, client_for
from tests.tenants.conftest import fresh

LIST = "/admin/tenants/school/"


def page_of(school, act=""):
    return f"{LIST}{school.pk}/{act or 'change'}/"


def acts_of(school):
    """The acts told about this school on the platform and in the school itself."""
    trails = []
    for place in (platform(), activated(school)):
        with place:
            trails.append(list(AuditEvent.objects.filter(target_id=str(school.pk)).values_list("act", flat=True)))
    return trails


ADDRESSES = ["", "tenants/school/", "tenants/school/add/", "tenants/fleetstate/", "tenants/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_is_sent_to_the_sign_in_page(platform_client, address):
    answer = platform_client.get(f"/admin/{address}", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=%2Fadmin%2F")


@pytest.mark.parametrize("address", ADDRESSES)
def test_staff_without_superadmin_is_refused(superadmin, console, address):
    """The role decides, not Django's staff flag. A control for it: the same browser is let in before."""
    assert console.get(f"/admin/{address}").status_code == 200
    with platform():
        type(superadmin).objects.filter(pk=superadmin.pk).update(is_superuser=False)
    assert console.get(f"/admin/{address}", follow=True).status_code == 403


def test_no_school_has_an_admin(lumiere, client):
    client.force_login(people.owner())
    assert client.get("/admin/").status_code == 404


def test_the_owner_of_a_school_is_nobody_on_the_platform(lumiere, settings):
    """A session of a school, carried to the platform's host, opens nothing."""
    inside = client_for(lumiere)
    inside.force_login(people.owner())
    outside = HostClient(settings.PLATFORM_DOMAIN)
    outside.cookies = inside.cookies
    assert outside.get("/admin/").status_code == 302


def test_only_our_tables_are_offered():
    assert {model.__name__ for model in site._registry} == {"School", "FleetState", "JobRun"}


def test_the_list_shows_schools_with_their_figures(console, lumiere):
    people.person()
    people.person()
    with activated(lumiere):
        active = people.User.objects.filter(status="active").count()
    with activated(lumiere):
        StoredFile.objects.all().delete()
        StoredFile.objects.create(purpose="photo", size=2_400_000, created_at=timezone.now())
        DirectoryAlert.objects.create(kind="failed", opened_at=timezone.now())
        DirectoryAlert.objects.create(kind="held", opened_at=timezone.now())
        CommunicationLog.objects.create(template="x", cause="x:1", to="a@b.example", language="fr", state="failed")
    text = console.get(LIST).content.decode()
    assert "École Lumière" in text and "lumiere.campanile" in text and "Institut Curie" in text
    assert re.search(r'<td class="field-storage">2[.,]4.M[Bo]</td>', text)
    assert '<td class="field-failing">2</td>' in text, "the run that waits for a decision has not failed"
    assert f'<td class="field-people">{active}</td>' in text


@pytest.mark.parametrize("words", ["lumi", "LUMIERE", "owner@lumiere.example"])
def test_schools_are_found_by_name_short_name_and_owner(console, lumiere, words):
    text = console.get(LIST, {"q": words}).content.decode()
    assert "École Lumière" in text and "Institut Curie" not in text


def test_schools_are_filtered_by_status(console, lumiere):
    with platform():
        School.objects.filter(pk=lumiere.pk).update(status="past_due")
    for offered in ("?status__exact=past_due", "?ready__exact=1", "?plan="):
        assert offered in console.get(LIST).content.decode(), "the list offers its filters"
    text = console.get(LIST, {"status__exact": "past_due"}).content.decode()
    assert "École Lumière" in text and "Institut Curie" not in text


def test_a_school_is_looked_at_without_fields_to_change(console, lumiere):
    text = console.get(page_of(lumiere)).content.decode()
    assert "lumiere.campanile" in text and "Suspend" in text
    assert 'name="name"' not in text and 'name="_save"' not in text


@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_admin_itself_writes_nothing(console, lumiere, act):
    answer = console.post(page_of(lumiere, act), {"name": "Stolen", "status": "cancelled", "post": "yes"})
    assert answer.status_code == 403
    assert fresh(lumiere).name == "École Lumière"


def test_details_are_changed_and_audited_in_both_trails(console, lumiere):
    values = {"name": "Lumière", "plan": "region", "locale": "en", "time_zone": "Europe/Rome", "currency": "CHF"}
    assert console.post(page_of(lumiere, "details"), values).status_code == 302
    school = fresh(lumiere)
    assert {name: getattr(school, name) for name in values} == values
    assert all("school.details_changed" in trail for trail in acts_of(lumiere))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x"),
        ("plan", ""),
        ("locale", "de"),
        ("time_zone", "Mars/North"),
        ("currency", "euro"),
        ("currency", "eu1"),
    ],
)
def test_wrong_details_are_explained(console, lumiere, field, value):
    values = {"name": "Lumière", "plan": "region", "locale": "en", "time_zone": "Europe/Rome", "currency": "CHF"}
    answer = console.post(page_of(lumiere, "details"), {**values, field: value})
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert fresh(lumiere).name == "École Lumière"


def test_a_school_is_suspended_with_a_reason_and_resumed(console, lumiere):
    assert console.post(page_of(lumiere, "suspend"), {"reason": " "}).status_code == 422
    assert fresh(lumiere).status == "active"
    assert console.post(page_of(lumiere, "suspend"), {"reason": "unpaid"}).status_code == 302
    assert fresh(lumiere).status == "suspended"
    assert console.post(page_of(lumiere, "resume"), {"reason": "paid"}).status_code == 302
    assert fresh(lumiere).status == "active"
    for trail in acts_of(lumiere):
        assert {"school.suspended", "school.resumed"} <= set(trail)


def test_the_one_who_acted_is_named(console, superadmin, lumiere):
    console.post(page_of(lumiere, "suspend"), {"reason": "unpaid"})
    with platform():
        event = AuditEvent.objects.get(act="school.suspended", target_id=str(lumiere.pk))
    assert (event.actor_email, event.surface, event.reason) == (superadmin.email, "admin", "unpaid")


def test_an_active_school_is_not_invited_again(console, lumiere):
    answer = console.post(page_of(lumiere, "resend-invitation"))
    assert answer.status_code == 409
    assert "has not accepted yet" in answer.content.decode()


def test_an_unknown_school_is_not_found(console):
    nobody = "018f3b5e-0000-7000-8000-000000000000"
    for act in ("details", "suspend", "resume", "resend-invitation"):
        assert console.get(f"{LIST}{nobody}/{act}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("slug", "Not A Slug", "lowercase letters"),
        ("slug", "admin", "keeps this name"),
        ("slug", "-x", "lowercase letters"),
        ("owner_email", "nobody", "e-mail"),
        ("name", "x", "2 to 120"),
        ("time_zone", "Mars/North", "time zone"),
        ("currency", "1", "currency"),
    ],
)
def test_a_wrong_new_school_is_explained_at_its_field(console, field, value, says):
    good = {
        "name": "Third", "slug": "third", "owner_email": "o@third.example",
        "plan": "campus", "locale": "fr", "time_zone": "Europe/Paris", "currency": "EUR",
    }  # fmt: skip
    answer = console.post(f"{LIST}add/", {**good, field: value})
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    with platform():
        assert not School.objects.filter(owner_email="o@third.example").exists()


def test_a_taken_short_name_is_explained(console, lumiere):
    values = {
        "name": "Other", "slug": "lumiere", "owner_email": "other@other.example",
        "plan": "campus", "locale": "fr", "time_zone": "Europe/Paris", "currency": "EUR",
    }  # fmt: skip
    answer = console.post(f"{LIST}add/", values)
    assert answer.status_code == 409 and "exists already" in answer.content.decode()


def test_a_failed_school_shows_what_went_wrong(console, lumiere):
    with platform():
        FleetState.objects.filter(schema=lumiere.schema_name).update(state="failed", error="division by zero")
    assert "division by zero" in console.get(page_of(lumiere)).content.decode()
    assert "Failed" in console.get(LIST).content.decode()


def test_no_page_has_inline_styles_or_scripts(console, lumiere):
    pages = [
        "/admin/",
        LIST,
        page_of(lumiere),
        page_of(lumiere, "suspend"),
        f"{LIST}add/",
        "/admin/tenants/fleetstate/",
    ]
    for address in pages:
        text = console.get(address).content.decode()
        assert " style=" not in text and "<style" not in text, address
        assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:]), address


def test_signing_out_ends_the_session(console):
    assert console.post("/admin/logout/", follow=True).status_code == 200
    assert console.get("/admin/").status_code == 302
