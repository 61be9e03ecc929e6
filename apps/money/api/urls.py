"""Below /api/v1/ on a school's host."""

from django.urls import path

from . import money

app_name = "money_api"
urlpatterns = [
    path("treasuries", money.treasury_list, name="treasuries"),
    path("treasuries/<uuid:treasury_id>", money.treasury, name="treasury"),
    path("treasuries/<uuid:treasury_id>/balances", money.balances, name="balances"),
    path("treasuries/<uuid:treasury_id>/freezing", money.freezing, name="freezing"),
    path("treasuries/<uuid:treasury_id>/release", money.release, name="release"),
    path("treasuries/<uuid:treasury_id>/moves", money.moves, name="moves"),
    path("treasuries/<uuid:treasury_id>/ledger", money.ledger, name="ledger"),
    path("treasuries/<uuid:treasury_id>/ledger/<int:sequence>/reversal", money.reversal, name="reversal"),
    path("treasuries/<uuid:treasury_id>/check", money.check, name="check"),
    path("treasuries/<uuid:treasury_id>/orders", money.orders, name="orders"),
    path("orders/<uuid:order_id>", money.order, name="order"),
    path("orders/<uuid:order_id>/payments", money.payments, name="payments"),
    path("orders/<uuid:order_id>/cancelling", money.cancelling, name="cancelling"),
    path("orders/<uuid:order_id>/refund", money.refund, name="refund"),
]
