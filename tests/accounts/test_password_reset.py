"""Forgotten passwords: the same answer for everybody, a link to the stored address, usable once."""

import re

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.accounts import tasks
from apps.accounts.models import Session, User
from apps.accounts.services import passwords
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.accounts.conftest import in_english, signed_in_as
from tests.conftest import client_for
from tests.people import PASSWORD, person

NEW = "an entirely different passphrase"
VISITOR = Actor.anonymous()


@pytest.fixture
def rung(monkeypatch):
    """The bells of this request; their jobs are run by hand, as a worker would."""
    bells = []
    monkeypatch.setattr(passwords, "enqueue_or_refuse", lambda name, **arguments: bells.append((name, arguments)))
    return bells


def work(rung):
    for name, arguments in rung:
        assert name == tasks.send_reset_link.name
        tasks.send_reset_link.run(**arguments)


def link_of(user) -> str:
    log = CommunicationLog.objects.filter(to=user.email, template="password_reset").latest("created_at")
    return re.search(r"/password/reset/\S+", log.text)[0]


def ask(client, email):
    return client.post("/password/forgotten/", {"email": email})


def asked(client, rung, user) -> str:
    ask(client, user.email)
    work(rung)
    return link_of(user)


def test_the_link_sets_a_new_password_and_ends_every_session(client, rung, lumiere):
    user = person()
    thief = client_for(lumiere)
    thief.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    link = asked(client, rung, user)
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": NEW, "again": NEW})["Location"] == "/sign-in/"
    user.refresh_from_db()
    assert user.check_password(NEW) and not Session.objects.filter(user=user, ended_at=None).exists()
    assert signed_in_as(thief) is None
    acts = set(AuditEvent.objects.filter(target_id=str(user.pk)).values_list("act", flat=True))
    assert {"password.reset_requested", "password.changed"} <= acts


def test_everybody_gets_the_same_answer_after_the_same_work(client, rung):
    known, suspended, passwordless = person(), person(status="suspended"), person(password=None)
    seen = set()
    for email in (known.email, suspended.email, passwordless.email, "nobody@lumiere.example"):
        answer = ask(client, email)
        page = client.get(answer["Location"])
        seen.add((answer.status_code, answer["Location"], page.status_code))
    assert seen == {(302, "/password/check-mail/", 200)}
    assert [name for name, _ in rung] == ["accounts.send_reset_link"] * 4
    assert not CommunicationLog.objects.filter(template="password_reset").exists(), "nothing is written in the request"
    work(rung)
    sent = dict(CommunicationLog.objects.exclude(template="invitation").values_list("to", "template"))
    assert sent == {known.email: "password_reset", passwordless.email: "no_password"}


@pytest.mark.parametrize(
    "body",
    [
        "email={}&email=thief@evil.example",
        "email=thief@evil.example&email={}",
        "email[]={}&email[]=thief@evil.example",
        "email={},thief@evil.example",
        "email={}%0Athief@evil.example",
    ],
)
def test_mail_goes_to_the_stored_address_only(client, rung, body):
    user = person()
    client.post("/password/forgotten/", body.format(user.email), content_type="application/x-www-form-urlencoded")
    work(rung)
    assert not CommunicationLog.objects.filter(to__contains="evil").exists()


def test_the_link_names_the_schools_own_host_whatever_the_request_says(client, rung, lumiere):
    user = person()
    client.post("/password/forgotten/", {"email": user.email}, headers={"x-forwarded-host": "evil.example"})
    work(rung)
    log = CommunicationLog.objects.get(to=user.email)
    assert "http://lumiere.campanile.localhost" in log.text and "evil" not in log.text


def test_it_works_once(client, rung):
    link = asked(client, rung, person())
    client.post(link, {"password": NEW, "again": NEW})
    again = client.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert again.status_code == 410 and "/password/forgotten/" in again.content.decode()


def test_it_lives_an_hour(client, rung, settings):
    link = asked(client, rung, person())
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 410


def test_a_link_of_another_school_is_worthless(client, rung, curie):
    user = person()
    link = asked(client, rung, user)
    with activated(curie):  # even for a copy of the very same account
        User.objects.create(
            pk=user.pk, email=user.email, status="active", password=user.password, last_login=user.last_login
        )
    assert in_english(client_for(curie)).get(link).status_code == 410
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    "change", [{"status": "suspended"}, {"email": "moved@lumiere.example"}, {"last_login": timezone.now()}]
)
def test_a_link_dies_when_the_account_changes(client, rung, change):
    user = person()
    link = asked(client, rung, user)
    User.objects.filter(pk=user.pk).update(**change)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("link", ["/password/reset/x/y/", "/password/reset/AAAA/a-b/", "/password/reset/é/é/"])
def test_a_made_up_link_explains(client, link):
    assert client.get(link).status_code == 410


def test_a_weak_password_is_explained_and_the_link_lives(client, rung):
    link = asked(client, rung, person())
    assert client.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 302


def test_asking_is_limited_alike_for_everybody(client, rung):
    user = person()
    for email in (user.email, "nobody@lumiere.example"):
        assert [ask(client, email).status_code for _ in range(4)] == [302, 302, 302, 429]


def test_the_job_that_runs_twice_mails_once(client, rung):
    user = person()
    ask(client, user.email)
    work(rung)
    work(rung)
    assert CommunicationLog.objects.filter(to=user.email).count() == 1


@pytest.mark.parametrize("address", ["/password/forgotten/", "/sign-in/unlock/"])
def test_without_a_queue_nothing_is_promised(client, monkeypatch, address):
    """The request has no row that a sweeper would find: it is refused for everybody alike, not silently lost."""

    def away(*args, **kwargs):
        raise OperationalError("no broker")

    somebody = person().email
    monkeypatch.setattr(current_app, "send_task", away)
    monkeypatch.setattr(transaction, "on_commit", lambda job, **_: job())  # as outside of this test's transaction
    for email in (somebody, "nobody@lumiere.example"):
        answer = in_english(client).post(
            address, {"email": email}, headers={"referer": f"http://{client.host}{address}"}
        )
        assert answer["Location"].endswith(address)
        assert "try again in a few minutes" in client.get(address).content.decode()
