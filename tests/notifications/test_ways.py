"""By which way mail leaves: the platform's server, or the school's own mailbox at Microsoft, over the wire."""

import contextlib
import html
import re
import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone
from psycopg import sql

from apps.microsoft.app_tokens import APP_TOKENS
from apps.microsoft.identity import GLOBAL_ADMINISTRATOR
from apps.notifications.channels.smtp import Smtp
from apps.notifications.models import CommunicationLog, MailRoute, SuppressedAddress
from apps.notifications.services import delivery
from apps.tenants.context import activated, platform
from apps.tenants.database import owner_connection
from apps.tenants.models import ProviderBinding
from tests.conftest import client_for
from tests.notifications.conftest import URL, message, tried
from tests.people import admin
from tests.tenants.crowd import crowd

MAIL_CLIENT = "aaaaaaaa-0000-4000-8000-000000000002"


@pytest.fixture
def mailbox(lumiere, microsoft):
    """The school's organisation, which lets us send, and somebody's mailbox in it."""
    APP_TOKENS._clients.clear()
    tid = microsoft.add_organisation("École Lumière", domain="lumiere.example")["tid"]
    microsoft.permissions(tid, ["Mail.Send"], MAIL_CLIENT)
    [owner] = microsoft.add_people(tid, people=[{"displayName": "École Lumière", "mail": "info@lumiere.example"}])
    with platform():
        ProviderBinding.objects.create(provider="microsoft", external_id=tid, school=lumiere)
    MailRoute.objects.create(way="microsoft", mailbox="info@lumiere.example")
    return tid


def test_it_leaves_by_the_schools_mailbox(mailbox, microsoft):
    log = tried(message())
    assert (log.state, log.channel, log.text, log.html) == ("sent", "email-graph", "", "")
    [mail] = microsoft.mail(to="camille@lumiere.example")
    assert (mail["way"], mail["sender"], mail["saved"]) == ("graph", "info@lumiere.example", False)
    assert mail["headers"]["x-campanile-message-id"] == str(log.pk)
    assert URL in mail["links"] and mail["subject"] == log.subject
    [request] = microsoft.requests(operation="send_mail")
    assert request["status"] == 202


def test_the_platforms_own_mail_never_leaves_by_a_schools(mailbox, microsoft):
    with platform():
        log = tried(message("platform:1"))
        assert (log.state, log.channel) == ("sent", "email-smtp")


def test_throttling_is_waited_for(mailbox, microsoft):
    microsoft.fault("too_many_requests", operation="send_mail", retry_after=900)
    log, now = message(), timezone.now()
    tried(log, now)
    assert (log.state, log.error) == ("queued", "graph-throttled")
    assert log.next_attempt_at == now + timedelta(seconds=900), "longer than our own pause"
    assert tried(log, log.next_attempt_at).state == "sent"
    assert [mail["way"] for mail in microsoft.mail()] == ["graph"]


@pytest.mark.parametrize("fault", ["unavailable", "server_error", "gateway_timeout"])
def test_a_fault_that_passes_is_tried_again_at_the_same_way(mailbox, microsoft, fault):
    microsoft.fault(fault, operation="send_mail")
    log = tried(message())
    assert log.state == "queued" and log.error.startswith("graph-unavailable")
    assert tried(log, log.next_attempt_at).channel == "email-graph" and len(microsoft.mail()) == 1


def test_a_token_that_died_is_renewed_once(mailbox, microsoft):
    microsoft.fault("token_expired", operation="send_mail")
    assert tried(message()).state == "sent" and len(microsoft.mail()) == 1


def test_a_mailbox_that_is_closed_stops_no_mail(mailbox, microsoft):
    """Consent withdrawn: people can still sign in, and the page says what is wrong."""
    microsoft.permissions(mailbox, None, MAIL_CLIENT)
    log = tried(message())
    assert (log.state, log.channel) == ("sent", "email-smtp")
    route = MailRoute.objects.get()
    assert route.fault.startswith("graph-forbidden") and route.fault_at
    microsoft.permissions(mailbox, ["Mail.Send"], MAIL_CLIENT)
    assert tried(message("second")).channel == "email-graph"
    assert MailRoute.objects.get().fault == "", "it works again"


@pytest.mark.parametrize(
    ("permissions", "mailbox_name", "code"),
    [(["User.Read.All"], "info@lumiere.example", "graph-forbidden"), (["Mail.Send"], "x@y.example", "graph-not-found")],
)
def test_what_microsoft_refuses_goes_by_the_platform(mailbox, microsoft, permissions, mailbox_name, code):
    microsoft.permissions(mailbox, permissions, MAIL_CLIENT)
    MailRoute.objects.update(mailbox=mailbox_name)
    assert tried(message()).channel == "email-smtp"
    assert MailRoute.objects.get().fault.startswith(code)


def test_both_ways_away_is_waited_for(mailbox, microsoft, settings):
    microsoft.permissions(mailbox, None, MAIL_CLIENT)
    settings.EMAIL_PORT = 1
    log = tried(message())
    assert log.state == "queued" and log.error.startswith("ConnectionRefusedError") and microsoft.mail() == []


def test_without_registration_or_organisation_the_platform_sends(mailbox, microsoft, settings):
    settings.MICROSOFT_MAIL_CLIENT_ID = ""
    assert tried(message()).channel == "email-smtp"
    settings.MICROSOFT_MAIL_CLIENT_ID = MAIL_CLIENT
    with platform():
        ProviderBinding.objects.all().delete()
    assert tried(message("b")).channel == "email-smtp"


def test_nothing_slow_happens_inside_of_a_transaction(new_school, microsoft, monkeypatch):
    """The worker speaks to a mail server while it holds no row and no transaction."""
    open_then, send = [], Smtp.send

    def watched(self, log):
        open_then.append(connection.in_atomic_block)
        send(self, log)

    monkeypatch.setattr(Smtp, "send", watched)
    with activated(new_school()):
        log = message()
        assert delivery.deliver(log.pk, timezone.now()) == "sent"
    assert open_then == [False]


def test_the_administrator_approves_by_the_button_of_the_page(mailbox, microsoft, lumiere, platform_client):
    """From the page to Microsoft and back, and the next message leaves by the mailbox."""
    microsoft.permissions(mailbox, None, MAIL_CLIENT)
    [boss] = microsoft.add_people(mailbox, people=[{"displayName": "Admin", "roles": [GLOBAL_ADMINISTRATOR]}])
    client = client_for(lumiere)
    client.force_login(admin())
    found = re.search(r'href="([^"]+adminconsent[^"]+)"', client.get("/settings/mail/").content.decode())
    answer = microsoft.admin_consent(html.unescape(found[1]), boss["id"])
    assert answer.url.endswith("/sso/mail") and answer.params["tenant"] == mailbox
    assert "How mail leaves" in platform_client.get("/sso/mail", answer.params).content.decode()
    assert "Nothing was changed" in platform_client.get("/sso/mail", {"error": "consent_required"}).content.decode()
    assert tried(message()).channel == "email-graph"


# --- what mail servers answer ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state", "suppressed"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 no such user")}), "bounced", True),
        (smtplib.SMTPRecipientsRefused({"x": (550, b"5.7.1 looks like spam")}), "failed", False),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"4.2.1 busy")}), "queued", False),
        (smtplib.SMTPDataError(554, b"5.6.0 refused"), "failed", False),
        (smtplib.SMTPServerDisconnected("gone"), "queued", False),
    ],
    ids=lambda value: value.args[0] if isinstance(value, Exception) else None,
)
def test_answers_of_a_mail_server(lumiere, monkeypatch, answer, state, suppressed):
    def refuse(self):
        raise answer

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    log = tried(message())
    assert log.state == state and "user" not in log.error and "spam" not in log.error
    assert SuppressedAddress.objects.exists() is suppressed


# --- races -------------------------------------------------------------------------------------------------


def test_the_same_cause_in_many_threads_is_one_mail(no_worker, new_school, microsoft):
    school = new_school()

    def one(number):
        with activated(school):
            return message("race", to="race@lumiere.example").pk

    assert len(set(crowd(one, threads=12))) == 1
    with activated(school):
        [log] = CommunicationLog.objects.filter(cause="race")

        def hand_over(number):
            with activated(school):
                return delivery.deliver(log.pk, timezone.now())

        ends = set(crowd(hand_over, threads=12))
    assert "sent" in ends and ends <= {"sent", "queued"}
    assert len(microsoft.mail(to="race@lumiere.example")) == 1


def test_control_without_the_constraint_there_are_several(new_school, microsoft):
    school = new_school()
    with owner_connection() as owner:
        owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(school.schema_name, "one_mail_per_cause")))

    def several(cause: str) -> bool:
        def one(number):
            with activated(school), contextlib.suppress(CommunicationLog.MultipleObjectsReturned):
                message(cause, to="race@lumiere.example")

        crowd(one, threads=12)
        with activated(school):
            return CommunicationLog.objects.filter(cause=cause).count() > 1

    # on a busy machine twelve threads may come one after the other
    assert any(several(f"race {attempt}") for attempt in range(10))


def test_control_without_the_claim_it_leaves_several_times(new_school, microsoft, monkeypatch):
    monkeypatch.setattr(delivery, "_claimed", lambda log_id, now: CommunicationLog.objects.get(pk=log_id))
    school = new_school()
    with activated(school):
        log = message("race", to="race@lumiere.example")

    def hand_over(number):
        with activated(school):
            delivery.deliver(log.pk, timezone.now())

    crowd(hand_over, threads=12)
    assert len(microsoft.mail(to="race@lumiere.example")) > 1
