"""An announcement reaches the members of its moment, each once, and says how far it has come."""

import threading
from datetime import timedelta
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.associations.services import members
from apps.associations.services.life import freeze
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Invalid
from apps.mailings import selectors
from apps.mailings.models import Announcement, Recipient
from apps.mailings.services import control, going, sending, unsubscribing, writing
from apps.mailings.services.common import WrongState
from apps.mailings.services.going import NobodyThere
from apps.mailings.services.limits import IsBlocked, LimitReached
from apps.mailings.services.telling import letter
from apps.notifications.models import CommunicationLog, Preference, SuppressedAddress
from apps.notifications.services.rendering import write
from apps.outgoing.catalogue import BY_ACT
from apps.tenants.context import activated, platform
from tests.core.payloads import PAYLOADS
from tests.mailings.conftest import delivered, draft, sent, submitted
from tests.people import admin

SCHOOL_SAYS = Actor.system("tests")


def states(announcement):
    return {row.user_id: (row.state, row.reason) for row in Recipient.objects.filter(announcement=announcement)}


def test_members_get_it_by_mail_and_under_the_bell(choir, microsoft):
    association, president, joined = choir()
    made = sent(association, president)
    assert made.state == "sent"
    assert len(states(made)) == 6 and set(states(made).values()) == {("handed", "")}
    delivered()
    [mail] = microsoft.mail(to=joined[0].email, wait=5)
    assert "Projection de jeudi" in mail["subject"] and association.name in mail["subject"]
    assert "<strong>19 h</strong>" in mail["html"]
    others = [user.email for user in joined[1:]]
    assert not any(email in str(mail) for email in others), "nobody sees another"
    assert CommunicationLog.objects.notices(joined[0].pk).filter(template="announcement").count() == 1
    figures = selectors.figures(made)
    assert figures == {"sent": 6}


def test_only_mail_and_only_in_campanile(choir):
    association, president, joined = choir(1)
    sent(association, president, channels="mail")
    assert not CommunicationLog.objects.notices(joined[0].pk).filter(template="announcement").exists()
    mails = CommunicationLog.objects.mail().filter(template="announcement").count()
    sent(association, president, channels="in-app")
    assert CommunicationLog.objects.mail().filter(template="announcement").count() == mails
    assert CommunicationLog.objects.notices(joined[0].pk).filter(template="announcement").count() == 1


def test_the_audience_is_taken_when_it_leaves(choir, student):
    association, president, joined = choir(2)
    made = submitted(association, president, leaves_at=timezone.now() + timedelta(hours=1))
    members.leave(actor=actor_for(joined[0]), association_id=association.pk, now=timezone.now())
    late = student()
    members.join(actor=actor_for(late), association_id=association.pk, now=timezone.now())
    assert sending.work_on(announcement_id=made.pk) == 0, "not before its time"
    later = timezone.now() + timedelta(hours=2)
    sending.work_on(announcement_id=made.pk, clock=lambda: later)
    assert late.pk in states(made) and joined[0].pk not in states(made)


@pytest.mark.parametrize(("audience", "expected"), [("board", 2), ("members", 4), ("pending", 1)])
def test_audiences(choir, student, audience, expected):
    association, president, _joined = choir(1)
    association.joining = "approval"
    association.save()
    members.join(actor=actor_for(student()), association_id=association.pk, now=timezone.now())
    made = sent(association, president, audience=audience)
    assert len(states(made)) == expected


def test_one_office(choir):
    association, president, _joined = choir(0)
    office = association.offices.get(code="treasurer")
    made = sent(association, president, audience="office", office_id=office.pk)
    assert len(states(made)) == 1 and president.pk not in states(made)
    with pytest.raises(Invalid):
        draft(association, president, audience="office", office_id=None)


def test_whoever_should_not_get_it_is_skipped_with_the_reason(choir):
    association, president, joined = choir(5)
    gone, ended, closed, unwilling, left = joined
    unsubscribing.choose(actor=actor_for(ended), association_id=association.pk, wanted=False, now=timezone.now())
    SuppressedAddress.objects.create(address=closed.email)
    Preference.objects.create(user_id=unwilling.pk, category="announcements", medium="email", timing="off")
    made = submitted(association, president, channels="mail")
    assert sending._begin(made.pk, timezone.now())
    User.objects.filter(pk=gone.pk).update(status=User.Status.SUSPENDED)
    members.leave(actor=actor_for(left), association_id=association.pk, now=timezone.now())
    sending.work_on(announcement_id=made.pk)
    found = states(made)
    assert found[gone.pk] == ("skipped", "left")
    assert found[ended.pk] == ("skipped", "unsubscribed")
    assert found[closed.pk] == ("skipped", "address")
    assert found[unwilling.pk] == ("skipped", "preference")
    assert found[left.pk] == ("skipped", "not-audience")
    assert found[president.pk] == ("handed", "")
    mails = CommunicationLog.objects.mail().filter(template="announcement").values_list("user_id", flat=True)
    assert set(mails).isdisjoint(user.pk for user in joined)


def test_without_mail_it_still_stands_under_the_bell(choir):
    association, president, [ended] = choir(1)
    unsubscribing.choose(actor=actor_for(ended), association_id=association.pk, wanted=False, now=timezone.now())
    made = sent(association, president)
    assert states(made)[ended.pk] == ("handed", "unsubscribed")
    assert not CommunicationLog.objects.mail().filter(template="announcement", user_id=ended.pk).exists()


# --- never twice -----------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nothing catches this."""


@pytest.mark.parametrize("moment", ["_mark", "_finish"])
def test_a_worker_that_dies_anywhere_repeats_nothing(choir, monkeypatch, moment):
    association, president, _joined = choir(4)
    made = submitted(association, president)
    calls = []

    def killed(*args):
        calls.append(args)
        if moment == "_finish" or len(calls) == 3:
            raise Killed
        return real(*args)

    real = getattr(sending, moment)
    with monkeypatch.context() as patch:
        patch.setattr(sending, moment, killed)
        with pytest.raises(Killed):
            sending.work_on(announcement_id=made.pk)
    sending.work_on(announcement_id=made.pk)
    made.refresh_from_db()
    assert made.state == "sent" and set(states(made).values()) == {("handed", "")}
    mails = CommunicationLog.objects.mail().filter(template="announcement")
    assert mails.count() == 7 == mails.values("user_id").distinct().count()
    assert CommunicationLog.objects.filter(channel="in-app", template="announcement").count() == 7


def test_the_sweeper_finds_what_is_due_and_what_a_dead_worker_left(choir, monkeypatch):
    association, president, _joined = choir(0)
    now, rung = timezone.now(), []
    monkeypatch.setattr(sending, "ring", lambda one: rung.append(one.pk))
    made = submitted(association, president, leaves_at=now + timedelta(hours=1))
    assert sending.sweep(now) == 0
    assert sending.sweep(now + timedelta(hours=1)) == 1
    sending._begin(made.pk, now + timedelta(hours=1))
    assert sending.sweep(now + timedelta(hours=1, seconds=30)) == 0, "somebody is at it"
    assert sending.sweep(now + timedelta(hours=1) + sending.DEAD * 2) == 1
    assert rung == [made.pk, made.pk]


def test_one_fault_keeps_nobody_else_waiting_and_it_says_partial(choir, monkeypatch):
    association, president, joined = choir(2)
    made = submitted(association, president)
    real = sending.telling.announce_by_mail

    def faulty(announcement, user):
        if user.pk == joined[0].pk:
            raise ValueError("a fault of ours")
        return real(announcement, user)

    monkeypatch.setattr(sending.telling, "announce_by_mail", faulty)
    sending.work_on(announcement_id=made.pk)
    assert states(made)[joined[0].pk] == ("failed", "fault")
    assert states(made)[joined[1].pk] == ("handed", "")
    row = selectors.with_figures(Announcement.objects.all()).get(pk=made.pk)
    assert row.state == "sent" and selectors.shown_state(row) == "partial"
    assert selectors.in_state(selectors.with_figures(Announcement.objects.all()), "partial").count() == 1
    assert selectors.in_state(selectors.with_figures(Announcement.objects.all()), "sent").count() == 0


def test_mail_that_comes_back_makes_it_partial(choir):
    association, president, joined = choir(1)
    made = sent(association, president)
    CommunicationLog.objects.mail().filter(user_id=joined[0].pk, template="announcement").update(state="bounced")
    row = selectors.with_figures(Announcement.objects.all()).get(pk=made.pk)
    assert selectors.shown_state(row) == "partial" and selectors.figures(made)["bounced"] == 1


# --- stopped ---------------------------------------------------------------------------------------------


def test_stop_really_stops(choir, microsoft, monkeypatch):
    """Nobody else is handed anything, and mail that had not left yet does not leave."""
    association, president, _joined = choir(4)
    made = submitted(association, president)
    sending._begin(made.pk, timezone.now())
    sending._hand_next(made.pk, timezone.now())
    sending._hand_next(made.pk, timezone.now())
    going.stop(actor=actor_for(president), announcement_id=made.pk, now=timezone.now())
    assert not sending._hand_next(made.pk, timezone.now()) and sending.work_on(announcement_id=made.pk) == 0
    delivered()
    found = [state for state, _reason in states(made).values()]
    assert found.count("skipped") == 5 and found.count("handed") == 2
    assert selectors.figures(made) == {"suppressed": 2, "skipped": 5}
    assert [mail for mail in microsoft.mail() if "Projection" in mail["subject"]] == []
    going.stop(actor=actor_for(president), announcement_id=made.pk, now=timezone.now())


def test_the_school_stops_with_a_reason_and_the_board_reads_it(choir):
    association, president, joined = choir(1)
    made = submitted(association, president)
    boss = actor_for(admin())
    with pytest.raises(Invalid):
        going.stop(actor=boss, announcement_id=made.pk, now=timezone.now())
    going.stop(actor=boss, announcement_id=made.pk, now=timezone.now(), reason="Publicité commerciale.")
    made.refresh_from_db()
    assert (made.state, made.stopped_because) == ("stopped", "Publicité commerciale.")
    assert CommunicationLog.objects.mail().filter(template="announcement_decided", user_id=president.pk).exists()
    with pytest.raises(Forbidden):
        going.stop(actor=actor_for(joined[0]), announcement_id=made.pk, now=timezone.now())


def test_a_frozen_association_stops_in_the_middle(choir):
    association, president, _joined = choir(3)
    made = submitted(association, president)
    sending._begin(made.pk, timezone.now())
    sending._hand_next(made.pk, timezone.now())
    freeze(actor=SCHOOL_SAYS, association_id=association.pk, reason="Bilan manquant.", now=timezone.now())
    sending.work_on(announcement_id=made.pk)
    made.refresh_from_db()
    assert made.state == "stopped"
    assert [state for state, _reason in states(made).values()].count("handed") == 1


def test_a_blocked_association_sends_nothing(choir):
    association, president, _joined = choir(1)
    now = timezone.now()
    waiting = submitted(association, president, leaves_at=now + timedelta(hours=1))
    boss, until = actor_for(admin()), now + timedelta(days=2)
    control.block(actor=boss, association_id=association.pk, until=until, reason="Plaintes.", now=now)
    control.block(actor=boss, association_id=association.pk, until=until, reason="Plaintes.", now=now)
    with pytest.raises(IsBlocked):
        submitted(association, president)
    later = now + timedelta(hours=2)
    sending.work_on(announcement_id=waiting.pk, clock=lambda: later)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.stopped_because) == ("stopped", "Plaintes.")
    assert CommunicationLog.objects.mail().filter(template="announcement_blocked").count() == 1
    control.unblock(actor=boss, association_id=association.pk, now=now)
    assert submitted(association, president).state == "scheduled"
    with pytest.raises(Forbidden):
        control.block(actor=actor_for(president), association_id=association.pk, until=until, reason="Non.", now=now)


# --- limits and approval ---------------------------------------------------------------------------------


@pytest.fixture
def set_to(lumiere):
    def change(**values):
        with platform():
            lumiere.settings = {**lumiere.settings, "mailings": {**lumiere.settings.get("mailings", {}), **values}}
            lumiere.save(update_fields=["settings"])

    return change


def test_limits_of_day_and_week(choir, set_to):
    set_to(per_day=2, per_week=3)
    association, president, _joined = choir(0)
    now = timezone.now()
    assert submitted(association, president).state == "scheduled"
    second = submitted(association, president)
    with pytest.raises(LimitReached):
        submitted(association, president)
    assert Announcement.objects.filter(state="draft").count() == 1, "what was written is kept"
    going.take_back(actor=actor_for(president), announcement_id=second.pk, now=now)
    assert submitted(association, president).state == "scheduled", "what was taken back counts no more"
    weeks_later = now + timedelta(days=21)
    assert submitted(association, president, leaves_at=weeks_later).state == "scheduled"


def test_the_week_counts_too(choir, set_to):
    set_to(per_day=1, per_week=2)
    association, president, _joined = choir(0)
    zone = selectors.zone_of(association)
    monday = selectors.week_around(timezone.now() + timedelta(days=14), zone)[0]
    for day in (0, 2):
        submitted(association, president, leaves_at=monday + timedelta(days=day, hours=9))
    with pytest.raises(LimitReached):
        submitted(association, president, leaves_at=monday + timedelta(days=4, hours=9))
    assert submitted(association, president, leaves_at=monday + timedelta(days=7, hours=9)).state == "scheduled"


@pytest.mark.django_db(transaction=True)
def test_limits_are_exact_when_many_are_sent_at_once(choir, set_to, lumiere):
    set_to(per_day=3, per_week=50)
    association, president, _joined = choir(0)
    drafts = [draft(association, president) for _number in range(8)]
    actor, answers = actor_for(president), []
    start = threading.Barrier(8)

    def go(made):
        try:
            with activated(lumiere):
                start.wait()
                going.submit(actor=actor, announcement_id=made.pk, now=timezone.now())
                answers.append("gone")
        except LimitReached:
            answers.append("limit")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(made,)) for made in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["gone"] * 3 + ["limit"] * 5


def test_one_person_gets_so_many_a_day(choir, set_to):
    set_to(per_recipient=2, per_day=5)
    association, president, [member] = choir(1)
    found = [states(sent(association, president))[member.pk] for _number in range(3)]
    assert found == [("handed", ""), ("handed", ""), ("skipped", "limit")]


def test_the_school_approves_what_goes_to_many(choir, set_to):
    set_to(approval_above=3)
    association, president, _joined = choir(2)
    boss = admin()
    made = submitted(association, president)
    assert made.state == "approval" and sending.work_on(announcement_id=made.pk) == 0
    assert CommunicationLog.objects.mail().filter(template="announcement_waiting", user_id=boss.pk).count() == 1
    with pytest.raises(Forbidden):
        going.approve(actor=actor_for(president), announcement_id=made.pk, now=timezone.now())
    going.give_back(actor=actor_for(boss), announcement_id=made.pk, reason="Précisez le lieu.", now=timezone.now())
    made.refresh_from_db()
    assert (made.state, made.returned_because) == ("draft", "Précisez le lieu.")
    going.submit(actor=actor_for(president), announcement_id=made.pk, now=timezone.now())
    going.approve(actor=actor_for(boss), announcement_id=made.pk, now=timezone.now())
    going.approve(actor=actor_for(boss), announcement_id=made.pk, now=timezone.now())
    sending.work_on(announcement_id=made.pk)
    made.refresh_from_db()
    assert made.state == "sent"


def test_the_school_approves_those_of_a_new_board(choir, set_to):
    set_to(new_board_days=30)
    association, president, _joined = choir(0)
    assert submitted(association, president).state == "approval"


# --- writing ---------------------------------------------------------------------------------------------


def test_only_the_board_writes_and_only_drafts_change(choir):
    association, president, joined = choir(1)
    with pytest.raises(Forbidden):
        draft(association, joined[0])
    with pytest.raises(Forbidden):
        draft(association, admin())
    made = submitted(association, president, leaves_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(WrongState):
        writing.change(actor=actor_for(president), announcement_id=made.pk, now=timezone.now(), title_fr="Autre")
    with pytest.raises(WrongState):
        writing.discard(actor=actor_for(president), announcement_id=made.pk, now=timezone.now())


def test_the_secretary_may_and_the_treasurer_may_not(choir):
    association, _president, _joined = choir(0)
    given = {one.code: "mailings.send" in one.permissions for one in association.offices.all()}
    assert given == {"president": True, "secretary": True, "treasurer": False}


def test_boards_that_were_there_already_get_it_by_the_migration(choir):
    from importlib import import_module

    from django.apps import apps as registry

    association, _president, _joined = choir(0)
    before = ["associations.edit", "associations.workspace"]
    association.offices.filter(code="president").update(permissions=before)
    association.offices.filter(code="secretary").update(permissions=["associations.workspace"])
    import_module("apps.mailings.migrations.0002_usual_offices").give(
        registry, SimpleNamespace(connection=connections["default"])
    )
    found = {one.code: "mailings.send" in one.permissions for one in association.offices.all()}
    assert found == {"president": True, "secretary": False, "treasurer": False}, "what was taken away stays away"


def test_nobody_there(choir):
    association, president, _joined = choir(0)
    with pytest.raises(NobodyThere):
        submitted(association, president, audience="pending")


NONSENSE = (
    {"title_fr": ""},
    {"body_fr": ""},
    {"title_en": "Only a title"},
    {"title_fr": "x" * 151},
    {"audience": "everybody"},
    {"channels": "pigeon"},
)


@pytest.mark.parametrize("fields", NONSENSE)
def test_what_makes_no_sense_is_refused_by_field(choir, fields):
    association, president, _joined = choir(0)
    with pytest.raises(Invalid) as refused:
        draft(association, president, **fields)
    assert refused.value.fields


def test_a_test_goes_to_its_author_alone_and_unsubscribes_nobody(choir, microsoft):
    association, president, _joined = choir(2)
    made = draft(association, president)
    assert writing.try_out(actor=actor_for(president), announcement_id=made.pk, now=timezone.now()) == president.email
    delivered()
    mails = [mail for mail in microsoft.mail(to=president.email, wait=5) if "Projection" in mail["subject"]]
    assert len(mails) == 1 and "List-Unsubscribe" not in str(mails[0]["headers"])
    assert not states(made)


# --- what others type ------------------------------------------------------------------------------------


def test_payloads_are_harmless_in_the_mail(choir):
    association, president, [member] = choir(1)
    made, seen = draft(association, president), 0
    for payload in PAYLOADS:
        made.title_fr, made.body_fr = f"Titre {payload}", f"Texte {payload}"
        html = write("announcement", letter(made, member, "https://example.org/x"), "fr").html
        assert not forbidden(html), payload
        seen += "Texte" in html
    assert seen == len(PAYLOADS) > 300, "the control: they are there"
    assert forbidden("<p><img src=x onerror=y></p>"), "the control: it can tell"


def forbidden(html: str) -> list[str]:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in ("script", "iframe", "img", "svg", "object", "embed", "form", "input", "math", "base", "link"):
                found.append(tag)
            for name, value in attrs:
                if name.startswith("on") or (value or "").strip().lower().startswith(
                    ("javascript:", "data:", "vbscript:")
                ):
                    found.append(f"{tag} {name}={value}")

    Reader().feed(html)
    return found


BREAKS = [
    "\r\nBcc: victim@example.org",
    "\nBcc: victim@example.org",
    "\u2028Bcc: x",
    "\x0b\x0cBcc: x",
    "\u202ereversed",
    "\x85Bcc: x",
]


@pytest.mark.parametrize("broken", BREAKS)
def test_a_title_cannot_become_another_header(choir, microsoft, broken):
    association, president, [member] = choir(1)
    made = sent(association, president, title_fr=f"Titre{broken}", channels="mail")
    assert made.title_fr == " ".join(made.title_fr.split()) and "\u202e" not in made.title_fr
    delivered()
    [mail] = [one for one in microsoft.mail(to=member.email, wait=5) if "Titre" in one["subject"]]
    assert "bcc" not in {str(name).lower() for name in dict(mail["headers"])}
    assert not microsoft.mail(to="victim@example.org")


def test_it_is_told_to_others_once(choir):
    association, president, _joined = choir(0)
    made = sent(association, president)
    sending.work_on(announcement_id=made.pk)
    [line] = AuditEvent.objects.filter(act="announcement.sent", target_id=str(made.pk))
    news = BY_ACT["announcement.sent"].describe(made, line)
    assert (news.handed, news.skipped, news.failed, news.audience) == (3, 0, 0, "members")
