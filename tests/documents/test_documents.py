"""From a kind of document to an accepted version, by whom and until when (ASC-2, ASC-6, ASC-10)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.models import Renewal
from apps.associations.services import life, renewals, requests
from apps.associations.services.requests import NotEligible
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.documents import selectors
from apps.documents.models import Dossier, Version
from apps.documents.services import asking, reading, reminding, reviewing
from apps.documents.services.common import DOCUMENT
from apps.documents.services.reviewing import Superseded
from apps.files.models import StoredFile
from apps.files.services import TooLarge
from apps.notifications.models import CommunicationLog
from tests.associations.conftest import SCHOOL_SAYS
from tests.documents.conftest import pdf, sent
from tests.people import admin, auditor

NOV = datetime(2026, 11, 20, 10, tzinfo=UTC)


def accept(version, now=None, actor=SCHOOL_SAYS, **fields):
    return reviewing.accept(actor=actor, version_id=version.pk, now=now or timezone.now(), **fields)


def mails(template):
    return CommunicationLog.objects.filter(template=template).exclude(to="").count()


def state(association, now=None):
    return [row.state for row in selectors.standings(association, now or timezone.now())]


def test_handed_in_read_and_accepted(club, wanted, hand_in):
    association, president, *_ = club()
    kind = wanted()
    assert state(association) == ["missing"]
    version = hand_in(president, association, kind)
    assert (version.number, state(association)) == (1, ["waiting"])
    assert version.file.purpose == DOCUMENT.code
    accept(version)
    assert state(association) == ["accepted"]


def test_the_same_file_sent_twice_is_one_version(club, wanted, hand_in):
    association, president, *_ = club()
    kind = wanted()
    assert hand_in(president, association, kind) == hand_in(president, association, kind)
    assert StoredFile.objects.filter(purpose=DOCUMENT.code).count() == 1


def test_a_new_version_keeps_the_old_and_is_read_again(club, wanted, hand_in):
    association, president, *_ = club()
    kind = wanted()
    first = hand_in(president, association, kind)
    reviewing.ask_changes(actor=SCHOOL_SAYS, version_id=first.pk, comment="La signature manque", now=timezone.now())
    assert state(association) == ["changes"]
    second = hand_in(president, association, kind, pdf("signed"))
    assert (second.number, state(association)) == (2, ["waiting"])
    with pytest.raises(Superseded):
        accept(first)
    assert Version.objects.count() == 2


def test_an_identical_file_is_accepted_by_itself_next_year_and_a_changed_byte_is_not(club, wanted, hand_in):
    association, president, *_ = club(ends_on=timezone.localdate() + timedelta(days=800))
    kind = wanted(renewed="yearly")
    accept(hand_in(president, association, kind))
    later = timezone.now() + timedelta(days=370)
    assert state(association, later) == ["expired"]
    changed = hand_in(president, association, kind, pdf("!"), now=later)
    assert changed.decision == "waiting"
    reviewing.ask_changes(actor=SCHOOL_SAYS, version_id=changed.pk, comment="Pourquoi ?", now=later)
    again = hand_in(president, association, kind, now=later)
    assert (again.decision, again.same_as.number, state(association, later)) == ("accepted", 1, ["accepted"])


def test_an_insurance_is_read_each_year_even_when_it_is_the_same_file(club, wanted, hand_in):
    association, president, *_ = club(ends_on=timezone.localdate() + timedelta(days=800))
    kind = wanted(renewed="yearly", same_is_enough=False)
    accept(hand_in(president, association, kind))
    assert hand_in(president, association, kind, now=timezone.now() + timedelta(days=370)).decision == "waiting"


def test_what_the_school_asks_for_again_is_not_accepted_by_itself(club, wanted, hand_in):
    association, president, *_ = club()
    kind = wanted()
    accept(hand_in(president, association, kind))
    assert ask(association, kind) == 1
    assert state(association) == ["missing"]
    assert hand_in(president, association, kind).decision == "waiting"


def ask(association, *kinds, due_on=None, actor=SCHOOL_SAYS, **fields):
    return asking.ask(
        actor=actor, association_ids=[association.pk], kind_ids=[kind.pk for kind in kinds], due_on=due_on,
        now=timezone.now(), **fields,
    )  # fmt: skip


def test_who_may_hand_in_read_and_decide(club, wanted, hand_in, student):
    association, president, treasurer, third = club()
    _other, stranger, *_rest = club(name="Ailleurs")
    kind = wanted()
    for user in (stranger, third, student(), auditor()):
        with pytest.raises((Forbidden, NotVisible)):
            hand_in(user, association, kind)
    version = hand_in(treasurer, association, kind)
    for user in (stranger, third, student()):
        with pytest.raises((Forbidden, NotVisible)):
            reading.read(actor=actor_for(user), version_id=version.pk, now=timezone.now())
    for user in (stranger, third, president, auditor()):
        with pytest.raises((Forbidden, NotVisible)):
            accept(version, actor=actor_for(user))
        with pytest.raises((Forbidden, NotVisible)):
            ask(association, kind, actor=actor_for(user))
    assert accept(version, actor=actor_for(admin())).decision == "accepted"
    assert reading.read(actor=actor_for(auditor()), version_id=version.pk, now=timezone.now()) == version


def test_a_frozen_board_still_hands_in_what_it_is_asked_for(club, wanted, hand_in):
    association, president, *_ = club()
    life.freeze(actor=SCHOOL_SAYS, association_id=association.pk, reason="Bilan manquant", now=timezone.now())
    assert hand_in(president, association, wanted()).number == 1


def test_too_much_is_refused_and_nothing_is_kept(club, wanted, hand_in):
    association, president, *_ = club()
    with pytest.raises(TooLarge):
        hand_in(president, association, wanted(), b"%PDF-" + b"0" * DOCUMENT.most_bytes)
    assert not Version.objects.exists() and not StoredFile.objects.filter(purpose=DOCUMENT.code).exists()


def test_overdue_begins_at_midnight_of_the_seat(club, wanted, lyon):
    lyon.time_zone = "Indian/Reunion"  # four hours ahead of UTC
    lyon.save()
    association, *_ = club()
    kind = wanted()
    Dossier.objects.create(association=association, kind=kind, due_on=date(2026, 11, 20), asked_at=NOV, asked_by="x")
    before, after = (datetime(2026, 11, 20, 19, 59, tzinfo=UTC), datetime(2026, 11, 20, 20, 0, tzinfo=UTC))
    assert [row.is_overdue for row in selectors.standings(association, before)] == [False]
    assert [row.is_overdue for row in selectors.standings(association, after)] == [True]


def test_boards_are_reminded_once_a_step(club, wanted):
    association, *_ = club()
    kind = wanted()
    today = timezone.localdate()
    ask(association, kind, due_on=today + timedelta(days=3))
    sent = []
    for days in (0, 1, 5, 6):
        reminding.remind(now=timezone.now() + timedelta(days=days))
        sent.append(mails("document_due"))
    assert sent == [2, 2, 4, 4], "president and treasurer: once before the day, once after it"


def test_a_request_needs_its_documents_before_it_is_sent(asked, wanted, hand_in):
    association, president, *_ = asked()
    kind = wanted(at_request=True)
    facts = {"actor": actor_for(president), "association_id": association.pk, "now": timezone.now()}
    with pytest.raises(NotEligible, match="Statuts"):
        requests.submit_request(**facts)
    hand_in(president, association, kind)
    assert requests.submit_request(**facts).status == "submitted"


def test_a_renewal_waits_for_documents_and_is_made_when_the_last_is_accepted(club, wanted, hand_in):
    association, president, treasurer, _third = club()
    kind = wanted()
    now = timezone.now()
    renewals.start_campaign(actor=SCHOOL_SAYS, name="2026", deadline=timezone.localdate() + timedelta(days=9), now=now)
    renewal = Renewal.objects.get()
    for user in (president, treasurer):
        renewals.confirm(actor=actor_for(user), renewal_id=renewal.pk, now=now)
    assert [one.text for one in renewals.missing(Renewal.objects.get(), now)] == ["Missing: Statuts"]
    accept(hand_in(president, association, kind))
    assert Renewal.objects.get().how == "unchanged"


def test_asking_many_shows_first_what_it_would_do(club, wanted, hand_in):
    one, president, *_ = club()
    two, *_ = club(name="Chorale")
    kind = wanted()
    accept(hand_in(president, one, kind))
    wish = {
        "actor": SCHOOL_SAYS, "association_ids": [one.pk, two.pk], "kind_ids": [kind.pk], "title": "Bilan carbone",
        "due_on": None, "now": timezone.now(),
    }  # fmt: skip
    plans = asking.preview(**wish)
    assert not Dossier.objects.filter(title="Bilan carbone").exists()
    assert {plan.association.name: plan.asks for plan in plans} == {
        "Ciné-club": ("Statuts", "Bilan carbone"), "Chorale": ("Statuts", "Bilan carbone"),
    }  # fmt: skip
    assert asking.ask(**wish) == 4
    assert asking.ask(**wish) == 0, "asked again for the same day, nothing changes"
    assert mails("document_asked") == 4
    with pytest.raises(Invalid):
        asking.ask(**{**wish, "kind_ids": [], "title": " "})


def test_the_pages_from_handing_in_to_the_table_of_oversight(club, wanted, as_person, lumiere):
    association, president, *_ = club()
    kind, yesterday = wanted(), timezone.localdate() - timedelta(days=1)
    asked_at = timezone.now() - timedelta(days=9)
    Dossier.objects.create(association=association, kind=kind, due_on=yesterday, asked_at=asked_at)
    board, school = as_person(president), as_person(admin())
    table = school.get("/associations/oversight/").content.decode()
    assert "Overdue: Statuts. Ask the board for it." in table
    path = f"/documents/associations/{association.pk}/"
    wrong = board.post(f"{path}handing-in/", {"of": kind.pk, "file": sent(b"<html>", "x.pdf")})
    assert wrong.status_code == 422 and "This is no PDF" in wrong.content.decode()
    assert board.post(f"{path}handing-in/", {"of": kind.pk, "file": sent(pdf())}).status_code == 302
    version = Version.objects.get()
    assert "Statuts.pdf" in school.get("/documents/").content.decode()
    taken = school.get(school.get(f"/documents/versions/{version.pk}/file/")["Location"])
    assert taken["Content-Disposition"].startswith("attachment") and "sandbox" in taken["Content-Security-Policy"]
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert b"".join(taken.streaming_content) == pdf()
    assert school.post(f"/documents/versions/{version.pk}/acceptance/").status_code == 302
    assert "Overdue: Statuts" not in school.get("/associations/oversight/").content.decode()
    seen = board.get(f"/associations/{association.pk}/workspace/").content.decode()
    assert "Documents" in seen
