"""The second step of signing in: asked of whoever has a factor or must have one, on every way in, and never skipped."""

import pyotp
import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import Authenticator, HalfSignIn, RecoveryCode, Session
from apps.accounts.rules import SECOND_FACTOR
from apps.accounts.services import invitations, recovery_codes, second_step
from apps.audit.models import AuditEvent
from apps.core.actor import SCHOOL, Role
from apps.notifications.models import CommunicationLog
from apps.tenants import hosts
from apps.tenants.context import activated, platform
from apps.tenants.services import features
from tests.accounts.conftest import in_english, signed_in_as
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, auditor, code_of, owner, person, with_authenticator

STEP = "/sign-in/second-step/"
SET_UP = "/sign-in/set-up/"


def first(client, user, **more):
    """The first factor; where the browser is sent."""
    answer = client.post("/sign-in/", {"email": user.email, "password": PASSWORD, **more})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def second(client, code):
    return client.post(STEP, {"code": code})


def require(school, *, required: bool = True):
    """The school asks for a second step, and the next request knows."""
    with platform():
        features.store(school_id=school.pk, values={SECOND_FACTOR.key: required})
    hosts.forget(school)
    hosts.forget_all()


@pytest.fixture
def required(lumiere):
    require(lumiere)
    return lumiere


# --- with an app ---------------------------------------------------------------------------------------------


def test_a_password_alone_opens_nothing_and_the_code_everything(client):
    user = with_authenticator(person())
    assert first(client, user, next="/account/") == STEP
    assert signed_in_as(client) is None
    assert not Session.objects.filter(user=user).exists()
    answer = second(client, code_of(user))
    assert answer["Location"] == "/account/"
    assert signed_in_as(client) == user.email
    event = AuditEvent.objects.filter(act="session.started").latest("at")
    assert event.data == {"way": "password", "second": "authenticator"}


def test_whoever_has_none_and_needs_none_is_in_at_once(client):
    user = person()
    assert first(client, user) == "/"
    assert signed_in_as(client) == user.email


def test_a_code_works_once(client, lumiere):
    user = with_authenticator(person())
    code = code_of(user)
    first(client, user)
    assert second(client, code).status_code == 302
    thief = in_english(client_for(lumiere))
    first(thief, user)
    answer = second(thief, code)
    assert answer.status_code == 422 and "was used already" in answer.content.decode()
    assert signed_in_as(thief) is None


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SPELLINGS = {
    "as it is": lambda code: code,
    "in two groups": lambda code: f"{code[:3]} {code[3:]}",
    "with a dash": lambda code: f"{code[:3]}-{code[3:]}",
    "with spaces around": lambda code: f"  {code}\t",
    "no-break space": lambda code: f"{code[:3]}\u00a0{code[3:]}",
    "invisible letter": lambda code: f"{code[:3]}\u200b{code[3:]}",
    "full width": lambda code: code.translate(FULL_WIDTH),
    "Arabic digits": lambda code: code.translate(ARABIC),
}
NEVER = {
    "leading zero": lambda code: f"0{code}",
    "as a number": lambda code: f"{code}.0",
    "exponent": lambda code: f"{code}e0",
    "plus sign": lambda code: f"+{code}",
    "twice": lambda code: code + code,
    "superscript": lambda code: "⁰" + code[1:],
    "null byte": lambda code: f"{code}x",
    "empty": lambda code: " ",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_code_that_is_spelled_otherwise_is_the_same_code(client, lumiere, spelling):
    """It is accepted, so that people can paste it; and then it is used up in every spelling."""
    user = with_authenticator(person())
    code = code_of(user)
    first(client, user)
    assert second(client, SPELLINGS[spelling](code)).status_code == 302
    thief = in_english(client_for(lumiere))
    first(thief, user)
    for written in list(SPELLINGS.values())[:4]:
        assert second(thief, written(code)).status_code == 422
    assert signed_in_as(thief) is None


@pytest.mark.parametrize("spelling", NEVER)
def test_what_is_not_six_digits_is_no_code(client, spelling):
    user = with_authenticator(person())
    first(client, user)
    assert second(client, NEVER[spelling](code_of(user))).status_code == 422
    assert signed_in_as(client) is None


@pytest.mark.parametrize(("seconds", "status"), [(-75, 422), (-25, 302), (0, 302), (25, 302), (75, 422)])
def test_a_clock_may_be_half_a_minute_off(client, seconds, status):
    user = with_authenticator(person())
    codes = pyotp.TOTP(Authenticator.objects.get(user=user).secret)
    middle = timezone.now().replace(second=15, microsecond=0)
    with time_machine.travel(middle, tick=False):
        first(client, user)
        code = codes.at(int(middle.timestamp()) + seconds)
        assert second(client, code).status_code == status


def test_attempts_are_counted_before_the_code_is_looked_at(client, lumiere):
    """Five guesses, then a pause: the right code does not help, nor does another browser."""
    user = with_authenticator(person())
    first(client, user)
    for _ in range(5):
        assert second(client, "000000").status_code == 422
    assert second(client, code_of(user)).status_code == 429
    other = in_english(client_for(lumiere))
    first(other, user)
    answer = second(other, code_of(user))
    assert answer.status_code == 429 and answer["Retry-After"]
    assert signed_in_as(other) is None
    refused = AuditEvent.objects.filter(act="second_factor.refused", target_id=str(user.pk))
    assert refused.filter(reason="too many attempts").count() == 1


# --- the half sign-in ------------------------------------------------------------------------------------------


def test_the_browser_holds_a_secret_that_is_stored_as_a_hash_and_goes_when_it_was_used(client):
    user = with_authenticator(person())
    first(client, user)
    cookie = client.cookies[second_step.COOKIE]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]
    assert cookie["max-age"] == 600
    half = HalfSignIn.objects.get(user=user)
    assert cookie.value not in repr(HalfSignIn.objects.values().get()) and half.secret_hash != cookie.value
    second(client, code_of(user))
    assert client.cookies[second_step.COOKIE].value == ""
    half.refresh_from_db()
    assert half.ended_at is not None


def test_it_works_once(client, lumiere):
    user = with_authenticator(person())
    first(client, user)
    stolen = client.cookies[second_step.COOKIE].value
    second(client, code_of(user))
    thief = in_english(client_for(lumiere))
    thief.cookies[second_step.COOKIE] = stolen
    assert second(thief, code_of(user))["Location"] == "/sign-in/"
    assert signed_in_as(thief) is None


def test_it_ends_after_ten_minutes(client):
    user = with_authenticator(person())
    first(client, user)
    with time_machine.travel(timezone.now() + second_step.LIVES):
        assert second(client, code_of(user))["Location"] == "/sign-in/"
    assert signed_in_as(client) is None


def test_it_is_worthless_at_another_school(client, curie):
    user = with_authenticator(person())
    first(client, user)
    with activated(curie):
        with_authenticator(person(user.email))
    other = in_english(client_for(curie))
    other.cookies[second_step.COOKIE] = client.cookies[second_step.COOKIE].value
    assert second(other, code_of(user))["Location"] == "/sign-in/"
    assert client.get(STEP).status_code == 200, "a control: where it is from it is good"


def test_somebody_suspended_meanwhile_does_not_get_in(client):
    user = with_authenticator(person())
    first(client, user)
    user.status = "suspended"
    user.save()
    assert second(client, code_of(user))["Location"] == "/sign-in/"


def test_one_can_begin_again_as_somebody_else(client):
    user = with_authenticator(person())
    first(client, user)
    assert client.get("/sign-in/")["Location"] == STEP
    assert client.post("/sign-in/second-step/give-up/")["Location"] == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    assert HalfSignIn.objects.get(user=user).ended_at is not None


def test_a_page_of_a_half_sign_in_is_nothing_without_one(client):
    for path in (STEP, SET_UP):
        assert client.get(path)["Location"] == "/sign-in/"
    for path in (f"{STEP}options/", f"{SET_UP}options/"):
        assert "challenge" not in client.post(path).content.decode()


# --- recovery codes --------------------------------------------------------------------------------------------


def test_a_recovery_code_replaces_the_second_factor_once(client, lumiere):
    user = with_authenticator(person())
    codes = recovery_codes.renew(user)
    first(client, user)
    assert client.post(f"{STEP}?with=recovery", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    assert signed_in_as(client) == user.email
    again = in_english(client_for(lumiere))
    first(again, user)
    assert again.post(f"{STEP}?with=recovery", {"code": codes[0]}).status_code == 422
    assert recovery_codes.left(user) == 9
    mail = CommunicationLog.objects.mail().get(user_id=user.pk, template="second_factor_changed")
    assert "9" in mail.text


def test_they_are_ten_hashed_and_of_one_person(lumiere):
    mine, other = person(), person()
    codes = recovery_codes.renew(mine)
    assert len(set(codes)) == 10 and all(len(code.replace("-", "")) == 16 for code in codes)
    stored = repr(list(RecoveryCode.objects.filter(user=mine).values()))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    with pytest.raises(recovery_codes.WrongRecoveryCode):
        recovery_codes.use(other, codes[0], timezone.now())
    recovery_codes.renew(mine)
    with pytest.raises(recovery_codes.WrongRecoveryCode):
        recovery_codes.use(mine, codes[0], timezone.now())


# --- where it is required ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [owner, admin, auditor])
def test_administrators_set_one_up_before_anything_opens(client, required, make):
    user = make()
    assert first(client, user) == STEP
    assert client.get(STEP)["Location"] == SET_UP
    assert signed_in_as(client) is None
    page = client.get(SET_UP)
    assert page.status_code == 200 and "data:image/svg+xml" in page.content.decode()
    waiting = Authenticator.objects.get(user=user)
    answer = client.post(SET_UP, {"code": pyotp.TOTP(waiting.secret).now()})
    assert answer.status_code == 200
    codes = answer.context["codes"]
    assert len(codes) == 10 and all(code in answer.content.decode() for code in codes)
    assert signed_in_as(client) == user.email


def test_members_are_not_asked(client, required):
    assert first(client, person()) == "/"


def test_who_knows_only_the_password_cannot_add_a_factor_of_their_own(client, required):
    """Between the factors only the very first one can be set up: the page, its options and its answers refuse."""
    user = with_authenticator(admin())
    first(client, user)
    assert client.get(SET_UP)["Location"] == STEP
    assert client.post(SET_UP, {"code": "123456"})["Location"] == STEP
    assert "challenge" not in client.post(f"{SET_UP}options/").content.decode()
    client.post(f"{SET_UP}passkey/", {"credential": "{}"})
    assert Authenticator.objects.filter(user=user).count() == 1 and not user.passkeys.exists()


def test_a_session_from_before_the_rule_goes_to_the_second_step_at_its_next_click(client, lumiere):
    user = admin()
    first(client, user)
    assert signed_in_as(client) == user.email
    require(lumiere)
    assert client.get("/people/")["Location"].startswith("/sign-in/")
    assert client.get("/sign-in/")["Location"] == STEP
    assert signed_in_as(client) is None
    assert not Session.objects.filter(user=user, ended_at=None).exists()


def test_a_role_that_is_given_later_asks_for_it_at_the_next_click(client, required):
    from apps.accounts.models import Grant

    user = person()
    first(client, user)
    assert signed_in_as(client) == user.email
    Grant.objects.create(user=user, role=Role.ADMIN.value, scope_kind="school")
    assert signed_in_as(client) is None


def test_an_invitation_does_not_lead_around_it(client, required):
    boss = acting(owner())
    invitation = invitations.invite(
        actor=boss, email="new@lumiere.example", role=Role.ADMIN, scope=SCHOOL, now=timezone.now()
    )
    mail = CommunicationLog.objects.get(user_id=invitation.user_id)
    link = mail.text.split("/invitation/")[1].split("/")[0].split()[0]
    secret = "a very long passphrase"
    answer = client.post(
        f"/invitation/{link}/",
        {
            "given_name": "A",
            "family_name": "B",
            "password": secret,
            "again": secret,
        },
    )
    assert answer["Location"] == STEP, answer.content.decode()
    assert signed_in_as(client) is None


def test_a_password_reset_does_not_lead_around_it(client, required):
    from apps.accounts.services import links, passwords

    user = with_authenticator(admin())
    client.post(
        f"/password/reset/{links.uid_of(user)}/{passwords.TOKENS.make_token(user)}/",
        {"password": "an entirely different passphrase", "again": "an entirely different passphrase"},
    )
    user.refresh_from_db()
    assert user.check_password("an entirely different passphrase"), "a control: the password did change"
    assert signed_in_as(client) is None
    answer = client.post("/sign-in/", {"email": user.email, "password": "an entirely different passphrase"})
    assert answer["Location"] == STEP
    assert signed_in_as(client) is None


# --- with Microsoft ------------------------------------------------------------------------------------------------


def test_microsoft_counts_when_it_asked_for_two_factors(walk, organisation, microsoft):
    with_authenticator(organisation.user)
    microsoft.control("POST", "/wrong-tokens", {"claims": {"amr": ["pwd", "mfa"]}})
    assert walk.sign_in(organisation.camille["id"])["Location"] == "/"
    assert signed_in_as(walk.client) == organisation.user.email


@pytest.mark.parametrize("amr", [None, ["pwd"], [], "mfa", {"mfa": True}])
def test_without_that_our_own_is_asked_for(walk, organisation, microsoft, amr):
    user = with_authenticator(organisation.user)
    if amr is not None:
        microsoft.control("POST", "/wrong-tokens", {"claims": {"amr": amr}})
    assert walk.sign_in(organisation.camille["id"])["Location"] == STEP
    assert signed_in_as(walk.client) is None
    assert second(walk.client, code_of(user)).status_code == 302
    assert signed_in_as(walk.client) == user.email


# --- programs --------------------------------------------------------------------------------------------------------


def program(client, user, **more):
    import json

    body = json.dumps({"email": user.email, "password": PASSWORD, **more})
    return client.post("/api/v1/auth/token", body, content_type="application/json")


def test_a_program_sends_a_code_with_the_password(client):
    user = with_authenticator(person())
    without = program(client, user)
    assert without.status_code == 401 and without.json()["code"] == "second-factor-wanted"
    assert program(client, user, code="000000").status_code == 422
    assert not Session.objects.filter(user=user).exists()
    code = code_of(user)
    token = program(client, user, code=code).json()["access_token"]
    assert client.get("/api/v1/users/me", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert program(client, user, code=code).status_code == 422, "used up"
    assert program(client, user, code=recovery_codes.renew(user)[0]).status_code == 200


def test_a_program_cannot_do_without_what_must_be_set_up(client, required):
    user = admin()
    refused = program(client, user)
    assert refused.status_code == 403 and refused.json()["code"] == "second-factor-missing"


def test_a_program_from_before_the_rule_is_out(client, lumiere):
    user = admin()
    token = program(client, user).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/users/me", headers=headers).status_code == 200
    require(lumiere)
    assert client.get("/api/v1/users/me", headers=headers).status_code == 401
