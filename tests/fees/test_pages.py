"""The pages: choosing, paying, the board's pages; what they refuse and keep."""

import pytest
from django.utils import timezone

from apps.fees.models import Fee, State, Tier
from apps.fees.services import tiers
from tests.associations.conftest import SCHOOL_SAYS
from tests.fees.conftest import chosen, paid, tier_of


def text(answer):
    return answer.content.decode()


def test_from_the_first_fee_to_a_member_at_the_desk(club, student, at):
    association, _p, treasurer, _third = club(joining="fee")
    user, board = student(), at(treasurer)
    here = f"/fees/associations/{association.pk}"
    form = {
        "name_fr": "Adhésion annuelle", "price": "25.50", "period": "school_year", "renewal_days": "60",
        "grace_days": "30", "remind_days": "-30, 0, 30", "places": "10",
    }  # fmt: skip
    wrong = board.post(f"{here}/tiers/new/", {**form, "remind_days": "soon"})
    assert wrong.status_code == 422 and "Adhésion annuelle" in text(wrong)
    assert board.post(f"{here}/tiers/new/", form).status_code == 302
    tier = Tier.objects.get()
    assert (tier.price, tier.places, tier.remind_days) == (2550, 10, [-30, 0, 30])
    assert "Adhésion annuelle" in text(board.get(f"{here}/tiers/"))
    version = tiers.publish_charter(
        actor=SCHOOL_SAYS, association_id=association.pk, name="Charte", text_fr="Sage.", now=timezone.now()
    )
    board.post(f"/fees/tiers/{tier.pk}/", {**form, "charters": [str(version.charter_id)]})
    mine = at(user)
    assert "10 places left" in text(mine.get(f"/associations/{association.pk}/"))
    assert "Adhésion annuelle" in text(mine.get("/fees/"))
    assert "Sage." in text(mine.get(f"/fees/choice/?tier={tier.pk}"))
    choice = {"tier": str(tier.pk), "key": "k"}
    refused = mine.post("/fees/choice/", choice)
    assert refused.status_code == 422 and "accept" in text(refused)
    held = mine.post("/fees/choice/", {**choice, "accepted": str(version.pk)})
    fee = Fee.objects.get()
    assert held["Location"] == f"/fees/orders/{fee.checkout_id}/" and fee.state == State.HELD
    assert fee.order.reference in text(mine.get(held["Location"]))
    assert at(student()).get(held["Location"]).status_code == 404
    assert user.name in text(board.get(f"{here}/members/?when=held"))
    desk = {"email": user.email, "tier_id": str(tier.pk), "method": "cash", "key": "d", "signed": "on"}
    assert board.post(f"{here}/desk/", desk).status_code == 302
    assert Fee.objects.get().state == State.PAID
    assert user.name in text(board.get(f"{here}/members/"))


@pytest.mark.parametrize("name", ["members", "tiers", "charters", "reminders", "statistics"])
def test_inner_pages_are_for_the_board(name, club, student, at):
    association, _p, treasurer, third = club(joining="fee")
    paid(chosen(student(), tier_of(association))[0])
    page = f"/fees/associations/{association.pk}/{name}/"
    assert at(treasurer).get(page).status_code == 200
    assert at(third).get(page).status_code == 403


def test_only_who_manages_money_sets_fees_up(club, at):
    association, president, _t, third = club()
    page = f"/fees/associations/{association.pk}/tiers/new/"
    assert at(president).get(page).status_code == 200
    assert at(third).get(page).status_code == 403


def test_a_list_is_shown_before_it_is_taken_over(club, student, at):
    association, president, _t, _third = club(joining="fee")
    user, board = student(), at(president)
    tier_of(association)
    page = f"/fees/associations/{association.pk}/import/"
    wish = {"text": f"email,fee\n{user.email},Adhésion"}
    assert user.name in text(board.post(page, wish)) and not Fee.objects.exists()
    assert board.post(page, {"text": "x"}).status_code == 422
    assert board.post(page, {**wish, "confirmed": "yes"}).status_code == 302
    assert Fee.objects.get().source == "imported"
