"""A school that signs in with Microsoft only: no password exists in it, and nobody can lock everybody out (IDN-1)."""

import threading
import time

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.db import connection, connections
from django.utils import timezone

from apps.accounts.models import Identity, Invitation, Session, User
from apps.accounts.services import invitations, linking, passwords
from apps.accounts.services.links import uid_of
from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Role
from apps.core.errors import DomainError
from apps.notifications.models import CommunicationLog
from apps.tenants import hosts
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.accounts.conftest import TID, bind, in_english
from tests.conftest import client_for
from tests.people import PASSWORD, acting, admin, owner, person

RULE = "/settings/microsoft/passwords/"


def with_account(user, number: int = 1):
    Identity.objects.create(user=user, issuer="i", tenant_id=TID, object_id=f"0000{number}")
    return user


@pytest.fixture
def boss(lumiere):
    bind(lumiere, TID)
    return with_account(owner())


def switch(user, allowed=False):
    linking.allow_passwords(actor=acting(user), allowed=allowed, now=timezone.now())
    with platform():
        hosts.forget(School.objects.get(slug="lumiere"))  # as after the commit


def test_no_password_is_left_and_each_account_has_another_unusable_one(boss):
    people = [person() for _ in range(5)]
    switch(boss)
    kept = list(User.objects.values_list("password", flat=True))
    assert len(kept) >= 6 and not any(is_password_usable(one) for one in kept)
    assert len(set(kept)) == len(kept)
    assert not any(one.check_password(PASSWORD) for one in User.objects.filter(pk__in=[p.pk for p in people]))
    event = AuditEvent.objects.get(act="school.passwords_erased")
    assert event.data["erased"] == 6


def test_sessions_that_began_with_a_password_end_others_go_on(boss, lumiere):
    by_password = client_for(lumiere)
    user = person()
    by_password.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert Session.objects.filter(user=user, signed_in_by="password").exists()
    switch(boss)
    assert by_password.get("/account/").status_code == 302


def test_links_to_set_a_password_are_worthless(boss, client):
    user = person()
    link = f"/password/reset/{uid_of(user)}/{passwords.TOKENS.make_token(user)}/"
    assert client.get(link).status_code == 200
    switch(boss)
    assert client.get(link).status_code == 410
    user.refresh_from_db()
    fresh = f"/password/reset/{uid_of(user)}/{passwords.TOKENS.make_token(user)}/"
    new = "violet kettle runs uphill"
    assert client.post(fresh, {"password": new, "again": new}).status_code == 410
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_forms_for_passwords_are_gone(boss, lumiere):
    switch(boss)
    client = in_english(client_for(lumiere))
    assert 'type="password"' not in client.get("/sign-in/").content.decode()
    assert client.get("/password/forgotten/")["Location"] == "/sign-in/"
    boss.refresh_from_db()
    client.force_login(boss)
    assert 'type="password"' not in client.get("/account/").content.decode()


def test_invitations_go_to_microsoft(boss, lumiere):
    switch(boss)
    boss.refresh_from_db()
    invitations.invite(
        actor=acting(boss), email="new@lumiere.example", role=Role.MEMBER, now=timezone.now(), language="en"
    )
    mail = CommunicationLog.objects.filter(to="new@lumiere.example").latest("created_at")
    assert "there is no password to choose" in mail.text and "there is no password to choose" in mail.html
    token = mail.text.partition("/invitation/")[2].partition("/")[0]
    client = in_english(client_for(lumiere))
    page = client.get(f"/invitation/{token}/").content.decode()
    assert "Continue with Microsoft" in page and 'type="password"' not in page
    new = "violet kettle runs uphill"
    assert client.post(f"/invitation/{token}/", {"password": new, "again": new}).status_code == 422
    with pytest.raises(DomainError):
        invitations.accept_with_password(actor=Actor(label="x"), token=token, password=new, now=timezone.now())
    assert Invitation.objects.get(email="new@lumiere.example").is_open


def test_a_password_sign_in_is_refused_by_the_service_too(boss, lumiere):
    user = person()
    switch(boss)
    answer = client_for(lumiere).post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 422


@pytest.mark.parametrize("fault", ["nobody linked", "owner suspended", "only an admin linked", "other organisation"])
def test_it_is_refused_while_no_owner_could_sign_in(lumiere, fault):
    bind(lumiere, TID)
    switching = with_account(admin(), 7)
    boss = owner()
    if fault == "owner suspended":
        with_account(boss)
        User.objects.filter(pk=boss.pk).update(status=User.Status.SUSPENDED)
    if fault == "other organisation":
        Identity.objects.create(user=boss, issuer="i", tenant_id="2" * 8, object_id="1")
    with pytest.raises(linking.NoOwnerCouldSignIn):
        switch(switching)
    assert User.objects.get(pk=switching.pk).has_usable_password(), "nothing happened"
    assert not AuditEvent.objects.filter(act="school.passwords_erased").exists()


def test_control_with_an_owner_who_can_an_admin_switches(boss):
    switch(with_account(admin(), 7))


def test_an_owner_whose_address_may_not_sign_in_does_not_count(boss, lumiere):
    from apps.accounts import hooks

    refuses = lambda email: email != boss.email  # noqa: E731
    hooks.email_domain_allowed.connect(refuses)
    try:
        with pytest.raises(linking.NoOwnerCouldSignIn):
            switch(boss)
    finally:
        hooks.email_domain_allowed._receivers.remove(refuses)


def test_who_switches_with_a_password_session_signs_in_again(boss, lumiere):
    client = in_english(client_for(lumiere))
    client.post("/sign-in/", {"email": boss.email, "password": PASSWORD})
    answer = client.post(RULE, {"passwords": "none"})
    assert answer["Location"] == "/sign-in/"
    assert "So do you" in client.get("/sign-in/").content.decode()
    assert client.get("/account/").status_code == 302


def test_a_password_being_set_at_that_very_moment_is_not_left(new_school, live):
    """The reset has read the rule when the switch comes: the switch waits for it, and then erases its password too."""
    school = new_school("race")
    with activated(school):
        bind(school, "33333333-3333-4333-8333-333333333399")
        boss = owner()
        Identity.objects.create(user=boss, issuer="i", tenant_id="33333333-3333-4333-8333-333333333399", object_id="1")
        user = person()
        order = []

        def switch_off():
            with activated(school):
                linking.allow_passwords(actor=acting(boss), allowed=False, now=timezone.now())
                order.append("switched")
            connections["default"].close()

        from django.db import transaction

        with transaction.atomic():
            passwords.require_allowed()
            other = threading.Thread(target=switch_off)
            other.start()
            deadline = time.monotonic() + 20
            while not waits_for_lock() and time.monotonic() < deadline:
                pass
            order.append("set")
            user.set_password("violet kettle runs uphill")
            user.save(update_fields=["password"])
        other.join(30)
        assert order == ["set", "switched"]
        assert not User.objects.get(pk=user.pk).has_usable_password()


def waits_for_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] > 0
