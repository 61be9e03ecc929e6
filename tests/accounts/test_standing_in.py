"""In somebody else's place: who may, what they can do there, how it ends, and what is written down."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Grant, Session, User
from apps.accounts.services import standing_in
from apps.audit.models import AuditEvent
from apps.campuses.services import campuses, memberships
from apps.core.actor import Actor, Held, Role, Scope
from apps.core.errors import ReadOnly
from apps.notifications.models import CommunicationLog
from apps.tenants.context import platform
from apps.tenants.hosts import forget
from apps.tenants.models import School
from tests.architecture.routes import NOBODY, SCHOOL
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, auditor, owner, person, with_role

SYSTEM = Actor.system("tests")


def browser_of(school, user):
    client = client_for(school)
    client.force_login(user)
    return client


def seen_as(school, boss, user):
    client = browser_of(school, boss)
    assert client.post(f"/roles/people/{user.pk}/view-as/").status_code == 302
    return client


def allow_acting(school, allowed=True):
    with platform():
        fresh = School.objects.get(pk=school.pk)
        fresh.settings = {**fresh.settings, "roles": {"owners_act_as": allowed}}
        fresh.save()
    forget(fresh)


def acting_as(school, boss, user, reason="Cannot find the form"):
    client = browser_of(school, boss)
    answer = client.post(f"/roles/people/{user.pk}/act-as/", {"reason": reason})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return client


# --- looking ---------------------------------------------------------------------------------------------


def test_an_admin_sees_the_site_as_an_auditor_does(lumiere):
    boss, user = admin(), auditor()
    client = seen_as(lumiere, boss, user)
    page = client.get("/audit/").content.decode()
    assert user.name in page and "/be-oneself/" in page
    refused = client.get("/settings/")
    assert refused.status_code == 403 and "/be-oneself/" in refused.content.decode(), "the way out is on this page too"
    assert client.get("/invitations/").status_code == 403
    assert client.post("/be-oneself/").status_code == 302
    assert client.get("/settings/").status_code == 200
    assert "/be-oneself/" not in client.get("/").content.decode()


def test_beginning_and_ending_are_on_record(lumiere):
    boss, user = admin(), auditor()
    client = seen_as(lumiere, boss, user)
    list(client.get("/audit/export.csv"))
    client.post("/be-oneself/")
    started, ended = (AuditEvent.objects.get(act=act) for act in ("acting.viewing_started", "acting.ended"))
    assert (started.actor_id, started.target_id) == (boss.pk, str(user.pk))
    assert ended.actor_id == boss.pk and ended.target_label == user.name
    exported = AuditEvent.objects.get(act="audit.exported")
    assert (exported.actor_id, exported.acting_for, exported.acting_for_id) == (user.pk, boss.name, boss.pk)


ENDS = {"accounts:stop_acting", "accounts:sign_out", "support:leave"}
AT_THE_DESK = [route for route in SCHOOL if route.path.startswith(settings.DESK_PATH)]
UNSAFE = [route for route in SCHOOL if route.name not in ENDS and route not in AT_THE_DESK]


def test_nothing_can_be_sent_while_looking(lumiere):
    """Every route of a school; with the rights to do all of it, were it not for looking."""
    client = seen_as(lumiere, owner(), admin())
    before = AuditEvent.objects.count()
    wrong = [
        f"{method} {route}: {answer.status_code}"
        for number, route in enumerate(UNSAFE)
        for method in (("post",) if number % 20 else ("post", "put", "patch", "delete"))
        if (answer := getattr(client, method)(route.path)).status_code != 403
    ]
    assert wrong == []
    assert AuditEvent.objects.count() == before


def test_at_the_desk_nobody_is_in_anybodys_place(lumiere):
    """Only the session of a shared device counts there (IDN-10): who looks is a visitor, like any browser."""
    client = seen_as(lumiere, owner(), admin())
    before = AuditEvent.objects.count()
    assert len(AT_THE_DESK) > 10
    for route in AT_THE_DESK:
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(client, method)(route.path)
            there = answer.wsgi_request
            assert (there.actor.user_id, there.actor.held, there.actor.acting_for, there.place) == (None, (), "", None)
            assert answer.status_code == getattr(client_for(lumiere), method)(route.path).status_code, route
    assert AuditEvent.objects.count() == before


def test_control_the_same_requests_are_not_all_refused_to_oneself(lumiere):
    client = browser_of(lumiere, admin())
    assert {client.post(route.path).status_code for route in UNSAFE} - {403}


def test_a_refused_attempt_is_logged(lumiere, caplog):
    client = seen_as(lumiere, admin(), auditor())
    client.post("/campuses/new/", {"name": "x"})
    refused = [entry for entry in caplog.records if entry.message == "refused"]
    assert refused and refused[-1].permission == "read-only"


def test_a_view_that_writes_when_it_is_only_read_is_stopped(lumiere):
    """The second wall: no statement that writes passes, whatever the method. Controls: reading and the trail do."""

    class Request:
        may_write = False

    user = person()
    with connection.execute_wrapper(lambda *a: standing_in_wall(Request, *a)):
        assert User.objects.filter(pk=user.pk).exists()
        list(User.objects.select_for_update().filter(pk=user.pk))
        for write in (
            lambda: User.objects.filter(pk=user.pk).update(department="x"),
            lambda: Grant.objects.create(user=user, role="admin"),
            lambda: Grant.objects.filter(user=user)._raw_delete("default"),
            lambda: connection.cursor().execute("WITH x AS (DELETE FROM accounts_grant RETURNING id) SELECT * FROM x"),
        ):
            with pytest.raises(ReadOnly), transaction.atomic():
                write()
        from apps.audit.services import record

        record(actor=SYSTEM, act="audit.exported")


def standing_in_wall(request, *rest):
    from apps.accounts.standing_in import nothing_is_written

    return nothing_is_written(request, *rest)


def test_only_people_below_are_looked_through(lumiere):
    boss, peer, top = admin(), admin(), owner()
    gone = auditor(status="suspended")
    for user in (peer, top, boss, gone):
        client = browser_of(lumiere, boss)
        assert client.post(f"/roles/people/{user.pk}/view-as/").status_code == 403, user
        assert client.get("/settings/").status_code == 200
    assert browser_of(lumiere, auditor()).post(f"/roles/people/{person().pk}/view-as/").status_code == 403
    assert browser_of(lumiere, boss).post(f"/roles/people/{NOBODY}/view-as/").status_code == 404


def test_it_ends_by_itself(lumiere):
    client = seen_as(lumiere, admin(), auditor())
    with time_machine.travel(timezone.now() + standing_in.STAY + timedelta(seconds=1), tick=False):
        assert client.get("/settings/").status_code == 200
    assert AuditEvent.objects.filter(act="acting.ended").count() == 1


@pytest.mark.parametrize("change", ["promoted", "suspended", "demoted"])
def test_it_ends_when_it_is_no_longer_allowed(lumiere, change):
    boss, user = admin(), auditor()
    client = seen_as(lumiere, boss, user)
    if change == "promoted":
        Grant.objects.create(user=user, role="owner")
    elif change == "suspended":
        User.objects.filter(pk=user.pk).update(status="suspended")
    else:
        Grant.objects.filter(user=boss).delete()
    client.get("/home/")
    assert client.get("/settings/").status_code == (403 if change == "demoted" else 200)
    assert AuditEvent.objects.filter(act="acting.ended").count() == 1


def test_the_end_of_the_persons_own_session_ends_it(lumiere):
    boss = admin()
    client = seen_as(lumiere, boss, auditor())
    Session.objects.filter(user=boss).end("ended-by-admin", timezone.now())
    assert client.get("/audit/").status_code == 302


def test_one_place_at_a_time(lumiere):
    boss = admin()
    client = seen_as(lumiere, boss, auditor())
    assert client.post(f"/roles/people/{person().pk}/view-as/").status_code == 403


def test_a_role_alone_is_looked_through(lumiere):
    campus = campuses.create_campus(actor=SYSTEM, name="Campus Lyon", code="LYO", now=timezone.now())
    client = browser_of(lumiere, admin())
    form = {"role": "campus-manager", "scope": f"campus:{campus.pk}"}
    assert client.post("/roles/view-as/", form).status_code == 302
    assert "Campus Lyon" in client.get("/campuses/").content.decode()
    assert client.get("/audit/").status_code == 403
    assert client.get("/home/").status_code == 302
    client.post("/be-oneself/")
    assert client.post("/roles/view-as/", {"role": "auditor", "scope": "school"}).status_code == 302
    assert client.get("/audit/").status_code == 200
    client.post("/be-oneself/")
    for wrong in ({"role": "owner", "scope": "school"}, {"role": "superadmin", "scope": "school"}, {}):
        client.post("/roles/view-as/", wrong)
        assert client.get("/settings/").status_code == 200


# --- acting ----------------------------------------------------------------------------------------------


def test_an_owner_acts_where_the_schools_rule_allows_it(lumiere):
    boss, user = owner(), person()
    client = browser_of(lumiere, boss)
    assert client.get(f"/roles/people/{user.pk}/act-as/").status_code == 403
    allow_acting(lumiere)
    assert client.get(f"/roles/people/{user.pk}/act-as/").status_code == 200
    assert client.post(f"/roles/people/{user.pk}/act-as/", {"reason": ""}).status_code == 422
    client = acting_as(lumiere, boss, user)
    assert user.name in client.get("/home/").content.decode()
    assert browser_of(lumiere, admin()).get(f"/roles/people/{user.pk}/act-as/").status_code == 403


def test_what_is_done_names_both_and_the_person_is_told(lumiere):
    allow_acting(lumiere)
    boss, user = owner(), admin()
    client = acting_as(lumiere, boss, user, "The form refuses her entries")
    campus = {"name": "Nantes", "code": "NTE", "time_zone": "Europe/Paris", "default_role": "member", "hue": "200"}
    assert client.post("/campuses/new/", campus).status_code == 302
    event = AuditEvent.objects.get(act="campus.created")
    assert (event.actor_id, event.actor_label) == (user.pk, user.name)
    assert (event.acting_for, event.acting_for_id) == (boss.name, boss.pk)
    mail = CommunicationLog.objects.mail().get(template="acted_for")
    assert mail.to == user.email and boss.name in mail.text and "The form refuses her entries" in mail.text


def test_nobody_acts_for_somebody_who_holds_as_much(lumiere):
    allow_acting(lumiere)
    client = browser_of(lumiere, owner())
    assert client.post(f"/roles/people/{owner().pk}/act-as/", {"reason": "I want to"}).status_code == 403


def test_dangerous_acts_are_refused_while_acting(lumiere):
    """Step-up acts: what asks for a proof of identity is the person's own."""
    allow_acting(lumiere)
    boss, user, other = owner(), admin(), person()
    client = acting_as(lumiere, boss, user)
    form = {"email": other.email, "role": "auditor", "scope": "school"}
    assert client.post("/roles/grants/", form).status_code in (403, 422)
    assert not Grant.objects.filter(user=other).exists()
    assert client.post("/roles/own/new/", {"name": "x", "permissions": ["people.view"]}).status_code in (403, 422)
    assert client.post("/roles/own/new/", {"name": "x", "permissions": ["people.view"]}, follow=True).status_code != 200


SECURITY = [r for r in SCHOOL if r.path.startswith("/account/")]


def test_the_persons_security_is_out_of_reach(lumiere):
    """Every page about oneself: sessions, factors, password, identities, data."""
    allow_acting(lumiere)
    user = person()
    client = acting_as(lumiere, owner(), user)
    reached = {
        str(route): answer.status_code
        for route in SECURITY
        for method in ("get", "post")
        if (answer := getattr(client, method)(route.path)).status_code not in (403, 405)
    }
    assert reached == {}
    assert len(SECURITY) > 4
    session = Session.objects.create(user=user, last_seen_at=timezone.now(), expires_at=timezone.now())
    for path in (f"/account/sessions/{session.pk}/end/", f"/people/{user.pk}/sessions/end/"):
        assert client.post(path).status_code == 403
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_ones_own_sessions_are_not_ended_by_who_acts_for_them(lumiere):
    allow_acting(lumiere)
    user = admin()
    client = acting_as(lumiere, owner(), user)
    session = Session.objects.create(user=user, last_seen_at=timezone.now(), expires_at=timezone.now())
    for path in (f"/people/{user.pk}/sessions/end/", f"/people/{user.pk}/sessions/{session.pk}/end/"):
        assert client.post(path).status_code == 403
    session.refresh_from_db()
    assert session.ended_at is None


def test_it_ends_when_the_rule_is_taken_back(lumiere):
    allow_acting(lumiere)
    client = acting_as(lumiere, owner(), person())
    allow_acting(lumiere, False)
    client.get("/home/")
    assert client.get("/settings/").status_code == 200


def test_outranking(lumiere):
    lyon, paris = (
        campuses.create_campus(actor=SYSTEM, name=name, code=name[:3], now=timezone.now()) for name in ("Lyon", "Paris")
    )
    manager = person()
    memberships.add_member(actor=SYSTEM, campus_id=lyon.pk, user_id=manager.pk, role="manager", now=timezone.now())
    member, boss, top = with_role(Role.MEMBER), acting(admin()), acting(owner())
    here = acting(manager)
    there = Actor(label="x", user_id=person().pk, held=(Held(Role.CAMPUS_MANAGER, Scope("campus", paris.pk)),))
    over = standing_in.outranks
    assert over(top, boss) and over(boss, here) and over(here, acting(member)) and over(boss, acting(auditor()))
    assert not over(boss, top) and not over(here, boss) and not over(here, there) and not over(there, here)
    assert not over(top, Actor.system("job")) and not over(acting(auditor()), here)
