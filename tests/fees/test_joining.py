"""Fees: what is on sale to whom, choosing, paying, and what follows for the membership."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.models import Association, MembershipState
from apps.associations.selectors import members_of, today_at
from apps.associations.services import members
from apps.campuses.models import Campus, CampusMembership, Promotion
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.fees import selectors
from apps.fees.errors import HasMembers, NotEligible, SoldOut
from apps.fees.models import Acceptance, CharterVersion, Fee, Period, State
from apps.fees.services import importing, joining, tiers
from apps.fees.terms import period_of
from apps.money.services import orders, refunding
from tests.associations.conftest import SCHOOL_SAYS
from tests.fees.conftest import chosen, member_of, paid, tier_of

DAY = timedelta(days=1)


def why_not(tier, user):
    found = selectors.offers_of(tier.association, user_id=user.pk, now=timezone.now())
    return next(offer.why_not for offer in found if offer.tier.pk == tier.pk)


def test_the_days_of_a_period():
    assert period_of(Period.SCHOOL_YEAR, date(2026, 11, 27)) == (date(2026, 9, 1), date(2027, 9, 1))
    assert period_of(Period.SCHOOL_YEAR, date(2027, 8, 31)) == (date(2026, 9, 1), date(2027, 9, 1))
    assert period_of(Period.SCHOOL_YEAR, date(2027, 9, 1)) == (date(2027, 9, 1), date(2028, 9, 1))
    assert period_of(Period.SEMESTER, date(2027, 1, 31)) == (date(2026, 9, 1), date(2027, 2, 1))
    assert period_of(Period.SEMESTER, date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 9, 1))
    assert period_of(Period.TWELVE_MONTHS, date(2028, 2, 29)) == (date(2028, 2, 29), date(2029, 3, 1))


def test_choosing_holds_a_place_and_paying_makes_a_member(club, student):
    association, _p, _t, _third = club(joining="fee")
    user, now = student(), timezone.now()
    tier = tier_of(association, grace_days=10)
    (fee,) = chosen(user, tier, key="once")
    assert (fee.state, fee.order.total, fee.order.purpose) == (State.HELD, 2500, "membership")
    assert member_of(association, user) is None
    assert chosen(user, tier, key="once")[0].pk == fee.pk  # sent twice
    with pytest.raises(NotEligible, match="pay it"):
        chosen(user, tier)
    fee = paid(fee)
    row = member_of(association, user)
    assert (fee.state, row.state, row.source) == (State.PAID, MembershipState.MEMBER, "fee")
    assert row.until == fee.ends_on + 10 * DAY == fee.until
    today = today_at(association, now)
    assert row.lasts(today) and row.lasts(row.until - DAY) and not row.lasts(row.until)
    assert fee.order.documents.count() == 1


def test_a_membership_by_fee_ends_by_its_date_alone(club, student, at):
    association, _p, _t, _third = club(joining="fee")
    user, then = student(), timezone.now() - timedelta(days=400)
    Association.objects.filter(pk=association.pk).update(opens_on=then.date() - DAY)
    tier = tier_of(association, now=then, grace_days=5)
    fee = paid(chosen(user, tier, now=then)[0], now=then)
    assert member_of(association, user).state == MembershipState.MEMBER  # nobody wrote anything
    assert user not in [row.user for row in members_of(association)]
    assert user in [row.user for row in members_of(association, state="left")]
    assert "Join" in at(user).get(f"/associations/{association.pk}/").content.decode()
    assert fee.until < timezone.localdate()


def test_who_is_a_member_without_an_end_stays_one(club):
    association, president, _t, _third = club()
    fee = paid(chosen(president, tier_of(association))[0])
    refunding.refund_order(actor=SCHOOL_SAYS, order_id=fee.order_id, seen=0, reason="", now=timezone.now())
    assert member_of(association, president).until is None
    assert member_of(association, president).lasts(timezone.localdate())


def test_free_of_charge_is_paid_at_once(club, student):
    association = club(joining="fee")[0]
    user = student()
    (fee,) = chosen(user, tier_of(association, price=0))
    assert Fee.objects.get(pk=fee.pk).state == State.PAID
    assert member_of(association, user).lasts(timezone.localdate())


def test_given_back_whole_it_ends_and_in_part_it_stays(club, student):
    association = club(joining="fee")[0]
    user, now = student(), timezone.now()
    fee = paid(chosen(user, tier_of(association))[0])
    refunding.refund_order(actor=SCHOOL_SAYS, order_id=fee.order_id, seen=0, amount=500, reason="", now=now)
    assert member_of(association, user).lasts(timezone.localdate())
    refunding.refund_order(actor=SCHOOL_SAYS, order_id=fee.order_id, seen=500, reason="", now=now)
    assert Fee.objects.get(pk=fee.pk).state == State.REFUNDED
    assert not member_of(association, user).lasts(today_at(association, now))
    chosen(user, tier_of(association, name_fr="Encore"))  # and may join again


def test_not_paid_in_time_the_place_is_free_and_a_late_payment_goes_back(club, student):
    association = club(joining="fee")[0]
    first, second, now = student(), student(), timezone.now()
    tier = tier_of(association, places=1)
    (late,) = chosen(first, tier)
    with pytest.raises(SoldOut):
        chosen(second, tier)
    after = now + timedelta(hours=1)
    assert orders.expire_order(actor=SCHOOL_SAYS, order_id=late.order_id, now=after)
    assert Fee.objects.get(pk=late.pk).state == State.RELEASED
    paid(chosen(second, tier, now=after)[0], now=after)
    handler = joining_handler()
    late.order.refresh_from_db()
    assert handler.paid(order=late.order, now=after) is False  # there is no place: the money goes back
    assert Fee.objects.filter(tier=tier, state=State.PAID).count() == 1


def test_paid_too_late_with_a_place_left_it_holds(club, student):
    association = club(joining="fee")[0]
    user, after = student(), timezone.now() + timedelta(days=2)
    (late,) = chosen(user, tier_of(association))
    assert orders.expire_order(actor=SCHOOL_SAYS, order_id=late.order_id, now=after)
    late.order.refresh_from_db()
    assert joining_handler().paid(order=late.order, now=after) is True
    assert member_of(association, user).lasts(timezone.localdate())


def joining_handler():
    from apps.money import purposes

    return purposes.REGISTRY["membership"].handler


def test_why_somebody_cannot_choose_a_fee(club, student, lyon):
    association, other = club()[0], club(name="Chorale")[0]
    user, today = student(), timezone.localdate()
    paris = Campus.objects.create(name="Paris", code="PAR")
    second = Promotion.objects.create(name="Deuxième année")
    assert why_not(tier_of(association, campuses=[lyon.pk]), user) == ""
    assert "Paris" in why_not(tier_of(association, campuses=[paris.pk]), user)
    years = tier_of(association, promotions=[second.pk])
    assert "Deuxième" in why_not(years, user)
    CampusMembership.objects.filter(user=user).update(promotion=second)
    assert why_not(years, user) == ""
    assert why_not(tier_of(association, roles=["member"]), user) == ""
    assert why_not(tier_of(association, roles=["staff"]), user)
    both = tier_of(association, members_of=[other.pk])
    assert "Chorale" in why_not(both, user)
    members.add_member(actor=SCHOOL_SAYS, association_id=other.pk, email=user.email, now=timezone.now())
    assert why_not(both, user) == ""
    assert why_not(tier_of(association, sold_from=today + DAY), user)
    assert why_not(tier_of(association, sold_until=today - DAY), user)
    assert why_not(tier_of(association, sold_until=today), user) == ""
    over = {"period": Period.FIXED, "starts_on": today - 9 * DAY}
    assert why_not(tier_of(association, **over, ends_on=today), user)
    assert why_not(tier_of(association, **over, ends_on=today + DAY), user) == ""


def test_renewing_within_its_window_goes_on_where_the_fee_ends(club, student):
    association = club(joining="fee")[0]
    user, now = student(), timezone.now()
    tier = tier_of(association, renewal_days=30)
    first = paid(chosen(user, tier)[0])
    with pytest.raises(NotEligible, match="until"):
        chosen(user, tier, now=now + timedelta(days=300))
    later = now + timedelta(days=350)
    (second,) = chosen(user, tier, now=later)
    assert second.starts_on == first.ends_on
    second = paid(second, now=later)
    assert member_of(association, user).until == second.until


def test_several_associations_at_once_are_one_order_each(club, student):
    one, two = club(joining="fee")[0], club(joining="fee", name="Chorale")[0]
    user = student()
    tiers_ = [tier_of(one), tier_of(two, price=1000)]
    first, second = chosen(user, *tiers_)
    assert first.checkout_id == second.checkout_id and first.order.treasury_id != second.order.treasury_id
    paid(first)
    assert Fee.objects.get(pk=second.pk).state == State.HELD
    other = student()
    Fee.objects.all().delete()
    tiers.change_tier(actor=SCHOOL_SAYS, tier_id=tiers_[1].pk, places=1, now=timezone.now())
    chosen(other, tiers_[1])
    with pytest.raises(SoldOut):  # all or nothing
        chosen(user, *tiers_)
    assert not Fee.objects.filter(user=user).exists()


def test_charters_are_accepted_by_version_and_never_change(club, student):
    association, president, _t, _third = club(joining="fee")
    publish = {"actor": actor_for(president), "association_id": association.pk, "name": "Charte", "now": timezone.now()}
    first = tiers.publish_charter(**publish, text_fr="Un.")
    assert tiers.publish_charter(**publish, text_fr="Un.").pk == first.pk
    tier = tier_of(association, charters=[first.charter_id])
    second = tiers.publish_charter(**publish, text_fr="Deux.", text_en="Two.")
    user = student()
    with pytest.raises(Invalid):
        chosen(user, tier)
    with pytest.raises(Invalid):
        chosen(user, tier, accepted=[first.pk])  # read before the text changed
    (fee,) = chosen(user, tier, accepted=[second.pk])
    assert [(one.version_id, one.how) for one in Acceptance.objects.filter(fee=fee)] == [(second.pk, "oneself")]
    with pytest.raises(DatabaseError), transaction.atomic():
        CharterVersion.objects.filter(pk=first.pk).update(text_fr="Autre chose.")


def test_at_the_desk(club, student):
    association, _p, treasurer, third = club(joining="fee")
    user, tier = student(), tier_of(association)
    wish = {"tier_id": tier.pk, "email": user.email, "method": "cash", "now": timezone.now(), "key": "a"}
    with pytest.raises(Forbidden):
        joining.sell_at_desk(actor=actor_for(third), **wish)
    fee = joining.sell_at_desk(actor=actor_for(treasurer), **wish)
    again = joining.sell_at_desk(actor=actor_for(treasurer), **wish)
    assert fee.pk == again.pk and fee.state == State.PAID and fee.order.payments.count() == 1
    assert member_of(association, user).lasts(timezone.localdate())
    held = chosen(student(email="zoe@lumiere.example"), tier)[0]
    with_key = {**wish, "email": "zoe@lumiere.example", "key": "b"}
    assert joining.sell_at_desk(actor=actor_for(treasurer), **with_key).pk == held.pk


def test_who_does_not_see_the_association_buys_nothing(club, student):
    association = club(joining="fee")[0]
    tier = tier_of(association)
    Association.objects.filter(pk=association.pk).update(visibility="board")
    with pytest.raises(NotVisible):
        chosen(student(), tier)


def test_the_period_of_a_paid_fee_stays(club, student):
    association, president, _t, _third = club(joining="fee")
    tier = tier_of(association)
    paid(chosen(student(), tier)[0])
    change = {"actor": actor_for(president), "tier_id": tier.pk, "now": timezone.now()}
    tiers.change_tier(**change, price=3000)
    with pytest.raises(HasMembers):
        tiers.change_tier(**change, period=Period.SEMESTER)


def test_a_list_is_looked_at_and_then_taken_over(club, student):
    association, president, _t, _third = club(joining="fee")
    one, two = student(), student()
    tier_of(association, name_fr="Annuelle", period=Period.SCHOOL_YEAR)
    lines = (
        "Email;Fee;From;Until",
        f"{one.email};annuelle;;",
        f"{two.email};Annuelle;2026-11-01;2027-01-31",
        f"{two.email};Annuelle;2026-11-01;2027-01-31",
        "nobody@lumiere.example;Annuelle;;",
        f"{president.email};Autre;;",
        f"{president.email};Annuelle;demain;",
    )
    wish = {"actor": actor_for(president), "association_id": association.pk, "text": "\n".join(lines)}
    rows = importing.preview(**wish, now=timezone.now())
    assert [bool(row.fault) for row in rows] == [False, False, True, True, True, True]
    assert not Fee.objects.exists()
    assert importing.take_over(**wish, now=timezone.now()) == 2
    assert importing.take_over(**wish, now=timezone.now()) == 0
    assert Fee.objects.get(user=two).ends_on == date(2027, 2, 1)
    assert member_of(association, one).source == "fee"
    with pytest.raises(Invalid):
        importing.preview(**{**wish, "text": "name\nx"}, now=timezone.now())


def test_statistics_count_what_is_paid(club, student):
    association, president, _t, _third = club(joining="fee")
    tier = tier_of(association)
    for _number in range(2):
        paid(chosen(student(), tier)[0])
    chosen(student(), tier)
    found = selectors.statistics(association, actor=actor_for(president), now=timezone.now())
    assert found.current == 2 and found.by_month[-1][1] == 2 and found.by_month[0][1] == 0
    assert found.by_campus == [("Lyon", 2)]
    assert [(count, money) for _tier, count, money in found.by_tier] == [(2, 5000)]
