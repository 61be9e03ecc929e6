"""What people want to hear of, and the daily summary of the rest."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotWhileActing
from apps.notifications import kinds
from apps.notifications.models import CommunicationLog, Preference
from apps.notifications.services import preferences, summaries
from apps.tenants.context import activated, platform
from apps.tenants.models import School
from tests.notifications.conftest import alert, message, tried
from tests.people import acting, admin, person
from tests.tenants.crowd import crowd


def wants(user, email="now", in_app="now", category="operations"):
    preferences.change(actor=acting(user), values={category: {"email": email, "in-app": in_app}})


def mail_of(user):
    return CommunicationLog.objects.mail().filter(user_id=user.pk)


def test_as_usual_it_is_mailed_and_stands_under_the_bell(lumiere, microsoft):
    user = admin()
    log = alert(user_id=user.pk, to=user.email)
    assert tried(log).state == "sent"
    notice = CommunicationLog.objects.notices(user.pk).get()
    assert (notice.subject, notice.link, notice.state, notice.unread) == (log.subject, "/directory/", "delivered", True)
    assert (notice.text, notice.html, notice.to) == ("", "", "")
    alert(user_id=user.pk, to=user.email)
    assert CommunicationLog.objects.notices(user.pk).count() == 1, "once per cause"


def test_off_is_kept_as_suppressed_with_the_reason(lumiere, microsoft):
    user = admin()
    wants(user, "off", "off")
    log = alert(user_id=user.pk, to=user.email)
    assert (log.state, log.error, log.html) == ("suppressed", "preference", "") and log.suppressed_at
    tried(log)
    assert microsoft.mail() == [] and not CommunicationLog.objects.notices(user.pk).exists()


def test_security_cannot_be_switched_off(lumiere):
    user = person()
    for values in ({"security": {"email": "off"}}, {"nothing": {"email": "off"}}, {"operations": {"in-app": "daily"}}):
        with pytest.raises(Invalid):
            preferences.change(actor=acting(user), values=values)
    Preference.objects.create(user_id=user.pk, category="security", medium="email", timing="off")
    log = message(user_id=user.pk, template="session_reused", context={"address": "x", "at": timezone.now()})
    assert log.state == "queued" and log.html, "not even by a row that should not be there"


def test_only_oneself_chooses_and_it_is_written_down(lumiere):
    user = admin()
    wants(user, "daily")
    wants(user, "daily")
    event = AuditEvent.objects.get(act="notifications.preferences_changed")
    assert event.changes == {"operations-email": ["now", "daily"]}
    with pytest.raises(NotWhileActing):
        preferences.change(actor=Actor(label="x", user_id=user.pk, acting_for="y"), values={})


# --- the summary -------------------------------------------------------------------------------------------


@pytest.fixture
def reader(lumiere) -> User:
    user = admin()
    wants(user, "daily")
    return user


def at(hour, day=7, minute=0):
    """A moment of September 2026 in UTC; the school is two hours ahead."""
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC)


def waiting(user, cause, created):
    log = alert(cause, user_id=user.pk, to=user.email)
    CommunicationLog.objects.filter(pk=log.pk).update(created_at=created)
    return log


def test_the_day_goes_in_one_mail_at_the_schools_hour(reader, microsoft):
    first, second = waiting(reader, "a", at(4, day=6)), waiting(reader, "b", at(4, minute=59))
    late = waiting(reader, "c", at(5, minute=1))
    assert tried(first).state == "queued" and microsoft.mail() == [], "it does not leave by itself"
    assert summaries.send_due(at(4, minute=59)) == 1, "yesterday's hour: what came after it waits"
    assert summaries.send_due(at(5)) == 1, "seven o'clock in Paris"
    [yesterday, today] = CommunicationLog.objects.filter(template="daily_summary").order_by("cause")
    for log in (first, second, late):
        log.refresh_from_db()
    assert [first.summary_id, second.summary_id, late.summary_id] == [yesterday.pk, today.pk, None]
    assert [first.state, second.state, late.state] == ["sent", "sent", "queued"]
    assert (today.to, today.language) == (reader.email, "en")
    assert today.text.count(second.subject) == 1 and "http://lumiere.campanile.localhost" in today.text
    assert tried(today, timezone.now()).state == "sent"


def test_whatever_runs_twice_it_is_one_mail_a_day(reader):
    waiting(reader, "a", at(3))
    assert [summaries.send_due(at(5)), summaries.send_due(at(5)), summaries.send_due(at(21))] == [1, 0, 0]
    waiting(reader, "b", at(3))
    assert summaries.send_due(at(22)) == 0, "another one of the same day waits for tomorrow"
    assert summaries.send_due(at(5, day=8)) == 1
    assert CommunicationLog.objects.filter(template="daily_summary").count() == 2


def test_many_workers_at_once_write_one_summary(new_school):
    school = new_school()
    with activated(school):
        user = admin(email=f"boss@{school.slug}.example")
        wants(user, "daily")
        for number in range(5):
            waiting(user, f"n{number}", at(3))

    def one(number):
        with activated(school):
            return summaries.send_due(at(5))

    assert sum(crowd(one, threads=8)) == 1
    with activated(school):
        [mail] = CommunicationLog.objects.filter(template="daily_summary")
        assert CommunicationLog.objects.filter(summary_id=mail.pk, state="sent").count() == 5


def test_control_without_the_lock_the_rows_would_be_taken_twice(new_school, monkeypatch):
    """Had the mail no cause of its own, each worker would write one."""
    monkeypatch.setattr(summaries, "LARGEST", 50)
    school = new_school()
    with activated(school):
        user = admin(email=f"boss@{school.slug}.example")
        wants(user, "daily")
        waiting(user, "n", at(3))
    taken = CommunicationLog.objects.mail().filter

    def one(number):
        with activated(school):
            rows = list(taken(user_id=user.pk, state="queued", daily=True))
            if rows:
                message(f"summary without a day:{number}", to=user.email)
                CommunicationLog.objects.filter(pk__in=[row.pk for row in rows]).update(state="sent")
            return len(rows)

    assert sum(crowd(one, threads=8)) > 1


def test_the_school_chooses_the_hour(reader, lumiere):
    with platform():
        School.objects.filter(pk=lumiere.pk).update(
            settings={"notifications": {"summary_hour": 18}}, time_zone="Asia/Tokyo"
        )
    waiting(reader, "a", at(8))
    assert summaries.send_due(at(8, minute=59)) == 0
    assert summaries.send_due(at(9)) == 1, "six in the evening in Tokyo"


def test_who_changed_their_mind_still_gets_what_waited(reader):
    waiting(reader, "a", at(3))
    wants(reader, "now")
    assert summaries.send_due(at(5)) == 1


def test_of_a_very_long_day_the_rest_is_counted(reader, monkeypatch):
    monkeypatch.setattr(summaries, "LARGEST", 2)
    for number in range(5):
        waiting(reader, f"n{number}", at(3))
    summaries.send_due(at(5))
    mail = CommunicationLog.objects.get(template="daily_summary")
    assert "and 3 more" in mail.text and "and 3 more" in mail.html and mail.subject.startswith("5 messages")


def test_nothing_waits_nothing_is_sent(reader):
    assert summaries.send_due(at(5)) == 0 and not CommunicationLog.objects.filter(template="daily_summary").exists()


def test_waiting_for_a_summary_is_no_trouble_for_the_status_page(reader):
    from apps.ops.status import _mail_part

    waiting(reader, "a", timezone.now() - timedelta(hours=20))
    CommunicationLog.objects.filter(template="invitation").delete()
    assert _mail_part(timezone.now()).state == "ok"


def test_kinds_are_declared_once():
    with pytest.raises(ValueError, match="twice"):
        kinds.kind("invitation", "x", kinds.ACCOUNT)
    with pytest.raises(kinds.UnknownKind, match="no_such_kind"):
        kinds.known("no_such_kind")
