"""What people decide about an event: replay (previewed), discard, take back, empty (INT-3, INT-3b)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.audit.models import AuditEvent
from apps.campuses.models import ApprovedDomain
from apps.core.errors import Forbidden, NotVisible
from apps.integrations.models import InboundEvent
from apps.integrations.services import deciding, draining, forgetting, rehearsing
from tests.integrations.senders import event, person
from tests.people import admin, auditor

State = InboundEvent.State


def now():
    return timezone.now()


@pytest.fixture
def boss(lumiere):
    return actor_for(admin(), surface="web")


@pytest.fixture
def given_up(sender) -> InboundEvent:
    """An event that a rule of the school refused: its domain is not approved."""
    sender.post(event("user.created", person(1, email="noe@elsewhere.example")))
    draining.drain()
    return InboundEvent.objects.get(state=State.DEAD)


def acts():
    return list(AuditEvent.objects.filter(act__startswith="integration.event").values_list("act", flat=True))


def approve_its_domain():
    ApprovedDomain.objects.create(domain="elsewhere.example", campus=ApprovedDomain.objects.get().campus)


def test_a_replay_is_shown_before_it_is_done_and_the_showing_changes_nothing(boss, given_up, people):
    approve_its_domain()
    said = rehearsing.rehearse_event(actor=boss, event_id=given_up.pk, now=now())
    assert (said.state, said.code, said.detail) == ("processed", "person-created", "Noé Numéro 1")
    given_up.refresh_from_db()
    assert given_up.state == State.DEAD and given_up.replays == 0
    assert not people() and not AuditEvent.objects.filter(act__startswith="person.").exists()


def test_a_rehearsal_says_what_would_fail_and_why(boss, given_up):
    said = rehearsing.rehearse_event(actor=boss, event_id=given_up.pk, now=now())
    assert said.state == "dead" and "elsewhere.example" in said.detail


def test_a_replayed_event_is_applied_and_its_history_stays(boss, given_up, people):
    approve_its_domain()
    deciding.replay_event(actor=boss, event_id=given_up.pk, now=now())
    put_back = InboundEvent.objects.get(pk=given_up.pk)
    assert (put_back.state, put_back.attempts, put_back.replays) == (State.WAITING, 0, 1)
    deciding.replay_event(actor=boss, event_id=given_up.pk, now=now())
    assert InboundEvent.objects.get(pk=given_up.pk).replays == 1, "asked twice, put back once"
    assert draining.drain() == 1
    put_back.refresh_from_db()
    assert (put_back.state, put_back.outcome) == (State.PROCESSED, "person-created")
    assert people()["P1"].email == "noe@elsewhere.example"
    told = AuditEvent.objects.get(act="integration.event_replayed")
    assert told.data["before"]["outcome"] == "invalid" and told.changes == {"state": ["dead", "waiting"]}


def test_an_applied_event_replayed_has_no_second_effect(boss, sender, people):
    sender.post(event("user.created", person(1)))
    draining.drain()
    known = InboundEvent.objects.get()
    assert rehearsing.rehearse_event(actor=boss, event_id=known.pk, now=now()).code == "nothing-to-change"
    deciding.replay_event(actor=boss, event_id=known.pk, now=now())
    draining.drain()
    known.refresh_from_db()
    assert (known.state, known.outcome) == (State.IGNORED, "nothing-to-change")
    assert User.objects.filter(external_id="P1").count() == 1


def test_what_waits_for_its_next_attempt_can_be_tried_at_once(boss, sender):
    sender.post(event("user.updated", {"external_id": "P1", "given_name": "Zoé"}))
    draining.drain()
    assert draining.drain() == 0
    waiting = InboundEvent.objects.get()
    assert waiting.due_at > now()
    deciding.replay_event(actor=boss, event_id=waiting.pk, now=now())
    waiting.refresh_from_db()
    assert waiting.due_at <= now() and waiting.attempts == 1 and waiting.replays == 0


def test_discarded_and_taken_back(boss, given_up):
    for _twice in range(2):
        deciding.discard_event(actor=boss, event_id=given_up.pk, now=now())
    given_up.refresh_from_db()
    assert given_up.state == State.DISCARDED and draining.drain() == 0
    for _twice in range(2):
        deciding.restore_event(actor=boss, event_id=given_up.pk, now=now())
    given_up.refresh_from_db()
    assert given_up.state == State.DEAD
    assert sorted(acts()) == ["integration.event_discarded", "integration.event_restored"]


def test_one_that_waits_is_not_applied_once_it_is_discarded_and_waits_again_when_taken_back(boss, sender, people):
    sender.post(event("user.created", person(1)))
    waiting = InboundEvent.objects.get()
    deciding.discard_event(actor=boss, event_id=waiting.pk, now=now())
    assert draining.drain() == 0 and not people()
    deciding.restore_event(actor=boss, event_id=waiting.pk, now=now())
    assert draining.drain() == 1 and set(people()) == {"P1"}


def test_one_that_was_applied_cannot_be_discarded_any_more(boss, sender):
    sender.post(event("user.created", person(1)))
    draining.drain()
    with pytest.raises(deciding.NotPossible):
        deciding.discard_event(actor=boss, event_id=InboundEvent.objects.get().pk, now=now())


def test_emptied_for_good_but_not_while_it_waits(boss, sender, given_up):
    sender.post({**event("user.created", person(1)), "id": given_up.event_id})
    given_up.refresh_from_db()
    assert given_up.conflict_body
    for _twice in range(2):
        deciding.expunge_event(actor=boss, event_id=given_up.pk, now=now())
    emptied = InboundEvent.objects.get(pk=given_up.pk)
    assert (emptied.body, emptied.conflict_body) == ("", "")
    assert emptied.body_hash == given_up.body_hash and emptied.expunged_at and emptied.outcome == "invalid"
    assert acts() == ["integration.event_expunged"]
    with pytest.raises(deciding.NotPossible):
        deciding.replay_event(actor=boss, event_id=given_up.pk, now=now())
    sender.post(event("user.created", person(2)))
    waiting = InboundEvent.objects.get(state=State.WAITING)
    with pytest.raises(deciding.NotPossible):
        deciding.expunge_event(actor=boss, event_id=waiting.pk, now=now())


def test_the_same_again_after_emptying_is_still_known(boss, sender):
    sent = event("user.created", person(1))
    sender.post(sent)
    draining.drain()
    deciding.expunge_event(actor=boss, event_id=InboundEvent.objects.get().pk, now=now())
    assert sender.post(sent).json()["status"] == "duplicate"
    assert sender.post({**sent, "data": person(9)}).json()["status"] == "conflict"


def test_looking_at_the_content_is_written_down(boss, given_up):
    shown = deciding.read_content(actor=boss, event_id=given_up.pk, now=now())
    assert json.loads(shown["body"])["data"]["email"] == "noe@elsewhere.example"
    assert acts() == ["integration.event_read"]


def test_a_contradiction_is_over_when_somebody_has_looked_until_the_next(boss, sender):
    sent = event("user.created", person(1))
    sender.post(sent)
    sender.post({**sent, "data": person(2)})
    known = InboundEvent.objects.get()
    assert known.is_in_conflict
    assert not deciding.settle_conflict(actor=boss, event_id=known.pk, now=now()).is_in_conflict
    sender.post({**sent, "data": person(3)})
    assert InboundEvent.objects.get().is_in_conflict


ACTS = [
    deciding.replay_event,
    deciding.discard_event,
    deciding.restore_event,
    deciding.expunge_event,
    deciding.settle_conflict,
    rehearsing.rehearse_event,
]


@pytest.mark.parametrize("act", ACTS)
def test_an_auditor_sees_and_decides_nothing(given_up, act):
    looker = actor_for(auditor(), surface="web")
    with pytest.raises(Forbidden):
        act(actor=looker, event_id=given_up.pk, now=now())


@pytest.mark.parametrize("act", [*ACTS, deciding.read_content])
def test_what_is_not_here_is_not_there(boss, act):
    with pytest.raises(NotVisible):
        act(actor=boss, event_id=12345, now=now())


def test_the_content_of_what_was_applied_goes_by_itself_after_some_days(sender, given_up):
    sender.post(event("user.created", person(2)))
    draining.drain()
    assert forgetting.forget(now=now() + timedelta(days=89)) == 0
    assert forgetting.forget(now=now() + timedelta(days=91)) == 1
    assert forgetting.forget(now=now() + timedelta(days=91)) == 0
    applied = InboundEvent.objects.get(state=State.PROCESSED)
    assert applied.body == "" and applied.expunged_at and applied.body_hash
    given_up.refresh_from_db()
    assert given_up.body, "what was given up keeps it, for a replay"
