"""Invitations: single-use, 48 hours, of one school, to one address."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.credentials import digest
from apps.accounts.models import Grant, Identity, Invitation, User
from apps.accounts.services import invitations, lifecycle
from apps.accounts.services.roles import NotYours
from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Role
from apps.core.errors import Forbidden, Invalid
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.accounts.conftest import in_english, signed_in_as
from tests.conftest import client_for
from tests.people import acting, admin, auditor, owner, person

SYSTEM = Actor.system("tests")
GOOD = "a long enough passphrase"


def token_in_mail(email: str) -> str:
    log = CommunicationLog.objects.filter(to=email, template="invitation").latest("created_at")
    return re.search(r"/invitation/([\w-]+)/", log.text)[1]


def invited(email="new@lumiere.example", role=Role.ADMIN, **fields):
    invitation = invitations.invite(actor=SYSTEM, email=email, role=role, now=timezone.now(), **fields)
    return invitation, token_in_mail(email)


def accept(client, token, password=GOOD, **extra):
    return client.post(f"/invitation/{token}/", {"password": password, "again": password, **extra})


def test_the_link_of_the_mail_opens_the_account(client):
    invitation, token = invited()
    page = client.get(f"/invitation/{token}/")
    assert page.status_code == 200 and "new@lumiere.example" in page.content.decode()
    answer = accept(client, token, given_name="Nadia", family_name="Benali")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get(email="new@lumiere.example")
    assert (user.status, user.name, user.check_password(GOOD)) == ("active", "Nadia Benali", True)
    assert signed_in_as(client) == user.email
    assert Grant.objects.get(user=user).role == Role.ADMIN
    assert AuditEvent.objects.filter(act="invitation.accepted", actor_id=user.pk).exists()


def test_only_a_hash_of_the_link_is_stored(lumiere):
    invitation, token = invited()
    assert Invitation.objects.get(pk=invitation.pk).token_hash == digest(token)
    assert token not in repr(list(Invitation.objects.values()))
    assert invitation.expires_at - invitation.sent_at == timedelta(hours=48)


def test_it_works_once(client):
    _, token = invited()
    accept(client, token)
    again = accept(in_english(client_for(user_school())), token, "another long passphrase")
    assert again.status_code == 410 and "has been used already" in again.content.decode()
    assert User.objects.get(email="new@lumiere.example").check_password(GOOD)


def user_school():
    from apps.tenants.context import current

    return current()


@pytest.mark.parametrize(("seconds", "status"), [(0, 410), (1, 410), (-5, 302)])
def test_it_expires_to_the_second(client, seconds, status):
    invitation, token = invited()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=seconds))
    answer = accept(client, token)
    assert answer.status_code == status
    if status == 410:
        assert "48 hours" in answer.content.decode()
        assert User.objects.get(email=invitation.email).status == "pending"


def test_an_expired_link_brings_a_new_one_to_the_invited_address_only(client):
    invitation, token = invited()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(f"/invitation/{token}/").content.decode()
    assert f'action="/invitation/{token}/again/"' in page
    client.post(f"/invitation/{token}/again/", {"email": "thief@evil.example"})
    assert set(CommunicationLog.objects.values_list("to", flat=True)) >= {invitation.email}
    assert not CommunicationLog.objects.filter(to="thief@evil.example").exists()
    fresh = token_in_mail(invitation.email)
    assert fresh != token and accept(client, fresh).status_code == 302


def test_a_link_that_still_works_sends_nothing_more(client):
    _, token = invited()
    before = CommunicationLog.objects.count()
    client.post(f"/invitation/{token}/again/")
    assert CommunicationLog.objects.count() == before and accept(client, token).status_code == 302


@pytest.mark.parametrize("token", ["x", "a" * 43, "A" * 2000, "é"])
def test_a_made_up_link_explains(client, token):
    answer = client.get(f"/invitation/{token}/")
    assert answer.status_code == 404 and "Open it again from your e-mail" in answer.content.decode()
    assert accept(client, token).status_code == 404


def test_a_link_of_another_school_is_unknown(client, curie):
    with activated(curie):
        _, token = invited("new@curie.example")
    assert accept(client, token).status_code == 404


def test_sending_again_replaces_the_link(client):
    invitation, first = invited()
    invitations.resend(actor=SYSTEM, invitation_id=invitation.pk, now=timezone.now())
    second = token_in_mail(invitation.email)
    assert accept(client, first).status_code == 404
    assert accept(client, second).status_code == 302


def test_inviting_again_replaces_the_invitation(client):
    _, first = invited()
    _, second = invited(role=Role.AUDITOR)
    assert accept(client, first).status_code == 410
    accept(client, second)
    assert list(Grant.objects.filter(user__email="new@lumiere.example").values_list("role", flat=True)) == ["auditor"]


def test_a_revoked_link_does_nothing(client):
    invitation, token = invited()
    for _ in range(2):
        invitations.revoke(actor=SYSTEM, invitation_id=invitation.pk, now=timezone.now())
    assert accept(client, token).status_code == 410
    assert AuditEvent.objects.filter(act="invitation.revoked").count() == 1


def test_suspending_the_person_ends_the_invitation(client):
    invitation, token = invited()
    lifecycle.suspend_users(SYSTEM, [invitation.user_id], "a mistake")
    assert accept(client, token).status_code == 410


def test_a_changed_address_voids_the_link(client):
    invitation, token = invited()
    User.objects.filter(pk=invitation.user_id).update(email="other@lumiere.example")
    assert accept(client, token).status_code == 410


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("password1234", "password1234"), (GOOD, "another one entirely"), ("", "")],
)
def test_a_weak_or_mistyped_password_is_explained(client, password, again):
    _, token = invited()
    answer = client.post(f"/invitation/{token}/", {"password": password, "again": again})
    assert answer.status_code == 422
    assert User.objects.get(email="new@lumiere.example").status == "pending"
    assert accept(client, token).status_code == 302, "the link still works"


def test_inviting_is_refused_for_somebody_who_is_here_or_was(lumiere):
    for status in ("active", "suspended", "departed"):
        user = person(status=status)
        with pytest.raises(invitations.AlreadyHere):
            invited(user.email)


def test_nobody_invites_to_more_than_they_hold(lumiere):
    boss, watcher = admin(), auditor()
    with pytest.raises(NotYours):
        invitations.invite(actor=acting(boss), email="x@y.example", role=Role.OWNER, now=timezone.now())
    with pytest.raises(Forbidden):
        invitations.invite(actor=acting(watcher), email="x@y.example", role=Role.MEMBER, now=timezone.now())
    assert invitations.invite(actor=acting(boss), email="x@y.example", role=Role.ADMIN, now=timezone.now())
    assert invitations.invite(actor=acting(owner()), email="z@y.example", role=Role.OWNER, now=timezone.now())


@pytest.mark.parametrize("email", ["", "nobody", "a@", "a b@c.example", "a@b.example\nBcc: c@d.example"])
def test_an_impossible_address_is_explained(lumiere, email):
    with pytest.raises(Invalid):
        invitations.invite(actor=SYSTEM, email=email, role=Role.ADMIN, now=timezone.now())


def test_an_invited_person_accepts_with_microsoft(walk, organisation):
    ines = walk.microsoft.add_people(organisation.tid, people=[{"givenName": "Inès"}])[0]
    _, token = invited("ines@lumiere.example", role=Role.AUDITOR)
    arrived = walk.sign_in(ines["id"], f"/invitation/{token}/microsoft/")
    assert (arrived.status_code, arrived["Location"]) == (302, "/")
    user = User.objects.get(email="ines@lumiere.example")
    assert user.status == "active" and not user.has_usable_password()
    assert Identity.objects.get(user=user).object_id == ines["id"]
    assert signed_in_as(walk.client) == user.email


def test_a_microsoft_account_of_somebody_else_does_not_accept(walk, organisation):
    _, token = invited()
    refused = walk.sign_in(organisation.camille["id"], f"/invitation/{token}/microsoft/")
    assert refused.status_code == 409
    assert User.objects.get(email="new@lumiere.example").status == "pending"


def test_the_page_of_invitations_sends_and_withdraws(client):
    client.force_login(owner())
    form = {
        "email": "prof@lumiere.example",
        "role": "admin",
        "scope": "school",
        "given_name": "Ada",
        "family_name": "L",
    }
    assert client.post("/invitations/", form).status_code == 302
    page = client.get("/invitations/").content.decode()
    assert "prof@lumiere.example" in page
    invitation = Invitation.objects.get(email="prof@lumiere.example")
    client.post(f"/invitations/{invitation.pk}/resend/")
    client.post(f"/invitations/{invitation.pk}/revoke/")
    invitation.refresh_from_db()
    assert invitation.revoked_at
    assert "prof@lumiere.example" in client.get("/invitations/?status=revoked").content.decode()
    wrong = client.post("/invitations/", {**form, "role": "superadmin"})
    assert wrong.status_code == 422


def test_of_twenty_at_once_exactly_one_is_accepted(new_school):
    """Twenty browsers with the link, on committed rows: one account, one password, one session."""
    school, at_once = new_school(), 20
    with activated(school):
        _, token = invited("race@lumiere.example")
    barrier = Barrier(at_once)

    def redeem(number: int) -> int:
        try:
            client = client_for(school, REMOTE_ADDR=f"192.0.2.{number}")
            barrier.wait(60)
            return accept(client, token, f"{GOOD} {number}").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        outcomes = list(pool.map(redeem, range(at_once)))
    assert sorted(outcomes) == [302] + [410] * (at_once - 1)
    with activated(school):
        user = User.objects.get(email="race@lumiere.example")
        assert user.check_password(f"{GOOD} {outcomes.index(302)}"), "the password of the one who was let in"
        assert user.sessions.count() == Grant.objects.filter(user=user).count() == 1
        assert AuditEvent.objects.filter(act="invitation.accepted").count() == 1


# --- who sent it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["suspended", "role taken back", "erased"])
def test_an_invitation_does_not_outlive_the_rights_of_who_sent_it(client, by):
    boss, sender = owner(), admin()
    invitation = invitations.invite(
        actor=acting(sender), email="new@lumiere.example", role=Role.ADMIN, now=timezone.now()
    )
    token = token_in_mail("new@lumiere.example")
    assert in_english(client).get(f"/invitation/{token}/").status_code == 200
    if by == "suspended":
        lifecycle.suspend_users(acting(boss), [sender.pk], "left")
    elif by == "role taken back":
        Grant.objects.filter(user=sender).delete()
    else:
        Invitation.objects.update(invited_by_id=None, invited_by="")
    for answer in (client.get(f"/invitation/{token}/"), accept(client, token)):
        assert answer.status_code == 410
        assert "may no longer give what it gives" in answer.content.decode()
    assert User.objects.get(email="new@lumiere.example").status == "pending"
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert client.post(f"/invitation/{token}/again/").status_code == 410, "nor is it sent once more"
    invitations.resend(actor=acting(boss), invitation_id=invitation.pk, now=timezone.now())
    assert accept(client, token_in_mail("new@lumiere.example")).status_code == 302, "somebody else sends it again"
