"""On a school's host, below /fees/."""

from django.urls import path

from apps.core.web import public, requires, signed_in

from .permissions import ASSOCIATIONS_VIEW, MEMBERS_MANAGE, MONEY_MANAGE, WORKSPACE
from .views import board, card, joining

joins, sees, manages, admits = (requires(one) for one in (ASSOCIATIONS_VIEW, WORKSPACE, MONEY_MANAGE, MEMBERS_MANAGE))
oneself = signed_in("one's own memberships and cards")
scans = public("the signed link of a card is the proof; it says whether the card is valid today and nothing else")
HERE = "associations/<uuid:association_id>/"

app_name = "fees"
urlpatterns = [
    path("", joins(joining.mine), name="mine"),
    path("choice/", joins(joining.choose), name="choose"),
    path("orders/<uuid:checkout_id>/", oneself(joining.checkout), name="checkout"),
    path("cards/<uuid:fee_id>/", oneself(card.card), name="card"),
    path("cards/<uuid:fee_id>.pdf", oneself(card.card_pdf), name="card_pdf"),
    path("check/<str:token>/", scans(card.check), name="check"),
    path(f"{HERE}members/", sees(board.members), name="members"),
    path(f"{HERE}statistics/", sees(board.statistics), name="statistics"),
    path(f"{HERE}reminders/", sees(board.reminders), name="reminders"),
    path(f"{HERE}charters/", sees(board.charters), name="charters"),
    path(f"{HERE}import/", admits(board.take_over), name="import"),
    path(f"{HERE}tiers/", sees(board.tiers), name="tiers"),
    path(f"{HERE}tiers/new/", manages(board.tier_new), name="tier_new"),
    path(f"{HERE}desk/", manages(board.desk), name="desk"),
    path("tiers/<uuid:tier_id>/", manages(board.tier_edit), name="tier"),
    path("tiers/<uuid:tier_id>/archive/", manages(board.tier_archive), name="tier_archive"),
]
