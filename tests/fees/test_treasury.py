"""An association has a treasury, and its board the rights of money while it holds them."""

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations import treasury
from apps.associations.services import life
from apps.core.errors import Forbidden
from apps.money.models import Treasury
from apps.money.permissions import MONEY_MANAGE, MONEY_REFUND, MONEY_VIEW
from apps.money.services import orders
from apps.money.services.orders import Line
from tests.associations.conftest import SCHOOL_SAYS


def test_the_treasurer_opens_it_and_sells(at, club):
    association, president, treasurer, third = club(rna="W751234567")
    page = f"/associations/{association.pk}/money/"
    browser = at(treasurer)
    assert page in browser.get(f"/associations/{association.pk}/").content.decode()
    assert "Open the account" in browser.get(page).content.decode()
    opened = browser.post(page)
    row = Treasury.objects.get(holder_id=association.pk)
    assert opened["Location"] == f"/money/{row.pk}/" == browser.get(page)["Location"]
    assert association.name in browser.get(f"/money/{row.pk}/").content.decode()
    order = orders.create_order(
        actor=actor_for(president), treasury_id=row.pk, lines=[Line("Affiche", 500)], buyer_name="Zoé",
        now=timezone.now(),
    )  # fmt: skip
    orders.record_payment(
        actor=actor_for(treasurer), order_id=order.pk, method="cash", amount=500, now=timezone.now()
    )  # fmt: skip
    assert order.documents.get().content["legal"] == ["RNA W751234567"]
    assert at(third).get(f"/money/{row.pk}/").status_code in (403, 404)
    assert at(third).get(page).status_code == 403


def test_one_treasurer_sees_nothing_of_another_association(at, club):
    mine, _president, treasurer, _third = club()
    other, _president, _treasurer, _third = club(name="Chorale")
    row = treasury.treasury_of(actor=SCHOOL_SAYS, association_id=other.pk, now=timezone.now())
    assert at(treasurer).get(f"/money/{row.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        treasury.open_treasury(actor=actor_for(treasurer), association_id=other.pk, now=timezone.now())
    assert MONEY_VIEW.allows(actor_for(treasurer), treasury.scope_of(mine.pk))


def test_nobody_of_a_frozen_board_touches_money(club):
    association, president, treasurer, _third = club()
    scope = treasury.scope_of(association.pk)
    assert all(MONEY_MANAGE.allows(actor_for(one), scope) for one in (president, treasurer))
    life.freeze(actor=SCHOOL_SAYS, association_id=association.pk, reason="Accounts missing", now=timezone.now())
    for permission in (MONEY_MANAGE, MONEY_REFUND):
        assert not any(permission.allows(actor_for(one), scope) for one in (president, treasurer))
