"""A device opens its own pages and nothing else; not after sign-out or revocation, and not in another school."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Session
from apps.devices.models import Device
from apps.devices.services import devices
from apps.tenants.context import activated
from tests.accounts.conftest import path_of
from tests.architecture.routes import SCHOOL
from tests.conftest import client_for
from tests.devices.conftest import PIN, SYSTEM, at, member, new_tablet
from tests.people import PASSWORD, acting, admin, person

ELSEWHERE = [route for route in SCHOOL if not route.path.startswith(settings.DESK_PATH)]
COOKIES = (settings.DEVICE_ACCESS_COOKIE_NAME, settings.DEVICE_COOKIE_NAME)


def facts(answer):
    return answer.status_code, answer.headers.get("Location", ""), answer.wsgi_request.actor.is_anonymous


def test_every_other_route_answers_as_for_nobody(tablet, camille, lumiere):
    """With the device's cookies, also while somebody is at the desk."""
    tablet.come_in(camille)
    wrong = []
    for route in ELSEWHERE:
        nobody = client_for(lumiere)
        for client in (nobody, tablet.client):
            client.raise_request_exception = False
        if facts(tablet.client.get(route.path)) != facts(nobody.get(route.path)):
            wrong.append(str(route))
    assert len(ELSEWHERE) > 50 and wrong == []
    assert tablet.who() == camille.email, "a control: the cookies are good at the desk"


def test_a_persons_own_session_is_nobody_at_the_desk(lumiere):
    client = client_for(lumiere)
    client.force_login(admin())
    assert client.get("/desk/").wsgi_request.actor.is_anonymous


def test_enrolling_signs_the_administrator_out_of_the_tablet(lumiere, campus):
    boss, tablet = admin(), new_tablet(lumiere, campus)
    tablet.client.force_login(boss)
    tablet.enrol()
    assert not Session.objects.filter(user=boss, ended_at=None).exists()
    assert "/sign-in/" in tablet.client.get("/account/")["Location"]


def test_a_code_enrols_once_and_for_ten_minutes(lumiere, campus):
    first, second = new_tablet(lumiere, campus), client_for(lumiere)
    code = devices.make_code(actor=SYSTEM, device_id=first.device.pk, now=timezone.now())
    assert first.client.post("/desk/enrol/", {"code": code}).status_code == 302
    assert second.post("/desk/enrol/", {"code": code}).status_code == 422
    old = devices.make_code(actor=SYSTEM, device_id=first.device.pk, now=timezone.now() - devices.CODE_LIVES)
    assert second.post("/desk/enrol/", {"code": old}).status_code == 422


def test_a_new_code_and_a_revocation_end_the_tablet_at_once(tablet, camille):
    boss = acting(admin())
    tablet.come_in(camille)
    devices.make_code(actor=boss, device_id=tablet.device.pk, now=timezone.now())
    assert tablet.who() is None and tablet.shows() == "enrol"
    tablet.enrol().come_in(camille)
    devices.revoke_device(actor=boss, device_id=tablet.device.pk, reason="lost", now=timezone.now())
    assert tablet.who() is None and tablet.shows() == "enrol"
    assert not Session.objects.filter(kind="device", ended_at=None).exists()


def test_cookies_of_one_school_are_worthless_in_another(tablet, camille, curie):
    tablet.come_in(camille)
    other = client_for(curie)
    for name in (*COOKIES, settings.SHARED_DEVICE_COOKIE_NAME):
        other.cookies[name] = tablet.client.cookies[name].value
    with activated(curie):
        assert other.get("/desk/").wsgi_request.desk is None
    assert tablet.who() == camille.email


def test_after_a_full_sign_out_somebody_proves_afresh_who_they_are(tablet, campus, camille):
    kept = {name: tablet.client.cookies[name].value for name in COOKIES}
    tablet.come_in(camille)
    tablet.client.post("/desk/sign-out/")
    assert tablet.shows() == "reopen"
    for name, value in kept.items():
        tablet.client.cookies[name] = value
    assert tablet.shows() == "reopen", "the old cookies are worthless"
    stranger = person()
    refused = tablet.client.post("/desk/reopen/", {"email": stranger.email, "password": PASSWORD})
    assert refused.status_code == 403 and tablet.shows() == "reopen"
    wrong = tablet.client.post("/desk/reopen/", {"email": camille.email, "password": "not this one"})
    assert wrong.status_code == 422
    right = tablet.client.post("/desk/reopen/", {"email": camille.email, "password": PASSWORD})
    assert right.status_code == 302 and tablet.shows() == "picker" and tablet.who() is None
    assert "/sign-in/" in tablet.client.get("/account/")["Location"], "nobody is signed in by that"
    tablet.come_in(camille, PIN)


def test_another_browser_cannot_open_it(tablet, camille, lumiere):
    tablet.client.post("/desk/sign-out/")
    other = client_for(lumiere)
    other.cookies[settings.SHARED_DEVICE_COOKIE_NAME] = f"{tablet.device.pk.hex}.guess"
    other.post("/desk/reopen/", {"email": camille.email, "password": PASSWORD})
    assert Device.objects.get().state == "signed-out"


def test_acts_of_administrators_ask_for_a_proof_of_identity(lumiere, campus, tablet):
    boss, client = admin(), client_for(lumiere)
    client.force_login(boss)
    Session.objects.filter(user=boss).update(proven_at=None)
    for path in ("code", "revoke", "lift"):
        assert "/confirm" in client.post(f"/devices/{tablet.device.pk}/{path}/")["Location"]
    assert Device.objects.get().state == "picker"


@pytest.mark.parametrize("size", [2000])
def test_two_thousand_profiles_are_paged_and_found(tablet, campus, size):
    from apps.accounts.models import User
    from apps.campuses.models import CampusMembership

    now = timezone.now()
    people = [
        User(email=f"p{n}@crowd.example", given_name="Alex", family_name=f"Nom{n:04}", status="active", password="!x")
        for n in range(size)
    ]
    User.objects.bulk_create(people)
    CampusMembership.objects.bulk_create(
        CampusMembership(
            user=user,
            campus=campus,
            state="active",
            source="manual",
            cause="admin",
            first_seen_at=now,
            last_seen_at=now,
        )
        for user in people
    )
    page = tablet.client.get("/desk/").content.decode()
    assert page.count('name="person"') == 24
    found = tablet.client.get("/desk/?q=nom1999").content.decode()
    assert found.count('name="person"') == 1 and "Nom1999" in found
    assert member(campus, family_name="Zzz").name not in page


def test_after_a_sign_out_microsoft_is_asked_afresh(tablet, campus, walk, organisation):
    """IDN-10: no silent reuse. Also when somebody signs in the ordinary way in the browser of a shared device."""
    at(campus, organisation.user)
    walk.client = tablet.client
    tablet.client.post("/desk/sign-out/")
    asked = parse_qs(urlsplit(walk.leave("/desk/reopen/microsoft/")).query)
    assert asked["prompt"] == ["login"] and "auth_time" in asked["claims"][0]
    ordinary = parse_qs(urlsplit(walk.leave("/sign-in/microsoft/")).query)
    assert ordinary["prompt"] == ["login"], "this browser is known as a shared device"
    ticket = walk.ticket(organisation.camille["id"], "/desk/reopen/microsoft/")
    assert ticket.startswith("/desk/reopen/arrive/")
    assert tablet.client.get(ticket).status_code == 302 and tablet.shows() == "picker" and tablet.who() is None
    assert "/sign-in/" in tablet.client.get("/account/")["Location"], "nobody is signed in by that"


def test_credentials_that_were_typed_long_ago_do_not_open_it(tablet, campus, walk, organisation):
    at(campus, organisation.user)
    walk.client = tablet.client
    tablet.client.post("/desk/sign-out/")
    back = walk.at_microsoft(walk.leave("/desk/reopen/microsoft/"), organisation.camille["id"])
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = walk.callback(back)
        if answer.status_code == 302:
            tablet.client.get(path_of(answer["Location"]))
    assert tablet.shows() == "reopen"


def test_control_a_browser_of_ones_own_is_not_asked_afresh(walk, organisation):
    assert parse_qs(urlsplit(walk.leave()).query).get("prompt") != ["login"]
