"""What others report about our mail, in any order and as often as they like."""

import itertools
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import Forbidden, NotVisible
from apps.notifications import states
from apps.notifications.models import CommunicationLog, SuppressedAddress
from apps.notifications.services import DeliveryReport, record_reports, suppression
from apps.notifications.services.again import CannotSendAgain, send_again
from apps.tenants.context import activated
from tests.notifications.conftest import alert, message, tried
from tests.people import acting, admin, auditor
from tests.tenants.crowd import crowd

THEN = timezone.now().replace(microsecond=0)
SYSTEM = Actor.system("tests")


def report(log, status, minutes=0, **facts):
    return DeliveryReport(log.pk, status, THEN + timedelta(minutes=minutes), **facts)


def told(*reports):
    return dict(record_reports(reports, THEN + timedelta(hours=1)))


def state_of(log):
    log.refresh_from_db()
    return log.state


def test_it_moves_on_and_remembers_when(lumiere):
    log = message()
    assert told(report(log, "sent", 1)) == {log.pk: "applied"}
    assert told(report(log, "delivered", 2)) == {log.pk: "applied"} and state_of(log) == "delivered"
    assert (log.sent_at, log.delivered_at) == (THEN + timedelta(minutes=1), THEN + timedelta(minutes=2))
    assert (log.text, log.html, log.next_attempt_at) == ("", "", None), "it left: its secret goes"


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
def test_every_order_ends_alike(lumiere, together):
    """Four reports, each twice, in every order of the four."""
    ends = set()
    for number, order in enumerate(itertools.permutations(["sent", "failed", "delivered", "bounced"])):
        log = message(f"order:{number}", to=f"o{number}@lumiere.example")
        minutes = {"sent": 1, "failed": 2, "delivered": 3, "bounced": 4}
        reports = [report(log, status, minutes[status], reason=status) for status in order]
        if together:
            told(*reports, *reports)
        else:
            for one in [*reports, *reports]:
                told(one)
        log.refresh_from_db()
        ends.add((log.state, log.error, log.sent_at, log.failed_at, log.delivered_at, log.bounced_at))
    assert len(ends) == 1 and ends.pop()[:2] == ("bounced", "bounced")


def test_control_orders_differ_when_the_last_word_wins(lumiere, monkeypatch):
    """Without the ranks the ends are as many as the last reports."""
    from apps.notifications.services import reports as service

    naive = service.STATEMENT.replace(
        "array_position(%(order)s::text[], told.state) > array_position(%(order)s::text[], old.state::text)", "true"
    )
    assert naive != service.STATEMENT
    monkeypatch.setattr(service, "STATEMENT", naive)
    ends = set()
    for number, order in enumerate(itertools.permutations(["sent", "delivered", "bounced"])):
        log = message(f"order:{number}", to=f"o{number}@lumiere.example")
        for status in order:
            told(report(log, status))
        ends.add(state_of(log))
    assert ends == {"sent", "delivered", "bounced"}


def test_a_late_sent_takes_nothing_back(lumiere):
    log = message()
    told(report(log, "delivered", 5))
    assert told(report(log, "sent", 1)) == {log.pk: "known"}
    assert state_of(log) == "delivered" and log.sent_at == THEN + timedelta(minutes=1)


def test_a_report_may_be_quicker_than_we_are(lumiere, microsoft, monkeypatch):
    """The provider reports while the worker is still waiting for the answer of its mail server."""
    from apps.notifications.channels.smtp import Smtp

    log, send = message(), Smtp.send

    def slow(self, row):
        send(self, row)
        told(report(row, "delivered", 1))

    monkeypatch.setattr(Smtp, "send", slow)
    assert tried(log).state == "delivered" and log.sent_at is not None and len(microsoft.mail()) == 1


def test_batches_are_one_statement(lumiere):
    logs = [message(f"many:{n}", to=f"m{n}@lumiere.example") for n in range(50)]
    with CaptureQueriesContext(connection) as queries:
        answers = told(*[report(log, "delivered") for log in logs])
    writing = [one["sql"] for one in queries if "notifications_communicationlog" in one["sql"]]
    assert len(writing) == 1 and set(answers.values()) == {"applied"}


def test_ids_as_providers_give_them(lumiere, curie):
    log, nobody = message(), uuid4()
    told_as = {f"<{log.pk}@campanile.localhost>": "applied", nobody: "unknown", "abc": "unknown", "": "unknown"}
    assert dict(record_reports([DeliveryReport(given, "sent", THEN) for given in told_as], THEN)) == told_as
    with activated(curie):
        assert told(report(log, "bounced")) == {log.pk: "unknown"}, "not in another school"
        assert not SuppressedAddress.objects.exists()
    assert state_of(log) == "sent"


def test_nonsense_is_refused_or_cleaned(lumiere):
    log = message()
    with pytest.raises(ValueError, match="opened"):
        told(report(log, "opened"))
    future = THEN + timedelta(days=900)
    record_reports([DeliveryReport(log.pk, "bounced", future, reason="no\x00 such\nuser " * 99)], THEN)
    log.refresh_from_db()
    assert log.bounced_at == THEN and "\x00" not in log.error and len(log.error) <= 300
    assert told() == {}


def test_a_notice_is_nothing_to_report_about(lumiere):
    user = admin()
    alert(user_id=user.pk)
    notice = CommunicationLog.objects.notices(user.pk).get()
    assert told(report(notice, "bounced")) == {notice.pk: "unknown"}


# --- addresses ---------------------------------------------------------------------------------------------


def test_a_hard_bounce_closes_the_address_until_it_is_lifted(lumiere, microsoft):
    log = message(to="Gone@Lumiere.example")
    assert tried(log).state == "sent"
    told(report(log, "bounced", reason="550 5.1.1"))
    told(report(log, "bounced", reason="again"))
    found = SuppressedAddress.objects.get()
    assert (found.address, found.reason, found.log_id) == ("gone@lumiere.example", "550 5.1.1", log.pk)
    next_one = tried(alert("next", to="gone@lumiere.example"))
    assert (next_one.state, next_one.error) == ("suppressed", "address") and next_one.suppressed_at
    assert len(microsoft.mail()) == 1
    with pytest.raises(Forbidden):
        suppression.lift(actor=acting(auditor()), address_id=found.pk, now=THEN)
    boss = acting(admin())
    for _ in range(2):
        suppression.lift(actor=boss, address_id=found.pk, now=THEN)
    events = AuditEvent.objects.filter(act="message.address_lifted")
    assert [event.target_label for event in events] == ["g…@lumiere.example"], "the trail outlives the person"
    send_again(actor=boss, log_id=next_one.pk, now=timezone.now())
    assert tried(next_one).state == "sent" and len(microsoft.mail()) == 2
    told(report(log, "bounced", reason="told once more"))
    assert not suppression.is_suppressed("gone@lumiere.example"), "an old bounce that is told again closes nothing"
    with pytest.raises(NotVisible):
        suppression.lift(actor=boss, address_id=uuid4(), now=THEN)


def test_a_soft_bounce_closes_nothing(lumiere):
    log = message()
    told(report(log, "bounced", permanent=False))
    assert state_of(log) == "bounced" and not SuppressedAddress.objects.exists()


# --- once more ---------------------------------------------------------------------------------------------


def test_what_was_given_up_can_be_sent_again(lumiere, microsoft, settings):
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    log = alert()
    CommunicationLog.objects.filter(pk=log.pk).update(attempts=20)
    assert tried(log).state == "failed" and log.html, "its text is no secret: kept for a while"
    with pytest.raises(Forbidden):
        send_again(actor=acting(auditor()), log_id=log.pk, now=THEN)
    settings.EMAIL_PORT = port
    now = timezone.now()
    send_again(actor=acting(admin()), log_id=log.pk, now=now)
    assert AuditEvent.objects.get(act="message.sent_again").target_id == str(log.pk)
    record_reports([DeliveryReport(log.pk, "failed", now - timedelta(minutes=5))], now)
    assert state_of(log) == "queued", "an old report speaks of the first time"
    assert tried(log).state == "sent" and (log.failed_at, log.again_at) != (None, None)
    [mail] = microsoft.mail(wait=5)
    with pytest.raises(CannotSendAgain):
        send_again(actor=acting(admin()), log_id=log.pk, now=now)


def test_a_personal_link_is_never_sent_again(lumiere, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    log = message()
    CommunicationLog.objects.filter(pk=log.pk).update(attempts=20)
    assert tried(log).state == "failed" and log.html == ""
    with pytest.raises(CannotSendAgain):
        send_again(actor=acting(admin()), log_id=log.pk, now=THEN)


def test_texts_that_were_not_sent_are_forgotten_after_two_weeks(lumiere, settings):
    from apps.notifications.services import delivery

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    log = alert()
    CommunicationLog.objects.filter(pk=log.pk).update(attempts=20)
    tried(log)
    delivery.sweep(timezone.now() + timedelta(days=13))
    log.refresh_from_db()
    assert log.html
    delivery.sweep(timezone.now() + timedelta(days=15))
    log.refresh_from_db()
    assert log.html == log.text == ""


# --- the walls ---------------------------------------------------------------------------------------------


def test_only_legal_moves_happen(lumiere):
    """Every state to every other, by the only function that moves."""
    State = CommunicationLog.State
    happened = set()
    for number, (before, after) in enumerate(itertools.product(State, State)):
        log = message(f"move:{number}")
        error = "why" if "suppressed" in (before, after) else ""
        CommunicationLog.objects.filter(pk=log.pk).update(state=before, error=error)
        if after in states.MOVES and states.move(CommunicationLog.objects.filter(pk=log.pk), after, THEN):
            happened.add((before.value, after.value))
    assert happened == {
        ("queued", "sent"), ("queued", "failed"), ("queued", "bounced"), ("queued", "suppressed"),
        ("failed", "queued"), ("suppressed", "queued"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [{"state": "opened"}, {"channel": "pigeon"}, {"state": "suppressed"}, {"channel": "in-app"}, {"unread": True}],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(lumiere, values):
    log = message()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommunicationLog.objects.filter(pk=log.pk).update(**values)


# --- many at once ------------------------------------------------------------------------------------------


def test_batches_that_overlap_in_any_order_never_wait_for_each_other(new_school):
    """Eight workers report about the same messages, each in an order of its own: no deadlock, one end for all."""
    school = new_school()
    with activated(school):
        logs = [message(f"crowd:{n}", to=f"c{n}@{school.slug}.example") for n in range(60)]

    def one(number):
        chance = random.Random(number)
        with activated(school):
            for _ in range(3):
                reports = [report(log, chance.choice(["sent", "delivered", "failed"])) for log in logs]
                chance.shuffle(reports)
                told(*reports)
            told(*[report(log, "bounced", reason="gone") for log in chance.sample(logs, len(logs))])
        return True

    assert all(crowd(one, threads=8))
    with activated(school):
        assert set(CommunicationLog.objects.filter(cause__startswith="crowd:").values_list("state")) == {("bounced",)}
        assert SuppressedAddress.objects.count() == 60


def test_control_without_an_order_of_locks_they_do(new_school, monkeypatch):
    """Row by row in the order of the batch, as a loop of saves would do it."""
    school = new_school()
    with activated(school):
        logs = [message(f"crowd:{n}", to=f"c{n}@{school.slug}.example") for n in range(60)]

    def one(number):
        mine = random.Random(number).sample(logs, len(logs))
        with activated(school):
            try:
                with transaction.atomic():
                    for log in mine:
                        told(report(log, "delivered"))
            except OperationalError as fault:
                return str(fault)
        return ""

    assert any("deadlock" in answer for answer in crowd(one, threads=8))
