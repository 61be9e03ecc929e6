"""Changing one's second factors, and taking away somebody else's: with a fresh proof, audited, told by mail."""

import pyotp
import pytest
from django.utils import timezone

from apps.accounts.models import Authenticator, Session
from apps.accounts.services import lifecycle, recovery_codes, second_step
from apps.accounts.services.roles import NotYours
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden
from apps.notifications.models import CommunicationLog
from tests.accounts.conftest import in_english, signed_in_as
from tests.accounts.test_second_step import STEP, first, require, second
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, auditor, code_of, owner, person, with_authenticator

PAGE = "/account/second-step/"
APP = f"{PAGE}authenticator/"


def sign_in(client, user):
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert signed_in_as(client) == user.email


def sign_in_twice(client, user):
    first(client, user)
    second(client, code_of(user))
    assert signed_in_as(client) == user.email


def stale(user):
    Session.objects.filter(user=user).update(proven_at=None)


def told(user) -> list[str]:
    mails = (
        CommunicationLog.objects.mail().filter(user_id=user.pk, template="second_factor_changed").order_by("created_at")
    )
    return [mail.text for mail in mails]


def acts_of(user) -> list[str]:
    events = AuditEvent.objects.filter(act__startswith="second_factor.", target_id=str(user.pk)).order_by("at")
    return [event.act.partition(".")[2] for event in events]


def set_up_app(client, user):
    assert client.post(f"{APP}begin/")["Location"] == APP
    page = client.get(APP)
    assert "data:image/svg+xml" in page.content.decode()
    secret = Authenticator.objects.get(user=user, confirmed_at=None).secret
    assert page.context["key"].replace(" ", "") == secret
    return client.post(APP, {"code": pyotp.TOTP(secret).now()})


def test_an_app_is_set_up_replaced_and_removed(client):
    user = person(locale="en")
    sign_in(client, user)
    codes = set_up_app(client, user).context["codes"]
    assert len(codes) == 10
    old = Authenticator.objects.get(user=user).secret
    stale(user)
    client.post("/account/confirm/code/", {"code": code_of(user)})
    assert set_up_app(client, user).status_code == 302, "no new recovery codes: the ones kept stay good"
    assert Authenticator.objects.get(user=user).secret != old
    assert recovery_codes.left(user) == 10
    assert client.post(f"{APP}remove/").status_code == 302
    assert not second_step.factors_of(user).any and recovery_codes.left(user) == 0
    assert acts_of(user) == ["authenticator_added", "authenticator_added", "authenticator_removed"]
    assert [("set up" in text, "removed" in text) for text in told(user)] == [
        (True, False),
        (True, False),
        (False, True),
    ]


def test_setting_up_ends_other_sessions_and_this_one_stays(client, lumiere):
    user = person()
    other = in_english(client_for(lumiere))
    sign_in(other, user)
    sign_in(client, user)
    set_up_app(client, user)
    assert signed_in_as(client) == user.email
    assert signed_in_as(other) is None


def test_whoever_set_it_up_in_this_session_is_not_asked_again(client, lumiere):
    user = admin()
    sign_in(client, user)
    set_up_app(client, user)
    require(lumiere)
    assert signed_in_as(client) == user.email


@pytest.mark.parametrize("path", [f"{APP}begin/", f"{APP}remove/", f"{PAGE}recovery-codes/", f"{PAGE}passkeys/"])
def test_every_change_asks_for_a_fresh_proof(client, path):
    user = with_authenticator(person())
    sign_in_twice(client, user)
    stale(user)
    assert client.post(path)["Location"].startswith("/account/confirm/")
    assert second_step.factors_of(user).authenticator and not told(user)


def test_the_secret_is_nowhere_but_on_the_page_of_setting_up(client):
    user = person()
    sign_in(client, user)
    set_up_app(client, user)
    secret = Authenticator.objects.get(user=user).secret
    for path in (PAGE, "/account/", APP):
        assert secret not in client.get(path).content.decode().replace(" ", "")
    assert secret not in repr(list(AuditEvent.objects.values()))
    assert secret not in repr(list(Authenticator.objects.values()))


def test_new_recovery_codes_void_the_old_ones_and_few_are_warned_of(client):
    user = with_authenticator(person(locale="en"))
    old = recovery_codes.renew(user)
    sign_in_twice(client, user)
    for code in old[:7]:
        recovery_codes.use(user, code, timezone.now())
    assert "Few recovery codes" in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}recovery-codes/")
    assert len(answer.context["codes"]) == 10
    assert "Few recovery codes" not in client.get(PAGE).content.decode()
    with pytest.raises(recovery_codes.WrongRecoveryCode):
        recovery_codes.use(user, old[9], timezone.now())
    assert acts_of(user) == ["recovery_codes_made"]


def test_nobody_makes_recovery_codes_without_a_factor(client):
    user = person()
    sign_in(client, user)
    client.post(f"{PAGE}recovery-codes/")
    assert recovery_codes.left(user) == 0


# --- by an administrator ---------------------------------------------------------------------------------------


def test_an_administrator_takes_them_away_and_the_person_is_told(client, lumiere):
    lost = with_authenticator(person(locale="en"))
    recovery_codes.renew(lost)
    theirs = in_english(client_for(lumiere))
    sign_in_twice(theirs, lost)
    boss = admin()
    sign_in(client, boss)
    assert "Take away" in client.get(f"/people/{lost.pk}/").content.decode()
    client.post(f"/people/{lost.pk}/second-step/reset/", {"reason": "phone fell into the Rhône"})
    assert not second_step.factors_of(lost).any and recovery_codes.left(lost) == 0
    assert signed_in_as(theirs) is None
    event = AuditEvent.objects.get(act="second_factor.reset")
    assert (event.target_id, event.actor_id, event.reason) == (str(lost.pk), boss.pk, "phone fell into the Rhône")
    assert boss.name in told(lost)[0]
    assert first(theirs, lost) == "/"


def test_not_those_of_somebody_above(lumiere):
    above = with_authenticator(owner())
    with pytest.raises(NotYours):
        lifecycle.reset_second_factor(acting(admin()), above.pk, "please")
    with pytest.raises(Forbidden):
        lifecycle.reset_second_factor(acting(auditor()), person().pk, "please")
    assert second_step.factors_of(above).any


def test_not_ones_own(lumiere):
    boss = with_authenticator(owner())
    with pytest.raises(lifecycle.Yourself):
        lifecycle.reset_second_factor(acting(boss), boss.pk, "please")


def test_an_administrator_needs_a_fresh_proof_too(client):
    lost = with_authenticator(person())
    boss = admin()
    sign_in(client, boss)
    stale(boss)
    assert client.post(f"/people/{lost.pk}/second-step/reset/")["Location"].startswith("/account/confirm/")
    assert second_step.factors_of(lost).any


# --- the rule ----------------------------------------------------------------------------------------------------


def test_the_school_decides_on_its_page_and_the_trail_says_so(client, lumiere):
    boss = owner()
    sign_in(client, boss)
    assert "Require the second step" in client.get("/settings/microsoft/").content.decode()
    client.post("/settings/microsoft/second-step/", {"second_factor": "required"})
    event = AuditEvent.objects.filter(act="school.sign_in_changed").latest("at")
    assert event.changes == {"second_factor": [False, True]}
    from apps.tenants import hosts

    hosts.forget(lumiere)
    hosts.forget_all()
    assert signed_in_as(client) is None, "who decided sets it up first, too"
    assert client.get("/sign-in/")["Location"] == STEP


def test_a_role_of_the_schools_own_with_a_sensitive_permission_needs_it(client, lumiere):
    from apps.accounts.models import CustomRole, Grant

    plain = CustomRole.objects.create(name="Reader", permissions=["people.view"])
    strong = CustomRole.objects.create(name="Registrar", permissions=["roles.grant"])
    require(lumiere)
    for role, where in ((plain, "/"), (strong, STEP)):
        user = person()
        Grant.objects.create(user=user, role="custom", custom_role=role, granted_by="tests")
        assert first(in_english(client_for(lumiere)), user) == where
