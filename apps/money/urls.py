"""On a school's host, below /money/."""

from django.urls import path

from apps.core.web import requires, signed_in

from .permissions import MONEY_FREEZE, MONEY_MANAGE, MONEY_REFUND, MONEY_VIEW
from .views import ledger, orders, treasuries

sees, manages, refunds, freezes = (requires(one) for one in (MONEY_VIEW, MONEY_MANAGE, MONEY_REFUND, MONEY_FREEZE))
oneself = signed_in("one's own orders and receipts")

app_name = "money"
urlpatterns = [
    path("", sees(treasuries.home), name="home"),
    path("opening/", manages(treasuries.open_school), name="open"),
    path("mine/", oneself(orders.mine), name="mine"),
    path("documents/<uuid:document_id>/", oneself(orders.document), name="document"),
    path("orders/<uuid:order_id>/", sees(orders.order_detail), name="order"),
    path("orders/<uuid:order_id>/payment/", manages(orders.payment_record), name="record_payment"),
    path("orders/<uuid:order_id>/cancelling/", manages(orders.order_cancel), name="cancel"),
    path("orders/<uuid:order_id>/refund/", refunds(orders.order_refund), name="refund"),
    path("<uuid:treasury_id>/", sees(treasuries.treasury), name="treasury"),
    path("<uuid:treasury_id>/orders/", sees(orders.order_list), name="orders"),
    path("<uuid:treasury_id>/orders/new/", manages(orders.order_create), name="order_new"),
    path("<uuid:treasury_id>/ledger/", sees(ledger.ledger), name="ledger"),
    path("<uuid:treasury_id>/ledger/check/", manages(ledger.check), name="check"),
    path("<uuid:treasury_id>/ledger/<int:sequence>/correction/", manages(ledger.reverse_movement), name="reverse"),
    path("<uuid:treasury_id>/statement/", sees(ledger.statement), name="statement"),
    path("<uuid:treasury_id>/statement.pdf", sees(ledger.statement_pdf), name="statement_pdf"),
    path("<uuid:treasury_id>/moving/", manages(treasuries.move), name="move"),
    path("<uuid:treasury_id>/freezing/", freezes(treasuries.freeze), name="freeze"),
    path("<uuid:treasury_id>/release/", freezes(treasuries.unfreeze), name="unfreeze"),
]
