"""Two hundred people pay for the last ten places of a fee, all at once (real threads, real PostgreSQL)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations import treasury
from apps.associations.models import Membership
from apps.core.errors import DomainError
from apps.fees.models import Fee, State
from apps.fees.services import joining
from apps.money.models import Order, Treasury
from apps.money.services import orders
from apps.tenants.context import activated
from tests.associations.conftest import SCHOOL_SAYS
from tests.fees.conftest import tier_of

BUYERS, PLACES, AT_ONCE = 200, 10, 40


@pytest.fixture
def lumiere(new_school):
    """A school whose rows are committed, so that threads see them."""
    school = new_school()
    with activated(school):
        yield school


def test_the_last_ten_places_are_never_oversold(lumiere, club, student):
    association = club(joining="fee")[0]
    tier = tier_of(association, places=PLACES)
    actors = [actor_for(student()) for _number in range(BUYERS)]
    gate = Barrier(AT_ONCE)

    def buy(number):
        """Choose and pay; forty of them stand at the door together, five times."""
        try:
            with activated(lumiere):
                gate.wait(timeout=120)
                made = joining.choose(
                    actor=actors[number], tier_ids=[tier.pk], accepted=[], now=timezone.now(), key="wish"
                )
                fee = made.fees.get()
                orders.record_payment(
                    actor=SCHOOL_SAYS, order_id=fee.order_id, method="cash", amount=2500, now=timezone.now()
                )
                return "paid"
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(buy, range(BUYERS)))
    assert sorted(set(answers)) == ["fee-sold-out", "paid"]
    assert answers.count("paid") == PLACES
    assert Fee.objects.filter(tier=tier, state=State.PAID).count() == PLACES
    assert Order.objects.filter(purpose="membership").count() == PLACES
    assert Membership.objects.filter(association=association, source="fee").count() == PLACES


def test_ten_first_sales_at_once_open_one_treasury(lumiere, club):
    association = club()[0]

    def first_sale(_number):
        try:
            with activated(lumiere):
                return treasury.treasury_of(actor=SCHOOL_SAYS, association_id=association.pk, now=timezone.now()).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(first_sale, range(10)))
    assert len(found) == 1 == Treasury.objects.filter(holder_id=association.pk).count()
