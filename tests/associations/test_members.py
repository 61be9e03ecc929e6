"""Joining, asking, leaving, and what the board decides (ASC-5); who sees which association (ASC-9)."""

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Membership
from apps.associations.selectors import listed_associations, visible_associations
from apps.associations.services import common, life, members
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus, CampusMembership, Promotion
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.notifications.models import CommunicationLog
from apps.outgoing.models import OutgoingEvent, WebhookEndpoint
from tests.associations.conftest import SCHOOL_SAYS, state_of
from tests.people import admin, auditor, person


def join(association, user, words=""):
    return members.join(actor=actor_for(user), association_id=association.pk, words=words, now=timezone.now())


def test_free_joining_and_leaving(club, student):
    association, *_ = club(joining="free")
    camille = student()
    assert join(association, camille).pk == join(association, camille).pk
    assert state_of(association, camille) == "member"
    for _twice in range(2):
        members.leave(actor=actor_for(camille), association_id=association.pk, now=timezone.now())
    assert state_of(association, camille) == "left"
    join(association, camille)
    assert state_of(association, camille) == "member"
    acts = AuditEvent.objects.filter(actor_id=camille.pk).order_by("at").values_list("act", flat=True)
    assert list(acts) == ["association.joined", "association.left", "association.joined"]


def test_the_board_decides_and_is_told(club, student):
    association, president, treasurer, third = club(joining="approval")
    camille, other = student(), student()
    asked = join(association, camille, "J’aime le cinéma")
    refused = join(association, other)
    assert state_of(association, camille) == "pending"
    told = CommunicationLog.objects.filter(template="association_join_asked").values_list("user_id", flat=True)
    assert set(told) == {president.pk, treasurer.pk}
    with pytest.raises(Forbidden):
        members.admit(actor=actor_for(third), membership_id=asked.pk, now=timezone.now())
    with pytest.raises(Forbidden):
        members.admit(actor=actor_for(camille), membership_id=asked.pk, now=timezone.now())
    members.admit(actor=actor_for(treasurer), membership_id=asked.pk, now=timezone.now())
    members.refuse(actor=actor_for(president), membership_id=refused.pk, now=timezone.now())
    assert (state_of(association, camille), state_of(association, other)) == ("member", "refused")
    with pytest.raises(common.WrongState):
        members.admit(actor=actor_for(president), membership_id=refused.pk, now=timezone.now())
    mails = CommunicationLog.objects.filter(template="association_join_decided")
    assert set(mails.values_list("user_id", flat=True)) == {camille.pk, other.pk}


def test_closed_takes_only_whom_the_board_adds(club, student):
    association, president, *_ = club(joining="closed")
    camille = student()
    with pytest.raises(members.JoiningClosed):
        join(association, camille)
    facts = {"actor": actor_for(president), "association_id": association.pk, "now": timezone.now()}
    members.add_member(**facts, email=camille.email)
    assert state_of(association, camille) == "member"
    with pytest.raises(Invalid):
        members.add_member(**facts, email="nobody@lumiere.example")


def test_whoever_holds_an_office_stays_a_member(club):
    association, president, treasurer, _third = club()
    with pytest.raises(members.HoldsOffice):
        members.leave(actor=actor_for(president), association_id=association.pk, now=timezone.now())
    mine = Membership.objects.get(user=treasurer)
    with pytest.raises(members.HoldsOffice):
        members.remove(actor=actor_for(president), membership_id=mine.pk, now=timezone.now())


def test_nobody_joins_what_is_frozen_or_rests(club, student):
    association, president, *_ = club(joining="free")
    facts = {"actor": SCHOOL_SAYS, "association_id": association.pk, "now": timezone.now()}
    life.freeze(**facts, reason="Accounts")
    with pytest.raises(common.IsFrozen):
        join(association, student())
    with pytest.raises(common.IsFrozen):
        members.add_member(
            actor=actor_for(president), association_id=association.pk, email=person().email, now=timezone.now()
        )
    life.unfreeze(**facts)
    life.make_dormant(**facts, reason="Summer")
    with pytest.raises(NotVisible):
        join(association, student())


def test_a_board_does_not_reach_into_another_association(club, student):
    _mine, president, *_ = club()
    other, *_rest = club(name="Autre")
    asked = join(other, student())
    for act in (members.admit, members.refuse, members.remove):
        with pytest.raises(Forbidden):
            act(actor=actor_for(president), membership_id=asked.pk, now=timezone.now())


def test_joining_is_told_to_programs(club, student):
    association, *_ = club(joining="free")
    WebhookEndpoint.objects.create(name="x", url="https://example.org/", kinds=["member.joined", "association.frozen"])
    camille = student()
    join(association, camille)
    life.freeze(actor=SCHOOL_SAYS, association_id=association.pk, reason="x", now=timezone.now())
    told = list(OutgoingEvent.objects.order_by("pk"))
    assert [one.kind for one in told] == ["member.joined", "association.frozen"]
    assert told[0].data["user"]["email"] == camille.email and told[0].person_id == camille.pk
    assert (told[0].data["association"]["slug"], told[1].data["frozen"]) == ("cine-club", True)


# --- who sees it -----------------------------------------------------------------------------------------


def sees(user, association) -> bool:
    rows = visible_associations(actor=actor_for(user), now=timezone.now())
    return rows.filter(pk=association.pk).exists()


@pytest.fixture
def people(student, lyon):
    """Somebody at each distance from an association with its seat in Lyon."""
    far, second = Campus.objects.create(name="Lille", code="LIL"), Promotion.objects.create(name="B2")
    elsewhere, here, of_year = person(), student(), student()
    now = timezone.now()
    CampusMembership.objects.create(
        user=elsewhere, campus=far, state="active", source="manual", cause="admin", first_seen_at=now, last_seen_at=now
    )
    CampusMembership.objects.filter(user=of_year).update(promotion=second)
    return {"elsewhere": elsewhere, "here": here, "of the year": of_year, "auditor": auditor()}, second


LEVELS = {
    "public": {"elsewhere", "here", "of the year", "auditor", "member", "board"},
    "school": {"elsewhere", "here", "of the year", "auditor", "member", "board"},
    "campus": {"here", "of the year", "auditor", "member", "board"},
    "promotion": {"of the year", "auditor", "member", "board"},
    "members": {"auditor", "member", "board"},
    "board": {"auditor", "member", "board"},
}


@pytest.mark.parametrize("level", LEVELS)
def test_levels_of_visibility(club, people, level):
    distances, second = people
    association, president, _treasurer, third = club()
    Association.objects.update(visibility=level, promotion=second)
    everybody = {**distances, "member": third, "board": president}
    assert {name for name, user in everybody.items() if sees(user, association)} == LEVELS[level]


def test_drafts_are_the_founders_affair(asked, student):
    association, president, treasurer, _third = asked()
    assert sees(president, association) and sees(treasurer, association)
    assert not any(sees(user, association) for user in (student(), auditor(), admin()))


def test_the_directory_lists_what_is_active(club, asked, student):
    association, *_ = club()
    asked(name="Brouillon")
    resting, *_rest = club(name="Dort")
    life.make_dormant(actor=SCHOOL_SAYS, association_id=resting.pk, reason="x", now=timezone.now())
    listed = listed_associations(actor=actor_for(student()), now=timezone.now())
    assert [(one.name, one.member_count) for one in listed] == [(association.name, 3)]
