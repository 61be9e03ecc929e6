"""What is locked: shown to administrators, lifted by them, and opened by its owner with a mailed link (IDN-6)."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts import tasks
from apps.accounts.models import User
from apps.accounts.services import lockouts
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Invalid
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from apps.tenants.services import break_glass
from apps.tenants.services.lifecycle import WrongStatus
from tests.accounts.conftest import in_english
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, auditor, owner, person
from tests.support.conftest import at_the_platform, superadmin


def attempt(client, email, password=PASSWORD):
    return client.post("/sign-in/", {"email": email, "password": password})


def lock(school, email) -> None:
    for _ in range(6):
        attempt(client_for(school), email, "wrong")


@pytest.fixture
def locked(lumiere):
    user = person("camille@lumiere.example", locale="en")
    lock(lumiere, user.email)
    return user


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def desk(lumiere):
    client = in_english(client_for(lumiere))
    client.force_login(admin())
    return client


def test_the_refusal_says_how_long_and_what_else_can_be_done(client, locked):
    refused = attempt(client, locked.email)
    assert refused.status_code == 429 and refused["Retry-After"] == "300"
    text = refused.content.decode()
    assert "Try again in 5 minutes" in text
    assert 'action="/sign-in/unlock/"' in text and locked.email in text


def test_administrators_see_who_is_locked_until_when_and_lift_it(desk, client, locked, now):
    page = desk.get("/lockouts/").content.decode()
    assert locked.email in page and "Account" in page
    [found] = lockouts.lockouts(actor=acting(admin()), now=now)
    answer = desk.post("/lockouts/lift/", {"key": found.key}, follow=True)
    assert "The lock is lifted." in answer.content.decode()
    assert attempt(client, locked.email).status_code == 302
    event = AuditEvent.objects.get(act="lockout.lifted")
    assert event.target_label == locked.email
    again = desk.post("/lockouts/lift/", {"key": found.key}, follow=True)
    assert "not locked any more" in again.content.decode()
    assert AuditEvent.objects.filter(act="lockout.lifted").count() == 1


def test_the_page_of_the_person_shows_it(desk, locked):
    assert "Sign-in is locked" in desk.get(f"/people/{locked.pk}/").content.decode()
    assert "Sign-in is locked" not in desk.get(f"/people/{person().pk}/").content.decode()


def test_only_administrators_see_and_lift(lumiere, locked, now):
    client = client_for(lumiere)
    client.force_login(auditor())
    assert client.get("/lockouts/").status_code == 403
    with pytest.raises(Forbidden):
        lockouts.lift(actor=acting(person()), key="sign-in-account:x", now=now)


def test_a_lock_of_another_school_is_neither_seen_nor_lifted(lumiere, curie, locked, now):
    [found] = lockouts.lockouts(actor=acting(admin()), now=now)
    with activated(curie):
        other = acting(admin(email="boss@curie.example"))
        assert lockouts.lockouts(actor=other, now=now) == []
        assert lockouts.lift(actor=other, key=found.key, now=now) is False
    assert attempt(client_for(lumiere), locked.email).status_code == 429


def test_nothing_can_be_lifted_that_is_not_a_lock_of_sign_in(desk, locked):
    for key in ("locks", "ask-again:x", "../x", "sign-in-account:", "x" * 500):
        desk.post("/lockouts/lift/", {"key": key})
    assert not AuditEvent.objects.filter(act="lockout.lifted").exists()


# --- by the operators ------------------------------------------------------------------------------------


def command(*arguments) -> str:
    out = io.StringIO()
    call_command("lift_lockout", *arguments, "--reason", "called us", stdout=out)
    return out.getvalue()


def test_a_command_opens_a_superadmin_who_has_nobody_above(platform_client):
    root = superadmin()
    for _ in range(6):
        attempt(platform_client, root.email, "wrong")
    assert attempt(platform_client, root.email).status_code == 429, "a control: even the right password"
    assert "locks lifted: 1" in command(root.email.upper())
    assert attempt(platform_client, root.email).status_code == 302
    assert "locks lifted: 0" in command(root.email)
    with platform():
        event = AuditEvent.objects.get(act="lockout.lifted")
    assert (event.surface, event.reason, event.target_label) == ("command", "called us", root.email)


def test_a_command_opens_one_person_of_one_school(client, lumiere, curie, locked):
    other = person("sacha@lumiere.example")
    lock(lumiere, other.email)
    assert ": 0" in command(locked.email) and ": 0" in command(locked.email, "--school", "curie")
    assert attempt(client, locked.email).status_code == 429
    assert ": 1" in command(locked.email, "--school", "lumiere")
    assert attempt(client, locked.email).status_code == 302
    assert attempt(client_for(lumiere), other.email).status_code == 429
    with pytest.raises(CommandError):
        command(locked.email, "--school", "nowhere")


def test_a_superadmin_opens_it_from_the_platforms_admin(client, lumiere, locked):
    staff = in_english(at_the_platform(superadmin(), PASSWORD))
    page = f"/admin/tenants/school/{lumiere.pk}/lift-lockout/"
    assert "Unlock a sign-in" in staff.get(f"/admin/tenants/school/{lumiere.pk}/change/").content.decode()
    assert staff.post(page, {"email": locked.email, "reason": " "}).status_code == 422
    assert attempt(client, locked.email).status_code == 429
    assert staff.post(page, {"email": locked.email, "reason": "called us"}).status_code == 302
    assert attempt(client, locked.email).status_code == 302
    with activated(lumiere):
        event = AuditEvent.objects.get(act="lockout.lifted")
    assert (event.surface, event.reason, event.target_label) == ("admin", "called us", locked.email)


def test_only_superadmins_open_a_school_s_locks_with_a_reason_and_while_it_is_open(lumiere, locked, now):
    system = Actor.system("tests", surface="command")
    facts = {"school_id": lumiere.pk, "email": locked.email, "now": now}
    with pytest.raises(Forbidden):
        break_glass.lift_lockout(actor=acting(owner()), reason="please", **facts)
    with pytest.raises(Invalid):
        break_glass.lift_lockout(actor=system, reason="  ", **facts)
    with platform():
        School.objects.filter(pk=lumiere.pk).update(status="suspended", status_before="active")
    with pytest.raises(WrongStatus):
        break_glass.lift_lockout(actor=system, reason="please", **facts)
    with platform():
        School.objects.filter(pk=lumiere.pk).update(status="active")
    assert break_glass.lift_lockout(actor=system, reason="please", **facts) == 1
    assert break_glass.lift_lockout(actor=system, reason="please", **facts) == 0, "twice changes nothing"


# --- the mailed link -------------------------------------------------------------------------------------


def mailed_link(email: str) -> str:
    """Ask as the job does, and read the mail."""
    tasks.send_unlock_link.run(email=email, asked_at="2026-11-25T12:00:00+00:00", address="192.0.2.1")
    mail = CommunicationLog.objects.filter(template="unlock").latest("created_at")
    return re.search(r"https?://[^/\s]+(/sign-in/unlock/\S+/)", mail.text)[1]


@pytest.fixture
def link(locked):
    return mailed_link(locked.email)


def test_the_link_opens_this_browser_even_while_the_attack_goes_on(client, lumiere, locked, link):
    assert "Unlock" in client.get(link).content.decode()
    assert attempt(client, locked.email).status_code == 429, "opening it alone does nothing: scanners open links"
    assert client.post(link)["Location"] == "/sign-in/"
    lock(lumiere, locked.email)
    assert attempt(client_for(lumiere), locked.email).status_code == 429
    assert attempt(client, locked.email).status_code == 302
    assert AuditEvent.objects.filter(act="lockout.lifted", data__what="link").count() == 1


def test_the_link_signs_nobody_in(client, link):
    client.post(link)
    assert client.get("/account/").status_code == 302


def test_the_link_is_worthless_after_the_sign_in(client, locked, link):
    client.post(link)
    assert attempt(client, locked.email).status_code == 302
    client.post("/sign-out/")
    assert client.post(link).status_code == 410


def test_the_link_is_worthless_at_another_school_and_when_changed(client, curie, link):
    assert client_for(curie).post(link).status_code == 410
    assert client.post(link[:-3] + "zz/").status_code == 410
    assert client.post("/sign-in/unlock/nobody/nothing/").status_code == 410


def test_it_is_no_reset_link_and_a_reset_link_is_no_unlock_link(client, locked, link):
    uid, token = link.strip("/").split("/")[-2:]
    assert client.get(f"/password/reset/{uid}/{token}/").status_code == 410
    from apps.accounts.services.passwords import TOKENS

    assert client.post(f"/sign-in/unlock/{uid}/{TOKENS.make_token(locked)}/").status_code == 410


@pytest.mark.parametrize("status", [User.Status.PENDING, User.Status.SUSPENDED, User.Status.DEPARTED])
def test_no_mail_to_who_may_not_sign_in(lumiere, status):
    user = person(status=status)
    for email in (user.email, "nobody@lumiere.example"):
        tasks.send_unlock_link.run(email=email, asked_at="2026-11-25T12:00:00+00:00")
    assert not CommunicationLog.objects.filter(template="unlock").exists()


def test_asking_says_the_same_to_everybody(client, lumiere, locked):
    answers = [client.post("/sign-in/unlock/", {"email": email}) for email in (locked.email, "nobody@lumiere.example")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/password/check-mail/")}
    assert client.post("/sign-in/unlock/", {"email": "no address"}).status_code == 422


def test_asking_is_limited_per_account_and_never_for_the_whole_address(client, lumiere):
    answers = [client.post("/sign-in/unlock/", {"email": "a@lumiere.example"}).status_code for _ in range(5)]
    assert answers == [302] * 3 + [429] * 2
    for number in range(60):
        client.post("/sign-in/unlock/", {"email": f"b{number}@lumiere.example"})
    assert client.post("/sign-in/unlock/", {"email": "victim@lumiere.example"}).status_code == 302
