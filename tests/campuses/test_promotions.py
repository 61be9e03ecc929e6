"""Promotions are an ordered list of the school; a last day takes the rights away by its date."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for
from apps.campuses.models import Campus, CampusMembership, MembershipEvent, Promotion
from apps.campuses.services import expiry, memberships, promotions
from apps.core.actor import Role
from apps.core.errors import Forbidden, Invalid
from tests.people import acting, admin, auditor, owner, person


@pytest.fixture
def lyon(lumiere):
    return Campus.objects.create(name="Lyon", code="LYO")


def create(name):
    return promotions.create_promotion(actor=acting(admin()), name=name, now=timezone.now())


def change(promotion, **fields):
    fields = {"name": promotion.name, "turn": "stay", "then_id": None, **fields}
    return promotions.change_promotion(actor=acting(admin()), promotion_id=promotion.pk, now=timezone.now(), **fields)


def names():
    return list(Promotion.objects.values_list("name", flat=True))


def test_promotions_are_added_at_the_end_and_moved_one_by_one(lumiere):
    first, second, third = create("B1"), create("B2"), create("B3")
    assert names() == ["B1", "B2", "B3"]
    promotions.move_promotion(actor=acting(admin()), promotion_id=third.pk, up=True, now=timezone.now())
    assert names() == ["B1", "B3", "B2"]
    promotions.move_promotion(actor=acting(admin()), promotion_id=first.pk, up=True, now=timezone.now())
    assert names() == ["B1", "B3", "B2"], "the first cannot move up"
    assert change(second, turn="move", then_id=first.pk).then == first


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "b1"])
def test_names_are_needed_and_unique_without_regard_to_case(lumiere, name):
    create("B1")
    with pytest.raises(Invalid):
        create(name)


def test_nobody_moves_into_the_promotion_they_come_from(lumiere):
    promotion = create("B1")
    with pytest.raises(Invalid):
        change(promotion, turn="move", then_id=promotion.pk)
    with pytest.raises(Invalid):
        change(promotion, turn="move", then_id=None)


def test_a_promotion_with_people_is_not_removed(lyon):
    promotion = create("B1")
    membership = memberships.add_member(
        actor=acting(owner()), user_id=person().pk, campus_id=lyon.pk, now=timezone.now()
    )
    CampusMembership.objects.filter(pk=membership.pk).update(promotion=promotion)
    with pytest.raises(promotions.PromotionInUse):
        promotions.remove_promotion(actor=acting(admin()), promotion_id=promotion.pk, now=timezone.now())
    CampusMembership.objects.filter(pk=membership.pk).update(promotion=None)
    promotions.remove_promotion(actor=acting(admin()), promotion_id=promotion.pk, now=timezone.now())
    assert names() == []


def test_only_who_manages_campuses_decides(lumiere):
    with pytest.raises(Forbidden):
        promotions.create_promotion(actor=acting(auditor()), name="B1", now=timezone.now())


def test_a_last_day_takes_the_rights_away_without_any_job(lyon):
    user, today = person(), school_day(timezone.now())
    membership = memberships.add_member(actor=acting(owner()), user_id=user.pk, campus_id=lyon.pk, now=timezone.now())
    CampusMembership.objects.filter(pk=membership.pk).update(ends_on=today)
    assert Role.MEMBER in actor_for(user).roles, "the last day counts"
    CampusMembership.objects.filter(pk=membership.pk).update(ends_on=today - timedelta(days=1))
    assert Role.MEMBER not in actor_for(user).roles


def test_the_rows_and_accounts_follow_later(lyon):
    leaves, stays = person(), admin()
    now, today = timezone.now(), school_day(timezone.now())
    for user in (leaves, stays):
        memberships.add_member(actor=acting(owner()), user_id=user.pk, campus_id=lyon.pk, now=now)
    CampusMembership.objects.update(ends_on=today)
    assert expiry.end_expired(now=now, today=today) == 0
    assert expiry.end_expired(now=now, today=today + timedelta(days=1)) == 2
    assert expiry.end_expired(now=now, today=today + timedelta(days=1)) == 0, "nothing is left"
    assert set(CampusMembership.objects.values_list("state", "cause")) == {("ended", "expired")}
    assert MembershipEvent.objects.filter(cause="expired").count() == 2
    leaves.refresh_from_db(), stays.refresh_from_db()
    assert leaves.status == User.Status.DEPARTED
    assert stays.status == User.Status.ACTIVE, "who holds a role keeps the account"


def test_who_is_restored_has_no_last_day_any_more(lyon):
    now = timezone.now()
    membership = memberships.add_member(actor=acting(owner()), user_id=person().pk, campus_id=lyon.pk, now=now)
    CampusMembership.objects.update(ends_on=school_day(timezone.now()))
    boss = acting(owner())
    memberships.end_membership(actor=boss, membership_id=membership.pk, now=now)
    assert memberships.restore_membership(actor=boss, membership_id=membership.pk, now=now).ends_on is None
