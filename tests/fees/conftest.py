"""Associations with a board, and people signed in."""

from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.models import Membership
from apps.fees.models import Fee, Period
from apps.fees.services import joining, tiers
from apps.money.services import orders
from tests.associations.conftest import SCHOOL_SAYS, asked, club, lyon, student  # noqa: F401  # fixtures
from tests.conftest import client_for


@pytest.fixture
def at(lumiere):
    def sign_in(user, **options):
        user.locale = "en"
        user.save()
        browser = client_for(lumiere, **options)
        browser.force_login(user)
        return browser

    return sign_in


def tier_of(association, **values):
    """A fee on sale, for twenty-five euros unless said otherwise."""
    fields = {"name_fr": "Adhésion", "price": 2500, "period": Period.TWELVE_MONTHS, **values}
    now = fields.pop("now", None) or timezone.now()
    return tiers.create_tier(actor=SCHOOL_SAYS, association_id=association.pk, now=now, **fields)


def chosen(user, *of, accepted=(), now=None, key=""):
    """The fees that this person chose, with their orders."""
    made = joining.choose(
        actor=actor_for(user), tier_ids=[tier.pk for tier in of], accepted=accepted, now=now or timezone.now(),
        key=key or str(uuid4()),
    )  # fmt: skip
    return list(made.fees.select_related("order", "association", "tier", "user").order_by("association__name"))


def paid(fee, now=None):
    """Received by the treasurer; the fee as it is then."""
    orders.record_payment(
        actor=SCHOOL_SAYS, order_id=fee.order_id, method="cash", amount=fee.order.total, now=now or timezone.now()
    )
    return Fee.objects.select_related("tier", "association__seat", "user", "order").get(pk=fee.pk)


def member_of(association, user):
    return Membership.objects.filter(association=association, user=user).first()
