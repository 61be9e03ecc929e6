"""Each step of the reminders is taken once, and says why it was not sent."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import actor_for
from apps.associations.models import Membership
from apps.associations.services import life, members
from apps.fees.models import Reminder
from apps.fees.services import reminding, tiers
from apps.money.services import refunding
from apps.notifications.models import CommunicationLog
from apps.notifications.services import preferences
from tests.associations.conftest import SCHOOL_SAYS
from tests.fees.conftest import chosen, paid, tier_of


@pytest.fixture
def fee(club, student):
    association = club(joining="fee")[0]
    return paid(chosen(student(), tier_of(association, remind_days=[-30, 0, 20], renewal_days=60))[0])


def at_end(fee, days):
    return timezone.now() + (fee.ends_on - timezone.localdate()) + timedelta(days=days)


def outcomes(fee):
    return dict(Reminder.objects.filter(fee=fee).values_list("step", "outcome"))


def letters():
    return CommunicationLog.objects.mail().filter(template="fee_renew").count()


def test_each_step_is_sent_once(fee):
    assert reminding.remind_all(now=at_end(fee, -31)) == {"sent": 0, "skipped": 0}
    for _again in range(3):
        reminding.remind_all(now=at_end(fee, -30))
    assert outcomes(fee) == {-30: "sent"} and letters() == 1
    reminding.remind_all(now=at_end(fee, 0))
    reminding.remind_all(now=at_end(fee, 20))
    reminding.remind_all(now=at_end(fee, 21))
    assert outcomes(fee) == {-30: "sent", 0: "sent", 20: "sent"} and letters() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(fee=fee, step=0, outcome="sent", at=timezone.now())


def test_a_step_that_was_slept_through_is_not_sent_beside_the_next(fee):
    reminding.remind_all(now=at_end(fee, 0))
    assert outcomes(fee) == {-30: "overtaken", 0: "sent"} and letters() == 1


def left(fee):
    membership = Membership.objects.get(association=fee.association, user=fee.user)
    members.remove(actor=SCHOOL_SAYS, membership_id=membership.pk, now=timezone.now())


def renewed(fee):
    now = at_end(fee, -40)
    paid(chosen(fee.user, fee.tier, now=now)[0], now=now)


def refunded(fee):
    refunding.refund_order(actor=SCHOOL_SAYS, order_id=fee.order_id, seen=0, reason="", now=timezone.now())


def opted_out(fee):
    off = {"email": "off", "in-app": "off"}
    preferences.change(actor=actor_for(fee.user), values={"fees": off})


def frozen(fee):
    life.freeze(actor=SCHOOL_SAYS, association_id=fee.association_id, reason="Accounts", now=timezone.now())


def inactive(fee):
    User.objects.filter(pk=fee.user_id).update(status=User.Status.DEPARTED)


def not_sold(fee):
    tiers.archive_tier(actor=SCHOOL_SAYS, tier_id=fee.tier_id, now=timezone.now())


@pytest.mark.parametrize("why", [left, renewed, refunded, opted_out, frozen, inactive, not_sold])
def test_the_reason_of_a_skip_is_kept(fee, why):
    why(fee)
    reminding.remind_all(now=at_end(fee, -30))
    assert outcomes(fee)[-30] == why.__name__ and letters() == 0
