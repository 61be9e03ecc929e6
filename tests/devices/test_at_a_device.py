"""Profiles, PIN, desk, idle, switch, sign-out: what the tablet shows and who the server says is there."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import Session
from apps.audit.models import AuditEvent
from apps.devices.machine import State
from apps.devices.models import Device
from apps.devices.selectors import state_now
from tests.devices.conftest import PIN, WRONG, at, member, new_tablet


def test_from_enrolment_to_the_desk_and_back(tablet, camille):
    assert tablet.shows() == "picker"
    tablet.pick(camille)
    assert tablet.shows() == "pin"
    tablet.type(PIN)
    assert tablet.shows() == "home" and tablet.who() == camille.email
    tablet.act("/desk/done/")
    assert tablet.shows() == "picker" and tablet.who() is None


def test_a_wrong_pin_opens_nothing_and_says_how_many_are_left(tablet, camille):
    tablet.pick(camille)
    answer = tablet.type(WRONG)
    assert answer.status_code == 422 and "4 attempts are left" in answer.content.decode()
    assert tablet.shows() == "pin" and tablet.who() is None


def test_switching_needs_no_identity_provider(tablet, camille, sacha):
    tablet.come_in(camille)
    tablet.pick(sacha)
    assert tablet.who() is None and tablet.shows() == "pin"
    tablet.type("8305")
    assert tablet.who() == sacha.email
    assert list(Session.objects.filter(user=camille).values_list("ended_because", flat=True)) == ["replaced"]


def test_idleness_returns_to_the_profiles_exactly(tablet, camille):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        tablet.come_in(camille)
        clock.move_to(start + timedelta(seconds=59.9))
        tablet.client.get("/desk/pulse/")  # asking does not keep anybody there
        assert tablet.who() == camille.email  # looking at the home page is an act
        clock.move_to(start + timedelta(seconds=59.9 + 60))
        assert tablet.who() is None and tablet.shows() == "picker"


def test_the_pulse_does_not_keep_anybody_there(tablet, camille):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        tablet.come_in(camille)
        for second in range(10, 60, 10):
            clock.move_to(start + timedelta(seconds=second))
            tablet.client.get("/desk/pulse/")
        clock.move_to(start + timedelta(seconds=60))
        assert tablet.client.get("/desk/pulse/?state=desk").headers["HX-Redirect"] == "/desk/"
        assert tablet.who() is None


def test_a_pin_pad_that_is_left_returns_too(tablet, camille):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        tablet.pick(camille)
        clock.move_to(start + timedelta(seconds=60))
        assert tablet.shows() == "picker"
        assert tablet.type(PIN).status_code == 302
        assert tablet.who() is None, "the PIN of a pad that is over opens nothing"


def test_a_form_that_the_person_before_left_does_nothing_for_the_next(tablet, camille, sacha):
    tablet.come_in(camille)
    tablet.device.refresh_from_db()
    left = str(tablet.device.visit_id)
    tablet.come_in(sacha, "8305")
    tablet.client.post("/desk/language/", {"language": "fr", "visit": left})
    sacha.refresh_from_db()
    assert sacha.locale == "en"
    tablet.act("/desk/language/", language="fr")
    sacha.refresh_from_db()
    assert sacha.locale == "fr", "a control: their own form works"


def test_a_suspended_person_is_out_at_once_and_not_shown(tablet, camille, sacha):
    tablet.come_in(camille)
    camille.status = "suspended"
    camille.save()
    assert tablet.who() is None and tablet.shows() == "picker"
    page = tablet.client.get("/desk/").content.decode()
    assert "Moreau" not in page and "Petit" in page
    assert tablet.pick(camille).status_code == 404


def test_an_ended_session_is_out_at_once(tablet, camille):
    tablet.come_in(camille)
    Session.objects.filter(user=camille).end("ended-by-person", timezone.now())
    assert tablet.who() is None and tablet.shows() == "picker"


def test_whoever_gets_high_rights_is_out_at_once(tablet, camille):
    from apps.accounts.models import Grant

    tablet.come_in(camille)
    Grant.objects.create(user=camille, role="admin", scope_kind="school")
    assert tablet.who() is None
    assert "Moreau" not in tablet.client.get("/desk/").content.decode()


def test_whoever_leaves_the_campus_is_out_at_once(tablet, campus, camille):
    tablet.come_in(camille)
    campus.memberships.update(ends_on=timezone.now().date() - timedelta(days=2))
    assert tablet.who() is None and "Moreau" not in tablet.client.get("/desk/").content.decode()


def test_only_people_of_the_place_are_shown(tablet, campus, camille, lumiere):
    from apps.campuses.models import Campus

    other = Campus.objects.create(name="Paris", code="PAR")
    far = member(other, given_name="Far", family_name="Away")
    at(campus, member(other, given_name="Manon", family_name="Chef"), role="manager")
    page = tablet.client.get("/desk/").content.decode()
    assert "Moreau" in page and "Away" not in page and "Chef" not in page
    assert tablet.pick(far).status_code == 404


def test_the_person_is_not_signed_in_anywhere_else(tablet, camille):
    tablet.come_in(camille)
    for path in ("/", "/account/", "/home/", "/people/"):
        assert "/sign-in/" in tablet.client.get(path).headers.get("Location", "/sign-in/")


def test_tokens_from_before_the_pin_do_not_reach_the_person(tablet, camille, lumiere):
    from tests.conftest import client_for

    thief = client_for(lumiere)
    tablet.pick(camille)
    for name in ("__Host-device-access", "__Host-device-refresh"):
        thief.cookies[name] = tablet.client.cookies[name].value
    tablet.type(PIN)
    answer = thief.get("/desk/")
    assert answer.wsgi_request.actor.user_id is None and tablet.who() == camille.email


def test_the_session_stands_in_the_persons_list_and_in_the_audit_trail(tablet, camille):
    tablet.come_in(camille)
    visit = Session.objects.get(user=camille)
    assert (visit.kind, visit.signed_in_by, visit.user_agent) == ("device", "pin", "Bar tablet")
    acts = list(AuditEvent.objects.order_by("at").values_list("act", flat=True))
    assert {"device.created", "device.code_made", "device.enrolled", "desk.entered"} <= set(acts)


@pytest.mark.parametrize("right", ["campus", "memberships", "language"])
def test_a_device_gives_only_the_rights_it_was_given(lumiere, campus, camille, right):
    tablet = new_tablet(lumiere, campus, permissions=(f"desk.{right}",)).enrol().come_in(camille)
    answers = {
        "campus": tablet.client.get("/desk/campus/").status_code,
        "memberships": tablet.client.get("/desk/memberships/").status_code,
        "language": tablet.act("/desk/language/", language="fr").status_code,
    }
    assert {name for name, status in answers.items() if status != 403} == {right}, answers


def test_a_right_that_is_not_for_desks_gives_nothing_though_the_row_says_so(tablet, camille):
    forged = ["roles.grant", "people.view", "desk.campus"]
    Device.objects.filter(pk=tablet.device.pk).update(permissions=forged)
    tablet.come_in(camille)
    held = tablet.client.get("/desk/").wsgi_request.actor.held
    assert [(h.role.value, sorted(h.permissions)) for h in held] == [("desk", ["desk.campus", "desk.use"])]


def test_a_state_that_is_over_is_seen_before_it_is_written(tablet, camille):
    tablet.come_in(camille)
    device = Device.objects.get(pk=tablet.device.pk)
    assert state_now(device, timezone.now()) == State.DESK
    assert state_now(device, timezone.now() + timedelta(seconds=61)) == State.PICKER
