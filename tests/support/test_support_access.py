"""Support of the platform in a school: only with a grant, as long as it lasts, seen and ended by the school (TEN-6)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import Session, User
from apps.accounts.services import photos
from apps.audit.models import AuditEvent
from apps.core.permissions import REGISTRY
from apps.notifications.models import CommunicationLog
from apps.support.models import SupportGrant
from apps.support.selectors import NEVER, codes_of
from apps.tenants.context import activated, platform
from apps.tenants.hosts import forget
from apps.tenants.models import School
from tests.architecture.routes import SCHOOL
from tests.conftest import client_for
from tests.files.pictures import picture
from tests.people import acting, admin, auditor, owner, person
from tests.support.conftest import REASON, asked, at_the_platform, inside, superadmin, ticket_of

CANARY = "Zyxwv-Canary"


def only_grant() -> SupportGrant:
    with platform():
        return SupportGrant.objects.select_related("school").get()


def require_approval(school):
    with platform():
        fresh = School.objects.get(pk=school.pk)
        fresh.settings = {**fresh.settings, "support": {"approval": True}}
        fresh.save()
    forget(fresh)


def acts_of(grant) -> list[str]:
    events = AuditEvent.objects.filter(act__startswith="support.").order_by("at", "id")
    return list(events.values_list("act", flat=True))


# --- without a grant -------------------------------------------------------------------------------------


def test_a_superadmin_without_a_grant_sees_no_data_of_a_school_anywhere(desk, lumiere):
    """Every page of the platform, Django's admin included; and the session of the platform at the school's host."""
    from django.urls import get_resolver

    from tests.architecture.routes import _walk

    person(email="canary@lumiere.example", family_name=CANARY, department=CANARY)
    pages = [
        "/" + pattern.replace("<uuid:school_id>", str(lumiere.pk)).replace("<path:object_id>", str(lumiere.pk))
        for pattern, _name, _view in _walk(get_resolver("config.urls.platform"), "", "")
        if "(?P" not in pattern
    ]
    opened = {}
    for path in pages:
        answer = desk.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened[path] = answer.status_code
        assert CANARY not in body.decode("utf-8", "replace"), path
    assert sum(status == 200 for status in opened.values()) > 8, opened
    there = client_for(lumiere)
    there.cookies = desk.cookies
    assert there.get("/people/").status_code == 302
    assert there.get("/").status_code == 302


def test_control_the_canary_is_seen_by_whoever_may(lumiere):
    person(email="canary@lumiere.example", family_name=CANARY)
    client = client_for(lumiere)
    client.force_login(admin())
    assert CANARY in client.get("/people/").content.decode()


# --- asking ----------------------------------------------------------------------------------------------


def test_a_grant_has_a_level_a_reason_and_an_end(desk, sam, lumiere):
    assert asked(desk, lumiere).status_code == 302
    grant = only_grant()
    assert (grant.level, grant.reason, grant.asked_by, grant.state(timezone.now())) == (
        "read", REASON, "Sam Durand", "active",
    )  # fmt: skip
    assert grant.ends_at - grant.starts_at == timedelta(hours=1)
    assert acts_of(grant) == ["support.started"]  # in the school's own trail
    with platform():
        assert acts_of(grant) == ["support.started"]  # and in the platform's
    assert grant.state(grant.ends_at) == "expired"


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "why not"}, {"reason": " " * 40}, {"minutes": 1441}, {"minutes": 0}, {"level": "own"}, {"school": "x"}],
)
def test_a_wrong_request_is_answered_and_nothing_is_granted(desk, lumiere, wrong):
    form = {"school": str(lumiere.pk), "level": "read", "minutes": 60, "reason": REASON, **wrong}
    assert desk.post("/support/", form).status_code == 422
    with platform():
        assert not SupportGrant.objects.exists()


def test_only_one_at_a_time_and_only_for_oneself(desk, lumiere):
    asked(desk, lumiere)
    assert asked(desk, lumiere).status_code in (302, 409)
    grant = only_grant()
    other = at_the_platform(superadmin("other@platform.example"))
    assert other.post(f"/support/{grant.pk}/entry/").status_code == 404


def test_a_request_needs_a_recent_proof_of_identity(desk, sam, lumiere):
    with platform():
        Session.objects.update(proven_at=timezone.now() - timedelta(hours=1))
    answer = asked(desk, lumiere)
    assert answer.status_code == 302 and "confirm" in answer["Location"]
    with platform():
        assert not SupportGrant.objects.exists()


def test_people_of_a_school_cannot_ask(lumiere):
    client = client_for(lumiere)
    client.force_login(owner())
    assert client.get("/support/").status_code == 404


# --- the school's approval -------------------------------------------------------------------------------


def test_where_the_school_wants_it_nobody_enters_before_it_approves(desk, lumiere):
    require_approval(lumiere)
    boss = owner()
    asked(desk, lumiere)
    grant = only_grant()
    assert grant.state(timezone.now()) == "waiting"
    assert desk.post(f"/support/{grant.pk}/entry/").status_code in (302, 409)
    assert CommunicationLog.objects.filter(template="support_access", to=boss.email).exists()
    client = client_for(lumiere)
    client.force_login(boss)
    assert REASON in client.get("/settings/support/").content.decode()
    assert client.post(f"/settings/support/{grant.pk}/approval/").status_code == 302
    assert only_grant().state(timezone.now()) == "active"
    assert client.post(f"/settings/support/{grant.pk}/refusal/").status_code in (302, 409)
    inside(desk, grant, lumiere)
    assert acts_of(grant) == ["support.asked", "support.approved", "support.entered"]


def test_a_refused_request_opens_nothing(desk, lumiere):
    require_approval(lumiere)
    asked(desk, lumiere)
    client = client_for(lumiere)
    client.force_login(admin())
    client.post(f"/settings/support/{only_grant().pk}/refusal/")
    assert only_grant().state(timezone.now()) == "refused"
    assert desk.post(f"/support/{only_grant().pk}/entry/").status_code in (302, 409)


def test_who_may_not_decide(desk, lumiere, curie):
    require_approval(lumiere)
    asked(desk, lumiere)
    path = f"/settings/support/{only_grant().pk}/approval/"
    for user in (auditor(), person()):
        client = client_for(lumiere)
        client.force_login(user)
        assert client.post(path).status_code == 403
    with activated(curie):
        stranger = owner(email="o@curie.example")
        client = client_for(curie)
        client.force_login(stranger)
        assert client.post(path).status_code == 404
        assert REASON not in client.get("/settings/support/").content.decode()


def test_a_request_that_nobody_answers_lapses(desk, lumiere):
    require_approval(lumiere)
    asked(desk, lumiere)
    assert only_grant().state(timezone.now() + timedelta(hours=25)) == "lapsed"


# --- the way in ------------------------------------------------------------------------------------------


def test_the_link_works_once_on_its_own_host_for_a_minute(desk, lumiere, curie):
    asked(desk, lumiere)
    grant = only_grant()
    link = ticket_of(desk, grant)
    ticket = link.partition("ticket=")[2]
    assert client_for(curie).get(link).status_code == 403
    assert client_for(curie).post("/support/arrive/", {"ticket": ticket}).status_code == 403
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert client_for(lumiere).get(link).status_code == 403
    looked = client_for(lumiere)
    assert looked.get(link).status_code == 200  # looking does not use it up, and lets nobody in
    assert looked.get("/people/").status_code == 302
    assert client_for(lumiere).post("/support/arrive/", {"ticket": ticket}).status_code == 302
    assert client_for(lumiere).post("/support/arrive/", {"ticket": ticket}).status_code == 403
    for nonsense in ("", "x", "\x00", "é" * 300):
        assert client_for(lumiere).post("/support/arrive/", {"ticket": nonsense}).status_code == 403


def test_a_newer_link_replaces_the_older(desk, lumiere):
    asked(desk, lumiere)
    first, second = ticket_of(desk, only_grant()), ticket_of(desk, only_grant())
    assert client_for(lumiere).get(first).status_code == 403
    assert client_for(lumiere).get(second).status_code == 200


def test_no_account_of_the_school_is_made(desk, lumiere):
    before = User.objects.count()
    asked(desk, lumiere, "act")
    client = inside(desk, only_grant(), lumiere)
    assert client.get("/people/").status_code == 200
    assert User.objects.count() == before


def test_the_session_of_support_opens_no_other_school(desk, lumiere, curie):
    asked(desk, lumiere)
    client = inside(desk, only_grant(), lumiere)
    there = client_for(curie)
    there.cookies = client.cookies
    assert there.get("/people/").status_code == 302


# --- inside ----------------------------------------------------------------------------------------------


def test_reading_support_sees_what_an_auditor_sees_and_changes_nothing(desk, lumiere):
    asked(desk, lumiere)
    client = inside(desk, only_grant(), lumiere)
    page = client.get("/people/").content.decode()
    assert "Sam Durand" in page and "/support/leave/" in page
    for path in ("/audit/", "/campuses/", "/roles/", "/"):
        assert client.get(path).status_code == 200, path
    assert client.get("/settings/").status_code == 403
    ends = {"accounts:stop_acting", "accounts:sign_out", "support:leave"}
    there = [route for route in SCHOOL if route.path.startswith(settings.DESK_PATH)]
    unsafe = [route for route in SCHOOL if route.name not in ends and route not in there]
    answers = {str(route): client.post(route.path).status_code for route in unsafe}
    assert set(answers.values()) == {403}, answers
    for route in there:  # only the session of a shared device counts there: support is a visitor, like any browser
        answer = client.post(route.path)
        assert answer.wsgi_request.actor.is_anonymous and answer.wsgi_request.support is None, route
        assert answer.status_code == client_for(lumiere).post(route.path).status_code, route


def test_support_sees_the_photos_of_the_people_it_sees(desk, lumiere, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    user = person("photo@lumiere.example")
    upload = SimpleUploadedFile("me.jpg", picture())
    photos.change_own_photo(actor=acting(user), picture=upload, now=timezone.now())
    user.refresh_from_db()
    asked(desk, lumiere)
    client = inside(desk, only_grant(), lumiere)
    assert client.get(user.photo_url).status_code == 200
    assert client_for(lumiere).get(user.photo_url).status_code == 404, "a control: a visitor sees nobody"


def test_acting_support_works_and_every_step_names_it(desk, sam, lumiere):
    asked(desk, lumiere, "act")
    grant = only_grant()
    client = inside(desk, grant, lumiere)
    campus = {"name": "Nantes", "code": "NTE", "time_zone": "Europe/Paris", "default_role": "member", "hue": "200"}
    assert client.post("/campuses/new/", campus).status_code == 302
    event = AuditEvent.objects.get(act="campus.created")
    assert (event.acting_for, event.acting_for_id, event.support_grant_id) == ("Sam Durand", sam.pk, grant.pk)
    client.force_login(owner())
    page = client.get("/settings/support/").content.decode()
    assert "Nantes" in page and "Sam Durand" in page


def test_support_never_gets_what_would_outlast_it():
    for level in ("read", "act"):
        codes = codes_of(level)
        assert not codes & NEVER
        assert not any(REGISTRY[code].sudo for code in codes - {"people.act_as"})
        assert all(REGISTRY[code].is_for_schools for code in codes)
    assert set(REGISTRY) >= NEVER


def test_acting_support_gives_no_role_and_approves_nothing(desk, lumiere):
    asked(desk, lumiere, "act")
    grant = only_grant()
    client = inside(desk, grant, lumiere)
    user = person()
    refused = [
        ("/roles/grants/", {"email": user.email, "role": "admin", "scope": "school"}),
        ("/roles/own/new/", {"name": "x", "permissions": ["people.view"]}),
        (f"/settings/support/{grant.pk}/end/", {}),
        ("/settings/microsoft/passwords/", {"passwords": "allowed"}),
        (f"/people/{user.pk}/sessions/end/", {}),
        (f"/roles/people/{user.pk}/view-as/", {}),
    ]
    assert {path: client.post(path, form).status_code for path, form in refused} == {path: 403 for path, _ in refused}
    assert client.get("/account/").status_code == 403


def test_acting_support_acts_for_people_below_and_names_both(desk, sam, lumiere):
    asked(desk, lumiere, "act")
    grant = only_grant()
    user, boss = person(), admin()
    client = inside(desk, grant, lumiere)
    assert client.post(f"/roles/people/{boss.pk}/act-as/", {"reason": "to see it"}).status_code == 403
    assert client.post(f"/roles/people/{user.pk}/act-as/", {"reason": "to see it"}).status_code == 302
    page = client.get("/home/").content.decode()
    assert user.name in page and "Sam Durand" in page
    assert CommunicationLog.objects.mail().get(template="acted_for").to == user.email
    assert client.get("/account/").status_code == 403
    started = AuditEvent.objects.get(act="acting.started")
    assert (started.acting_for, started.support_grant_id, started.target_id) == ("Sam Durand", grant.pk, str(user.pk))
    client.post("/be-oneself/")
    assert client.get("/people/").status_code == 200


# --- the end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["school", "platform", "time", "no superadmin any more"])
def test_the_next_request_after_the_end_is_nobodys(desk, sam, lumiere, how):
    asked(desk, lumiere)
    grant = only_grant()
    client = inside(desk, grant, lumiere)
    assert client.get("/people/").status_code == 200
    moment = timezone.now()
    if how == "school":
        boss = client_for(lumiere)
        boss.force_login(admin())
        assert boss.post(f"/settings/support/{grant.pk}/end/", {"reason": "thank you"}).status_code == 302
        assert only_grant().ended_by
    elif how == "platform":
        assert desk.post(f"/support/{grant.pk}/end/").status_code == 302
    elif how == "time":
        moment += timedelta(minutes=61)
    else:
        with platform():
            User.objects.filter(pk=sam.pk).update(is_superuser=False)
    with time_machine.travel(moment, tick=False):
        assert client.get("/people/").status_code == 302
        assert desk.post(f"/support/{grant.pk}/entry/").status_code != 200
    assert client.get("/people/").status_code == 302


def test_leaving_is_not_the_end_of_the_grant(desk, lumiere):
    asked(desk, lumiere)
    grant = only_grant()
    client = inside(desk, grant, lumiere)
    assert client.post("/support/leave/").status_code == 302
    assert client.get("/people/").status_code == 302
    assert acts_of(grant)[-1] == "support.left"
    inside(desk, grant, lumiere)


def test_the_schools_page_shows_who_why_until_when_and_what_was_done(desk, lumiere):
    asked(desk, lumiere, "act")
    grant = only_grant()
    client = inside(desk, grant, lumiere)
    list(client.get("/audit/export.csv"))
    desk.post(f"/support/{grant.pk}/end/")
    reader = client_for(lumiere)
    reader.force_login(auditor())
    page = reader.get("/settings/support/").content.decode()
    for text in ("Sam Durand", REASON, "/settings/support/"):
        assert text in page
    assert AuditEvent.objects.filter(support_grant_id=grant.pk).count() == 2  # entered, exported
    assert f"/settings/support/{grant.pk}/end/" not in page
