"""A message is a row first, leaves once, keeps trying, and does not keep its secrets."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.notifications import tasks
from apps.notifications.branding import accent
from apps.notifications.models import CommunicationLog
from apps.notifications.services import delivery
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.notifications.conftest import URL, message, tried


def test_it_arrives_and_its_text_is_forgotten(lumiere, microsoft):
    log = tried(message())
    assert (log.state, log.text, log.html, log.attempts) == ("sent", "", "", 1)
    assert log.sent_at
    [mail] = microsoft.mail(to="camille@lumiere.example", wait=5)
    assert mail["subject"] == "You are invited to École Lumière on Campanile"
    assert URL in mail["text"] and URL in mail["links"]
    assert str(log.pk) in str(mail["headers"])
    assert "the-secret-of-the-link" not in repr(list(CommunicationLog.objects.values()))


def test_the_same_cause_sends_once(lumiere, microsoft):
    first, second = message(), message(to="somebody@else.example")
    assert first.pk == second.pk
    for _ in range(3):
        tried(first)
    assert len(microsoft.mail()) == 1


def test_two_workers_with_one_message_send_it_once(lumiere, microsoft):
    """The first has claimed it and is still speaking to the mail server."""
    log = message()
    now = timezone.now()
    CommunicationLog.objects.filter(pk=log.pk).update(next_attempt_at=now + delivery.CLAIM)
    assert tried(log, now).state == "queued" and microsoft.mail() == []
    assert tried(log, now + delivery.CLAIM).state == "sent", "a worker that died gives it back"


def test_a_mail_server_that_is_away_is_tried_again_later(lumiere, microsoft, settings):
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    log, now = tried(message()), timezone.now()
    assert log.state == "queued" and log.error.startswith("ConnectionRefusedError")
    assert log.next_attempt_at > now and URL in log.text
    settings.EMAIL_PORT = port
    assert tried(log, now).state == "queued", "not before its time"
    assert tried(log, log.next_attempt_at).state == "sent"


def test_patience_ends_and_the_secret_goes_too(lumiere, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    log, pauses = message(), []
    for _ in range(len(delivery.PAUSES)):
        before = log.next_attempt_at
        tried(log, before)
        pauses.append(log.next_attempt_at - before)
    assert pauses == [timedelta(seconds=seconds) for seconds in delivery.PAUSES]
    tried(log, log.next_attempt_at)
    assert (log.state, log.text, log.html) == ("failed", "", "")
    assert tried(log).attempts == len(delivery.PAUSES) + 1, "and it stays failed"


def test_the_sweeper_rings_for_what_waits(lumiere, monkeypatch):
    rung = []
    monkeypatch.setattr(delivery, "ring", lambda log: rung.append(log.pk))
    now = timezone.now()
    CommunicationLog.objects.all().delete()
    waiting, later, sent = message("a"), message("b"), message("c")
    CommunicationLog.objects.filter(pk=later.pk).update(next_attempt_at=now + timedelta(minutes=1))
    CommunicationLog.objects.filter(pk=sent.pk).update(state="sent")
    assert delivery.sweep(now + timedelta(seconds=1)) == 1 and rung == [waiting.pk]
    assert delivery.sweep(now + timedelta(minutes=2)) == 2


@pytest.mark.parametrize(("language", "expected"), [("en", "en"), ("fr", "fr"), ("", "fr"), ("xx", "fr")])
def test_it_speaks_the_persons_language_or_the_schools(lumiere, language, expected):
    assert lumiere.locale == "fr"
    log = message(language=language)
    assert log.language == expected and f'lang="{expected}"' in log.html


def test_it_looks_like_the_school(lumiere):
    with platform():
        School.objects.filter(pk=lumiere.pk).update(hue=150, name="École <Lumière> & fils")
    log = message()
    assert accent(150) in log.html and accent(262) not in log.html
    assert "École &lt;Lumière&gt; &amp; fils" in log.html and "École <Lumière> & fils" in log.text
    assert "<style" not in log.html and "<link" not in log.html


def test_names_cannot_become_markup_or_headers(lumiere, microsoft):
    evil = "<img src=x onerror=alert(1)>\nBcc: thief@evil.example"
    context = {"name": evil, "school_name": evil, "invited_by": evil, "url": URL, "hours": 48}
    log = message(context=context)
    assert "<img" not in log.html and "\n" not in log.subject
    assert tried(log).state == "sent"
    [mail] = microsoft.mail(wait=5)
    assert mail["to"] == ["camille@lumiere.example"]


def test_every_hue_is_readable_with_white_text():
    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert min(1.05 / (luminance(accent(hue)) + 0.05) for hue in range(360)) > 4.5


@pytest.mark.parametrize("template", ["invitation", "password_reset", "no_password"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_message_can_be_written(lumiere, template, language):
    log = message(f"{template}{language}", template=template, language=language)
    assert log.subject and log.text.strip() and "<h1" in log.html
    assert URL in log.text and URL in log.html


def test_mail_of_one_school_stays_there(lumiere, curie, microsoft):
    log = message()
    with activated(curie):
        assert delivery.deliver(log.pk, timezone.now()) == "failed"
        assert not CommunicationLog.objects.filter(pk=log.pk).exists()
    assert microsoft.mail() == []


def test_the_platform_sends_its_own(db, microsoft):
    with platform():
        log = message("platform:1", language="")
        assert log.language == "en" and "Campanile" in log.html
        tasks.deliver_platform.run(log_id=str(log.pk))
        log.refresh_from_db()
        assert log.state == "sent"
