"""PINs: which are refused, who has none, how often may be guessed, and that they stand nowhere."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.utils import timezone
from redis import Redis

from apps.accounts.models import CustomRole, Grant
from apps.audit.models import AuditEvent
from apps.core.errors import Invalid
from apps.core.permissions import REGISTRY
from apps.devices.models import DeskPin, GuessCount
from apps.devices.selectors import PER_DEVICE, PER_PERSON, is_sensitive, may_use_desks
from apps.devices.services import pins
from apps.devices.services.guesses import TooManyGuesses, count, give_back
from apps.tenants.context import activated
from tests.conftest import client_for
from tests.devices.conftest import PIN, SYSTEM, WRONG, at, give_pin, member, new_tablet
from tests.people import acting, admin, person, with_role

# --- which ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pin",
    [
        "0000",
        "1111",
        "999999",
        "1234",
        "4321",
        "0123",
        "7890",
        "9012",
        "123456",
        "654321",
        "1212",
        "6969",
        "123123",
        "1122",
        "112233",
        "1987",
        "2004",
        "2026",
        "2580",
    ],
)
def test_trivial_pins_are_refused(lumiere, pin):
    assert pins.faults_of(pin, person())


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "１２３４", " 4071", "40 71", "४०७१", "4071\n"])
def test_a_pin_is_four_to_six_plain_digits(lumiere, pin):
    assert pins.faults_of(pin, person())


@pytest.mark.parametrize("pin", [PIN, WRONG, "80214", "739150"])
def test_others_are_accepted(lumiere, pin):
    assert pins.faults_of(pin, person()) == []


def test_a_birthday_that_is_known_is_refused(lumiere):
    user = person(birth_date=date(2003, 8, 14))
    assert all(pins.faults_of(pin, user) for pin in ("1408", "0814", "140803", "030814"))
    assert pins.faults_of("1507", user) == [] == pins.faults_of("1408", person())


def test_the_chance_of_a_guess_is_at_most_one_in_a_thousand_a_day():
    allowed = [number for number in range(10_000) if not pins.is_trivial(f"{number:04}")]
    in_any_day = 2 * PER_PERSON - 1  # the last of one day and all of the next
    assert len(allowed) > 9_500
    assert in_any_day / len(allowed) <= 0.001


# --- who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "admin", "auditor", "campus-manager"])
def test_high_roles_have_no_pin(lumiere, role):
    from apps.core.actor import Role

    user = with_role(Role(role))
    assert not may_use_desks(user, timezone.now())
    client = client_for(lumiere)
    client.force_login(user)
    assert client.post("/account/pin/", {"new": PIN, "again": PIN}).status_code == 403
    assert not DeskPin.objects.exists()


def test_a_manager_by_membership_has_none_either(lumiere, campus):
    user = person()
    at(campus, user, role="manager")
    assert not may_use_desks(user, timezone.now())


def test_of_the_schools_own_roles_it_depends_on_what_they_give(lumiere):
    harmless, sensitive = person(), person()
    for user, codes in ((harmless, ["desk.campus"]), (sensitive, ["people.view"])):
        role = CustomRole.objects.create(name=str(user.pk), permissions=codes)
        Grant.objects.create(user=user, role="custom", custom_role=role)
    assert may_use_desks(harmless, timezone.now())
    assert not may_use_desks(sensitive, timezone.now())
    assert {code for code in REGISTRY if not is_sensitive(code)} <= {
        code for code in REGISTRY if code.startswith("desk.") or "member" in REGISTRY[code].roles
    }


def test_one_sets_it_oneself_after_a_proof_of_identity(lumiere, campus):
    user, client = member(campus, pin=""), client_for(lumiere)
    client.force_login(user)
    answer = client.post("/account/pin/", {"new": PIN, "again": PIN})
    assert answer.status_code == 302 and pins.is_right(DeskPin.objects.get(), user.pk, PIN)
    from apps.accounts.models import Session

    Session.objects.filter(user=user).update(proven_at=timezone.now() - timedelta(hours=1))
    answer = client.post("/account/pin/", {"new": WRONG, "again": WRONG})
    assert answer.status_code == 302 and "/confirm" in answer["Location"]
    assert pins.is_right(DeskPin.objects.get(), user.pk, PIN), "unchanged"


def test_with_a_code_of_an_administrator_at_the_tablet(tablet, campus):
    user = member(campus, pin="")
    code = pins.make_code(actor=acting(admin()), user_id=user.pk, now=timezone.now())
    tablet.pick(user)
    wrong = tablet.client.post("/desk/pin/new/", {"code": "AAAA-BBBB", "new": PIN, "again": PIN})
    assert wrong.status_code == 422
    right = tablet.client.post("/desk/pin/new/", {"code": code.lower(), "new": PIN, "again": PIN})
    assert right.status_code == 302
    tablet.come_in(user)
    tablet.pick(user)
    again = tablet.client.post("/desk/pin/new/", {"code": code, "new": WRONG, "again": WRONG})
    assert again.status_code == 422, "once only"


def test_a_code_is_over_after_a_day(tablet, campus):
    user = member(campus, pin="")
    code = pins.make_code(actor=acting(admin()), user_id=user.pk, now=timezone.now() - timedelta(hours=24))
    tablet.pick(user)
    assert tablet.client.post("/desk/pin/new/", {"code": code, "new": PIN, "again": PIN}).status_code == 422


# --- how often -----------------------------------------------------------------------------------------------


def test_five_wrong_ones_lock_a_profile_at_every_device(lumiere, campus, camille, sacha):
    here, there = new_tablet(lumiere, campus).enrol(), new_tablet(lumiere, campus, name="Reception").enrol()
    here.pick(camille)
    assert [here.type(WRONG).status_code for _ in range(PER_PERSON)] == [422] * PER_PERSON
    assert here.type(PIN).status_code == 429, "the right one is not looked at any more"
    there.pick(camille)
    assert there.type(PIN).status_code == 429
    there.come_in(sacha, "8305")
    assert AuditEvent.objects.filter(act="pin.locked").count() == 1


def test_the_next_day_begins_anew(tablet, camille):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        tablet.pick(camille)
        for _ in range(PER_PERSON):
            tablet.type(WRONG)
        clock.move_to(start + timedelta(hours=24, seconds=-1))
        tablet.pick(camille)
        assert tablet.type(PIN).status_code == 429
        clock.move_to(start + timedelta(hours=24, seconds=1))
        tablet.come_in(camille)


def test_the_owners_own_sign_ins_give_a_guesser_nothing(tablet, camille):
    tablet.pick(camille)
    for _ in range(PER_PERSON - 1):
        tablet.type(WRONG)
    tablet.come_in(camille)
    tablet.pick(camille)
    assert tablet.type(WRONG).status_code == 422
    assert tablet.type(WRONG).status_code == 429


def test_a_device_is_locked_after_thirty_whoever_was_tried(tablet, campus):
    people = [member(campus, pin="") for _ in range(PER_DEVICE // PER_PERSON + 1)]
    for user in people:
        give_pin(user, "8305")
        tablet.pick(user)
        answers = [tablet.type(WRONG).status_code for _ in range(PER_PERSON)]
    assert answers == [429] * PER_PERSON
    assert GuessCount.objects.get(kind="device").tries == PER_DEVICE


def test_what_is_refused_is_not_counted_for_the_other(lumiere, campus):
    """A locked profile must not be a means to lock the device."""
    from apps.core.ids import new_id

    device, user, now = new_id(), new_id(), timezone.now()
    for _ in range(PER_PERSON):
        count(device_id=device, person_id=user, now=now)
    for _ in range(50):
        with pytest.raises(TooManyGuesses):
            count(device_id=device, person_id=user, now=now)
    assert GuessCount.objects.get(kind="device").tries == PER_PERSON
    give_back(device_id=device, person_id=user)
    assert GuessCount.objects.get(kind="person").tries == PER_PERSON - 1


def test_redis_being_away_changes_nothing(tablet, camille, monkeypatch):
    """The client asks a port that nobody listens on."""
    away = Redis(host="127.0.0.1", port=1)
    monkeypatch.setattr(caches["default"]._cache, "get_client", lambda *_, **__: away)
    tablet.pick(camille)
    assert [tablet.type(WRONG).status_code for _ in range(PER_PERSON + 1)] == [422] * PER_PERSON + [429]


def test_an_administrator_sees_the_lock_and_lifts_it(tablet, camille, lumiere):
    tablet.pick(camille)
    for _ in range(PER_PERSON):
        tablet.type(WRONG)
    boss = client_for(lumiere)
    boss.cookies["__Host-language"] = "en"
    boss.force_login(admin(locale="en"))
    page = boss.get("/devices/pins/?only=locked").content.decode()
    assert "Moreau" in page and "Locked" in page
    assert boss.post(f"/devices/pins/{camille.pk}/lift/").status_code == 302
    assert AuditEvent.objects.filter(act="pin.lock_lifted").count() == 1
    tablet.come_in(camille)


# --- worthless elsewhere, and nowhere to be read ---------------------------------------------------------------


def test_a_hash_is_worthless_for_another_person_and_in_another_school(lumiere, curie, campus, camille, sacha):
    stored = DeskPin.objects.get(user=camille)
    assert pins.is_right(stored, camille.pk, PIN)
    assert not pins.is_right(stored, sacha.pk, PIN)
    with activated(curie):
        assert not pins.is_right(stored, camille.pk, PIN)


def test_a_pin_survives_the_rotation_of_the_key_and_moves_to_the_new_one(lumiere, campus, camille, settings):
    import base64
    import os

    before = DeskPin.objects.get(user=camille)
    settings.FIELD_KEYS = [base64.urlsafe_b64encode(os.urandom(32)).decode(), *settings.FIELD_KEYS]
    assert pins.is_right(before, camille.pk, PIN)
    after = DeskPin.objects.get(user=camille)
    assert after.key != before.key and after.hash != before.hash and pins.is_right(after, camille.pk, PIN)
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert pins.is_right(after, camille.pk, PIN) and not pins.is_right(before, camille.pk, PIN)


CANARIES = ("739150", "840261", "951372")


def test_pins_and_codes_stand_nowhere(lumiere, campus, caplog, capsys, monkeypatch):
    """Every way a PIN can go, also with an error in the middle: not in logs, audit rows, jobs or any table."""
    right, wrong, changed = CANARIES
    tablet = new_tablet(lumiere, campus).enrol()
    user = member(campus, pin=right)
    code = pins.make_code(actor=acting(admin()), user_id=user.pk, now=timezone.now())
    tablet.pick(user)
    tablet.type(wrong)
    tablet.client.post("/desk/pin/new/", {"code": "XXXX-" + code[:4], "new": changed, "again": changed})
    tablet.client.post("/desk/pin/new/", {"code": code, "new": changed, "again": changed})
    with monkeypatch.context() as broken:
        broken.setattr(pins, "check_password", lambda keyed, stored: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tablet.type(wrong)
        tablet.client.raise_request_exception = False
        tablet.type(wrong)
        tablet.client.raise_request_exception = True
    tablet.type(changed)
    with pytest.raises(Invalid) as refused:
        pins._set(actor=SYSTEM, user=user, pin="000000", way="t", now=timezone.now())
    out = capsys.readouterr()
    said = caplog.text + out.out + out.err + str(refused.value) + repr(refused.value.fields)
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        assert "devices_deskpin" in tables and "audit_auditevent" in tables
        for table in tables:
            cursor.execute(f'select t::text from "{table}" t')
            said += "\n".join(text for (text,) in cursor.fetchall())
    assert user.email in said, "a control: the tables were read"
    assert [canary for canary in (*CANARIES, code) if canary in said] == []
