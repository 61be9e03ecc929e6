"""From an idea to an approved association (ASC-1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations import eligibility
from apps.associations.models import Association, Founder, Mandate, Membership, RequestEvent
from apps.associations.selectors import today_at
from apps.associations.services import common, requests
from apps.associations.terms import shown_status
from apps.audit.models import AuditEvent
from apps.campuses.models import CampusMembership
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.notifications.models import CommunicationLog
from tests.associations.conftest import FAR, SCHOOL_SAYS, WORDS, agree
from tests.people import admin, person


def submit(association, user):
    return requests.submit_request(actor=actor_for(user), association_id=association.pk, now=timezone.now())


def approve(association, actor=SCHOOL_SAYS, **days):
    today = timezone.localdate()
    facts = {"starts_on": today, "ends_on": today + FAR, **days}
    return requests.approve_request(actor=actor, association_id=association.pk, now=timezone.now(), **facts)


def test_from_a_draft_to_a_board(asked):
    association, president, treasurer, third = asked()
    assert (association.status, association.slug) == ("draft", "cine-club")
    submit(association, president)
    boss = admin()
    approve(association, actor_for(boss))
    association.refresh_from_db()
    assert shown_status(association.status, association.opens_on, today_at(association, timezone.now())) == "active"
    held = {m.office.code: m.user for m in Mandate.objects.select_related("office", "user")}
    assert held == {"president": president, "treasurer": treasurer}
    assert set(Membership.objects.values_list("user_id", flat=True)) == {president.pk, treasurer.pk, third.pk}
    steps = list(RequestEvent.objects.order_by("id").values_list("step", flat=True))
    assert steps == ["started", "submitted", "approved"]
    assert AuditEvent.objects.filter(act="association.approved", actor_id=boss.pk).count() == 1


def test_approved_becomes_active_on_the_day_the_first_mandate_begins(asked):
    association, president, *_ = asked()
    submit(association, president)
    today = timezone.localdate()
    approve(association, starts_on=today + timedelta(days=10))
    association.refresh_from_db()
    on = {
        days: shown_status(association.status, association.opens_on, today + timedelta(days=days)) for days in (9, 10)
    }
    assert on == {9: "approved", 10: "active"}
    assert not any(held.scope.kind == "association" for held in actor_for(president).held)


def test_founders_agree_by_themselves(asked):
    association, president, treasurer, third = asked(agreed=False)
    assert set(Founder.objects.filter(accepted_at=None).values_list("user_id", flat=True)) == {treasurer.pk, third.pk}
    with pytest.raises(requests.NotEligible, match="2 founders have not agreed yet"):
        submit(association, president)
    with pytest.raises(NotVisible):
        agree(association, person())
    agree(association, treasurer)
    requests.answer_founding(actor=actor_for(third), association_id=association.pk, agree=False, now=timezone.now())
    with pytest.raises(requests.NotEligible, match="1 member short"):
        submit(association, president)
    told = CommunicationLog.objects.filter(template="association_founder", unread=True)
    assert set(told.values_list("user_id", flat=True)) == {treasurer.pk, third.pk}


def test_whoever_is_given_another_office_agrees_anew(asked):
    association, president, treasurer, third = asked()
    requests.change_request(
        actor=actor_for(president), association_id=association.pk, now=timezone.now(),
        founders=[(president.email, "president"), (third.email, "treasurer"), (treasurer.email, "")],
    )  # fmt: skip
    waiting = Founder.objects.filter(association=association, accepted_at=None)
    assert set(waiting.values_list("user_id", flat=True)) == {treasurer.pk, third.pk}


def test_eligibility_is_said_in_one_sentence(student, lyon):
    president, stranger = student(), person()
    checks = requests.checks_of_named(
        [(president.email, "president"), (stranger.email, "treasurer")], asker=president.pk, now=timezone.now()
    )
    assert eligibility.sentence(checks) == "1 member short; the treasurer is not enrolled."
    unknown = requests.checks_of_named(
        [("nobody@lumiere.example", "treasurer")], asker=president.pk, now=timezone.now()
    )
    assert "the treasurer is not enrolled" in eligibility.sentence(unknown), "nobody learns who has an account"


def test_a_rule_turns_red_the_day_it_stops_being_true(club):
    association, president, treasurer, third = club()

    def faults():
        found = eligibility.of_associations([association], {association.pk: timezone.localdate()})
        return [check.code for check in found[association.pk] if not check.ok]

    assert faults() == []
    CampusMembership.objects.filter(user=treasurer).update(state="ended")
    assert faults() == ["treasurer"]
    CampusMembership.objects.filter(user=third).update(state="ended")
    assert faults() == ["treasurer", "enrolled"]


def test_the_school_asks_for_changes_and_refuses_with_words(asked):
    association, president, *_ = asked()
    with pytest.raises(NotVisible):
        requests.refuse_request(actor=SCHOOL_SAYS, association_id=association.pk, text="No", now=timezone.now())
    submit(association, president)
    with pytest.raises(common.WrongState):
        requests.change_request(
            actor=actor_for(president), association_id=association.pk, now=timezone.now(), purpose="Autre"
        )
    with pytest.raises(Invalid):
        requests.request_changes(actor=SCHOOL_SAYS, association_id=association.pk, text=" ", now=timezone.now())
    for _twice in range(2):
        requests.request_changes(
            actor=SCHOOL_SAYS, association_id=association.pk, text="Add the statutes", now=timezone.now()
        )
    assert RequestEvent.objects.filter(step="changes").count() == 1
    assert CommunicationLog.objects.filter(template="association_request_moved", user_id=president.pk).exists()
    requests.change_request(
        actor=actor_for(president), association_id=association.pk, now=timezone.now(), purpose="Voir et montrer"
    )
    submit(association, president)
    requests.refuse_request(actor=SCHOOL_SAYS, association_id=association.pk, text="No room", now=timezone.now())
    association.refresh_from_db()
    assert (association.status, association.purpose) == ("refused", "Voir et montrer")


def test_who_may_decide_and_who_may_see(asked, student):
    association, president, *_ = asked()
    submit(association, president)
    with pytest.raises(Forbidden):
        approve(association, actor_for(president))
    with pytest.raises(NotVisible):
        approve(association, actor_for(student()))
    with pytest.raises(Forbidden):
        requests.start_request(actor=actor_for(person()), now=timezone.now(), **WORDS)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", "cINÉ-CLUB"), ("name", " "), ("purpose", ""), ("kind", "sect"), ("rna", "W12"), ("siret", "123"),
        ("siret", "73282932000075"), ("visibility", "promotion"), ("joining", "never"),
    ],
)  # fmt: skip
def test_faults_stand_beside_their_field(asked, student, field, given):
    asked()
    with pytest.raises(Invalid) as refused:
        requests.start_request(
            actor=actor_for(student()), now=timezone.now(), **{**WORDS, "name": "Another", field: given}
        )
    assert set(refused.value.fields) == {"promotion_id" if given == "promotion" else field}
    assert Association.objects.count() == 1


def test_numbers_of_the_state_are_kept_without_spaces(student):
    made = requests.start_request(
        actor=actor_for(student()), now=timezone.now(), **WORDS, rna="w 751 234 567", siret="732 829 320 00074"
    )
    assert (made.rna, made.siret) == ("W751234567", "73282932000074")


def test_approving_needs_the_rules_at_that_moment(asked):
    association, president, treasurer, _third = asked()
    submit(association, president)
    CampusMembership.objects.filter(user=treasurer).update(state="ended")
    with pytest.raises(requests.NotEligible, match="treasurer is not enrolled"):
        approve(association)
    assert not Mandate.objects.exists()
