"""The card: its owner shows it, whoever scans it is told whether it is valid today, and nothing else."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.associations.services import life
from apps.fees import cards
from apps.fees.models import Fee
from apps.money.services import refunding
from apps.tenants.context import activated
from tests.associations.conftest import SCHOOL_SAYS
from tests.conftest import client_for
from tests.fees.conftest import chosen, paid, tier_of


def scanned(lumiere, fee):
    return client_for(lumiere).get(reverse("fees:check", args=[cards.token_of(fee)]))


def test_a_card_is_of_its_owner_and_says_nothing_about_them(lumiere, club, student, at):
    association = club(joining="fee")[0]
    user, other = student(), student()
    (held,) = chosen(user, tier_of(association))
    page = f"/fees/cards/{held.pk}/"
    assert at(user).get(page).status_code == 404  # not paid yet
    fee = paid(held)
    mine = at(user)
    assert "svg" in mine.get(page).content.decode()
    assert mine.get(f"/fees/cards/{fee.pk}.pdf").content.startswith(b"%PDF")
    assert at(other).get(page).status_code == 404 == at(other).get(f"/fees/cards/{fee.pk}.pdf").status_code
    answer = scanned(lumiere, fee)
    text = answer.content.decode()
    assert answer.status_code == 200 and "icon" in text and association.name in text
    assert user.family_name not in text and user.email not in text and str(user.pk) not in text


def test_what_ends_a_card(lumiere, club, student):
    association = club(joining="fee")[0]
    now = timezone.now()
    fee = paid(chosen(student(), tier_of(association, grace_days=3))[0])
    assert cards.is_valid(fee, now)
    assert cards.is_valid(fee, now + timedelta(days=367)) and not cards.is_valid(fee, now + timedelta(days=369))
    life.freeze(actor=SCHOOL_SAYS, association_id=association.pk, reason="Accounts", now=now)
    fee = Fee.objects.select_related("association__seat", "user", "tier").get(pk=fee.pk)
    assert not cards.is_valid(fee, now)
    life.unfreeze(actor=SCHOOL_SAYS, association_id=association.pk, now=now)
    refunding.refund_order(actor=SCHOOL_SAYS, order_id=fee.order_id, seen=0, reason="", now=now)
    assert not cards.is_valid(cards.read(cards.token_of(fee)), now)


def test_a_link_that_was_changed_or_is_of_another_school_is_none(lumiere, curie, club, student):
    fee = paid(chosen(student(), tier_of(club(joining="fee")[0]))[0])
    token = cards.token_of(fee)
    assert cards.read(token).pk == fee.pk
    assert cards.read(f"{token}x") is None and cards.read("x") is None
    with activated(curie):
        assert cards.read(token) is None
    assert client_for(lumiere).get("/fees/check/nothing/").status_code == 404
