"""Passkeys: a challenge counts once, for one host, browser, purpose and person; the device verified the person."""

import json

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import Passkey, PasskeyChallenge, Session
from apps.accounts.services import passkeys, second_step
from apps.audit.models import AuditEvent
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.accounts.conftest import in_english, signed_in_as
from tests.accounts.device import Device
from tests.accounts.test_second_step import STEP, first, require
from tests.conftest import client_for
from tests.people import PASSWORD, admin, person, with_authenticator

NEW = "/account/second-step/passkeys/"


def device_for(client, **wrong) -> Device:
    return Device(**{"origin": f"http://{client.host}", "rp_id": client.host, **wrong})


def options(client, path: str) -> dict:
    answer = client.post(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json", answer.content
    return json.loads(answer.content)


def sign_in(client, user):
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert signed_in_as(client) == user.email


def with_passkey(client, user, **wrong) -> Device:
    """Signed in, adds a passkey; then signs out."""
    sign_in(client, user)
    device = device_for(client, **wrong)
    answer = client.post(NEW, {"credential": device.make(options(client, f"{NEW}options/"))})
    assert answer.status_code == 200, answer.content.decode()  # the recovery codes
    client.post("/sign-out/")
    return device


# --- adding ----------------------------------------------------------------------------------------------------


def test_adding_one_shows_recovery_codes_once_and_tells_by_mail(client):
    user = person()
    sign_in(client, user)
    device = device_for(client)
    asked = options(client, f"{NEW}options/")
    assert asked["rp"]["id"] == client.host
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    answer = client.post(NEW, {"credential": device.make(asked)}, headers={"user-agent": "Firefox/1 Windows"})
    assert len(answer.context["codes"]) == 10
    passkey = Passkey.objects.get(user=user)
    assert (passkey.rp_id, passkey.name, passkey.transports) == (client.host, "Firefox · Windows", ["internal"])
    assert CommunicationLog.objects.mail().filter(user_id=user.pk, template="second_factor_changed").count() == 1
    assert AuditEvent.objects.filter(act="second_factor.passkey_added", actor_id=user.pk).exists()
    page = client.get("/account/second-step/").content.decode()
    assert "Firefox · Windows" in page
    assert not any(code in page for code in answer.context["codes"])
    again = options(client, f"{NEW}options/")
    assert [one["id"] for one in again["excludeCredentials"]] == [passkey.credential_id]
    assert client.post(NEW, {"credential": device.make(again)}).status_code == 422, "the same one twice"


def test_other_browsers_are_signed_out(client, lumiere):
    user = person()
    other = in_english(client_for(lumiere))
    sign_in(other, user)
    with_passkey(client, user)
    assert signed_in_as(other) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://curie.campanile.localhost"},
        {"origin": "http://x.lumiere.campanile.localhost"},
        {"origin": "https://lumiere.campanile.localhost"},
        {"rp_id": "campanile.localhost"},
        {"verifies": False},
        {"is_framed": True},
        {"kind": "webauthn.get"},
    ],
    ids=str,
)
def test_what_is_wrong_about_a_new_one_is_refused(client, wrong):
    user = person()
    sign_in(client, user)
    device = device_for(client, **wrong)
    answer = client.post(NEW, {"credential": device.make(options(client, f"{NEW}options/"))})
    assert answer.status_code == 422 and "was not accepted" in answer.content.decode()
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", "null", "1", '{"id": 1}', '{"rawId": "AA", "response": {}}', "[" * 9000]
)
def test_an_answer_that_makes_no_sense_is_refused(client, answer):
    user = person()
    sign_in(client, user)
    options(client, f"{NEW}options/")
    assert client.post(NEW, {"credential": answer}).status_code == 422


def test_adding_asks_for_a_fresh_proof(client):
    user = person()
    sign_in(client, user)
    Session.objects.filter(user=user).update(proven_at=None)
    assert client.get(NEW)["Location"].startswith("/account/confirm/")
    assert client.post(f"{NEW}options/").status_code == 302
    assert not PasskeyChallenge.objects.exists()


# --- instead of the password -------------------------------------------------------------------------------------


def passwordless(client, device, **changed):
    asked = options(client, "/sign-in/passkey/options/")
    assert "allowCredentials" not in asked or not asked["allowCredentials"], "names nobody"
    for name, value in changed.items():
        setattr(device, name, value)
    return client.post("/sign-in/passkey/", {"credential": device.use(asked), "next": "/account/"})


def test_it_signs_in_without_a_password_and_counts_as_two_factors(client, lumiere):
    require(lumiere)
    user = admin()
    require(lumiere, required=False)
    device = with_passkey(client, user)
    require(lumiere)
    assert passwordless(client, device)["Location"] == "/account/"
    assert signed_in_as(client) == user.email
    event = AuditEvent.objects.filter(act="session.started").latest("at")
    assert event.data == {"way": "passkey", "second": "passkey"}


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://evil.example"},
        {"rp_id": "curie.campanile.localhost"},
        {"verifies": False},
        {"is_framed": True},
        {"kind": "webauthn.create"},
        {"handle": None},
        {"handle": b"x" * 16},
        {"key_id": b"y" * 32},
    ],
    ids=str,
)
def test_what_is_wrong_about_an_answer_is_refused(client, changed):
    device = with_passkey(client, person())
    assert passwordless(client, device, **changed).status_code == 422
    assert signed_in_as(client) is None


def test_another_key_under_the_same_name_is_refused(client):
    device = with_passkey(client, person())
    assert passwordless(client, device, key=device_for(client).key).status_code == 422


def test_a_counter_that_went_back_is_a_copy(client):
    device = with_passkey(client, person())
    assert passwordless(client, device).status_code == 302
    client.post("/sign-out/")
    assert passwordless(client, device, count=0).status_code == 422
    assert passwordless(client, device, count=5).status_code == 302, "a control: onward it goes"


def test_a_synced_passkey_never_counts(client):
    device = with_passkey(client, person(), counts=False)
    for _ in range(2):
        assert passwordless(client, device).status_code == 302
        client.post("/sign-out/")


def test_an_answer_works_once_in_one_browser_for_five_minutes(client, lumiere):
    device = with_passkey(client, person(), counts=False)
    asked = options(client, "/sign-in/passkey/options/")
    answer = device.use(asked)
    thief = in_english(client_for(lumiere))
    options(thief, "/sign-in/passkey/options/")  # it has a cookie of its own
    assert thief.post("/sign-in/passkey/", {"credential": answer}).status_code == 422
    with time_machine.travel(timezone.now() + passkeys.CHALLENGE_LIVES):
        assert client.post("/sign-in/passkey/", {"credential": answer}).status_code == 422
    assert client.post("/sign-in/passkey/", {"credential": answer}).status_code == 302
    client.post("/sign-out/")
    assert client.post("/sign-in/passkey/", {"credential": answer}).status_code == 422


def test_a_challenge_of_another_purpose_does_not_count(client):
    user = person()
    device = with_passkey(client, user)
    first(client, user)
    answer = device.use(options(client, f"{STEP}options/"))
    assert client.post("/sign-in/passkey/", {"credential": answer}).status_code == 422


def test_a_passkey_of_one_school_is_nobody_at_another(client, curie):
    """Not even the same person with the same key, at the other school's host."""
    user = person()
    device = with_passkey(client, user)
    row = Passkey.objects.get()
    with activated(curie):
        twin = person(user.email, id=user.pk)
        Passkey.objects.create(
            user=twin, name="copied", rp_id=row.rp_id, credential_id=row.credential_id, credential=row.credential
        )
    other = in_english(client_for(curie))
    assert passwordless(other, device).status_code == 422
    assert passwordless(other, device, origin=f"http://{other.host}", rp_id=other.host).status_code == 422
    assert signed_in_as(other) is None


def test_somebody_suspended_is_refused(client):
    user = person()
    device = with_passkey(client, user)
    user.status = "suspended"
    user.save()
    assert passwordless(client, device).status_code == 422


# --- as the second step --------------------------------------------------------------------------------------------


def test_it_is_the_second_step_of_its_own_person_only(client, lumiere):
    user, other = person(), person()
    device = with_passkey(client, user)
    theirs = with_passkey(in_english(client_for(lumiere)), other)
    assert first(client, user) == STEP
    asked = options(client, f"{STEP}options/")
    assert len(asked["allowCredentials"]) == 1
    assert client.post(f"{STEP}passkey/", {"credential": theirs.use(asked)}).status_code == 422
    assert signed_in_as(client) is None
    answer = client.post(f"{STEP}passkey/", {"credential": device.use(options(client, f"{STEP}options/"))})
    assert answer["Location"] == "/"
    assert signed_in_as(client) == user.email


def test_wrong_answers_are_counted_like_wrong_codes(client):
    user = person()
    device = with_passkey(client, user)
    first(client, user)
    for _ in range(5):
        assert client.post(f"{STEP}passkey/", {"credential": "{}"}).status_code == 422
    right = device.use(options(client, f"{STEP}options/"))
    assert client.post(f"{STEP}passkey/", {"credential": right}).status_code == 429


def test_the_first_factor_can_be_a_passkey_where_one_is_required(client, lumiere):
    require(lumiere)
    user = admin()
    first(client, user)
    device = device_for(client)
    answer = client.post(
        "/sign-in/set-up/passkey/", {"credential": device.make(options(client, "/sign-in/set-up/options/"))}
    )
    assert len(answer.context["codes"]) == 10
    assert signed_in_as(client) == user.email


# --- confirming, changing and removing ----------------------------------------------------------------------------


def test_whoever_has_one_confirms_with_it_and_not_with_the_password(client):
    user = person()
    device = with_passkey(client, user)
    assert passwordless(client, device).status_code == 302
    Session.objects.filter(user=user, ended_at=None).update(proven_at=None)
    assert client.get(NEW)["Location"].startswith("/account/confirm/")
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 403
    asked = options(client, "/account/confirm/options/")
    sent = client.post("/account/confirm/passkey/", {"credential": device.use(asked), "next": NEW})
    assert sent["Location"] == NEW
    assert client.get(NEW).status_code == 200


def test_it_is_removed_with_its_recovery_codes(client, lumiere):
    user = person()
    device = with_passkey(client, user)
    passwordless(client, device)
    row = Passkey.objects.get(user=user)
    stranger = in_english(client_for(lumiere))
    sign_in(stranger, person())
    assert stranger.post(f"{NEW}{row.pk}/remove/").status_code == 404
    assert client.post(f"{NEW}{row.pk}/remove/").status_code == 302
    assert not second_step.factors_of(user).any and not user.recovery_codes.exists()
    assert first(client, user) == "/"


def test_the_last_one_stays_where_one_is_required(client, lumiere):
    user = admin()
    device = with_passkey(client, user)
    require(lumiere)
    passwordless(client, device)
    row = Passkey.objects.get(user=user)
    client.post(f"{NEW}{row.pk}/remove/")
    assert Passkey.objects.filter(pk=row.pk).exists()
    with_authenticator(user)
    client.post(f"{NEW}{row.pk}/remove/")
    assert not Passkey.objects.filter(pk=row.pk).exists(), "a control: with another one it may go"
