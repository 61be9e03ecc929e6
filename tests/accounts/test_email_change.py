"""Changing one's e-mail: confirmed at the new address, told to the old one, undone from there (IDN-8)."""

import dataclasses
import re
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts import tasks
from apps.accounts.models import EmailChange, Identity, Session
from apps.accounts.services import email_change
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import StepUpRequired
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.accounts.conftest import in_english
from tests.conftest import client_for
from tests.people import PASSWORD, acting, person

OLD, NEW = "camille@lumiere.example", "camille.moreau@elsewhere.example"


@pytest.fixture
def me(lumiere):
    return person(OLD, locale="en")


@pytest.fixture
def browser(lumiere, me):
    client = in_english(client_for(lumiere))
    client.post("/sign-in/", {"email": OLD, "password": PASSWORD})
    return client


def ask(client, email=NEW, password=PASSWORD):
    return client.post("/account/email/", {"change-email": email, "change-current": password})


def mails(template: str):
    return CommunicationLog.objects.mail().filter(template=template).order_by("created_at")


def link(template: str) -> str:
    return re.search(r"https?://[^/\s]+(/email/\S+/)", mails(template).last().text)[1]


@pytest.fixture
def asked(browser):
    assert ask(browser).status_code == 302
    change = EmailChange.objects.get()
    tasks.send_email_change.run(change_id=str(change.pk))
    tasks.send_email_change.run(change_id=str(change.pk))
    return browser


def test_nothing_changes_until_the_new_address_agrees(asked, me):
    assert [mail.to for mail in mails("email_change")] == [NEW], "once, also when the job runs twice"
    assert [mail.to for mail in mails("email_change_asked")] == [OLD]
    me.refresh_from_db()
    assert me.email == OLD
    page = asked.get("/account/").content.decode()
    assert NEW in page and "is not confirmed yet" in page
    assert client_for_visitor().get(link("email_change")).status_code == 200
    me.refresh_from_db()
    assert me.email == OLD, "opening the link alone does nothing"


def client_for_visitor():
    with platform():
        school = School.objects.get(slug="lumiere")
    return in_english(client_for(school))


def test_the_link_changes_it_once_and_tells_the_old_one(asked, me, lumiere):
    path = link("email_change")
    visitor = client_for_visitor()
    assert visitor.post(path).status_code == 302
    me.refresh_from_db()
    assert me.email == NEW
    assert visitor.post(path).status_code == 410
    assert [mail.to for mail in mails("email_changed")] == [OLD]
    event = AuditEvent.objects.get(act="email.changed")
    assert event.changes["email"] == [OLD, NEW]
    assert client_for(lumiere).post("/sign-in/", {"email": NEW, "password": PASSWORD}).status_code == 302
    assert client_for(lumiere).post("/sign-in/", {"email": OLD, "password": PASSWORD}).status_code == 422


def test_the_old_address_undoes_it_and_everybody_is_out(asked, me, lumiere):
    visitor = client_for_visitor()
    visitor.post(link("email_change"))
    thief = client_for(lumiere)
    thief.post("/sign-in/", {"email": NEW, "password": PASSWORD})
    undo = link("email_changed")
    assert visitor.get(undo).status_code == 200
    onward = visitor.post(undo)["Location"]
    me.refresh_from_db()
    assert me.email == OLD and not me.has_usable_password()
    assert not Session.objects.filter(user=me, ended_at=None).exists()
    assert thief.get("/account/").status_code == 302 and asked.get("/account/").status_code == 302
    new = "violet kettle runs uphill"
    assert visitor.post(onward, {"password": new, "again": new}).status_code == 302
    assert client_for(lumiere).post("/sign-in/", {"email": OLD, "password": new}).status_code == 302
    assert visitor.post(undo).status_code == 410, "once"
    assert AuditEvent.objects.filter(act="email.change_undone").count() == 1


def test_a_second_change_by_a_thief_does_not_save_it(asked, me, lumiere):
    visitor = client_for_visitor()
    visitor.post(link("email_change"))
    first_undo = link("email_changed")
    thief = {"email": "thief@x.example", "password": PASSWORD}
    email_change.request_change(actor=acting_as(me), now=timezone.now(), **thief)
    tasks.send_email_change.run(change_id=str(EmailChange.objects.get(new_email="thief@x.example").pk))
    visitor.post(link("email_change"))
    me.refresh_from_db()
    assert me.email == "thief@x.example"
    second_undo = link("email_changed")
    visitor.post(first_undo)
    me.refresh_from_db()
    assert me.email == OLD
    assert visitor.post(second_undo).status_code == 410, "the address in between does not get it back"


def acting_as(user):
    user.refresh_from_db()
    return acting(user)


def test_a_taken_address_is_answered_like_a_free_one(browser, lumiere):
    taken = person("taken@lumiere.example")
    free = ask(browser)
    browser.get("/account/")
    other = ask(browser, taken.email)
    assert (free.status_code, free["Location"]) == (other.status_code, other["Location"]) == (302, "/account/")
    for change in EmailChange.objects.filter(cancelled_at=None):
        tasks.send_email_change.run(change_id=str(change.pk))
    assert not mails("email_change").filter(to=taken.email).exists(), "no link, and no mail to somebody else"
    assert mails("email_change_asked").filter(to=OLD).count() == 1
    assert AuditEvent.objects.filter(act="email.change_requested").count() == 2


def test_an_address_taken_meanwhile_is_refused(asked, me):
    person(NEW)
    assert client_for_visitor().post(link("email_change")).status_code == 410
    me.refresh_from_db()
    assert me.email == OLD


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("no address", PASSWORD), ("", PASSWORD), (OLD.upper(), PASSWORD), (NEW, "a wrong password"), (NEW, ""),
        ("x" * 300 + "@y.fr", PASSWORD),
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_the_field_and_nothing_is_lost(browser, email, password):
    refused = ask(browser, email, password)
    assert refused.status_code == 422
    if 0 < len(email) < 100:
        assert email in refused.content.decode()
    assert not EmailChange.objects.exists()


def test_who_has_no_password_shows_who_they_are_in_another_way(browser, me):
    """Without it an open browser of who signs in with a passkey becomes somebody else's account."""
    me.set_unusable_password()
    me.save()
    actor = dataclasses.replace(acting(me), session_id=uuid4(), proven_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(StepUpRequired):
        email_change.request_change(actor=actor, email=NEW, password="", now=timezone.now())
    fresh = dataclasses.replace(actor, proven_at=timezone.now())
    email_change.request_change(actor=fresh, email=NEW, password="", now=timezone.now())


def test_people_of_the_directory_cannot(browser, me):
    Identity.objects.create(user=me, issuer="i", tenant_id="t", object_id="o")
    assert ask(browser).status_code == 422
    assert 'name="change-email"' not in browser.get("/account/").content.decode()
    assert not EmailChange.objects.exists()


def test_who_joins_the_directory_meanwhile_cannot_either(asked, me):
    Identity.objects.create(user=me, issuer="i", tenant_id="t", object_id="o")
    assert client_for_visitor().post(link("email_change")).status_code == 410


def test_withdrawn_replaced_expired_foreign(asked, me, curie, time_machine):
    path = link("email_change")
    with activated(curie):
        assert client_for(curie).post(path).status_code == 410
    ask(asked, "another@elsewhere.example")
    assert client_for_visitor().post(path).status_code == 410, "replaced"
    tasks.send_email_change.run(change_id=str(EmailChange.objects.get(cancelled_at=None).pk))
    later = link("email_change")
    asked.post("/account/email/cancel/")
    assert client_for_visitor().post(later).status_code == 410, "withdrawn"
    me.refresh_from_db()
    assert me.email == OLD


def test_a_day_and_a_week(asked, me):
    token = link("email_change").strip("/").split("/")[-1]
    now, visitor = timezone.now(), Actor(label="visitor")
    with pytest.raises(email_change.ChangeLinkInvalid):
        email_change.confirm(actor=visitor, token=token, now=now + timedelta(hours=24, seconds=1))
    email_change.confirm(actor=visitor, token=token, now=now)
    undo = link("email_changed").strip("/").split("/")[-1]
    with pytest.raises(email_change.ChangeLinkInvalid):
        email_change.undo(actor=visitor, token=undo, now=now + timedelta(days=7, seconds=1))


def test_only_hashes_are_stored(asked):
    secret = link("email_change").strip("/").split("/")[-1]
    change = EmailChange.objects.get()
    assert secret not in {change.token_hash, change.undo_hash}


def test_asking_is_limited(browser):
    answers = [ask(browser, f"a{number}@elsewhere.example").status_code for number in range(7)]
    assert answers == [302] * 5 + [422] * 2


def test_of_two_confirmations_at_once_one_succeeds(new_school):
    school = new_school("mail")
    with activated(school):
        user = person("a@mail.example")
        change = email_change.request_change(
            actor=acting(user), email="b@mail.example", password=PASSWORD, now=timezone.now()
        )
        email_change.send_confirmation(change_id=change.pk)
        path = link("email_change")
    barrier, answers = threading.Barrier(6), []

    def confirm():
        from django.db import connections

        client = client_for(school)
        barrier.wait()
        answers.append(client.post(path).status_code)
        connections["default"].close()

    threads = [threading.Thread(target=confirm) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [302] + [410] * 5
    with activated(school):
        assert AuditEvent.objects.filter(act="email.changed").count() == 1
